"""A thread as the judging steps see it: drafts of units in reading order, and who answers whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nlp.model import Holder, Kind, Thread
from nlp.overlap import Overlap, character_grams
from nlp.words import content_stems, negations

Floats = NDArray[np.float32]

BEARING = 96  # numbers that the unit model gives the judge of relations for each unit
POINT = 96  # numbers that say which point it makes: near for two units that make the same


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A unit before it has a name: its span, what it is, and what the unit model saw in it.

    `bearing` (BEARING,) is what the unit model made of the unit's words in their context, and
    `point` (POINT,) which point they make; the judge of relations reads both.
    `words` are (start, end, probability) of each word's place in the headline, offsets in the post.
    `before` is what the writer says between the unit and the one before it.
    """

    post: str
    start: int
    end: int
    text: str
    kind: Kind
    holder: Holder
    confidence: float
    before: str = ""
    bearing: Floats = field(
        default_factory=lambda: np.zeros(BEARING, np.float32), compare=False, repr=False
    )
    point: Floats = field(
        default_factory=lambda: np.zeros(POINT, np.float32), compare=False, repr=False
    )
    words: tuple[tuple[int, int, float], ...] = ()


@dataclass(frozen=True)
class ThreadView:
    """Drafts in reading order, their vectors (n, d), and the shape of the thread around them."""

    thread: Thread
    drafts: tuple[Draft, ...]
    vectors: Floats

    @cached_property
    def order(self) -> dict[str, int]:
        """Place of each post in reading order."""
        return {post.id: i for i, post in enumerate(self.thread.posts)}

    @cached_property
    def posts(self) -> NDArray[np.int64]:
        """Place of each draft's post, shape (n,)."""
        return np.array([self.order[d.post] for d in self.drafts], np.int64)

    @cached_property
    def answered(self) -> tuple[int, ...]:
        """Place of the post that each post answers, -1 for none."""
        return tuple(
            self.order[p.reply_to] if p.reply_to is not None else -1 for p in self.thread.posts
        )

    @cached_property
    def of_post(self) -> tuple[tuple[int, ...], ...]:
        """Indices of the drafts of each post, in order."""
        lists: list[list[int]] = [[] for _ in self.thread.posts]
        for i, draft in enumerate(self.drafts):
            lists[self.order[draft.post]].append(i)
        return tuple(map(tuple, lists))

    @cached_property
    def bearings(self) -> Floats:
        """What the unit model made of each draft, shape (n, BEARING)."""
        return np.stack([d.bearing for d in self.drafts])

    @cached_property
    def points(self) -> Floats:
        """Which point each draft makes, as unit vectors, shape (n, POINT); zeros where unknown."""
        rows = np.stack([d.point for d in self.drafts])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)

    @cached_property
    def stems(self) -> tuple[frozenset[str], ...]:
        """Content stems of each draft."""
        return tuple(frozenset(content_stems(d.text)) for d in self.drafts)

    @cached_property
    def negated(self) -> NDArray[np.int64]:
        """Whether each draft holds an odd number of negations, shape (n,)."""
        return np.array([negations(d.text) % 2 for d in self.drafts], np.int64)

    @cached_property
    def stem_overlap(self) -> Overlap:
        """How much any two drafts share of their content stems."""
        return Overlap(self.stems)

    @cached_property
    def gram_overlap(self) -> Overlap:
        """How much any two drafts share of their runs of characters."""
        return Overlap([character_grams(d.text) for d in self.drafts])
