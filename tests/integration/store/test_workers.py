"""Maps made by worker processes through a real PostgreSQL: any machine, no map lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import func, select, text

from bot.digest.model import Digest
from bot.jobs import JobError, Lane, Standing, parcels, postgres
from bot.jobs.clerk import LocalClerk, Window, Written
from bot.jobs.errands import open_queue
from bot.jobs.painter import InlinePainter, Picture
from bot.jobs.postgres import PostgresAnalyst
from bot.store import Store, migrate, open_store, url
from bot.store.schema import work
from nlp.model import ArgumentMap, Furniture, Post, Thread

THREAD = Thread(
    id="t",
    platform="linkedin",
    posts=(
        Post(id="1", text="We should close the bridge.", author="ada"),
        Post(id="2", text="No, it must stay.", author="bob", reply_to="1"),
    ),
    furniture=(Furniture(post="1", at=3, text="Like", reason="button"),),
)
LANE = Lane(place="square", group="town")


class SlowPainter(InlinePainter):
    """Takes `pace` seconds before it draws."""

    def __init__(self, pace: float) -> None:
        self._pace = pace

    async def paint(self, found: Picture, forms: Sequence[str]) -> Mapping[str, bytes]:
        """Wait, then draw."""
        await asyncio.sleep(self._pace)
        return await super().paint(found, forms)


async def serve(address: str, pace: float, drawing: float) -> None:
    """Be a worker whose analysis is the small one and takes `pace` seconds, its drawing others."""
    from bot.jobs.inline import InlineAnalyst
    from tests.chat import small

    async with open_queue(url.parse(address)) as app, open_store(address) as store:
        clerk = LocalClerk(store, SlowPainter(drawing), small.encode)
        await postgres.work(store, app, InlineAnalyst(small.slow(pace)), clerk)


async def worker(address: str, pace: float, drawing: float = 0.0) -> asyncio.subprocess.Process:
    """Start a worker process."""
    name = "tests.integration.store.test_workers"
    words = (sys.executable, "-m", name, address, str(pace), str(drawing))
    return await asyncio.create_subprocess_exec(*words)


@pytest.fixture
async def store(postgres: str) -> AsyncIterator[Store]:
    """Give an open store on PostgreSQL."""
    migrate.upgrade(url.parse(postgres))
    async with open_store(postgres) as opened:
        yield opened


async def pending(store: Store) -> int:
    """Count what of people's words is on its way."""
    async with store.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(work)) or 0


async def test_a_killed_worker_loses_nothing(
    store: Store, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the middle of a map, it is made by the next; the queue never held a word of it."""
    monkeypatch.setattr("bot.jobs.errands.DEAD_AFTER", 1.0)
    monkeypatch.setattr("bot.jobs.errands.RESCUE_EVERY", 0.5)
    steps: list[Standing] = []
    async with open_queue(url.parse(postgres)) as app:
        analyst = PostgresAnalyst(store, app)
        await analyst.warm()
        first = await worker(postgres, 600.0)
        job = asyncio.create_task(analyst.analyze(THREAD, lane=LANE, tell=steps.append))
        async with asyncio.timeout(60):
            while not any(s.step for s in steps):
                assert not job.done()
                await asyncio.sleep(0.05)
        async with store.database.read() as connection:
            jobs = await connection.execute(text("SELECT args::text FROM procrastinate_jobs"))
            assert all("bridge" not in args for (args,) in jobs)
        os.kill(first.pid, signal.SIGKILL)
        await first.wait()
        second = await worker(postgres, 0.0)
        try:
            found: ArgumentMap = await asyncio.wait_for(job, 90)
        finally:
            second.terminate()
            await second.wait()
            await analyst.close()
    assert [unit.text for unit in found.units] == [
        "We should close the bridge.",
        "No, it must stay.",
    ]
    assert await pending(store) == 0


async def test_whoever_asks_no_more_leaves_nothing_behind(store: Store, postgres: str) -> None:
    """A cancelled job and a full queue; no words stay in the store."""
    async with open_queue(url.parse(postgres)) as app:
        analyst = PostgresAnalyst(store, app, most=1)
        await analyst.warm()
        job = asyncio.create_task(analyst.analyze(THREAD, lane=LANE, tell=lambda _: None))
        while await pending(store) == 0:
            await asyncio.sleep(0.02)
        with pytest.raises(JobError, match="full"):
            await analyst.analyze(THREAD, lane=LANE, tell=lambda _: None)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        await analyst.close()
    assert await pending(store) == 0


def test_what_goes_between_processes_comes_whole() -> None:
    """A thread with the platform's furniture, a window, a digest, its files, vectors."""
    assert parcels.unpack_thread(parcels.pack_thread(THREAD)) == THREAD
    start = datetime(2026, 3, 2, tzinfo=UTC)
    window = Window(guild_id=2**62, start=start, end=start, least_posts=5, left_out=("“é”",))
    digest = Digest(
        guild_id=7, start=start, end=start, posts=1, people=1, threads=1, worth=True, nameless=3
    )
    for order in (window, digest, ("one", "two")):
        assert parcels.unpack_order(parcels.pack_order(order)) == order
    written = Written(digest=digest, files={"png": bytes(range(256)), "markdown": b""})
    assert parcels.unpack_written(parcels.pack_written(written)) == written
    rows = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4)
    assert (parcels.unpack_rows(parcels.pack_rows(rows)) == rows).all()
    none = np.empty((0, 0), np.float32)
    assert parcels.unpack_rows(parcels.pack_rows(none)).shape == (0, 0)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], *map(float, sys.argv[2:4])))
