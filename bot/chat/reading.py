"""What a request means in a channel, fetched and made a thread: the part between cogs and desk."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import discord

from bot.chat import gather
from bot.chat.ask import Ask
from bot.chat.gather import Readable
from bot.chat.taken import Gathered, Taken, has_words, take
from bot.errors import CruxError
from bot.settings import Settings

INTENT = (
    "the **Message Content** intent is off. Whoever runs me turns it on in the Developer Portal "
    "(the application, Bot, Privileged Gateway Intents, Message Content Intent) and starts me "
    "again. Without it these work: text pasted after the mention, an attached file, `/paste`, "
    "and *Map this thread* on one long message."
)


class NoWordsError(CruxError):
    """Messages came without their words: the bot lacks the intent for them."""


class Reader:
    """Reads channels for maps, as far as settings let it."""

    def __init__(self, settings: Settings, me: int) -> None:
        self._settings, self._me = settings, me

    async def channel(self, channel: Readable, ask: Ask, before: int) -> Taken:
        """Take a thread whole, or the recent talk of a channel; a range holds in both."""
        if isinstance(channel, discord.Thread) and ask.kind == "here":
            found = await gather.thread(channel, most=self._settings.most_messages, before=before)
        else:
            found = await gather.recent(
                channel,
                ask,
                usual=self._settings.usual_messages,
                most=self._settings.most_messages,
                before=before,
            )
        return await self._taken(found, channel)

    async def around(self, channel: Readable, message_id: int) -> Taken:
        """Take the tree of replies around a message."""
        try:
            message = await channel.fetch_message(message_id)
        except discord.NotFound:
            raise CruxError("The message that you answer is gone: it was deleted.") from None
        found = await gather.replies(channel, message, most=self._settings.most_messages)
        return await self._taken(found, channel)

    async def target(self, channel: Readable, message: discord.Message, before: int) -> Taken:
        """Take what hangs on a message that somebody pointed at, its words alone if need be."""
        started = message.thread
        try:
            if started is not None:
                return await self.channel(started, Ask(kind="here"), before)
            if isinstance(channel, discord.Thread):
                return await self.channel(channel, Ask(kind="here"), before)
            return await self.around(channel, message.id)
        except NoWordsError as error:
            if not message.content:
                raise
            alone = Gathered(
                messages=(message,),
                title=None,
                note="I read this message alone: to read the others I need the Message Content "
                "intent.",
            )
            taken = await self._taken(alone, channel)
            if not taken.thread.posts:
                raise CruxError(str(error)) from None
            return replace(taken, ids=frozenset({message.id}))

    async def _taken(self, found: Gathered, channel: Readable) -> Taken:
        people = [m for m in found.messages if not m.author.bot]
        if people and not has_words(people):
            raise NoWordsError(
                f"I see {len(people):,} messages here, but not their words: {INTENT}"
            )
        return await asyncio.to_thread(take, found, channel, channel.guild.id, self._me)
