"""`crux eval ...`: scores against gold data, printed as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.errors import InputError
from bot.output import require_writable, write
from bot.progress import Progress

scores = typer.Typer(help="Score Crux against gold data.", no_args_is_help=True)

Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write there.")]


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
    output: Output = None,
) -> None:
    """Score maps against gold maps; print JSON, for every thread and for all."""
    from bot.evaluate import evaluate_folder

    _print(
        lambda tell: evaluate_folder(folder, baseline, tell, given_units=given_units),
        output,
    )


@scores.command("syntax")
def eval_syntax(
    file: Annotated[
        Path, typer.Argument(help="A treebank: .conllu or .spacy; or .jsonl of {tokens, tags}.")
    ],
    output: Output = None,
) -> None:
    """Score tags, lemmas, trees and names, with gold tokens and sentences; print JSON."""
    from nlp.evaluation.syntax import evaluate_syntax

    _print(lambda _tell: evaluate_syntax(file), output)


@scores.command("units")
def eval_units(
    file: Annotated[Path, typer.Argument(help="JSONL rows {text, context?, kind}.")],
    output: Output = None,
) -> None:
    """Score the kinds of single texts: claim, evidence, question, other; print JSON."""
    from nlp.evaluation.units import evaluate_units

    _print(lambda tell: evaluate_units(file, tell), output)


@scores.command("relations")
def eval_relations(
    file: Annotated[
        Path, typer.Argument(help="JSONL rows {a, b, label: support|attack|neutral, topic?}.")
    ],
    output: Output = None,
) -> None:
    """Score support and attack of single pairs, b answering or backing a; print JSON."""
    from nlp.evaluation.pairs import evaluate_pairs

    _print(lambda tell: evaluate_pairs(file, tell), output)


@scores.command("keypoints")
def eval_key_points(
    folder: Annotated[
        Path, typer.Argument(help="Holds arguments_, key_points_ and labels_SPLIT.csv (IBM's).")
    ],
    split: Annotated[str, typer.Option(help="Which split of it.")] = "dev",
    output: Output = None,
) -> None:
    """Score arguments against key points, and their grouping; print JSON."""
    from nlp.evaluation.keypoints import evaluate_key_points

    _print(lambda tell: evaluate_key_points(folder, split, tell), output)


@scores.command("cmv")
def eval_cmv(
    folder: Annotated[Path, typer.Argument(help="JSON threads with marked claims and premises.")],
    output: Output = None,
) -> None:
    """Score claim or premise against the rest on marked threads; print JSON."""
    from nlp.evaluation.cmv import evaluate_cmv

    _print(lambda tell: evaluate_cmv(folder, tell), output)


@scores.command("reading")
def eval_reading(
    folder: Annotated[Path, typer.Argument(help="Threads with their gold maps (NAME.gold.json).")],
    output: Output = None,
) -> None:
    """Score what the readers get right: posts, authors, reply links; print JSON."""
    from bot.evaluate_reading import evaluate_reading

    _print(lambda _tell: evaluate_reading(folder), output)


@scores.command("replies")
def eval_replies(
    folder: Annotated[
        Path, typer.Argument(help="Annotated logs: NAME.ascii.txt, NAME.annotation.txt")
    ],
    output: Output = None,
) -> None:
    """Score who answers whom in chats that do not say, beside a baseline; print JSON."""
    from nlp.evaluation.irc import evaluate

    def score(tell: Progress) -> dict[str, Any]:
        figures = evaluate(folder, tell)
        if not figures:
            raise InputError(
                f"{folder} holds no annotated logs (NAME.annotation.txt beside NAME.ascii.txt)."
            )
        return figures

    _print(score, output)


def _print(score: Callable[[Progress], dict[str, Any]], output: Path | None) -> None:
    """Write what scoring gives as JSON; data that cannot be scored is one clear line."""
    import json

    from nlp.evaluation.rows import DataError

    require_writable(output)
    try:
        with Progress() as progress:
            found = score(progress)
    except DataError as error:
        raise InputError(str(error)) from None
    write(json.dumps(found, indent=2, ensure_ascii=False) + "\n", output)
