"""Reads a server's channels for its digest, and posts it there: `bot.digest.courier` on Discord."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot.chat.audience import NAMES, as_open, missing, plain
from bot.chat.drawing import Paper, embed_of
from bot.chat.replies import FILE_ROOM
from bot.chat.taken import Gathered, has_words, take
from bot.digest.courier import Batch, NoWayError, Source, Sources
from bot.store.digests import StoredDigest
from bot.store.schedules import Schedule
from bot.store.values import GuildSettings, Person
from bot.views.digests import discord as view
from bot.views.digests.forms import FORMS

if TYPE_CHECKING:
    from bot.chat.client import Crux

_log = logging.getLogger("crux.chat")

Talk = discord.TextChannel | discord.ForumChannel | discord.VoiceChannel | discord.StageChannel
Target = discord.TextChannel | discord.Thread

AT_ONCE = 1000  # messages mapped together
LOOK_BACK = 100  # messages of the target in which a digest that was being sent is looked for
OLD_THREADS = 50  # archived threads of one channel that are looked at
SKEW = timedelta(minutes=5)  # between our clock and Discord's
NEEDED = ("view_channel", "read_message_history", "send_messages", "embed_links", "attach_files")
_GONE = (10003, 10004, 50001, 50013)


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """A server's channels, for the readers of one of them: open to all of these, or why not."""

    open: tuple[Talk, ...]
    private: tuple[Talk, ...]
    closed: tuple[Talk, ...]

    def sentences(self) -> Iterator[str]:
        """Say what is left out. A channel that its readers cannot see is not named to them."""
        for channels, why in (
            (self.private, "not everybody who reads this may read"),
            (self.closed, "I may not read"),
        ):
            if channels:
                noun = "channel" if len(channels) == 1 else "channels"
                yield f"Left out: {len(channels)} {noun} that {why}"


def look(guild: discord.Guild, target: Target, settings: GuildSettings) -> Looked:
    """Sort the channels that the settings name (all, where they name none)."""
    kinds: tuple[list[Talk], list[Talk], list[Talk]] = ([], [], [])
    for channel in guild.channels:
        if not isinstance(channel, Talk) or channel.id in settings.left_out:
            continue
        if settings.sources and channel.id not in settings.sources:
            continue
        if channel.id not in settings.confirmed and not as_open(channel, target):
            kinds[1].append(channel)
        elif missing(channel, guild.me, "view_channel", "read_message_history"):
            kinds[2].append(channel)
        else:
            kinds[0].append(channel)
    return Looked(open=tuple(kinds[0]), private=tuple(kinds[1]), closed=tuple(kinds[2]))


class DiscordCourier:
    """A `Courier` with the eyes and the voice of the bot."""

    def __init__(self, bot: Crux) -> None:
        self._bot = bot

    async def sources(self, schedule: Schedule, settings: GuildSettings) -> Sources:
        """Give what the bot and every reader of the target may read, of what the settings name."""
        target = self._target(schedule)
        found = look(target.guild, target, settings)
        left_out = [*found.sentences()]
        read: list[Source] = []
        for channel in found.open:
            if not isinstance(channel, discord.ForumChannel):
                read.append(Source(channel_id=channel.id))
            read += await self._threads(channel, schedule.window_start)
        if not self._bot.intents.message_content:
            left_out.append(
                "All messages: the Message Content intent is off, so I see them without their words"
            )
            read = []
        return Sources(read=tuple(read), left_out=tuple(left_out))

    async def _threads(self, channel: Talk, since: datetime) -> list[Source]:
        """Give the open threads of a channel in which something may have been said since."""
        if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
            return []
        found = {thread.id for thread in channel.threads if not thread.is_private()}
        try:
            async for thread in channel.archived_threads(limit=OLD_THREADS):
                if thread.archive_timestamp and thread.archive_timestamp < since:
                    break
                found.add(thread.id)
        except discord.Forbidden:
            _log.info("archived threads of %d may not be listed", channel.id)
        return [Source(channel_id=key, parent_id=channel.id) for key in sorted(found)]

    async def unread(
        self, source: Source, *, after: int | None, since: datetime, until: datetime
    ) -> AsyncIterator[Batch]:
        """Give the messages after the cursor in runs of AT_ONCE, each once and in order."""
        place = self._bot.get_channel(source.channel_id)
        if not isinstance(place, discord.Thread | discord.TextChannel | discord.VoiceChannel):
            try:
                place = await self._bot.fetch_channel(source.channel_id)
            except (discord.NotFound, discord.Forbidden):
                return
        if not isinstance(place, discord.Thread | discord.TextChannel | discord.VoiceChannel):
            return
        cursor = after or discord.utils.time_snowflake(since)
        end = discord.utils.time_snowflake(until)
        while True:
            pages = place.history(limit=AT_ONCE, after=discord.Object(cursor), oldest_first=True)
            run = [message async for message in pages if cursor < message.id < end]
            if not run:
                return
            cursor = max(message.id for message in run)
            yield await self._batch(place, run, cursor)
            if len(run) < AT_ONCE:
                return

    async def _batch(
        self,
        place: discord.Thread | discord.TextChannel | discord.VoiceChannel,
        run: list[discord.Message],
        last_id: int,
    ) -> Batch:
        out = await self._bot.desk.store.privacy.opted_out(
            "discord", {str(m.author.id) for m in run}
        )
        run = [m for m in run if str(m.author.id) not in out]
        if run and not has_words(run) and any(not m.author.bot for m in run):
            _log.warning("messages of channel %d came without their words", place.id)
        assert self._bot.user is not None
        title = place.name if isinstance(place, discord.Thread) else None
        gathered = Gathered(messages=tuple(run), title=title, note="")
        taken = take(gathered, place, place.guild.id, self._bot.user.id)
        return Batch(thread=taken.thread, people=taken.people, last_id=last_id)

    def taken_back(self, posts: Collection[str]) -> Mapping[str, str | None]:
        """Give what those of these messages say that were edited or deleted (None) lately."""
        found = self._bot.taken_back.among(int(post) for post in posts)
        return {str(key): text for key, text in found.items()}

    async def find(self, kept: StoredDigest) -> int | None:
        """Look for our own message with the digest's mark, since it began to be sent."""
        channel = self._bot.get_channel(kept.place.channel_id or 0)
        if not isinstance(channel, Target) or kept.sending_at is None or self._bot.user is None:
            return None
        async for message in channel.history(
            limit=LOOK_BACK, after=kept.sending_at - SKEW, oldest_first=True
        ):
            if message.author.id == self._bot.user.id and mark_of(kept) in _marks(message):
                return message.id
        return None

    async def send(self, schedule: Schedule, kept: StoredDigest, files: Mapping[str, bytes]) -> int:
        """Post the digest silently; the same nonce gives the same message."""
        target = self._target(schedule)
        try:
            if not kept.digest.worth:
                text = f"{view.line(kept.digest)}\n-# {mark_of(kept)}"
                sent = await target.send(text, nonce=kept.nonce, silent=True)
            else:
                shown = digest_papers(kept, files)
                sent = await target.send(
                    embed=digest_embed(kept, shown),
                    files=[paper.file() for paper in shown],
                    nonce=kept.nonce,
                    silent=True,
                )
        except (discord.Forbidden, discord.NotFound) as error:
            if error.code not in _GONE:
                raise
            raise NoWayError(_closed(schedule)) from None
        return sent.id

    async def amend(self, kept: StoredDigest, files: Mapping[str, bytes]) -> None:
        """Edit the message of a digest that was posted."""
        if kept.place.channel_id is None or kept.place.message_id is None:
            return
        channel = self._bot.get_partial_messageable(
            kept.place.channel_id, guild_id=kept.place.guild_id
        )
        await amend(channel.get_partial_message(kept.place.message_id), kept, files)

    async def tell(self, person: Person, text: str) -> None:
        """Write to a person; who takes no messages from bots is not told."""
        try:
            user = await self._bot.fetch_user(int(person.id))
            await user.send(text)
        except (discord.HTTPException, ValueError) as error:
            _log.info("somebody could not be told: %s", type(error).__name__)

    def _guild(self, schedule: Schedule) -> discord.Guild:
        guild = self._bot.get_guild(schedule.guild_id)
        if guild is None or guild.unavailable:
            # an outage, or a server of another process: not for us to judge
            raise LookupError("the server is not there now")
        return guild

    def _target(self, schedule: Schedule) -> Target:
        channel = self._guild(schedule).get_channel_or_thread(schedule.channel_id)
        if not isinstance(channel, Target):
            raise NoWayError(
                "Its channel is gone. Name another with `/digest setup`; nothing that was said "
                "meanwhile is lost to the next digest."
            )
        lacking = missing(channel, channel.guild.me, *NEEDED)
        if lacking:
            raise NoWayError(_closed(schedule, plain(lacking)))
        return channel


def _closed(schedule: Schedule, lacking: str | None = None) -> str:
    needs = lacking or plain(NAMES[name] for name in NEEDED if name in NAMES)
    return (
        f"In <#{schedule.channel_id}> I need {needs}. Allow that, then `/digest resume`; "
        "nothing that was said meanwhile is lost to the next digest."
    )


def mark_of(kept: StoredDigest) -> str:
    """Give the short sign by which a digest's message is known again."""
    return kept.nonce[:10]


def _marks(message: discord.Message) -> str:
    footers = (embed.footer.text or "" for embed in message.embeds)
    return " ".join((message.content, *footers))


def digest_papers(kept: StoredDigest, files: Mapping[str, bytes]) -> tuple[Paper, ...]:
    """Name the files of a digest; what is too large for a message is left out."""
    day = f"{kept.digest.end:%Y-%m-%d}"
    return tuple(
        Paper(name=f"crux-digest-{day}{FORMS[form].suffix}", data=data)
        for form, data in files.items()
        if len(data) <= FILE_ROOM
    )


def digest_embed(kept: StoredDigest, papers: Sequence[Paper]) -> discord.Embed:
    """Give a digest as an embed, its picture in it where one is among the files."""
    made = embed_of(view.card(kept.digest, mark_of(kept)))
    picture = next((paper.name for paper in papers if paper.name.endswith(".png")), None)
    if picture:
        made.set_image(url=f"attachment://{picture}")
    return made


async def amend(
    message: discord.PartialMessage, kept: StoredDigest, files: Mapping[str, bytes]
) -> None:
    """Edit a message to what its digest now says."""
    if kept.digest.worth:
        shown = digest_papers(kept, files)
        await message.edit(
            embed=digest_embed(kept, shown), attachments=[paper.file() for paper in shown]
        )
    else:
        text = f"{view.line(kept.digest)}\n-# {mark_of(kept)}"
        await message.edit(content=text, embed=None, attachments=[])
