"""Reading a window of time of a server out of the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digest.facts import Asked, Bearing, Facts, Said
from bot.store.database import Database
from bot.store.rows import slices, where_in
from bot.store.schema import key_points, people, posts, relations, remarks, units

ANSWER_WITHIN = timedelta(hours=1)  # talk after a question, where nobody answers by a reply
MOST_UNITS = 20_000  # of one window: bounds the memory that a digest takes

_SAID = (
    units.c.id.label("unit"),
    units.c.key_point_id,
    units.c.start,
    units.c.end,
    units.c.confidence,
    posts.c.id.label("post_row"),
    posts.c.external_id,
    posts.c.person_id,
    posts.c.thread_id,
    posts.c.said_at,
    posts.c.url,
    posts.c.text,
    people.c.name,
)


class Weeks:
    """Windows of time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def facts(self, guild_id: int, start: datetime, end: datetime) -> Facts:
        """Give what was said in [start, end), and what is known of it from before."""
        async with self._database.read() as connection:
            inside = _inside(guild_id, start, end)
            said = await _said(connection, inside)
            points = {s.point for s in said if s.point is not None}
            points |= await _borne_on(connection, [s.unit for s in said])
            found = await _facts(connection, guild_id, start, end, said, sorted(points))
            return replace(found, asked=tuple(await _asked(connection, inside, end)))


async def facts_of(
    connection: AsyncConnection,
    guild_id: int,
    start: datetime,
    end: datetime,
    points: Collection[int],
) -> Facts:
    """Give what is known of some points in a window, to count again what a digest tells of them."""
    wanted = sorted(points)
    said: list[Said] = []
    for some in slices(wanted):
        ours = _inside(guild_id, start, end) & units.c.key_point_id.in_(some)
        said += await _said(connection, ours)
    said.sort(key=lambda s: (s.at, s.unit))
    return await _facts(connection, guild_id, start, end, said, wanted)


def _inside(guild_id: int, start: datetime, end: datetime) -> ColumnElement[bool]:
    return (posts.c.guild_id == guild_id) & (posts.c.said_at >= start) & (posts.c.said_at < end)


async def _facts(  # noqa: PLR0917 - a window, and what was read of it
    connection: AsyncConnection,
    guild_id: int,
    start: datetime,
    end: datetime,
    said: Sequence[Said],
    points: Sequence[int],
) -> Facts:
    counts = (
        await connection.execute(
            select(
                func.count(posts.c.id).label("posts"),
                func.count(func.distinct(posts.c.person_id)).label("people"),
                func.count(posts.c.person_id).label("named"),
                func.count(func.distinct(posts.c.thread_id)).label("threads"),
            ).where(_inside(guild_id, start, end))
        )
    ).one()
    names = await where_in(
        connection, [key_points.c.id, key_points.c.headline], key_points.c.id, points
    )
    return Facts(
        guild_id=guild_id,
        start=start,
        end=end,
        posts=counts.posts,
        people=counts.people,
        nameless=counts.posts - counts.named,
        threads=counts.threads,
        headlines={row.id: row.headline for row in names},
        said=tuple(said),
        before=tuple(await _before(connection, points, start)),
        bearings=tuple(await _bearings(connection, points)),
        asked=(),
    )


def _from() -> FromClause:
    return units.join(posts, posts.c.id == units.c.post_id).outerjoin(
        people, people.c.id == posts.c.person_id
    )


def _value(row: Any) -> Said:
    return Said(
        unit=row.unit,
        point=row.key_point_id,
        post=row.external_id,
        person=_person(row),
        speaker=row.name or "somebody",
        thread=row.thread_id,
        at=row.said_at,
        url=row.url,
        text=row.text[row.start : row.end] if row.text is not None else None,
        confidence=row.confidence,
    )


def _person(row: Any) -> str | None:
    return None if row.person_id is None else f"p{row.person_id}"


async def _said(connection: AsyncConnection, inside: ColumnElement[bool]) -> list[Said]:
    rows = await connection.execute(
        select(*_SAID)
        .select_from(_from())
        .where(inside)
        .order_by(posts.c.said_at, units.c.id)
        .limit(MOST_UNITS)
    )
    return [_value(row) for row in rows]


async def _before(
    connection: AsyncConnection, points: Sequence[int], start: datetime
) -> list[Said]:
    found = []
    for some in slices(points):
        rows = await connection.execute(
            select(*_SAID)
            .select_from(_from())
            .where(units.c.key_point_id.in_(some), posts.c.said_at < start)
        )
        found += [_value(row) for row in rows]
    return sorted(found, key=lambda s: (s.at, s.unit))


async def _borne_on(connection: AsyncConnection, sources: Sequence[int]) -> set[int]:
    """Give the key points that these units support or attack."""
    found: set[int] = set()
    for some in slices(sources):
        rows = await connection.scalars(
            select(units.c.key_point_id)
            .select_from(relations.join(units, units.c.id == relations.c.target_id))
            .where(relations.c.source_id.in_(some), units.c.key_point_id.is_not(None))
        )
        found |= {int(point) for point in rows if point is not None}
    return found


async def _bearings(connection: AsyncConnection, points: Sequence[int]) -> list[Bearing]:
    target = units.alias("target")
    joined = (
        relations.join(target, target.c.id == relations.c.target_id)
        .join(units, units.c.id == relations.c.source_id)
        .join(posts, posts.c.id == units.c.post_id)
        .outerjoin(people, people.c.id == posts.c.person_id)
    )
    found = []
    for some in slices(points):
        rows = await connection.execute(
            select(*_SAID, relations.c.type, target.c.key_point_id.label("point"))
            .select_from(joined)
            .where(target.c.key_point_id.in_(some))
            .order_by(posts.c.said_at, relations.c.id)
        )
        for row in rows:
            source = _value(row)
            if source.point != row.point:
                found.append(Bearing(source=source, point=row.point, type=row.type))
    return found


async def _asked(
    connection: AsyncConnection, inside: ColumnElement[bool], end: datetime
) -> list[Asked]:
    joined = remarks.join(posts, posts.c.id == remarks.c.post_id).outerjoin(
        people, people.c.id == posts.c.person_id
    )
    columns = [
        remarks.c.id.label("unit"),
        remarks.c.kind,
        remarks.c.start,
        remarks.c.end,
        *(c for c in _SAID if getattr(c, "table", None) is not units and c.name != "unit"),
        posts.c.reply_to,
        posts.c.guild_id,
    ]
    rows = (
        await connection.execute(
            select(*columns)
            .select_from(joined)
            .where(inside)
            .order_by(posts.c.said_at, remarks.c.id)
        )
    ).all()
    answers = await _answers(connection, [r for r in rows if r.kind == "question"], end)
    given = await _points_answered(connection, [r for r in rows if r.kind == "concession"])
    return [
        Asked(
            kind=row.kind,
            said=Said(
                unit=row.unit,
                point=None,
                post=row.external_id,
                person=_person(row),
                speaker=row.name or "somebody",
                thread=row.thread_id,
                at=row.said_at,
                url=row.url,
                text=row.text[row.start : row.end] if row.text is not None else None,
                confidence=1.0,
            ),
            answered=row.unit in answers,
            points=given.get(row.unit, ()),
        )
        for row in rows
    ]


async def _answers(
    connection: AsyncConnection, questions: Sequence[Row[Any]], end: datetime
) -> set[int]:
    """Give the questions that somebody else answered: by a reply, or by talking on soon after.

    Of a post without a name nobody knows that it is the asker's own.
    """
    answered = set()
    for row in questions:
        another = or_(
            posts.c.person_id.is_(None), posts.c.person_id.is_distinct_from(row.person_id)
        )
        others = (posts.c.thread_id == row.thread_id) & another
        soon = (
            posts.c.reply_to.is_(None)
            & (posts.c.said_at > row.said_at)
            & (posts.c.said_at <= row.said_at + ANSWER_WITHIN)
        )
        found = await connection.scalar(
            select(posts.c.id)
            .where(others, (posts.c.reply_to == row.external_id) | soon, posts.c.said_at < end)
            .limit(1)
        )
        if found is not None:
            answered.add(row.unit)
    return answered


async def _points_answered(
    connection: AsyncConnection, rows: Sequence[Row[Any]]
) -> Mapping[int, tuple[int, ...]]:
    """Give the key points of the post that each giving way answers."""
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        points = await connection.scalars(
            select(units.c.key_point_id)
            .select_from(units.join(posts, posts.c.id == units.c.post_id))
            .where(
                posts.c.thread_id == row.thread_id,
                posts.c.external_id == row.reply_to,
                units.c.key_point_id.is_not(None),
            )
            .order_by(units.c.id)
        )
        found[row.unit] = [int(point) for point in points if point is not None]
    return {key: tuple(dict.fromkeys(points)) for key, points in found.items()}
