"""`crux map`: a discussion in, its argument map out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import CruxError
from bot.output import require_writable, write
from bot.views.formats import FORMS, Look, by_suffix
from nlp.model import ArgumentMap


def map_(
    source: Annotated[
        str, typer.Argument(help="A file, a map of crux in JSON, or - to read what you paste.")
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help=f"How the map is written: {', '.join(FORMS)}. Without it, the ending of "
            "--output tells.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    platform: Annotated[
        str | None,
        typer.Option(help="Where the text is from, if Crux guesses wrong (see docs/sources.md)."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every point.")] = False,
    dark: Annotated[bool, typer.Option("--dark", help="Pictures: light on dark.")] = False,
    wide: Annotated[
        bool, typer.Option("--wide", help="Pictures: two columns, for a desk, not a phone.")
    ] = False,
    scale: Annotated[float, typer.Option(min=0.5, max=4.0, help="png: 2 for fine screens.")] = 1.0,
) -> None:
    """Map the argument of a discussion."""
    from bot.input import read_source

    require_writable(output)
    chosen = form or (by_suffix(output.suffix) if output else None) or "terminal"
    if chosen not in FORMS:
        raise CruxError(f"There is no format {chosen!r}: choose from {', '.join(FORMS)}.")
    if source == "-" and sys.stdin.isatty():
        typer.echo("Paste the discussion, then press Ctrl-D on an empty line.", err=True)
    text, name = read_source(source)
    found = _found(text, name, platform)
    if chosen == "terminal" and output is None:
        from rich.console import Console

        from bot.views import terminal

        terminal.show(found, Console(), everything=everything)
        return
    look = Look(everything=everything, dark=dark, wide=wide, scale=scale)
    write(FORMS[chosen].write(found, look), output)


def _found(text: str, name: str | None, platform: str | None) -> ArgumentMap:
    from bot.maps import is_map, read_map

    if platform is None and is_map(text):
        return read_map(text, name or "standard input")
    from bot.progress import Progress
    from bot.sources import read_text
    from nlp import analyze

    thread = read_text(text, name, platform)
    with Progress() as progress:
        return analyze(thread, progress)
