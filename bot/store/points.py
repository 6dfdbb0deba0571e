"""Key points of a server over time: recognised when they return, and their history."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.identity import recognise, says_enough
from bot.store.rows import slices, where_in
from bot.store.schema import guilds, key_points, people, posts, relations, threads, units
from bot.store.vectors import Matrices, Matrix, Rows, as_stored, mean, pack, unpack
from nlp.words import content_stems


@dataclass(frozen=True, kw_only=True)
class Told:
    """A key point of a map on its way into the store.

    `units` are rows, `before` the stored key point that each of them had when the thread was mapped
    the last time.
    """

    headline: str
    units: tuple[int, ...]
    texts: tuple[str, ...]
    vectors: Rows
    before: tuple[int | None, ...]

    @property
    def named_by(self) -> int:
        """The row of the claim that the headline was cut from: the one that shares most words."""
        wanted = set(content_stems(self.headline))
        shared = [len(wanted & set(content_stems(text))) for text in self.texts]
        return self.units[shared.index(max(shared))]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One time that a point was made."""

    at: datetime
    by: str
    person: int | None
    thread: str | None
    channel_id: int | None
    url: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A key point with every time it was made, oldest first, and what came for and against it.

    `supported` and `attacked` are the times at which somebody did.
    """

    id: int
    headline: str
    said: tuple[Said, ...]
    supported: tuple[datetime, ...]
    attacked: tuple[datetime, ...]


class Points:
    """The key points of every server. None is ever looked for in another server."""

    def __init__(self, database: Database, encoder: str) -> None:
        self._database = database
        self.encoder = encoder[:16]
        self._matrices = Matrices()

    async def lookup(self, guild_id: int, rows: Rows, headlines: Sequence[str]) -> list[int | None]:
        """Give for each point, by vector and headline, the one of the server that it repeats."""
        async with self._database.read() as connection:
            known = await self._matrix(connection, guild_id)
        return await _recognised(rows, headlines, known)

    async def history(self, guild_id: int, point: int) -> History | None:
        """Give the history of a key point of a server; None where it has no such point."""
        ours = (key_points.c.id == point) & (key_points.c.guild_id == guild_id)
        async with self._database.read() as connection:
            headline = await connection.scalar(select(key_points.c.headline).where(ours))
            if headline is None:
                return None
            said = await connection.execute(
                select(
                    posts.c.said_at,
                    posts.c.person_id,
                    posts.c.url,
                    people.c.name,
                    threads.c.title,
                    threads.c.channel_id,
                )
                .select_from(
                    units.join(posts, posts.c.id == units.c.post_id)
                    .join(threads, threads.c.id == posts.c.thread_id)
                    .outerjoin(people, people.c.id == posts.c.person_id)
                )
                .where(units.c.key_point_id == point)
                .order_by(posts.c.said_at, posts.c.id)
            )
            source = units.alias("source")
            ties = await connection.execute(
                select(relations.c.type, posts.c.said_at)
                .select_from(
                    relations.join(units, units.c.id == relations.c.target_id)
                    .join(source, source.c.id == relations.c.source_id)
                    .join(posts, posts.c.id == source.c.post_id)
                )
                .where(units.c.key_point_id == point)
                .order_by(posts.c.said_at, relations.c.id)
            )
            times = ties.all()
            return History(
                id=point,
                headline=headline,
                said=tuple(
                    Said(
                        at=row.said_at,
                        by=row.name or "somebody",
                        person=row.person_id,
                        thread=row.title,
                        channel_id=row.channel_id,
                        url=row.url,
                    )
                    for row in said
                ),
                supported=tuple(r.said_at for r in times if r.type == "support"),
                attacked=tuple(r.said_at for r in times if r.type == "attack"),
            )

    async def next_version(self, connection: AsyncConnection, guild_id: int) -> int:
        """Take the next version of a server's points; others who write there wait until we end."""
        await connection.execute(
            update(guilds)
            .where(guilds.c.id == guild_id)
            .values(points_version=guilds.c.points_version + 1)
        )
        version = await connection.scalar(
            select(guilds.c.points_version).where(guilds.c.id == guild_id)
        )
        return int(version or 0)

    async def assign(
        self, connection: AsyncConnection, guild_id: int, told: Sequence[Told], version: int
    ) -> None:
        """Give every told point its stored key point: what it was before, what it repeats, or new.

        The stored points' vectors are brought up to date.
        """
        chosen = _as_before(told)
        open_ = [i for i, p in enumerate(chosen) if p is None and says_enough(told[i].texts)]
        if open_:
            known = await self._matrix(connection, guild_id, version - 1)
            rows = np.stack([mean(told[i].vectors) for i in open_])
            names = [told[i].headline for i in open_]
            taken = [point for point in chosen if point is not None]
            found = await _recognised(rows, names, known, taken)
            for i, point in zip(open_, found, strict=True):
                chosen[i] = point
        for i, point in enumerate(chosen):
            if point is None:
                chosen[i] = await _add(connection, guild_id, told[i], version, self.encoder)
            for some in slices(told[i].units):
                await connection.execute(
                    update(units).where(units.c.id.in_(some)).values(key_point_id=chosen[i])
                )
        await self.refresh(connection, {c for c in chosen if c is not None}, version)

    async def refresh(
        self, connection: AsyncConnection, points: Collection[int], version: int
    ) -> None:
        """Bring key points up to date with their claims; one that lost all its claims goes."""
        wanted = sorted(points)
        columns = [units.c.key_point_id, units.c.vector, units.c.headline]
        members: dict[int, list[tuple[bytes, str | None]]] = {point: [] for point in wanted}
        for row in await where_in(connection, columns, units.c.key_point_id, wanted):
            members[row.key_point_id].append((row.vector, row.headline))
        names = await where_in(
            connection, [key_points.c.id, key_points.c.headline], key_points.c.id, wanted
        )
        for row in names:
            claims = members[row.id]
            if not claims:
                await connection.execute(delete(key_points).where(key_points.c.id == row.id))
                continue
            await connection.execute(
                update(key_points)
                .where(key_points.c.id == row.id)
                .values(vector=pack(mean(unpack([v for v, _ in claims]))), version=version)
            )

    async def rename(self, connection: AsyncConnection, points: Collection[int]) -> None:
        """Name anew those of these points whose headline was cut from words that are gone."""
        columns = [key_points.c.id, key_points.c.headline, key_points.c.named_by]
        for row in await where_in(connection, columns, key_points.c.id, sorted(points)):
            if await connection.scalar(select(units.c.id).where(units.c.id == row.named_by)):
                continue
            first = await connection.execute(
                select(units.c.id, units.c.headline)
                .where(units.c.key_point_id == row.id, units.c.headline.is_not(None))
                .order_by(units.c.id)
                .limit(1)
            )
            heir = first.one_or_none()
            await connection.execute(
                update(key_points)
                .where(key_points.c.id == row.id)
                .values(
                    headline=heir.headline if heir else WITHOUT_WORDS,
                    named_by=heir.id if heir else None,
                )
            )

    async def _matrix(
        self, connection: AsyncConnection, guild_id: int, version: int | None = None
    ) -> Matrix:
        """Give the server's matrix, brought up to date with what changed since it was kept.

        Inside a transaction that writes, `version` is the one before it: ours may never be seen.
        """
        if version is None:
            version = await connection.scalar(
                select(guilds.c.points_version).where(guilds.c.id == guild_id)
            )
        kept = self._matrices.get(guild_id)
        if version is None or kept.version == version:
            return kept
        ours = (key_points.c.guild_id == guild_id) & (key_points.c.encoder == self.encoder)
        columns = select(key_points.c.id, key_points.c.vector, key_points.c.headline).where(ours)
        count = await connection.scalar(select(func.count()).select_from(key_points).where(ours))
        for since in (kept.version, -1):
            changed = await connection.stream(columns.where(key_points.c.version > since))
            rows: list[Any] = []
            async for some in changed.partitions(AT_ONCE):
                rows += some
                await asyncio.sleep(0)
            base = kept if since >= 0 else Matrix()
            matrix = await asyncio.to_thread(_merged, base, int(version), rows)
            if len(matrix.ids) == count:  # else some were deleted: read all
                break
        self._matrices.put(guild_id, matrix)
        return matrix


WITHOUT_WORDS = "A point whose words were deleted"
AT_ONCE = 2_000  # points read before others have their turn
SOON = 60_000  # pairs compared in some milliseconds


async def _recognised(
    rows: Rows, headlines: Sequence[str], known: Matrix, taken: Collection[int] = ()
) -> list[int | None]:
    """Recognise points, in a thread where that takes long enough to be felt."""
    if len(rows) * len(known.ids) < SOON:
        return recognise(rows, headlines, known, taken=taken)
    return await asyncio.to_thread(recognise, rows, headlines, known, taken=taken)


def _merged(base: Matrix, version: int, rows: Sequence[Any]) -> Matrix:
    return base.merged(
        version,
        [row.id for row in rows],
        as_stored([row.vector for row in rows]),
        [row.headline for row in rows],
    )


def _as_before(told: Sequence[Told]) -> list[int | None]:
    """Give each told point the stored one that most of its claims had; no two get the same."""
    chosen: list[int | None] = [None] * len(told)
    votes = [
        (-count, i, point)
        for i, one in enumerate(told)
        for point, count in Counter(p for p in one.before if p is not None).items()
    ]
    used: set[int] = set()
    for _, i, point in sorted(votes):
        if chosen[i] is None and point not in used:
            chosen[i] = point
            used.add(point)
    return chosen


async def _add(
    connection: AsyncConnection, guild_id: int, told: Told, version: int, encoder: str
) -> int:
    added = await connection.execute(
        insert(key_points).values(
            guild_id=guild_id,
            headline=told.headline,
            vector=pack(mean(told.vectors)),
            named_by=told.named_by,
            encoder=encoder,
            version=version,
        )
    )
    (key,) = added.inserted_primary_key or (0,)
    return int(key)
