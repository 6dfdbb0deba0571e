"""Bringing a store's tables up to date: at start where that is safe, else by `crux db upgrade`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from bot.errors import StoreError
from bot.store import url as address
from bot.store.database import BUSY_MS, CONNECT_S, Database, explained
from bot.store.schema import metadata

SCRIPTS = Path(__file__).with_name("migrations")
LOCK = 0x43727578  # PostgreSQL: two that start at once upgrade one after the other


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """Where a store's tables stand: the revision in it (None before the first), and the newest."""

    revision: str | None
    head: str
    pending: tuple[str, ...]
    condition: Literal["current", "empty", "behind", "unknown", "foreign"]


def state(url: URL) -> State:
    """Look where a store stands. Raises StoreError where it cannot be opened."""
    with _engine(url) as engine, engine.connect() as connection:
        return _state(connection)


def look(url: URL) -> str:
    """Say in a few words how a store stands; no file is made by looking."""
    if address.is_memory(url):
        return "up to date: in memory"
    missing = url.get_backend_name() == "sqlite" and "uri" not in url.query
    if missing and not Path(str(url.database)).exists():
        return "not there yet: made at first use"
    found = state(url)
    lines = {
        "current": f"up to date ({found.head})",
        "empty": "empty: its tables are made at first use",
        "behind": f"{found.revision}, behind {found.head}: run crux db upgrade",
        "unknown": f"made by a newer Crux ({found.revision}): update this one",
        "foreign": "not a Crux store: name another",
    }
    return lines[found.condition]


def prepare(url: URL) -> None:
    """Make a store ready for use: fill an empty one, upgrade one where every step says it may.

    Raises StoreError where `crux db upgrade` must be run first.
    """
    if address.is_memory(url):
        return
    _make_folder(url)
    found = state(url)
    if found.condition == "current":
        return
    if found.condition == "behind" and not all(_safe_at_start(r) for r in found.pending):
        raise StoreError(
            f"The store {address.named(url)} has old tables: stop every Crux that uses it, "
            "then run crux db upgrade."
        )
    upgrade(url)


def upgrade(url: URL) -> State:
    """Bring a store to the newest tables, all steps or none; give where it stood before.

    A SQLite file with something in it is copied first, to FILE.before-REVISION.
    """
    _make_folder(url)
    with _engine(url) as engine, engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
            connection.commit()
        before = _state(connection)
        connection.rollback()
        _refuse_others(before, url)
        if before.condition == "behind" and connection.dialect.name == "sqlite":
            _copy(Path(str(url.database)), str(before.revision))
        if before.pending:
            with connection.begin():
                _steps(connection)
        return before


async def create_all(database: Database) -> None:
    """Make the tables of a store in memory, which never has old ones."""
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)


def _steps(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def _state(connection: Connection) -> State:
    scripts = ScriptDirectory.from_config(_config())
    head = scripts.get_current_head() or ""
    revision = MigrationContext.configure(connection).get_current_revision()
    every = [s.revision for s in scripts.walk_revisions()][::-1]
    condition: Literal["current", "empty", "behind", "unknown", "foreign"]
    pending: tuple[str, ...] = ()
    if revision is None:
        tables = set(inspect(connection).get_table_names())
        condition = "foreign" if tables & set(metadata.tables) else "empty"
        pending = tuple(every)
    elif revision == head:
        condition = "current"
    elif revision in every:
        condition = "behind"
        pending = tuple(every[every.index(revision) + 1 :])
    else:
        condition = "unknown"
    return State(revision=revision, head=head, pending=pending, condition=condition)


def _refuse_others(found: State, url: URL) -> None:
    if found.condition == "unknown":
        raise StoreError(
            f"The store {address.named(url)} was made by a newer Crux: update this one."
        )
    if found.condition == "foreign":
        raise StoreError(
            f"{address.named(url)} holds tables that are not of a Crux store: name another."
        )


def _safe_at_start(revision: str) -> bool:
    script = ScriptDirectory.from_config(_config()).get_revision(revision)
    return bool(getattr(script.module, "SAFE_AT_START", False)) if script else False


def _make_folder(url: URL) -> None:
    if url.get_backend_name() != "sqlite" or address.is_memory(url) or "uri" in url.query:
        return
    file = Path(str(url.database))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The store's folder {file.parent} cannot be made ({error.strerror}): "
            "name another file in CRUX_DATABASE."
        ) from error


def _copy(file: Path, revision: str) -> None:
    """Copy a SQLite file in one consistent state, also while others read it."""
    copy = file.with_name(f"{file.name}.before-{revision}")
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


@contextmanager
def _engine(url: URL) -> Iterator[Engine]:
    """Open a plain engine for the time of a look or an upgrade; failures are StoreError."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url.set(drivername="sqlite"),
            poolclass=NullPool,
            connect_args={"timeout": BUSY_MS / 1000},
        )
        event.listen(engine, "connect", _by_hand)
        event.listen(engine, "begin", _begin)
    else:
        engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": CONNECT_S})
    with explained(url):
        try:
            yield engine
        finally:
            engine.dispose()


def _by_hand(connection: Any, _record: object) -> None:
    """Transactions by hand, so that tables change all or not at all.

    Foreign keys stay off: a table that is rebuilt would take the rows that point at it along.
    """
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
