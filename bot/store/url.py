"""Where the store is: an address from the settings, in the form that SQLAlchemy takes."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StoreError

VARIABLE = "CRUX_DATABASE"
MEMORY = "memory"


def default_file() -> Path:
    """Give the SQLite file used where no address is set: in the user's data folder."""
    base = os.environ.get("XDG_DATA_HOME", "").strip()
    return (Path(base) if base else Path.home() / ".local" / "share") / "crux" / "crux.db"


def parse(address: str | None = None) -> URL:
    """Give the address as a URL: a file, `memory`, `sqlite:///FILE`, or `postgresql://...`.

    None takes CRUX_DATABASE, and the default file where that is not set. Raises StoreError.
    """
    named = (address or os.environ.get(VARIABLE, "")).strip() or str(default_file())
    if named == MEMORY:
        return URL.create("sqlite+aiosqlite", database=":memory:")
    if "://" not in named:
        return URL.create("sqlite+aiosqlite", database=str(Path(named).expanduser()))
    try:
        url = make_url(named)
    except ArgumentError:
        raise StoreError(_WRONG) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url.set(drivername="sqlite+aiosqlite", database=url.database or ":memory:")
    if backend in {"postgresql", "postgres"}:
        if find_spec("psycopg") is None:
            raise StoreError("A store on PostgreSQL needs: pip install 'crux-map[postgres]'")
        return url.set(drivername="postgresql+psycopg")
    raise StoreError(_WRONG)


_WRONG = (
    f"{VARIABLE} names no store: give a file, sqlite:///FILE, or postgresql://USER@HOST/DATABASE."
)


def is_memory(url: URL) -> bool:
    """Tell whether a store lives in this process's memory alone."""
    return url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}


def named(url: URL) -> str:
    """Name a store for a person; a password is not shown."""
    if url.get_backend_name() == "sqlite":
        return "memory" if is_memory(url) else str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)
