"""One family of errors whose message is written for the person who reads it."""

from __future__ import annotations

import traceback

PLACES = 4  # of a fault, the innermost: enough to find it


class CruxError(Exception):
    """Something a person can mend. The message is one line and names the way out."""


class InputError(CruxError):
    """The input cannot be read as a discussion (empty, binary, too large, broken)."""


class StoreError(CruxError):
    """The store cannot be opened, read or written to."""


def places_of(error: BaseException) -> str:
    """Say in one line what kind of error it is and where it came from, its causes included.

    Its message is left out: it may hold people's words, and logs hold none.
    """
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < PLACES:
        frames = traceback.extract_tb(seen.__traceback__)[-PLACES:]
        where = ", ".join(f"{f.filename}:{f.lineno}" for f in frames)
        parts.append(f"{type(seen).__name__} at {where or 'no place'}")
        seen = seen.__cause__ or seen.__context__
    return "; from ".join(parts)
