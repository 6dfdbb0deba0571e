"""`crux db`: where the store is, how it stands, and bringing it up to date."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.errors import StoreError

db = typer.Typer(help="The store: look at it, bring it up to date.", no_args_is_help=True)

Address = Annotated[
    str | None,
    typer.Option("--store", help="A file or postgresql://... instead of CRUX_DATABASE."),
]


@db.command("upgrade")
def upgrade(store: Address = None) -> None:
    """Bring the store's tables up to date; a SQLite file is copied first."""
    from bot.store import migrate, url

    where = url.parse(store)
    if url.is_memory(where):
        raise StoreError("A store in memory is always new: name a file or a server.")
    before = migrate.upgrade(where)
    if not before.pending:
        typer.echo(f"{url.named(where)} is up to date ({before.head}).")
    else:
        old = before.revision or "nothing"
        typer.echo(f"{url.named(where)}: from {old} to {before.head}.")


@db.command("status")
def status(store: Address = None) -> None:
    """Say where the store is and how its tables stand; exit 1 when they are not up to date."""
    from bot.store import migrate, url

    where = url.parse(store)
    found = migrate.look(where)
    typer.echo(f"{url.named(where)}: {found}")
    if not found.startswith("up to date"):
        raise typer.Exit(1)
