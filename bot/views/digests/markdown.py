"""A digest as Markdown, all of it: quotes escaped, nobody pinged."""

from __future__ import annotations

from collections.abc import Iterator

from bot.digest.model import Digest
from bot.views.digests.telling import Item, Quoted, tell
from bot.views.text import markdown, web_address


def render(digest: Digest) -> str:
    """Give the digest as Markdown text."""
    told = tell(digest, short=False)
    lines = [f"# {told.title}", "", markdown(told.summary), ""]
    for section in told.sections:
        lines += [f"## {section.title}", ""]
        for item in section.items:
            lines += _item(item)
        lines.append("")
    if told.left_out:
        lines += ["---", "", *(f"- {markdown(line)}" for line in told.left_out), ""]
    return "\n".join(lines)


def _item(item: Item) -> Iterator[str]:
    if item.headline is not None:
        note = f" ({markdown(item.note)})" if item.note else ""
        yield f"- **{markdown(item.headline)}**{note}"
        for quote in item.quotes:
            yield f"  {_quote(quote)}"
    else:
        for quote in item.quotes:
            yield f"- {_quote(quote)}"


def _quote(quote: Quoted) -> str:
    label = f"{quote.label}: " if quote.label else ""
    words = f"“{markdown(quote.text)}”" if quote.text else "said in a message"
    url = web_address(quote.url)
    link = f" [→]({url})" if url else ""
    return f"{label}{words} — {markdown(quote.speaker)}{link}"
