"""Reddit's own JSON: listings with nested replies and `more` stubs."""

from __future__ import annotations

import html
from typing import Any

from bot.sources.exports import Faults, export
from bot.sources.records import Record, dict_in, name_in, text_in

_GONE = ("[deleted]", "[removed]")
_BOTS = frozenset({"automoderator"})


def _fits(value: Any) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and first.get("kind") == "Listing"


def _shape(value: Any, faults: Faults) -> tuple[str | None, list[Record]]:
    listings = value if isinstance(value, list) else [value]
    records: list[Record] = []
    title: str | None = None
    stack: list[tuple[str, dict[str, Any]]] = []
    for number in range(len(listings) - 1, -1, -1):
        path = f"$[{number}]" if isinstance(value, list) else "$"
        stack += reversed(_children(listings[number], path, faults))
    while stack:
        path, item = stack.pop()
        data = dict_in(item.get("data"))
        if item.get("kind") == "more":
            below = data.get("children")
            count = data.get("count") or (len(below) if isinstance(below, list) else 0)
            stub = (f"{count} more replies", "not in the export")
            records.append(Record(key="", text="", extras=(stub,) if count else ()))
            continue
        if item.get("kind") == "t3":
            title = title or html.unescape(text_in(data.get("title"))) or None
        records.append(_record(item, data, path, faults))
        if data.get("replies"):
            stack += reversed(_children(data["replies"], f"{path}.data.replies", faults))
    return title, records


def _record(item: dict[str, Any], data: dict[str, Any], path: str, faults: Faults) -> Record:
    post = item.get("kind") == "t3"
    body = faults.text(data, "selftext" if post else "body", f"{path}.data")
    gone = body.strip() in _GONE
    extras = []
    if post:
        title, link = text_in(data.get("title")), text_in(data.get("url"))
        body = title if gone or not body else body
        if link and not data.get("is_self"):
            extras.append((link, "link preview"))
    if data.get("edited"):
        extras.append((f"edited {data['edited']}", "edit mark"))
    author = name_in(data.get("author"))
    return Record(
        key=str(data.get("id") or path),
        text=html.unescape(body),
        author=author,
        parent=str(data.get("parent_id") or "").split("_", 1)[-1] or None,
        time=data.get("created_utc"),
        url=_address(data.get("permalink")),
        aside="bot" if (author or "").lower() in _BOTS else None,
        extras=tuple(extras),
    )


def _address(permalink: Any) -> str | None:
    return (
        f"https://www.reddit.com{permalink}"
        if isinstance(permalink, str) and permalink[:1] == "/"
        else None
    )


def _children(listing: Any, path: str, faults: Faults) -> list[tuple[str, dict[str, Any]]]:
    data = dict_in(dict_in(listing).get("data"))
    if "children" not in data:
        faults.note(path, "a listing was expected")
        return []
    return list(faults.objects(data["children"], f"{path}.data.children"))


SOURCE = export(
    name="reddit", label="Reddit's JSON listing", how="Add .json to the thread's address, save what you see.",
    fits=_fits, shape=_shape,
)  # fmt: skip
