"""Lobsters, and sites built like it, as copied from the page: `name 2 hours ago | link | reply`."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.marks import COUNT_LINE, reason_off
from bot.sources.taking import Taking
from nlp.model import Thread

_AGE = r"(?:edited )?(?:\d+ (?:second|minute|hour|day|week|month|year)s? ago|just now)"
_STORY = re.compile(
    rf"^\s*(?:\[[^\]]*\]\s*)?(?:via|by|authored by|submitted by)\s+(?P<author>[\w-]+)\s+{_AGE}(?:\s*\|.*)?$"
)
_HEAD = re.compile(
    rf"^\s*(?:\[[–+-]\]\s*)?(?P<author>[\w-]+)\s+{_AGE}(?P<rest>(?:\s*\|\s*(?:link|flag|reply|parent|unvote|threads?|edit|delete|context)?)+)\s*$"
)
_SITE = re.compile(r"\s+(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?$")
_OFF = re.compile(
    r"▲|△|\[[–+-]\]|(?:link|flag|reply|save|hide|suggest|archive|\|\s*)+", re.IGNORECASE
)


def sniff(document: Document) -> float:
    """Tell such a site by `via name ... ago` above and `| link` behind the heads."""
    lines = document.text[:20_000].split("\n")
    heads = sum(bool(_HEAD.match(line)) for line in lines)
    story = any(_STORY.match(line) for line in lines)
    return 0.85 if story and heads else 0.35 if heads >= 3 else 0.0


def read(document: Document) -> Thread:
    """Read a story and its comments; the copy hides who stands under whom."""
    taking = Taking("forum", keep_bots=document.keep_bots)
    before: list[str] = []
    for line in document.lines:
        story = _STORY.match(line) if not taking.posts else None
        head = _HEAD.match(line)
        if story:
            _open_story(taking, before, story["author"])
            taking.take_off(line.replace(story["author"], " ", 1), "votes and age")
        elif head:
            for words in before if not taking.posts else ():
                taking.take_off(words, "navigation")
            taking.open(head["author"])
            taking.take_off(line.replace(head["author"], " ", 1), "age")
        elif not taking.posts:
            before.append(line)
        elif line.strip() and (COUNT_LINE.fullmatch(line.strip()) or _OFF.fullmatch(line.strip())):
            taking.take_off(line, "votes" if line.strip()[-1].isdigit() else "button")
        elif reason := reason_off(line):
            taking.take_off(line, reason)
        else:
            taking.say(line)
    if not taking.posts:
        for line in before:
            taking.say(line)
    taking.answer_turns()
    return taking.thread()


def _open_story(taking: Taking, before: list[str], author: str) -> None:
    """Begin the story: its title stands above the line that says who sent it."""
    words = [line.strip() for line in before if line.strip()]
    # the title is the line that ends in the site's name, else the one of most words: not the tags
    sited = [w for w in words if _SITE.search(w)]
    titled = sited[-1] if sited else max(words, key=lambda w: len(w.split()), default="")
    site = _SITE.search(titled)
    title = titled[: site.start()] if site else titled
    if titled in words:
        words.remove(titled)
    for line in words:
        taking.take_off(line, "navigation")
    taking.title = title or None
    taking.open(author)
    if title:
        taking.say(title)
    taking.take_off(titled[len(title) :], "link preview")


SOURCE = Source(
    name="forum", label="Lobsters, copied from the page", how="Open the story, select the page, copy.",
    sniff=sniff, read=read,
)  # fmt: skip
