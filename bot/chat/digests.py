"""`/digest`: setting it up, looking at it, pausing it; and the clock that lets it run."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import discord
import numpy as np
from discord import app_commands
from discord.ext import commands

from bot.chat import faults
from bot.chat.audience import as_open
from bot.chat.client import Crux
from bot.chat.courier import DiscordCourier, Target, digest_embed, digest_papers, look
from bot.chat.taken import PLATFORM
from bot.digest.calendar import DAYS, Slot, clock_time
from bot.digest.runner import Runner
from bot.errors import CruxError, StoreError, places_of
from bot.jobs import Lane
from bot.store.digests import StoredDigest
from bot.store.schedules import Schedule
from bot.store.values import Person, WhenEmpty
from bot.store.vectors import Rows
from bot.views.digests.telling import span, tell
from nlp.model import ArgumentMap, Thread

_log = logging.getLogger("crux.chat")

RETAIN_EVERY = timedelta(hours=6)
MOST_NAMED = 20  # channels in one answer

Interaction = discord.Interaction[Crux]
Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class DeskMapper:
    """A `Mapper` that waits its turn at the bot's own analyst."""

    def __init__(self, bot: Crux) -> None:
        self._bot = bot

    async def map(self, guild_id: int, thread: Thread) -> tuple[ArgumentMap, Rows]:
        """Give the map of a thread and the vectors of its units."""
        lane = Lane(place=f"digest of {guild_id}", group=str(guild_id))

        desk = self._bot.desk
        found = await desk.analyst.analyze(thread, lane=lane, tell=lambda _: None)
        if not found.units:
            return found, np.empty((0, 0), np.float32)
        return found, await desk.clerk.encode([unit.text for unit in found.units])


class Digests(commands.Cog):
    """The weekly digest."""

    digest = app_commands.Group(
        name="digest",
        description="A weekly digest of what this server argued",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, bot: Crux) -> None:
        self.bot = bot
        self.courier = DiscordCourier(bot)
        self.runner = Runner(
            store=bot.desk.store,
            courier=self.courier,
            mapper=DeskMapper(bot),
            clerk=bot.desk.clerk,
            clock=bot.desk.clock,
        )
        self._task: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Start the clock."""
        self._task = asyncio.create_task(self._run(), name="digests")

    async def cog_unload(self) -> None:
        """Stop the clock."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        """Look at what is due, for ever; nothing that fails here ends it."""
        await self.bot.wait_until_ready()
        retained = self.bot.desk.clock() - RETAIN_EVERY
        while True:
            await asyncio.sleep(self.bot.settings.tick)
            try:
                await self.runner.tick()
                now = self.bot.desk.clock()
                if now - retained >= RETAIN_EVERY:
                    await self.bot.desk.store.privacy.retain(now)
                    retained = now
            except StoreError as error:
                _log.warning("the store: %s", error)
            except Exception as error:
                _log.error("the clock of the digests: %s", places_of(error))

    @digest.command(name="setup", description="Where and when the digest comes, and from where")
    @app_commands.describe(
        channel="Where it is posted",
        day="The day of the week",
        at="The time of day there, as 09:30",
        zone="The time zone, as Europe/Berlin",
        source="A channel to take it from (all that everybody there can read, if none is named)",
        confirm="Take this source although not everybody who reads the digest may read it",
        empty="What to do in a week without argument",
    )
    async def setup(  # noqa: PLR0917 - discord.py calls it by name
        self,
        interaction: Interaction,
        channel: discord.TextChannel,
        day: Day,
        at: app_commands.Range[str, 1, 5],
        zone: app_commands.Range[str, 1, 60],
        source: discord.TextChannel | discord.ForumChannel | None = None,
        confirm: bool = False,
        empty: Literal["stay silent", "say so in a line"] | None = None,
    ) -> None:
        """Set the schedule, and what it takes from."""
        guild = _manager(interaction)
        slot = Slot(weekday=DAYS.index(day), at=clock_time(at), zone=zone)
        store = self.bot.desk.store
        settings = await store.guilds.settings(guild.id)
        if source is not None:
            if not confirm and not as_open(source, channel):
                raise CruxError(
                    f"Not everybody who reads <#{channel.id}> may read <#{source.id}>: what is "
                    "said there would show to them. If that is meant, say `confirm: True`."
                )
            settings = replace(
                settings,
                sources=tuple(sorted({*settings.sources, source.id})),
                confirmed=tuple(sorted({*settings.confirmed, *([source.id] if confirm else [])})),
            )
        if empty is not None:
            when: WhenEmpty = "silent" if empty == "stay silent" else "line"
            settings = replace(settings, when_empty=when)
        by = Person(
            platform=PLATFORM, id=str(interaction.user.id), name=interaction.user.display_name
        )
        await store.guilds.set(guild.id, settings)
        now = self.bot.desk.clock()
        schedule = await store.schedules.set(guild.id, channel.id, slot, by=by, now=now)
        await self.courier.sources(
            schedule, settings
        )  # says what is missing, now and not in a week
        await faults.say(
            interaction,
            f"The digest comes to <#{channel.id}> each {day} at {slot.at:%H:%M} ({zone}), next "
            f"{discord.utils.format_dt(schedule.next_run_at, 'F')}. `/digest sources` says what "
            "it is taken from, `/digest preview` shows it to you.",
        )

    @digest.command(name="preview", description="Show you the digest as it would be now")
    async def preview(self, interaction: Interaction) -> None:
        """Compose a digest of the window so far, for the person who asks alone."""
        schedule = await self._schedule(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        kept, files = await self.runner.preview(schedule)
        if not kept.digest.worth:
            await interaction.edit_original_response(content=_plain(kept))
            return
        papers = digest_papers(kept, files)
        await interaction.edit_original_response(
            embed=digest_embed(kept, papers), attachments=[paper.file() for paper in papers]
        )

    @digest.command(name="now", description="Post the digest now; the next one starts here")
    async def now(self, interaction: Interaction) -> None:
        """Let the schedule be due at once."""
        schedule = await self._schedule(interaction)
        if schedule.paused:
            raise CruxError(
                f"The digest is paused: {schedule.paused} `/digest resume` lets it go on."
            )
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.bot.desk.store.schedules.due_now(schedule.guild_id, self.bot.desk.clock())
        await self.runner.tick()
        latest = await self.bot.desk.store.digests.history(schedule.guild_id, 1)
        await interaction.edit_original_response(content=_outcome(latest))

    @digest.command(name="pause", description="Stop the digest until you resume it")
    async def pause(self, interaction: Interaction) -> None:
        """Pause the schedule."""
        schedule = await self._schedule(interaction)
        await self.bot.desk.store.schedules.pause(schedule.guild_id, "somebody paused it.")
        await faults.say(
            interaction, "Paused. `/digest resume` lets it go on, with all since then."
        )

    @digest.command(name="resume", description="Let a paused digest go on")
    async def resume(self, interaction: Interaction) -> None:
        """Let the schedule go on at its next time."""
        schedule = await self._schedule(interaction)
        await self.bot.desk.store.schedules.resume(schedule.guild_id, self.bot.desk.clock())
        again = await self._schedule(interaction)
        await faults.say(
            interaction, f"It goes on {discord.utils.format_dt(again.next_run_at, 'F')}."
        )

    @digest.command(name="sources", description="What the digest is taken from, and what not")
    @app_commands.describe(remove="A channel to take it from no longer")
    async def sources(
        self,
        interaction: Interaction,
        remove: discord.TextChannel | discord.ForumChannel | None = None,
    ) -> None:
        """List the channels by whether they are read."""
        guild = _manager(interaction)
        schedule = await self._schedule(interaction)
        settings = await self.bot.desk.store.guilds.settings(guild.id)
        if remove is not None:
            settings = replace(
                settings,
                sources=tuple(key for key in settings.sources if key != remove.id),
                confirmed=tuple(key for key in settings.confirmed if key != remove.id),
            )
            await self.bot.desk.store.guilds.set(guild.id, settings)
        target = guild.get_channel_or_thread(schedule.channel_id)
        if not isinstance(target, Target):
            raise CruxError("The digest's channel is gone: name another with `/digest setup`.")
        found = look(guild, target, settings)
        rows = (
            ("Read", found.open),
            ("Not read, since not everybody who reads the digest may", found.private),
            ("Not read, since I may not", found.closed),
        )
        lines = [
            f"**{title}:** {', '.join(f'<#{c.id}>' for c in channels[:MOST_NAMED])}"
            + (f" and {len(channels) - MOST_NAMED} more" if len(channels) > MOST_NAMED else "")
            for title, channels in rows
            if channels
        ]
        await faults.say(interaction, "\n".join(lines) or "No channel is read.")

    @digest.command(name="history", description="The last digests")
    async def history(self, interaction: Interaction) -> None:
        """List the last digests with links, and how the schedule stands."""
        guild = _manager(interaction)
        schedule = await self._schedule(interaction)
        kept = await self.bot.desk.store.digests.history(guild.id)
        lines = [_row(guild, one) for one in kept]
        state = (
            f"Paused: {schedule.paused}"
            if schedule.paused
            else f"Next {discord.utils.format_dt(schedule.next_run_at, 'F')}."
        )
        await faults.say(interaction, "\n".join([state, *(lines or ["None yet."])]))

    async def _schedule(self, interaction: Interaction) -> Schedule:
        guild = _manager(interaction)
        found = await self.bot.desk.store.schedules.get(guild.id)
        if found is None:
            raise CruxError("There is no digest here yet: `/digest setup` makes one.")
        return found


def _manager(interaction: Interaction) -> discord.Guild:
    """Give the server of a person who may set it up; the client's own check can be overridden."""
    if interaction.guild is None or not interaction.permissions.manage_guild:
        raise CruxError("The digest takes the permission **Manage Server**.")
    return interaction.guild


def _plain(kept: StoredDigest) -> str:
    return tell(kept.digest, short=True).summary


def _outcome(latest: object) -> str:
    kept = latest[0] if isinstance(latest, list) and latest else None
    if isinstance(kept, StoredDigest) and kept.status == "posted":
        return "Posted."
    if isinstance(kept, StoredDigest) and kept.status == "silent":
        return f"{_plain(kept)} Nothing was posted."
    return "It could not be posted: `/digest history` says why, or ask again in a minute."


def _row(guild: discord.Guild, kept: StoredDigest) -> str:
    days = span(kept.digest.start, kept.digest.end)
    if kept.place.message_id and kept.place.channel_id:
        link = f"https://discord.com/channels/{guild.id}/{kept.place.channel_id}"
        return f"- [{days}]({link}/{kept.place.message_id})"
    return f"- {days}: nothing worth a digest" if kept.status == "silent" else f"- {days}: pending"


async def setup(bot: Crux) -> None:
    """Join the bot."""
    await bot.add_cog(Digests(bot))
