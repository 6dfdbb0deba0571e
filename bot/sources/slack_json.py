"""Slack's JSON export: a day or a whole channel, threads by `thread_ts`."""

from __future__ import annotations

import html
import re
from typing import Any

from bot.sources.exports import Faults, export
from bot.sources.records import Record, dicts_in, name_in, text_in

# Message subtypes that hold what a person says.
_SAID = (None, "thread_broadcast", "me_message", "file_share", "file_comment", "reply_broadcast")


def _fits(value: Any) -> bool:
    items = value.get("messages") if isinstance(value, dict) else value
    return isinstance(items, list) and any(
        isinstance(m, dict) and "ts" in m and ("user" in m or "text" in m or "subtype" in m)
        for m in items[:20]
    )


def _shape(value: Any, faults: Faults) -> tuple[str | None, list[Record]]:
    whole = value if isinstance(value, dict) else {"messages": value}
    path = "$.messages" if isinstance(value, dict) else "$"
    items = list(faults.objects(whole["messages"], path))
    names = _names([m for _, m in items], whole.get("users"))
    items.sort(key=lambda item: _stamp(item[1]))
    title = name_in(whole.get("channel")) or name_in(whole.get("name"))
    return title, [_record(m, path, names, faults) for path, m in items]


def _stamp(m: dict[str, Any]) -> tuple[float, str]:
    text = str(m.get("ts", ""))
    try:
        return float(text), text
    except ValueError:
        return 0.0, text


def _names(items: list[dict[str, Any]], users: Any) -> dict[str, str]:
    """Names by user id, from `users.json` and from the profiles in the messages."""
    names: dict[str, str] = {}
    for user in users if isinstance(users, list) else ():
        if isinstance(user, dict):
            profile = user.get("profile") if isinstance(user.get("profile"), dict) else {}
            name = name_in(profile) or name_in({k: v for k, v in user.items() if k != "id"})
            names[str(user.get("id"))] = name or str(user.get("id"))
    for m in items:
        name = name_in(m.get("user_profile")) if isinstance(m.get("user_profile"), dict) else None
        if name:
            names[str(m.get("user"))] = name
    return names


def _record(m: dict[str, Any], path: str, names: dict[str, str], faults: Faults) -> Record:
    user = text_in(m.get("user")) or text_in(m.get("username")) or None
    top, own = str(m.get("thread_ts") or ""), str(m.get("ts") or "")
    subtype = m.get("subtype")
    bot = m.get("bot_id") or subtype == "bot_message" or user == "USLACKBOT"
    gone = subtype == "tombstone"
    notice = subtype not in _SAID
    edited = m.get("edited")
    extras = [
        *_asides(m),
        (str(edited.get("ts", "")) if isinstance(edited, dict) else "", "edit mark"),
    ]
    return Record(
        key=own,
        text=_plain(faults.text(m, "text", path), names),
        author=names.get(user or "") or user,
        parent=top if top and top != own else None,
        time=own,
        aside="deleted" if gone else "bot" if bot else "platform notice" if notice else None,
        extras=tuple((words, reason) for words, reason in extras if words),
    )


def _plain(text: str, names: dict[str, str]) -> str:
    """Write mentions, channels and links as people see them."""
    text = re.sub(r"<@(\w+)(?:\|([^>]+))?>", lambda f: f"@{f[2] or names.get(f[1]) or f[1]}", text)
    text = re.sub(r"<#\w+\|([^>]*)>", r"#\1", text)
    text = re.sub(r"<!(?:subteam\^\w+\|)?@?([^>|]+)(?:\|[^>]*)?>", r"@\1", text)
    text = re.sub(r"<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>", _link, text)
    return html.unescape(text)


def _link(found: re.Match[str]) -> str:
    address, words = found[1], found[2] or ""
    return address if not words or words in address else f"{words} ({address})"


def _asides(m: dict[str, Any]) -> list[tuple[str, str]]:
    """Name files, previews and reactions."""
    found = [
        (text_in(f.get("name")) or text_in(f.get("title")), "attachment")
        for f in dicts_in(m.get("files"))
    ]
    for a in dicts_in(m.get("attachments")):
        words = " ".join(filter(None, (text_in(a.get(k)) for k in ("title", "text", "from_url"))))
        found.append((words or text_in(a.get("fallback")), "link preview"))
    found += [
        (f":{text_in(r.get('name'))}: {r.get('count', '')}".strip(), "reaction")
        for r in dicts_in(m.get("reactions"))
    ]
    return found


SOURCE = export(
    name="slack", label="Slack's JSON export", how="Workspace settings, Export data; a day's file or a channel's folder.",
    fits=_fits, shape=_shape, chat=True, surety=0.98,
)  # fmt: skip
