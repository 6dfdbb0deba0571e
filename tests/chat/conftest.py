"""A server with people, the real bot on the loopback Discord, and what scenarios share."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import app
from bot.chat.client import Crux
from bot.jobs import Analyst
from bot.jobs.inline import InlineAnalyst
from bot.jobs.painter import InlinePainter, Painter
from bot.settings import Settings
from bot.store.store import open_store
from tests.chat import small
from tests.discord_bed import Bed, Channel, Message, User

TALK = (
    (
        "ada",
        "We should close the old bridge to cars. It is unsafe because two beams are cracked.",
        None,
    ),
    ("bob", "No, we must keep it open. 4000 people cross it each day.", 0),
    ("cyd", "We should at least repair the beams first.", 0),
    ("ada", "No, repair must wait for the survey.", 2),
    ("bob", "thanks all", None),
)


class Town:
    """One server on a bed: a square, three people, and the bot when it runs."""

    def __init__(self, bed: Bed) -> None:
        self.bed = bed
        self.guild = bed.guild("Town")
        self.square = bed.channel(self.guild, "square")
        self.people = {name: bed.person(self.guild, name) for name in ("ada", "bob", "cyd")}
        self.ada, self.bob, self.cyd = self.people.values()
        self.store = "memory"
        self.bot: Crux | None = None

    @property
    def me(self) -> str:
        """The text that mentions the bot."""
        return self.bed.bot.mention

    def talk(self, channel: Channel, rows: Any = TALK, *, quiet: bool = True) -> list[Message]:
        """Put a discussion in a channel, as history unless it is not to be quiet."""
        said: list[Message] = []
        for name, text, above in rows:
            said.append(
                self.bed.say(
                    channel,
                    self.people[name],
                    text,
                    reply_to=None if above is None else said[above],
                    quiet=quiet,
                )
            )
        return said

    @contextlib.asynccontextmanager
    async def running(
        self,
        analyst: Analyst | None = None,
        painter: Painter | None = None,
        *,
        content: bool = True,
        **settings: Any,
    ) -> AsyncIterator[Crux]:
        """Run the bot, its commands registered."""
        options = {"user_cooldown": 0, "channel_cooldown": 0, **settings}
        async with open_store(self.store) as store:
            bot = app.build(
                Settings(**options),
                app.Parts(
                    analyst=analyst or InlineAnalyst(small.analyze),
                    painter=painter or InlinePainter(),
                    store=store,
                    clock=self.clock,
                ),
                content=content,
            )
            bot._connection.guild_ready_timeout = 0.05
            bot.before_identify_hook = _at_once  # type: ignore[method-assign]
            async with self.bed.running(bot):
                if not self.bed.commands():
                    await bot.tree.sync()
                self.bot = bot
                yield bot

    def clock(self) -> datetime:
        """Give the bed's time."""
        return datetime.now(UTC) + timedelta(seconds=self.bed.world.clock.moved)

    def answers(self, channel: Channel | None = None) -> list[Message]:
        """List what the bot said in a channel."""
        return [m for m in (channel or self.square).shown() if m.author is self.bed.bot]

    async def answer(
        self,
        channel: Channel | None = None,
        *,
        holds: Callable[[Message], bool] | None = None,
        within: float = 10.0,
    ) -> Message:
        """Wait for the bot's newest message in a channel to be one that holds (a map, if not said)."""
        wanted = holds or is_map

        def found() -> Message | None:
            said = self.answers(channel)
            return said[-1] if said and wanted(said[-1]) else None

        return await self.bed.until(found, within=within, why="an answer of the bot")

    async def map_of(self, user: User, channel: Channel | None = None, words: str = "") -> Message:
        """Ask for a map by a mention and wait for it."""
        self.bed.say(channel or self.square, user, f"{self.me} {words}")
        return await self.answer(channel)


async def _at_once(shard_id: int | None, *, initial: bool = False) -> None:
    """Do not wait five seconds before a second IDENTIFY."""


def is_map(message: Message) -> bool:
    """Tell whether a message shows a map: an embed and buttons."""
    return bool(message.embeds and message.components)


def says(*words: str) -> Callable[[Message], bool]:
    """Give a test for a message that has all of these words."""
    return lambda message: all(word.lower() in message.text.lower() for word in words)


@pytest.fixture
def town() -> Iterator[Town]:
    """Give a server on a loopback Discord."""
    with Bed() as bed:
        yield Town(bed)
