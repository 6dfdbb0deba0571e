"""Mentions and direct messages: the friendly door."""

from __future__ import annotations

import contextlib
import re

import discord
from discord.ext import commands

from bot.chat import faults, pasted
from bot.chat.ask import Ask, parse
from bot.chat.audience import may_read, missing, plain
from bot.chat.client import Crux
from bot.chat.cooldown import CoolDown
from bot.chat.desk import Request, Take
from bot.chat.replies import MessageReply
from bot.chat.words import HELP, UNCLEAR, UNSAID_DIRECT
from bot.errors import CruxError

READABLE = (discord.TextChannel, discord.Thread, discord.VoiceChannel, discord.StageChannel)
SAYS = (discord.MessageType.default, discord.MessageType.reply)
FORGET_AFTER = 20.0  # seconds that "too soon" stays in a channel


class Mentions(commands.Cog):
    """Answers messages that name the bot, and direct ones."""

    def __init__(self, bot: Crux) -> None:
        self.bot = bot
        self._told = CoolDown(FORGET_AFTER)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a person's message that calls the bot by its own name."""
        if message.author.bot or message.webhook_id is not None or message.type not in SAYS:
            return
        assert self.bot.user is not None
        # `raw_mentions`: neither @everyone nor a reply with a ping is a call
        if message.guild is not None and self.bot.user.id not in message.raw_mentions:
            return
        words = re.sub(rf"<@!?{self.bot.user.id}>", "", message.content).strip()
        try:
            await self._answer(message, words)
        except CruxError as error:
            await self._say(message, str(error))
        except Exception as error:
            await self._say(message, faults.explain(error, "a mention").text)

    async def _answer(self, message: discord.Message, words: str) -> None:
        ask = parse(words, self.bot.desk.clock())
        lacking = self._lacking(message)
        if lacking:
            where = f"<#{message.channel.id}>"
            raise CruxError(f"To answer in {where} I need {plain(lacking)} there.")
        if ask.kind == "help":
            await self._say(message, HELP)
            return
        take, opening = self._meaning(message, ask)
        if take is None:
            await self._say(message, UNCLEAR if message.guild else UNSAID_DIRECT)
            return
        await self._serve(message, take, opening)

    def _lacking(self, message: discord.Message) -> list[str]:
        channel, guild = message.channel, message.guild
        if guild is None or not isinstance(channel, READABLE):
            return []
        return missing(
            channel,
            guild.me,
            "view_channel",
            "read_message_history",
            "send_messages",
            "embed_links",
        )

    def _meaning(self, message: discord.Message, ask: Ask) -> tuple[Take | None, str]:
        """Give what is to be taken and what is said at once; nothing for other words."""
        file = pasted.readable(message.attachments)
        if file is not None:
            return (lambda: pasted.read_file(file)), "Reading the file…"
        if message.attachments and ask.kind == "here":
            other = message.attachments[0]
            return (lambda: pasted.read_file(other)), "Reading the file…"
        if ask.kind == "paste":
            return (lambda: pasted.read_pasted(ask.text)), "Reading what you pasted…"
        channel, reader = message.channel, self.bot.reader
        if ask.kind == "unclear" or not isinstance(channel, READABLE):
            return None, ""
        above = message.reference
        forward = above is not None and above.type is discord.MessageReferenceType.forward
        if above is not None and above.message_id is not None and not forward:
            answered = above.message_id
            if ask.kind == "here":
                return (lambda: reader.around(channel, answered)), "Reading the replies…"
        where = "this thread" if isinstance(channel, discord.Thread) else "what was said here"
        return (lambda: reader.channel(channel, ask, message.id)), f"Reading {where}…"

    async def _serve(self, message: discord.Message, take: Take, opening: str) -> None:
        desk, guild = self.bot.desk, message.guild
        request = Request(
            key=message.id,
            requester=message.author,
            guild_id=guild.id if guild else None,
            channel_id=message.channel.id,
        )
        refusal = await desk.refusal(request)
        if refusal is not None:
            await self._refuse(message, refusal)
            return
        author, channel = message.author, message.channel
        if (
            isinstance(author, discord.Member)
            and isinstance(channel, READABLE)
            and not await may_read(channel, author)
        ):
            raise CruxError("I map for those who may read the channel's history.")
        private = guild is not None and (await desk.store.guilds.settings(guild.id)).private_replies
        await desk.serve(request, MessageReply(message, private=private), take, opening)

    async def _refuse(self, message: discord.Message, text: str) -> None:
        """Say "too soon" once, for a short while: a channel is not the place for more."""
        if self._told.left(message.author.id) > 0:
            return
        self._told.start(message.author.id)
        await message.channel.send(
            text,
            reference=message.to_reference(fail_if_not_exists=False),
            mention_author=False,
            silent=True,
            delete_after=FORGET_AFTER,
        )

    async def _say(self, message: discord.Message, text: str) -> None:
        """Answer in the channel, or directly where the bot may not write there.

        Without the right to read history a message cannot be answered as a reply.
        """
        above = message.to_reference(fail_if_not_exists=False)
        with contextlib.suppress(discord.Forbidden):
            await message.channel.send(
                text[:2000], reference=above, mention_author=False, silent=True
            )
            return
        with contextlib.suppress(discord.Forbidden):
            await message.channel.send(text[:2000], silent=True)
            return
        with contextlib.suppress(discord.HTTPException):
            await message.author.send(text[:2000])


async def setup(bot: Crux) -> None:
    """Join the bot."""
    await bot.add_cog(Mentions(bot))
