"""One request from the asking to the map: manners, taking, waiting, drawing, keeping.

Cogs read what Discord sends and call `Desk.serve`; nothing here knows commands or buttons.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

import discord

from bot.chat.buttons import map_view, show_view
from bot.chat.cooldown import CoolDown
from bot.chat.drawing import draw
from bot.chat.pasted import bounded
from bot.chat.replies import Clock, Reply
from bot.chat.taken import PLATFORM, Taken
from bot.errors import CruxError
from bot.jobs import Analyst, Lane, Standing
from bot.jobs.clerk import Clerk
from bot.jobs.painter import Painter
from bot.settings import Settings
from bot.store.store import Store
from bot.store.values import Person, Place
from bot.views import discord as view
from nlp.model import ArgumentMap, Thread

_log = logging.getLogger("crux.chat")

REPORT_EVERY = 4.0  # seconds between two edits of the sign of life
MOST_CHARACTERS = 600_000  # of one map: keeps the worker's memory within its budget
REMAKES = 3  # how often a map is made again because its messages changed meanwhile

Take = Callable[[], Awaitable[Taken]]


@dataclass(frozen=True, kw_only=True)
class Request:
    """Who asks, and where; `key` is the message or interaction that asks."""

    key: int
    requester: discord.User | discord.Member
    guild_id: int | None
    channel_id: int


@dataclass(eq=False)
class _Job:
    """A request that runs: its task, and what changed of the messages that it rests on.

    `showing` gives the id of the map once it is being shown; `unwanted` says that who asked took
    the request back.
    """

    request: Request
    task: asyncio.Task[object]
    ids: frozenset[int] = frozenset()
    source: int | None = None
    changed: dict[int, str | None] = field(default_factory=dict)
    showing: asyncio.Task[str] | None = None
    unwanted: bool = False


class Desk:
    """Serves requests with an analyst and what is kept."""

    def __init__(
        self,
        *,
        analyst: Analyst,
        painter: Painter,
        clerk: Clerk,
        store: Store,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.analyst, self.painter, self.clerk, self.store = analyst, painter, clerk, store
        self.settings, self.clock = settings, clock
        self._jobs: dict[int, _Job] = {}
        self._users = CoolDown(settings.user_cooldown)
        self._channels = CoolDown(settings.channel_cooldown)

    async def refusal(self, request: Request) -> str | None:
        """Say why a request is not served, in the server's settings or for coming too soon."""
        if request.guild_id is not None:
            guild = await self.store.guilds.settings(request.guild_id)
            if request.channel_id in guild.left_out:
                return "This server's settings leave this channel out."
            roles = {r.id for r in getattr(request.requester, "roles", ())}
            manages = getattr(request.requester, "guild_permissions", None)
            if (
                guild.roles
                and not roles & set(guild.roles)
                and not (manages and manages.manage_guild)
            ):
                return "This server's settings let only some roles ask for maps."
        left = max(self._users.left(request.requester.id), self._channels.left(request.channel_id))
        if left > 0:
            return f"One map at a time, please: ask again in {left:.0f} s."
        return None

    async def serve(self, request: Request, reply: Reply, take: Take, opening: str) -> None:
        """Answer a request with a map, or with the sentence that says why not.

        Raises what goes wrong; a request that was deleted ends without a word.
        """
        task = asyncio.current_task()
        assert task is not None
        job = _Job(request, task)
        self._jobs[request.key] = job
        self._users.start(request.requester.id)
        self._channels.start(request.channel_id)
        try:
            await reply.begin(opening)
            await self._map(job, reply, take)
        except asyncio.CancelledError:
            self._users.lift(request.requester.id)
            await asyncio.shield(asyncio.ensure_future(self._leave(job, reply)))
            raise
        except CruxError as error:
            self._users.lift(request.requester.id)
            await reply.small(str(error))
        finally:
            self._jobs.pop(request.key, None)

    async def _leave(self, job: _Job, reply: Reply) -> None:
        """Tidy up after a job that was stopped: a map that is on its way is shown whole or not."""
        key = None
        if job.showing is not None:
            with contextlib.suppress(Exception):
                key = await job.showing
        if job.unwanted:
            await reply.drop()
            if key is not None:
                await self.store.maps.delete(key)
        elif job.showing is None:
            with contextlib.suppress(discord.HTTPException):
                await reply.small("I am being restarted: ask again in a minute.")

    async def _map(self, job: _Job, reply: Reply, take: Take) -> None:
        taken = await take()
        if not taken.thread.posts:
            raise CruxError(f"Nothing to read here. {taken.note}".strip())
        taken = await asyncio.to_thread(
            bounded,
            taken,
            messages=self.settings.most_messages,
            characters=MOST_CHARACTERS,
        )
        await reply.progress(f"{taken.note} Reading…")
        found, taken = await self._analyzed(job, reply, taken)
        small = await asyncio.to_thread(view.nothing, found)
        if small is not None:
            await reply.small(f"{small}\n-# {taken.note}")
            return
        job.showing = asyncio.create_task(self._show(job.request, reply, found, taken))
        await asyncio.shield(job.showing)

    async def _show(self, request: Request, reply: Reply, found: ArgumentMap, taken: Taken) -> str:
        """Keep the map and show it; what could not be shown is not kept."""
        place = Place(guild_id=request.guild_id, channel_id=request.channel_id)
        stored = await self.store.maps.put(
            found,
            place=place,
            now=self.clock(),
            people=taken.people,
            requester=Person(
                platform=PLATFORM,
                id=str(request.requester.id),
                name=request.requester.display_name,
            ),
        )
        drawn = await draw(
            self.painter, stored.found, key=stored.id, note=taken.note, room=reply.room
        )
        try:
            message = await reply.finish(drawn, map_view(stored.id), show_view(stored.id))
        except Exception:
            await self.store.maps.delete(stored.id)
            raise
        if message is not None:
            sent = replace(place, channel_id=message.channel.id, message_id=message.id)
            await self.store.maps.sent(stored.id, sent)
        return stored.id

    async def _analyzed(self, job: _Job, reply: Reply, taken: Taken) -> tuple[ArgumentMap, Taken]:
        """Make the map; anew without what was deleted, and with what was edited, meanwhile."""
        job.ids, job.source = taken.ids, taken.channel_id
        lane = Lane(
            place=str(job.request.channel_id),
            group=str(job.request.guild_id or job.request.channel_id),
        )
        latest = Standing()

        def tell(standing: Standing) -> None:
            nonlocal latest
            latest = standing

        async def report() -> None:
            told = ""
            while True:
                await asyncio.sleep(REPORT_EVERY)
                words = f"{taken.note} {wording(latest)}"
                if words != told:
                    told = words
                    await reply.progress(words)

        reporter = asyncio.create_task(report())
        try:
            for _ in range(REMAKES):
                found = await self.analyst.analyze(taken.thread, lane=lane, tell=tell)
                changed, job.changed = job.changed, {}
                if not changed:
                    return found, taken
                taken = updated(taken, changed)
                job.ids = taken.ids
                if not taken.thread.posts:
                    raise CruxError("All that I was reading was deleted meanwhile.")
        finally:
            reporter.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reporter
        raise CruxError("The talk keeps changing while I read it: ask again when it is calmer.")

    # what happens meanwhile

    def deleted(self, message_id: int) -> None:
        """Follow a deletion: of a request, or of a message that a running map rests on."""
        job = self._jobs.get(message_id)
        if job is not None:
            job.unwanted = True
            job.task.cancel()
        for each in self._jobs.values():
            if message_id in each.ids:
                each.changed[message_id] = None

    def edited(self, message_id: int, text: str) -> None:
        """Follow an edit of a message that a running map rests on."""
        for each in self._jobs.values():
            if message_id in each.ids:
                each.changed[message_id] = text

    def closed(self, channel_id: int) -> None:
        """Follow the deletion of a channel: what runs for it or on it ends."""
        for each in list(self._jobs.values()):
            if channel_id in (each.request.channel_id, each.source):
                each.unwanted = True
                each.task.cancel()

    async def close(self) -> None:
        """End all that runs."""
        tasks = [job.task for job in self._jobs.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def wording(standing: Standing) -> str:
    """Say how a job stands."""
    if standing.ahead:
        maps = "map goes" if standing.ahead == 1 else "maps go"
        return f"In the queue: {standing.ahead} {maps} first."
    if not standing.step:
        return "Reading…"
    share = f", {standing.share:.0%}" if 0 < standing.share < 1 else ""
    return f"{standing.step.capitalize()}{share}…"


def updated(taken: Taken, changed: Mapping[int, str | None]) -> Taken:
    """Give what was taken as it now stands: edited posts anew, deleted ones gone."""
    texts = {str(key): text for key, text in changed.items()}
    posts = {post.id: post for post in taken.thread.posts}
    kept = []
    for post in taken.thread.posts:
        text = texts.get(post.id, post.text)
        if text is None or not text.strip():
            continue
        above = post.reply_to
        while above is not None and texts.get(above, "x") is None:
            above = posts[above].reply_to
        kept.append(replace(post, text=text.strip(), reply_to=above, quotes=()))
    ids = {post.id for post in kept}
    fixed = [p if p.reply_to in ids else replace(p, reply_to=None) for p in kept]
    thread: Thread = replace(
        taken.thread,
        posts=tuple(fixed),
        furniture=tuple(f for f in taken.thread.furniture if f.post in ids and f.post not in texts),
    )
    return replace(
        taken,
        thread=thread,
        ids=frozenset(map(int, ids)),
        people={key: person for key, person in taken.people.items() if key in ids},
    )
