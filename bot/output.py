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


def write(rendered: str | bytes, output: Path | None) -> None:
    """Write to the file, or to standard output where none is named."""
    if output is not None:
        output.write_bytes(rendered if isinstance(rendered, bytes) else rendered.encode())
    elif isinstance(rendered, str):
        sys.stdout.write(rendered)
    elif sys.stdout.isatty():
        raise CruxError("A picture is no text for a terminal: name a file with --output.")
    else:
        sys.stdout.buffer.write(rendered)
