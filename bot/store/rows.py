"""Statements that SQLite and PostgreSQL both take, and that stay within what they take at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Table, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import guilds, people
from bot.store.values import Person

MOST_VALUES = 400  # in one IN (...)

Values = Mapping[str, Any]
T = TypeVar("T")


def slices(items: Sequence[T], most: int = MOST_VALUES) -> Iterator[Sequence[T]]:
    """Give the items in runs of at most `most`."""
    for low in range(0, len(items), most):
        yield items[low : low + most]


async def add_missing(connection: AsyncConnection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows; those whose key is there already are left as they are."""
    if rows:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        await connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


async def put(
    connection: AsyncConnection, table: Table, rows: Sequence[Values], key: Sequence[str]
) -> None:
    """Insert rows; where a row with the same key is there, set its other values."""
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=list(key),
        set_={name: statement.excluded[name] for name in rows[0] if name not in key},
    )
    await connection.execute(statement, list(rows))


async def where_in(
    connection: AsyncConnection,
    columns: Sequence[ColumnElement[Any]],
    column: ColumnElement[Any],
    values: Sequence[Any],
    *also: ColumnElement[bool],
) -> list[Row[Any]]:
    """Select columns where `column` is one of the values, however many they are."""
    found: list[Row[Any]] = []
    for some in slices(values):
        result = await connection.execute(select(*columns).where(column.in_(some), *also))
        found += result.all()
    return found


async def ensure_guild(connection: AsyncConnection, guild_id: int) -> None:
    """Make the row of a server that is not known yet."""
    await add_missing(connection, guilds, [{"id": guild_id, "settings": {}, "points_version": 0}])


async def person_ids(
    connection: AsyncConnection, persons: Sequence[Person]
) -> dict[tuple[str, str], int]:
    """Give the row id of each person by (platform, id); names are brought up to date."""
    unique = list({(p.platform, p.id): p for p in persons}.values())
    await put(
        connection,
        people,
        [{"platform": p.platform, "external_id": p.id, "name": p.name[:200]} for p in unique],
        key=("platform", "external_id"),
    )
    return await known_ids(connection, [(p.platform, p.id) for p in unique])


async def known_ids(
    connection: AsyncConnection, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Give the row ids of those of these people who are known."""
    found: dict[tuple[str, str], int] = {}
    for some in slices(keys):
        ours = or_(
            *(
                (people.c.platform == platform) & (people.c.external_id == id_)
                for platform, id_ in some
            )
        )
        for row in await connection.execute(
            select(people.c.id, people.c.platform, people.c.external_id).where(ours)
        ):
            found[row.platform, row.external_id] = row.id
    return found
