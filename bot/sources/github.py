"""GitHub and its like (Gitea, Codeberg): an issue or a pull request, copied from the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.sources.base import Document, Source
from bot.sources.chat_lines import is_reaction
from bot.sources.marks import AGE
from bot.sources.taking import Taking
from nlp.model import Thread

_NAME = r"(?P<name>[\w-]{1,39}(?:\[bot\])?)"
_WHEN = (
    rf"(?:on )?(?:{AGE.pattern}|last (?:week|month|year)|[A-Z][a-z]{{2,8}} \d{{1,2}}(?:, \d{{4}})?|"
    r"\d{4}-\d\d-\d\d.*)"
)
_EDITED = r"(?:\s*[•·].*)?"
_SAYS = re.compile(
    rf"@?{_NAME}\s+(?:commented|opened(?! this)|wants to merge .*|"
    r"left a comment|reviewed|(?:approved|requested) (?:these )?changes)"
    rf"(?:\s+{_WHEN}{_EDITED})?"
)
_BARE_NAME = re.compile(rf"@?{_NAME}")
_VERB = re.compile(rf"(?:commented|opened)(?:\s+{_WHEN}{_EDITED})?")
_AROUND = re.compile(  # what stands between a head and the words
    rf"{_WHEN}{_EDITED}|[•·]|edited(?: by \S+)?|edits|more actions|issue body actions|(?:author|member|owner|"
    r"contributor|collaborator|first[- ]time contributor|maintainer|sponsor|bot)(?: author)?|description",
    re.I,
)
_OPENED = re.compile(rf"{_NAME} opened this (?:issue|pull request).*")
_EVENT_VERB = re.compile(
    r"(?:added|removed|mentioned this|closed this|reopened this|self-assigned this|assigned|linked|"
    r"referenced this|changed the title|locked|pinned this|moved this|marked this).*"
)
_DATE = re.compile(_WHEN)
EVENT_LINES = 8  # at most: label, what it means, date
_EVENT = re.compile(
    rf"@?{_NAME}\s+(?:(?:added|removed) (?:the .+ labels?|this to .+|a .+|and removed .+)|mentioned this.*|closed this.*|reopened this.*|"
    r"(?:self-)?assigned.*|unassigned.*|linked an? .*|referenced .*|changed the (?:title|base) .*|"
    r"(?:locked|unlocked|pinned|unpinned|merged|marked|force-pushed|deleted|requested a? ?review|moved) .*)"
)
_SITE = re.compile(
    r"(?:open|closed|merged|draft)|comments|activity|assignees|labels|projects|milestone|development|"
    r"no one assigned|none yet|no milestone|no branches or pull requests|notifications|"
    r"participants|\d+ participants?|sign up for free.*|already have an account.*|to join this conversation.*|"
    r"new issue|jump to bottom|copy link|quote reply|edit|delete|reference in new issue|add a comment|"
    r"uh oh!|there was an error while loading.*|the reason will be displayed.*|conversation|commits|checks|files changed",
    re.I,
)
_TITLE = re.compile(r"(?P<title>\S.*?)\s*#(?P<number>\d{1,6})")
BOTS = re.compile(r".*\[bot\]|dependabot|github-actions", re.I)


def sniff(document: Document) -> float:
    """Tell it by "name commented two weeks ago" lines and "opened this issue"."""
    lines = [line.strip() for line in document.text[:20_000].split("\n")]
    said = [line for line in lines if "commented" in line and _SAYS.fullmatch(line)]
    opened = any(re.search(r"\bopened (?:this|on\b)", line) and len(line) < 120 for line in lines)
    under = sum(
        bool(_BARE_NAME.fullmatch(line) and _VERB.fullmatch(below))
        for line, below in pairwise(lines)
    )
    heads = len(said) + under
    return min(0.97, 0.35 * min(heads, 2) + 0.27 * opened) if heads else 0.0


def read(document: Document) -> Thread:
    """Read the first post and its comments, in order; whom a comment answers is guessed."""
    taking = Taking("github", keep_bots=document.keep_bots)
    lines = [line.strip() for line in document.lines]
    at = 0
    while at < len(lines):
        head = _head(lines, at)
        line = lines[at]
        if head:
            name, end = head
            taking.open(name, bot=BOTS.fullmatch(name) is not None)
            _take_head(taking, lines[at:end], name)
            at = _past_around(taking, lines, end, name)
            continue
        if not taking.posts:
            _take_top(taking, line, lines[at + 1] if at + 1 < len(lines) else "")
        elif _EVENT.fullmatch(line):
            taking.take_off(line, "event")
        elif past := _event_end(lines, at):
            taking.take_off(" ".join(filter(None, lines[at:past])), "event")
            at = past
            continue
        elif _SITE.fullmatch(line) or is_reaction(lines, at) or _names_next(lines, at):
            taking.take_off(line, "navigation")
        else:
            taking.say(document.lines[at])
        at += 1
    if taking.title and taking.posts and not any(taking.posts[0].lines):
        taking.posts[0].lines.insert(0, taking.title)  # an issue without a text: the title is all
    taking.answer_turns()
    return taking.thread()


def _head(lines: Sequence[str], at: int) -> tuple[str, int] | None:
    """Find a head at a line: who speaks, and the line after it."""
    said = _SAYS.fullmatch(lines[at])
    if said and not lines[at].endswith(("opened", "reviewed")):
        return said["name"], at + 1
    name = _BARE_NAME.fullmatch(lines[at])
    if name and at + 1 < len(lines) and _VERB.fullmatch(lines[at + 1]):
        return name["name"], at + 2
    return None


def _take_head(taking: Taking, lines: Sequence[str], name: str) -> None:
    """Take off what a head says beside the name."""
    taking.take_off(" ".join(lines).replace(name, "", 1), "post head")


def _past_around(taking: Taking, lines: Sequence[str], at: int, name: str) -> int:
    """Take off what stands between a head and the words; give the line of the words."""
    while at < len(lines) and (
        not lines[at] or _AROUND.fullmatch(lines[at]) or lines[at].lstrip("@") == name
    ):
        taking.take_off(lines[at], "post head")
        at += 1
    return at


def _names_next(lines: Sequence[str], at: int) -> bool:
    """Whether a line is the picture or the rank above the next head."""
    for ahead in range(at + 1, min(at + 4, len(lines))):
        head = _head(lines, ahead)
        if head:
            between = [line for line in lines[at:ahead] if line]
            return all(
                line.lstrip("@") == head[0] or _AROUND.fullmatch(line) for line in between
            ) and bool(between)
    return False


def _event_end(lines: Sequence[str], at: int) -> int | None:
    """Give the line after an event that is told over several lines; None where none begins."""
    if not (
        _BARE_NAME.fullmatch(lines[at]) and _EVENT_VERB.fullmatch("".join(lines[at + 1 : at + 2]))
    ):
        return None
    for end in range(at + 2, min(at + EVENT_LINES, len(lines))):
        if _DATE.fullmatch(lines[end]):
            return end + 1
        if _head(lines, end):
            return end
    return None


def _take_top(taking: Taking, line: str, below: str) -> None:
    """Take a line above the first head: the title, or the site's."""
    titled = _TITLE.fullmatch(line)
    if taking.title is None and titled and not _OPENED.fullmatch(line):
        taking.title = titled["title"]
        taking.take_off(f"#{titled['number']}", "navigation")
    elif taking.title is None and line and re.fullmatch(r"#\d{1,6}", below):
        taking.title = line
    else:
        taking.take_off(line, "navigation")


SOURCE = Source(
    name="github",
    label="GitHub: an issue or a pull request",
    how="Open the issue, select the page and copy.",
    sniff=sniff,
    read=read,
)
