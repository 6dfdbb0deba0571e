"""`crux eval ...`: scores against gold data, printed as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.output import require_writable, write

scores = typer.Typer(help="Score Crux against gold data.", no_args_is_help=True)


@scores.command("maps")
def eval_maps(
    folder: Annotated[Path, typer.Argument(help="Threads with their gold maps (NAME.gold.json).")],
    baseline: Annotated[
        str | None,
        typer.Option(
            help="Score a baseline instead: sentences or tfidf; with --given-units: replies, "
            "structure, tfidf or stock."
        ),
    ] = None,
    given_units: Annotated[
        bool,
        typer.Option(
            "--given-units", help="Take the gold units: measure relations and grouping alone."
        ),
    ] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write there.")] = None,
) -> None:
    """Score maps against gold maps; print JSON, for every thread and for all."""
    import json

    from bot.evaluate import evaluate_folder
    from bot.progress import Progress

    require_writable(output)
    with Progress() as progress:
        found = evaluate_folder(folder, baseline, progress, given_units=given_units)
    write(json.dumps(found, indent=2) + "\n", output)
