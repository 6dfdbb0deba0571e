"""`crux doctor`: what is set up, what is missing, how to mend it."""

from __future__ import annotations

import typer


def doctor() -> None:
    """Say what is set up, what is missing, and how to mend it."""
    from bot.doctor import examine

    well = True
    for finding in examine():
        typer.echo(f"{'ok  ' if finding.well else 'FAIL'}  {finding.name}: {finding.line}")
        well &= finding.well
    if not well:
        raise typer.Exit(1)
