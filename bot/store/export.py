"""Everything that the store holds of one person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import (
    digest_sources,
    key_points,
    map_sources,
    maps,
    opt_outs,
    people,
    posts,
    remarks,
    threads,
    units,
)


async def export(connection: AsyncConnection, platform: str, person: str) -> dict[str, Any]:
    """Give what is held of a person, as JSON takes it."""
    out = await connection.scalar(
        select(opt_outs.c.since).where(
            opt_outs.c.platform == platform, opt_outs.c.external_id == person
        )
    )
    ours = (people.c.platform == platform) & (people.c.external_id == person)
    who = (await connection.execute(select(people).where(ours))).one_or_none()
    found: dict[str, Any] = {
        "schema": "crux.person/1",
        "platform": platform,
        "id": person,
        "name": who.name if who else None,
        "opted_out_since": out.isoformat() if out else None,
        "posts": [],
        "points": [],
        "remarks": [],
        "maps_with_your_words": [],
        "digests_with_your_words": [],
        "maps_you_asked_for": [],
    }
    if who is not None:
        await _add_rows(connection, who.id, found)

    return found


async def _add_rows(connection: AsyncConnection, row_id: int, found: dict[str, Any]) -> None:
    ours = posts.c.person_id == row_id
    with_thread = posts.join(threads, threads.c.id == posts.c.thread_id)
    for row in await connection.execute(
        select(posts, threads.c.title).select_from(with_thread).where(ours).order_by(posts.c.id)
    ):
        found["posts"].append(
            {
                "id": row.external_id,
                "guild": row.guild_id,
                "thread": row.title,
                "said_at": row.said_at.isoformat(),
                "url": row.url,
                "text": row.text,
            }
        )
    made = units.join(posts, posts.c.id == units.c.post_id).outerjoin(
        key_points, key_points.c.id == units.c.key_point_id
    )
    for row in await connection.execute(
        select(
            posts.c.external_id,
            units.c.start,
            units.c.end,
            units.c.kind,
            key_points.c.headline,
        )
        .select_from(made)
        .where(ours)
        .order_by(units.c.id)
    ):
        found["points"].append(
            {
                "post": row.external_id,
                "start": row.start,
                "end": row.end,
                "kind": row.kind,
                "key_point": row.headline,
            }
        )
    said = remarks.join(posts, posts.c.id == remarks.c.post_id)
    for row in await connection.execute(
        select(posts.c.external_id, remarks.c.kind).select_from(said).where(ours)
    ):
        found["remarks"].append({"post": row.external_id, "kind": row.kind})
    shown = select(map_sources.c.map_id).where(map_sources.c.person_id == row_id).distinct()
    found["maps_with_your_words"] = list((await connection.scalars(shown)).all())
    told = select(digest_sources.c.digest_id).where(digest_sources.c.person_id == row_id).distinct()
    found["digests_with_your_words"] = list((await connection.scalars(told)).all())
    asked = select(maps.c.id).where(maps.c.requester_id == row_id)
    found["maps_you_asked_for"] = list((await connection.scalars(asked)).all())
