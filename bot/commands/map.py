"""`crux map`: a discussion in, its argument map out."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.output import require_writable, write


class Format(StrEnum):
    """Forms of a map."""

    terminal = "terminal"
    markdown = "markdown"
    json = "json"


def map_(
    source: Annotated[str, typer.Argument(help="A file, or - to read what you paste.")],
    form: Annotated[
        Format, typer.Option("--format", "-f", help="How the map is written.")
    ] = Format.terminal,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    platform: Annotated[
        str | None,
        typer.Option(help="Where the text is from, if Crux guesses wrong (see docs/sources.md)."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every point.")] = False,
) -> None:
    """Map the argument of a discussion."""
    from bot.input import read_source
    from bot.progress import Progress
    from bot.sources import read_text

    require_writable(output)
    if source == "-" and sys.stdin.isatty():
        typer.echo("Paste the discussion, then press Ctrl-D on an empty line.", err=True)
    text, name = read_source(source)
    thread = read_text(text, name, platform)
    from nlp import analyze

    with Progress() as progress:
        found = analyze(thread, progress)
    if form is Format.terminal:
        from rich.console import Console

        from bot.views import terminal

        if output is None:
            terminal.show(found, Console(), everything=everything)
        else:
            with output.open("w", encoding="utf-8") as stream:
                terminal.show(found, Console(file=stream, width=100), everything=everything)
        return
    from bot.views import json, markdown

    rendered = json.render(found) if form is Format.json else markdown.render(found)
    write(rendered, output)
