"""`crux serve`: pages of stored maps on this machine, until it is stopped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import CruxError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.serve.links import Kind, Links
    from bot.serve.shelf import Shelf

SECRET = "CRUX_SERVE_SECRET"  # a name of the environment, not a secret


def serve(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder of maps in JSON; without it, the store's maps."),
    ] = None,
    keys: Annotated[
        list[str] | None, typer.Option("--map", metavar="ID", help="Link to this stored map.")
    ] = None,
    digests: Annotated[
        list[int] | None, typer.Option("--digest", metavar="ID", help="Link to this digest.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8347,
    hours: Annotated[float, typer.Option(min=0.01, max=8760, help="How long links hold.")] = 24.0,
) -> None:
    """Show maps and digests as pages on this machine: read only, behind links that end.

    Only this machine can reach them. Links end after --hours, and with the process unless
    CRUX_SERVE_SECRET keeps their secret.
    """
    import asyncio

    from bot.serve.links import Links
    from bot.serve.shelf import Folder, Stored

    secret = os.environ.get(SECRET, "")
    try:
        links = Links(secret.encode() or None)
    except ValueError as error:
        raise CruxError(f"{SECRET}: {error}.") from None

    async def run() -> None:
        if folder is not None:
            shelf = Folder(folder)
            shown: list[tuple[Kind, str]] = [("map", key) for key in keys or shelf.keys()]
            await _serve(shelf, links, shown, port, hours)
            return
        from bot.settings import load
        from bot.store import open_store

        kept: list[tuple[Kind, str]] = [("map", key) for key in keys or ()]
        kept += [("digest", str(key)) for key in digests or ()]
        if not kept:
            raise CruxError(
                "Name a folder of maps, or what is stored with --map ID and --digest ID."
            )
        async with open_store(load().database) as store:
            await _serve(Stored(store), links, kept, port, hours)

    try:
        asyncio.run(run())
    except OSError as error:
        reason = error.strerror or str(error)
        raise CruxError(f"Port {port} cannot be used ({reason}): choose another.") from None


async def _serve(
    shelf: Shelf, links: Links, shown: Iterable[tuple[Kind, str]], port: int, hours: float
) -> None:
    import asyncio
    from datetime import timedelta

    from aiohttp import web

    from bot.serve.app import HOST, build, utc_now

    runner = web.AppRunner(build(shelf, links), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        address = runner.addresses[0]
        until = utc_now() + timedelta(hours=hours)
        for kind, key in shown:
            path = links.make(kind, key, until)
            typer.echo(f"{key}: http://{address[0]}:{address[1]}{path}")
        typer.echo(f"Until {until:%Y-%m-%d %H:%M} UTC, or Ctrl-C.")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
