"""Slack as copied from the client: a name, an indented time under it, the words."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.sources.base import Document, Source
from bot.sources.chat_lines import ATTACHMENT, CLOCK, CLOCK_LINE, EDITED, is_reaction
from bot.sources.taking import Taking
from nlp.model import Thread

_TIME = re.compile(rf"^\s+\[?{CLOCK}\]?\s*$")
_ONE_LINE = re.compile(rf"^(?P<author>\S.{{0,40}}?)\s{{1,3}}\[?(?P<time>{CLOCK})\]?\s*$")
_OFF = re.compile(
    r"\d+ repl(?:y|ies)|\(?edited\)?|also sent to the channel|also send to .*|replied to a thread:.*|today|yesterday|new|"
    r"only visible to you|reply…|view (?:newer|older) replies|last reply .*|view thread|\d+ files?|"
    r"(?:[a-z]+day, )?[a-z]+ \d{1,2}(?:st|nd|rd|th)?(?:, \d{4})?|message #?\S+|pinned by .*|saved for later.*",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:was added to|joined|has joined|left|set the channel (?:topic|description|purpose).*|joined #?\S+\.?.*|"
    r"added an integration.*|renamed the channel.*|archived the channel.*)\b.*",
    re.IGNORECASE,
)


def sniff(document: Document) -> float:
    """Tell Slack by names with an indented time under them, or behind them on the same line."""
    lines = document.text[:20_000].split("\n")
    under = sum(bool(_TIME.match(b) and a.strip() and a[:1] != " ") for a, b in pairwise(lines))
    behind = sum(bool(_ONE_LINE.match(line) and "—" not in line) for line in lines)
    filled = max(1, sum(bool(line.strip()) for line in lines))
    if under >= 2:
        return min(1.0, 0.35 * under)
    return 0.6 if behind >= 2 and behind > 0.15 * filled else 0.0


def read(document: Document) -> Thread:
    """Read a channel or a thread; in a thread every message answers the first."""
    taking = Taking("slack", keep_bots=document.keep_bots)
    lines = list(document.lines)
    thread = any(line.strip() == "Thread" for line in lines[:5]) or any(
        re.fullmatch(r"\d+ repl(?:y|ies)", line.strip()) for line in lines
    )
    heads = _heads(lines)
    in_code = False
    for at, line in enumerate(lines):
        words = line.strip()
        parent = 0 if thread and taking.posts else None
        if at in heads and not in_code:
            author = heads[at]
            app = re.search(r"\s+(?:APP|BOT|WORKFLOW)$", author)
            name = author[: app.start()] if app else author
            taking.open(name, reply_to=parent, bot=app is not None or name == "Slackbot")
            taking.take_off(words.removeprefix(name), "age")
        elif _TIME.match(line) and at - 1 in heads and not in_code:
            taking.take_off(line, "age")
        elif not taking.posts:
            taking.take_off(line, "navigation")
        elif CLOCK_LINE.fullmatch(words) and not in_code:
            post = taking.posts[-1]
            if any(post.lines):
                taking.open(post.author, reply_to=parent, bot=post.bot)
            taking.take_off(line, "age")
        elif not in_code and (reason := _reason_off(lines, at, taking)):
            taking.take_off(line, reason)
        else:
            in_code ^= line.count("```") % 2 == 1
            edited = EDITED.search(line)
            taking.say(line[: edited.start()] if edited else line)
            taking.take_off(edited.group() if edited else "", "edit mark")
    return taking.thread(unwrap=False)


def _heads(lines: list[str]) -> dict[int, str]:
    """Find the lines that hold a name, with its time under or behind it."""
    heads: dict[int, str] = {}
    under = any(_TIME.match(b) and a.strip() for a, b in pairwise(lines))
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        behind = _ONE_LINE.match(line)
        if line.strip() and _TIME.match(following) and not line.startswith(" "):
            heads[at] = line.strip()
        elif behind and not under:
            heads[at] = behind["author"]
    return heads


def _reason_off(lines: list[str], at: int, taking: Taking) -> str | None:
    words = lines[at].strip()
    if is_reaction(lines, at):
        return "reaction"
    if ATTACHMENT.fullmatch(words):
        return "attachment"
    if _OFF.fullmatch(words):
        return "button"
    if _NOTICE.fullmatch(words) and not any(taking.posts[-1].lines):
        return "platform notice"
    return None


SOURCE = Source(
    name="slack", label="Slack, copied from the client", how="Open the thread, select the messages and copy.",
    sniff=sniff, read=read, chat=True,
)  # fmt: skip
