"""Telegram Desktop's JSON export."""

from __future__ import annotations

from typing import Any

from bot.sources.exports import Faults, export
from bot.sources.records import Record, dicts_in, name_in, text_in


def _fits(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("messages"), list)
        and any(
            isinstance(m, dict) and ("from" in m or "actor" in m or "from_id" in m)
            for m in value["messages"][:20]
        )
    )


def _shape(value: Any, faults: Faults) -> tuple[str | None, list[Record]]:
    records = [
        _record(m, path, faults) for path, m in faults.objects(value["messages"], "$.messages")
    ]
    return name_in(value.get("name")), records


def _record(m: dict[str, Any], path: str, faults: Faults) -> Record:
    service = m.get("type") == "service"
    extras = [
        (str(m[key]), "attachment")
        for key in ("photo", "file", "sticker_emoji", "media_type")
        if isinstance(m.get(key), str)
    ]
    poll = m.get("poll")
    if isinstance(poll, dict):
        answers = (text_in(a.get("text")) for a in dicts_in(poll.get("answers")))
        extras.append((" / ".join([text_in(poll.get("question")), *answers]), "poll"))
    extras += [
        (f"{text_in(r.get('emoji'))} {r.get('count', '')}".strip(), "reaction")
        for r in dicts_in(m.get("reactions"))
    ]
    if m.get("edited"):
        extras.append((str(m["edited"]), "edit mark"))
    text = faults.text(m, "text", path) or (text_in(m.get("action")) if service else "")
    bot = str(m.get("via_bot") or "")
    return Record(
        key=str(m.get("id", "")),
        text=text,
        author=name_in(m.get("from")) or name_in(m.get("actor")) or name_in(m.get("from_id")),
        parent=str(m.get("reply_to_message_id") or "") or None,
        time=m.get("date_unixtime") or m.get("date"),
        aside="platform notice" if service else "bot" if bot else None,
        extras=tuple((words, reason) for words, reason in extras if words),
    )


SOURCE = export(
    name="telegram", label="Telegram's JSON export", how="Telegram Desktop, Export chat history, format JSON.",
    fits=_fits, shape=_shape, chat=True, surety=0.99,
)  # fmt: skip
