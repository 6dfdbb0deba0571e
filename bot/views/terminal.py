"""A map on a terminal: colour says what kind a line is, and so do its words and signs."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.views.outline import Outline, Point, Tie, left_out_line, names_line, outline
from bot.views.text import one_line
from nlp.model import ArgumentMap

TOP = 12  # points shown unless all are asked for
TIES = 4  # of each type, under one point
LONGEST_CUE = 30  # characters of the words that show a tie
LONGEST_QUOTE = 280
WIDEST = 100  # columns: longer lines are hard to read

SUPPORT, ATTACK, CRUX, QUOTE, FAINT = "green", "red", "bold yellow", "italic", "dim"


def show(found: ArgumentMap, console: Console, *, everything: bool = False) -> None:
    """Print a map on a console."""
    parts = _parts(outline(found), everything)
    width = min(console.width, WIDEST)
    if console.is_terminal:
        for part in parts:
            console.print(part, width=width, highlight=False, soft_wrap=False)
        return
    with console.capture() as drawn:
        for part in parts:
            console.print(part, width=width, highlight=False, soft_wrap=False)
    # a terminal does not show the room that tables leave at the right; a file keeps it
    for line in drawn.get().splitlines():
        console.file.write(f"{line.rstrip()}\n")


def render(found: ArgumentMap, *, everything: bool = False) -> str:
    """Give a map as plain text, 100 columns wide."""
    out = io.StringIO()
    show(found, Console(file=out, width=WIDEST), everything=everything)
    return out.getvalue()


def _parts(shown: Outline, everything: bool) -> Iterator[RenderableType]:
    if shown.title and one_line(shown.title) != one_line(shown.issue or ""):
        yield Text(one_line(shown.title), style="bold")
    if shown.issue and shown.points:
        label = "The question  " if "?" in shown.issue else "What it is about  "
        yield Text.assemble((label, FAINT), (one_line(shown.issue, 200), "bold"))
    if not shown.points:
        yield Text("No argument here: nobody makes a point that others could dispute.")
    top = shown.points if everything else shown.points[:TOP]
    for point in top:
        yield Text()
        yield _point(point)
    rest = len(shown.points) - len(top)
    yield Text()
    if rest:
        noun = "point" if rest == 1 else "points"
        yield Text(f"{rest} more {noun} of less weight: show them with --all.", style=FAINT)
    if shown.points and not any(p.is_crux for p in shown.points):
        yield Text("No crux: no point has people on both sides.", style=FAINT)
    yield Rule(style=FAINT)
    yield Text(left_out_line(shown), style=FAINT)


def _point(point: Point) -> RenderableType:
    head = Table.grid(expand=True, padding=(0, 1))
    head.add_column(width=1)
    head.add_column(ratio=1, overflow="fold")
    head.add_column(justify="right", max_width=34)
    style = CRUX if point.is_crux else "bold"
    mark = Text("◆" if point.is_crux else "●", style=style)
    headline = Text(("CRUX  " if point.is_crux else "") + one_line(point.headline), style=style)
    head.add_row(mark, headline, Text(one_line(names_line(point.speakers), 60), style="cyan"))
    lines: list[RenderableType] = [head]
    if point.quotes:
        best = point.quotes[0]
        quote = Text(f"“{one_line(best.text, LONGEST_QUOTE)}”", style=QUOTE)
        if best.reported:
            quote.append("  (reported, not the writer's own)", style=FAINT)
        if len(point.quotes) > 1:
            quote.append(f"  and {len(point.quotes) - 1} more", style=FAINT)
        lines.append(Padding(quote, (0, 0, 0, 2)))
    lines += _ties(point.supports, "+", "supported by", SUPPORT)
    lines += _ties(point.attacks, "−", "attacked by", ATTACK)
    return Group(*lines)


def _ties(ties: tuple[Tie, ...], sign: str, verb: str, style: str) -> Iterator[RenderableType]:
    for tie in ties[:TIES]:
        words = (
            one_line(tie.headline) if tie.key_point else f"“{one_line(tie.quotes[0].text, 160)}”"
        )
        label = verb if tie.key_point else f"{verb} evidence"
        yield _row(sign, label, style, words, tie)
    if len(ties) > TIES:
        yield Padding(Text(f"{sign} {verb} {len(ties) - TIES} more", style=style), (0, 0, 0, 2))


def _row(sign: str, label: str, style: str, words: str, tie: Tie) -> RenderableType:
    row = Table.grid(padding=(0, 1))
    row.add_column(width=3, justify="right")
    row.add_column(overflow="fold")
    line = Text()
    line.append(f"{label}: ", style=style)
    line.append(words)
    line.append(f"  {one_line(names_line(tie.speakers), 60)}", style="cyan")
    if tie.cue:
        line.append(f"  “{one_line(tie.cue, LONGEST_CUE)}”", style=FAINT)
    row.add_row(Text(sign, style=f"bold {style}"), line)
    return row
