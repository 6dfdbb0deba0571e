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

    Only this machine can reach them. Links end after --hours, and so does the server; links that
    other processes are to read need one secret, in CRUX_SERVE_SECRET.
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
            if not shown:
                raise CruxError(
                    f"No map in {folder}: write some there with crux map FILE -o NAME.json."
                )
            await serve_pages(shelf, links, shown, port, hours)
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
            await serve_pages(Stored(store), links, kept, port, hours)

    asyncio.run(run())


async def serve_pages(
    shelf: Shelf, links: Links, shown: Iterable[tuple[Kind, str]], port: int, hours: float
) -> None:
    """Serve what a shelf has behind printed links until they end, after `hours`.

    Raises CruxError where a page is not there, or where the port cannot be had.
    """
    import asyncio
    from datetime import timedelta

    from aiohttp import web

    from bot.serve.app import HOST, build, utc_now

    shown = list(shown)
    for kind, key in shown:
        if await shelf.page(kind, key) is None:
            raise CruxError(f"There is no {kind} {key} to serve: check its name.")
    runner = web.AppRunner(build(shelf, links), access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as error:
            raise CruxError(f"{_refused(port, error)} Choose another with --port.") from None
        address = runner.addresses[0]
        until = utc_now() + timedelta(hours=hours)
        for kind, key in shown:
            path = links.make(kind, key, until)
            typer.echo(f"{key}: http://{address[0]}:{address[1]}{path}")
        typer.echo(f"Until {until:%Y-%m-%d %H:%M} UTC, or Ctrl-C.")
        await asyncio.sleep((until - utc_now()).total_seconds())
        typer.echo("The links are over: nothing is served any more.")
    finally:
        await runner.cleanup()


def _refused(port: int, error: OSError) -> str:
    import errno

    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} is not open to you: below 1024 it takes more rights."
    return (
        f"Port {port} cannot be used ({errno.errorcode.get(error.errno or 0, 'no reason given')})."
    )
