"""What a server said: threads with their posts, units, key points and relations, kept over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.points import Points, Told
from bot.store.redact import without_posts
from bot.store.remarks import remarks_of
from bot.store.rows import add_missing, ensure_guild, person_ids, put, slices, where_in
from bot.store.schema import cursors, opt_outs, posts, relations, remarks, threads, units
from bot.store.values import Person
from bot.store.vectors import Rows, pack
from nlp.model import ArgumentMap, Unit

Span = tuple[int, int, int]  # row of the post, start, end


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a thread is from; mapped again under the same `thread`, it updates what is kept."""

    guild_id: int
    platform: str
    thread: str
    channel_id: int | None = None
    parent_id: int | None = None
    url: str | None = None


class Threads:
    """The memory of what was argued where."""

    def __init__(self, database: Database, points: Points) -> None:
        self._database = database
        self._points = points

    async def remember(
        self,
        found: ArgumentMap,
        origin: Origin,
        *,
        vectors: Rows,
        now: datetime,
        people: Mapping[str, Person] | None = None,
        read_up_to: int | None = None,
    ) -> None:
        """Keep what a map found in the thread's posts; posts that are not on the map stay as kept.

        `vectors` has one unit-length row per unit of the map. `people` names the writers by post
        id; a writer it does not name is known by the name shown. Posts of people who opted out are
        not kept. `read_up_to` moves the cursor of the origin's channel, together with the rest.
        """
        writers = _writers(found, origin, people or {})
        async with self._database.write() as connection:
            row_of_unit = {unit.id: i for i, unit in enumerate(found.units)}
            found = await _without_opted_out(connection, found, writers)
            kept = [row_of_unit[unit.id] for unit in found.units]
            vectors = vectors[kept]
            await ensure_guild(connection, origin.guild_id)
            version = await self._points.next_version(connection, origin.guild_id)
            post_rows = await _write_posts(connection, found, origin, now=now, writers=writers)
            unit_rows, before = await _write_units(connection, found, post_rows, vectors)
            told = _told(found, unit_rows, before, vectors)
            await self._points.assign(connection, origin.guild_id, told, version)
            touched = {point for point in before.values() if point is not None}
            await self._points.refresh(connection, touched, version)
            await self._points.rename(connection, touched)
            await _write_relations(connection, found, unit_rows)
            await _write_remarks(connection, found, post_rows)
            if read_up_to is not None:
                cursor = {
                    "guild_id": origin.guild_id,
                    "channel_id": origin.channel_id,
                    "last_id": read_up_to,
                }
                await put(connection, cursors, [cursor], key=("guild_id", "channel_id"))


def _writers(found: ArgumentMap, origin: Origin, people: Mapping[str, Person]) -> dict[str, Person]:
    """Give who wrote each post; a post without any author has no writer."""
    writers = dict(people)
    for post in found.thread.posts:
        if post.id not in writers and post.author:
            writers[post.id] = Person(
                platform=origin.platform, id=post.author[:200], name=post.author[:200]
            )
    return writers


async def _without_opted_out(
    connection: AsyncConnection, found: ArgumentMap, writers: Mapping[str, Person]
) -> ArgumentMap:
    rows = await where_in(
        connection,
        [opt_outs.c.platform, opt_outs.c.external_id],
        opt_outs.c.external_id,
        sorted({person.id for person in writers.values()}),
    )
    out = {(row.platform, row.external_id) for row in rows}
    gone = [post for post, who in writers.items() if (who.platform, who.id) in out]
    return without_posts(found, gone)


async def _write_posts(
    connection: AsyncConnection,
    found: ArgumentMap,
    origin: Origin,
    *,
    now: datetime,
    writers: Mapping[str, Person],
) -> dict[str, int]:
    """Write the thread and its posts; give the row of each post."""
    thread = {
        "guild_id": origin.guild_id,
        "platform": origin.platform,
        "external_id": origin.thread,
        "channel_id": origin.channel_id,
        "parent_id": origin.parent_id,
        "title": found.thread.title,
        "url": origin.url,
        "mapped_at": now,
    }
    await put(connection, threads, [thread], key=("guild_id", "platform", "external_id"))
    thread_id = await connection.scalar(
        select(threads.c.id).where(
            threads.c.guild_id == origin.guild_id,
            threads.c.platform == origin.platform,
            threads.c.external_id == origin.thread,
        )
    )
    on_map = found.thread.posts
    ids = await person_ids(connection, [writers[p.id] for p in on_map if p.id in writers])
    rows = []
    for post in on_map:
        who = writers.get(post.id)
        rows.append(
            {
                "guild_id": origin.guild_id,
                "thread_id": thread_id,
                "external_id": post.id,
                "person_id": ids[who.platform, who.id] if who else None,
                "reply_to": post.reply_to,
                "url": post.url,
                "text": post.text,
            }
        )
    known = await _post_rows(connection, thread_id, on_map_ids := [p.id for p in on_map])
    fresh = [
        {**row, "said_at": post.created_at or now, "stored_at": now}
        for row, post in zip(rows, on_map, strict=True)
        if post.id not in known
    ]
    await add_missing(connection, posts, fresh)
    for row in rows:
        if row["external_id"] in known:
            values = {k: row[k] for k in ("person_id", "reply_to", "url", "text")}
            await connection.execute(
                update(posts).where(posts.c.id == known[row["external_id"]]).values(values)
            )
    return await _post_rows(connection, thread_id, on_map_ids)


async def _post_rows(
    connection: AsyncConnection, thread_id: int | None, ids: Sequence[str]
) -> dict[str, int]:
    rows = await where_in(
        connection,
        [posts.c.external_id, posts.c.id],
        posts.c.external_id,
        ids,
        posts.c.thread_id == thread_id,
    )
    return {row.external_id: row.id for row in rows}


async def _write_units(
    connection: AsyncConnection, found: ArgumentMap, post_rows: Mapping[str, int], vectors: Rows
) -> tuple[dict[str, int], dict[int, int | None]]:
    """Write the units of the posts, keep the rows of those that stay, drop the others.

    Gives the row of each unit of the map, and the key point that each row had before; rows that
    were dropped are in the second too.
    """
    columns = [units.c.id, units.c.post_id, units.c.start, units.c.end, units.c.key_point_id]
    rows = await where_in(connection, columns, units.c.post_id, sorted(post_rows.values()))
    stored: dict[Span, int] = {(r.post_id, r.start, r.end): r.id for r in rows}
    before: dict[int, int | None] = {r.id: r.key_point_id for r in rows}
    span_of = {u.id: (post_rows[u.post], u.start, u.end) for u in found.units}
    unwanted = sorted(set(stored.values()) - {stored.get(span, -1) for span in span_of.values()})
    for some in slices(unwanted):
        await connection.execute(delete(units).where(units.c.id.in_(some)))
    fresh: list[dict[str, Any]] = []
    for place, unit in enumerate(found.units):
        if (row := stored.get(span_of[unit.id])) is not None:
            await connection.execute(
                update(units)
                .where(units.c.id == row)
                .values(**_said(unit), vector=pack(vectors[place]))
            )
        else:
            post, start, end = span_of[unit.id]
            fresh.append(
                {
                    **_said(unit),
                    "post_id": post,
                    "start": start,
                    "end": end,
                    "vector": pack(vectors[place]),
                }
            )
    if fresh:
        statement = insert(units).returning(units.c.id, sort_by_parameter_order=True)
        for row, new in zip(
            (await connection.execute(statement, fresh)).scalars(), fresh, strict=True
        ):
            stored[new["post_id"], new["start"], new["end"]] = row
    return {unit_id: stored[span] for unit_id, span in span_of.items()}, before


def _said(unit: Unit) -> dict[str, Any]:
    return {
        "kind": unit.kind,
        "holder": unit.holder,
        "confidence": unit.confidence,
        "headline": unit.headline,
    }


def _told(
    found: ArgumentMap,
    unit_rows: Mapping[str, int],
    before: Mapping[int, int | None],
    vectors: Rows,
) -> list[Told]:
    """Give the key points of the map as the store sees them."""
    place = {unit.id: i for i, unit in enumerate(found.units)}
    text = {unit.id: unit.text for unit in found.units}
    return [
        Told(
            headline=point.headline,
            units=tuple(unit_rows[u] for u in point.units),
            texts=tuple(text[u] for u in point.units),
            vectors=np.asarray(vectors[[place[u] for u in point.units]], np.float32),
            before=tuple(before.get(unit_rows[u]) for u in point.units),
        )
        for point in found.key_points
    ]


async def _write_relations(
    connection: AsyncConnection, found: ArgumentMap, unit_rows: Mapping[str, int]
) -> None:
    for some in slices(sorted(unit_rows.values())):
        await connection.execute(delete(relations).where(relations.c.source_id.in_(some)))
    # One row a pair, the last: who grants something and then attacks is against.
    by_type = sorted(found.relations, key=lambda r: r.type == "attack")
    rows = {
        (r.source, r.target): {
            "source_id": unit_rows[r.source],
            "target_id": unit_rows[r.target],
            "type": r.type,
            "confidence": r.confidence,
        }
        for r in by_type
    }
    await add_missing(connection, relations, list(rows.values()))


async def _write_remarks(
    connection: AsyncConnection, found: ArgumentMap, post_rows: Mapping[str, int]
) -> None:
    for some in slices(sorted(post_rows.values())):
        await connection.execute(delete(remarks).where(remarks.c.post_id.in_(some)))
    rows = [
        {"post_id": post_rows[r.post], "kind": r.kind, "start": r.start, "end": r.end}
        for r in remarks_of(found)
    ]
    await add_missing(connection, remarks, rows)
