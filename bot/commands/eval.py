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


@scores.command("reading")
def eval_reading(
    folder: Annotated[Path, typer.Argument(help="Threads with their gold maps (NAME.gold.json).")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write there.")] = None,
) -> None:
    """Score what the readers get right: posts, authors, reply links; print JSON."""
    import json

    from bot.evaluate_reading import evaluate_reading

    require_writable(output)
    write(json.dumps(evaluate_reading(folder), indent=2) + "\n", output)


@scores.command("replies")
def eval_replies(
    folder: Annotated[
        Path, typer.Argument(help="Annotated logs: NAME.ascii.txt, NAME.annotation.txt")
    ],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write there.")] = None,
) -> None:
    """Score who answers whom in chats that do not say, beside a baseline; print JSON."""
    import json

    from bot.errors import InputError
    from bot.progress import Progress
    from nlp.evaluation.irc import evaluate

    require_writable(output)
    with Progress() as progress:
        figures = evaluate(folder, progress)
    if not figures:
        raise InputError(
            f"{folder} holds no annotated logs (NAME.annotation.txt beside NAME.ascii.txt)."
        )
    write(json.dumps(figures, indent=2) + "\n", output)
