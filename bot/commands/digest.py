"""`crux digest` and `crux remember`: the memory on the command line."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.discussion import map_of
from bot.errors import CruxError
from bot.output import chosen_form, require_writable, write
from bot.views.digests.forms import FORMS
from bot.views.formats import Look

if TYPE_CHECKING:
    from bot.digest.model import Digest
    from nlp.model import ArgumentMap

_UNITS = {"h": 1, "d": 24, "w": 24 * 7}

Address = Annotated[
    str | None,
    typer.Option("--store", help="A file or postgresql://... instead of CRUX_DATABASE."),
]
Guild = Annotated[int, typer.Option(help="A server's id; 0 is what crux remember keeps.")]


def digest(
    since: Annotated[str, typer.Option(help="How far back: 7d, 12h, 2w.")] = "7d",
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help=f"How the digest is written: {', '.join(FORMS)}. Without it, the ending of "
            "--output tells.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    guild: Guild = 0,
    store: Address = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every line.")] = False,
    dark: Annotated[bool, typer.Option("--dark", help="Pictures: light on dark.")] = False,
    scale: Annotated[float, typer.Option(min=0.5, max=4.0, help="png: 2 for fine screens.")] = 1.0,
) -> None:
    """Say what was argued lately, from what is kept."""
    require_writable(output)
    chosen = chosen_form(form, output, FORMS)
    window = _window(since)
    found = asyncio.run(_digest(store, guild, window))
    if chosen == "terminal" and output is None:
        from rich.console import Console

        from bot.views.digests import terminal

        terminal.show(found, Console(), everything=everything)
    else:
        look = Look(everything=everything, dark=dark, scale=scale)
        write(FORMS[chosen].write(found, look), output)


def remember(
    source: Annotated[
        list[str],
        typer.Argument(
            help="Files or a folder of an export, a thread's address, a map of crux in JSON, or - "
            "to read what you paste."
        ),
    ],
    platform: Annotated[
        str | None,
        typer.Option(help="Where the text is from, if Crux guesses wrong (see docs/sources.md)."),
    ] = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Keep what can be read of a broken export.")
    ] = False,
    keep_bots: Annotated[bool, typer.Option("--bots", help="Keep what bots post, too.")] = False,
    guild: Guild = 0,
    store: Address = None,
) -> None:
    """Map a discussion and keep it for digests; the same one again brings it up to date."""
    from bot.store import migrate, url

    migrate.prepare(url.parse(store))  # a store that fails does so before the work is done
    found, name = map_of(source, platform, lenient=lenient, keep_bots=keep_bots)
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
