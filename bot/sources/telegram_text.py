"""Telegram as copied from its desktop client: `Name, [02.01.2026 10:01]`, then the words."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.chat_lines import CLOCK, share
from bot.sources.marks import when
from bot.sources.taking import Taking
from nlp.model import Thread

_HEAD = re.compile(
    rf"^(?P<author>\S.{{0,60}}?), \[(?P<time>\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{2,4}},? {CLOCK})\]:?\s*(?P<words>.*)$"
)
_ASIDE = re.compile(
    r"\[ ?(?:Photo|Video|Sticker|Voice message|File|GIF|Poll|Album|Location|Contact)[^\]]*\]|"
    r"(?P<reply>In reply to .{1,60}|Forwarded from .{1,80}|\[(?:In reply to|Forwarded from) [^\]]{1,80}\])",
    re.IGNORECASE,
)
_TIMES = (
    "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%y %I:%M %p", "%Y-%m-%d %H:%M",
)  # fmt: skip


def sniff(document: Document) -> float:
    """Tell Telegram by a name, a comma and a time in brackets."""
    return 0.98 if share(document, _HEAD) > 0.1 else 0.0


def read(document: Document) -> Thread:
    """Read copied messages; the copy does not say what a message answers."""
    taking = Taking("telegram", keep_bots=document.keep_bots)
    for line in document.lines:
        head = _HEAD.match(line)
        if head:
            taking.open(head["author"], created_at=when(head["time"].replace(",", ""), *_TIMES))
            taking.take_off(
                line[: head.start("words")].replace(head["author"], " ", 1), "message head"
            )
            if head["words"]:
                taking.say(head["words"])
        elif not taking.posts:
            taking.take_off(line, "navigation")
        elif aside := _ASIDE.fullmatch(line.strip()):
            taking.take_off(line, "reply mark" if aside["reply"] else "attachment")
        else:
            taking.say(line)
    return taking.thread(unwrap=False)


SOURCE = Source(
    name="telegram", label="Telegram, copied from the desktop client", how="Select the messages, copy.",
    sniff=sniff, read=read, chat=True,
)  # fmt: skip
