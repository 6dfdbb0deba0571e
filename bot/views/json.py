"""A map as JSON, the stable contract: `map.schema.json` beside this file describes it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nlp.model import ArgumentMap, Post, Residue

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
