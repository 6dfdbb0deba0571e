"""Claims that make the same point, grouped: paraphrases together, opposites apart.

A judge (`points.npz`, fitted by `nlp.training.points`) says how likely two claims make one point;
average-link clustering then joins claims as long as the mean likelihood across two groups stays
above a threshold. Only pairs that are near in meaning or in words are judged, so that time and
memory grow with the number of claims times NEIGHBOURS, not with its square.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from nlp.forest import Forest
from nlp.relations import Link
from nlp.thread_view import ThreadView
from nlp.weights import WEIGHTS

Rows = NDArray[np.float64]
Pair = tuple[int, int]

NEIGHBOURS = 40
SLICE = 8192  # pairs judged at a time
LARGEST_BLOCK = 2000  # claims clustered together exactly; a larger component is cut first
JOIN_ABOVE = 0.5  # mean likelihood across two groups; chosen on the dev threads

FEATURES = (
    "likeness",
    "likeness over others",
    "shared words",
    "shared rare word",
    "negation differs",
    "both negated",
    "same post",
    "same author",
    "one answers the other",
    "posts between",
    "likelier to support",
    "likelier to attack",
    "shorter length",
    "longer length",
    "shorter covered",
    "lower confidence",
    "claims in thread",
)


@cache
def _forest() -> Forest:
    return Forest(WEIGHTS / "points.npz")


def group(
    view: ThreadView, links: Sequence[Link], join_above: float = JOIN_ABOVE
) -> list[tuple[int, ...]]:
    """Give the groups of claims (indices of drafts), each in reading order, by first member."""
    claims = [i for i, draft in enumerate(view.drafts) if draft.kind == "claim"]
    pairs = candidates(view, claims)
    if not pairs:
        return [(i,) for i in claims]
    chances = np.concatenate(
        [
            _forest().probabilities(features(view, pairs[low : low + SLICE], links))[:, 0]
            for low in range(0, len(pairs), SLICE)
        ]
    )
    return join(claims, pairs, chances, join_above)


def join(
    claims: Sequence[int], pairs: Sequence[Pair], chances: Rows, join_above: float
) -> list[tuple[int, ...]]:
    """Cluster claims by the likelihoods of their pairs; pairs not given count as 0."""
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
        distances[n * i - i * (i + 1) // 2 + j - i - 1] = 1.0 - chance
    numbers = fcluster(linkage(distances, "average"), 1.0 - join_above, "distance")
    clusters: dict[int, list[int]] = {}
    for claim, number in zip(place, numbers, strict=True):
        clusters.setdefault(int(number), []).append(claim)
    return [tuple(c) for c in clusters.values()]


def candidates(view: ThreadView, claims: Sequence[int]) -> list[Pair]:
    """Give the pairs of claims worth judging: each with its NEIGHBOURS nearest in meaning."""
    rows = view.vectors[list(claims)]
    pairs: set[Pair] = set()
    step = 512
    for low in range(0, len(claims), step):
        likeness = rows[low : low + step] @ rows.T
        for r in range(likeness.shape[0]):
            likeness[r, low + r] = -2
            count = min(NEIGHBOURS, len(claims) - 1)
            for k in np.argpartition(-likeness[r], count - 1)[:count] if count else ():
                a, b = claims[low + r], claims[int(k)]
                pairs.add((min(a, b), max(a, b)))
    return sorted(pairs)


def features(view: ThreadView, pairs: Sequence[Pair], links: Sequence[Link]) -> Rows:
    """Give the features of each pair, shape (len(pairs), len(FEATURES)), in order of FEATURES."""
    tied = {(link.source, link.target): link for link in links}
    first = np.array([a for a, _ in pairs])
    second = np.array([b for _, b in pairs])
    likeness = np.einsum("ij,ij->i", view.vectors[first], view.vectors[second])
    usual = _usual_likeness(view)
    claims = sum(d.kind == "claim" for d in view.drafts)
    rows = np.empty((len(pairs), len(FEATURES)))
    for i, (a, b) in enumerate(pairs):
        over = float(likeness[i]) - (usual[a] + usual[b]) / 2
        rows[i] = _pair_features(view, a, b, tied, (float(likeness[i]), over, min(claims, 300)))
    return rows


def _usual_likeness(view: ThreadView) -> Rows:
    """Mean likeness of each draft to all others: how much it speaks of what all speak of."""
    total = view.vectors.sum(0)
    return np.asarray((view.vectors @ total - 1.0) / max(1, len(view.drafts) - 1), np.float64)


def _pair_features(
    view: ThreadView,
    a: int,
    b: int,
    tied: dict[Pair, Link],
    known: tuple[float, float, int],
) -> list[float]:
    da, db = view.drafts[a], view.drafts[b]
    pa, pb = int(view.posts[a]), int(view.posts[b])
    author = view.thread.posts[pa].author
    common = view.stems[a] & view.stems[b]
    lengths = sorted((len(da.text.split()), len(db.text.split())))
    smaller = min(view.mass[a], view.mass[b])
    shared = sum(view.rarity[t] for t in sorted(common))
    ties = [tied[p] for p in ((a, b), (b, a)) if p in tied]
    return [
        known[0],
        known[1],
        view.shared_words(a, b),
        max((view.rarity[t] for t in common), default=0.0),
        view.negated[a] != view.negated[b],
        view.negated[a] and view.negated[b],
        pa == pb,
        author is not None and author == view.thread.posts[pb].author,
        view.answered[pa] == pb or view.answered[pb] == pa,
        min(abs(pa - pb), 50),
        max((t.confidence for t in ties if t.type == "support"), default=0.0),
        max((t.confidence for t in ties if t.type == "attack"), default=0.0),
        *lengths,
        shared / smaller if smaller else 0.0,
        min(da.confidence, db.confidence),
        known[2],
    ]
