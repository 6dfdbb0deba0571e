"""Old stores become new ones with all that is in them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, create_engine, inspect, select, text

from bot.errors import StoreError
from bot.store import migrate, open_store, url
from bot.store.schema import metadata

REVISIONS = [script.revision for script in ScriptDirectory(str(migrate.SCRIPTS)).walk_revisions()][
    ::-1
]


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database without tables."""
    if request.param == "sqlite":
        return str(tmp_path / "old.db")
    server: str = request.getfixturevalue("postgres")
    engine = create_engine(url.parse(server))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return server


def upgrade_to(connection: Connection, revision: str) -> None:
    """Bring a database to an old revision."""
    config = migrate._config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    connection.commit()


def fill(connection: Connection) -> dict[str, int]:
    """Put a row in every table that there is, parents first; give the number of rows of each."""
    there = MetaData()
    there.reflect(connection)
    filled = {}
    for table in there.sorted_tables:
        if table.name == "alembic_version":
            continue
        connection.execute(table.insert().values({c.name: value(table, c.name) for c in table.c}))
        filled[table.name] = 1
    connection.commit()
    return filled


def value(table: Table, name: str) -> Any:
    """Invent a value for a column by its type."""
    kind = str(table.c[name].type).upper()
    if "JSON" in kind:
        return {}
    if "BYTE" in kind or "BLOB" in kind:
        return b"\x00" * 768
    if "TIME" in kind or "DATE" in kind:
        return datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    if "BOOL" in kind:
        return False
    if "CHAR" in kind or "TEXT" in kind:
        return "1"
    return 1


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_old_store_is_upgraded_with_its_rows(bare: str, revision: str) -> None:
    """From each revision to the newest: all rows are there, and the tables are those of the code."""
    target = url.parse(bare)
    with migrate._engine(target) as engine, engine.connect() as connection:
        upgrade_to(connection, revision)
        filled = fill(connection)
    before = migrate.upgrade(target)
    assert before.revision == revision
    with migrate._engine(target) as engine, engine.connect() as connection:
        for name, count in filled.items():
            rows = connection.execute(select(text("*")).select_from(text(name))).all()
            assert len(rows) == count, name
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_upgrading_twice_changes_nothing(bare: str) -> None:
    """The second time there is nothing to do."""
    migrate.upgrade(url.parse(bare))
    assert migrate.upgrade(url.parse(bare)).pending == ()
    assert migrate.state(url.parse(bare)).condition == "current"


async def test_an_empty_store_is_filled_at_start(bare: str) -> None:
    """Whoever starts Crux for the first time need not know of upgrades."""
    async with open_store(bare) as store:
        assert (await store.guilds.settings(1)).retention_days == 30


async def test_an_upgrade_that_is_not_safe_waits_for_a_person(
    bare: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start never rebuilds tables under another Crux; the line says which command does."""
    with migrate._engine(url.parse(bare)) as engine, engine.connect() as connection:
        upgrade_to(connection, REVISIONS[0])
    if len(REVISIONS) == 1:
        return
    monkeypatch.setattr(migrate, "_safe_at_start", lambda _revision: False)
    with pytest.raises(StoreError, match="crux db upgrade"):
        async with open_store(bare):
            pass
    assert migrate.state(url.parse(bare)).revision == REVISIONS[0]


def test_an_upgrade_that_fails_leaves_the_old_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All steps or none, and the copy made before is a whole store."""
    if len(REVISIONS) == 1:
        return
    file = tmp_path / "old.db"
    target = url.parse(str(file))
    with migrate._engine(target) as engine, engine.connect() as connection:
        upgrade_to(connection, REVISIONS[0])
        fill(connection)
        tables = set(inspect(connection).get_table_names())

    def broken(connection: Connection) -> None:
        upgrade_real(connection)
        raise sqlite3.OperationalError("database or disk is full")

    upgrade_real = migrate._steps
    monkeypatch.setattr(migrate, "_steps", broken)
    with pytest.raises(StoreError, match="No space left"):
        migrate.upgrade(target)
    with migrate._engine(target) as engine, engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == tables
    copy = file.with_name(f"old.db.before-{REVISIONS[0]}")
    assert migrate.state(url.parse(str(copy))).revision == REVISIONS[0]
