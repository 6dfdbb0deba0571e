"""`crux bot`: the Discord bot."""

from __future__ import annotations

from typing import Annotated

import typer


def bot(
    sync: Annotated[
        bool,
        typer.Option("--sync", help="Register the slash commands with Discord, then stop."),
    ] = False,
    guild: Annotated[
        int | None,
        typer.Option(help="With --sync: for this server alone (at once; for trying out)."),
    ] = None,
    verbose: Annotated[bool, typer.Option(help="Log more.")] = False,
) -> None:
    """Run the Discord bot (token: CRUX_DISCORD_TOKEN or CRUX_DISCORD_TOKEN_FILE)."""
    import asyncio
    import logging

    from bot.errors import CruxError
    from bot.settings import load

    if guild is not None and not sync:
        raise CruxError("--guild goes with --sync.")
    chosen = load()
    chosen.token()
    from bot import app

    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    if verbose:
        logging.getLogger("crux").setLevel(logging.DEBUG)
    # below INFO the library logs what people wrote
    logging.getLogger("discord").setLevel(logging.INFO)
    if sync:
        names = asyncio.run(app.sync(chosen, guild))
        where = f"in server {guild}" if guild else "in all servers"
        typer.echo(f"Registered {where}: {', '.join(sorted(names))}.")
        return
    asyncio.run(app.serve(chosen))
