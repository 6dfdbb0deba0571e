"""Fetching what is to be mapped: a thread, recent talk, the replies around a message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import discord

from bot.chat.ask import Ask
from bot.chat.taken import Gathered

Readable = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel

CLIMB = 25  # messages fetched one by one towards the root of a reply tree
TREE = 400  # messages after the root in which its answers are looked for


async def recent(channel: Readable, ask: Ask, *, usual: int, most: int, before: int) -> Gathered:
    """Give the recent talk of a channel: the number asked for, or since a time; at most `most`."""
    limit = min(ask.last or (most if ask.since else usual), most)
    found = await _newest(channel, limit, since=ask.since, before=before)
    if ask.since is not None:
        said = f"since {discord.utils.format_dt(ask.since, 'f')}"
        note = f"I took {_messages(len(found))} here {said}"
        note += f", the newest {most:,} at most." if len(found) == most else "."
    else:
        note = f"I took the last {_messages(len(found))} here."
        if ask.last and ask.last > most:
            note += f" {most:,} is the most at once."
    return Gathered(messages=tuple(found), title=None, note=note)


async def thread(channel: discord.Thread, *, most: int, before: int) -> Gathered:
    """Give a thread or forum post with the message that started it."""
    found = await _newest(channel, most, since=None, before=before)
    note = f"I took {_messages(len(found))} of this thread"
    note += f", the newest {most:,} at most." if len(found) == most else "."
    if not any(m.id == channel.id for m in found):
        first, why = await starter(channel)
        if first is not None:
            found.insert(0, first)
        note += why
    return Gathered(messages=tuple(found), title=channel.name, note=note)


async def starter(channel: discord.Thread) -> tuple[discord.Message | None, str]:
    """Give the message that a thread started from, which stands in its parent; or say why not."""
    if isinstance(channel.parent, discord.ForumChannel):
        place: discord.abc.Messageable = channel
    elif isinstance(channel.parent, discord.TextChannel):
        place = channel.parent
    else:
        return None, ""
    try:
        return await place.fetch_message(channel.id), ""
    except discord.NotFound:
        # a thread need not have one: only in a forum it always had
        forum = isinstance(channel.parent, discord.ForumChannel)
        return None, " Its first message was deleted." if forum else ""
    except discord.Forbidden:
        return None, " I may not read the message that it started from."


async def replies(channel: Readable, message: discord.Message, *, most: int) -> Gathered:
    """Give the tree of replies around a message: up to its root, then all that answers it."""
    root = await _root(channel, message)
    window = {root.id: root, message.id: message}
    async for each in channel.history(limit=min(TREE, most), after=root, oldest_first=True):
        window[each.id] = each
    for start in (message, root):
        async for each in channel.history(limit=50, around=start):
            window.setdefault(each.id, each)
    tree = {root.id, message.id}
    for key in sorted(window):
        above = window[key].reference
        if above is not None and above.message_id in tree:
            tree.add(key)
    found = [window[key] for key in sorted(tree)][:most]
    return Gathered(
        messages=tuple(found),
        title=None,
        note=f"I took {_messages(len(found))}: what that message answers, and what answers it.",
    )


async def _root(channel: Readable, message: discord.Message) -> discord.Message:
    for _ in range(CLIMB):
        above = message.reference
        if (
            above is None
            or above.message_id is None
            or above.channel_id != channel.id
            or above.type is discord.MessageReferenceType.forward
        ):
            return message
        if isinstance(above.resolved, discord.Message) and above.resolved.content:
            message = above.resolved
            continue
        try:
            message = await channel.fetch_message(above.message_id)
        except discord.NotFound:
            return message
    return message


async def _newest(
    channel: Readable, limit: int, *, since: datetime | None, before: int
) -> list[discord.Message]:
    """Give the newest messages before an id, oldest first, each once."""
    found: dict[int, discord.Message] = {}
    pages = channel.history(
        limit=limit, after=since, before=discord.Object(before), oldest_first=False
    )
    async for message in _once(pages, limit):
        found[message.id] = message
    return [found[key] for key in sorted(found)]


async def _once(
    messages: AsyncIterator[discord.Message], limit: int
) -> AsyncIterator[discord.Message]:
    """Pass messages on, and stop where a server's paging goes in circles."""
    seen: set[int] = set()
    async for message in messages:
        if message.id in seen or len(seen) >= limit:
            return
        seen.add(message.id)
        yield message


def _messages(count: int) -> str:
    return f"{count:,} {'message' if count == 1 else 'messages'}"
