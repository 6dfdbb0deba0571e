"""One database: how it is opened, read from and written to, and what is said when it fails."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import StoreError
from bot.store import url as address

BUSY_MS = 10_000  # SQLite has one writer: how long another waits for its turn
CONNECT_S = 5  # PostgreSQL
WRITES = "crux_writes"


class Database:
    """An engine with the house's rules on it. SQLite: WAL, foreign keys, one writer at a time.

    Everything that fails raises StoreError, with the way out in its line.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.engine = _engine(url)
        self._writing = self.engine.execution_options(**{WRITES: True})

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that reads one consistent state."""
        with explained(self.url):
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that writes: all of it, or nothing."""
        with explained(self.url):
            async with self._writing.begin() as connection:
                yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() == "sqlite":
        options: dict[str, Any] = {}
        if address.is_memory(url):  # it lives as long as its one connection
            options = {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0}
        engine = create_async_engine(
            url, connect_args={"timeout": BUSY_MS / 1000}, hide_parameters=True, **options
        )
        event.listen(engine.sync_engine, "connect", _open_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    return create_async_engine(
        url,
        hide_parameters=True,  # what people wrote is in no error, wherever that is logged
        pool_pre_ping=True,  # a server that went away and came back is found again
        pool_size=4,
        max_overflow=6,
        connect_args={"connect_timeout": CONNECT_S, "application_name": "crux"},
    )


def _open_sqlite(connection: Any, _record: object) -> None:
    """Take transactions into our own hands, and set what SQLite leaves off for old programs."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Ask for the writer's turn at once: a reader that turns writer midway could be refused."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class explained:  # noqa: N801 - reads as a verb: `with explained(url):`
    """Turn what a driver raises into one line for a person; no statement, no stored text in it."""

    def __init__(self, url: URL) -> None:
        self._url = url

    def __enter__(self) -> None:
        """Nothing to open."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Raise StoreError from a failure of the database; let everything else pass."""
        if isinstance(error, (SQLAlchemyError, sqlite3.Error, OSError)):
            # PostgreSQL shows the row that it refuses, with all that somebody wrote in it: the
            # cause is not passed on, where a log could show it
            raise StoreError(line_of(error, self._url)) from None


def line_of(error: BaseException, url: URL) -> str:
    """Say what happened to a store and how to mend it."""
    name = address.named(url)
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = str(cause).lower()
    for sign, line in _SQLITE if url.get_backend_name() == "sqlite" else _POSTGRES:
        if sign in said:
            return line.format(name=name, folder=Path(name).parent)
    return f"The store {name} failed ({type(cause).__name__}): crux doctor looks at it."


_SQLITE = (
    ("malformed", "The store {name} is damaged: move it aside and put the last copy in its place."),
    ("not a database", "{name} is no Crux store: move it aside, or name another file."),
    ("readonly", "The store {name} cannot be written to: check the rights of it and of {folder}."),
    ("full", "No space left for the store {name}: free some on that disk; what was stored stays."),
    ("disk i/o", "The disk of the store {name} fails to read or write: check it and its space."),
    ("unable to open", "The store {name} cannot be opened: check that {folder} can be written to."),
    ("locked", "The store {name} is held by another program for too long: stop that, try again."),
    ("no such table", "The store {name} has no tables yet, or old ones: run crux db upgrade."),
    ("no such column", "The store {name} has old tables: run crux db upgrade."),
)
_POSTGRES = (
    ("does not exist", "The store {name} lacks its database or its tables: run crux db upgrade."),
    ("password", "The store {name} refuses the user or the password in CRUX_DATABASE."),
    ("no space left", "The disk of the store {name} is full: free some; what was stored stays."),
    ("read-only", "The store {name} takes no writes: is it a standby? Name the primary."),
    ("too many", "The store {name} has no connection free: allow more, or run fewer workers."),
    ("closed", "The store {name} went away: Crux goes on when it returns."),
    ("terminat", "The store {name} went away: Crux goes on when it returns."),
    ("connect", "The store {name} cannot be reached: is it running? Crux goes on when it returns."),
)
