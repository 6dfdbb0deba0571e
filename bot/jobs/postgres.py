"""Maps made by `crux worker`, on any machine that reaches the PostgreSQL store.

Jobs go through procrastinate and hold an id alone; threads and maps are in the store. A place's
jobs share a lock, so they run one at a time. The job of a worker that died is given to another.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector
from sqlalchemy import URL, text

from bot.errors import StoreError
from bot.jobs.analyst import Analyst, JobError, Lane, Standing, Tell
from bot.store import url as address
from bot.store.store import Store
from nlp.model import ArgumentMap, Thread

_log = logging.getLogger("crux.jobs")

TASK, QUEUE = "crux.map", "maps"
LOOK_EVERY = 0.5  # seconds between two looks at a job
RESCUE_EVERY = 10.0  # seconds between two looks for jobs of workers that died
HEARTBEAT = 5.0  # seconds
DEAD_AFTER = 30.0  # seconds without a heartbeat


@asynccontextmanager
async def open_queue(where: URL) -> AsyncIterator[App]:
    """Open the queue in a PostgreSQL store, its tables made where they are missing."""
    if where.get_backend_name() != "postgresql":
        raise StoreError(
            f"Workers need a store on PostgreSQL: set {address.VARIABLE} to postgresql://..."
        )
    plain = where.set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=plain, min_size=1, max_size=4))
    async with app.open_async():
        yield app


async def make_tables(store: Store, app: App) -> None:
    """Make the queue's tables, once, whoever comes first."""
    async with store.database.write() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(1668446578)"))
        there = await connection.scalar(text("SELECT to_regclass('procrastinate_jobs')"))
        if there is None:
            await app.schema_manager.apply_schema_async()


class PostgresAnalyst:
    """An `Analyst` that leaves the work to `crux worker`s. `longest` is in seconds."""

    def __init__(self, store: Store, app: App, *, most: int = 30, longest: float = 3600.0) -> None:
        self._store, self._app = store, app
        self._most, self._longest = most, longest
        self._waiting = 0
        self._rescuer: asyncio.Task[None] | None = None

    async def warm(self) -> None:
        """Make the queue's tables, and begin to look after jobs whose worker died."""
        await make_tables(self._store, self._app)
        self._rescuer = asyncio.create_task(rescue(self._app))

    def waiting(self) -> int:
        """Give the number of jobs that this process waits for."""
        return self._waiting

    async def analyze(self, thread: Thread, *, lane: Lane, tell: Tell) -> ArgumentMap:
        """Give the map of a thread when a worker has made it. Raises JobError."""
        if self._waiting >= self._most:
            raise JobError("The queue is full: try again in a few minutes.")
        self._waiting += 1
        key = await self._store.work.ask(thread, datetime.now(UTC))
        job: int | None = None
        try:
            task = self._app.configure_task(TASK, lock=lane.place, queue=QUEUE)
            job = await task.defer_async(key=key)
            async with asyncio.timeout(self._longest):
                return await self._result(key, tell)
        except TimeoutError:
            raise JobError(
                "No worker made the map in time: are any running (crux worker)?"
            ) from None
        finally:
            self._waiting -= 1
            await asyncio.shield(self._forget(key, job))

    async def _result(self, key: str, tell: Tell) -> ArgumentMap:
        while True:
            found = await self._store.work.look(key)
            if found is None or found.error is not None:
                raise JobError((found and found.error) or "The work was deleted meanwhile.")
            if found.result is not None:
                return found.result
            tell(Standing(step=found.step, share=found.share))
            await asyncio.sleep(LOOK_EVERY)

    async def _forget(self, key: str, job: int | None) -> None:
        await self._store.work.drop(key)
        if job is not None:
            with contextlib.suppress(Exception):  # done already, or running: it finds nothing to do
                await self._app.job_manager.cancel_job_by_id_async(job, delete_job=True)

    async def close(self) -> None:
        """Look after nothing any more; jobs go on elsewhere."""
        if self._rescuer is not None:
            self._rescuer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._rescuer


async def rescue(app: App) -> None:
    """Give jobs of workers without a heartbeat to others, for ever."""
    while True:
        try:
            for job in await app.job_manager.get_stalled_jobs(
                queue=QUEUE, seconds_since_heartbeat=DEAD_AFTER
            ):
                _log.warning("job %s goes to another worker", job.id)
                await app.job_manager.retry_job(job)
        except Exception as error:
            _log.warning("stalled jobs could not be looked for: %s", type(error).__name__)
        await asyncio.sleep(RESCUE_EVERY)


async def work(store: Store, app: App, analyst: Analyst, *, at_once: int = 1) -> None:
    """Make maps until told to stop; one that runs then is finished first."""

    @app.task(name=TASK, queue=QUEUE, pass_context=True)
    async def make(_context: JobContext, key: str) -> None:
        thread = await store.work.thread(key)
        if thread is None:
            return
        latest = Standing()

        def tell(standing: Standing) -> None:
            nonlocal latest
            latest = standing

        lane = Lane(place=key, group=key)
        job = asyncio.create_task(analyst.analyze(thread, lane=lane, tell=tell))
        while not job.done():
            if not await store.work.tell(key, latest.step, latest.share):
                job.cancel()  # nobody waits for it any more
            await asyncio.wait({job}, timeout=1.0)
        if job.cancelled():
            return
        error: Any = job.exception()
        if error is not None:
            said = str(error) if isinstance(error, JobError) else "The analysis failed."
            await store.work.failed(key, said)
        else:
            await store.work.done(key, job.result())

    await make_tables(store, app)
    rescuer = asyncio.create_task(rescue(app))
    try:
        await app.run_worker_async(
            queues=[QUEUE],
            concurrency=at_once,
            delete_jobs="always",
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=DEAD_AFTER,
        )
    finally:
        rescuer.cancel()
