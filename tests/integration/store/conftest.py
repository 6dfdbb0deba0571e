"""The store in its three forms; one suite of tests runs over all."""

from __future__ import annotations

import os
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from bot.store import Store, migrate, open_store, url
from bot.store.schema import metadata

# A server on which a database may be made and dropped; README says how to name another.
SERVER = os.environ.get("CRUX_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Make a database for this run and drop it; left out loudly where no server is, never in CI."""
    name = f"crux_test_{os.getpid()}"
    server = make_url(SERVER).set(drivername="postgresql+psycopg")
    engine = create_engine(
        server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3}
    )
    try:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit TO off"))
    except OperationalError:
        if os.environ.get("CI") == "true":
            raise
        reason = f"LEFT OUT: the PostgreSQL form of the store, no server at {SERVER} (see README)"
        warnings.warn(pytest.PytestWarning(reason), stacklevel=1)
        pytest.skip(reason)
    yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one upgraded SQLite file, which tests copy."""
    file = tmp_path_factory.mktemp("store") / "empty.db"
    migrate.upgrade(url.parse(str(file)))
    return file


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path, empty_file: Path) -> str:
    """Give the address of an empty store of each form."""
    if request.param == "memory":
        return "memory"
    if request.param == "sqlite":
        file = tmp_path / "crux.db"
        file.write_bytes(empty_file.read_bytes())
        return str(file)
    server: str = request.getfixturevalue("postgres")
    migrate.upgrade(url.parse(server))
    engine = create_engine(url.parse(server))
    with engine.begin() as connection:  # fewer files to flush than TRUNCATE has
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()
    return server


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    """Give an open, empty store of each form."""
    async with open_store(address) as opened:
        yield opened
