"""Hacker News items as hn.algolia.com gives them."""

from __future__ import annotations

from typing import Any

from bot.sources.exports import Faults, export, markup
from bot.sources.records import Record, name_in, text_in


def _fits(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("children"), list) and "author" in value


def _shape(value: Any, faults: Faults) -> tuple[str | None, list[Record]]:
    records: list[Record] = []
    stack = [("$", value)]
    while stack:
        path, item = stack.pop()
        text = markup(faults.text(item, "text", path)).strip()
        if item is value:
            text = "\n\n".join(t for t in (text_in(item.get("title")), text) if t)
        parent, key = item.get("parent_id"), item.get("id")
        link = text_in(item.get("url"))
        records.append(
            Record(
                key=str(key if key is not None else path),
                text=text,
                author=name_in(item.get("author")),
                parent=str(parent) if parent is not None else None,
                time=item.get("created_at") or item.get("created_at_i"),
                url=f"https://news.ycombinator.com/item?id={key}" if key is not None else None,
                extras=((link, "link preview"),) if link else (),
            )
        )
        below = item.get("children")
        if below is not None:
            stack += reversed(list(faults.objects(below, f"{path}.children")))
    return name_in(value.get("title")), records


SOURCE = export(
    name="hackernews", label="Hacker News (Algolia JSON)", how="https://hn.algolia.com/api/v1/items/ID",
    fits=_fits, shape=_shape,
)  # fmt: skip
