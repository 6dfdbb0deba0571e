"""A map as Markdown, for a wiki, an issue or a mail: quotes escaped, nobody pinged."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views.outline import Point, Tie, left_out_line, names_line, outline
from bot.views.text import markdown, one_line
from nlp.model import ArgumentMap


def render(found: ArgumentMap) -> str:
    """Give the map as Markdown text, every key point in it."""
    shown = outline(found)
    lines = [f"# {markdown(shown.title or 'What is argued')}", ""]
    if not shown.points:
        lines += ["No argument here: nobody makes a point that others could dispute.", ""]
    elif shown.issue and one_line(shown.issue) != one_line(shown.title or ""):
        label = "The question" if "?" in shown.issue else "What it is about"
        lines += [f"**{label}:** {markdown(shown.issue)}", ""]
    for point in shown.points:
        lines += [*_point(point), ""]
    lines += ["---", "", markdown(left_out_line(shown)), ""]
    return "\n".join(lines)


def _point(point: Point) -> Iterator[str]:
    mark = "Crux: " if point.is_crux else ""
    yield f"## {mark}{markdown(point.headline)}"
    yield ""
    if len(point.speakers) > 1:  # one speaker's name stands behind the quote
        yield f"*{markdown(names_line(point.speakers, 8))}*"
        yield ""
    for quote in point.quotes:
        reported = ", of somebody else" if quote.reported else ""
        yield f"> “{markdown(quote.text)}” ({markdown(quote.speaker)}{reported})"
        yield ""
    yield from _ties(point.supports, "Supported by")
    yield from _ties(point.attacks, "Attacked by")


def _ties(ties: tuple[Tie, ...], verb: str) -> Iterator[str]:
    for tie in ties:
        who = markdown(names_line(tie.speakers, 8))
        if tie.cue:
            who += f": “{markdown(tie.cue)}”"
        if tie.key_point:
            yield f"- **{verb}** {markdown(tie.headline)} ({who})"
        else:
            yield f"- **{verb}** evidence: “{markdown(tie.quotes[0].text)}” ({who})"
