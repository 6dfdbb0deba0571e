"""Reddit's layout of 2018 to 2023, as copied: `level N` above every comment."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.marks import AGE, COUNT_LINE, reason_off
from bot.sources.reddit import BOTS
from bot.sources.taking import Taking
from nlp.model import Thread

_LEVEL = re.compile(r"level (?P<level>\d{1,2})", re.I)
_NAME = re.compile(r"(?:u/)?(?P<name>[\w-]{3,24}|\[deleted\]|\[removed\])")
# what may stand between a name and the words: points, age, rank
_ABOUT = re.compile(
    rf"(?:[·•]|-?[\d.]+k? points?|score hidden|op|mod|admin|stickied comment|moderator of .*|"
    rf"(?:[·•] ?)?(?:edited )?(?:{AGE.pattern}|\d+ ?(?:mo|yr|[smhdwy])\.? ago))(?: ?[·•].*)?",
    re.I,
)
_POSTED = re.compile(r"posted by(?: u/(?P<name>[\w-]{3,24}).*)?", re.I)
_FOOT = re.compile(
    r"\d[\d.,]*k? comments?|\d+% upvoted|this thread is archived.*|new comments cannot be posted.*|"
    r"sort by.*|reply|share|report|save|follow|hide|give award|vote|continue this thread.*|"
    r"\d+ more repl(?:y|ies)|crosspost|comment as .*|log in or sign up.*",
    re.I,
)


def sniff(document: Document) -> float:
    """Tell it by `level N` lines above names."""
    lines = [line.strip() for line in document.text[:20_000].split("\n")]
    heads = sum(
        bool(_LEVEL.fullmatch(line) and _NAME.fullmatch(below) and _ABOUT.fullmatch(next_below))
        for line, below, next_below in zip(lines, lines[1:], lines[2:], strict=False)
    )
    return 0.95 if heads >= 2 else 0.5 * heads


def read(document: Document) -> Thread:
    """Read the post and its comments; each answers the last one of the level above."""
    taking = Taking("reddit", keep_bots=document.keep_bots)
    lines = [line.strip() for line in document.lines]
    above: list[tuple[int, int]] = []  # (level, number) of the comments that may be answered
    at = 0
    words_open = False  # below a head, above a foot: there the lines are somebody's words
    while at < len(lines):
        line = lines[at]
        level = _LEVEL.fullmatch(line)
        name = _NAME.fullmatch(lines[at + 1]) if level and at + 1 < len(lines) else None
        posted = None if taking.posts else _POSTED.fullmatch(line)
        if level and name:
            depth = int(level["level"])
            while above and above[-1][0] >= depth:
                above.pop()
            bot = name["name"].lower() in BOTS
            parent = above[-1][1] if above else None
            number = taking.open(name["name"], reply_to=parent, bot=bot)
            above.append((depth, number))
            taking.take_off(line, "navigation")
            taking.take_off(lines[at + 1][: name.start("name")], "mark")
            at = _past_about(taking, lines, at + 2)
            words_open = True
        elif posted and (end := _open_post(taking, lines, at, posted["name"])):
            above.append((0, 0))
            at = end
            words_open = True
        else:
            _take(taking, line, words_open=words_open)
            words_open = words_open and not _ends_words(line)
            at += 1
    if taking.title and not any(taking.posts[0].lines):
        taking.posts[0].lines.insert(0, taking.title)  # a picture or a link: the title is all
    return taking.thread()


def _ends_words(line: str) -> bool:
    return _FOOT.fullmatch(line) is not None


def _take(taking: Taking, line: str, *, words_open: bool) -> None:
    """Take a line below a head as words, unless it is the site's."""
    if not words_open:
        taking.take_off(line, "navigation")
    elif _FOOT.fullmatch(line) or COUNT_LINE.fullmatch(line):
        taking.take_off(line, "button")
    elif reason := reason_off(line):
        taking.take_off(line, reason)
    else:
        taking.say(line)


def _past_about(taking: Taking, lines: list[str], at: int) -> int:
    """Take off what stands between a name and the words; give the line of the words."""
    while at < len(lines) and (not lines[at] or _ABOUT.fullmatch(lines[at])):
        taking.take_off(lines[at], "votes and age")
        at += 1
    return at


def _open_post(taking: Taking, lines: list[str], at: int, name: str | None) -> int | None:
    """Open the post at its `Posted by`; give the line where its words begin, None for no post."""
    if name is None:
        below = _NAME.fullmatch(lines[at + 1]) if at + 1 < len(lines) else None
        if below is None:
            return None
        name = below["name"]
    taking.open(name)
    head = lines[at] if "u/" in lines[at] else f"{lines[at]} {lines[at + 1]}"
    taking.take_off(head.replace(name, "", 1), "mark")
    at = _past_about(taking, lines, at + (1 if "u/" in lines[at] else 2))
    if at < len(lines) and not _ends_words(lines[at]):
        taking.title = lines[at]
        at += 1
        if at < len(lines) and lines[at] and len(lines[at].split()) <= 2:  # its flair
            taking.take_off(lines[at], "flair")
            at += 1
    return at


SOURCE = Source(
    name="reddit",
    label="Reddit, the layout of 2018 to 2023",
    how="Open the thread, select the page and copy.",
    sniff=sniff,
    read=read,
)
