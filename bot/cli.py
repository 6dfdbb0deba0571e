"""The `crux` command. Heavy libraries load inside the commands: `crux --help` answers at once.

Exit codes: 0 fine, 1 the answer is no, 2 wrong use or unreadable input.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import CruxError

app = typer.Typer(
    name="crux",
    help="Read a discussion; see what is argued: the points, in whose words, what supports and "
    "attacks what, and where people really divide.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
scores = typer.Typer(help="Score Crux against gold data.", no_args_is_help=True)
app.add_typer(scores, name="eval")


class Format(StrEnum):
    """Forms of a map."""

    terminal = "terminal"
    markdown = "markdown"
    json = "json"


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"crux {version('crux-map')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    pass


@app.command("map")
def map_(
    source: Annotated[str, typer.Argument(help="A file, or - to read what you paste.")],
    form: Annotated[
        Format, typer.Option("--format", "-f", help="How the map is written.")
    ] = Format.terminal,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    platform: Annotated[
        str | None,
        typer.Option(help="Where the text is from, if Crux guesses wrong (see docs/sources.md)."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every point.")] = False,
) -> None:
    """Map the argument of a discussion."""
    from bot.input import read_source
    from bot.progress import Progress
    from bot.sources import read_text

    _writable(output)
    if source == "-" and sys.stdin.isatty():
        typer.echo("Paste the discussion, then press Ctrl-D on an empty line.", err=True)
    text, name = read_source(source)
    thread = read_text(text, name, platform)
    from nlp import analyze

    with Progress() as progress:
        found = analyze(thread, progress)
    if form is Format.terminal:
        from rich.console import Console

        from bot.views import terminal

        if output is None:
            terminal.show(found, Console(), everything=everything)
        else:
            with output.open("w", encoding="utf-8") as stream:
                terminal.show(found, Console(file=stream, width=100), everything=everything)
        return
    from bot.views import json, markdown

    rendered = json.render(found) if form is Format.json else markdown.render(found)
    if output is None:
        sys.stdout.write(rendered)
    else:
        output.write_text(rendered, encoding="utf-8")


def _writable(output: Path | None) -> None:
    """Refuse a place that cannot be written to before the work is done, not after."""
    if output is None:
        return
    if output.is_dir():
        raise CruxError(f"{output} is a folder: name a file in it.")
    if not output.parent.is_dir():
        raise CruxError(f"There is no folder {output.parent}: make it first.")


@app.command()
def verify(
    file: Annotated[str, typer.Argument(metavar="MAP.json", help="A map that crux wrote.")],
) -> None:
    """Check a map: every quote is an exact span, every character is accounted for."""
    import json

    from bot.input import read_source
    from bot.verify import problems

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
        f"{file} holds: {len(found['units'])} quotes exact, "
        f"{len(found['thread']['posts'])} posts accounted for."
    )


@app.command()
def doctor() -> None:
    """Say what is set up, what is missing, and how to mend it."""
    from bot.doctor import examine

    well = True
    for finding in examine():
        typer.echo(f"{'ok  ' if finding.well else 'FAIL'}  {finding.name}: {finding.line}")
        well &= finding.well
    if not well:
        raise typer.Exit(1)


@scores.command("maps")
def eval_maps(
    folder: Annotated[Path, typer.Argument(help="Threads with their gold maps (NAME.gold.json).")],
    baseline: Annotated[
        str | None, typer.Option(help="Score a baseline instead: sentences, or tfidf.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write there.")] = None,
) -> None:
    """Score maps against gold maps; print JSON, for every thread and for all."""
    import json

    from bot.evaluate import evaluate_folder
    from bot.progress import Progress

    _writable(output)
    with Progress() as progress:
        figures = json.dumps(evaluate_folder(folder, baseline, progress), indent=2) + "\n"
    if output is None:
        sys.stdout.write(figures)
    else:
        output.write_text(figures, encoding="utf-8")


def main() -> None:
    """Run the command line; every failure is one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        code = app(standalone_mode=False)
    except CruxError as error:
        _stop(str(error), 2)
    except KeyboardInterrupt:
        _stop("stopped", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except typer.Abort:
        _stop("stopped", 130)
    except Exception as error:
        _unexpected(error)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _unexpected(error: Exception) -> None:
    """Tell wrong use (click's own errors) from a fault of Crux."""
    message = getattr(error, "format_message", None)
    if message is not None:
        text = " ".join(str(message()).split())
        if type(error).__name__ == "NoArgsIsHelpError":
            typer.echo(str(message()))
            sys.exit(2)
        _stop(f"{text} See crux --help.", 2)
    if os.environ.get("CRUX_DEBUG"):
        raise error
    import hashlib
    import traceback

    places = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
    number = hashlib.sha256("\n".join([type(error).__name__, *places]).encode()).hexdigest()[:8]
    _stop(
        f"a fault of Crux, not of yours (error {number}, {type(error).__name__}); "
        "run again with CRUX_DEBUG=1 and report what it prints.",
        2,
    )


def _stop(message: str, code: int) -> None:
    sys.stderr.write(f"crux: {message}\n")
    sys.exit(code)
