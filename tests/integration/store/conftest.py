"""The store in its three forms; one suite of tests runs over all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.store import Store, migrate, open_store, url
from bot.store.schema import metadata


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
