"""Discord as DiscordChatExporter writes it to JSON."""

from __future__ import annotations

import re
from typing import Any

from bot.sources.exports import Faults, export
from bot.sources.records import Record, dict_in, dicts_in, name_in, text_in

_SAID = ("Default", "Reply", "ThreadStarterMessage", 0, 19, 21, "0", "19", "21")
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")


def _fits(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("messages"), list)
        and ("channel" in value or "guild" in value)
        and any(isinstance(m, dict) and "content" in m for m in value["messages"][:50])
    )


def _shape(value: Any, faults: Faults) -> tuple[str | None, list[Record]]:
    records = [
        _record(m, path, faults) for path, m in faults.objects(value["messages"], "$.messages")
    ]
    return name_in(dict_in(value.get("channel")).get("name")), records


def _record(m: dict[str, Any], path: str, faults: Faults) -> Record:
    author = dict_in(m.get("author"))
    kind = m.get("type", "Default")
    bot = author.get("isBot") or author.get("bot")
    notice = kind not in _SAID
    text = _plain(faults.text(m, "content", path), m)
    forwarded = dict_in(m.get("forwardedMessage"))
    extras = [(text_in(forwarded.get("content")), "forwarded"), *_asides(m)]
    if m.get("timestampEdited") or m.get("edited_timestamp"):
        extras.append((str(m.get("timestampEdited") or m.get("edited_timestamp")), "edit mark"))
    reference = dict_in(m.get("reference")) or dict_in(m.get("message_reference"))
    return Record(
        key=str(m.get("id", "")),
        text=text,
        author=name_in(
            author.get("nickname") or author.get("global_name") or author.get("name") or author
        ),
        parent=str(reference.get("messageId") or reference.get("message_id") or "") or None,
        time=m.get("timestamp"),
        aside="bot" if bot else "platform notice" if notice else None,
        extras=tuple((words, reason) for words, reason in extras if words),
    )


def _plain(text: str, m: dict[str, Any]) -> str:
    """Write mentions and emoji as people see them."""
    names = {
        str(u.get("id")): name_in(u.get("nickname") or u.get("name"))
        for u in dicts_in(m.get("mentions"))
    }
    text = re.sub(r"<@!?(\d+)>", lambda f: f"@{names.get(f[1]) or f[1]}", text)
    return _EMOJI.sub(r"\1", text)


def _asides(m: dict[str, Any]) -> list[tuple[str, str]]:
    """Name attachments, stickers, embeds and reactions."""
    found = []
    for key in ("attachments", "stickers"):
        for a in dicts_in(m.get(key)):
            named = a.get("fileName") or a.get("filename") or a.get("name") or a.get("url")
            found.append((text_in(named), "attachment"))
    for e in dicts_in(m.get("embeds")):
        words = (text_in(e.get(k)) for k in ("title", "url", "description"))
        found.append((" ".join(w for w in words if w), "link preview"))
    for r in dicts_in(m.get("reactions")):
        name = name_in(r.get("emoji")) or ""
        found.append((f"{name} {r.get('count', '')}".strip(), "reaction"))
    return found


SOURCE = export(
    name="discord", label="Discord, DiscordChatExporter JSON", how="DiscordChatExporter, format JSON.",
    fits=_fits, shape=_shape, chat=True,
)  # fmt: skip
