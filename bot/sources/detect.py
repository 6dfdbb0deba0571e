"""Which reader reads a text: every reader is asked, the surest one is taken."""

from __future__ import annotations

import re

from bot.errors import InputError
from bot.sources import (
    comments,
    discord,
    discord_json,
    discord_text,
    forum,
    forum_json,
    github,
    hackernews,
    hackernews_json,
    irc,
    linkedin,
    lobsters,
    messages_json,
    pages,
    plain,
    reddit,
    reddit_json,
    reddit_levels,
    slack,
    slack_json,
    table,
    telegram,
    telegram_text,
    transcript,
    whatsapp,
)
from bot.sources.base import Document, Source
from bot.sources.broken import fault_in, json_up_to_fault
from bot.sources.exports import describe
from bot.sources.talk import Progress, settle
from nlp import turns
from nlp.model import Thread

# The table of readers. A new platform is one file and one row here; of equally sure ones the
# earlier row is taken.
SOURCES: tuple[Source, ...] = (
    reddit_json.SOURCE,
    hackernews_json.SOURCE,
    telegram.SOURCE,
    discord_json.SOURCE,
    slack_json.SOURCE,
    forum_json.DISCOURSE,
    forum_json.LOBSTERS,
    forum_json.TUPLES,
    messages_json.SOURCE,
    pages.SOURCE,
    table.SOURCE,
    hackernews.SOURCE,
    reddit.SOURCE,
    reddit_levels.SOURCE,
    github.SOURCE,
    linkedin.SOURCE,
    comments.YOUTUBE,
    comments.X,
    comments.FACEBOOK,
    discord_text.ARCHIVE,
    discord_text.EXPORTER,
    discord.SOURCE,
    telegram_text.SOURCE,
    slack.SOURCE,
    whatsapp.SOURCE,
    irc.SOURCE,
    lobsters.SOURCE,
    forum.SOURCE,
    transcript.SOURCE,
    plain.SOURCE,
)

MAX_POSTS = 50_000
SURE = 0.3  # below that, a reader's marks may be chance: the text is read as plain prose


def detect(document: Document, platform: str | None = None) -> Source:
    """Give the reader of a document: the surest, of all or of the platform named.

    Raises InputError for a platform that no reader has.
    """
    fitting = SOURCES
    if platform is not None:
        fitting = tuple(s for s in SOURCES if s.name == platform.lower())
        if not fitting:
            known = ", ".join(dict.fromkeys(source.name for source in SOURCES))
            raise InputError(f"No reader for platform {platform!r}; there are: {known}.")
    scores = [(source.sniff(document), -place) for place, source in enumerate(fitting)]
    best, place = max(scores)
    if platform is not None:
        # of a platform that the text does not look like, the reader of pastes
        return fitting[-place] if best > 0 else fitting[-1]
    return fitting[-place] if best >= SURE else plain.SOURCE


def read_text(
    text: str,
    name: str | None = None,
    platform: str | None = None,
    *,
    lenient: bool = False,
    keep_bots: bool = False,
    progress: Progress | None = None,
) -> Thread:
    """Read a discussion; raise InputError when nothing in it can be read as one.

    `name` is the file's name, if any; `platform` the name of a reader that is to be used.
    `lenient` reads what can be read of a broken export; `keep_bots` reads what programs posted.
    `progress` is called with a step and the share of it that is done (0 to 1).
    """
    clean = re.sub(r"\r\n?", "\n", text).removeprefix("\ufeff")
    document = Document(clean, name, keep_bots, lenient)
    if not document.text.strip():
        raise InputError("The input is empty: paste a discussion, or name a file that holds one.")
    _refuse_unknown_json(document, platform)
    source = detect(document, platform)
    thread = source.read(document)
    thread = settle(thread, progress) if source.chat else turns.settle(thread)
    if len(thread.posts) > MAX_POSTS:
        raise InputError(
            f"{len(thread.posts)} posts are more than Crux maps at once ({MAX_POSTS}); split the file."
        )
    if not thread.posts:
        raise InputError(
            f"Nothing in this input is a message. It was read as {source.label}; name another "
            "reader with --platform, see docs/sources.md."
        )
    return thread


def _refuse_unknown_json(document: Document, platform: str | None) -> None:
    """Say where broken JSON breaks off, and what JSON that no reader knows holds."""
    if platform in ("plain", "transcript"):
        return
    if document.json is None:
        where = fault_in(document.text)
        if where:
            saved = json_up_to_fault(document.text) is not None or (
                where.startswith("line") and ": not JSON" in where
            )
            way = (
                "export it again, or map what stands before with --lenient"
                if saved
                else "export it again"
            )
            raise InputError(f"This looks like JSON but cannot be read ({where}); {way}.")
    elif isinstance(document.json, dict | list) and not any(
        s.sniff(document) for s in SOURCES[:-1]
    ):
        raise InputError(
            f"This JSON is {describe(document.json)}: it holds no messages that Crux knows; "
            "see docs/sources.md."
        )
