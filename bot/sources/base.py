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

from bot.sources.broken import json_lines, json_up_to_fault
from nlp.model import Thread


@dataclass(frozen=True)
class Document:
    r"""Decoded input: its text (line ends are `\\n`) and the name of the file it came from, if any.

    `json` is the parsed value when the whole text is JSON, or JSON lines, else None; it is parsed
    once for all readers. `keep_bots`: what programs post is read like what people post. `lenient`:
    what can be read of a broken export is read, instead of refusing it.
    """

    text: str
    name: str | None = None
    keep_bots: bool = False
    lenient: bool = False

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The text by lines, without line ends."""
        return tuple(self.text.split("\n"))

    @cached_property
    def json(self) -> Any | None:
        """The value of a JSON document, the list of values of JSON lines; None for other text."""
        head = self.text.lstrip("\ufeff \t\n")[:1]
        if head not in ("{", "["):
            return None
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            rows, bad = json_lines(self.lines)
            if rows and (not bad or self.lenient):
                return rows
            return json_up_to_fault(self.text) if self.lenient else None


@dataclass(frozen=True, kw_only=True)
class Source:
    """A reader of one form of one platform's text; readers of one platform share its `name`.

    `sniff` gives 0.0 (surely not) to 1.0 (surely mine), cheaply: it may look at the first 20,000
    characters, and at `Document.json`. `read` never fails on text of any form: what it cannot
    place it keeps as a post's text. `label` is the form's name for people; `how` says how to get
    such text out. `chat`: a message need not say which one it answers; where none of a thread
    does, Crux finds the links itself.
    """

    name: str
    label: str
    how: str
    sniff: Callable[[Document], float]
    read: Callable[[Document], Thread]
    chat: bool = False
