"""Messages as records: the one shape that every export is turned to, lists of unknown origin, CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sources.base import Document, Source
from bot.sources.marks import iso
from nlp.model import Furniture, Post, Thread

Json = Any


@dataclass(frozen=True, kw_only=True)
class Record:
    """One message of an export; `aside` says why it is no post (a bot, a notice), if so."""

    key: str
    text: str
    author: str | None = None
    parent: str | None = None
    time: object = None
    url: str | None = None
    aside: str | None = None
    extras: tuple[tuple[str, str], ...] = ()


def whole(text: str) -> str:
    """Replace halves of characters, which JSON can name and UTF-8 cannot write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def thread_of(platform: str, title: str | None, records: list[Record]) -> Thread:
    """Put records together: unknown parents and links to later posts are let go."""
    posts: list[Post] = []
    furniture: list[Furniture] = []
    waiting: list[tuple[str, str]] = []
    seen: set[str] = set()
    for record in records:
        text = whole(record.text).strip()
        if record.aside or not text:
            waiting += [(text, record.aside or "empty")] if text else []
            waiting += record.extras
            continue
        key = (
            record.key
            if record.key and record.key not in seen
            else f"{record.key or 'post'}-{len(posts) + 1}"
        )
        parent = record.parent if record.parent in seen and record.parent != key else None
        seen.add(key)
        posts.append(
            Post(
                id=key,
                text=text,
                author=whole(record.author or "") or None,
                reply_to=parent,
                created_at=iso(record.time),
                url=record.url,
            )
        )
        furniture += [Furniture(post=key, at=0, text=w, reason=r) for w, r in waiting]
        furniture += [Furniture(post=key, at=len(text), text=w, reason=r) for w, r in record.extras]
        waiting = []
    if posts:
        last = posts[-1]
        furniture += [
            Furniture(post=last.id, at=len(last.text), text=w, reason=r) for w, r in waiting
        ]
    return Thread(
        id=platform,
        title=whole(title) if title else None,
        platform=platform,
        posts=tuple(posts),
        furniture=tuple(furniture),
    )


def text_in(value: Json) -> str:
    """Give text that may be a string, or Telegram's list of strings and entities."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(
            text_in(v.get("text", "")) if isinstance(v, dict) else text_in(v) for v in value
        )
    return ""


def name_in(value: Json) -> str | None:
    """Give a name that may be a string or an object."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, dict):
        for key in ("display_name", "nickname", "real_name", "name", "username", "id"):
            if isinstance(value.get(key), str) and value[key]:
                return str(value[key])
    return None


def dict_in(value: Json) -> dict[str, Any]:
    """Give an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


# Anything else that is a list of messages

_KEYS = {
    "text": (
        "text",
        "body",
        "content",
        "message",
        "comment",
        "post",
        "selftext",
        "response",
        "answer",
    ),
    "author": ("author", "user", "name", "username", "speaker", "from", "sender", "nick"),
    "parent": (
        "reply_to",
        "parent",
        "parent_id",
        "reply-to",
        "replyto",
        "in_reply_to",
        "reply_to_id",
    ),
    "id": ("id", "_id", "post_id", "key", "n"),
    "time": ("created_at", "timestamp", "date", "time", "created_utc", "created"),
}


def _pick(row: dict[str, Json], what: str) -> Json:
    low = {str(k).strip().lower(): v for k, v in row.items() if k is not None}
    return next((low[k] for k in _KEYS[what] if low.get(k) not in (None, "")), None)


def _record(row: dict[str, Json], place: int) -> Record:
    parent, key = _pick(row, "parent"), _pick(row, "id")
    return Record(
        key=str(key) if key is not None else str(place),
        text=text_in(_pick(row, "text")),
        author=name_in(_pick(row, "author")),
        parent=str(parent).split("_", 1)[-1] if parent is not None else None,
        time=_pick(row, "time"),
    )


def _rows(value: Json) -> list[Json] | None:
    """Find the list of messages in a JSON value of unknown shape."""
    if isinstance(value, dict):
        inner = value.get("thread")
        if isinstance(inner, dict) and isinstance(inner.get("posts"), list):
            return list(inner["posts"])
        for key in ("posts", "messages", "comments", "items", "data", "rows"):
            if isinstance(value.get(key), list):
                return list(value[key])
        return None
    return list(value) if isinstance(value, list) else None


def is_records(value: Json) -> bool:
    """Tell a JSON value in which some list holds objects with a text."""
    rows = _rows(value)
    return rows is not None and any(
        isinstance(r, dict) and text_in(_pick(r, "text")) for r in rows[:50]
    )


def read_records(value: Json) -> Thread:
    """Read a list of messages of unknown origin."""
    rows = [r for r in _rows(value) or () if isinstance(r, dict)]
    outer = value if isinstance(value, dict) else {}
    inner = dict_in(outer.get("thread")) or outer
    platform = inner.get("platform") if isinstance(inner.get("platform"), str) else "records"
    records = [_record(row, i) for i, row in enumerate(rows, 1)]
    return thread_of(platform or "records", name_in(inner.get("title")), records)


def _csv_rows(document: Document) -> Iterator[dict[str, Json]]:
    sample = document.text[:4000].split("\n", 1)[0]
    delimiter = max(",;\t", key=sample.count)
    yield from csv.DictReader(io.StringIO(document.text), delimiter=delimiter)


def sniff_csv(document: Document) -> float:
    """Tell CSV by a first line that names a column of text."""
    first = document.text[:2000].split("\n", 1)[0].lstrip("\ufeff").lower()
    columns = [c.strip().strip('"') for c in re.split(r"[,;\t]", first)]
    return (
        0.97
        if len(columns) >= 2 and any(c in _KEYS["text"] for c in columns) and len(first) < 300
        else 0.0
    )


def read_csv(document: Document) -> Thread:
    """Read rows with columns for the text and, if there, author, parent, id and time."""
    csv.field_size_limit(10_000_000)
    records = [
        _record({k: v for k, v in row.items() if isinstance(v, str)}, i)
        for i, row in enumerate(_csv_rows(document), 1)
    ]
    return thread_of("csv", None, records)


CSV = Source(
    name="csv", label="CSV", how="A table with a column text, and author, parent and id where known.",
    sniff=sniff_csv, read=read_csv,
)  # fmt: skip
