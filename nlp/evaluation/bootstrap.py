"""Confidence intervals by bootstrap: whole threads are drawn again, with replacement, seeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nlp.evaluation.metrics import Tally

Floats = NDArray[np.float64]
Item = TypeVar("Item")

TIMES = 1000
SEED = 7
TAILS = (2.5, 97.5)  # percentiles


def f1_interval(tallies: Sequence[Tally], name: str) -> tuple[float, float, float]:
    """Give F1 over all threads and the bounds of its 95 % interval; zeros where none is counted."""
    counts = np.array([[t.hits[name], t.guessed[name], t.gold[name]] for t in tallies], float)
    return _bounds(counts, lambda s: 2 * s[..., 0] / np.maximum(s[..., 1] + s[..., 2], 1e-9))


def precision_interval(tallies: Sequence[Tally], name: str) -> tuple[float, float, float]:
    """Give the share of guesses that are right, and the bounds of its 95 % interval."""
    counts = np.array([[t.hits[name], t.guessed[name]] for t in tallies], float)
    return _bounds(counts, lambda s: s[..., 0] / np.maximum(s[..., 1], 1e-9))


def mean_interval(tallies: Sequence[Tally], name: str) -> tuple[float, float, float]:
    """Give the mean of a figure over all its cases, and the bounds of its 95 % interval."""
    values = [t.means.get(name, []) for t in tallies]
    counts = np.array([[sum(v), len(v)] for v in values], float)
    return _bounds(counts, lambda s: s[..., 0] / np.maximum(s[..., 1], 1e-9))


def interval(
    items: Sequence[Item], figure: Callable[[Sequence[Item]], float], times: int = 300
) -> tuple[float, float, float]:
    """Give any figure of a list of threads (or topics), and the bounds of its 95 % interval."""
    rng = np.random.default_rng(SEED)
    drawn = [
        figure([items[i] for i in rng.integers(0, len(items), len(items))]) for _ in range(times)
    ]
    low, high = np.percentile(drawn, TAILS)
    return float(figure(items)), float(low), float(high)


def _bounds(counts: Floats, figure: Callable[[Floats], Floats]) -> tuple[float, float, float]:
    if not len(counts):
        return 0.0, 0.0, 0.0
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, len(counts), (TIMES, len(counts)))
    low, high = np.percentile(figure(counts[drawn].sum(1)), TAILS)
    return float(figure(counts.sum(0))), float(low), float(high)
