"""Two ways to answer a request for a map: under a message, and to an interaction."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import discord

from bot.chat.drawing import Drawn
from bot.chat.faults import GONE, say

_log = logging.getLogger("crux.chat")

FILE_ROOM = 10 * 1024 * 1024 - 4096  # bytes of a file, where the server says nothing else
TOKEN_SAFE = timedelta(minutes=14)  # of the 15 that an interaction can be answered
TOKEN_WARN = timedelta(minutes=12)
READY = "Your map is ready. It is for you alone: press the button to see it."
_GONE_MESSAGE = (10003, 10008)

Clock = Callable[[], datetime]


class Reply(Protocol):
    """How one request is answered; `private` answers show nothing of a map to others."""

    private: bool

    @property
    def room(self) -> int:
        """The most bytes of one attached file."""
        ...

    async def begin(self, text: str) -> None:
        """Give the sign of life."""
        ...

    async def progress(self, text: str) -> None:
        """Say how it stands; trouble with that is no trouble."""
        ...

    async def small(self, text: str) -> None:
        """Give an answer of one or two sentences, the last one."""
        ...

    async def finish(
        self, drawn: Drawn, view: discord.ui.View, show: discord.ui.View
    ) -> discord.Message | None:
        """Show the map with `view`, or (privately, and late) a button that shows it.

        Gives the message that everybody sees the map in, if there is one.
        """
        ...

    async def drop(self) -> None:
        """Take the sign of life away: nobody waits any more."""
        ...


class MessageReply:
    """Answers under the message that asked."""

    def __init__(self, message: discord.Message, *, private: bool = False) -> None:
        self._message = message
        self.private = private
        self._status: discord.Message | None = None

    @property
    def room(self) -> int:
        """The most bytes of one attached file."""
        return self._message.guild.filesize_limit - 4096 if self._message.guild else FILE_ROOM

    async def begin(self, text: str) -> None:
        """Answer at once with what is being done."""
        self._status = await self._send(content=text)

    async def progress(self, text: str) -> None:
        """Say how it stands in the same message."""
        if self._status is not None:
            with contextlib.suppress(discord.HTTPException):
                self._status = await self._status.edit(content=text)

    async def small(self, text: str) -> None:
        """Put the answer in the place of the sign of life."""
        await self._put(content=text, embed=None, attachments=[], view=None)

    async def finish(
        self, drawn: Drawn, view: discord.ui.View, show: discord.ui.View
    ) -> discord.Message | None:
        """Put the map in the place of the sign of life."""
        if self.private:
            await self._put(content=READY, embed=None, attachments=[], view=show)
            return None
        files = self._may_attach()
        return await self._put(
            content=None,
            embed=drawn.embed(picture=files),
            attachments=drawn.files() if files else [],
            view=view,
        )

    def _may_attach(self) -> bool:
        channel, guild = self._message.channel, self._message.guild
        if guild is None or isinstance(channel, discord.DMChannel | discord.GroupChannel):
            return True
        return channel.permissions_for(guild.me).attach_files

    async def _put(
        self,
        *,
        content: str | None,
        embed: discord.Embed | None,
        attachments: list[discord.File],
        view: discord.ui.View | None,
    ) -> discord.Message:
        """Edit the sign of life; where it was deleted meanwhile, send anew."""
        if self._status is not None:
            try:
                self._status = await self._status.edit(
                    content=content, embed=embed, attachments=attachments, view=view
                )
                return self._status
            except discord.NotFound as error:
                if error.code not in _GONE_MESSAGE:
                    raise
                for file in attachments:
                    file.reset()
        self._status = await self._send(content=content, embed=embed, files=attachments, view=view)
        return self._status

    async def _send(
        self,
        *,
        content: str | None = None,
        embed: discord.Embed | None = None,
        files: list[discord.File] | None = None,
        view: discord.ui.View | None = None,
    ) -> discord.Message:
        return await self._message.channel.send(
            content=content,
            embed=embed or discord.utils.MISSING,
            files=files or discord.utils.MISSING,
            view=view or discord.utils.MISSING,
            reference=self._message.to_reference(fail_if_not_exists=False),
            mention_author=False,
            silent=True,
        )

    async def drop(self) -> None:
        """Delete the sign of life."""
        if self._status is not None:
            with contextlib.suppress(discord.HTTPException):
                await self._status.delete()


class InteractionReply:
    """Answers an interaction; after its token's 15 minutes, in the channel."""

    def __init__(self, interaction: discord.Interaction, *, private: bool, clock: Clock) -> None:
        self._interaction, self._clock = interaction, clock
        self.private = private
        self._warned = False

    @property
    def room(self) -> int:
        """The most bytes of one attached file."""
        return self._interaction.filesize_limit - 4096

    def _age(self) -> timedelta:
        return self._clock() - self._interaction.created_at

    async def begin(self, text: str) -> None:  # noqa: ARG002 - Discord's own words are shown
        """Let Discord show that the bot is thinking."""
        if not self._interaction.response.is_done():
            await self._interaction.response.defer(ephemeral=self.private, thinking=True)

    async def progress(self, text: str) -> None:
        """Say how it stands, as long as Discord lets it."""
        age = self._age()
        if self._warned or age > TOKEN_SAFE:
            return
        if age > TOKEN_WARN:
            self._warned = True
            text = "This takes longer than I can answer here: the map comes as a new message."
        with contextlib.suppress(discord.HTTPException):
            await self._interaction.edit_original_response(content=text)

    async def small(self, text: str) -> None:
        """Answer in a sentence."""
        if not self._interaction.response.is_done():
            await say(self._interaction, text)
            return
        try:
            await self._interaction.edit_original_response(content=text)
        except discord.HTTPException as error:
            if error.code not in (*GONE, *_GONE_MESSAGE):
                raise
            if self.private:
                with contextlib.suppress(discord.HTTPException):
                    await self._interaction.user.send(text)
            else:
                await self._late(content=text)

    async def finish(
        self, drawn: Drawn, view: discord.ui.View, show: discord.ui.View
    ) -> discord.Message | None:
        """Show the map in the answer; where that is too late, in the channel."""
        if self._age() < TOKEN_SAFE:
            try:
                message = await self._interaction.edit_original_response(
                    content=None, embed=drawn.embed(), attachments=drawn.files(), view=view
                )
                return None if self.private else message
            except discord.HTTPException as error:
                if error.code not in (*GONE, *_GONE_MESSAGE):
                    raise
                _log.info("an interaction was over (%s): the map goes to the channel", error.code)
        if self.private:
            await self._late(content=READY, view=show)
            return None
        return await self._late(embed=drawn.embed(), files=drawn.files(), view=view)

    async def _late(
        self,
        *,
        content: str | None = None,
        embed: discord.Embed | None = None,
        files: list[discord.File] | None = None,
        view: discord.ui.View | None = None,
    ) -> discord.Message:
        """Send to the channel, or to the person where the channel is closed to the bot."""
        channel = self._interaction.channel
        options: dict[str, Any] = {
            "content": content,
            "embed": embed or discord.utils.MISSING,
            "view": view or discord.utils.MISSING,
            "silent": True,
        }
        if isinstance(channel, discord.abc.Messageable):
            try:
                return await channel.send(files=files or discord.utils.MISSING, **options)
            except discord.Forbidden:
                for file in files or ():
                    file.reset()
        return await self._interaction.user.send(files=files or discord.utils.MISSING, **options)

    async def drop(self) -> None:
        """Delete the answer."""
        with contextlib.suppress(discord.HTTPException):
            await self._interaction.delete_original_response()
