"""A thread as the judging steps see it: drafts of units in reading order, and who answers whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nlp.model import Holder, Kind, Thread
from nlp.words import content_stems, negations

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A unit before it has a name: its span, what it is, and what the unit model saw in it.

    `links` holds the mean probability, over the unit's tokens, of each of `nlp.windows.LINKS`;
    `words` are (start, end, probability) of each word's place in the headline, offsets in the post.
    `before` is what the writer says between the unit and the one before it, `opening` what the post
    says before its first unit.
    """

    post: str
    start: int
    end: int
    text: str
    kind: Kind
    holder: Holder
    confidence: float
    before: str = ""
    links: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
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
    def stems(self) -> tuple[frozenset[str], ...]:
        """Content stems of each draft."""
        return tuple(frozenset(content_stems(d.text)) for d in self.drafts)

    @cached_property
    def negated(self) -> NDArray[np.int64]:
        """Whether each draft holds an odd number of negations, shape (n,)."""
        return np.array([negations(d.text) % 2 for d in self.drafts], np.int64)

    @cached_property
    def rarity(self) -> dict[str, float]:
        """Weight of each stem: log of drafts over drafts that hold it, plus one."""
        counts: dict[str, int] = {}
        for stems in self.stems:
            for stem in stems:
                counts[stem] = counts.get(stem, 0) + 1
        n = len(self.drafts)
        return {stem: float(np.log((n + 1) / (c + 0.5))) for stem, c in counts.items()}

    @cached_property
    def mass(self) -> tuple[float, ...]:
        """Summed rarity of each draft's stems; summed in order of stem, so that it repeats."""
        return tuple(sum(self.rarity[t] for t in sorted(s)) for s in self.stems)

    def shared_words(self, a: int, b: int) -> float:
        """Weighted Jaccard similarity of the content stems of two drafts, 0 to 1."""
        common = self.stems[a] & self.stems[b]
        if not common:
            return 0.0
        shared = sum(self.rarity[t] for t in sorted(common))
        return shared / max(self.mass[a] + self.mass[b] - shared, 1e-9)
