"""JSON and JSON lines of unknown origin that hold a list of messages; Crux's own maps; ConvoKit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.errors import InputError
from bot.sources.exports import Faults, describe, export
from bot.sources.records import Record, dict_in, name_in, text_in

MAX_DEPTH = 5  # of the search for the list, and of what is looked through on the way
_LISTS = (
    "posts",
    "messages",
    "comments",
    "items",
    "data",
    "rows",
    "results",
    "utterances",
    "thread",
)
_BELOW = ("replies", "children", "comments", "responses")

OWN_ANSWERS = frozenset(f"$.{name}" for name in _BELOW)

# What lists of messages call their columns, the plainest names first.
KEYS = {
    "text": ("text", "body", "content", "message", "comment", "post", "selftext", "response", "answer", "comment_text",
             "raw", "body_text", "statement", "title"),
    "author": ("author", "user", "name", "username", "speaker", "from", "sender", "nick", "author_name", "user_name",
               "display_name", "commenter", "handle"),
    "parent": ("reply_to", "parent", "parent_id", "reply-to", "replyto", "in_reply_to", "reply_to_id", "in_reply_to_id",
               "parent_comment", "parent_comment_id", "replying_to", "reply_to_message_id"),
    "id": ("id", "_id", "post_id", "comment_id", "message_id", "key", "n", "number"),
    "time": ("created_at", "timestamp", "date", "time", "created_utc", "created", "datetime", "published", "posted_at",
             "createdat"),
}  # fmt: skip


def pick(row: dict[str, Any], what: str) -> Any:
    """Give the value of the first column of a row that is named like one of KEYS[what]."""
    low = {str(k).strip().lower().replace(" ", "_"): v for k, v in row.items() if k is not None}
    return next((low[k] for k in KEYS[what] if low.get(k) not in (None, "")), None)


def record_of(row: dict[str, Any], place: int, parent: str | None = None) -> Record:
    """Turn a row to a record; `parent` is the row that it stands under, if any."""
    answered, key = pick(row, "parent"), pick(row, "id")
    if isinstance(answered, dict):
        answered = pick(answered, "id")
    bot = row.get("bot") or row.get("is_bot") or row.get("isBot")
    return Record(
        key=str(key) if isinstance(key, str | int | float) else f"row-{place}",
        text=_text(pick(row, "text")),
        author=name_in(pick(row, "author")),
        parent=str(answered) if isinstance(answered, str | int | float) else parent,
        time=pick(row, "time"),
        url=text_in(row.get("url")) or None,
        aside="bot" if bot is True else None,
    )


def _text(value: Any) -> str:
    return text_in(value) or text_in(dict_in(value).get("text") or dict_in(value).get("body"))


def with_parents(records: list[Record]) -> list[Record]:
    """Match parents such as `t1_abc` or `12.0` with ids such as `abc` or `12`."""
    from dataclasses import replace

    known = {record.key for record in records}
    out = []
    for record in records:
        parent = record.parent
        if parent is not None and parent not in known:
            short = parent.split("_", 1)[-1].removesuffix(".0")
            parent = short if short in known else None
        out.append(replace(record, parent=parent))
    return out


def _rows(value: Any) -> tuple[str, list[Any]] | None:
    """Find the list of messages in a JSON value, with its path; named lists are looked at first."""
    level = [("$", value)]
    for _ in range(MAX_DEPTH):
        for path, item in level:
            if isinstance(item, list) and _holds_messages(item):
                return path, item
        level = [inner for path, item in level for inner in _inside(path, item)][:1000]
    return None


def _inside(path: str, item: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(item, dict):
        names = sorted(item, key=lambda k: (k not in _LISTS, k != "thread"))
        yield from ((f"{path}.{k}", item[k]) for k in names if isinstance(item[k], dict | list))
    elif isinstance(item, list):
        yield from ((f"{path}[{i}]", v) for i, v in enumerate(item[:5]) if isinstance(v, list))


def _holds_messages(rows: list[Any]) -> bool:
    return any(isinstance(r, dict) and _text(pick(r, "text")) for r in rows[:50])


def _says_something(row: dict[str, Any]) -> bool:
    """Whether an object has a text of its own, more than a title."""
    return bool(_text(pick({k: v for k, v in row.items() if k.lower() != "title"}, "text")))


def _fits(value: Any) -> bool:
    return _rows(value) is not None


def _shape(value: Any, faults: Faults) -> tuple[str | None, list[Record]]:
    found = _rows(value)
    if found is None:
        raise InputError(
            f"This JSON is {describe(value)}: it holds no messages that Crux knows (looked for "
            "Discord, Slack, Telegram, Reddit, Hacker News, Discourse, and lists of objects with a "
            "text); see docs/sources.md."
        )
    path, rows = found
    if isinstance(value, dict) and path in OWN_ANSWERS and _says_something(value):
        path, rows = "$", [value]  # a post that holds what answers it
    records: list[Record] = []
    stack: list[tuple[str, dict[str, Any], str | None]] = [
        (p, row, None) for p, row in reversed(list(faults.objects(rows, path)))
    ]
    while stack:
        place, row, parent = stack.pop()
        record = record_of(row, len(records) + 1, parent)
        if not record.text and not any(k.lower() in KEYS["text"] for k in row):
            faults.note(place, f"no text in {describe(row)}")
        records.append(record)
        for key in _BELOW:
            below = row.get(key)
            if isinstance(below, list) and _holds_messages(below):
                inner = list(faults.objects(below, f"{place}.{key}"))
                stack += [(p, r, record.key) for p, r in reversed(inner)]
    outer = value if isinstance(value, dict) else {}
    return name_in(dict_in(outer.get("thread")).get("title") or outer.get("title")), with_parents(
        records
    )


SOURCE = export(
    name="messages", label="JSON or JSON lines with a list of messages", how="Objects with a text, and author, id, parent and time where known; Crux's own maps.",
    fits=_fits, shape=_shape, surety=0.9,
)  # fmt: skip
