"""The thread cut to passages: what is on the map, what is left out and why, all in place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nlp.model import ArgumentMap, Post, Residue, Unit

PassageKind = Literal["claim", "evidence", "left", "furniture", "between"]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A stretch of a post. Units have their id and, as a JSON list, the points they belong to.

    A piece of evidence belongs to the points that it bears on.
    """

    text: str
    kind: PassageKind
    unit: str | None = None
    points: str | None = None
    reason: str | None = None


def passages(found: ArgumentMap) -> dict[str, tuple[Passage, ...]]:
    """Give the passages of every post, by its id; joined, they are the post (and its furniture)."""
    points: dict[str, list[str]] = {}
    for point in found.key_points:
        for unit in point.units:
            points.setdefault(unit, []).append(point.id)
    claims = set(points)
    for relation in found.relations:
        if relation.source not in claims:
            points.setdefault(relation.source, []).extend(points.get(relation.target, ()))
    parts: dict[str, list[Unit | Residue]] = {post.id: [] for post in found.thread.posts}
    for one in found.units:
        parts[one.post].append(one)
    for left in found.residue:
        parts[left.post].append(left)
    return {post.id: tuple(_cut(post, parts[post.id], points)) for post in found.thread.posts}


def _cut(
    post: Post, parts: list[Unit | Residue], points: dict[str, list[str]]
) -> Iterator[Passage]:
    reached = 0
    for part in sorted(parts, key=lambda p: (p.start, p.end)):
        if part.start < reached:  # a map that does not hold: its words are shown once all the same
            continue
        if part.start > reached:
            yield Passage(text=post.text[reached : part.start], kind="between")
        text = post.text[part.start : part.end]
        if isinstance(part, Unit):
            keys = list(dict.fromkeys(points.get(part.id, ())))
            yield Passage(text=text, kind=part.kind, unit=part.id, points=json.dumps(keys))
        elif part.text is not None:
            yield Passage(text=part.text, kind="furniture", reason=part.reason)
        elif text:
            yield Passage(text=text, kind="left", reason=part.reason)
        reached = part.end
    if reached < len(post.text):
        yield Passage(text=post.text[reached:], kind="between")
