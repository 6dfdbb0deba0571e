"""What is taken back where it was said is taken back in the store, on maps and in digests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Coroutine
from typing import Any

import discord
from discord.ext import commands

from bot.chat.buttons import map_view
from bot.chat.client import Crux
from bot.chat.courier import amend
from bot.chat.drawing import draw
from bot.chat.replies import FILE_ROOM
from bot.chat.taken import words_of
from bot.errors import StoreError
from bot.jobs import JobError
from bot.store.values import Changed, Erased

_log = logging.getLogger("crux.chat")

PATIENCE = 3.0  # seconds for which words that were taken back may stay while files are written
NOTE = "Something that this rested on was deleted, and is no longer shown."


class Forget(commands.Cog):
    """Follows deletions, edits, and the bot being sent away; raw events, nothing is cached."""

    def __init__(self, bot: Crux) -> None:
        self.bot = bot
        self._busy: set[asyncio.Task[None]] = set()

    async def cog_unload(self) -> None:
        """Finish what is being forgotten before the store closes."""
        await asyncio.gather(*self._busy, return_exceptions=True)

    async def _finish(self, act: Coroutine[Any, Any, None]) -> None:
        """Do something that outlives the event which asked for it."""
        task = asyncio.create_task(act)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        await task

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Forget a deleted message."""
        await self._finish(self._posts(event.guild_id, {event.message_id}))

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Forget messages deleted together."""
        await self._finish(self._posts(event.guild_id, event.message_ids))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Forget words that were changed; what Discord adds to a message by itself changes none."""
        message, me = event.message, self.bot.user
        if event.guild_id is None or message.edited_at is None:
            return
        if me is not None and message.author.id == me.id:
            return
        text = words_of(message)
        self.bot.taken_back.add({event.message_id: text})
        await self._finish(self._edited(event.guild_id, event.message_id, text))

    async def _edited(self, guild_id: int, message_id: int, text: str) -> None:
        now = self.bot.desk.clock()
        try:
            erased = await self.bot.desk.store.privacy.changed(
                guild_id, str(message_id), text, now=now
            )
        except StoreError as error:
            _log.error("an edit could not be followed: %s", error)
            return
        await redraw(self.bot, erased)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """Forget a deleted thread."""
        await self._finish(self._channel(event.guild_id, event.thread_id))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget a deleted channel and the threads under it."""
        await self._finish(self._channel(channel.guild.id, channel.id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Begin the time of grace of a server that sent the bot away."""
        await self._finish(self.bot.desk.store.guilds.left(guild.id, self.bot.desk.clock()))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """End the time of grace of a server that has the bot back."""
        await self._finish(self.bot.desk.store.guilds.joined(guild.id))

    async def _posts(self, guild_id: int | None, ids: Collection[int]) -> None:
        if guild_id is None:
            return
        self.bot.taken_back.add(dict.fromkeys(ids))
        try:
            erased = await self.bot.desk.store.privacy.forget_posts(
                guild_id, {str(key) for key in ids}, now=self.bot.desk.clock()
            )
        except StoreError as error:
            _log.error("a deletion could not be followed: %s", error)
            return
        await redraw(self.bot, erased)

    async def _channel(self, guild_id: int, channel_id: int) -> None:
        try:
            erased = await self.bot.desk.store.privacy.forget_channel(
                guild_id, channel_id, now=self.bot.desk.clock()
            )
        except StoreError as error:
            _log.error("a deletion could not be followed: %s", error)
            return
        await redraw(self.bot, erased)


async def redraw(bot: Crux, erased: Erased) -> None:
    """Edit every message that shows what was erased; one that cannot be edited stops no other."""
    for changed in erased.shown:
        if changed.place.channel_id is None or changed.place.message_id is None:
            continue
        try:
            message = _message(bot, changed)
            if changed.gone:
                await message.delete()
            elif changed.kind == "map":
                await _redraw_map(bot, changed, message)
            else:
                await _redraw_digest(bot, changed, message)
        except (discord.HTTPException, StoreError, JobError) as error:
            _log.info(
                "%s %s could not be edited: %s", changed.kind, changed.id, type(error).__name__
            )


def _message(bot: Crux, changed: Changed) -> discord.PartialMessage:
    assert changed.place.channel_id is not None
    assert changed.place.message_id is not None
    channel = bot.get_partial_messageable(changed.place.channel_id, guild_id=changed.place.guild_id)
    return channel.get_partial_message(changed.place.message_id)


async def _redraw_map(bot: Crux, changed: Changed, message: discord.PartialMessage) -> None:
    """Edit a map's message until it shows what is kept: another deletion may overtake this one."""
    shown = None
    while (kept := await bot.desk.store.maps.get(changed.id)) and kept.version != shown:
        drawn = await draw(bot.desk.painter, kept.found, key=kept.id, note=NOTE, room=FILE_ROOM)
        await message.edit(embed=drawn.embed(), attachments=drawn.files(), view=map_view(kept.id))
        shown = kept.version


async def _redraw_digest(bot: Crux, changed: Changed, message: discord.PartialMessage) -> None:
    """Edit a digest's message until it shows what is kept; without its files while they take long.

    Whoever took words back does not wait for a worker to draw the picture without them.
    """
    shown = None
    while (kept := await bot.desk.store.digests.get(int(changed.id))) and kept.digest != shown:
        writing = asyncio.ensure_future(bot.desk.clerk.write(kept.digest))
        try:
            await asyncio.wait({writing}, timeout=PATIENCE)
            if not writing.done():
                await amend(message, kept, {})
            await amend(message, kept, (await writing).files)
        except JobError:
            await amend(message, kept, {})
            raise
        finally:
            writing.cancel()
        shown = kept.digest


async def setup(bot: Crux) -> None:
    """Join the bot."""
    await bot.add_cog(Forget(bot))
