"""Work left for `crux worker`s, on any machine that reaches the PostgreSQL store.

Jobs go through procrastinate and hold an id alone; what is asked and what came of it are in the
store. Jobs of one lock run one at a time. The job of a worker that died is given to another.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy import URL, text

from bot.errors import StoreError
from bot.jobs.analyst import JobError, Standing, Tell
from bot.store import url as address
from bot.store.store import Store

_log = logging.getLogger("crux.jobs")

QUEUES = ("maps", "digests")
LOOK_EVERY = 0.5  # seconds between two looks at a job
RESCUE_EVERY = 10.0  # seconds between two looks for jobs of workers that died
HEARTBEAT = 5.0  # seconds
DEAD_AFTER = 30.0  # seconds without a heartbeat

Serve = Callable[[bytes, Tell], Awaitable[bytes]]


@asynccontextmanager
async def open_queue(where: URL) -> AsyncIterator[App]:
    """Open the queue in a PostgreSQL store."""
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


async def ask(
    store: Store,
    app: App,
    asked: bytes,
    *,
    task: str,
    queue: str,
    lock: str | None,
    longest: float,
    tell: Tell,
    priority: int = 0,
) -> bytes:
    """Give what a worker made of `asked`, in at most `longest` seconds.

    Cancelling the caller cancels the job. Raises JobError.
    """
    key = await store.work.ask(asked, datetime.now(UTC))
    job: int | None = None
    try:
        named = app.configure_task(task, lock=lock, queue=queue, priority=priority)
        job = await named.defer_async(key=key)
        async with asyncio.timeout(longest):
            return await _result(store, key, tell)
    except TimeoutError:
        raise JobError("No worker did the work in time: are any running (crux worker)?") from None
    finally:
        await asyncio.shield(_forget(store, app, key, job))


async def _result(store: Store, key: str, tell: Tell) -> bytes:
    while True:
        found = await store.work.look(key)
        if found is None or found.error is not None:
            raise JobError(
                (found and found.error) or "Somebody's words were erased meanwhile: ask again."
            )
        if found.result is not None:
            return found.result
        tell(Standing(step=found.step, share=found.share))
        await asyncio.sleep(LOOK_EVERY)


async def _forget(store: Store, app: App, key: str, job: int | None) -> None:
    await store.work.drop(key)
    if job is not None:
        with contextlib.suppress(Exception):  # done already, or running: it finds nothing to do
            await app.job_manager.cancel_job_by_id_async(job, delete_job=True)


async def serve(store: Store, key: str, work: Serve) -> None:
    """Do the work that a job names, and leave its result; stop when nobody waits for it."""
    asked = await store.work.asked(key)
    if asked is None:
        return
    latest = Standing()

    def tell(standing: Standing) -> None:
        nonlocal latest
        latest = standing

    async def done() -> bytes:
        return await work(asked, tell)

    job = asyncio.create_task(done())
    while not job.done():
        if not await store.work.tell(key, latest.step, latest.share):
            job.cancel()
        await asyncio.wait({job}, timeout=1.0)
    if job.cancelled():
        return
    error: Any = job.exception()
    if error is None:
        await store.work.done(key, job.result())
    else:
        _log.error("a job failed: %s", type(error).__name__)
        said = str(error) if isinstance(error, JobError) else "The work failed."
        await store.work.failed(key, said)


@asynccontextmanager
async def rescuing(app: App) -> AsyncIterator[None]:
    """Look for jobs of workers that died, as long as the block runs."""
    task = asyncio.create_task(_rescue(app))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _rescue(app: App) -> None:
    """Give jobs of workers without a heartbeat to others, for ever."""
    while True:
        try:
            for queue in QUEUES:
                for job in await app.job_manager.get_stalled_jobs(
                    queue=queue, seconds_since_heartbeat=DEAD_AFTER
                ):
                    _log.warning("job %s goes to another worker", job.id)
                    await app.job_manager.retry_job(job)
        except Exception as error:
            _log.warning("stalled jobs could not be looked for: %s", type(error).__name__)
        await asyncio.sleep(RESCUE_EVERY)
