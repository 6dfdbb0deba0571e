"""A store that fails says so in one line, keeps what it had, and works again when it can."""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text

from bot.errors import StoreError
from bot.store import GuildSettings, Store, migrate, open_store, url
from bot.store.schema import posts
from tests.integration.store.talk import BENCH, GUILD, map_of, remember


@pytest.fixture
def file(tmp_path: Path, empty_file: Path) -> Path:
    """Give a file with an empty store in it."""
    copy = tmp_path / "crux.db"
    copy.write_bytes(empty_file.read_bytes())
    return copy


def one_line(error: StoreError, *says: str) -> None:
    """Check that a message is one line for a person, without a statement or somebody's words."""
    message = str(error)
    assert "\n" not in message
    for word in says:
        assert word in message
    assert "SELECT" not in message
    assert "INSERT" not in message
    assert "bench" not in message


async def refused(act: Callable[[], Any], *says: str) -> None:
    with pytest.raises(StoreError) as caught:
        await act()
    one_line(caught.value, *says)


async def look(address: str) -> None:
    async with open_store(address) as store:
        await store.guilds.settings(GUILD)


async def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    """A picture is not a store; nor is another program's database."""
    other = tmp_path / "other"
    other.write_bytes(b"\x89PNG" * 4000)
    await refused(lambda: look(str(other)), "no Crux store", str(other))
    assert other.read_bytes() == b"\x89PNG" * 4000
    foreign = tmp_path / "foreign.db"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE posts (words TEXT)")
    connection.close()
    await refused(lambda: look(str(foreign)), "not of a Crux store")


async def test_a_damaged_file_says_so(file: Path) -> None:
    """Half of its pages gone: one line, and the file is not made worse."""
    async with open_store(str(file)) as store:
        await remember(store, map_of(BENCH))
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))

    async def act() -> None:
        async with open_store(str(file)) as store:
            await remember(store, map_of(BENCH))

    await refused(act, "damaged", "last copy")


async def test_a_store_of_a_newer_crux_is_not_touched(file: Path) -> None:
    """An older program must not write into tables that it does not know."""
    connection = sqlite3.connect(file)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    await refused(lambda: look(str(file)), "newer Crux")


async def test_a_read_only_file_can_be_read(file: Path) -> None:
    """What was stored is shown; a write is refused with the way out."""
    async with open_store(str(file)) as store:
        await store.guilds.set(GUILD, GuildSettings(retention_days=9))
    address = f"sqlite:///file:{file}?mode=ro&uri=true"
    async with open_store(address) as store:
        assert (await store.guilds.settings(GUILD)).retention_days == 9
        await refused(lambda: remember(store, map_of(BENCH)), "cannot be written", str(file.parent))


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "taken").write_text("")
    await refused(lambda: look(str(tmp_path / "taken" / "crux.db")), "cannot be made")


async def test_a_full_disk_loses_nothing(file: Path) -> None:
    """The write is refused, what was there stays, and it goes on when there is room."""
    async with open_store(str(file)) as store:
        await remember(store, map_of(BENCH[:1]))
        pages = await _pages(store)

        def no_room(connection: Any, _record: object) -> None:
            connection.execute(f"PRAGMA max_page_count={pages}")

        await store.database.engine.dispose()
        event.listen(store.database.engine.sync_engine, "connect", no_room)
        big = [
            line.__class__(f"{i}", "ann", line.text + " x" * 5000, f"p{i}")
            for i, line in enumerate(BENCH * 4)
        ]
        await refused(lambda: remember(store, map_of(big)), "No space left")
        event.remove(store.database.engine.sync_engine, "connect", no_room)
        await store.database.engine.dispose()
        history = await store.points.history(GUILD, 1)
        assert history is not None
        assert len(history.said) == 1
        await remember(store, map_of(big))


async def test_no_error_carries_what_was_said(store: Store) -> None:
    """A traceback in a log never shows the words that were to be stored."""
    words = "a {} bench".format("secret".lower())
    with pytest.raises(StoreError) as caught:
        async with store.database.write() as connection:
            await connection.execute(posts.insert().values(text=words, guild_id=1))
    shown = "".join(traceback.format_exception(caught.value))
    assert "StoreError" in shown
    assert words not in shown


async def _pages(store: Store) -> int:
    async with store.database.read() as connection:
        return int(await connection.scalar(text("PRAGMA page_count")) or 0)


async def test_a_server_that_goes_away_is_found_again(postgres: str) -> None:
    """Connections cut in the middle, then no server at all: a line each; then it works again."""
    migrate.upgrade(url.parse(postgres))
    target = url.parse(postgres)
    admin = create_engine(target.set(database="postgres"), isolation_level="AUTOCOMMIT")
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    async with open_store(postgres) as store:
        await store.guilds.set(77, GuildSettings(retention_days=5))

        async def midway() -> None:
            async with store.database.write() as connection:
                await connection.execute(text("SELECT 1"))
                with admin.connect() as other:
                    other.execute(cut, {"name": target.database})
                await connection.execute(text("SELECT 1"))

        await refused(midway, "went away", "when it returns")
        with admin.connect() as other:
            other.execute(text(f"ALTER DATABASE {target.database} ALLOW_CONNECTIONS false"))
            other.execute(cut, {"name": target.database})
        try:
            await refused(lambda: store.guilds.settings(77), "store")
        finally:
            with admin.connect() as other:
                other.execute(text(f"ALTER DATABASE {target.database} ALLOW_CONNECTIONS true"))
        assert (await store.guilds.settings(77)).retention_days == 5
    admin.dispose()


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    """The line says where Crux looked, and no secret."""
    address = "postgresql://crux:s3cret@127.0.0.1:1/none"
    with pytest.raises(StoreError) as caught:
        await look(address)
    one_line(caught.value, "cannot be reached", "127.0.0.1:1")
    assert "s3cret" not in str(caught.value)


def test_an_address_that_is_none_is_refused() -> None:
    """A misspelt address names the forms that there are."""
    for wrong in ("mysql://root@localhost/x", "postgres:/x://", "://"):
        with pytest.raises(StoreError, match="CRUX_DATABASE"):
            url.parse(wrong)
