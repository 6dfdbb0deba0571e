"""From a channel's messages to a `Thread`, with who wrote what and what was left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import discord

from bot.sources.records import Record, thread_of
from bot.store.values import Person
from nlp.model import Thread

PLATFORM = "discord"
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_SAYS = (discord.MessageType.default, discord.MessageType.reply)
_SOURCE = re.compile(r"discord:(?P<guild>\d+)/(?P<channel>\d+)")


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What is to be mapped: the thread, its writers by post id, and a line on what was taken.

    `ids` are the messages that it rests on; `channel_id` is None for pasted text.
    """

    thread: Thread
    note: str
    people: Mapping[str, Person]
    ids: frozenset[int] = frozenset()
    channel_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """Messages as they were fetched, oldest first, and what is said of them."""

    messages: tuple[discord.Message, ...]
    title: str | None
    note: str


def take(gathered: Gathered, channel: discord.abc.Snowflake, guild_id: int, me: int) -> Taken:
    """Make a thread of messages; bots, notices and calls for Crux are set aside."""
    names = _names(m for m in gathered.messages if not m.author.bot)
    records = [_record(message, names, me) for message in gathered.messages]
    asides = Counter(r.aside for r in records if r.aside)
    thread = thread_of(PLATFORM, gathered.title, records)
    thread = replace(thread, id=source_id(guild_id, channel.id))
    people = {
        str(m.id): Person(platform=PLATFORM, id=str(m.author.id), name=names[m.author.id])
        for m in gathered.messages
        if m.author.id in names
    }
    kept = {post.id for post in thread.posts}
    skipped = ", ".join(f"{count} {reason}" for reason, count in asides.most_common(3))
    return Taken(
        thread=thread,
        note=gathered.note + (f" Set aside: {skipped}." if skipped else ""),
        people={key: person for key, person in people.items() if key in kept},
        ids=frozenset(int(key) for key in kept),
        channel_id=channel.id,
    )


def source_id(guild_id: int, channel_id: int) -> str:
    """Name the channel that a thread was taken from, as the id of the thread."""
    return f"discord:{guild_id}/{channel_id}"


def source_channel(thread: Thread) -> int | None:
    """Give the channel that a thread was taken from; None for pasted text."""
    match = _SOURCE.fullmatch(thread.id)
    return int(match["channel"]) if match else None


def _names(messages: Iterable[discord.Message]) -> dict[int, str]:
    """Give each writer a name that nobody else here has."""
    shown: dict[int, str] = {}
    users: dict[int, str] = {}
    for message in messages:
        shown[message.author.id] = message.author.display_name
        users[message.author.id] = message.author.name
    counts = Counter(shown.values())
    return {
        key: name if counts[name] == 1 else f"{name} ({users[key]})" for key, name in shown.items()
    }


def words_of(message: discord.Message) -> str:
    """Give what a person wrote, as it is read and kept: mentions and emoji by their names."""
    return _EMOJI.sub(r"\1", message.clean_content.replace("@\u200b", "@")).strip()


def _record(message: discord.Message, names: Mapping[int, str], me: int) -> Record:
    answered = message.reference.message_id if message.reference else None
    return Record(
        key=str(message.id),
        text=words_of(message),
        author=names.get(message.author.id) or message.author.display_name,
        parent=str(answered) if answered else None,
        time=message.created_at.isoformat(),
        url=message.jump_url,
        aside=_aside(message, me),
    )


def _aside(message: discord.Message, me: int) -> str | None:
    if message.webhook_id is not None or message.author.bot:
        return "bot"
    if message.type not in _SAYS:
        return "notice"
    if me in message.raw_mentions and len(message.content) < 120:
        return "call for Crux"
    return None


def has_words(messages: Iterable[discord.Message]) -> bool:
    """Tell whether any message of a person came with its words: none has without the intent."""
    return any(
        m.content or m.attachments or m.embeds or m.stickers
        for m in messages
        if not m.author.bot and m.type in _SAYS
    )
