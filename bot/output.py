"""Where a command writes: standard output, or a file that is checked before the work is done."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.errors import CruxError
from bot.input import is_folder
from bot.views.formats import Form, by_name

PLAIN = frozenset({"", ".txt", ".out"})  # endings of files that hold what a terminal shows


def require_writable(output: Path | None) -> None:
    """Refuse a place that cannot be written to before the work is done, not after."""
    if output is None:
        return
    if is_folder(str(output)):
        raise CruxError(f"{output} is a folder: name a file in it.")
    if not is_folder(str(output.parent)):
        raise CruxError(f"There is no folder {str(output.parent)[:200]}: make it first.")
    try:
        output.lstat()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise CruxError(f"{str(output)[:200]} cannot be written: {error.strerror}.") from None
    target = output if os.access(output, os.F_OK) else output.parent
    if not os.access(target, os.W_OK):
        raise CruxError(f"{output} may not be written: name another file.")


def chosen_form(form: str | None, output: Path | None, forms: Mapping[str, Form[Any]]) -> str:
    """Give the form that is named, else the one of the file's ending, else the terminal's.

    Raises CruxError for a name or an ending that none has.
    """
    names = ", ".join(forms)
    by_ending = by_name(output.name, forms) if output else None
    if form is None and output and output.suffix.lower() not in PLAIN and not by_ending:
        raise CruxError(
            f"No format ends in {output.suffix[:20]}: name one with --format ({names})."
        )
    chosen = form or by_ending or "terminal"
    if chosen not in forms:
        raise CruxError(f"There is no format {chosen[:40]!r}: name one with --format ({names}).")
    return chosen


def write(rendered: str | bytes, output: Path | None) -> None:
    """Write to the file, or to standard output where none is named.

    Raises CruxError where the file cannot be written (a disk that is full).
    """
    if output is not None:
        try:
            output.write_bytes(rendered if isinstance(rendered, bytes) else rendered.encode())
        except OSError as error:
            raise CruxError(f"{str(output)[:200]} cannot be written: {error.strerror}.") from None
    elif isinstance(rendered, str):
        sys.stdout.write(rendered)
    elif sys.stdout.isatty():
        raise CruxError("A picture is no text for a terminal: name a file with --output.")
    else:
        sys.stdout.buffer.write(rendered)
