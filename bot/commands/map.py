"""`crux map`: a discussion in, its argument map out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import CruxError
from bot.output import require_writable, write
from bot.views.formats import FORMS, Look, by_name
from nlp.model import ArgumentMap, Thread

PLAIN = frozenset({"", ".txt", ".out"})  # endings of files that hold what a terminal shows


def map_(
    source: Annotated[
        list[str],
        typer.Argument(
            help="Files or a folder of an export, a thread's address, a map of crux in JSON, or - "
            "to read what you paste."
        ),
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
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Map what can be read of a broken export.")
    ] = False,
    keep_bots: Annotated[bool, typer.Option("--bots", help="Map what bots post, too.")] = False,
    of: Annotated[
        str | None,
        typer.Option(metavar="MAP.json", help="SOURCE is Argdown, edited from this map."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every point.")] = False,
    dark: Annotated[bool, typer.Option("--dark", help="Pictures: light on dark.")] = False,
    wide: Annotated[
        bool, typer.Option("--wide", help="Pictures: two columns, for a desk, not a phone.")
    ] = False,
    scale: Annotated[float, typer.Option(min=0.5, max=4.0, help="png: 2 for fine screens.")] = 1.0,
) -> None:
    """Map the argument of a discussion."""
    require_writable(output)
    if form is None and output and output.suffix.lower() not in PLAIN and not by_name(output.name):
        raise CruxError(
            f"No format ends in {output.suffix}: name one with --format ({', '.join(FORMS)})."
        )
    chosen = form or (by_name(output.name) if output else None) or "terminal"
    if chosen not in FORMS:
        raise CruxError(
            f"There is no format {chosen!r}: name one with --format ({', '.join(FORMS)})."
        )
    if "-" in source and sys.stdin.isatty():
        typer.echo("Paste the discussion, then press Ctrl-D on an empty line.", err=True)
    if of is not None:
        found = _edited(source, of)
    else:
        found = _found(source, platform, lenient=lenient, keep_bots=keep_bots)
    if chosen == "terminal" and output is None:
        from rich.console import Console

        from bot.views import terminal

        terminal.show(found, Console(), everything=everything)
        return
    look = Look(everything=everything, dark=dark, wide=wide, scale=scale)
    write(FORMS[chosen].write(found, look), output)


def _edited(sources: list[str], of: str) -> ArgumentMap:
    from bot.input import read_source
    from bot.maps import read_edited, read_map

    if len(sources) > 1:
        raise CruxError("With --of, give one Argdown file.")
    text, _ = read_source(sources[0])
    base, _ = read_source(of)
    return read_edited(text, read_map(base, of))


def _found(
    sources: list[str], platform: str | None, *, lenient: bool, keep_bots: bool
) -> ArgumentMap:
    from bot.input import is_folder, read_source
    from bot.maps import is_map, read_map
    from bot.progress import Progress
    from bot.sources import read_text
    from nlp import analyze

    if len(sources) > 1 or is_folder(sources[0]):
        from bot.collection import read_collection

        thread = read_collection(sources, platform, lenient=lenient, keep_bots=keep_bots)
    else:
        text, name = read_source(sources[0])
        if platform is None and is_map(text):
            return read_map(text, name or "standard input")
        with Progress() as progress:
            thread = read_text(
                text, name, platform, lenient=lenient, keep_bots=keep_bots, progress=progress
            )
    _warn_of_language(thread)
    with Progress() as progress:
        return analyze(thread, progress)


def _warn_of_language(thread: Thread) -> None:
    from nlp.tongue import name_of, tongue_of

    tongue = tongue_of(thread)
    if tongue != "en":
        typer.echo(
            f"crux: this discussion is in {name_of(tongue)}, which Crux does not support yet: it "
            "maps what it can read, and much will be missing or wrong.",
            err=True,
        )
