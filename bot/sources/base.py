"""What a reader is: one `Source` a platform, each in its own file, listed in `bot.sources.detect`.

A reader turns outside text into a `Thread`: it tells what a person wrote from what the platform
put around it, and loses nothing: what it takes off goes to `Thread.furniture` with a reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nlp.model import Thread


@dataclass(frozen=True)
class Document:
    r"""Decoded input: its text (line ends are `\\n`) and the name of the file it came from, if any.

    `json` is the parsed value when the whole text is JSON, else None; parsed once for all readers.
    """

    text: str
    name: str | None = None

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The text by lines, without line ends."""
        return tuple(self.text.split("\n"))

    @cached_property
    def json(self) -> Any | None:
        """The value of a JSON document, None when the text is not JSON."""
        head = self.text.lstrip("\ufeff \t\n")[:1]
        if head not in ("{", "["):
            return None
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, kw_only=True)
class Source:
    """A reader of one platform's text.

    `sniff` gives 0.0 (surely not) to 1.0 (surely mine), cheaply: it may look at the first 20,000
    characters only. `read` never fails on text of any form: what it cannot place it keeps as a
    post's text. `label` is the platform's name for people; `how` says how to get such text out.
    """

    name: str
    label: str
    how: str
    sniff: Callable[[Document], float]
    read: Callable[[Document], Thread]
