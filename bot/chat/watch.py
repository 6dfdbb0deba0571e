"""What happens to messages while they are being mapped: deletions and edits are followed."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.chat.client import Crux
from bot.chat.taken import words_of


class Watch(commands.Cog):
    """Passes on what was deleted and edited; raw events, since nothing is cached."""

    def __init__(self, bot: Crux) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Follow the deletion of one message."""
        self.bot.desk.deleted(event.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Follow the deletion of many messages."""
        for message_id in event.message_ids:
            self.bot.desk.deleted(message_id)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Follow an edit; what the client adds to a message by itself is none."""
        if event.message.edited_at is not None and event.message.content:
            self.bot.desk.edited(event.message_id, words_of(event.message))

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """Follow the deletion of a thread."""
        self.bot.desk.closed(event.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Follow the deletion of a channel."""
        self.bot.desk.closed(channel.id)


async def setup(bot: Crux) -> None:
    """Join the bot."""
    await bot.add_cog(Watch(bot))
