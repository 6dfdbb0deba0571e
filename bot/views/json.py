"""A map as JSON, the stable contract: `map.schema.json` beside this file describes it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from nlp.model import (
    ArgumentMap,
    Issue,
    KeyPoint,
    MadeBy,
    Post,
    Relation,
    Residue,
    Span,
    Thread,
    Unit,
)

SCHEMA = "crux.map/1"
SCHEMA_FILE = Path(__file__).with_name("map.schema.json")


def render(found: ArgumentMap) -> str:
    """Give the map as JSON text, UTF-8, two spaces of indent, keys in the schema's order."""
    return json.dumps(as_dict(found), ensure_ascii=False, indent=2) + "\n"


def as_dict(found: ArgumentMap) -> dict[str, Any]:
    """Give the map as plain dicts and lists."""
    thread = found.thread
    return {
        "schema": found.schema,
        "thread": {
            "id": thread.id,
            "title": thread.title,
            "platform": thread.platform,
            "posts": [_post(post) for post in thread.posts],
        },
        "issue": asdict(found.issue) if found.issue else None,
        "units": [asdict(unit) for unit in found.units],
        "key_points": [
            {**asdict(k), "units": list(k.units), "speakers": list(k.speakers)}
            for k in found.key_points
        ],
        "relations": [asdict(relation) for relation in found.relations],
        "crux": found.crux,
        "residue": [_residue(residue) for residue in found.residue],
        "made_by": {"crux": found.made_by.crux, "weights": dict(found.made_by.weights)},
    }


def _post(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "author": post.author,
        "reply_to": post.reply_to,
        **({"reply_inferred": True} if post.reply_inferred else {}),
        "created_at": post.created_at.isoformat() if post.created_at else None,
        "url": post.url,
        "text": post.text,
        "quotes": [list(quote) for quote in post.quotes],
    }


def _residue(residue: Residue) -> dict[str, Any]:
    row = {
        "post": residue.post,
        "start": residue.start,
        "end": residue.end,
        "reason": residue.reason,
    }
    return row if residue.text is None else {**row, "text": residue.text}


def from_dict(row: dict[str, Any]) -> ArgumentMap:
    """Give the map that `as_dict` gave; the row must hold to the schema.

    The platform's furniture stays where the schema has it, in the residue. Raises ValueError for
    posts that share an id, or that answer one that is not there.
    """
    thread = row["thread"]
    return ArgumentMap(
        thread=Thread(
            id=thread["id"],
            title=thread["title"],
            platform=thread["platform"],
            posts=tuple(_post_from(post) for post in thread["posts"]),
        ),
        issue=Issue(**row["issue"]) if row["issue"] else None,
        units=tuple(Unit(**unit) for unit in row["units"]),
        key_points=tuple(
            KeyPoint(**{**k, "units": tuple(k["units"]), "speakers": tuple(k["speakers"])})
            for k in row["key_points"]
        ),
        relations=tuple(
            Relation(**{**r, "cue": Span(**r["cue"]) if r["cue"] else None})
            for r in row["relations"]
        ),
        crux=row["crux"],
        residue=tuple(Residue(**residue) for residue in row["residue"]),
        made_by=MadeBy(
            crux=row["made_by"]["crux"], weights=tuple(row["made_by"]["weights"].items())
        ),
    )


def _post_from(row: dict[str, Any]) -> Post:
    when = row["created_at"]
    return Post(
        **{
            **row,
            "created_at": datetime.fromisoformat(when) if when else None,
            "quotes": tuple((start, end) for start, end in row.get("quotes", ())),
        }
    )
