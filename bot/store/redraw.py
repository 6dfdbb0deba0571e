"""Maps and digests drawn again without what is gone."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digest import model as digest
from bot.digest.model import without, wordless
from bot.store.body import pack, unpack
from bot.store.redact import without_posts
from bot.store.rows import slices
from bot.store.schema import digest_sources, digests, key_points, map_sources, maps
from bot.store.values import Changed, Place


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


async def digests_without(
    connection: AsyncConnection, of_digests: ColumnElement[bool]
) -> list[Changed]:
    """Write the digests that rest on the posts of a condition again without them."""
    sources = await connection.execute(
        select(digest_sources.c.digest_id, digest_sources.c.post)
        .select_from(digest_sources.join(digests, digests.c.id == digest_sources.c.digest_id))
        .where(of_digests)
        .order_by(digest_sources.c.digest_id)
    )
    gone: dict[int, set[str]] = defaultdict(set)
    for row in sources:
        gone[row.digest_id].add(row.post)
    changed = []
    for key, ids in gone.items():
        row = (await connection.execute(select(digests).where(digests.c.id == key))).one()
        names = await connection.execute(
            select(key_points.c.id, key_points.c.headline).where(
                key_points.c.guild_id == row.guild_id
            )
        )
        left = without(digest.unpack(row.body), ids, {r.id: r.headline for r in names})
        await connection.execute(
            update(digests).where(digests.c.id == key).values(body=digest.pack(left))
        )
        for some in slices(sorted(ids)):
            await connection.execute(
                delete(digest_sources).where(
                    digest_sources.c.digest_id == key, digest_sources.c.post.in_(some)
                )
            )
        place = Place(guild_id=row.guild_id, channel_id=row.channel_id, message_id=row.message_id)
        changed.append(Changed(kind="digest", id=str(key), place=place, gone=False))
    return changed


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
