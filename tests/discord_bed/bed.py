"""The loopback Discord: one object that a test makes, fills with people and watches.

    with Bed() as bed:
        town = bed.guild("Town")
        square, ada = bed.channel(town, "square"), bed.person(town, "ada")
        async with bed.running(client):
            bed.say(square, ada, f"{bed.bot.mention} hello")
            await bed.until(lambda: square.shown()[-1].author is bed.bot)

The server has a thread and a loop of its own: a client that blocks its loop does not stop the
server's clock. Plain methods act at once and give back what they made; `until` waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from datetime import datetime
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from tests.discord_bed import limits, payloads, permissions
from tests.discord_bed.client import pointed_at
from tests.discord_bed.gateway import Gateway
from tests.discord_bed.hands import BedError, Hands
from tests.discord_bed.interactions import Interactions
from tests.discord_bed.posting import Posting
from tests.discord_bed.rest import Rest
from tests.discord_bed.traffic import Fault, Traffic
from tests.discord_bed.world import (
    FORUM,
    HAS_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    Channel,
    Guild,
    Message,
    Overwrite,
    Role,
    User,
    World,
)

T = TypeVar("T")
Files = Iterable[tuple[str, bytes]]
TOKEN = "MTE1NzY2NDM5NzQ0MDI2MjE4NQ.GpQ1xk.loopback-token-that-opens-nothing-at-all"


class Bed(Hands):
    """A Discord on 127.0.0.1. `problems` must stay empty: leaving the block raises otherwise."""

    def __init__(self) -> None:
        self.world = World()
        self.bot = self.world.bot
        self.token = TOKEN
        self.problems: list[str] = []
        self.traffic = Traffic()
        self.gateway = Gateway(self.world, self.token, lambda: self.base)
        self.posting = Posting(self.world, self.gateway)
        self.interactions = Interactions(self.posting, self.problems)
        self.rest = Rest(self.posting, self.interactions, self.traffic, self.problems)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loopback Discord")
        self._tasks: list[asyncio.Task[None]] = []
        self.base = ""

    # life

    def __enter__(self) -> Bed:
        """Listen on a free port."""
        self._thread.start()
        self._do(self._start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; raise BedError for the problems seen."""
        self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        if self.problems and error is None:
            raise BedError("; ".join(self.problems))

    async def _start(self) -> None:
        app = web.Application(client_max_size=limits.REQUEST_SIZE + 1_000_000)
        self.rest.add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        await web.SockSite(self._runner, listener).start()

    async def _stop(self) -> None:
        await self.gateway.drop()
        await self._runner.cleanup()
        rest = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _do(self, act: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(20)

    @contextlib.asynccontextmanager
    async def running(self, client: Any, *, within: float = 20.0) -> AsyncIterator[Any]:
        """Run a discord.py client on this Discord until the block is left."""
        with pointed_at(self.base):
            task = asyncio.create_task(client.start(self.token))
            self._tasks.append(task)
            try:
                await self.until(client.is_ready, within=within)
                yield client
            finally:
                self._tasks.remove(task)
                await client.close()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    def watch(self, task: asyncio.Task[None]) -> None:
        """Let every wait fail when this task (a bot that a test runs itself) ends."""
        self._tasks.append(task)

    def unwatch(self, task: asyncio.Task[None]) -> None:
        """Look no longer after a task."""
        self._tasks.remove(task)

    async def until(
        self, holds: Callable[[], T | None], *, within: float = 10.0, why: str = ""
    ) -> T:
        """Wait for a value that is true and give it; fail when the bot dies or breaks a rule."""
        ends = time.monotonic() + within
        while True:
            found = holds()
            if found:
                return found
            for task in self._tasks:
                if task.done():
                    raise BedError(f"the bot ended: {task}") from (
                        None if task.cancelled() else task.exception()
                    )
            if self.problems:
                raise BedError("; ".join(self.problems))
            if time.monotonic() > ends:
                raise BedError(f"not within {within} s: {why or holds}\n{self.transcript()}")
            await asyncio.sleep(0.01)

    async def settle(self, quiet: float = 0.15) -> None:
        """Wait until no request has come in for a while."""
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < quiet:
            if len(self.traffic.requests) != seen:
                seen, since = len(self.traffic.requests), time.monotonic()
            await asyncio.sleep(0.01)

    def transcript(self, last: int = 40) -> str:
        """Give the last requests and all that the channels show, for the message of a failure."""
        lines = [f"{r.method} {r.path} -> {r.status}" for r in self.traffic.requests[-last:]]
        for channel in self.world.channels.values():
            lines.append(f"#{channel.name} ({channel.id})")
            lines += [f"  {m.author.name}: {m.text[:300]!r}" for m in channel.shown()[-6:]]
        return "\n".join(lines)

    # places and people

    def guild(self, name: str = "Town") -> Guild:
        """Make a server that the bot is in; before the bot starts."""
        return self.world.add_guild(name)

    def channel(self, guild: Guild, name: str) -> Channel:
        """Make a text channel."""
        return self.world.add_channel(guild, name, TEXT)

    def forum(self, guild: Guild, name: str) -> Channel:
        """Make a forum."""
        return self.world.add_channel(guild, name, FORUM)

    def person(self, guild: Guild | None, name: str, *roles: Role, bot: bool = False) -> User:
        """Make a person (or another bot), in a server if one is given."""
        user = self.world.add_user(name, bot=bot)
        if guild is not None:
            self.world.join(guild, user, roles)
        return user

    def role(self, guild: Guild, name: str, *names: str) -> Role:
        """Make a role with the named permissions (`manage_messages`, ...)."""
        return self.world.add_role(guild, name, names)

    def allow(self, channel: Channel, whom: Role | User, *names: str) -> None:
        """Allow permissions in one channel; the bot is told."""
        self._overwrite(channel, whom).allow |= permissions.bits(names)
        self._overwrite(channel, whom).deny &= ~permissions.bits(names)
        self._tell(channel)

    def deny(self, channel: Channel, whom: Role | User, *names: str) -> None:
        """Deny permissions in one channel; the bot is told."""
        self._overwrite(channel, whom).deny |= permissions.bits(names)
        self._tell(channel)

    def _overwrite(self, channel: Channel, whom: Role | User) -> Overwrite:
        kind = 0 if isinstance(whom, Role) else 1
        return channel.overwrites.setdefault(whom.id, Overwrite(kind))

    def _tell(self, channel: Channel) -> None:
        if channel.guild is not None and self.gateway.sessions:
            emitted = self.gateway.emit(
                "CHANNEL_UPDATE",
                payloads.channel(channel),
                guild_id=channel.guild.id,
                need=1,
            )
            self._do(emitted)

    def thread(
        self,
        parent: Channel,
        name: str,
        owner: User,
        *,
        starter: Message | None = None,
        private: bool = False,
    ) -> Channel:
        """Make a thread; with a starter it has the starter's id."""
        assert parent.guild is not None
        kind = PRIVATE_THREAD if private else PUBLIC_THREAD
        made = self.world.add_channel(
            parent.guild, name, kind, parent, starter.id if starter else None
        )
        made.owner_id = owner.id
        made.members = {owner.id}
        if starter is not None:
            starter.thread, starter.flags = made, starter.flags | HAS_THREAD
        data = {**payloads.channel(made), "newly_created": True}
        self._do(self.gateway.emit_in(made, "THREAD_CREATE", data))
        return made

    def post(self, forum: Channel, owner: User, title: str, text: str) -> Channel:
        """Make a forum post: a thread whose first message has its id."""
        made = self.thread(forum, title, owner)
        first = Message(made.id, made, owner, text)
        self.world.read_mentions(first)
        made.messages[first.id] = first
        self._do(self.gateway.emit_message("MESSAGE_CREATE", first))
        return made

    # what people do

    def say(
        self,
        channel: Channel,
        user: User,
        text: str,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        files: Files = (),
        webhook: bool = False,
        quiet: bool = False,
        at: datetime | None = None,
    ) -> Message:
        """Let a person say something; `quiet` leaves the event out (it is history then)."""
        if not webhook and not self.world.may(channel, user, "view_channel", "send_messages"):
            raise BedError(f"{user.name} may not write in #{channel.name}")
        if len(text) > 4000 or (not user.bot and len(text) > limits.CONTENT):
            raise BedError("the client does not send more than 2,000 characters")
        kept = []
        for name, data in files:
            if len(data) > limits.FILE_SIZE:
                raise BedError("the client does not send files over 10 MiB")
            kept.append(self.world.add_file(name, data))
        made = Message(
            self.world.ids.next(at),
            channel,
            user,
            text,
            attachments=kept,
            reply_to=reply_to.id if reply_to else None,
            kind=19 if reply_to else 0,
            webhook_id=user.id if webhook else None,
        )
        self.world.read_mentions(made, ping_reply=ping)
        channel.messages[made.id] = made
        if not quiet:
            self._do(self.gateway.emit_message("MESSAGE_CREATE", made))
        return made

    def edit(self, message: Message, text: str) -> None:
        """Let its writer change a message."""
        message.content, message.edited = text, self.world.clock.stamp()
        self.world.read_mentions(message)
        self._do(self.gateway.emit_message("MESSAGE_UPDATE", message))

    def delete(self, *messages: Message, bulk: bool = False) -> None:
        """Take messages away, one by one or all at once."""
        if not bulk:
            for message in messages:
                self._do(self.posting.remove(message))
            return
        channel = messages[0].channel
        for message in messages:
            message.deleted = True
            channel.messages.pop(message.id, None)
        data: dict[str, Any] = {
            "ids": [str(m.id) for m in messages],
            "channel_id": str(channel.id),
        }
        if channel.guild:
            data["guild_id"] = str(channel.guild.id)
        self._do(self.gateway.emit_in(channel, "MESSAGE_DELETE_BULK", data))

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel or a thread."""
        assert channel.guild is not None
        data = payloads.channel(channel)
        name = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        self._do(self.gateway.emit_in(channel, name, data))
        del self.world.channels[channel.id], channel.guild.channels[channel.id]

    def kick_bot(self, guild: Guild) -> None:
        """Take the bot out of a server."""
        del self.world.guilds[guild.id]
        data = {"id": str(guild.id)}
        self._do(self.gateway.emit("GUILD_DELETE", data, guild_id=guild.id))

    # trouble

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        *,
        code: int = 0,
        times: int = 1,
        retry_after: float = 0.05,
        via: bool = True,
        after: bool = False,
    ) -> Fault:
        """Answer the next `times` requests that match with an error; `after` they took effect."""
        fault = Fault(method, re.compile(path), status, code, times, retry_after, via, after)
        self.traffic.faults.append(fault)
        return fault

    def drop_sockets(self) -> None:
        """Cut the gateway's sockets as a network does."""
        self._do(self.gateway.drop())

    def invalidate_sessions(self) -> None:
        """End all sessions: clients must identify anew."""
        self._do(self.gateway.invalidate())

    def move_clock(self, seconds: float) -> None:
        """Let time pass for tokens and ids."""
        self.world.clock.moved += seconds
