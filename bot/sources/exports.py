"""What the readers of JSON exports share: each turns its platform's objects to records.

A reader notes what it cannot place, by its path in the JSON (`$.messages[3].content`). An export
with such faults is refused, with a line that says what was understood and what was not, unless
the document is read leniently.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.errors import InputError
from bot.sources.base import Document, Source
from bot.sources.records import Record, text_in, thread_of
from nlp.model import Thread

Json = Any
SHOWN = 3  # faults named in the message


class Faults:
    """The places of an export that a reader could not place."""

    def __init__(self) -> None:
        self.places: list[str] = []

    def note(self, path: str, what: str) -> None:
        """Note one place."""
        self.places.append(f"{path} ({what})")

    def objects(self, value: Json, path: str) -> Iterator[tuple[str, dict[str, Json]]]:
        """Give the objects of a list with their paths; what is none is a fault."""
        if not isinstance(value, list):
            self.note(path, f"a list was expected, not {_kind(value)}")
            return
        for place, item in enumerate(value):
            if isinstance(item, dict):
                yield f"{path}[{place}]", item
            else:
                self.note(f"{path}[{place}]", f"an object was expected, not {_kind(item)}")

    def text(self, item: dict[str, Json], key: str, path: str) -> str:
        """Give the text under a key, "" where there is none; another kind of value is a fault."""
        value = item.get(key)
        if value is None or isinstance(value, str | list):
            return text_in(value)
        self.note(f"{path}.{key}", f"text was expected, not {_kind(value)}")
        return ""


def _kind(value: Json) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(value), "nothing" if value is None else "a number")


Shape = Callable[[Json, Faults], tuple[str | None, list[Record]]]


def export(
    *, name: str, label: str, how: str, fits: Callable[[Json], bool], shape: Shape,
    chat: bool = False, surety: float = 1.0,
) -> Source:  # fmt: skip
    """Make the source of an export: `fits` tells its JSON, `shape` gives its title and records."""

    def sniff(document: Document) -> float:
        value = document.json
        return surety if value is not None and fits(value) else 0.0

    def read(document: Document) -> Thread:
        value = document.json
        if value is None or not fits(value):
            raise InputError(f"This is no export as {label} writes it: {describe(value)}. {how}")
        faults = Faults()
        title, records = shape(value, faults)
        if faults.places and not document.lenient:
            raise InputError(_refusal(label, records, faults))
        lost = tuple((place, "unreadable") for place in faults.places[:1000])
        if lost and records:
            records = [*records, Record(key="", text="", extras=lost)]
        return thread_of(name, title, records, keep_bots=document.keep_bots)

    return Source(name=name, label=label, how=how, sniff=sniff, read=read, chat=chat)


def _refusal(label: str, records: list[Record], faults: Faults) -> str:
    shown = ", ".join(faults.places[:SHOWN])
    more = f" and {len(faults.places) - SHOWN} more" if len(faults.places) > SHOWN else ""
    return (
        f"Recognised as {label}: {len(records)} messages understood, not understood: {shown}{more}. "
        "Export it again, or map what was understood with --lenient."
    )


def describe(value: Json) -> str:
    """Say in a few words what a JSON value is, with its keys."""
    if isinstance(value, dict):
        keys = ", ".join(str(k)[:30] for k in list(value)[:8])
        return f"an object with {keys}" if keys else "an empty object"
    if isinstance(value, list):
        return (
            f"a list of {len(value)}, the first {describe(value[0])}" if value else "an empty list"
        )
    return "not JSON" if value is None else _kind(value)


def markup(value: Json) -> str:
    """Turn the HTML of posts (Hacker News, forums) to text: paragraphs, links, code."""
    text = re.sub(r"<p>|</p>|<br\s*/?>", "\n\n", value if isinstance(value, str) else "")
    text = re.sub(r"<pre><code>(.*?)</code></pre>", r"\n```\n\1\n```\n", text, flags=re.S)
    text = re.sub(r'<a\s[^>]*href="([^"]*)"[^>]*>(.*?)</a>', _link, text, flags=re.S)
    text = html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", text))
    return re.sub(r"\n{3,}", "\n\n", text)


def _link(found: re.Match[str]) -> str:
    """Write a link: its words, with the address behind them where they are not the address."""
    address, words = found[1], re.sub(r"<[^>]*>", "", found[2]).strip()
    if not address.startswith("http") or not words:
        return words or address
    is_address = re.match(r"(?:https?:|www\.)", html.unescape(words)) is not None
    return address if is_address else f"{words} ({address})"
