"""Discussions written down by hand: names before or above their words, in any of many forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.sources.base import Document, Source
from bot.sources.marks import reason_off
from bot.sources.taking import Taking
from bot.sources.turn_heads import Head, find_heads
from nlp.model import Thread

_TITLE = re.compile(
    r"(?:#{1,6}[ \t]+|(?:title|thread|topic|subject)[ \t]*:[ \t]*)(?P<title>\S.*)", re.I
)
_BODY_FIELD = re.compile(
    r"[ \t]*(?:text|comment|message|body|content|reply|post)[ \t]*[:=][ \t]*", re.I
)
_LEVEL = re.compile(r"level[ \t]+(?P<level>\d{1,2})", re.I)
_RULE = re.compile(r"[ \t]*(?:[-_*=~][ \t]*){3,}")
_PLACE = re.compile(r"r/\w+|#[\w-]+")
LONGEST_TITLE = 25  # words
SENTENCE, STORY = (
    8,
    25,
)  # words before the first head that are somebody's: told in sentences, at all


def sniff(document: Document) -> float:
    """Tell a transcript by heads of one form, of at least two people."""
    return find_heads(document.text[:20_000].split("\n"))[0]


def read(document: Document) -> Thread:
    """Read turns; lines without a head go on the turn before, those before the first are a title.

    What stands deeper answers what it stands below; a head that names somebody answers their last
    turn. Where all stand equally deep, the others' targets are guessed.
    """
    taking = Taking("plain", keep_bots=document.keep_bots)
    _, heads = find_heads(document.lines)
    first = min(heads, default=0)
    _take_opening(taking, document.lines[:first])
    flat = len({head.depth for head in heads.values()}) < 2 and not any(
        _LEVEL.fullmatch(line.strip()) for line in document.lines
    )
    story = bool(taking.posts) and not flat
    above: list[tuple[int, int]] = []  # (depth, number) of the turns a next one may stand below
    whole = any(head.form.whole for head in heads.values())
    level = None  # as a line above the head says it
    for number, line in enumerate(document.lines[first:], first):
        head = heads.get(number)
        said = _LEVEL.fullmatch(line.strip())
        if head:
            _open(taking, head, head.depth if level is None else level, above, story=story)
        elif said:
            level = int(said["level"])
            taking.take_off(line, "navigation")
        elif _RULE.fullmatch(line):
            taking.take_off(line, "mark")
        elif whole and (reason := reason_off(line)):
            taking.take_off(line, reason)
        else:
            field = _BODY_FIELD.match(line) if whole else None
            if field:
                taking.take_off(field[0], "mark")
            taking.say(line[field.end() :] if field else line)
    if flat:
        taking.answer_turns()
    return taking.thread()


def _take_opening(taking: Taking, lines: Sequence[str]) -> None:
    """Take what stands before the first head: a title, a text without a name, or notices."""
    left: list[str] = []
    for line in lines:
        words = line.strip()
        titled = _TITLE.fullmatch(words)
        if _PLACE.fullmatch(words) or _RULE.fullmatch(line):
            taking.take_off(line, "navigation")
        elif titled and taking.title is None:
            taking.take_off(words[: titled.start("title")], "mark")
            taking.title = titled["title"]
        elif words and taking.title is None and not left and _may_be_title(words):
            taking.title = words
        elif words or left:
            left.append(line)
    told = " ".join(left).split()
    sentence = bool(told) and told[-1].endswith((".", "!", "?"))
    if len(told) >= (SENTENCE if sentence else STORY):
        taking.open(None)
        for line in left:
            taking.say(line)
        return
    for line in left:
        taking.take_off(line, "platform notice")


def _may_be_title(words: str) -> bool:
    return len(words.split()) <= LONGEST_TITLE and not words.endswith((".", "!"))


def _open(
    taking: Taking, head: Head, depth: int, above: list[tuple[int, int]], *, story: bool
) -> None:
    """Open the turn of a head, as the answer to what it names or stands below."""
    while above and above[-1][0] >= depth:
        above.pop()
    answered = taking.last_by(head.answers) if head.answers else None
    if answered is None:
        answered = above[-1][1] if above else 0 if story else None
    number = taking.open(head.author, reply_to=answered)
    above.append((depth, number))
    taking.take_off(head.around, "mark")
    if head.text:
        taking.say(head.text)


SOURCE = Source(
    name="transcript",
    label="Transcript (a name, then its words)",
    how="Lines that begin with a name and a colon, or names above their words.",
    sniff=sniff,
    read=read,
)
