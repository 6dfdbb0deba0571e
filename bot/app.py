"""The composition root of the bot: builds the parts, joins them, closes them in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import discord

from bot.chat.client import Crux, ShardedCrux
from bot.chat.desk import Desk
from bot.chat.replies import Clock
from bot.errors import CruxError
from bot.jobs import Analyst, JobError
from bot.jobs.clerk import Clerk, LocalClerk
from bot.jobs.painter import InlinePainter, Painter, ProcessPainter
from bot.jobs.process import ProcessAnalyst
from bot.jobs.turns import Turns
from bot.settings import Settings
from bot.store.recode import recode
from bot.store.store import Store, open_store

_log = logging.getLogger("crux.app")


def now() -> datetime:
    """Give the time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the bot is made of; digests are written here where no other clerk is named."""

    analyst: Analyst
    painter: Painter
    store: Store
    clock: Clock = now
    clerk: Clerk | None = None


def build(settings: Settings, parts: Parts, *, content: bool = True) -> Crux:
    """Join the parts to a bot that is not yet connected."""
    desk = Desk(
        analyst=parts.analyst,
        painter=parts.painter,
        clerk=parts.clerk or LocalClerk(parts.store, parts.painter),
        store=parts.store,
        settings=settings,
        clock=parts.clock,
    )
    kind = ShardedCrux if settings.sharded else Crux
    return kind(desk=desk, settings=settings, content=content)


async def run(settings: Settings) -> None:
    """Run the bot until it is stopped. Raises CruxError for what an operator can mend."""
    token = settings.token()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings.database))
        painter = ProcessPainter()
        stack.push_async_callback(painter.close)
        analyst, clerk = await stack.enter_async_context(hands(settings, store, painter))
        await analyst.warm()
        if not settings.workers:
            await clerk.encode(["loaded before it connects"])
        _log.info("models loaded")
        await _recode(store, clerk)
        settle()
        content = settings.message_content == "auto"
        parts = Parts(analyst=analyst, painter=painter, store=store, clerk=clerk)
        try:
            await connect(build(settings, parts, content=content), token)
        except discord.PrivilegedIntentsRequired:
            _log.warning(
                "the Message Content intent is off in the Developer Portal (Bot, Privileged "
                "Gateway Intents): threads and channels cannot be read, all else works"
            )
            await connect(build(settings, parts, content=False), token)


async def _recode(store: Store, clerk: Clerk) -> None:
    """Encode what another encoder left; where nobody does it now, the next start tries again."""
    try:
        again = await recode(store, clerk.encode)
    except JobError as error:
        _log.warning("key points of another encoder are not recognised yet: %s", error)
    else:
        if again:
            _log.info("%d key points encoded anew", again)


@asynccontextmanager
async def hands(
    settings: Settings, store: Store, painter: Painter
) -> AsyncIterator[tuple[Analyst, Clerk]]:
    """Give who makes the maps and the digests: processes beside this one, or `crux worker`s."""
    if settings.workers:
        from bot.jobs.postgres import open_workers

        most, longest = settings.queue, settings.longest_analysis
        async with open_workers(store, most=most, longest=longest) as workers:
            yield workers
        return
    analyst = ProcessAnalyst(Turns(most=settings.queue), longest=settings.longest_analysis)
    try:
        yield analyst, LocalClerk(store, painter)
    finally:
        await analyst.close()


def settle() -> None:
    """Take what is loaded by now out of the garbage collector's walks.

    A walk through all modules and models' tables takes some 60 ms, in which the event loop waits.
    """
    gc.collect()
    gc.freeze()
    # what is left to walk is little, so that it need not be walked often
    gc.set_threshold(5_000, 20, 10)


async def serve(settings: Settings) -> None:
    """Run the bot until SIGTERM or Ctrl-C, and let it close what it opened. Raises CruxError."""
    task = asyncio.current_task()
    assert task is not None
    with contextlib.suppress(NotImplementedError):  # Windows has no such signal
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        await run(settings)
    except asyncio.CancelledError:
        _log.info("stopped")


async def connect(bot: Crux, token: str) -> None:
    """Log in and stay. Raises CruxError where Discord refuses, or cannot be reached."""
    try:
        async with bot:
            await bot.start(token)
    except discord.LoginFailure:
        raise CruxError(
            "Discord does not know this token: reset it in the Developer Portal (Bot, Reset Token) "
            "and set it anew."
        ) from None
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise CruxError(
            f"Discord cannot be reached ({type(error).__name__}): check the network."
        ) from None


async def sync(settings: Settings, guild_id: int | None = None) -> list[str]:
    """Register the commands with Discord, for one server or for all; give their names."""
    token = settings.token()
    try:
        async with (
            open_store("memory") as store,
            build(
                settings,
                Parts(analyst=ProcessAnalyst(), painter=InlinePainter(), store=store),
            ) as bot,
        ):
            await bot.login(token)
            guild = discord.Object(guild_id) if guild_id else None
            if guild is not None:
                bot.tree.copy_global_to(guild=guild)
            made = await bot.tree.sync(guild=guild)
    except discord.LoginFailure:
        raise CruxError(
            "Discord does not know this token: reset it in the Developer Portal (Bot, Reset Token)."
        ) from None
    except discord.Forbidden:
        raise CruxError(f"The bot is not in the server {guild_id}: invite it first.") from None
    return [command.name for command in made]
