"""Maps and digests drawn again without what is gone."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digest import model as digest
from bot.digest.compose import recounted
from bot.digest.model import without, wordless
from bot.store.body import pack, unpack
from bot.store.redact import without_posts
from bot.store.rows import add_missing, slices, where_in
from bot.store.schema import digest_sources, digests, key_points, map_sources, maps, posts
from bot.store.values import Changed, Place
from bot.store.weeks import facts_of


async def maps_without(connection: AsyncConnection, of_maps: ColumnElement[bool]) -> list[Changed]:
    """Draw the maps that rest on the posts of a condition again without them."""
    sources = await connection.execute(
        select(map_sources.c.map_id, map_sources.c.post)
        .select_from(map_sources.join(maps, maps.c.id == map_sources.c.map_id))
        .where(of_maps)
        .order_by(map_sources.c.map_id)
    )
    gone: dict[str, set[str]] = defaultdict(set)
    for row in sources:
        gone[row.map_id].add(row.post)
    changed = []
    for key, ids in gone.items():
        row = (await connection.execute(select(maps).where(maps.c.id == key))).one()
        left = without_posts(unpack(row.body), ids)
        empty = not left.thread.posts
        if empty:
            await connection.execute(delete(maps).where(maps.c.id == key))
        else:
            await connection.execute(
                update(maps)
                .where(maps.c.id == key)
                .values(body=pack(left), version=maps.c.version + 1)
            )
            for some in slices(sorted(ids)):
                await connection.execute(
                    delete(map_sources).where(
                        map_sources.c.map_id == key, map_sources.c.post.in_(some)
                    )
                )
        place = Place(guild_id=row.guild_id, channel_id=row.channel_id, message_id=row.message_id)
        changed.append(Changed(kind="map", id=key, place=place, gone=empty))
    return changed


@dataclass(frozen=True, slots=True)
class Gone:
    """Posts of one server that went: when they were said, and the points that they made."""

    times: Sequence[datetime]
    points: Collection[int]

    def within(self, start: datetime, end: datetime) -> bool:
        """Tell whether one of them was said in a window."""
        return any(start <= time < end for time in self.times)


async def digests_without(
    connection: AsyncConnection, of_digests: ColumnElement[bool], gone: Mapping[int, Gone]
) -> list[Changed]:
    """Write the digests that rest on the posts of a condition again without them.

    Counted again are those, the digests of the weeks in which posts that are `gone` from the store
    were said, and later ones that tell how often their points were made before.
    """
    sources = await connection.execute(
        select(digest_sources.c.digest_id, digest_sources.c.post)
        .select_from(digest_sources.join(digests, digests.c.id == digest_sources.c.digest_id))
        .where(of_digests)
        .order_by(digest_sources.c.digest_id)
    )
    shown: dict[int, set[str]] = defaultdict(set)
    for row in sources:
        shown[row.digest_id].add(row.post)
    changed = []
    for key in sorted(set(shown) | await _counting(connection, gone)):
        row = (await connection.execute(select(digests).where(digests.c.id == key))).one()
        before = digest.unpack(row.body)
        went = gone.get(row.guild_id, Gone((), ()))
        counts = went.within(row.window_start, row.window_end) or any(
            line.times and line.point in went.points for line in before.lines()
        )
        if key not in shown and not counts:
            continue
        left = without(before, shown[key], await headlines_of(connection, before))
        facts = await facts_of(
            connection, row.guild_id, row.window_start, row.window_end, left.points()
        )
        left = recounted(left, facts)
        if left == before:
            continue
        await connection.execute(
            update(digests).where(digests.c.id == key).values(body=digest.pack(left))
        )
        for some in slices(sorted(shown[key])):
            await connection.execute(
                delete(digest_sources).where(
                    digest_sources.c.digest_id == key, digest_sources.c.post.in_(some)
                )
            )
        await add_sources(connection, key, left)
        place = Place(guild_id=row.guild_id, channel_id=row.channel_id, message_id=row.message_id)
        changed.append(Changed(kind="digest", id=str(key), place=place, gone=False))
        await asyncio.sleep(0)  # there may be a year of them
    return changed


async def _counting(connection: AsyncConnection, gone: Mapping[int, Gone]) -> set[int]:
    """Give the digests whose windows end after the first of the posts that went."""
    found: set[int] = set()
    for guild_id, went in gone.items():
        if went.times:
            rows = await connection.scalars(
                select(digests.c.id).where(
                    digests.c.guild_id == guild_id, digests.c.window_end > min(went.times)
                )
            )
            found |= set(rows.all())
    return found


async def headlines_of(connection: AsyncConnection, told: digest.Digest) -> dict[int, str]:
    """Give the points of a digest that are left, and how they are called now."""
    rows = await where_in(
        connection,
        [key_points.c.id, key_points.c.headline],
        key_points.c.id,
        sorted(told.points()),
        key_points.c.guild_id == told.guild_id,
    )
    return {row.id: row.headline for row in rows}


async def add_sources(connection: AsyncConnection, key: int, told: digest.Digest) -> None:
    """Note the posts that a digest shows, and who wrote them."""
    ids = sorted({voice.post for voice in told.voices()})
    writers = await where_in(
        connection,
        [posts.c.external_id, posts.c.person_id],
        posts.c.external_id,
        ids,
        posts.c.guild_id == told.guild_id,
    )
    person = {row.external_id: row.person_id for row in writers}
    rows = [{"digest_id": key, "post": post, "person_id": person.get(post)} for post in ids]
    await add_missing(connection, digest_sources, rows)


async def end_words(connection: AsyncConnection, guild_id: int, before: datetime) -> None:
    """Put links in the place of words in the digests of windows that ended before a time."""
    old = await connection.execute(
        select(digests.c.id, digests.c.body).where(
            digests.c.guild_id == guild_id, digests.c.window_end < before
        )
    )
    for row in old.all():
        kept = digest.unpack(row.body)
        bare = wordless(kept)
        if bare != kept:
            await connection.execute(
                update(digests).where(digests.c.id == row.id).values(body=digest.pack(bare))
            )
