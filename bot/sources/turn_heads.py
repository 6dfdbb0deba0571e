"""Heads of turns as people write them down by hand: a name, somehow told from the words.

`Ann: words`, `**Ann** (2h ago): words`, `u/ann` above the words, `- Ann -> Bo: words` below another
item, `Comment 3 by Ann:`, `[Ann] words`, `Ann - words`, `Author: Ann` above `Text: words`. A writer
keeps to one form; `find_heads` gives the heads of the form that explains the document best.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from bot.sources.chat_lines import CLOCK, DAY
from bot.sources.marks import AGE

_MARKED_NAME = r"/?u/[\w-]{2,30}|@[\w.-]{1,39}\w"
_PLAIN_NAME = r"[^\W_][\w.’'-]{0,24}(?: (?:[A-Z][\w.’'-]{0,24}|\d{1,3}(?![\d:.]))){0,3}"
_NAME = rf"(?:{_MARKED_NAME}|{_PLAIN_NAME})"
_INDENT = re.compile(r"[ \t]*(?:>[ \t]?)*")
_ITEM = re.compile(r"(?:[-*•–+]|\(?\d{1,3}[.)])[ \t]+")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_CLOCK = re.compile(rf"[\[(]?(?:{DAY},?[ \t]+)?{CLOCK}[\])]?(?:[ \t]*[-–|,])?[ \t]+")
_FIELD = re.compile(
    r"(?:author|user(?:name)?|name|from|speaker|commenter|handle|(?:posted|written|submitted) by)"
    r"[ \t]*[:=][ \t]*(?=\S)",
    re.I,
)
_LABEL = re.compile(
    r"(?:(?:original |top[- ]level )?(?:post|comment|reply|response|message|tweet)\b"
    r"(?:[ \t]*#?\d{1,4})?|posted|submitted|written)\b[ \t]*(?P<by>by|from|[:–—-])?[ \t]*(?=[\w@/(*\[])",
    re.I,
)
_FAT = re.compile(r"\*\*|__|\*|_")
_OPENED = re.compile(r"[\[(<]")
_CLOSED = re.compile(r"[\])>]")
_AUTHOR = re.compile(_NAME)
_AGO = rf"(?:{AGE.pattern}|{CLOCK}|{DAY}|-?\d[\d,.]*k? (?:points?|upvotes?|likes?|votes?|karma))"
_ASIDE = re.compile(
    rf"[ \t]*[(\[][^()\[\]\n]{{1,60}}[)\]]|[ \t]*(?:[,·•|–—@-]|at\b)?[ \t]*{_AGO}(?![\w’'])", re.I
)
_TARGET = (
    r"(?:(?:repl(?:y|ies|ied|ying)|respon(?:ds|ded|ding)|answer(?:s|ed|ing)|"
    r"in (?:reply|response))[ \t]+(?:to[ \t]+)?|(?:to|re:?)[ \t]+|(?:->|→|=>|↪|↳|@)[ \t]*)"
)
_ANSWERS = re.compile(rf"[ \t]*(?:{_TARGET})\**(?P<answers>{_NAME})\**", re.I)
_ASIDE_ANSWERS = re.compile(rf"[ \t]*[(\[](?:{_TARGET})(?P<answers>{_NAME})[)\]]", re.I)
_SAYS = re.compile(
    r"[ \t]+(?:says|said|writes|wrote|asks|asked|adds|added|argues|argued|replies|replied|comments|"
    r"commented|answers|answered|responds|responded|posted)(?=[ \t]*:)",
    re.I,
)
_COLON = re.compile(r"[ \t]*:(?:\*\*|__)?(?=\s|$)")
_ARROW = re.compile(r">[ \t]+(?=\S)")
_DASH = re.compile(r"[ \t]+(?:[–—|]|--?)[ \t]+(?=\S)")
_GAP = re.compile(r"[ \t]+(?=\S)")
# openings of sentences and parts of a text that stand before a colon, too
_NO_NAMES = frozenset(
    "note edit update tldr tl;dr ps p.s source sources example title topic subject thread question "
    "summary conclusion warning pros cons pro con context background disclaimer reason reasons "
    "http https first second third finally also but and so because".split()
)
FEWEST_WORDS = 4  # of a turn in the mean: shorter ones are settings, not talk
_HANDLE = re.compile(r"[\w.-]*(?:\d|_|[a-z][A-Z]|\w-\w)[\w.-]*")


@dataclass(frozen=True)
class Head:
    """A head: its line, its form, who speaks, how deep it stands, whom it answers (or None).

    `text` is what follows it on the line; `around` the rest of the line, which is nobody's words.
    `sure`: it says more than a name could by chance (an age, whom it answers).
    """

    line: int
    form: Form
    author: str
    depth: int
    answers: str | None
    sure: bool
    text: str
    around: str


@dataclass(frozen=True)
class Form:
    """How a head is told from words.

    `ends` is what ends it: a colon, a dash, an arrow, a bracket, a gap, or the line. `marked` names
    are `@name`, `u/name` or named as author; `fat` heads are in bold type or headings.
    """

    ends: str
    marked: bool
    fat: bool

    @property
    def whole(self) -> bool:
        """Whether a head fills its line, and the words stand below it."""
        return self.ends == "line"


class _Line:
    """A line that is read from the left, piece by piece."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take off what matches here; give the match."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def take_word(self, word: str) -> bool:
        """Take off a word, if it stands here."""
        if not word or not self.text.startswith(word, self.at):
            return False
        self.at += len(word)
        return True


def parse_head(number: int, text: str) -> Head | None:
    """Read a line as a head; None where it cannot be one."""
    line = _Line(text)
    indent = line.take(_INDENT)
    line.take(_ITEM)
    heading = line.take(_HEADING)
    line.take(_CLOCK)
    field = line.take(_FIELD)
    label = None if field else line.take(_LABEL)
    fat = line.take(_FAT)
    opened = line.take(_OPENED)
    name = line.take(_AUTHOR)
    if name is None or (opened and not line.take(_CLOSED)):
        return None
    if fat:
        line.take_word(fat[0])
    sure, answers = _take_asides(line)
    ends = _take_end(line, fat[0] if fat else "", name[0], bracket=bool(opened) and label is None)
    author = re.sub(r"^(?:/?u/|@)", "", name[0])
    named = any(c.isalpha() for c in author) and (len(author) > 1 or ends == "colon")
    if ends is None or not named or (author.lower() in _NO_NAMES and not field):
        return None
    marked = re.match(_MARKED_NAME, name[0]) is not None or bool(field or (label and label["by"]))
    quoted = indent[0].count(">") if indent else 0
    return Head(
        line=number,
        form=Form(ends, marked, bool(heading or (fat and len(fat[0]) == 2))),
        author=author,
        depth=len(indent[0].expandtabs(4)) + 3 * quoted if indent else 0,
        answers=answers,
        sure=sure or answers is not None,
        text=text[line.at :].strip(),
        around=f"{text[: name.end() - len(author)]}{text[name.end() : line.at]}".strip(),
    )


def _take_asides(line: _Line) -> tuple[bool, str | None]:
    """Take off ages, votes, remarks and whom the turn answers: (whether any was an age, whom)."""
    sure, answers = False, None
    while line.at < len(line.text):
        named = line.take(_ASIDE_ANSWERS)
        aside = None if named else line.take(_ASIDE)
        named = named or (None if aside else line.take(_ANSWERS))
        if named:
            answers = re.sub(r"^(?:/?u/|@)", "", named["answers"])
        elif aside:
            sure = sure or re.search(_AGO, aside[0], re.I) is not None
        elif line.take(_SAYS) is None:
            break
    return sure, answers


def _take_end(line: _Line, fat: str, name: str, *, bracket: bool) -> str | None:
    """Take off what ends a head; give its name, None where nothing does."""
    if line.take(_COLON):
        line.take_word(fat)
        return "colon"
    line.take_word(fat)
    if line.take(_COLON):
        return "colon"
    if not line.text[line.at :].strip():
        return "line"
    if bracket:
        return "bracket" if line.take(_GAP) else None
    if line.take(_ARROW):
        return "arrow"
    if line.take(_DASH):
        return "dash"
    return "gap" if name.startswith("@") and line.take(_GAP) else None


def find_heads(lines: Sequence[str]) -> tuple[float, dict[int, Head]]:
    """Give how surely a document is turns with heads (0 to 1), and the heads by line number."""
    forms: dict[Form, list[Head]] = {}
    for number, text in enumerate(lines):
        head = parse_head(number, text) if text.strip() else None
        if head:
            forms.setdefault(head.form, []).append(head)
    rated = [(trust(heads, lines), len(heads), form) for form, heads in forms.items()]
    best, _, form = max(rated, key=lambda row: row[:2], default=(0.0, 0, None))
    heads = _standing(forms[form], lines) if form and best else []
    return best, {head.line: head for head in heads}


def trust(heads: Sequence[Head], lines: Sequence[str]) -> float:
    """Say how surely heads of one form are heads: they stand where turns begin, and people return.

    A head of a bare name needs more of that than one that is marked.
    """
    form = heads[0].form
    heads = _standing(heads, lines)
    names = Counter(head.author.lower() for head in heads)
    if len(heads) < 2 or len(names) < 2 or _usual_words(heads, lines) < FEWEST_WORDS:
        return 0.0
    returning = len(names) < len(heads)
    written = sum(bool(line.strip()) for line in lines)
    begun = {i for i, line in enumerate(lines) if line.strip() and _begins(lines, i)}
    share = len(heads) / len(begun | {head.line for head in heads})
    if form.ends == "colon" and not form.marked and not form.fat and len(heads) == 2:
        # a claim and its answer, and nothing else
        return 0.35 if written == 2 and len(lines[heads[0].line].split()) > 3 else 0.0
    if len(heads) >= 0.4 * written and form.ends in ("colon", "bracket"):
        return 0.6 if returning else 0.0 if form.fat else 0.4  # paragraphs have bold heads, too
    sure = sum(head.sure or _HANDLE.fullmatch(head.author) is not None for head in heads)
    if form.marked or (sure > len(heads) / 2 and len(heads) > 2):
        return (0.6 if returning else 0.5) if share >= 0.3 else 0.0
    if not returning or len(heads) < 3:
        return 0.0
    return 0.5 if share >= (0.3 if form.fat else 0.5) else 0.0


def _usual_words(heads: Sequence[Head], lines: Sequence[str]) -> float:
    """Mean number of words on the line of a head, or on the next where its own has none."""
    told = [head.text or next(filter(None, lines[head.line + 1 :][:2]), "") for head in heads]
    return fmean(len(text.split()) for text in told)


def _standing(heads: Sequence[Head], lines: Sequence[str]) -> list[Head]:
    """Keep the heads that stand where a turn can begin, with words after them."""
    if not heads[0].form.whole:
        return list(heads)
    return [
        head
        for head in heads
        if (head.form.marked or head.form.fat or _begins(lines, head.line))
        and any(line.strip() for line in lines[head.line + 1 : head.line + 3])
    ]


def _begins(lines: Sequence[str], number: int) -> bool:
    """Whether a line is the first, or stands below an empty one."""
    return number == 0 or not lines[number - 1].strip()
