"""Hacker News as copied from the page."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.taking import Taking
from nlp.model import Thread

_NAME = r"[\w-]{1,40}"
_HEAD = re.compile(
    rf"^\s*(?P<author>{_NAME})\s+(?P<age>\d+ (?:minute|hour|day|month|year)s? ago|on [A-Z][a-z]+ \d+, \d+)"
    r"(?P<rest>(?:\s*\||\s*\[(?:–|-|\+|\d+ more|flagged|dead)\]|\s*\bon:|\s+(?:root|parent|prev|next|context|favorite)\b).*)?\s*$"
)
_POINTS = re.compile(rf"(?P<points>\d+) points? by (?P<author>{_NAME})(?:\s+(?P<rest>.*))?$")
_BAR = re.compile(
    r"Hacker News\s*new \|.*|new \| (?:past|threads|comments).*|.*\|\s*(?:login|logout)\s*$", re.I
)
_FOOT = re.compile(
    r"(?:guidelines|faq|lists|api|security|legal|apply to yc|contact)(?:\s*\|\s*\w.*)+|(?:\d+ \w+ ago)?(?:\s*\|\s*(?:\d+\s*comments?|hide|past|favorite|discuss|link))+|search:.*|add comment|help|reply|more|(?:root|parent|prev|next|\||\[–\]|\s)+",
    re.I,
)


_SHOWS_DEPTH = re.compile(r"\|\s*(?:parent|root|next|prev)\b|\b(?:parent|root) (?:prev|next)\b")
_BROKEN_AGE = re.compile(r"(?m)^(\s*[\w-]{2,20} \d+ (?:minute|hour|day)s?)\s*\n\s*(ago)\b")
_PAGE_TITLE = re.compile(r"\s*(?P<title>\S.*?)\s*\|\s*Hacker News\s*$")


def sniff(document: Document) -> float:
    """Tell Hacker News by its bar and by heads such as `name 3 hours ago | parent | next [–]`."""
    head = document.text[:20_000]
    score = 0.5 if re.search(r"(?m)^\W*Hacker News\s*new \|", head) else 0.0
    score += 0.4 if re.search(r"(?m)^\s*\d+ points? by [\w-]+", head) else 0.0
    score += (
        0.5
        if len(re.findall(r"(?m)\|\s*(?:parent|next|prev|root)\b.*\[[–+-]\]", head)) >= 1
        else 0.0
    )
    score += 0.4 if len(re.findall(r"(?m)^[\w-]+ \d+ \w+ ago \s*\[[–+-]\]", head)) >= 2 else 0.0
    score += (
        0.4 if len(re.findall(r"(?m)^\s*[\w-]+ on [A-Z][a-z]+ \d+, \d{4} \|", head)) >= 1 else 0.0
    )
    return min(1.0, score)


def read(document: Document) -> Thread:
    """Read a Hacker News item and its comments."""
    taking = Taking("hackernews", keep_bots=document.keep_bots)
    before: list[str] = []
    chain: list[int] = []
    story: int | None = None
    text = _BROKEN_AGE.sub(r"\1 \2", document.text)
    for line in text.split("\n"):
        points = _POINTS.search(line) if not taking.posts else None
        head = _HEAD.match(line)
        if points:
            story = _open_story(taking, before, points.group("author"))
            taking.take_off(line, "votes and age")
        elif head and (head.group("rest") or not line.rstrip().endswith((".", ","))):
            if not taking.posts:
                _navigation(taking, before)
            number = taking.open(head.group("author"))
            taking.posts[number].reply_to = _answered(
                taking, chain, head.group("rest") or "", story
            )
            taking.take_off(f"{head.group('age')}{head.group('rest') or ''}", "navigation")
        elif not taking.posts:
            before.append(line)
        elif (
            line.strip() == "-----" or _FOOT.fullmatch(line.strip()) or _BAR.fullmatch(line.strip())
        ):
            taking.take_off(line, "navigation")
        else:
            taking.say(line)
    if not taking.posts:
        for line in before:
            taking.say(line)
    if not _SHOWS_DEPTH.search(document.text):
        for post in taking.posts:  # copies of old pages hide who stands under whom
            post.inferred = post.reply_to is not None
    return taking.thread()


def _navigation(taking: Taking, before: list[str]) -> None:
    for line in before:
        taking.take_off(line, "navigation")
    before.clear()


def _open_story(taking: Taking, before: list[str], author: str) -> int:
    words = [line.strip() for line in before if line.strip()]
    page = _PAGE_TITLE.match(words[0]) if words else None
    if page and words[-1] != page["title"] and page["title"].endswith(words[-1]):
        _navigation(taking, before)  # the copy broke the title over lines: the page's head has it
        taking.title = page["title"]
        number = taking.open(author)
        taking.say(page["title"])
        return number
    title = re.sub(r"\s*\([\w.-]+\.[a-z]{2,}(?:/[\w./-]*)?\)$", "", words[-1]) if words else ""
    title = re.sub(r"^(?:upvote|▲|\d+\.)\s*", "", title)
    _navigation(taking, before[: -1 if words else None])
    taking.title = title or None
    number = taking.open(author)
    if words:
        site = words[-1][words[-1].find(title) + len(title) :] if title else ""
        taking.say(title)
        taking.take_off(site, "link preview")
    return number


def _answered(taking: Taking, chain: list[int], rest: str, story: int | None) -> int | None:
    """Follow the marks of a head: none is the top, `parent` one below, `root` two or more.

    `prev` says that a comment before it has the same parent: at the second level that parent is
    the last comment at the top; deeper the flat copy hides which, and the nearest one fits.
    """
    number = len(taking.posts) - 1
    root, parent, previous = (
        re.search(rf"\b{w}\b", rest) is not None for w in ("root", "parent", "prev")
    )
    if not root and not parent:
        chain[:] = [number]
        return story
    if not root:
        answered = chain[0] if chain else story
        chain[1:] = [number]
        return answered
    if previous:
        earlier = _same_parent(taking, chain, number)
        if earlier is not None:
            level = chain.index(earlier) if earlier in chain else len(chain) - 1
            chain[level + 1 :] = [number]
            return earlier
    answered = chain[-1] if chain else story
    chain.append(number)
    return answered


def _same_parent(taking: Taking, chain: list[int], number: int) -> int | None:
    """Of the open ancestors that were answered already, the nearest; below the second level."""
    answered = {post.reply_to for post in taking.posts[:number]}
    open_ones = [n for n in chain[1:-1] if n in answered]
    return open_ones[-1] if open_ones else None


SOURCE = Source(
    name="hackernews",
    label="Hacker News",
    how="Open the item, select the page and copy.",
    sniff=sniff,
    read=read,
)
