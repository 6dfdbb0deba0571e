"""What the digest needs done away from the event loop, wherever that is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.digest.compose import compose
from bot.digest.model import Digest
from bot.jobs.analyst import JobError, Standing, Tell
from bot.jobs.painter import Painter, write_all
from bot.store.store import Store
from bot.store.vectors import Rows

_log = logging.getLogger("crux.jobs")

PAPERS = ("png", "markdown")  # what is posted beside the digest
PLAIN = ("markdown",)

Encode = Callable[[Sequence[str]], Rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A window [start, end) of a server, of which a digest is wanted."""

    guild_id: int
    start: datetime
    end: datetime
    least_posts: int = 1
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A digest and its files by form."""

    digest: Digest
    files: Mapping[str, bytes]


class Clerk(Protocol):
    """Does the work of digests: finds vectors, reads and composes, writes files."""

    async def encode(self, texts: Sequence[str]) -> Rows:
        """Give one unit-length row per text. Raises JobError."""
        ...

    async def write(self, wanted: Window | Digest, *, tell: Tell | None = None) -> Written:
        """Give the digest of a window, read from the store, or a digest as it is, with its files.

        Cancelling the caller cancels the work. Raises JobError.
        """
        ...


def encode_here(texts: Sequence[str]) -> Rows:
    """Encode with the encoder in use, in this process."""
    from nlp.encoder import default_encoder

    return default_encoder().encode(list(texts))


class LocalClerk:
    """A `Clerk` in this process; pictures are drawn by its painter."""

    def __init__(self, store: Store, painter: Painter, encode: Encode = encode_here) -> None:
        self._store, self._painter, self._encode = store, painter, encode

    async def encode(self, texts: Sequence[str]) -> Rows:
        """Give one row per text."""
        return await asyncio.to_thread(self._encode, texts)

    async def write(self, wanted: Window | Digest, *, tell: Tell | None = None) -> Written:
        """Read, compose, draw."""
        say = tell or (lambda _: None)
        if isinstance(wanted, Window):
            say(Standing(step="reading"))
            facts = await self._store.weeks.facts(wanted.guild_id, wanted.start, wanted.end)
            say(Standing(step="composing"))
            digest = await asyncio.to_thread(
                compose, facts, least_posts=wanted.least_posts, left_out=wanted.left_out
            )
        else:
            digest = wanted
        say(Standing(step="drawing"))
        return Written(digest=digest, files=await self._files(digest))

    async def _files(self, digest: Digest) -> Mapping[str, bytes]:
        if not digest.worth:
            return {}
        try:
            return await self._painter.paint(digest, PAPERS)
        except JobError as error:  # a digest without its picture is better than none
            _log.error("a digest goes without its picture: %s", error)
            return await asyncio.to_thread(write_all, digest, PLAIN)
