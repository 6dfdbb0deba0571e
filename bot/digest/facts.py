"""What the store knows of a window of time, as a digest is composed from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from nlp.model import RelationType


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A unit and where it was said.

    `person` tells people apart and is None for a post without a name; `point` is None for evidence.
    """

    unit: int
    point: int | None
    post: str
    person: str | None
    speaker: str
    thread: int
    at: datetime
    url: str | None
    text: str | None
    confidence: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Bearing:
    """Unit `source` supports or attacks a unit of key point `point`."""

    source: Said
    point: int
    type: RelationType


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question, or a giving way (`points` are those of the post that it answers)."""

    kind: Literal["question", "concession"]
    said: Said
    answered: bool
    points: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """A window [start, end) of one server.

    `people` counts those who have a name, `nameless` the posts that have none.
    `before` are the earlier times at which a point of the window was said, oldest first; `bearings`
    go back to the beginning for these points.
    """

    guild_id: int
    start: datetime
    end: datetime
    posts: int
    people: int
    nameless: int
    threads: int
    headlines: Mapping[int, str]
    said: tuple[Said, ...]
    before: tuple[Said, ...]
    bearings: tuple[Bearing, ...]
    asked: tuple[Asked, ...]
