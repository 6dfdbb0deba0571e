"""Vectors in the store, and the nearest of a server's key points to a new one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

CACHED_BYTES = 200_000_000  # of key points of servers in memory; the one not asked longest goes


def pack(row: NDArray[np.floating]) -> bytes:
    """Give a vector as float16 bytes, little-endian: 2 bytes a dimension."""
    return np.asarray(row, "<f2").tobytes()


def unpack(packed: Sequence[bytes]) -> Rows:
    """Give vectors of one width back, shape (n, d), float32."""
    if not packed:
        return np.empty((0, 0), np.float32)
    return np.frombuffer(b"".join(packed), "<f2").reshape(len(packed), -1).astype(np.float32)


def mean(rows: Rows) -> Rows:
    """Give the mean direction of unit-length rows, unit length, shape (d,)."""
    middle = rows.mean(0)
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-9), np.float32)


@dataclass
class Matrix:
    """The key points of one server, by id, at a version of the store."""

    version: int = -1
    ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    rows: Rows = field(default_factory=lambda: np.empty((0, 0), np.float32))
    headlines: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, np.object_))

    def merged(
        self, version: int, ids: Sequence[int], rows: Rows, headlines: Sequence[str]
    ) -> Matrix:
        """Give the matrix with rows added or replaced."""
        if not ids:
            return Matrix(version, self.ids, self.rows, self.headlines)
        new = np.asarray(ids, np.int64)
        keep = ~np.isin(self.ids, new)
        if self.rows.shape[1:] != rows.shape[1:]:
            keep[:] = False
        old = self.rows[keep] if keep.any() else rows[:0]
        return Matrix(
            version,
            np.concatenate([self.ids[keep], new]),
            np.concatenate([old, rows]),
            np.concatenate([self.headlines[keep], np.asarray(headlines, np.object_)]),
        )

    def likeness(self, rows: Rows) -> Rows:
        """Give cosines, shape (len(rows), len(self.ids))."""
        if not len(self.ids) or self.rows.shape[1] != rows.shape[1]:
            return np.empty((len(rows), 0), np.float32)
        return np.asarray(rows @ self.rows.T, np.float32)


class Matrices:
    """The matrices of the servers asked about lately, within CACHED_BYTES."""

    def __init__(self, most: int = CACHED_BYTES) -> None:
        self._most = most
        self._kept: OrderedDict[int, Matrix] = OrderedDict()

    def get(self, guild_id: int) -> Matrix:
        """Give what is kept of a server; an empty matrix where nothing is."""
        if guild_id in self._kept:
            self._kept.move_to_end(guild_id)
        return self._kept.get(guild_id, Matrix())

    def put(self, guild_id: int, matrix: Matrix) -> None:
        """Keep a matrix; others go to make room."""
        self._kept[guild_id] = matrix
        self._kept.move_to_end(guild_id)
        while len(self._kept) > 1 and sum(m.rows.nbytes for m in self._kept.values()) > self._most:
            self._kept.popitem(last=False)

    def drop(self, guild_id: int) -> None:
        """Forget a server."""
        self._kept.pop(guild_id, None)
