"""Ordered pairs of units worth judging for support and attack, and what is known of each.

Features say how the two posts stand to each other, where the units stand in them, their kinds and
cue words; what the words themselves say is judged by `nlp.relations` beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nlp import cues
from nlp.thread_view import ThreadView

Rows = NDArray[np.float32]
Ints = NDArray[np.int64]
Pair = tuple[int, int]

SAME_POST_REACH = 8
POSTS_BEFORE = 3
NEAREST = 4
UNITS_OF_ANSWERED = 24
SLICE = 8192  # pairs judged at a time, so that memory stays flat

OWN_FEATURES = (
    "claims",
    "place",
    "place from end",
    "siblings",
    "length",
    "rejects",
    "opening rejects",
    "agrees",
    "opening agrees",
    "concedes",
    "contrast",
    "reason",
    "conclusion",
    "figure",
    "experience",
    "second person",
    "back reference",
    "asks",
    "reported",
)
PAIR_FEATURES = (
    "same post",
    "steps before",
    "steps after",
    "next to it",
    "claims between",
    "no claim between, before",
    "no claim between, after",
    "target post answered",
    "target post answered by answered",
    "target post answers source",
    "both answer same post",
    "posts between",
    "post just before",
    "reply marks in thread",
    "answers nobody",
    "target post is first",
    "same author",
    "target author named",
    "shared words",
    "negation differs",
    "candidates",
)


def candidates(view: ThreadView) -> list[Pair]:
    """Give the ordered pairs worth judging, by source; their number grows linearly with units."""
    pairs: set[Pair] = set()
    for post, units in enumerate(view.of_post):
        others = _units_around(view, post)
        for place, source in enumerate(units):
            low, high = max(0, place - SAME_POST_REACH), place + SAME_POST_REACH + 1
            pairs.update((source, target) for target in units[low:high] if target != source)
            pairs.update((source, target) for target in others)
    pairs.update(_nearest(view))
    return sorted(pairs)


def _units_around(view: ThreadView, post: int) -> list[int]:
    """Units of the post that is answered, of the one that it answers, and of the posts before."""
    places = []
    answered = view.answered[post]
    if answered >= 0:
        places.append(answered)
        if view.answered[answered] >= 0:
            places.append(view.answered[answered])
    places += range(max(0, post - POSTS_BEFORE), post)
    if post > 0:
        places.append(0)
    found: list[int] = []
    for place in dict.fromkeys(places):
        found += view.of_post[place][:UNITS_OF_ANSWERED]
    return found


def _nearest(view: ThreadView) -> Iterator[Pair]:
    """Pair each unit with the nearest in meaning said before, in other posts; in slices."""
    n = len(view.drafts)
    if not n:
        return
    rows = view.points if view.points.any() else view.vectors  # not judged yet, in training
    step = 512
    for low in range(0, n, step):
        likeness = rows[low : low + step] @ rows[: low + step].T
        earlier = view.posts[: likeness.shape[1]][None, :] < view.posts[low : low + step][:, None]
        likeness = np.where(earlier, np.round(likeness, 5), -2.0)
        count = min(NEAREST, likeness.shape[1])
        nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :count]
        for row, targets in enumerate(nearest):
            for target in targets:
                if likeness[row, target] > -1:
                    yield low + row, int(target)


def slices(pairs: Sequence[Pair]) -> Iterator[tuple[int, int]]:
    """Give ranges of about SLICE pairs that keep the pairs of one source together."""
    low = 0
    while low < len(pairs):
        high = min(low + SLICE, len(pairs))
        while high < len(pairs) and pairs[high][0] == pairs[high - 1][0]:
            high += 1
        yield low, high
        low = high


class PairFeatures:
    """What is known of the units of a thread (`own`), and of any pairs of them (`of`)."""

    def __init__(self, view: ThreadView) -> None:
        self._view = view
        n = len(view.drafts)
        self._place = np.zeros(n, np.int64)
        self._siblings = np.zeros(n, np.int64)
        for units in view.of_post:
            self._place[list(units)] = np.arange(len(units))
            self._siblings[list(units)] = len(units)
        self._claims = np.array([d.kind == "claim" for d in view.drafts], bool)
        self._claims_before = np.concatenate([[0], np.cumsum(self._claims)])
        self._answered = np.array(view.answered, np.int64)
        names = {name: k for k, name in enumerate(dict.fromkeys(p.author for p in self._posts))}
        self._author = np.array(
            [names[p.author] if p.author is not None else -1 - i for i, p in enumerate(self._posts)]
        )
        self._marks = float((self._answered >= 0).sum() / max(1, len(self._posts) - 1))

    @property
    def _posts(self) -> tuple:  # type: ignore[type-arg]
        return self._view.thread.posts

    @cached_property
    def own(self) -> Rows:
        """Give OWN_FEATURES of every unit, shape (n, len(OWN_FEATURES))."""
        rows = np.empty((len(self._view.drafts), len(OWN_FEATURES)), np.float32)
        heads = [post.text.lstrip()[:120] for post in self._posts]
        for i, draft in enumerate(self._view.drafts):
            tail, head = draft.before[-40:], heads[int(self._view.posts[i])]
            place, siblings = int(self._place[i]), int(self._siblings[i])
            rows[i] = (
                self._claims[i],
                min(place, 10),
                min(siblings - 1 - place, 10),
                min(siblings, 20),
                min(len(draft.text.split()), 60) / 10,
                cues.REJECTION.match(draft.text) is not None,
                cues.REJECTION.match(head) is not None,
                cues.AGREEMENT.match(draft.text) is not None,
                cues.AGREEMENT.match(head) is not None,
                cues.CONCESSION.match(head) is not None,
                cues.CONTRAST.search(tail + draft.text[:30]) is not None,
                cues.REASON.search(tail + draft.text[:40]) is not None,
                cues.CONCLUSION.search(tail + draft.text[:30]) is not None,
                cues.FIGURE.search(draft.text) is not None,
                cues.EXPERIENCE.search(draft.text) is not None,
                cues.SECOND_PERSON.search(draft.text) is not None,
                cues.BACK_REFERENCE.search((draft.before + draft.text)[:60]) is not None,
                draft.text.rstrip().endswith("?"),
                draft.holder == "reported",
            )
        return rows

    def of(self, pairs: Sequence[Pair]) -> Rows:
        """Give PAIR_FEATURES of pairs, shape (len(pairs), len(PAIR_FEATURES)).

        The pairs of one source must stand together, and all of them be there.
        """
        view = self._view
        s, t = np.array(pairs, np.int64).T
        sp, tp = view.posts[s], view.posts[t]
        same = sp == tp
        steps = np.where(same, self._place[t] - self._place[s], 0)
        low, high = np.minimum(s, t), np.maximum(s, t)
        between = np.where(same, self._claims_before[high] - self._claims_before[low + 1], 0)
        answered = self._answered[sp]
        grand = np.where(answered >= 0, self._answered[answered], -1)
        counts = np.bincount(s)[s]
        author = self._author
        columns = (
            same,
            np.clip(-steps, 0, 8),
            np.clip(steps, 0, 8),
            np.abs(steps) == 1,
            np.minimum(between, 6),
            same & (steps < 0) & (between == 0) & self._claims[t],
            same & (steps > 0) & (between == 0) & self._claims[t],
            ~same & (answered == tp),
            ~same & (grand == tp),
            ~same & (self._answered[tp] == sp),
            ~same & (answered >= 0) & (answered == self._answered[tp]),
            np.log1p(np.abs(sp - tp)),
            sp - tp == 1,
            np.full(len(s), self._marks),
            answered < 0,
            tp == 0,
            author[sp] == author[tp],
            self._named(sp, tp),
            view.stem_overlap.jaccard(s, t),
            view.negated[s] != view.negated[t],
            np.minimum(counts, 60) / 60,
        )
        return np.stack([np.asarray(c, np.float32) for c in columns], axis=1)

    def _named(self, sp: Ints, tp: Ints) -> NDArray[np.bool_]:
        """Whether the source's post begins by naming who wrote the target's."""
        known: dict[tuple[int, int], bool] = {}
        for pair in set(zip(sp.tolist(), tp.tolist(), strict=True)):
            name = self._posts[pair[1]].author
            opening = self._posts[pair[0]].text[:80]
            known[pair] = (
                pair[0] != pair[1]
                and name is not None
                and len(name) > 1
                and (not name.isascii() or name.lower() in opening.lower())  # else no pattern
                and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", opening, re.I) is not None
            )
        return np.array([known[p] for p in zip(sp.tolist(), tp.tolist(), strict=True)], bool)
