"""When a key point is one that a server has heard before.

`identity.json` holds the bar, and the encoder for which it was chosen, as written by
`python -m benchmarks.identity --write`.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.store.vectors import Matrix, Rows

CHOSEN = Path(__file__).with_name("identity.json")


@cache
def bar() -> float:
    """Give the least cosine at which two key points of one server are the same."""
    return float(json.loads(CHOSEN.read_text(encoding="utf-8"))["cosine"])


def recognise(
    rows: Rows,
    negated: NDArray[np.bool_],
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
    likeness = known.likeness(rows)
    if not likeness.size:
        return found
    likeness = np.where(negated[:, None] == known.negated[None, :], likeness, -1.0)
    new, old = np.nonzero(likeness >= (bar() if least is None else least))
    used = set(taken)
    order = np.lexsort((known.ids[old], new, -likeness[new, old]))
    for i, j in zip(new[order].tolist(), old[order].tolist(), strict=True):
        point = int(known.ids[j])
        if found[i] is None and point not in used:
            found[i] = point
            used.add(point)
    return found
