"""The Discord client itself: intents, cogs, buttons, one handler for each surface's errors."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat import faults
from bot.chat.buttons import ITEMS
from bot.chat.desk import Desk
from bot.chat.reading import Reader
from bot.settings import Settings

_log = logging.getLogger("crux.chat")

TAKEN_BACK = 10_000  # messages

COGS = (
    "bot.chat.mentions",
    "bot.chat.commands",
    "bot.chat.watch",
    "bot.chat.forget",
    "bot.chat.digests",
)

# How discord.py names the tasks in which listeners, buttons, forms and commands run.
WORKING = ("discord.py: ", "discord-ui-", "CommandTree-invoker")
CLOSES_WITHIN = 5.0  # seconds

# Exactly what a channel must allow; the invite link asks for these and no more.
NEEDS = discord.Permissions(
    view_channel=True,
    read_message_history=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
)


class Tree(app_commands.CommandTree["Crux"]):
    """Commands whose errors are answered in one place."""

    async def on_error(
        self, interaction: discord.Interaction[Crux], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the person, with an id; the log has the rest."""
        name = interaction.command.qualified_name if interaction.command else "a command"
        await faults.answer(interaction, error, f"/{name}")


class TakenBack:
    """The messages that were deleted or edited last: what each says now, None for nothing."""

    def __init__(self) -> None:
        self._now: OrderedDict[int, str | None] = OrderedDict()

    def add(self, changed: Mapping[int, str | None]) -> None:
        """Note what messages say now; those noted longest ago make room."""
        self._now.update(changed)
        while len(self._now) > TAKEN_BACK:
            self._now.popitem(last=False)

    def among(self, ids: Iterable[int]) -> dict[int, str | None]:
        """Give what is noted of these messages."""
        return {key: self._now[key] for key in ids if key in self._now}


class Crux(commands.Bot):
    """The bot. Everything it uses is given to it; `commands.Bot` is taken for its cogs alone."""

    def __init__(self, *, desk: Desk, settings: Settings, content: bool, **options: Any) -> None:
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=Tree,
            intents=intents(content=content),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=60.0,
            **options,
        )
        self.desk, self.settings = desk, settings
        # messages deleted or edited lately: one may be on its way into the store meanwhile
        self.taken_back = TakenBack()

    @property
    def reader(self) -> Reader:
        """What fetches the messages to be mapped."""
        assert self.user is not None
        return Reader(self.settings, self.user.id)

    async def setup_hook(self) -> None:
        """Join the cogs and the buttons of old messages."""
        for name in COGS:
            await self.load_extension(name)
        self.add_dynamic_items(*ITEMS)

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: there are no text commands."""

    async def on_ready(self) -> None:
        """Say so in the log; comes again after every new session."""
        _log.info("ready in %d servers", len(self.guilds))

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Log what a listener let through, with an id and without what was said."""
        import sys

        error = sys.exc_info()[1]
        if error is not None:
            faults.explain(error, event_method)

    async def close(self) -> None:
        """End what runs, then the connection."""
        await self.desk.close()
        await self._finished()
        await super().close()

    async def _finished(self) -> None:
        """Wait for answers and events that are being worked on: the store closes after this."""
        current = asyncio.current_task()
        working = [
            task
            for task in asyncio.all_tasks()
            if task is not current and task.get_name().startswith(WORKING)
        ]
        if working:
            await asyncio.wait(working, timeout=CLOSES_WITHIN)


class ShardedCrux(Crux, commands.AutoShardedBot):
    """The bot in as many shards as Discord advises."""


def intents(*, content: bool) -> discord.Intents:
    """Give the intents: servers, messages, and the words of messages where they are granted."""
    return discord.Intents(
        guilds=True, guild_messages=True, dm_messages=True, message_content=content
    )


def invite_link(application_id: int) -> str:
    """Give the address that puts the bot in a server with exactly what it needs."""
    return discord.utils.oauth_url(
        application_id, permissions=NEEDS, scopes=("bot", "applications.commands")
    )
