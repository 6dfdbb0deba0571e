"""JSON exports: one shape a platform, all turned to the same records first."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from bot.errors import InputError
from bot.sources.base import Document, Source
from bot.sources.records import (
    Record,
    dict_in,
    is_records,
    name_in,
    read_records,
    text_in,
    thread_of,
)
from nlp.model import Thread

Json = Any


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
        author = dict_in(m.get("author"))
        reference = dict_in(m.get("reference"))
        kind = m.get("type", "Default")
        aside = "bot" if author.get("isBot") else None
        aside = aside or (
            "platform notice" if kind not in ("Default", "Reply", 0, 19, "19", "0") else None
        )
        text = re.sub(r"<a?(:\w+:)\d+>", r"\1", text_in(m.get("content")))
        extras = [
            (str(a.get("fileName") or a.get("url") or ""), "attachment")
            for a in m.get("attachments") or ()
            if isinstance(a, dict)
        ]
        extras += [
            (text_in(e.get("title")) or text_in(e.get("url")), "link preview")
            for e in m.get("embeds") or ()
            if isinstance(e, dict)
        ]
        records.append(
            Record(
                key=str(m.get("id", "")),
                text=text,
                author=name_in(author.get("nickname") or author.get("name")),
                parent=str(reference.get("messageId") or "") or None,
                time=m.get("timestamp"),
                aside=aside,
                extras=tuple((w, r) for w, r in extras if w),
            )
        )
    channel = value.get("channel")
    return thread_of("discord", name_in(channel) if isinstance(channel, dict) else None, records)


# Slack


def _is_slack(value: Json) -> bool:
    items = value.get("messages") if isinstance(value, dict) else value
    return isinstance(items, list) and any(
        isinstance(m, dict) and "ts" in m and ("user" in m or "text" in m) for m in items[:20]
    )


def _slack(value: Json) -> Thread:
    items = [
        m
        for m in ((value.get("messages") if isinstance(value, dict) else value) or ())
        if isinstance(m, dict)
    ]
    names = {
        str(m.get("user")): name_in(m.get("user_profile"))
        for m in items
        if isinstance(m.get("user_profile"), dict)
    }
    records = []
    for m in sorted(items, key=lambda m: str(m.get("ts", ""))):
        user = str(m.get("user") or m.get("username") or "") or None
        text = re.sub(
            r"<@(\w+)(?:\|([^>]+))?>",
            lambda f: f"@{f[2] or names.get(f[1]) or f[1]}",
            text_in(m.get("text")),
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
        text = text_in(m.get("text")) or (str(m.get("action", "")) if aside else "")
        extras = tuple(
            (str(m[k]), "attachment")
            for k in ("photo", "file", "sticker_emoji")
            if isinstance(m.get(k), str)
        )
        records.append(
            Record(
                key=str(m.get("id", "")),
                text=text,
                author=name_in(m.get("from")),
                aside=aside,
                extras=extras,
                parent=str(m.get("reply_to_message_id") or "") or None,
                time=m.get("date_unixtime") or m.get("date"),
            )
        )
    return thread_of("telegram", name_in(value.get("name")), records)


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
        body = text_in(data.get("selftext") if item.get("kind") == "t3" else data.get("body"))
        if item.get("kind") == "t3":
            title = title or name_in(data.get("title"))
            body = body or text_in(data.get("title"))
        removed = body.strip() in ("[deleted]", "[removed]")
        parent = str(data.get("parent_id") or "")[3:] or None
        records.append(
            Record(
                key=str(data.get("id", len(records))),
                text=html.unescape(body),
                author=name_in(data.get("author")),
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
            text = "\n\n".join(t for t in (text_in(item.get("title")), text) if t)
        parent = item.get("parent_id")
        records.append(
            Record(
                key=str(item.get("id", len(records))),
                text=text,
                author=name_in(item.get("author")),
                parent=str(parent) if parent is not None else None,
                time=item.get("created_at"),
            )
        )
        below = item.get("children")
        stack += reversed(
            [c for c in below if isinstance(c, dict)] if isinstance(below, list) else []
        )
    return thread_of("hackernews", name_in(value.get("title")), records)


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
        Record(key=str(p[0]), author=name_in(p[2]), text=p[3], parent=str(p[5]) if p[5] is not None else None, time=p[-1])
        for part in value if isinstance(part, list)
        for p in part if isinstance(p, list) and len(p) >= 6 and isinstance(p[3], str)
    ]  # fmt: skip
    meta = value[0][0][4]
    info = meta.get("post_info") if isinstance(meta, dict) else None
    return thread_of(
        "forum", name_in(info.get("post_title")) if isinstance(info, dict) else None, records
    )


_SHAPES = (
    (_is_reddit, _reddit), (_is_algolia, _algolia), (_is_telegram, _telegram), (_is_discord, _discord),
    (_is_slack, _slack), (_is_tuples, _tuples), (is_records, read_records),
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


EXPORT = Source(
    name="export", label="JSON exports (Discord, Slack, Telegram, Reddit, Hacker News, lists of messages)",
    how="DiscordChatExporter, Slack's or Telegram's export, add .json to a Reddit address, hn.algolia.com/api.",
    sniff=sniff, read=read,
)  # fmt: skip
