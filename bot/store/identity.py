"""When a key point is one that a server has heard before.

How alike two points must be depends on the server: where everybody talks of buses, every point on
buses is near every other. So a stored point is the same as a new one not by its cosine alone, but
by how much it stands out among the others that are near:

    certainty = cosine + (cosine - mean cosine of the RIVALS next likest points)

in which no rival counts as less than FLOOR, so that a small server's points are not all alike.
`identity.json` holds the bar, and the encoder for which it was chosen, as written by
`python -m benchmarks.identity --write`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.store.vectors import Matrix, Rows
from nlp.words import NEGATIONS, content_stems, negations, stem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SAME_WORDS = 0.5  # share of the content words of two headlines; costs no recall on the dev data
RIVALS = 3
FLOOR = 0.4  # cosine; looked up are the points of at least so much
LEAST_WORDS = 4  # content words of a claim; see `says_enough`
_NOT = {stem(word) for word in NEGATIONS}
CHOSEN = Path(__file__).with_name("identity.json")


@cache
def bar() -> float:
    """Give the least certainty at which two key points of one server are the same."""
    return float(json.loads(CHOSEN.read_text(encoding="utf-8"))["certainty"])


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

    The surest pairs are joined first. Two new points never become one known point (whoever mapped
    their thread told them apart), nor does a point become its denial. `taken` are known points that
    others of the same map already are; `least` is the least certainty, `bar()` unless given.
    """
    found: list[int | None] = [None] * len(rows)
    new, old, certain = likely(rows, known, bar() if least is None else least)
    used = set(taken)
    order = np.lexsort((known.ids[old], new, -certain))
    for i, j in zip(new[order].tolist(), old[order].tolist(), strict=True):
        point = int(known.ids[j])
        free = found[i] is None and point not in used
        if free and not denies(headlines[i], known.headlines[j]):
            found[i] = point
            used.add(point)
    return found


def likely(rows: Rows, known: Matrix, least: float) -> tuple[Ints, Ints, Floats]:
    """Give all pairs of a new row and a known point of at least a certainty, with it."""
    # no rival is under FLOOR: a cosine under this reaches the bar beside none
    near = known.near(rows, (least + FLOOR) / 2, beside=FLOOR)
    certain = np.empty(len(near.new))
    for i in np.unique(near.new):
        mine = np.nonzero(near.new == i)[0]
        certain[mine] = certainty(near.cosines[mine])
    high = certain >= least
    return near.new[high], near.known[high], certain[high]


def certainty(cosines: Floats) -> Floats:
    """Give the certainty of each of the points that are near a new one (all those over FLOOR)."""
    ranked = np.sort(np.concatenate([cosines, np.full(RIVALS + 1, FLOOR)]))[::-1]
    # the rivals of one of the first are the others of the first, of any else they are the first
    among = cosines >= ranked[RIVALS]
    rivals = ranked[: RIVALS + 1].sum() - np.where(among, cosines, ranked[RIVALS])
    return np.asarray(cosines + (cosines - rivals / RIVALS))
