"""Erasure, export, opting out, and the end of the retention: everything that makes data go.

`REACHES` says for every column that names a person how erasure reaches it; a test walks the tables
and fails on one that is not there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, false, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import redraw
from bot.store.database import Database
from bot.store.export import export
from bot.store.points import Points
from bot.store.rows import known_ids, put, slices, where_in
from bot.store.schema import (
    digest_sources,
    digests,
    erasures,
    guilds,
    key_points,
    map_sources,
    maps,
    opt_outs,
    people,
    posts,
    schedules,
    threads,
    units,
    work,
)
from bot.store.values import Erased, GuildSettings

LOST_WORK = timedelta(days=1)  # an analysis whose asker never came back for it
GRACE = timedelta(days=7)  # after the bot was sent away from a server, before its data goes

REACHES: Mapping[str, str] = {
    "people": "the row goes",
    "posts.person_id": "the posts go, and with them their units, relations and remarks",
    "map_sources.person_id": "the posts go from the map; it is drawn again without them",
    "maps.requester_id": "emptied: the map stays with those whose words it shows",
    "digest_sources.person_id": "the posts go from the digest; it is drawn again without them",
    "schedules.set_by_id": "emptied: the schedule belongs to the server",
    "opt_outs": "kept, when they ask for it: the id alone, to honour it",
}


class Privacy:
    """What people may ask of the store, and what it does by itself."""

    def __init__(self, database: Database, points: Points) -> None:
        self._database = database
        self._points = points

    async def erase_person(
        self, platform: str, person: str, *, now: datetime, opt_out: bool = False
    ) -> Erased:
        """Erase all that a person said, everywhere; with `opt_out`, keep nothing from now on.

        Whatever is on its way to a worker or back goes, whoever is in it: it is asked for again.
        The audit says how much was erased, not whose.
        """
        async with self._database.write() as connection:
            if opt_out:
                row = {"platform": platform, "external_id": person, "since": now}
                await put(connection, opt_outs, [row], key=("platform", "external_id"))
            await connection.execute(delete(work))
            known = await known_ids(connection, [(platform, person)])
            row_id = known.get((platform, person))
            if row_id is None:
                return Erased()
            erased = await self._erase(
                connection,
                posts.c.person_id == row_id,
                map_sources.c.person_id == row_id,
                digest_sources.c.person_id == row_id,
            )
            await connection.execute(delete(people).where(people.c.id == row_id))
            return await _audited(connection, erased, "person", now)

    async def forget_posts(
        self, guild_id: int, ids: Collection[str], *, now: datetime, reason: str = "deleted"
    ) -> Erased:
        """Forget posts that were deleted or changed where they were said."""
        total = Erased()
        if not await self._rests_on(guild_id, ids):
            return (
                total  # most messages that are deleted were never read: no writer's turn for them
            )
        async with self._database.write() as connection:
            for some in slices(sorted(ids)):
                total = _sum(
                    total,
                    await self._erase(
                        connection,
                        (posts.c.guild_id == guild_id) & posts.c.external_id.in_(some),
                        map_sources.c.post.in_(some) & (maps.c.guild_id == guild_id),
                        digest_sources.c.post.in_(some) & (digests.c.guild_id == guild_id),
                    ),
                )
            return await _audited(connection, total, reason, now)

    async def _rests_on(self, guild_id: int, ids: Collection[str]) -> bool:
        """Tell whether anything that is kept rests on one of these posts."""
        kept = (
            select(posts.c.id).where(posts.c.guild_id == guild_id),
            select(map_sources.c.map_id)
            .join(maps, maps.c.id == map_sources.c.map_id)
            .where(maps.c.guild_id == guild_id),
            select(digest_sources.c.digest_id)
            .join(digests, digests.c.id == digest_sources.c.digest_id)
            .where(digests.c.guild_id == guild_id),
        )
        columns = (posts.c.external_id, map_sources.c.post, digest_sources.c.post)
        async with self._database.read() as connection:
            for some in slices(sorted(ids)):
                for query, column in zip(kept, columns, strict=True):
                    if (await connection.execute(query.where(column.in_(some)).limit(1))).first():
                        return True
        return False

    async def changed(self, guild_id: int, post: str, text: str, *, now: datetime) -> Erased:
        """Forget a post whose words are no longer `text`; one that reads the same stays."""
        async with self._database.read() as connection:
            stored = await connection.scalars(
                select(posts.c.text).where(
                    posts.c.guild_id == guild_id, posts.c.external_id == post
                )
            )
            if (same := stored.all()) and all(known == text for known in same):
                return Erased()
        return await self.forget_posts(guild_id, [post], now=now, reason="edited")

    async def forget_channel(self, guild_id: int, channel_id: int, *, now: datetime) -> Erased:
        """Forget what was said in a channel or thread that is gone, and in the threads under it."""
        inside = select(threads.c.id).where(
            threads.c.guild_id == guild_id,
            or_(threads.c.channel_id == channel_id, threads.c.parent_id == channel_id),
        )
        async with self._database.write() as connection:
            ids = await connection.scalars(
                select(posts.c.external_id).where(posts.c.thread_id.in_(inside))
            )
            erased = Erased()
            for some in slices(ids.all()):
                erased = _sum(
                    erased,
                    await self._erase(
                        connection,
                        posts.c.thread_id.in_(inside) & posts.c.external_id.in_(some),
                        map_sources.c.post.in_(some) & (maps.c.guild_id == guild_id),
                        digest_sources.c.post.in_(some) & (digests.c.guild_id == guild_id),
                    ),
                )
            gone = await connection.execute(
                delete(maps).where(maps.c.guild_id == guild_id, maps.c.channel_id == channel_id)
            )
            await connection.execute(delete(threads).where(threads.c.id.in_(inside)))
            erased = _sum(erased, Erased(counts={"maps": gone.rowcount}))
            return await _audited(connection, erased, "channel", now)

    async def forget_guild(self, guild_id: int, *, now: datetime) -> Erased:
        """Forget all of a server; people who are known from nowhere else go too."""
        async with self._database.write() as connection:
            done = await connection.execute(delete(guilds).where(guilds.c.id == guild_id))
            await _drop_unknown(connection)
            return await _audited(
                connection, Erased(counts={"guilds": done.rowcount}), "guild", now
            )

    async def opted_out(self, platform: str, ids: Collection[str]) -> set[str]:
        """Give those of these people whose words are not to be read."""
        async with self._database.read() as connection:
            rows = await where_in(
                connection,
                [opt_outs.c.external_id],
                opt_outs.c.external_id,
                sorted(ids),
                opt_outs.c.platform == platform,
            )
        return {row.external_id for row in rows}

    async def opt_in(self, platform: str, person: str) -> None:
        """Take back an opting out."""
        async with self._database.write() as connection:
            await connection.execute(
                delete(opt_outs).where(
                    opt_outs.c.platform == platform, opt_outs.c.external_id == person
                )
            )

    async def export(self, platform: str, person: str) -> dict[str, Any]:
        """Give everything that the store holds of a person, as JSON takes it."""
        async with self._database.read() as connection:
            return await export(connection, platform, person)

    async def retain(self, now: datetime) -> Counter[str]:
        """End what has had its time: texts, maps, old points, servers that sent the bot away.

        Gives how many rows of each.
        """
        done: Counter[str] = Counter()
        async with self._database.read() as connection:
            known = (await connection.execute(select(guilds))).all()
        for guild in known:
            if guild.left_at is not None and guild.left_at + GRACE <= now:
                await self.forget_guild(guild.id, now=now)
                done["guilds"] += 1
                continue
            settings = GuildSettings.read(guild.settings or {})
            async with self._database.write() as connection:
                done += await self._retain_guild(connection, guild.id, settings, now)
        async with self._database.write() as connection:
            await _drop_unknown(connection)
            left = await connection.execute(delete(work).where(work.c.created_at < now - LOST_WORK))
            done["work"] += left.rowcount
            await _audited(connection, Erased(counts=done), "retention", now)
        return +done

    async def _retain_guild(
        self, connection: AsyncConnection, guild_id: int, settings: GuildSettings, now: datetime
    ) -> Counter[str]:
        """Texts and maps live `retention_days`; posts and what rests on them `history_days`."""
        words = now - timedelta(days=settings.retention_days)
        ended = (posts.c.guild_id == guild_id) & (posts.c.stored_at < words)
        texts = await connection.execute(
            update(posts).where(ended, posts.c.text.is_not(None)).values(text=None)
        )
        rows = select(posts.c.id).where(ended)
        await connection.execute(
            update(units)
            .where(units.c.post_id.in_(rows), units.c.headline.is_not(None))
            .values(headline=None)
        )
        drawn = await connection.execute(
            delete(maps).where(maps.c.guild_id == guild_id, maps.c.created_at < words)
        )
        await redraw.end_words(connection, guild_id, words)
        past = now - timedelta(days=settings.history_days)
        await connection.execute(
            delete(digests).where(digests.c.guild_id == guild_id, digests.c.window_end < past)
        )
        erased = await self._erase(
            connection,
            (posts.c.guild_id == guild_id) & (posts.c.stored_at < past),
            false(),
            false(),
            tell=False,
        )
        counts = Counter({"texts": texts.rowcount, "maps": drawn.rowcount})
        return counts + Counter(erased.counts)

    async def _erase(
        self,
        connection: AsyncConnection,
        of_posts: ColumnElement[bool],
        of_maps: ColumnElement[bool],
        of_digests: ColumnElement[bool],
        *,
        tell: bool = True,
    ) -> Erased:
        """Erase the posts that a condition names, and take them off maps and digests.

        `tell` counts again in digests; what goes of old age stays in what they counted.
        """
        columns = (posts.c.id, posts.c.guild_id, posts.c.thread_id, posts.c.said_at)
        rows = (await connection.execute(select(*columns).where(of_posts))).all()
        counts = Counter({"posts": len(rows)})
        touched = await _points_of(connection, [row.id for row in rows])
        await _untitle(connection, rows)
        for some in slices([row.id for row in rows]):
            counts["units"] += len(
                await where_in(connection, [units.c.id], units.c.post_id, list(some))
            )
            await connection.execute(delete(posts).where(posts.c.id.in_(some)))
        for guild_id, points in touched.items():
            version = await self._points.next_version(connection, guild_id)
            await self._points.refresh(connection, points, version)
            await self._points.rename(connection, points)
        await _drop_empty_threads(connection, {row.thread_id for row in rows})
        drawn = await redraw.maps_without(connection, of_maps)
        times: dict[int, list[datetime]] = defaultdict(list)
        for row in rows if tell else ():
            times[row.guild_id].append(row.said_at)
        gone = {guild: redraw.Gone(said, touched.get(guild, ())) for guild, said in times.items()}
        told = await redraw.digests_without(connection, of_digests, gone)
        counts += Counter({"maps": len(drawn), "digests": len(told)})
        return Erased(counts=+counts, shown=(*drawn, *told))


async def _points_of(connection: AsyncConnection, rows: Sequence[int]) -> dict[int, set[int]]:
    """Give the key points that claims of these posts make, by server."""
    named = await where_in(connection, [units.c.key_point_id], units.c.post_id, rows)
    wanted = sorted({row.key_point_id for row in named if row.key_point_id is not None})
    found: dict[int, set[int]] = defaultdict(set)
    columns = [key_points.c.id, key_points.c.guild_id]
    for row in await where_in(connection, columns, key_points.c.id, wanted):
        found[row.guild_id].add(row.id)
    return found


async def _untitle(connection: AsyncConnection, rows: Iterable[Any]) -> None:
    """Drop the title of a thread with its first post: it is the words of whoever began it."""
    ids = {row.id for row in rows}
    for thread in sorted({row.thread_id for row in rows}):
        first = await connection.scalar(
            select(posts.c.id)
            .where(posts.c.thread_id == thread)
            .order_by(posts.c.said_at, posts.c.id)
            .limit(1)
        )
        if first in ids:
            await connection.execute(
                update(threads).where(threads.c.id == thread).values(title=None)
            )


async def _drop_empty_threads(connection: AsyncConnection, rows: Collection[int]) -> None:
    for some in slices(sorted(rows)):
        full = select(posts.c.thread_id).where(posts.c.thread_id.in_(some))
        await connection.execute(
            delete(threads).where(threads.c.id.in_(some), threads.c.id.not_in(full))
        )


async def _drop_unknown(connection: AsyncConnection) -> None:
    """Forget the names of people of whom nothing else is kept."""
    named = [
        select(column).where(column.is_not(None))
        for column in (
            posts.c.person_id,
            map_sources.c.person_id,
            maps.c.requester_id,
            digest_sources.c.person_id,
            schedules.c.set_by_id,
        )
    ]
    await connection.execute(delete(people).where(*(people.c.id.not_in(rows) for rows in named)))


def _sum(one: Erased, other: Erased) -> Erased:
    return Erased(counts=Counter(one.counts) + Counter(other.counts), shown=one.shown + other.shown)


async def _audited(
    connection: AsyncConnection, erased: Erased, reason: str, now: datetime
) -> Erased:
    if any(erased.counts.values()):
        await connection.execute(
            insert(erasures).values(at=now, reason=reason, counts=dict(erased.counts))
        )
    return erased
