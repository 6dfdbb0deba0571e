"""All stored vectors at least so like a new one: the answers of the full product, at less cost.

The stored rows are turned so that the axes on which they differ most come first, and the first
few axes (the head) are kept apart as float32. For a row x and a new row q, by Cauchy-Schwarz,

    q·x  <=  head(q)·head(x) + |tail(q)| |tail(x)|

so that a row whose bound is under the bar is left out without looking at its tail. What remains is
finished from the rows as stored, each in the same way whatever else is asked: the answer does not
depend on the head. How long the head is follows from the rows and the bar, by trying lengths on a
sample. A product is made in blocks so small that BLAS takes one thread for it: several threads
wait for each other longer than the work takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Kept = NDArray[np.float16]

SMALL = 1_000  # rows of which the head is the whole row
SAMPLE = 2_000  # rows from which the axes and the length of the head are taken
PROBES = 48  # rows of the sample that play the new ones
LENGTHS = (32, 64, 96, 128, 160, 192, 256)
FINISHING = 12.0  # what a number of a row's rest costs, in numbers of the head
BLOCK = 1_000  # stored rows in one product
AT_ONCE = 16  # new rows looked up together: bounds the memory of their bounds
SLACK = 1e-4  # far over what rounding of float32 does to a bound
USUAL_BAR = 0.4  # for which the length of the head is chosen: see `bot.store.identity.FLOOR`


@dataclass(frozen=True, kw_only=True)
class Near:
    """Pairs of a new row and a stored one with their cosines, by new row, then by stored row."""

    new: NDArray[np.int64]
    known: NDArray[np.int64]
    cosines: NDArray[np.float64]


@dataclass(frozen=True)
class Nearest:
    """Stored rows, float16, with their heads; `axes` is None where the head is the whole row."""

    rows: Kept = field(default_factory=lambda: np.empty((0, 0), np.float16))
    axes: Floats | None = None
    heads: Floats = field(default_factory=lambda: np.empty((0, 0), np.float32))
    tails: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    built_for: int = 0

    @property
    def width(self) -> int:
        """The numbers of a row."""
        return int(self.rows.shape[1])

    @property
    def nbytes(self) -> int:
        """The memory that the rows and their heads take."""
        return self.rows.nbytes + self.heads.nbytes + self.tails.nbytes

    def merged(self, keep: NDArray[np.bool_], rows: Kept) -> Nearest:
        """Give the rows that are kept, then the others; the axes stay until the rows doubled."""
        every = np.concatenate([self.rows[keep], rows]) if keep.any() else rows
        if not keep.any() or len(every) > 2 * max(self.built_for, SMALL // 2):
            return build(every)
        heads, tails = _split(rows, self.axes)
        return Nearest(
            every,
            self.axes,
            np.concatenate([self.heads[keep], heads]),
            np.concatenate([self.tails[keep], tails]),
            self.built_for,
        )

    def near(self, new: Floats, least: float, *, beside: float | None = None) -> Near:
        """Give all pairs of at least a cosine; `new` are unit-length rows, shape (n, d).

        For a new row that has such a pair, `beside` asks for all its pairs of a lower cosine, too.
        """
        rest = least if beside is None else min(beside, least)
        found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        if len(self.rows) and new.shape[1:] == self.rows.shape[1:]:
            for low in range(0, len(new), AT_ONCE):
                some = new[low : low + AT_ONCE]
                for i, bounds in enumerate(self._bounds(some)):
                    known, cosines = self._reaching(bounds, some[i], least)
                    if len(known) and rest < least:
                        known, cosines = self._reaching(bounds, some[i], rest)
                    found.append((np.full(len(known), low + i, np.int64), known, cosines))
        if not found:
            none = np.empty(0, np.int64)
            return Near(new=none, known=none, cosines=np.empty(0))
        which, every, exact = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return Near(new=which, known=every, cosines=exact)

    def _bounds(self, new: Floats) -> Floats:
        """Give what the product of each new row and each stored one cannot exceed."""
        heads, tails = _split(new, self.axes)
        bounds = np.empty((len(new), len(self.heads)), np.float32)
        for low in range(0, len(self.heads), BLOCK):
            part = bounds[:, low : low + BLOCK]
            np.matmul(heads, self.heads[low : low + BLOCK].T, out=part)
            if self.axes is not None:
                part += np.outer(tails, self.tails[low : low + BLOCK])
        return bounds

    def _reaching(
        self, bounds: Floats, new: Floats, least: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Give the stored rows whose product with a new one reaches the bar, and the products."""
        bounded = np.nonzero(bounds >= least - SLACK)[0]
        rounded = [
            some[self.rows[some].astype(np.float32) @ new >= least - SLACK]
            for some in (bounded[low : low + BLOCK] for low in range(0, len(bounded), BLOCK))
        ]
        likely = np.concatenate([np.empty(0, np.int64), *rounded])
        cosines = products(self.rows[likely], new)
        return likely[cosines >= least], cosines[cosines >= least]


def build(rows: Kept, bar: float = USUAL_BAR) -> Nearest:
    """Make the heads of rows; `bar` is the cosine for which their length is chosen."""
    axes = None
    if len(rows) > SMALL:
        sample = rows[:: max(1, len(rows) // SAMPLE)][:SAMPLE].astype(np.float32)
        turned = np.linalg.eigh(sample.T @ sample)[1][:, ::-1].astype(np.float32)
        length = _length(sample @ turned, bar)
        axes = None if length == rows.shape[1] else np.ascontiguousarray(turned[:, :length])
    heads, tails = _split(rows, axes)
    return Nearest(rows, axes, heads, tails, len(rows))


def products(stored: Kept, new: Floats) -> NDArray[np.float64]:
    """Give the exact products of stored rows and one new row, each as if it were alone."""
    wanted = new.astype(np.float64)
    if not len(stored):
        return np.empty(0)
    return np.concatenate(
        [
            np.multiply(stored[low : low + BLOCK], wanted, dtype=np.float64).sum(1)
            for low in range(0, len(stored), BLOCK)
        ]
    )


def _split(rows: NDArray[np.floating], axes: Floats | None) -> tuple[Floats, Floats]:
    """Give the heads of rows, and how long what is beside the head can be."""
    if axes is None:
        return rows.astype(np.float32), np.zeros(len(rows), np.float32)
    heads = np.empty((len(rows), axes.shape[1]), np.float32)
    tails = np.empty(len(rows), np.float32)
    for low in range(0, len(rows), BLOCK):
        part = rows[low : low + BLOCK].astype(np.float32)
        heads[low : low + BLOCK] = head = part @ axes
        left = (part.astype(np.float64) ** 2).sum(1) - (head.astype(np.float64) ** 2).sum(1)
        tails[low : low + BLOCK] = np.sqrt(np.maximum(left, 0.0) + SLACK**2)
    return heads, tails


def _length(turned: Floats, bar: float) -> int:
    """Give the length of head with the least work for a look at the bar, tried on a sample."""
    probes = turned[:: max(1, len(turned) // PROBES)][:PROBES]
    width: int = turned.shape[1]
    best, least_work = width, float(width)
    for length in (n for n in LENGTHS if n < width):
        tails, asked = (
            np.sqrt(np.maximum((rows[:, length:] ** 2).sum(1), 0.0)) for rows in (turned, probes)
        )
        bounds = probes[:, :length] @ turned[:, :length].T + np.outer(asked, tails)
        work = length + float((bounds >= bar).mean()) * FINISHING * width
        if work < least_work:
            best, least_work = length, work
    return best
