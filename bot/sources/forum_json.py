"""Forums' JSON: Discourse topics, Lobsters stories, and dumps of posts as tuples with parents."""

from __future__ import annotations

from typing import Any

from bot.sources.exports import Faults, export, markup
from bot.sources.records import Record, dict_in, name_in, text_in


def _is_discourse(value: Any) -> bool:
    stream = dict_in(value).get("post_stream")
    return isinstance(stream, dict) and isinstance(stream.get("posts"), list)


def _discourse(value: Any, faults: Faults) -> tuple[str | None, list[Record]]:
    records: list[Record] = []
    for path, p in faults.objects(value["post_stream"]["posts"], "$.post_stream.posts"):
        answered = p.get("reply_to_post_number")
        notice = p.get("post_type") not in (None, 1)
        first = not records
        records.append(
            Record(
                key=str(p.get("post_number") or p.get("id") or path),
                text=text_in(p.get("raw")) or markup(faults.text(p, "cooked", path)).strip(),
                author=name_in(p.get("username")) or name_in(p.get("name")),
                parent=str(answered) if answered else None if first else "1",
                time=p.get("created_at"),
                aside="platform notice" if notice else "deleted" if p.get("deleted_at") else None,
            )
        )
    return name_in(value.get("title")), records


def _is_lobsters(value: Any) -> bool:
    return (
        isinstance(value, dict) and isinstance(value.get("comments"), list) and "short_id" in value
    )


def _lobsters(value: Any, faults: Faults) -> tuple[str | None, list[Record]]:
    words = "\n\n".join(
        t
        for t in (text_in(value.get("title")), markup(text_in(value.get("description"))).strip())
        if t
    )
    top = str(value["short_id"])
    records = [
        Record(
            key=top,
            text=words,
            author=_lobster(value.get("submitter_user")),
            time=value.get("created_at"),
        )
    ]
    for path, c in faults.objects(value["comments"], "$.comments"):
        gone = c.get("is_deleted") or c.get("is_moderated")
        records.append(
            Record(
                key=str(c.get("short_id") or path),
                text=text_in(c.get("comment_plain"))
                or markup(faults.text(c, "comment", path)).strip(),
                author=_lobster(c.get("commenting_user")),
                parent=str(c.get("parent_comment") or top),
                time=c.get("created_at"),
                aside="deleted" if gone else None,
            )
        )
    return name_in(value.get("title")), records


def _lobster(user: Any) -> str | None:
    return name_in(user)


def _is_tuples(value: Any) -> bool:
    """Tell a dump of posts as tuples: [[[id, side, author, text, {...}, parent, ..., time], ...]]."""
    first = (
        value[0][0]
        if isinstance(value, list) and value and isinstance(value[0], list) and value[0]
        else None
    )
    return isinstance(first, list) and len(first) >= 6 and isinstance(first[3], str)


def _tuples(value: Any, faults: Faults) -> tuple[str | None, list[Record]]:
    records = []
    for i, part in enumerate(value):
        for j, p in enumerate(part if isinstance(part, list) else ()):
            if isinstance(p, list) and len(p) >= 6 and isinstance(p[3], str):
                parent = str(p[5]) if p[5] is not None else None
                records.append(
                    Record(
                        key=str(p[0]), author=name_in(p[2]), text=p[3], parent=parent, time=p[-1]
                    )
                )
            else:
                faults.note(f"$[{i}][{j}]", "a tuple of a post was expected")
    info = dict_in(dict_in(value[0][0][4]).get("post_info"))
    return name_in(info.get("post_title")), records


DISCOURSE = export(
    name="forum", label="Discourse topic JSON", how="Add .json to the topic's address.",
    fits=_is_discourse, shape=_discourse,
)  # fmt: skip
LOBSTERS = export(
    name="forum", label="Lobsters story JSON", how="Add .json to the story's address.",
    fits=_is_lobsters, shape=_lobsters,
)  # fmt: skip
TUPLES = export(
    name="forum", label="Forum posts as tuples with parents", how="A dump of posts: id, side, author, text, details, parent, ..., time.",
    fits=_is_tuples, shape=_tuples,
)  # fmt: skip
