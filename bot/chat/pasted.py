"""Text and files that people give: through the same readers as the command line."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import PurePath

import discord

from bot.chat.taken import Taken
from bot.errors import InputError
from bot.input import MAX_BYTES, decode
from bot.sources import SOURCES, read_text
from nlp.model import Thread

SUFFIXES = (".txt", ".json", ".md", ".html", ".htm", ".csv", ".log", ".jsonl", ".eml", ".mbox")
_LABELS = {source.name: source.label for source in SOURCES}


async def read_pasted(text: str, name: str | None = None) -> Taken:
    """Read pasted text. Raises InputError when nothing in it is a discussion."""
    thread = await asyncio.to_thread(read_text, text, name)
    what = f"**{discord.utils.escape_markdown(name)}**" if name else "what you pasted"
    label = _LABELS.get(thread.platform, thread.platform)
    count = len(thread.posts)
    note = f"I read {what} as {label}: {count:,} {'message' if count == 1 else 'messages'}."
    return Taken(thread=thread, note=note, people={})


async def read_file(file: discord.Attachment) -> Taken:
    """Read an attached file; its size and kind are looked at before it is fetched.

    Raises InputError for what is too large, no text, or no discussion.
    """
    name = PurePath(file.filename).name
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES and not (file.content_type or "").startswith("text/"):
        raise InputError(
            f"I cannot read {name[:80]}: give a text, JSON, Markdown, HTML or CSV file."
        )
    if file.size > MAX_BYTES:
        raise InputError(
            f"{name[:80]} is larger than {MAX_BYTES // 1_000_000} MB: split it, or take a part."
        )
    text = decode(await file.read(), name[:80])
    return await read_pasted(text, name)


def readable(files: list[discord.Attachment]) -> discord.Attachment | None:
    """Give the first file that a reader may read."""
    for file in files:
        if PurePath(file.filename).suffix.lower() in SUFFIXES:
            return file
    return None


def bounded(taken: Taken, *, messages: int, characters: int) -> Taken:
    """Keep a map within what this machine does while people wait.

    A channel's talk loses its oldest messages, and its note says so; pasted text that is too long
    raises InputError: its writer knows better which part matters.
    """
    posts = taken.thread.posts
    size = sum(len(post.text) for post in posts)
    if len(posts) <= messages and size <= characters:
        return taken
    if taken.channel_id is None:
        raise InputError(
            f"That is {len(posts):,} messages with {size:,} characters; {messages:,} messages and "
            f"{characters:,} characters are the most here. Give a part of it, or use `crux map` on "
            "a computer, which has no such limit."
        )
    kept, room = len(posts), characters
    while kept > max(0, len(posts) - messages) and room >= len(posts[kept - 1].text):
        kept -= 1
        room -= len(posts[kept].text)
    thread = without_first(taken.thread, kept)
    return replace(
        taken,
        thread=thread,
        note=f"{taken.note} The oldest {kept:,} are left out: that is all I map at once.",
        ids=frozenset(int(post.id) for post in thread.posts),
        people={p.id: taken.people[p.id] for p in thread.posts if p.id in taken.people},
    )


def without_first(thread: Thread, count: int) -> Thread:
    """Give a thread without its first `count` posts."""
    posts = thread.posts[count:]
    ids = {post.id for post in posts}
    return replace(
        thread,
        posts=tuple(p if p.reply_to in ids else replace(p, reply_to=None) for p in posts),
        furniture=tuple(f for f in thread.furniture if f.post in ids),
    )
