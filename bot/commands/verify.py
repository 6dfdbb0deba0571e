"""`crux verify`: is every quote of a map exact, is every character accounted for."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.errors import CruxError


def verify(
    file: Annotated[str, typer.Argument(metavar="MAP.json", help="A map that crux wrote.")],
) -> None:
    """Check a map: every quote is an exact span, every character is accounted for."""
    import json

    from bot.input import read_source
    from bot.verify import problems
    from bot.views.text import count

    text, _ = read_source(file)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CruxError(f"{file} is not JSON ({str(error)[:100]}): give a map.") from None
    reasons = problems(found)
    for reason in reasons:
        typer.echo(reason)
    if reasons:
        raise typer.Exit(1)
    typer.echo(
        f"{file} holds: {count(len(found['units']), 'quote')} exact, "
        f"{count(len(found['thread']['posts']), 'post')} accounted for."
    )
