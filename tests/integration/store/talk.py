"""Small maps by hand, for tests of what is kept: every claim's words decide its vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.store import Origin, Person, Store
from nlp.model import ArgumentMap, KeyPoint, Post, Relation, Residue, Thread, Unit
from tests.chat import small

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
GUILD, CHANNEL = 100, 200


@dataclass(frozen=True)
class Line:
    """One post of one claim (a question where it ends so); `point` groups, `on` names (type, line)."""

    id: str
    author: str
    text: str
    point: str | None = None
    on: tuple[str, str] | None = None
    at: datetime | None = None


def map_of(lines: Sequence[Line], *, thread: str = "t", start: datetime = MONDAY) -> ArgumentMap:
    """Give the map of a talk whose lines answer each other."""
    posts, units, points, relations, residue = [], [], {}, [], []
    for i, line in enumerate(lines):
        posts.append(
            Post(
                id=line.id,
                author=line.author,
                text=line.text,
                reply_to=line.on[1] if line.on else None,
                created_at=line.at or start + timedelta(minutes=i),
                url=f"https://discord.com/channels/{GUILD}/{CHANNEL}/{line.id}",
            )
        )
        if line.point is None:
            reason = "question" if line.text.endswith("?") else "agreement"
            residue.append(Residue(post=line.id, start=0, end=len(line.text), reason=reason))
            continue
        unit = Unit(
            id=f"u{line.id}",
            post=line.id,
            start=0,
            end=len(line.text),
            text=line.text,
            kind="claim",
            holder="author",
            headline=line.text,
            confidence=0.9,
        )
        units.append(unit)
        points.setdefault(line.point, []).append(unit)
        if line.on:
            relations.append(
                Relation(source=unit.id, target=f"u{line.on[1]}", type=line.on[0], confidence=0.8)
            )
    known = {unit.id for unit in units}
    author = {post.id: post.author or "" for post in posts}
    return ArgumentMap(
        thread=Thread(id=thread, posts=tuple(posts), title=None, platform="discord"),
        units=tuple(units),
        key_points=tuple(
            KeyPoint(
                id=name,
                headline=members[0].headline,
                units=tuple(u.id for u in members),
                speakers=tuple(dict.fromkeys(author[u.post] for u in members)),
            )
            for name, members in points.items()
        ),
        relations=tuple(r for r in relations if r.target in known),
        residue=tuple(residue),
    )


def vectors_of(found: ArgumentMap) -> NDArray[np.float32]:
    """Give vectors in which the same content words point the same way."""
    return small.encode([unit.text for unit in found.units])


def person(name: str) -> Person:
    """Give a person whose id is made from the name."""
    return Person(platform="discord", id=f"9{int.from_bytes(name.encode()[:6], 'big')}", name=name)


def people_of(found: ArgumentMap) -> dict[str, Person]:
    """Give who wrote each post."""
    return {post.id: person(post.author or "") for post in found.thread.posts}


async def remember(
    store: Store,
    found: ArgumentMap,
    *,
    guild: int = GUILD,
    channel: int = CHANNEL,
    now: datetime = MONDAY,
    people: dict[str, Person] | None = None,
) -> None:
    """Keep a map as the bot does; `people` are those of the map unless others are named."""
    await store.threads.remember(
        found,
        Origin(guild_id=guild, platform="discord", thread=str(channel), channel_id=channel),
        vectors=vectors_of(found),
        now=now,
        people=people_of(found) if people is None else people,
    )


BENCH = [
    Line("1", "ann", "The benches in the park should be painted green", "green"),
    Line("2", "bob", "Green benches vanish among trees at night", "vanish", ("attack", "1")),
    Line("3", "cho", "Green paint for park benches is cheap", "cheap", ("support", "1")),
    Line("4", "bob", "fair point, the paint is cheap", None, ("attack", "3")),
    Line("5", "dee", "Who paints the benches when winter comes?"),
]
