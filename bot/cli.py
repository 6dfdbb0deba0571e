"""The `crux` command. Heavy libraries load inside the commands: `crux --help` answers at once.

Exit codes: 0 fine, 1 the answer is no, 2 wrong use or unreadable input.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from bot.commands.bot import bot
from bot.commands.db import db
from bot.commands.diff import diff
from bot.commands.digest import digest, remember
from bot.commands.doctor import doctor
from bot.commands.eval import scores
from bot.commands.map import map_
from bot.commands.serve import serve
from bot.commands.verify import verify
from bot.commands.worker import worker
from bot.errors import CruxError
from nlp.errors import EncoderError

app = typer.Typer(
    name="crux",
    help="Read a discussion; see what is argued: the points, in whose words, what supports and "
    "attacks what, and where people really divide.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("map")(map_)
app.command("verify", short_help="Check that a map holds.")(verify)
app.command("diff", short_help="Say what changed between two maps.")(diff)
app.command("serve", short_help="Show maps as pages on this machine.")(serve)
app.command("remember", short_help="Map a discussion and keep it for digests.")(remember)
app.command("digest", short_help="Say what was argued lately.")(digest)
app.command("doctor")(doctor)
app.command("bot", short_help="Run the Discord bot.")(bot)
app.command("worker", short_help="Make maps and digests for a bot, on PostgreSQL.")(worker)
app.add_typer(scores, name="eval")
app.add_typer(db, name="db")


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


def main() -> None:
    """Run the command line; every failure is one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        code = app(standalone_mode=False)
    except (CruxError, EncoderError) as error:
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
        _stop(f"{text}{'' if text.endswith(('.', '?', '!')) else '.'} See crux --help.", 2)
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
