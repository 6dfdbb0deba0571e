"""JSON and CSV exports: one shape a platform, all turned to the same records first."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.errors import InputError
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


def thread_of(platform: str, title: str | None, records: list[Record]) -> Thread:
    """Put records together: unknown parents and links to later posts are let go."""
    posts: list[Post] = []
    furniture: list[Furniture] = []
    waiting: list[tuple[str, str]] = []
    seen: set[str] = set()
    for record in records:
        text = record.text.strip()
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
                author=record.author or None,
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
        id=platform, title=title, platform=platform, posts=tuple(posts), furniture=tuple(furniture)
    )


def _text(value: Json) -> str:
    """Give text that may be a string, or Telegram's list of strings and entities."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_text(v.get("text", "")) if isinstance(v, dict) else _text(v) for v in value)
    return ""


def _name(value: Json) -> str | None:
    """Give a name that may be a string or an object."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, dict):
        for key in ("display_name", "nickname", "real_name", "name", "username", "id"):
            if isinstance(value.get(key), str) and value[key]:
                return str(value[key])
    return None


def _markup(value: Json) -> str:
    """Turn Hacker News's HTML to text: paragraphs, links, italics."""
    text = re.sub(r"<p>|<br\s*/?>", "\n\n", value if isinstance(value, str) else "")
    text = re.sub(r"<pre><code>(.*?)</code></pre>", r"```\n\1\n```", text, flags=re.S)
    text = re.sub(r'<a\s[^>]*href="([^"]*)"[^>]*>.*?</a>', r"\1", text, flags=re.S)
    return html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", text))


# Discord


def _is_discord(value: Json) -> bool:
    return (
        isinstance(value, dict) and isinstance(value.get("messages"), list) and "channel" in value
    )


def _discord(value: Json) -> Thread:
    records = []
    for m in value["messages"]:
        if not isinstance(m, dict):
            continue
        author = _dict(m.get("author"))
        reference = _dict(m.get("reference"))
        kind = m.get("type", "Default")
        aside = "bot" if author.get("isBot") else None
        aside = aside or (
            "platform notice" if kind not in ("Default", "Reply", 0, 19, "19", "0") else None
        )
        text = re.sub(r"<a?(:\w+:)\d+>", r"\1", _text(m.get("content")))
        extras = [
            (str(a.get("fileName") or a.get("url") or ""), "attachment")
            for a in m.get("attachments") or ()
            if isinstance(a, dict)
        ]
        extras += [
            (_text(e.get("title")) or _text(e.get("url")), "link preview")
            for e in m.get("embeds") or ()
            if isinstance(e, dict)
        ]
        records.append(
            Record(
                key=str(m.get("id", "")),
                text=text,
                author=_name(author.get("nickname") or author.get("name")),
                parent=str(reference.get("messageId") or "") or None,
                time=m.get("timestamp"),
                aside=aside,
                extras=tuple((w, r) for w, r in extras if w),
            )
        )
    channel = value.get("channel")
    return thread_of("discord", _name(channel) if isinstance(channel, dict) else None, records)


# Slack


def _is_slack(value: Json) -> bool:
    items = value.get("messages") if isinstance(value, dict) else value
    return isinstance(items, list) and any(
        isinstance(m, dict) and "ts" in m and ("user" in m or "text" in m) for m in items[:20]
    )


def _dict(value: Json) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _slack(value: Json) -> Thread:
    items = [
        m
        for m in ((value.get("messages") if isinstance(value, dict) else value) or ())
        if isinstance(m, dict)
    ]
    names = {
        str(m.get("user")): _name(m.get("user_profile"))
        for m in items
        if isinstance(m.get("user_profile"), dict)
    }
    records = []
    for m in sorted(items, key=lambda m: str(m.get("ts", ""))):
        user = str(m.get("user") or m.get("username") or "") or None
        text = re.sub(
            r"<@(\w+)(?:\|([^>]+))?>",
            lambda f: f"@{f[2] or names.get(f[1]) or f[1]}",
            _text(m.get("text")),
        )
        text = re.sub(r"<#\w+\|([^>]*)>", r"#\1", text)
        text = re.sub(r"<(https?://[^|>]+)(?:\|[^>]*)?>", r"\1", text)
        top, own = str(m.get("thread_ts") or ""), str(m.get("ts") or "")
        bot = m.get("bot_id") or m.get("subtype") == "bot_message"
        notice = m.get("subtype") not in (
            None,
            "thread_broadcast",
            "me_message",
            "file_share",
            "bot_message",
        )
        aside = "bot" if bot else "platform notice" if notice else None
        extras = tuple(
            (str(f.get("name") or ""), "attachment")
            for f in m.get("files") or ()
            if isinstance(f, dict) and f.get("name")
        )
        records.append(
            Record(
                key=own,
                text=html.unescape(text),
                author=names.get(user or "") or user,
                parent=top if top and top != own else None,
                time=own,
                aside=aside,
                extras=extras,
            )
        )
    return thread_of("slack", None, records)


# Telegram


def _is_telegram(value: Json) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("messages"), list)
        and any(
            isinstance(m, dict) and ("from" in m or "actor" in m) for m in value["messages"][:20]
        )
    )


def _telegram(value: Json) -> Thread:
    records = []
    for m in value["messages"]:
        if not isinstance(m, dict):
            continue
        aside = "platform notice" if m.get("type") == "service" else None
        text = _text(m.get("text")) or (str(m.get("action", "")) if aside else "")
        extras = tuple(
            (str(m[k]), "attachment")
            for k in ("photo", "file", "sticker_emoji")
            if isinstance(m.get(k), str)
        )
        records.append(
            Record(
                key=str(m.get("id", "")),
                text=text,
                author=_name(m.get("from")),
                aside=aside,
                extras=extras,
                parent=str(m.get("reply_to_message_id") or "") or None,
                time=m.get("date_unixtime") or m.get("date"),
            )
        )
    return thread_of("telegram", _name(value.get("name")), records)


# Reddit


def _is_reddit(value: Json) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and first.get("kind") == "Listing"


def _reddit(value: Json) -> Thread:
    listings = value if isinstance(value, list) else [value]
    records: list[Record] = []
    title: str | None = None
    stack = [child for listing in reversed(listings) for child in reversed(_children(listing))]
    while stack:
        item = stack.pop()
        data = item.get("data") if isinstance(item.get("data"), dict) else {}
        if item.get("kind") == "more":
            continue
        body = _text(data.get("selftext") if item.get("kind") == "t3" else data.get("body"))
        if item.get("kind") == "t3":
            title = title or _name(data.get("title"))
            body = body or _text(data.get("title"))
        removed = body.strip() in ("[deleted]", "[removed]")
        parent = str(data.get("parent_id") or "")[3:] or None
        records.append(
            Record(
                key=str(data.get("id", len(records))),
                text=html.unescape(body),
                author=_name(data.get("author")),
                parent=parent,
                time=data.get("created_utc"),
                aside="deleted" if removed and item.get("kind") == "t3" else None,
            )
        )
        stack += reversed(_children(data.get("replies")))
    return thread_of("reddit", title, records)


def _children(listing: Json) -> list[Json]:
    data = listing.get("data") if isinstance(listing, dict) else None
    found = data.get("children") if isinstance(data, dict) else None
    return [c for c in found if isinstance(c, dict)] if isinstance(found, list) else []


# Hacker News (Algolia)


def _is_algolia(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(value.get("children"), list) and "author" in value


def _algolia(value: Json) -> Thread:
    records: list[Record] = []
    stack = [value]
    while stack:
        item = stack.pop()
        text = _markup(item.get("text")).strip()
        if item is value:
            text = "\n\n".join(t for t in (_text(item.get("title")), text) if t)
        parent = item.get("parent_id")
        records.append(
            Record(
                key=str(item.get("id", len(records))),
                text=text,
                author=_name(item.get("author")),
                parent=str(parent) if parent is not None else None,
                time=item.get("created_at"),
            )
        )
        below = item.get("children")
        stack += reversed(
            [c for c in below if isinstance(c, dict)] if isinstance(below, list) else []
        )
    return thread_of("hackernews", _name(value.get("title")), records)


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
        text=_text(_pick(row, "text")),
        author=_name(_pick(row, "author")),
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


def _is_records(value: Json) -> bool:
    rows = _rows(value)
    return rows is not None and any(
        isinstance(r, dict) and _text(_pick(r, "text")) for r in rows[:50]
    )


def _records(value: Json) -> Thread:
    rows = [r for r in _rows(value) or () if isinstance(r, dict)]
    outer = value if isinstance(value, dict) else {}
    inner = _dict(outer.get("thread")) or outer
    platform = inner.get("platform") if isinstance(inner.get("platform"), str) else "records"
    records = [_record(row, i) for i, row in enumerate(rows, 1)]
    return thread_of(platform or "records", _name(inner.get("title")), records)


def _is_tuples(value: Json) -> bool:
    """Tell the 4forums dump: [[[id, side, author, text, {...}, parent, ..., time], ...]]."""
    first = (
        value[0][0]
        if isinstance(value, list) and value and isinstance(value[0], list) and value[0]
        else None
    )
    return isinstance(first, list) and len(first) >= 6 and isinstance(first[3], str)


def _tuples(value: Json) -> Thread:
    records = [
        Record(key=str(p[0]), author=_name(p[2]), text=p[3], parent=str(p[5]) if p[5] is not None else None, time=p[-1])
        for part in value if isinstance(part, list)
        for p in part if isinstance(p, list) and len(p) >= 6 and isinstance(p[3], str)
    ]  # fmt: skip
    meta = value[0][0][4]
    info = meta.get("post_info") if isinstance(meta, dict) else None
    return thread_of(
        "forum", _name(info.get("post_title")) if isinstance(info, dict) else None, records
    )


_SHAPES = (
    (_is_reddit, _reddit), (_is_algolia, _algolia), (_is_telegram, _telegram), (_is_discord, _discord),
    (_is_slack, _slack), (_is_tuples, _tuples), (_is_records, _records),
)  # fmt: skip


def _json_lines(document: Document) -> list[Json] | None:
    """Parse JSONL; None when the first lines are not JSON objects."""
    rows = []
    for line in document.lines:
        if not line.strip():
            continue
        if not line.lstrip().startswith("{"):
            return None
        try:
            rows.append(json.loads(line))
        except (ValueError, RecursionError):
            return None
    return rows or None


def _value(document: Document) -> Json:
    value = document.json
    return value if value is not None else _json_lines(document)


def sniff(document: Document) -> float:
    """Tell an export by its being JSON or JSONL."""
    return (
        1.0
        if document.text.lstrip("\ufeff \t\n")[:1] in ("{", "[") and _value(document) is not None
        else 0.0
    )


def read(document: Document) -> Thread:
    """Read an export; raise InputError for JSON in which no messages are found."""
    value = _value(document)
    for fits, make in _SHAPES:
        if fits(value):
            return make(value)
    raise InputError(
        "This JSON holds no messages that Crux knows (looked for Discord, Slack, Telegram, Reddit, "
        "Hacker News, and lists of objects with a text); see docs/sources.md."
    )


def broken_json(text: str) -> str | None:
    """Say where text that looks like JSON breaks off; None when it does not look like JSON."""
    head = text.lstrip("\ufeff \t\n")
    if not re.match(r"[{\[]\s*[\"{\[]", head):
        return None
    try:
        json.loads(head)
    except RecursionError:
        return "it is nested too deeply"
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError):
            return f"line {error.lineno}, column {error.colno}: {error.msg}"
    return None


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


EXPORT = Source(
    name="export", label="JSON exports (Discord, Slack, Telegram, Reddit, Hacker News, lists of messages)",
    how="DiscordChatExporter, Slack's or Telegram's export, add .json to a Reddit address, hn.algolia.com/api.",
    sniff=sniff, read=read,
)  # fmt: skip
CSV = Source(
    name="csv", label="CSV", how="A table with a column text, and author, parent and id where known.",
    sniff=sniff_csv, read=read_csv,
)  # fmt: skip
