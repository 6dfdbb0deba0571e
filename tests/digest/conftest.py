"""A server over weeks: what is said when, a clock that is moved by hand, and the bot beside it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.chat.client import Crux
from bot.digest.calendar import Slot
from bot.jobs import Analyst
from bot.jobs.clerk import Clerk
from bot.jobs.inline import Analysis, InlineAnalyst
from bot.jobs.painter import InlinePainter
from bot.jobs.postgres import open_workers
from bot.settings import Settings
from bot.store import Person, Store, open_store
from tests.chat import small
from tests.discord_bed import Bed, Channel, Message, User

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)  # nine in the morning in Berlin
WEEK = timedelta(days=7)
BERLIN = Slot(weekday=0, at=time(9), zone="Europe/Berlin")
NEVER = 300.0  # seconds between ticks: these tests tick by hand

Row = tuple[str, str, int | None]


class Life:
    """One server on a bed with a channel to talk in and one for digests."""

    def __init__(self, bed: Bed, store: str) -> None:
        self.bed, self.store = bed, store
        self.guild = bed.guild("Town")
        self.square = bed.channel(self.guild, "square")
        self.news = bed.channel(self.guild, "news")
        self.chief = bed.person(self.guild, "chief", bed.role(self.guild, "chiefs", "manage_guild"))
        self.people: dict[str, User] = {}
        self.now = MONDAY

    def clock(self) -> datetime:
        """Give the time, as the test set it."""
        return self.now

    def person(self, name: str) -> User:
        """Give a person of the server by name."""
        if name not in self.people:
            self.people[name] = self.bed.person(self.guild, name)
        return self.people[name]

    def talk(
        self, rows: Sequence[Row], at: datetime, channel: Channel | None = None
    ) -> list[Message]:
        """Let people talk, a minute apart; rows are (who, words, which row it answers)."""
        said: list[Message] = []
        for i, (name, text, above) in enumerate(rows):
            said.append(
                self.bed.say(
                    channel or self.square,
                    self.person(name),
                    text,
                    reply_to=None if above is None else said[above],
                    quiet=True,
                    at=at + timedelta(minutes=i),
                )
            )
        return said

    @contextlib.asynccontextmanager
    async def running(
        self,
        analysis: Analysis | None = None,
        *,
        content: bool = True,
        workers: bool = False,
    ) -> AsyncIterator[Crux]:
        """Run the bot on the store, its commands registered; `workers` leaves the work to others."""
        async with contextlib.AsyncExitStack() as stack:
            store = await stack.enter_async_context(open_store(self.store))
            hands: tuple[Analyst, Clerk] | None = None
            if workers:
                hands = await stack.enter_async_context(open_workers(store, most=30, longest=300))
                await hands[0].warm()
            bot = self.build(store, analysis, content=content, hands=hands)
            async with self.bed.running(bot):
                if not self.bed.commands():
                    await bot.tree.sync()
                yield bot

    def build(
        self,
        store: Store,
        analysis: Analysis | None = None,
        *,
        content: bool = True,
        hands: tuple[Analyst, Clerk] | None = None,
    ) -> Crux:
        """Give a bot that is not connected."""
        bot = app.build(
            Settings(user_cooldown=0, channel_cooldown=0, tick=NEVER),
            app.Parts(
                analyst=hands[0] if hands else InlineAnalyst(analysis or small.analyze),
                painter=InlinePainter(),
                store=store,
                clock=self.clock,
                clerk=hands[1] if hands else None,
            ),
            content=content,
        )
        bot._connection.guild_ready_timeout = 0.05
        return bot

    async def set_up(self, store: Store, slot: Slot = BERLIN, **settings: object) -> None:
        """Set the schedule from last Monday on, as `/digest setup` does."""
        before = await store.guilds.settings(self.guild.id)
        await store.guilds.set(
            self.guild.id,
            replace(before, **{"least_posts": 1, **settings}),  # type: ignore[arg-type]
        )
        by = Person(platform="discord", id=str(self.chief.id), name="chief")
        await store.schedules.set(self.guild.id, self.news.id, slot, by=by, now=self.now)

    def digests(self) -> list[Message]:
        """List the digests that are shown."""
        return [m for m in self.news.shown() if m.author is self.bed.bot]


async def tick(bot: Crux) -> int:
    """Let the bot look at what is due."""
    cog: Any = bot.get_cog("Digests")
    done: int = await cog.runner.tick()
    return done


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """Give a server on a loopback Discord and a store in a file."""
    with Bed() as bed:
        yield Life(bed, str(tmp_path / "crux.db"))
