"""Transcripts: lines that begin with a name and a colon."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.taking import Taking
from nlp.model import Thread

_TURN = re.compile(
    r"^(?P<author>[A-Z@]?[\w.’'-]{1,24}(?: [A-Z][\w.’'-]{0,20}){0,2}):\s+(?P<text>\S.*)$"
)


def sniff(document: Document) -> float:
    """Tell a transcript by lines that begin `name:`, of at least two people who speak again."""
    names: dict[str, int] = {}
    lines = [line for line in document.text[:20_000].split("\n") if line.strip()]
    for line in lines:
        found = _TURN.match(line)
        if found:
            names[found["author"]] = names.get(found["author"], 0) + 1
    turns = sum(names.values())
    if len(names) < 2 or turns < 0.4 * len(lines):
        return 0.0
    if turns == 2:  # a claim and its answer, and nothing else
        return 0.35 if turns == len(lines) and len(lines[0].split()) > 3 else 0.0
    return 0.6 if max(names.values()) > 1 else 0.4


def read(document: Document) -> Thread:
    """Read `name: text` lines; a line without a name goes on the turn before."""
    taking = Taking("plain", keep_bots=document.keep_bots)
    for line in document.lines:
        found = _TURN.match(line)
        if found:
            taking.open(found["author"])
            taking.take_off(":", "mark")
            taking.say(found["text"])
        elif not taking.posts:
            taking.take_off(line, "platform notice")
        else:
            taking.say(line)
    return taking.thread()


SOURCE = Source(
    name="transcript", label="Transcript (name: text)", how="Lines that begin with a name and a colon.",
    sniff=sniff, read=read,
)  # fmt: skip
