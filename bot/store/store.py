"""The store as the rest of Crux holds it: one database, and what is kept in it by subject."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.store import migrate, url
from bot.store.database import Database
from bot.store.digests import Digests
from bot.store.guilds import Guilds
from bot.store.maps import Maps
from bot.store.points import Points
from bot.store.privacy import Privacy
from bot.store.schedules import Schedules
from bot.store.threads import Threads
from bot.store.weeks import Weeks
from bot.store.work import Work
from nlp.weights import fingerprints


class Store:
    """Everything that is kept. Made by `open_store`; each part opens its own transactions."""

    def __init__(self, database: Database, encoder: str) -> None:
        self.database = database
        self.guilds = Guilds(database)
        self.maps = Maps(database)
        self.points = Points(database, encoder)
        self.threads = Threads(database, self.points)
        self.weeks = Weeks(database)
        self.digests = Digests(database)
        self.schedules = Schedules(database)
        self.work = Work(database)
        self.privacy = Privacy(database, self.points)


@asynccontextmanager
async def open_store(address: str | None = None) -> AsyncIterator[Store]:
    """Open the store at an address (see `bot.store.url`), brought up to date where that is safe.

    Raises StoreError where it cannot be opened, or needs `crux db upgrade` first.
    """
    where = url.parse(address)
    await asyncio.to_thread(migrate.prepare, where)
    database = Database(where)
    try:
        if url.is_memory(where):
            await migrate.create_all(database)
        yield Store(database, encoder_name())
    finally:
        await database.close()


def encoder_name() -> str:
    """Name the encoder whose vectors are stored: the shipped file's sha256, or CRUX_ENCODER."""
    return os.environ.get("CRUX_ENCODER", "").strip() or dict(fingerprints())["encoder.onnx"]
