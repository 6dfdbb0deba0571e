"""What several tests need: sample threads, the command line as its user runs it, PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "data" / "threads").glob("*.txt"))

# A server on which a database may be made and dropped; README says how to name another.
SERVER = os.environ.get("CRUX_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")

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


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Make a database for this run and drop it; left out loudly where no server is, never in CI."""
    name = f"crux_test_{os.getpid()}"
    server = make_url(SERVER).set(drivername="postgresql+psycopg")
    engine = create_engine(
        server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3}
    )
    try:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit TO off"))
    except OperationalError:
        if os.environ.get("CI") == "true":
            raise
        reason = f"LEFT OUT: the PostgreSQL form of the store, no server at {SERVER} (see README)"
        warnings.warn(pytest.PytestWarning(reason), stacklevel=1)
        pytest.skip(reason)
    yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
