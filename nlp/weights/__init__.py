"""What ships: the weight files, their folder, their fingerprints, and what was chosen with them."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).resolve().parent
ABOUT = frozenset({"__init__.py", "README.md", "cards.toml", "manifest.json"})  # no weights
CHOICES = WEIGHTS / "choices.json"


@cache
def choices() -> dict[str, dict[str, float]]:
    """Give the thresholds that belong to the weights, by the step that reads them.

    They are data, not code: the trainers choose them on labelled threads and write them.
    """
    read: dict[str, dict[str, float]] = json.loads(CHOICES.read_text(encoding="utf-8"))
    return read


def choose(step: str, **values: float) -> None:
    """Write what was chosen for a step; what was chosen for others stays."""
    known = json.loads(CHOICES.read_text(encoding="utf-8")) if CHOICES.exists() else {}
    known[step] = {name: round(float(value), 4) for name, value in values.items()}
    CHOICES.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    choices.cache_clear()


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
