"""Analyses on their way between the process that asks and the one that makes them.

The queue itself holds ids alone: what people wrote is here, and goes when the result is taken.
"""

from __future__ import annotations

import json
import secrets
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.store import body
from bot.store.database import Database
from bot.store.schema import work
from bot.views.json import as_dict, from_dict
from nlp.model import ArgumentMap, Furniture, Thread


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How an analysis stands; `result` once it is made, `error` once it has failed."""

    step: str
    share: float
    result: ArgumentMap | None
    error: str | None


class Work:
    """Threads to be mapped, and their maps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, thread: Thread, now: datetime) -> str:
        """Leave a thread to be mapped; give its id."""
        key = secrets.token_hex(16)
        async with self._database.write() as connection:
            await connection.execute(
                insert(work).values(id=key, thread=_pack(thread), created_at=now)
            )
        return key

    async def thread(self, key: str) -> Thread | None:
        """Give a thread to whoever maps it; None once nobody waits for it."""
        async with self._database.read() as connection:
            found = await connection.scalar(select(work.c.thread).where(work.c.id == key))
        return None if found is None else _unpack(found)

    async def tell(self, key: str, step: str, share: float) -> bool:
        """Say how far it is; give whether somebody still waits for it."""
        async with self._database.write() as connection:
            done = await connection.execute(
                update(work).where(work.c.id == key).values(step=step[:64], share=share)
            )
        return done.rowcount == 1

    async def done(self, key: str, found: ArgumentMap) -> None:
        """Leave the map for whoever asked."""
        async with self._database.write() as connection:
            await connection.execute(
                update(work).where(work.c.id == key).values(result=body.pack(found))
            )

    async def failed(self, key: str, error: str) -> None:
        """Leave a sentence on why there is no map."""
        async with self._database.write() as connection:
            await connection.execute(update(work).where(work.c.id == key).values(error=error))

    async def look(self, key: str) -> Progress | None:
        """Give how it stands; None where there is no such work any more."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    select(work.c.step, work.c.share, work.c.result, work.c.error).where(
                        work.c.id == key
                    )
                )
            ).one_or_none()
        if row is None:
            return None
        return Progress(
            step=row.step,
            share=row.share,
            result=None if row.result is None else body.unpack(row.result),
            error=row.error,
        )

    async def drop(self, key: str) -> None:
        """Forget it: the result is taken, or nobody wants it."""
        async with self._database.write() as connection:
            await connection.execute(delete(work).where(work.c.id == key))


def _pack(thread: Thread) -> bytes:
    row = {
        "map": as_dict(ArgumentMap(thread=thread)),
        "furniture": [asdict(one) for one in thread.furniture],
    }
    return zlib.compress(json.dumps(row, ensure_ascii=False).encode())


def _unpack(packed: bytes) -> Thread:
    row = json.loads(zlib.decompress(packed))
    thread = from_dict(row["map"]).thread
    return Thread(
        id=thread.id,
        posts=thread.posts,
        title=thread.title,
        platform=thread.platform,
        furniture=tuple(Furniture(**one) for one in row["furniture"]),
    )
