"""Messages as records: the one shape that every export is turned to, lists of unknown origin, CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


def thread_of(
    platform: str, title: str | None, records: list[Record], *, keep_bots: bool = False
) -> Thread:
    """Put records together.

    A parent that is not a post before it is let go; one that was set aside hands on what it
    answered itself.
    """
    posts: list[Post] = []
    furniture: list[Furniture] = []
    waiting: list[tuple[str, str]] = []
    seen: set[str] = set()
    answered_by_aside: dict[str, str | None] = {}
    for record in records:
        text = whole(record.text).strip()
        aside = None if record.aside == "bot" and keep_bots else record.aside
        parent = record.parent
        if parent is not None and parent in answered_by_aside:
            parent = answered_by_aside[parent]
        if aside or not text:
            left = "\n".join(filter(None, (whole(record.author or ""), text)))
            waiting += [(left, aside or "empty post")] if left else []
            waiting += [(whole(words), reason) for words, reason in record.extras]
            if record.key and record.key not in seen:
                answered_by_aside[record.key] = parent
            continue
        key = (
            record.key
            if record.key and record.key not in seen
            else f"{record.key or 'post'}-{len(posts) + 1}"
        )
        if parent not in seen or parent == key:
            parent = None
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
        furniture += [
            Furniture(post=key, at=len(text), text=whole(w), reason=r) for w, r in record.extras
        ]
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
        for key in ("display_name", "nickname", "real_name", "name", "username", "login", "id"):
            if isinstance(value.get(key), str) and value[key]:
                return str(value[key])
    return None


def dict_in(value: Json) -> dict[str, Any]:
    """Give an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def dicts_in(value: Json) -> list[dict[str, Any]]:
    """Give the objects of a list, none for anything else."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
