"""One family of errors whose message is written for the person who reads it."""

from __future__ import annotations


class CruxError(Exception):
    """Something a person can mend. The message is one line and names the way out."""


class InputError(CruxError):
    """The input cannot be read as a discussion (empty, binary, too large, broken)."""


class StoreError(CruxError):
    """The store cannot be opened, read or written to."""
