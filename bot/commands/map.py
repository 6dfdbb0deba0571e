"""`crux map`: a discussion in, its argument map out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.discussion import ask_for_paste, map_of
from bot.errors import CruxError
from bot.output import chosen_form, require_writable, write
from bot.views.formats import FORMS, Look
from nlp.model import ArgumentMap


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
    chosen = chosen_form(form, output, FORMS)
    if of is not None:
        ask_for_paste(source)
        found = _edited(source, of)
    else:
        found, _ = map_of(source, platform, lenient=lenient, keep_bots=keep_bots)
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
