"""Maps and digests made by `crux worker`s: `Analyst` and `Clerk` over the PostgreSQL queue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from procrastinate import App, JobContext

from bot.digest.model import Digest
from bot.jobs import errands, parcels
from bot.jobs.analyst import Analyst, JobError, Lane, Tell
from bot.jobs.clerk import Clerk, Window, Written
from bot.store.body import pack, unpack
from bot.store.store import Store
from bot.store.vectors import Rows
from nlp.model import ArgumentMap, Thread

MAP, DIGEST = "crux.map", "crux.digest"
MAPS, DIGESTS = errands.QUEUES
FIRST = 10  # priority of digests: short, and there is a time at which they are due


class PostgresAnalyst:
    """An `Analyst` that leaves the work to `crux worker`s. `longest` is in seconds."""

    def __init__(self, store: Store, app: App, *, most: int = 30, longest: float = 3600.0) -> None:
        self._store, self._app = store, app
        self._most, self._longest = most, longest
        self._waiting = 0
        self._stack = AsyncExitStack()

    async def warm(self) -> None:
        """Make the queue's tables, and begin to look after jobs whose worker died."""
        await errands.make_tables(self._store, self._app)
        await self._stack.enter_async_context(errands.rescuing(self._app))

    def waiting(self) -> int:
        """Give the number of jobs that this process waits for."""
        return self._waiting

    async def analyze(self, thread: Thread, *, lane: Lane, tell: Tell) -> ArgumentMap:
        """Give the map of a thread when a worker has made it. Raises JobError."""
        if self._waiting >= self._most:
            raise JobError("The queue is full: try again in a few minutes.")
        self._waiting += 1
        try:
            return unpack(
                await errands.ask(
                    self._store,
                    self._app,
                    parcels.pack_thread(thread),
                    task=MAP,
                    queue=MAPS,
                    lock=lane.place,
                    longest=self._longest,
                    tell=tell,
                )
            )
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Look after nothing any more; jobs go on elsewhere."""
        await self._stack.aclose()


class PostgresClerk:
    """A `Clerk` that leaves the work to `crux worker`s; the bot only talks."""

    def __init__(self, store: Store, app: App, *, longest: float = 3600.0) -> None:
        self._store, self._app, self._longest = store, app, longest

    async def encode(self, texts: Sequence[str]) -> Rows:
        """Give one row per text when a worker has made them."""
        return parcels.unpack_rows(await self._asked(tuple(texts), None, lock=None))

    async def write(self, wanted: Window | Digest, *, tell: Tell | None = None) -> Written:
        """Give a digest and its files when a worker has made them."""
        lock = f"digest of {wanted.guild_id}"
        return parcels.unpack_written(await self._asked(wanted, tell, lock=lock))

    async def _asked(
        self, wanted: Window | Digest | tuple[str, ...], tell: Tell | None, *, lock: str | None
    ) -> bytes:
        return await errands.ask(
            self._store,
            self._app,
            parcels.pack_order(wanted),
            task=DIGEST,
            queue=DIGESTS,
            lock=lock,
            longest=self._longest,
            tell=tell or (lambda _: None),
            priority=FIRST,
        )


async def work(store: Store, app: App, analyst: Analyst, clerk: Clerk, *, at_once: int = 1) -> None:
    """Make maps and digests until told to stop; what runs then is finished first."""

    @app.task(name=MAP, queue=MAPS, pass_context=True)
    async def make_map(_context: JobContext, key: str) -> None:
        async def made(asked: bytes, tell: Tell) -> bytes:
            lane = Lane(place=key, group=key)
            thread = parcels.unpack_thread(asked)
            return pack(await analyst.analyze(thread, lane=lane, tell=tell))

        await errands.serve(store, key, made)

    @app.task(name=DIGEST, queue=DIGESTS, pass_context=True)
    async def make_digest(_context: JobContext, key: str) -> None:
        async def made(asked: bytes, tell: Tell) -> bytes:
            order = parcels.unpack_order(asked)
            if isinstance(order, tuple):
                return parcels.pack_rows(await clerk.encode(order))
            return parcels.pack_written(await clerk.write(order, tell=tell))

        await errands.serve(store, key, made)

    await errands.make_tables(store, app)
    async with errands.rescuing(app):
        await app.run_worker_async(
            queues=list(errands.QUEUES),
            concurrency=at_once,
            delete_jobs="always",
            update_heartbeat_interval=errands.HEARTBEAT,
            stalled_worker_timeout=errands.DEAD_AFTER,
        )


@asynccontextmanager
async def open_workers(
    store: Store, *, most: int, longest: float
) -> AsyncIterator[tuple[PostgresAnalyst, PostgresClerk]]:
    """Give who has maps and digests made by workers, as long as the block runs."""
    async with errands.open_queue(store.database.url) as app:
        analyst = PostgresAnalyst(store, app, most=most, longest=longest)
        try:
            yield analyst, PostgresClerk(store, app, longest=longest)
        finally:
            await analyst.close()
