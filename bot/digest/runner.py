"""Posting digests when they are due: exactly one for each window, whatever stops in the middle.

A run goes through STEPS; each leaves the store so that the next run, here or on another machine,
goes on from there. The digest of a window is composed once and kept before it is sent; a run that
finds one that was being sent looks in the channel before it sends again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

from bot.digest.courier import Courier, NoWayError, Source, Sources
from bot.digest.model import Digest
from bot.errors import StoreError
from bot.jobs.clerk import Clerk, Window, Written
from bot.store.digests import StoredDigest
from bot.store.schedules import Schedule
from bot.store.store import Store
from bot.store.threads import Origin
from bot.store.values import GuildSettings
from bot.store.vectors import Rows
from nlp.model import ArgumentMap, Thread

_log = logging.getLogger("crux.digest")

LEASE = timedelta(minutes=15)
AT_ONCE = 4  # servers; their maps wait for one analyst anyway
STEPS = ("claimed", "collected", "composed", "written", "marked", "sent", "done")

Clock = Callable[[], datetime]
Passed = Callable[[str, int], None]
Files = Mapping[str, bytes]


class Mapper(Protocol):
    """Makes the map of a server's thread, and the vectors of its units."""

    async def map(self, guild_id: int, thread: Thread) -> tuple[ArgumentMap, Rows]:
        """Give the map and one unit-length row per unit."""
        ...


class Runner:
    """Runs what is due. `passed` hears of each step and server, for whoever watches."""

    def __init__(
        self,
        *,
        store: Store,
        courier: Courier,
        mapper: Mapper,
        clerk: Clerk,
        clock: Clock,
        passed: Passed | None = None,
    ) -> None:
        self._store, self._courier, self._mapper = store, courier, mapper
        self._clerk, self._clock = clerk, clock
        self._passed = passed or (lambda _step, _guild: None)
        self._owner = secrets.token_hex(8)

    async def tick(self) -> int:
        """Run every schedule that is due; give how many. One that fails stops no other.

        A store that is away is left for the next tick.
        """
        try:
            due = await self._store.schedules.due(self._clock())
        except StoreError as error:
            _log.warning("digests wait: %s", error)
            return 0
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(schedule: Schedule) -> bool:
            async with gate:
                return await self._claimed(schedule)

        done = await asyncio.gather(*(one(schedule) for schedule in due))
        return sum(done)

    async def preview(self, schedule: Schedule) -> tuple[StoredDigest, Files]:
        """Collect, and give the digest of the window as it would be now; nothing is posted."""
        settings = await self._store.guilds.settings(schedule.guild_id)
        now = self._clock()
        sources = await self._collect(schedule, settings, until=now)
        written = await self._clerk.write(_window(schedule, now, settings, sources))
        return StoredDigest.preview(written.digest, schedule.channel_id), written.files

    async def _claimed(self, schedule: Schedule) -> bool:
        guild, now = schedule.guild_id, self._clock()
        try:
            if not await self._store.schedules.claim(guild, self._owner, now, LEASE):
                return False
            # what is known now: the one that we saw may have been run by another meanwhile
            current = await self._store.schedules.get(guild)
            assert current is not None
            self._passed("claimed", guild)
            async with self._holding(guild):
                return await self._run(current)
        except NoWayError as error:
            await self._pause(schedule, str(error))
        except Exception as error:
            # what a person said could be in an error's words: they are not logged
            _log.error("digest of server %d failed: %s", guild, type(error).__name__)
            await self._quietly(self._store.schedules.failed(guild, self._owner, self._clock()))
        return False

    @asynccontextmanager
    async def _holding(self, guild: int) -> AsyncIterator[None]:
        """Keep the lease while others do the work, however long they take."""

        async def hold() -> None:
            while True:
                await asyncio.sleep(LEASE.total_seconds() / 3)
                renewal = self._store.schedules.renew(guild, self._owner, self._clock(), LEASE)
                await self._quietly(renewal)

        holder = asyncio.create_task(hold())
        try:
            yield
        finally:
            holder.cancel()

    async def _run(self, schedule: Schedule) -> bool:
        settings = await self._store.guilds.settings(schedule.guild_id)
        written: Written | None = None
        kept = await self._store.digests.of_window(schedule.guild_id, schedule.window_start)
        if kept is None:
            written = await self._compose(schedule, settings)
            kept = await self._store.digests.add(written.digest)
        self._passed("composed", schedule.guild_id)
        message = shown = None
        if kept.digest.worth or settings.when_empty == "line":
            message, shown = await self._post(schedule, kept, written)
            if message is None:
                return False
        self._passed("sent", schedule.guild_id)
        done = await self._store.schedules.finish(
            schedule,
            self._owner,
            digest=kept.id,
            window_end=kept.digest.end,
            now=self._clock(),
            message=message,
        )
        self._passed("done", schedule.guild_id)
        if done and message is not None:
            await self._keep_up(kept.id, shown)
        return done

    async def _compose(self, schedule: Schedule, settings: GuildSettings) -> Written:
        """Read what is new, and give the digest of the window: of all weeks that were missed."""
        end = max(schedule.slot.until(self._clock()), schedule.next_run_at)
        sources = await self._collect(schedule, settings, until=end)
        self._passed("collected", schedule.guild_id)
        return await self._clerk.write(_window(schedule, end, settings, sources))

    async def _post(
        self, schedule: Schedule, kept: StoredDigest, written: Written | None
    ) -> tuple[int | None, Digest | None]:
        """Give the message that shows the digest, and the digest that it shows, if that is known.

        No message where the lease is lost.
        """
        if kept.status == "sending":
            found = await self._courier.find(kept)
            if found is not None:
                return found, None
        # what was taken back while it was written is not posted
        while (now_kept := await self._store.digests.get(kept.id)) is not None:
            if written is not None and written.digest == now_kept.digest:
                break
            written = await self._clerk.write(now_kept.digest)
        if now_kept is None or written is None:
            return None, None
        self._passed("written", schedule.guild_id)
        now = self._clock()
        if not await self._store.schedules.renew(schedule.guild_id, self._owner, now, LEASE):
            return None, None
        await self._store.digests.sending(kept.id, schedule.channel_id, now)
        self._passed("marked", schedule.guild_id)
        return await self._courier.send(schedule, now_kept, written.files), written.digest

    async def _keep_up(self, key: int, shown: Digest | None) -> None:
        """Amend the message if something was taken back before its id was known.

        The digest is out: what fails here is in the log and is not tried again.
        """
        try:
            while (kept := await self._store.digests.get(key)) and kept.digest != shown:
                await self._courier.amend(kept, (await self._clerk.write(kept.digest)).files)
                shown = kept.digest
        except Exception as error:
            _log.warning("digest %d could not be amended: %s", key, type(error).__name__)

    async def _collect(
        self, schedule: Schedule, settings: GuildSettings, *, until: datetime
    ) -> Sources:
        sources = await self._courier.sources(schedule, settings)
        for source in sources.read:
            await self._read(schedule, source, until)
        return sources

    async def _read(self, schedule: Schedule, source: Source, until: datetime) -> None:
        """Map what was said since the cursor; the cursor moves with what is kept, or not at all."""
        guild = schedule.guild_id
        after = await self._store.schedules.cursor(guild, source.channel_id)
        unread = self._courier.unread(source, after=after, since=schedule.window_start, until=until)
        async for batch in unread:
            await self._store.schedules.renew(guild, self._owner, self._clock(), LEASE)
            if not batch.thread.posts:
                await self._store.schedules.read_up_to(guild, source.channel_id, batch.last_id)
                continue
            found, vectors = await self._mapper.map(guild, batch.thread)
            await self._store.threads.remember(
                found,
                Origin(
                    guild_id=guild,
                    platform=batch.thread.platform,
                    thread=str(source.channel_id),
                    channel_id=source.channel_id,
                    parent_id=source.parent_id,
                ),
                vectors=vectors,
                now=self._clock(),
                people=batch.people,
                read_up_to=batch.last_id,
            )
            # what was taken back while it was mapped found nothing to forget then
            posts = {post.id for post in batch.thread.posts}
            for post, text in self._courier.taken_back(posts).items():
                if text is None:
                    await self._store.privacy.forget_posts(guild, [post], now=self._clock())
                else:
                    await self._store.privacy.changed(guild, post, text, now=self._clock())

    async def _pause(self, schedule: Schedule, why: str) -> None:
        await self._quietly(self._store.schedules.pause(schedule.guild_id, why))
        if schedule.set_by is not None:
            await self._quietly(
                self._courier.tell(schedule.set_by, f"I paused your server's weekly digest. {why}")
            )

    @staticmethod
    async def _quietly(act: Awaitable[object]) -> None:
        try:
            await act
        except StoreError as error:
            _log.warning("the store: %s", error)


def _window(schedule: Schedule, end: datetime, settings: GuildSettings, sources: Sources) -> Window:
    return Window(
        guild_id=schedule.guild_id,
        start=schedule.window_start,
        end=end,
        least_posts=settings.least_posts,
        left_out=sources.left_out,
    )
