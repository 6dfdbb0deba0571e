"""Slash commands and the message menu."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat import faults, forms, own_data, pasted, status
from bot.chat.ask import parse_range
from bot.chat.audience import Place, as_open, may_read, missing, plain
from bot.chat.client import Crux
from bot.chat.desk import Request, Take
from bot.chat.gather import Readable
from bot.chat.mentions import READABLE
from bot.chat.replies import InteractionReply
from bot.chat.taken import Taken
from bot.chat.words import HELP, PRIVACY
from bot.errors import CruxError, InputError

Interaction = discord.Interaction[Crux]
Anywhere = app_commands.AppCommandChannel | app_commands.AppCommandThread


class Commands(commands.Cog):
    """`/map`, `/paste`, `/crux ...` and "Map this thread"."""

    crux = app_commands.Group(name="crux", description="Crux: help, settings, privacy, status")

    def __init__(self, bot: Crux) -> None:
        self.bot = bot
        self._open: set[str] = set()
        self._menu = app_commands.guild_only(
            app_commands.ContextMenu(name="Map this thread", callback=self.map_this)
        )

    async def cog_load(self) -> None:
        """Add the message menu, which a cog does not add by itself."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the message menu away."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="map", description="Map the argument of a thread or of recent talk")
    @app_commands.describe(
        channel="A channel: its recent talk (this one if you leave it out)",
        thread="A thread or forum post: all of it",
        range="How much: last 200, since 2d, since 2026-01-31",
        private="Show the map to you alone",
    )
    @app_commands.guild_only()
    async def map(
        self,
        interaction: Interaction,
        channel: app_commands.AppCommandChannel | None = None,
        thread: app_commands.AppCommandThread | None = None,
        range: app_commands.Range[str, 0, 60] = "",  # noqa: A002 - the name that people see
        private: bool = False,
    ) -> None:
        """Map a channel's talk or a thread."""
        ask = parse_range(range, self.bot.desk.clock())
        place = await self._place(interaction, thread or channel)
        await self._require(interaction, place)
        await self._serve(
            interaction,
            lambda: self.bot.reader.channel(place, ask, interaction.id),
            private=private or not self._open_here(interaction, place),
        )

    @app_commands.command(name="paste", description="Map a discussion that you paste or upload")
    @app_commands.describe(
        file="A .txt, .json, .md, .html or .csv file; leave it out to paste text",
        private="Show the map to you alone",
    )
    async def paste(
        self,
        interaction: Interaction,
        file: discord.Attachment | None = None,
        private: bool = False,
    ) -> None:
        """Map what a person gives."""
        if file is not None:
            await self._serve(interaction, lambda: pasted.read_file(file), private=private)
            return

        async def send(
            answered: discord.Interaction, text: str, files: list[discord.Attachment]
        ) -> None:
            await self._pasted(answered, text, files, private=private)

        form = forms.PasteForm(send)
        self._open.add(form.custom_id)
        await interaction.response.send_modal(form)

    async def _pasted(
        self,
        interaction: discord.Interaction,
        text: str,
        files: list[discord.Attachment],
        *,
        private: bool,
    ) -> None:
        if not files and not text.strip():
            raise InputError("There was nothing in the form: paste a discussion, or add a file.")

        if files:
            await self._serve(interaction, lambda: pasted.read_file(files[0]), private=private)
            return
        try:
            taken = await pasted.read_pasted(text)
        except InputError as error:
            await forms.give_back(interaction, text, f"{error} This is what you pasted:")
            return

        async def take() -> Taken:
            return taken

        await self._serve(interaction, take, private=private)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Give back what was typed in a form that an earlier process opened."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Any = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        if custom_id.startswith(forms.PREFIX) and custom_id not in self._open:
            says = "I was restarted while you typed. Here is your text: use `/paste` once more."
            await forms.give_back(interaction, forms.typed(interaction), says)
        self._open.discard(custom_id)

    async def map_this(self, interaction: Interaction, message: discord.Message) -> None:
        """Map what hangs on a message: its thread, or the replies around it."""
        place = await self._place(interaction, None)
        await self._require(interaction, place)
        await self._serve(
            interaction, lambda: self.bot.reader.target(place, message, interaction.id)
        )

    # what they share

    async def _place(self, interaction: Interaction, named: Anywhere | None) -> Readable:
        """Give the channel that is meant, as the bot knows it. Raises CruxError."""
        place: object = interaction.channel
        if named is not None:
            try:
                place = named.resolve() or await named.fetch()
            except (discord.Forbidden, discord.NotFound):
                raise CruxError(
                    f"I cannot see {named.mention}: give me {plain(['View Channel'])} there."
                ) from None
        if isinstance(place, discord.ForumChannel):
            raise CruxError("A forum holds many posts: name one as `thread`, or mention me in it.")
        if not isinstance(place, READABLE):
            raise CruxError("There is nothing to read there: name a text channel or a thread.")
        return place

    async def _require(self, interaction: Interaction, place: Place) -> None:
        """Demand that the bot and the person may both read. Raises CruxError."""
        guild, user = interaction.guild, interaction.user
        assert guild is not None
        lacking = missing(place, guild.me, "view_channel", "read_message_history")
        if lacking:
            raise CruxError(f"To read <#{place.id}> I need {plain(lacking)} there.")
        if not isinstance(user, discord.Member) or not await may_read(place, user):
            raise CruxError("You may not read that channel's history, so I do not map it for you.")

    def _open_here(self, interaction: Interaction, place: Place) -> bool:
        """Tell whether all who read the channel of the answer may read what is mapped."""
        guild, here = interaction.guild, interaction.channel_id
        target = guild.get_channel_or_thread(here) if guild and here else None
        return (
            target is not None
            and not isinstance(target, discord.CategoryChannel)
            and as_open(place, target)
        )

    async def _serve(
        self, interaction: discord.Interaction, take: Take, *, private: bool = False
    ) -> None:
        desk, guild_id = self.bot.desk, interaction.guild_id
        request = Request(
            key=interaction.id,
            requester=interaction.user,
            guild_id=guild_id,
            channel_id=interaction.channel_id or interaction.user.id,
        )
        refusal = await desk.refusal(request)
        if refusal is not None:
            raise CruxError(refusal)
        if guild_id is not None:
            private = private or (await desk.store.guilds.settings(guild_id)).private_replies
        reply = InteractionReply(interaction, private=private, clock=desk.clock)
        await desk.serve(request, reply, take, "")

    # /crux

    @crux.command(name="help", description="What I do, and the ways to ask")
    async def help(self, interaction: Interaction) -> None:
        """Say what the bot does."""
        await faults.say(interaction, HELP)

    @crux.command(name="privacy", description="What is kept; your own data shown or erased")
    @app_commands.describe(action="What to do with your data; leave it out to read what is kept")
    async def privacy(
        self, interaction: Interaction, action: own_data.Action | None = None
    ) -> None:
        """Say what is kept, or do what a person asks about their own data."""
        if action is not None:
            await own_data.act(interaction, action)
            return
        days = 30
        if interaction.guild_id is not None:
            guild = await self.bot.desk.store.guilds.settings(interaction.guild_id)
            days = guild.retention_days
        await faults.say(interaction, PRIVACY.format(days=days))

    @crux.command(name="status", description="Whether I am well, and what I may do here")
    async def status(self, interaction: Interaction) -> None:
        """Say how the bot is."""
        await faults.say(interaction, status.describe(self.bot, interaction))

    @crux.command(name="settings", description="What this server has set; managers can change it")
    @app_commands.describe(
        private_replies="Show maps to the person who asks alone",
        leave_out="A channel in which nobody may ask for maps",
        take_in="A channel that was left out and no longer is",
        only_role="A role whose members may ask for maps (the first one closes it for others)",
        any_role="Let everybody ask again",
        keep_days="Days that maps, and the messages they rest on, are kept",
    )
    @app_commands.guild_only()
    async def settings(  # noqa: PLR0917 - discord.py calls it by name
        self,
        interaction: Interaction,
        private_replies: bool | None = None,
        leave_out: app_commands.AppCommandChannel | None = None,
        take_in: app_commands.AppCommandChannel | None = None,
        only_role: discord.Role | None = None,
        any_role: bool = False,
        keep_days: app_commands.Range[int, 1, 365] | None = None,
    ) -> None:
        """Show or change a server's settings."""
        assert interaction.guild_id is not None
        guilds = self.bot.desk.store.guilds
        before = await guilds.settings(interaction.guild_id)
        left_out = set(before.left_out) | ({leave_out.id} if leave_out else set())
        left_out -= {take_in.id} if take_in else set()
        roles = set() if any_role else set(before.roles)
        roles |= {only_role.id} if only_role else set()
        after = replace(
            before,
            private_replies=before.private_replies if private_replies is None else private_replies,
            left_out=tuple(sorted(left_out)),
            roles=tuple(sorted(roles)),
            retention_days=keep_days or before.retention_days,
        )
        if after != before:
            if not interaction.permissions.manage_guild:
                raise CruxError("Changing settings takes the permission **Manage Server**.")
            await guilds.set(interaction.guild_id, after)
        await faults.say(interaction, status.settings(after))


async def setup(bot: Crux) -> None:
    """Join the bot."""
    await bot.add_cog(Commands(bot))
