"""`crux worker`: one more process, on any machine, that makes maps and digests for the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.settings import Settings


def worker() -> None:
    """Make maps and digests for a bot that uses the same PostgreSQL store (CRUX_DATABASE)."""
    import asyncio
    import logging

    from bot import settings

    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # its INFO lines are one for each step of a job
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    chosen = settings.load()
    asyncio.run(_work(chosen))
    typer.echo("stopped", err=True)


async def _work(chosen: Settings) -> None:
    from bot.errors import CruxError
    from bot.jobs.clerk import LocalClerk
    from bot.jobs.painter import ProcessPainter
    from bot.jobs.process import ProcessAnalyst
    from bot.store import open_store, url

    try:
        from bot.jobs.errands import open_queue
        from bot.jobs.postgres import work
    except ImportError:
        raise CruxError("crux worker needs: pip install 'crux-map[postgres]'") from None
    analyst, painter = ProcessAnalyst(longest=chosen.longest_analysis), ProcessPainter()
    async with open_queue(url.parse(chosen.database)) as app, open_store(chosen.database) as store:
        try:
            await analyst.warm()
            await work(store, app, analyst, LocalClerk(store, painter))
        finally:
            await painter.close()
            await analyst.close()
