"""What several tests need: the sample threads, the command line as its user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "data" / "threads").glob("*.txt"))

Crux = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def crux() -> Crux:
    """Run the real command in a process of its own; standard input and environment can be given."""

    def run(
        *words: str | Path, stdin: bytes = b"", **env: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *map(str, words)],
            input=stdin,
            capture_output=True,
            cwd=ROOT,
            timeout=300,
            check=False,
            env={**os.environ, "COLUMNS": "100", **env},
        )

    return run
