"""Plain prose with no marks of a platform: one post."""

from __future__ import annotations

from bot.sources.base import Document, Source
from bot.sources.taking import Taking
from nlp.model import Thread


def sniff(document: Document) -> float:
    """Anything may be prose; every other reader is asked first."""
    return 0.1 if document.text.strip() else 0.0


def read(document: Document) -> Thread:
    """Read the whole text as one post, its wrapped paragraphs joined."""
    taking = Taking("plain")
    for line in document.lines:
        taking.say(line)
    return taking.thread()


SOURCE = Source(
    name="plain",
    label="Plain text",
    how="Any text file, or standard input.",
    sniff=sniff,
    read=read,
)
