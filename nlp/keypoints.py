"""Claims that make the same point, grouped: paraphrases together, opposites apart.

A judge (`points.npz`, fitted by `nlp.training.points`) says how likely two claims make one point,
and where two are all but the same words, how alike they are says it; average-link clustering then
joins claims as long as the mean likelihood across two groups stays above a threshold. Claims of
which one denies, or surely attacks, the other are never in one group. Only pairs that are near in
meaning or in words are judged, so that time and memory grow with the number of claims times
NEIGHBOURS, not with its square.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from nlp import cues
from nlp.forest import Forest
from nlp.rejected import opposed, side_of
from nlp.thread_view import ThreadView
from nlp.tongue import tongue_of
from nlp.weights import WEIGHTS, choices
from nlp.words import negations

Rows = NDArray[np.float64]
Pair = tuple[int, int]

NEIGHBOURS = 40
SLICE = 8192  # pairs judged at a time
LARGEST_BLOCK = 2000  # claims clustered together exactly; a larger component is cut first
PARTNER = 0.25  # likelihood from which on a claim has somebody who says its point too
CROWDED = 0.4  # share of claims with a partner; crowds have 0.53 at the median, other threads 0.1
FEW = 250  # claims of which every pair is judged
ALIKE = 0.7  # likeness from which on likeness alone may make two claims one point
DENIED = 0.5  # share of words in common from which a negation more makes two claims opposites
APART = -1.0  # the likelihood of a pair that may never be in one group

# A "no," that answers somebody negates what they said, not what comes after it.
_ANSWER = re.compile(r"^\W*(?:no+|nope|nah)\s*[,.!;:–—-]+\s*", re.IGNORECASE)

FEATURES = (
    "likeness",
    "likeness over others",
    "likeness in spreads",
    "shared words",
    "rarest shared word",
    "shorter covered",
    "shared runs of characters",
    "negation differs",
    "both negated",
    "one rejects",
    "one agrees",
    "same post",
    "same author",
    "one answers the other",
    "posts between",
    "shorter length",
    "longer length",
    "claims in thread",
    "claims a post",
    "posts that answer the first or none",
    "usual length",
    "usual likeness",
)


@cache
def _forest() -> Forest:
    return Forest(WEIGHTS / "points.npz")


@dataclass(frozen=True)
class Alike:
    """How likely two claims make one point by their likeness alone: a logistic curve.

    The judge learned from whole threads, where next to no pair is so alike that nothing else
    counts; and most of what it reads of a pair is relative to the other claims, of which a short
    thread has none.
    """

    middle: float
    slope: float

    def chances(self, likeness: Rows) -> Rows:
        """Give the likelihood of pairs of the same polarity, shape (n,), 0 to 1."""
        return 1.0 / (1.0 + np.exp(-self.slope * (likeness - self.middle)))


def told_alike(rows: Rows, least: float) -> NDArray[np.bool_]:
    """Give for pairs with FEATURES `rows` whether they are so alike, none negated, shape (n,)."""
    negated = rows[:, FEATURES.index("negation differs")] > 0
    return np.asarray(~negated & (rows[:, FEATURES.index("likeness")] >= least), np.bool_)


def settled(rows: Rows, chances: Rows, alike: Alike | None) -> Rows:
    """Settle what the judge says of pairs with FEATURES `rows`, shape (n,): 0 to 1, or APART.

    At least as likely as their likeness makes them, unless one is negated or likeness says nothing
    (`alike` None); APART where one says the other's words with a negation more. (What is opposed
    without one, `nlp.rejected` tells.)
    """
    negated = rows[:, FEATURES.index("negation differs")] > 0
    likeness = rows[:, FEATURES.index("likeness")]
    told = np.maximum(chances, alike.chances(likeness)) if alike else chances
    denied = negated & (rows[:, FEATURES.index("shared words")] >= DENIED)
    return np.where(denied, APART, np.where(told_alike(rows, ALIKE), told, chances))


def group(
    view: ThreadView, attacks: Collection[Pair] = (), join_above: float | None = None
) -> list[tuple[int, ...]]:
    """Give the groups of claims (indices of drafts), each in reading order, by first member.

    No group holds both ends of one of `attacks` (source, target): what speaks against a point does
    not make it, unless it says all but the same. `join_above` is the least mean likelihood across
    two groups; by default the one that was chosen with the judge, for crowds or for other threads
    (`crowded`).
    """
    claims = [i for i, draft in enumerate(view.drafts) if draft.kind == "claim"]
    pairs = candidates(view, claims)
    if not pairs:
        return [(i,) for i in claims]
    known = ClaimPairs(view, claims)
    # to the encoder, which knows English, all that is Greek is alike
    english = tongue_of(view.thread) == "en"
    alike = Alike(**choices()["alike"]) if english else None
    attacked = {(min(pair), max(pair)) for pair in attacks}
    parts, others = [], []
    for low in range(0, len(pairs), SLICE):
        some = pairs[low : low + SLICE]
        rows = known.features(some)
        same = told_alike(rows, alike.middle if alike else 1.0)
        against = np.array([pair in attacked for pair in some]) & ~same
        told = settled(rows, _forest().probabilities(rows)[:, 0], alike)
        parts.append(np.where(known.opposed(some) | against, APART, told))
        others.append(of_two_people(rows))
    chances = np.concatenate(parts)
    if join_above is None:
        crowd = crowded(pairs, np.where(np.concatenate(others), chances, 0.0), len(claims))
        join_above = choices()["points"]["join_above, crowds" if crowd else "join_above"]
    return join(claims, pairs, chances, join_above)


def of_two_people(rows: Rows) -> NDArray[np.bool_]:
    """Give for pairs with FEATURES `rows` whether they are of two people, shape (n,)."""
    return np.asarray(rows[:, FEATURES.index("same author")] == 0, np.bool_)


def crowded(pairs: Sequence[Pair], chances: Rows, claims: int) -> bool:
    """Whether points are said again and again: more than CROWDED of the claims have a PARTNER.

    `chances` (n,) are those of `pairs`, 0 for two claims of one person. Likelihoods must not be
    summed for this: in a discussion of two hundred claims the many unlikely partners of each add up
    to several.
    """
    near = np.flatnonzero(chances >= PARTNER).tolist()
    return len({claim for k in near for claim in pairs[k]}) > CROWDED * claims


def join(
    claims: Sequence[int], pairs: Sequence[Pair], chances: Rows, join_above: float
) -> list[tuple[int, ...]]:
    """Cluster claims by the likelihoods of their pairs; pairs not given count as 0, APART parts."""
    near = {pair: float(chance) for pair, chance in zip(pairs, chances, strict=True)}
    groups: list[tuple[int, ...]] = []
    for block, inner in _components(list(claims), near, join_above / 2):
        groups += _cluster(block, inner, join_above)
    return sorted(groups)


def _components(
    claims: Sequence[int], near: dict[Pair, float], least: float
) -> list[tuple[list[int], dict[Pair, float]]]:
    """Give the connected components over pairs of at least `least`, each with the pairs inside it.

    A component larger than LARGEST_BLOCK is parted again at a higher bar.
    """
    parent = {claim: claim for claim in claims}

    def root(claim: int) -> int:
        while parent[claim] != claim:
            parent[claim] = parent[parent[claim]]
            claim = parent[claim]
        return claim

    for (a, b), chance in near.items():
        if chance >= least:
            parent[root(a)] = root(b)
    members: dict[int, list[int]] = {}
    for claim in claims:
        members.setdefault(root(claim), []).append(claim)
    inner: dict[int, dict[Pair, float]] = {key: {} for key in members}
    for (a, b), chance in near.items():
        if (key := root(a)) == root(b):
            inner[key][a, b] = chance
    parts: list[tuple[list[int], dict[Pair, float]]] = []
    for key, block in members.items():
        if len(block) <= LARGEST_BLOCK or least >= 0.95:
            parts.append((block, inner[key]))
        else:
            parts += _components(block, inner[key], least + 0.1)
    return parts


def _cluster(
    block: Sequence[int], near: dict[Pair, float], join_above: float
) -> list[tuple[int, ...]]:
    """Average-link clustering of one component."""
    n = len(block)
    if n == 1:
        return [(block[0],)]
    place = {claim: i for i, claim in enumerate(sorted(block))}
    distances = np.ones(n * (n - 1) // 2)
    for (a, b), chance in near.items():
        i, j = place[a], place[b]
        # the mean over any two groups that hold a pair so far apart is above every bar
        distance = float(n * n) if chance == APART else 1.0 - chance
        distances[n * i - i * (i + 1) // 2 + j - i - 1] = distance
    numbers = fcluster(linkage(distances, "average"), 1.0 - join_above, "distance")
    clusters: dict[int, list[int]] = {}
    for claim, number in zip(place, numbers, strict=True):
        clusters.setdefault(int(number), []).append(claim)
    return [tuple(c) for c in clusters.values()]


def candidates(view: ThreadView, claims: Sequence[int]) -> list[Pair]:
    """Give the pairs of claims worth judging: all of a FEW, else NEIGHBOURS nearest in meaning."""
    rows = view.vectors[list(claims)]
    places = np.array(claims, np.int64)
    count = len(claims) - 1 if len(claims) <= FEW else NEIGHBOURS
    if count < 1:
        return []
    keys: list[NDArray[np.int64]] = []
    step = 512
    for low in range(0, len(claims), step):
        likeness = rows[low : low + step] @ rows.T
        n = len(likeness)
        likeness[np.arange(n), low + np.arange(n)] = -2.0
        nearest = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        mine = np.repeat(places[low : low + n], count)
        theirs = places[nearest.reshape(-1)]
        keys.append(np.minimum(mine, theirs) * len(view.drafts) + np.maximum(mine, theirs))
    unique = np.unique(np.concatenate(keys))
    return [(int(k) // len(view.drafts), int(k) % len(view.drafts)) for k in unique]


class ClaimPairs:
    """What is known of any two claims of a thread."""

    def __init__(self, view: ThreadView, claims: Sequence[int]) -> None:
        self._view = view
        own = view.vectors[list(claims)]
        total = own.sum(0)
        self._usual = (view.vectors @ total - 1.0) / max(1, len(claims) - 1)
        spread = np.sqrt(np.maximum(_mean_square(view.vectors, own) - self._usual**2, 1e-6))
        self._spread = spread
        self._length = np.array([len(d.text.split()) for d in view.drafts], np.float64)
        self._negated = np.array(
            [negations(_ANSWER.sub("", d.text, count=1)) % 2 for d in view.drafts]
        )
        self._rejects = np.array([cues.REJECTION.match(d.text) is not None for d in view.drafts])
        self._agrees = np.array([cues.AGREEMENT.match(d.text) is not None for d in view.drafts])
        self._sides = [side_of(d.text) for d in view.drafts]
        self._answered = np.array(view.answered, np.int64)
        # Where many answer one question in a line each, points are said again and again.
        self._of_thread = (
            min(len(claims), 300),
            len(claims) / max(1, len({d.post for d in view.drafts})),
            float((self._answered <= 0).mean()),
            float(np.median(self._length[list(claims)])),
            float(self._usual[list(claims)].mean()),
        )
        names = [p.speaker for p in view.thread.posts]
        number = {name: k for k, name in enumerate(dict.fromkeys(names))}
        self._author = np.array([number[name] for name in names], np.int64)

    def opposed(self, pairs: Sequence[Pair]) -> NDArray[np.bool_]:
        """Give for each pair whether one asks for what the other calls wrong, shape (n,)."""
        sides = self._sides
        return np.array([opposed(sides[a], sides[b]) for a, b in pairs], bool)

    def features(self, pairs: Sequence[Pair]) -> Rows:
        """Give FEATURES of pairs, shape (len(pairs), len(FEATURES))."""
        view = self._view
        a, b = np.array(pairs, np.int64).T
        pa, pb = view.posts[a], view.posts[b]
        likeness = np.einsum("ij,ij->i", view.vectors[a], view.vectors[b])
        usual, spread = self._usual, self._spread
        standing = np.minimum((likeness - usual[a]) / spread[a], (likeness - usual[b]) / spread[b])
        negated = self._negated
        columns = (
            likeness,
            likeness - (usual[a] + usual[b]) / 2,
            standing,
            view.stem_overlap.jaccard(a, b),
            view.stem_overlap.rarest(a, b),
            view.stem_overlap.covered(a, b),
            view.gram_overlap.jaccard(a, b),
            negated[a] != negated[b],
            (negated[a] & negated[b]) > 0,
            self._rejects[a] | self._rejects[b],
            self._agrees[a] | self._agrees[b],
            pa == pb,
            self._author[pa] == self._author[pb],
            (self._answered[pa] == pb) | (self._answered[pb] == pa),
            np.minimum(np.abs(pa - pb), 50),
            np.minimum(self._length[a], self._length[b]),
            np.maximum(self._length[a], self._length[b]),
            *(np.full(len(a), value) for value in self._of_thread),
        )
        return np.stack([np.round(np.asarray(c, np.float64), 5) for c in columns], axis=1)


def _mean_square(rows: NDArray[np.float32], own: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of the squared cosines of each row to all of `own`, without forming them."""
    second = own.T @ own / max(1, len(own))
    return np.asarray(((rows @ second) * rows).sum(1), np.float32)
