"""Work on its way between the process that asks and the one that does it.

The queue itself holds ids alone: what people wrote is here, and goes when the result is taken.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.store.database import Database
from bot.store.schema import work


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How a piece of work stands; `result` once it is done, `error` once it has failed."""

    step: str
    share: float
    result: bytes | None
    error: str | None


class Work:
    """What is asked for, and what became of it; packed by whoever asks (`bot.jobs.parcels`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, asked: bytes, now: datetime) -> str:
        """Leave something to be done; give its id."""
        key = secrets.token_hex(16)
        async with self._database.write() as connection:
            await connection.execute(insert(work).values(id=key, asked=asked, created_at=now))
        return key

    async def asked(self, key: str) -> bytes | None:
        """Give what is to be done to whoever does it; None once nobody waits for it."""
        async with self._database.read() as connection:
            found = await connection.scalar(select(work.c.asked).where(work.c.id == key))
        return None if found is None else bytes(found)

    async def tell(self, key: str, step: str, share: float) -> bool:
        """Say how far it is; give whether somebody still waits for it."""
        async with self._database.write() as connection:
            done = await connection.execute(
                update(work).where(work.c.id == key).values(step=step[:64], share=share)
            )
        return done.rowcount == 1

    async def done(self, key: str, result: bytes) -> None:
        """Leave the result for whoever asked."""
        async with self._database.write() as connection:
            await connection.execute(update(work).where(work.c.id == key).values(result=result))

    async def failed(self, key: str, error: str) -> None:
        """Leave a sentence on why there is no result."""
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
            result=None if row.result is None else bytes(row.result),
            error=row.error,
        )

    async def drop(self, key: str) -> None:
        """Forget it: the result is taken, or nobody wants it."""
        async with self._database.write() as connection:
            await connection.execute(delete(work).where(work.c.id == key))
