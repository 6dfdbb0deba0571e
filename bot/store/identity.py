"""When a key point is one that a server has heard before.

`identity.json` holds the bar, and the encoder for which it was chosen, as written by
`python -m benchmarks.identity --write`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from bot.store.vectors import Matrix, Rows
from nlp.words import NEGATIONS, content_stems, negations, stem

SAME_WORDS = 0.5  # share of the content words of two headlines; costs no recall on the dev data
LEAST_WORDS = 4  # content words of a claim; see `says_enough`
_NOT = {stem(word) for word in NEGATIONS}
CHOSEN = Path(__file__).with_name("identity.json")


@cache
def bar() -> float:
    """Give the least cosine at which two key points of one server are the same."""
    return float(json.loads(CHOSEN.read_text(encoding="utf-8"))["cosine"])


def chosen_for() -> str:
    """Name the encoder for which the bar was chosen: the sha256 of its file, or its name."""
    return str(json.loads(CHOSEN.read_text(encoding="utf-8"))["encoder"])


def says_enough(texts: Sequence[str]) -> bool:
    """Tell whether one of a point's claims has enough words of its own to be known by them.

    "Works fine." is said of anything: outside its thread it is no point that could return.
    """
    return any(len(set(content_stems(text))) >= LEAST_WORDS for text in texts)


def denies(one: str, other: str) -> bool:
    """Tell whether two headlines are one statement and its denial: the same words, and a "not"."""
    if (negations(one) + negations(other)) % 2 == 0:
        return False
    first, second = (set(content_stems(text)) - _NOT for text in (one, other))
    return len(first & second) >= SAME_WORDS * len(first | second)


def recognise(
    rows: Rows,
    headlines: Sequence[str],
    known: Matrix,
    *,
    taken: Collection[int] = (),
    least: float | None = None,
) -> list[int | None]:
    """Give for each new key point the id of the known one that it repeats, or None.

    The likest pairs are joined first. Two new points never become one known point (whoever mapped
    their thread told them apart), nor does a point become its denial. `taken` are known points that
    others of the same map already are.
    """
    found: list[int | None] = [None] * len(rows)
    near = known.near(rows, bar() if least is None else least)
    used = set(taken)
    order = np.lexsort((known.ids[near.known], near.new, -near.cosines))
    for i, j in zip(near.new[order].tolist(), near.known[order].tolist(), strict=True):
        point = int(known.ids[j])
        free = found[i] is None and point not in used
        if free and not denies(headlines[i], known.headlines[j]):
            found[i] = point
            used.add(point)
    return found
