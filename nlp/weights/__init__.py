"""What ships: the weight files, their folder, and their fingerprints."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).resolve().parent
ABOUT = frozenset({"__init__.py", "README.md", "cards.toml", "manifest.json"})  # no weights


@cache
def fingerprints() -> tuple[tuple[str, str], ...]:
    """Give (name, sha256) of every weight file, in order of name."""
    return tuple(
        (file.relative_to(WEIGHTS).as_posix(), _sha256(file))
        for file in sorted(WEIGHTS.rglob("*"))
        if file.is_file() and file.name not in ABOUT and file.suffix != ".pyc"
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
