"""From what a person names on the command line to its map: files, folders, addresses, a paste."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from nlp.model import ArgumentMap, Thread


def map_of(
    sources: Sequence[str],
    platform: str | None,
    *,
    lenient: bool = False,
    keep_bots: bool = False,
) -> tuple[ArgumentMap, str | None]:
    """Give the map of a discussion, and the name of the file or folder that it is from.

    A map of crux in JSON is taken as it is. Raises InputError.
    """
    from bot.input import is_folder, read_source
    from bot.maps import is_map, read_map
    from bot.progress import Progress
    from bot.sources import read_text
    from nlp import analyze

    ask_for_paste(sources)
    if len(sources) > 1 or is_folder(sources[0]):
        from bot.collection import read_collection

        name: str | None = Path(sources[0]).resolve().name
        thread = read_collection(sources, platform, lenient=lenient, keep_bots=keep_bots)
    else:
        text, name = read_source(sources[0])
        if platform is None and is_map(text):
            return read_map(text, name or "standard input"), name
        with Progress() as progress:
            thread = read_text(
                text, name, platform, lenient=lenient, keep_bots=keep_bots, progress=progress
            )
    _warn_of_language(thread)
    with Progress() as progress:
        return analyze(thread, progress), name


def ask_for_paste(sources: Sequence[str]) -> None:
    """Say how a paste ends, to who sits at a terminal."""
    if "-" in sources and sys.stdin.isatty():
        typer.echo("Paste the discussion, then press Ctrl-D on an empty line.", err=True)


def _warn_of_language(thread: Thread) -> None:
    from nlp.tongue import name_of, tongue_of

    tongue = tongue_of(thread)
    if tongue != "en":
        typer.echo(
            f"crux: this discussion is in {name_of(tongue)}, which Crux does not support yet: it "
            "maps what it can read, and much will be missing or wrong.",
            err=True,
        )
