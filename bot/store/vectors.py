"""Vectors in the store, and the likest of a server's key points to a new one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.store.nearest import Near, Nearest

Rows = NDArray[np.float32]
Kept = NDArray[np.float16]

CACHED_BYTES = 200_000_000  # of key points of servers in memory; the one not asked longest goes


def pack(row: NDArray[np.floating]) -> bytes:
    """Give a vector as float16 bytes, little-endian: 2 bytes a dimension."""
    return np.asarray(row, "<f2").tobytes()


def unpack(packed: Sequence[bytes]) -> Rows:
    """Give vectors of one width back, shape (n, d), float32."""
    return as_stored(packed).astype(np.float32)


def as_stored(packed: Sequence[bytes]) -> Kept:
    """Give vectors of one width as they are stored, shape (n, d), float16."""
    if not packed:
        return np.empty((0, 0), np.float16)
    return np.frombuffer(b"".join(packed), "<f2").reshape(len(packed), -1).astype(np.float16)


def mean(rows: Rows) -> Rows:
    """Give the mean direction of unit-length rows, unit length, shape (d,)."""
    middle = rows.mean(0)
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-9), np.float32)


@dataclass(frozen=True)
class Matrix:
    """The key points of one server, by id, at a version of the store. Never changed once made."""

    version: int = -1
    ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    headlines: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, np.object_))
    nearest: Nearest = field(default_factory=Nearest)

    @property
    def nbytes(self) -> int:
        """The memory that the vectors take."""
        return self.nearest.nbytes

    def merged(
        self, version: int, ids: Sequence[int], rows: Kept, headlines: Sequence[str]
    ) -> Matrix:
        """Give the matrix with rows added or replaced."""
        if not ids:
            return Matrix(version, self.ids, self.headlines, self.nearest)
        new = np.asarray(ids, np.int64)
        keep = ~np.isin(self.ids, new)
        if self.nearest.width != rows.shape[1]:
            keep[:] = False
        return Matrix(
            version,
            np.concatenate([self.ids[keep], new]),
            np.concatenate([self.headlines[keep], np.asarray(headlines, np.object_)]),
            self.nearest.merged(keep, rows),
        )

    def near(self, rows: Rows, least: float, *, beside: float | None = None) -> Near:
        """Give all pairs of a given row and a known point of at least a cosine.

        For a row that has such a pair, `beside` asks for all its pairs of a lower cosine, too.
        """
        return self.nearest.near(rows, least, beside=beside)


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
        """Keep a matrix, unless a newer one is kept; others go to make room."""
        if guild_id in self._kept and self._kept[guild_id].version > matrix.version:
            return
        self._kept[guild_id] = matrix
        self._kept.move_to_end(guild_id)
        while len(self._kept) > 1 and sum(m.nbytes for m in self._kept.values()) > self._most:
            self._kept.popitem(last=False)

    def drop(self, guild_id: int) -> None:
        """Forget a server."""
        self._kept.pop(guild_id, None)
