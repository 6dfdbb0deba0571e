"""What supports and attacks what: candidate pairs from structure and meaning, then a judgement.

Trees (`relations.npz`, fitted by `nlp.training.relations`) judge each ordered pair of units by how
the two posts stand to each other, where the units stand in them, what the unit model saw in the
source, their kinds, cue words and likeness. Every unit then keeps its most likely targets, at most
MAX_TARGETS.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlp import cues
from nlp.forest import Forest
from nlp.model import RelationType, Span
from nlp.thread_view import Draft, ThreadView
from nlp.weights import WEIGHTS

Rows = NDArray[np.float64]
Pair = tuple[int, int]

MAX_TARGETS = 2  # docs of the gold maps: the most direct ones, at most two a unit
SAME_POST_REACH = 6
POSTS_BEFORE = 3
NEAREST = 4
UNITS_OF_ANSWERED = 24
SLICE = 8192  # pairs judged at a time
NONE, SUPPORT, ATTACK = range(3)

FEATURES = (
    "same post",
    "distance in post",
    "steps in post",
    "target follows",
    "source claims",
    "target claims",
    "target post answered",
    "target post answers source",
    "both answer same post",
    "posts between",
    "reply marks in thread",
    "target post is first",
    "same author",
    "source place",
    "source is first",
    "target place",
    "target is first",
    "target is last",
    "units in source post",
    "units in target post",
    "likeness",
    "likeness rank",
    "shared words",
    "source support inside",
    "source attack inside",
    "source support across",
    "source attack across",
    "target support inside",
    "target attack across",
    "source confidence",
    "target confidence",
    "source length",
    "target length",
    "rejects",
    "opening rejects",
    "agrees",
    "opening agrees",
    "contrast before",
    "reason cue",
    "conclusion cue",
    "target conclusion cue",
    "figure",
    "experience",
    "second person",
    "back reference",
    "negation differs",
    "source asks",
    "target asks",
    "nearest claim before",
    "nearest claim after",
    "evidence between",
    "target author named",
    "candidates",
)


@dataclass(frozen=True)
class Link:
    """A judged pair of drafts (indices), with the words that show it, if any."""

    source: int
    target: int
    type: RelationType
    confidence: float
    cue: Span | None


@dataclass(frozen=True)
class Choice:
    """When a pair is kept; chosen on the dev threads by `nlp.training.relations`."""

    threshold: float = 0.25
    second: float = 0.5


@cache
def _forest() -> Forest:
    return Forest(WEIGHTS / "relations.npz")


def relate(view: ThreadView, choice: Choice | None = None) -> list[Link]:
    """Give the relations of a thread's drafts, by source and confidence."""
    pairs = candidates(view)
    if not pairs:
        return []
    chances = np.concatenate(
        [_forest().probabilities(rows) for rows in feature_slices(view, pairs)]
    )
    return choose(view, pairs, chances, choice or Choice())


def choose(view: ThreadView, pairs: Sequence[Pair], chances: Rows, choice: Choice) -> list[Link]:
    """Keep for each source its likeliest targets; a pair is never tied both ways."""
    by_source: dict[int, list[tuple[float, int, int]]] = {}
    for (source, target), row in zip(pairs, chances, strict=True):
        kind = SUPPORT if row[SUPPORT] >= row[ATTACK] else ATTACK
        chance = float(row[SUPPORT] + row[ATTACK])
        if chance >= choice.threshold:
            by_source.setdefault(source, []).append((chance, target, kind))
    kept: dict[Pair, Link] = {}
    ranked = sorted(
        (-chance, rank, source, target, kind)
        for source, found in by_source.items()
        for rank, (chance, target, kind) in enumerate(sorted(found, key=lambda f: (-f[0], f[1])))
        if rank < MAX_TARGETS and (rank == 0 or chance >= choice.second)
    )
    for negative, _, source, target, kind in ranked:
        if (target, source) not in kept:
            kept[source, target] = Link(
                source=source,
                target=target,
                type="support" if kind == SUPPORT else "attack",
                confidence=round(-negative, 3),
                cue=cue_of(view.drafts[source], kind, view),
            )
    return sorted(kept.values(), key=lambda link: (link.source, -link.confidence, link.target))


def candidates(view: ThreadView) -> list[Pair]:
    """Give the ordered pairs worth judging; their number grows linearly with the units."""
    pairs: set[Pair] = set()
    for post, units in enumerate(view.of_post):
        others = _units_around(view, post)
        for place, source in enumerate(units):
            low, high = max(0, place - SAME_POST_REACH), place + SAME_POST_REACH + 1
            pairs.update((source, target) for target in units[low:high] if target != source)
            pairs.update((source, target) for target in others)
    for source, target in _nearest(view):
        pairs.add((source, target))
    return sorted(
        (s, t) for s, t in pairs if view.drafts[t].kind == "claim" or not _same(view, s, t)
    )


def _same(view: ThreadView, a: int, b: int) -> bool:
    return view.drafts[a].post == view.drafts[b].post


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
    step = 512
    for low in range(0, n, step):
        likeness = view.vectors[low : low + step] @ view.vectors[: low + step].T
        for row in range(likeness.shape[0]):
            source = low + row
            line = np.where(view.posts[: likeness.shape[1]] < view.posts[source], likeness[row], -2)
            count = min(NEAREST, len(line))
            for target in np.argsort(-line, kind="stable")[:count]:
                if line[target] > -1:
                    yield source, int(target)


def features(view: ThreadView, pairs: Sequence[Pair]) -> Rows:
    """Give the features of each pair, shape (len(pairs), len(FEATURES)), in order of FEATURES.

    The pairs of one source must stand together.
    """
    return np.concatenate(list(feature_slices(view, pairs)))


def feature_slices(view: ThreadView, pairs: Sequence[Pair]) -> Iterator[Rows]:
    """Give the features of the pairs in slices of about SLICE, so that memory stays flat."""
    own = [_own_features(view, i) for i in range(len(view.drafts))]
    marks = float(sum(a >= 0 for a in view.answered) / max(1, len(view.answered) - 1))
    low = 0
    while low < len(pairs):
        high = min(low + SLICE, len(pairs))
        while high < len(pairs) and pairs[high][0] == pairs[high - 1][0]:
            high += 1
        yield _slice_features(view, pairs[low:high], own, marks)
        low = high


def _slice_features(
    view: ThreadView, pairs: Sequence[Pair], own: Sequence[_Own], marks: float
) -> Rows:
    sources = np.array([s for s, _ in pairs])
    targets = np.array([t for _, t in pairs])
    likeness = np.einsum("ij,ij->i", view.vectors[sources], view.vectors[targets])
    ranks, counts = _ranks(sources, likeness)
    rows = np.empty((len(pairs), len(FEATURES)))
    for i, (source, target) in enumerate(pairs):
        rows[i] = _pair_features(
            view, source, target, own, (float(likeness[i]), ranks[i], counts[i], marks)
        )
    return rows


def _ranks(sources: NDArray[np.int64], likeness: NDArray[np.float32]) -> tuple[Rows, Rows]:
    """Rank of each pair by likeness among its source's pairs (0 is nearest), and their number."""
    ranks, counts = np.zeros(len(sources)), np.zeros(len(sources))
    order = np.lexsort((-likeness, sources))
    bounds = np.flatnonzero(np.diff(sources[order], prepend=-1, append=-1))
    for low, high in pairwise(bounds):
        ranks[order[low:high]] = np.arange(high - low)
        counts[order[low:high]] = high - low
    return ranks, counts


@dataclass(frozen=True, slots=True)
class _Own:
    """What is known of a unit by itself."""

    place: int
    siblings: int
    rejects: bool
    opening_rejects: bool
    agrees: bool
    opening_agrees: bool
    contrast: bool
    reason: bool
    conclusion: bool
    figure: bool
    experience: bool
    second_person: bool
    back_reference: bool
    asks: bool
    length: float


def _own_features(view: ThreadView, i: int) -> _Own:
    draft = view.drafts[i]
    siblings = view.of_post[int(view.posts[i])]
    place = siblings.index(i)
    lead = draft.before + draft.text
    head = view.thread.posts[int(view.posts[i])].text.lstrip()[:120]
    tail = draft.before[-40:]
    return _Own(
        place=place,
        siblings=len(siblings),
        rejects=cues.REJECTION.match(draft.text) is not None,
        opening_rejects=cues.REJECTION.match(head) is not None,
        agrees=cues.AGREEMENT.match(draft.text) is not None,
        opening_agrees=cues.AGREEMENT.match(head) is not None,
        contrast=cues.CONTRAST.search(tail + draft.text[:30]) is not None,
        reason=cues.REASON.search(tail + draft.text[:40]) is not None,
        conclusion=cues.CONCLUSION.search(tail + draft.text[:30]) is not None,
        figure=cues.FIGURE.search(draft.text) is not None,
        experience=cues.EXPERIENCE.search(draft.text) is not None,
        second_person=cues.SECOND_PERSON.search(draft.text) is not None,
        back_reference=cues.BACK_REFERENCE.search(lead[:60]) is not None,
        asks=draft.text.rstrip().endswith("?"),
        length=float(len(draft.text.split())),
    )


def _pair_features(
    view: ThreadView,
    source: int,
    target: int,
    own: Sequence[_Own],
    known: tuple[float, float, float, float],
) -> list[float]:
    s, t = view.drafts[source], view.drafts[target]
    a, b = own[source], own[target]
    sp, tp = int(view.posts[source]), int(view.posts[target])
    s_post, t_post = view.thread.posts[sp], view.thread.posts[tp]
    same = sp == tp
    steps = (b.place - a.place) if same else 0
    between = view.of_post[sp][min(a.place, b.place) + 1 : max(a.place, b.place)] if same else ()
    claims_between = sum(view.drafts[i].kind == "claim" for i in between)
    likeness, rank, count, marks = known
    answers = view.answered[sp]
    return [
        same,
        abs(steps),
        steps,
        steps > 0,
        s.kind == "claim",
        t.kind == "claim",
        answers == tp,
        view.answered[tp] == sp,
        answers == view.answered[tp] and not same,
        min(abs(sp - tp), 50),
        marks,
        tp == 0,
        same or (s_post.author is not None and s_post.author == t_post.author),
        a.place,
        a.place == 0,
        b.place,
        b.place == 0,
        b.place == b.siblings - 1,
        a.siblings,
        b.siblings,
        likeness,
        min(rank, 30),
        view.shared_words(source, target),
        *s.links,
        t.links[0],
        t.links[3],
        s.confidence,
        t.confidence,
        a.length,
        b.length,
        a.rejects,
        a.opening_rejects,
        a.agrees,
        a.opening_agrees,
        a.contrast,
        a.reason,
        a.conclusion,
        b.conclusion,
        a.figure,
        a.experience,
        a.second_person,
        a.back_reference,
        view.negated[source] != view.negated[target],
        a.asks,
        b.asks,
        same and steps < 0 and claims_between == 0 and t.kind == "claim",
        same and steps > 0 and claims_between == 0 and t.kind == "claim",
        len(between) - claims_between,
        not same
        and bool(t_post.author)
        and (t_post.author or "").lower() in s_post.text[:80].lower(),
        min(count, 60),
    ]


def cue_of(draft: Draft, kind: int, view: ThreadView) -> Span | None:
    """Give the span of the words that show a relation, in the source's post; None when none do."""
    text = view.thread.posts[view.order[draft.post]].text
    low = max(0, draft.start - min(len(draft.before), 40))
    heads = (cues.REJECTION, cues.CONTRAST) if kind == ATTACK else (cues.AGREEMENT, cues.REASON)
    for pattern, start in ((heads[0], draft.start), (heads[0], low)):
        found = pattern.match(text, start, draft.end)
        if found:
            return Span(post=draft.post, start=found.start("cue"), end=found.end("cue"))
    tables = [heads[1]] if kind == ATTACK else [heads[1], cues.CONCLUSION]
    for pattern in tables:
        found = pattern.search(text, low, min(draft.end, draft.start + 60))
        if found:
            return Span(post=draft.post, start=found.start("cue"), end=found.end("cue"))
    return None
