"""Digests of every window, and how far the posting of each has come."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digest.compose import recounted
from bot.digest.model import Digest, pack, unpack, without
from bot.store.database import Database
from bot.store.redraw import add_sources, headlines_of
from bot.store.rows import add_missing, ensure_guild, where_in
from bot.store.schema import digests, posts
from bot.store.values import Place
from bot.store.weeks import facts_of

Status = Literal["ready", "sending", "posted", "silent"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredDigest:
    """A digest with where it is shown; `nonce` is the same however often it is tried to post."""

    id: int
    digest: Digest
    status: Status
    nonce: str
    place: Place
    sending_at: datetime | None
    posted_at: datetime | None

    @classmethod
    def preview(cls, digest: Digest, channel_id: int) -> StoredDigest:
        """Give a digest that is shown without being kept."""
        return cls(
            id=0,
            digest=digest,
            status="ready",
            nonce=nonce_of(digest.guild_id, digest.start),
            place=Place(guild_id=digest.guild_id, channel_id=channel_id),
            sending_at=None,
            posted_at=None,
        )


def nonce_of(guild_id: int, window_start: datetime) -> str:
    """Give the nonce of a window: 20 letters that follow from the server and the start."""
    words = f"{guild_id}/{window_start.isoformat()}"
    return hashlib.blake2b(words.encode(), digest_size=10).hexdigest()


class Digests:
    """One digest for each server and start of a window."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_window(self, guild_id: int, window_start: datetime) -> StoredDigest | None:
        """Give the digest of a window, if it has been composed."""
        return await self._one(
            (digests.c.guild_id == guild_id) & (digests.c.window_start == window_start)
        )

    async def get(self, key: int) -> StoredDigest | None:
        """Give a digest by its id."""
        return await self._one(digests.c.id == key)

    async def add(self, digest: Digest) -> StoredDigest:
        """Keep a composed digest; where its window has one already, that one stays.

        Posts that were forgotten since it was composed are taken out.
        """
        async with self._database.write() as connection:
            await ensure_guild(connection, digest.guild_id)
            digest = await _without_forgotten(connection, digest)
            row = {
                "guild_id": digest.guild_id,
                "window_start": digest.start,
                "window_end": digest.end,
                "status": "ready",
                "nonce": nonce_of(digest.guild_id, digest.start),
                "body": pack(digest),
            }
            await add_missing(connection, digests, [row])
            kept = (
                await connection.execute(
                    select(digests.c.id, digests.c.body).where(
                        digests.c.guild_id == digest.guild_id,
                        digests.c.window_start == digest.start,
                    )
                )
            ).one()
            await add_sources(connection, kept.id, unpack(kept.body))
        found = await self.get(kept.id)
        assert found is not None
        return found

    async def sending(self, key: int, channel_id: int, now: datetime) -> None:
        """Note that a digest is about to be sent: from now on it may be there already."""
        async with self._database.write() as connection:
            await connection.execute(
                update(digests)
                .where(digests.c.id == key, digests.c.status == "ready")
                .values(status="sending", channel_id=channel_id, sending_at=now)
            )

    async def history(self, guild_id: int, most: int = 10) -> Sequence[StoredDigest]:
        """Give the latest digests of a server, the newest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(digests)
                .where(digests.c.guild_id == guild_id)
                .order_by(digests.c.window_start.desc())
                .limit(most)
            )
            return [_value(row) for row in rows]

    async def _one(self, which: Any) -> StoredDigest | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(digests).where(which))).one_or_none()
        return None if row is None else _value(row)


async def _without_forgotten(connection: AsyncConnection, digest: Digest) -> Digest:
    shown = {voice.post for voice in digest.voices()}
    known = await where_in(
        connection,
        [posts.c.external_id],
        posts.c.external_id,
        sorted(shown),
        posts.c.guild_id == digest.guild_id,
    )
    gone = shown - {row.external_id for row in known}
    if not gone:
        return digest
    left = without(digest, gone, await headlines_of(connection, digest))
    facts = await facts_of(connection, digest.guild_id, digest.start, digest.end, left.points())
    return recounted(left, facts)


def _value(row: Row[Any]) -> StoredDigest:
    return StoredDigest(
        id=row.id,
        digest=unpack(row.body),
        status=row.status,
        nonce=row.nonce,
        place=Place(guild_id=row.guild_id, channel_id=row.channel_id, message_id=row.message_id),
        sending_at=row.sending_at,
        posted_at=row.posted_at,
    )
