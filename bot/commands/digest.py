"""`crux digest` and `crux remember`: the memory on the command line."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import CruxError
from bot.output import require_writable, write

if TYPE_CHECKING:
    from bot.digest.model import Digest
    from nlp.model import ArgumentMap

_UNITS = {"h": 1, "d": 24, "w": 24 * 7}

Address = Annotated[
    str | None,
    typer.Option("--store", help="A file or postgresql://... instead of CRUX_DATABASE."),
]
Guild = Annotated[int, typer.Option(help="A server's id; 0 is what crux remember keeps.")]


class Format(StrEnum):
    """Forms of a digest."""

    terminal = "terminal"
    markdown = "markdown"
    json = "json"
    html = "html"


def digest(
    since: Annotated[str, typer.Option(help="How far back: 7d, 12h, 2w.")] = "7d",
    form: Annotated[
        Format, typer.Option("--format", "-f", help="How the digest is written.")
    ] = Format.terminal,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    guild: Guild = 0,
    store: Address = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every line.")] = False,
) -> None:
    """Say what was argued lately, from what is kept."""
    require_writable(output)
    window = _window(since)
    found = asyncio.run(_digest(store, guild, window))
    if form is Format.terminal and output is None:
        from rich.console import Console

        from bot.views.digests import terminal

        terminal.show(found, Console(), everything=everything)
    else:
        write(_render(found, form, everything=everything), output)


def remember(
    source: Annotated[str, typer.Argument(help="A file, an address, or - to read what you paste.")],
    platform: Annotated[
        str | None, typer.Option(help="Where the text is from, if Crux guesses wrong.")
    ] = None,
    guild: Guild = 0,
    store: Address = None,
) -> None:
    """Map a discussion and keep it for digests; the same one again brings it up to date."""
    from bot.input import read_source
    from bot.progress import Progress
    from bot.sources import read_text
    from bot.store import migrate, url

    migrate.prepare(url.parse(store))  # a store that fails does so before the work is done
    text, name = read_source(source)
    thread = read_text(text, name, platform)
    from nlp import analyze

    with Progress() as progress:
        found = analyze(thread, progress)
    asyncio.run(_remember(store, guild, found, name or "pasted"))
    typer.echo(
        f"Kept {len(found.key_points)} points of {len(found.thread.posts)} posts. "
        "See them with crux digest."
    )


async def _digest(address: str | None, guild: int, window: timedelta) -> Digest:
    from bot.digest.compose import compose
    from bot.store import open_store

    now = datetime.now(UTC)
    async with open_store(address) as opened:
        facts = await opened.weeks.facts(guild, now - window, now)
    return compose(facts)


async def _remember(address: str | None, guild: int, found: ArgumentMap, name: str) -> None:
    from bot.store import Origin, open_store
    from nlp.encoder import default_encoder

    vectors = default_encoder().encode([unit.text for unit in found.units])
    thread = found.thread
    first = thread.posts[0] if thread.posts else None
    key = (first.url if first else None) or f"{name}/{first.id if first else ''}"
    origin = Origin(guild_id=guild, platform=thread.platform, thread=key[:200])
    async with open_store(address) as opened:
        await opened.threads.remember(found, origin, vectors=vectors, now=datetime.now(UTC))


def _window(since: str) -> timedelta:
    number, unit = since.strip()[:-1], since.strip()[-1:].lower()
    if not number.isdigit() or unit not in _UNITS or not 0 < int(number) <= 5000:
        raise CruxError(f"--since {since[:20]} is no time: write 7d, 12h or 2w.")
    return timedelta(hours=int(number) * _UNITS[unit])


def _render(found: Digest, form: Format, *, everything: bool) -> str:
    from bot.views.digests import html, json, markdown, terminal

    if form is Format.terminal:
        return terminal.render(found, everything=everything)
    if form is Format.markdown:
        return markdown.render(found)
    return json.render(found) if form is Format.json else html.render(found)
