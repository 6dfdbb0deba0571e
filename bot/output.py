"""Where a command writes: standard output, or a file that is checked before the work is done."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.errors import CruxError


def require_writable(output: Path | None) -> None:
    """Refuse a place that cannot be written to before the work is done, not after."""
    if output is None:
        return
    if output.is_dir():
        raise CruxError(f"{output} is a folder: name a file in it.")
    if not output.parent.is_dir():
        raise CruxError(f"There is no folder {output.parent}: make it first.")


def write(rendered: str, output: Path | None) -> None:
    """Write to the file, or to standard output where none is named."""
    if output is None:
        sys.stdout.write(rendered)
    else:
        output.write_text(rendered, encoding="utf-8")
