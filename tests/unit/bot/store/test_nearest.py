"""The look-up gives what the full product gives, whatever the rows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.store.nearest import SMALL, Nearest, build, products
from bot.store.vectors import Matrix

Pairs = list[tuple[int, int, float]]


def unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    """Scale rows to unit length."""
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def rows_of(kind: str, count: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Invent rows: without any pattern, with few strong axes as texts have them, or all alike."""
    rows = rng.standard_normal((count, width))
    if kind == "texts":
        rows *= 1.0 / np.sqrt(np.arange(1, width + 1))
        rows += 0.05 * rng.standard_normal(width)
    elif kind == "crowds":
        rows = rows[rng.integers(0, min(20, count), count)] + 0.3 * rows
    elif kind == "alike":
        rows = rows[:1] + 1e-4 * rows
    return unit(rows)


def by_full_product(known: Nearest, new: NDArray[np.float32], least: float) -> Pairs:
    """Compare every new row with every stored one."""
    found: Pairs = []
    for i, row in enumerate(new):
        cosines = products(known.rows, row)
        found += [(i, j, float(cosines[j])) for j in np.nonzero(cosines >= least)[0].tolist()]
    return found


def pairs(
    known: Nearest, new: NDArray[np.float32], least: float, beside: float | None = None
) -> Pairs:
    """Give what the look-up gives, as plain values."""
    near = known.near(new, least, beside=beside)
    triples = zip(near.new.tolist(), near.known.tolist(), near.cosines.tolist(), strict=True)
    return list(triples)


@pytest.mark.parametrize("kind", ["noise", "texts", "crowds", "alike"])
@pytest.mark.parametrize("count", [1, SMALL, SMALL + 1, 2 * SMALL])
def test_the_answers_are_those_of_the_full_product(kind: str, count: int) -> None:
    """The same pairs with the same cosines, bit for bit, at every bar, one by one or together."""
    rng = np.random.default_rng(count)
    rows = rows_of(kind, count, 96, rng)
    known = build(rows.astype(np.float16))
    near_ones = unit(rows[rng.integers(0, count, 8)] + 0.08 * rng.standard_normal((8, 96)))
    new = np.concatenate([near_ones, rows[:2], rows_of("noise", 3, 96, rng)])
    exactly = float(products(known.rows[:1], rows[0])[0])  # a bar that one of them just meets
    for least in (0.2, 0.6, exactly):
        found = pairs(known, new, least)
        assert found == by_full_product(known, new, least)
        with_one = {i for i, _, _ in found}
        below = [p for p in by_full_product(known, new, least - 0.2) if p[0] in with_one]
        assert pairs(known, new, least, beside=least - 0.2) == below
        alone = [
            (i, j, c) for i in range(len(new)) for _, j, c in pairs(known, new[i : i + 1], least)
        ]
        assert alone == found


def test_texts_have_a_short_head_and_it_leaves_most_out() -> None:
    """Else the look-up is the full product under another name."""
    rng = np.random.default_rng(1)
    known = build(rows_of("texts", 4 * SMALL, 384, rng).astype(np.float16), 0.8)
    assert known.axes is not None
    assert known.axes.shape[1] <= 256
    assert known.nbytes < 4 * SMALL * 384 * 4
    new = rows_of("noise", 3, 384, rng)
    assert (known._bounds(new) >= 0.8).mean() < 0.02


def test_rows_that_are_added_and_replaced_are_looked_up() -> None:
    """In many small steps, over the size at which the head is made and over its making anew."""
    rng = np.random.default_rng(2)
    rows = rows_of("texts", 3 * SMALL, 96, rng)
    matrix = Matrix()
    held: dict[int, NDArray[np.float16]] = {}
    for step, low in enumerate(range(0, len(rows), 150)):
        some = rows[low : low + 150].astype(np.float16)
        again = rng.choice(sorted(held), 20, replace=False).tolist() if held else []
        anew = rows_of("texts", len(again), 96, rng).astype(np.float16)
        ids = [*range(low, low + len(some)), *again]
        added = np.concatenate([some, anew]) if again else some
        held |= dict(zip(ids, added, strict=True))
        matrix = matrix.merged(step, ids, added, [f"Point {i}" for i in ids])
        assert [str(name) for name in matrix.headlines] == [f"Point {i}" for i in matrix.ids]
        assert sorted(matrix.ids.tolist()) == sorted(held)
    order = matrix.ids.tolist()
    assert (matrix.nearest.rows == np.stack([held[i] for i in order])).all()
    assert pairs(matrix.nearest, rows[:30], 0.5) == by_full_product(matrix.nearest, rows[:30], 0.5)
    other = rows_of("noise", 5, 48, rng).astype(np.float16)
    assert matrix.merged(99, range(5), other, ["x"] * 5).ids.tolist() == list(range(5))
    assert pairs(matrix.nearest, unit(other), 0.0) == []
