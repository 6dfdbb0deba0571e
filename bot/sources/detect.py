"""Which reader reads a text: every reader is asked, the surest one is taken."""

from __future__ import annotations

import re

from bot.errors import InputError
from bot.sources import (
    chats,
    comments,
    exports,
    forum,
    hackernews,
    linkedin,
    pages,
    plain,
    records,
    reddit,
)
from bot.sources.base import Document, Source
from nlp.model import Thread

SOURCES: tuple[Source, ...] = (
    exports.EXPORT,
    pages.SOURCE,
    records.CSV,
    hackernews.SOURCE,
    reddit.SOURCE,
    linkedin.SOURCE,
    comments.YOUTUBE,
    comments.X,
    comments.FACEBOOK,
    chats.DISCORD,
    chats.SLACK,
    chats.WHATSAPP,
    chats.IRC,
    forum.SOURCE,
    chats.TRANSCRIPT,
    plain.SOURCE,
)

MAX_POSTS = 50_000
SURE = 0.3  # below that, a reader's marks may be chance: the text is read as plain prose


def detect(document: Document, platform: str | None = None) -> Source:
    """Give the reader of a document: the one named, or the surest; earlier ones win ties.

    Raises InputError for a platform that no reader has.
    """
    if platform is not None:
        for source in SOURCES:
            if source.name == platform.lower():
                return source
        known = ", ".join(source.name for source in SOURCES)
        raise InputError(f"No reader for platform {platform!r}; there are: {known}.")
    scores = [(source.sniff(document), -place) for place, source in enumerate(SOURCES)]
    best, place = max(scores)
    return SOURCES[-place] if best >= SURE else plain.SOURCE


def read_text(text: str, name: str | None = None, platform: str | None = None) -> Thread:
    """Read a discussion; raise InputError when nothing in it can be read as one.

    `name` is the file's name, if any; `platform` the name of a reader that is to be used.
    """
    document = Document(re.sub(r"\r\n?", "\n", text).removeprefix("\ufeff"), name)
    if not document.text.strip():
        raise InputError("The input is empty: paste a discussion, or name a file that holds one.")
    source = detect(document, platform)
    if source is plain.SOURCE and platform is None:
        where = exports.broken_json(document.text)
        if where:
            raise InputError(f"This looks like JSON but cannot be read ({where}); export it again.")
    thread = source.read(document)
    if len(thread.posts) > MAX_POSTS:
        raise InputError(
            f"{len(thread.posts)} posts are more than Crux maps at once ({MAX_POSTS}); split the file."
        )
    if not thread.posts:
        raise InputError(
            "Nothing in this input is a message: only furniture of a page, or no text."
        )
    return thread
