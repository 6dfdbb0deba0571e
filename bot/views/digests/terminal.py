"""A digest on a terminal."""

from __future__ import annotations

import io

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.digest.model import Digest
from bot.views.digests.telling import Item, Quoted, tell
from bot.views.text import one_line

WIDEST = 100
LONGEST_QUOTE = 280


def show(digest: Digest, console: Console, *, everything: bool = False) -> None:
    """Print a digest, as much as is read in a minute or all of it."""
    told = tell(digest, short=not everything)
    width = min(console.width, WIDEST)

    def line(text: Text, indent: int = 0) -> None:
        console.print(Padding(text, (0, 0, 0, indent)), width=width, highlight=False)

    line(Text(told.title, style="bold"))
    line(Text(one_line(told.summary)))
    for section in told.sections:
        line(Text())
        line(Text(section.title, style="bold yellow"))
        for item in section.items:
            for text, indent in _item(item):
                line(text, indent)
        if section.more:
            line(Text(f"{section.more} more: show them with --all.", style="dim"), 2)
    for sentence in told.left_out:
        line(Text(one_line(sentence), style="dim"))


def render(digest: Digest, *, everything: bool = False) -> str:
    """Give what `show` prints, without colour."""
    stream = io.StringIO()
    show(digest, Console(file=stream, width=WIDEST), everything=everything)
    return stream.getvalue()


def _item(item: Item) -> list[tuple[Text, int]]:
    lines = []
    if item.headline is not None:
        head = Text.assemble(("● ", "bold"), (one_line(item.headline), "bold"))
        if item.note:
            head.append(f"  {one_line(item.note)}", style="cyan")
        lines.append((head, 0))
    return lines + [(_quote(quote), 2) for quote in item.quotes]


def _quote(quote: Quoted) -> Text:
    made = Text(f"{quote.label}: " if quote.label else "", style="dim")
    if quote.text:
        made.append(f"“{one_line(quote.text, LONGEST_QUOTE)}”", style="italic")
    else:
        made.append("words no longer kept", style="dim")
    made.append(f"  {one_line(quote.speaker, 60)}", style="cyan")
    return made
