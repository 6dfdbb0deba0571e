"""A digest as one Discord embed, read in a minute, within its limits by how it is built."""

from __future__ import annotations

from collections.abc import Iterator

from bot.digest.model import Digest
from bot.views.digests.telling import Item, Quoted, Section, Telling, tell
from bot.views.discord import Card, escape
from bot.views.text import web_address

_HEADLINE, _NOTE, _QUOTE, _NAME, _URL = 110, 150, 200, 40, 120
_LEFT_OUT, _MOST_LEFT_OUT = 200, 3
_GOLD = 0xD9A441
# the longest section, "moved" or the crux, has three items or two quotes: under a field's 1,024
# characters only for usual links; what would not fit goes without its quotes
_FIELD = 1024


def card(digest: Digest, mark: str) -> Card:
    """Give the digest as people read it; `mark`, in the footer, tells this digest from others."""
    told = tell(digest, short=True)
    return Card(
        title=told.title,
        description="\n".join(_opening(told)),
        fields=tuple(_field(section) for section in told.sections),
        footer=f"Crux digest · the whole of it is in the attached file · {mark}",
        colour=_GOLD,
    )


def line(digest: Digest) -> str:
    """Give the one line of a week that is worth no digest."""
    return escape(tell(digest, short=True).summary, 300)


def _opening(told: Telling) -> Iterator[str]:
    yield escape(told.summary, 300)
    for sentence in told.left_out[:_MOST_LEFT_OUT]:
        yield f"-# {escape(sentence, _LEFT_OUT)}"
    if len(told.left_out) > _MOST_LEFT_OUT:
        yield f"-# and {len(told.left_out) - _MOST_LEFT_OUT} more that I left out"


def _field(section: Section) -> tuple[str, str]:
    for quotes in (2, 1, 0):
        blocks = ["\n".join(_item(item, quotes)) for item in section.items]
        if section.more:
            blocks.append(f"-# {section.more} more in the file")
        value = "\n".join(blocks)
        if len(value) <= _FIELD:
            return section.title, value
    return section.title, "See the file."


def _item(item: Item, quotes: int) -> Iterator[str]:
    if item.headline is not None:
        note = f" · {escape(item.note, _NOTE)}" if item.note else ""
        yield f"**{escape(item.headline, _HEADLINE)}**{note}"
        shown = item.quotes[:quotes]
    else:
        shown = item.quotes
    for quote in shown:
        yield _quote(quote, _QUOTE if quotes else 80)


def _quote(quote: Quoted, longest: int) -> str:
    label = f"{quote.label}: " if quote.label else ""
    words = f"“{escape(quote.text, longest)}”" if quote.text else "said in a message"
    url = web_address(quote.url)
    link = f" [→]({url})" if url and len(url) <= _URL else ""
    return f"> {label}{words} — {escape(quote.speaker, _NAME)}{link}"
