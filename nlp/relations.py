"""What supports and attacks what: candidate pairs from structure and meaning, then a judgement.

A small network (`relations.npz`, fitted together with the unit model by
`nlp.training.unit_model`) reads, for each ordered pair, what the unit model made of both units'
words in their context, how near their points are, and the features of `nlp.pairs`. All targets of a
unit compete in one softmax, with "bears on nothing here" among them; a unit keeps its most likely
targets, at most MAX_TARGETS.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import cues
from nlp.harmless import agreed, side_by_side
from nlp.model import RelationType, Span
from nlp.pairs import Pair, PairFeatures, Rows, candidates, slices
from nlp.thread_view import Draft, ThreadView
from nlp.weights import WEIGHTS, choices

MAX_TARGETS = 2  # the guide of the gold maps: the most direct ones, at most two a unit
LEAST_CHANCE = 0.05  # below it a target is never looked at
NEAR_HEAD = 60  # characters from a unit's begin in which a connective shows what it does
WEAK = frozenset("as see so since consider".split())  # within a sentence they mostly show nothing
NEAR_TURN = 40  # characters from what is granted to the "but"
# Who attacks a claim this surely does not make its point; on dev threads 0.3 to 0.6 are all one.
SURE = 0.4
SUPPORT, ATTACK = range(2)
# How much what a unit does to a post in all weighs beside the chance of one target. The dev threads
# hardly tell 0 from 1.5 (typed F1 0.593 and 0.595 on the project's own, 0.348 and 0.338 on real
# ones); with less, a reply that rebuts a post whose claims share the chance is tied to a neighbour.
POST_WEIGHT = 1.5


@dataclass(frozen=True)
class Link:
    """A judged pair of drafts (indices), with the words that show it, if any."""

    source: int
    target: int
    type: RelationType
    confidence: float
    cue: Span | None


@dataclass(frozen=True)
class Related:
    """What bears on what: the links that are kept, and how much bears on each draft in all.

    `mass` (n, 2) is the expected number of drafts that support, and that attack, each draft: it
    counts what is likely, also where no single link is sure enough to be kept.
    """

    links: list[Link]
    mass: Rows

    def attacks(self) -> set[Pair]:
        """Give the pairs (source, target) of which the one surely attacks the other."""
        return {
            (link.source, link.target)
            for link in self.links
            if link.type == "attack" and link.confidence >= SURE
        }


@dataclass(frozen=True)
class Choice:
    """When a pair is kept: least probability of a unit's best target, and of its second.

    `anything` is the least probability that a unit bears on anything at all with which its best
    target is kept however unsure it is, if it stands in the same post or the one that is answered:
    a rebuttal of a whole post is tied to some claim of it.
    """

    threshold: float
    second: float
    anything: float


class PairScorer:
    """The shipped judge of pairs, run with numpy."""

    def __init__(self, file: Path = WEIGHTS / "relations.npz") -> None:
        with np.load(file, allow_pickle=False) as stored:
            self._w = {name: stored[name] for name in stored.files}
        chosen = choices()["relations"]
        self.choice = Choice(chosen["threshold"], chosen["second"], chosen["anything"])
        self.temperature = chosen["temperature"]

    def probabilities(self, view: ThreadView, pairs: Sequence[Pair]) -> Rows:
        """Give the probabilities of support and of attack, shape (len(pairs), 2).

        Over all pairs of one source they sum to at most 1; the rest is "bears on nothing here".
        """
        known = PairFeatures(view)
        bearing, points = view.bearings, view.points
        w = self._w
        own = (known.own - w["own_mean"]) / w["own_scale"]
        units = np.concatenate([bearing, own], axis=1).astype(np.float32)
        as_source, as_target = units @ w["source"], units @ w["target"]
        alone = np.maximum(units @ w["alone"] + w["alone_bias"], 0.0)
        nothing = (alone @ w["alone_out"] + w["alone_out_bias"])[:, 0] / self.temperature
        out = np.empty((len(pairs), 2), np.float32)
        for low, high in slices(pairs):
            part = pairs[low:high]
            s, t = np.array(part, np.int64).T
            closeness = np.einsum("ij,ij->i", points[s], points[t])
            features = (known.of(part) - w["pair_mean"]) / w["pair_scale"]
            features = np.concatenate([features, closeness[:, None]], axis=1)
            hidden = as_source[s] + as_target[t] + (bearing[s] * bearing[t]) @ w["product"]
            hidden = np.maximum(hidden + features @ w["pair"] + w["bias"], 0.0)
            out[low:high] = (hidden @ w["out"] + w["out_bias"]) / self.temperature
            out[low:high] = _softmax_by_source(out[low:high], s, nothing)
        if len(pairs):
            agrees = agreed(view, pairs)
            out[agrees, SUPPORT] += out[agrees, ATTACK]
            out[agrees | side_by_side(view, pairs), ATTACK] = 0.0
        return out


def _softmax_by_source(odds: Rows, sources: NDArray[np.int64], nothing: Rows) -> Rows:
    """Softmax over both types of all pairs of a source, and its `nothing`."""
    first = np.flatnonzero(np.diff(sources, prepend=-1))
    counts = np.diff(np.append(first, len(sources)))
    none = nothing[sources[first]]
    top = np.maximum(np.maximum.reduceat(odds.max(1), first), none)
    raised = np.exp(odds - np.repeat(top, counts)[:, None])
    total = np.add.reduceat(raised.sum(1), first) + np.exp(none - top)
    return np.asarray(raised / np.repeat(total, counts)[:, None], np.float32)


@cache
def default_scorer() -> PairScorer:
    """Give the shipped judge of pairs, loaded once."""
    return PairScorer()


def relate(
    view: ThreadView, choice: Choice | None = None, scorer: PairScorer | None = None
) -> Related:
    """Give the relations of a thread's drafts; the links are by source and confidence."""
    mass = np.zeros((len(view.drafts), 2), np.float32)
    pairs = candidates(view)
    if not pairs:
        return Related([], mass)
    scorer = scorer or default_scorer()
    chances = scorer.probabilities(view, pairs)
    np.add.at(mass, np.array(pairs, np.int64)[:, 1], chances)
    return Related(choose(view, pairs, chances, choice or scorer.choice), mass)


def choose(view: ThreadView, pairs: Sequence[Pair], chances: Rows, choice: Choice) -> list[Link]:
    """Keep for each source its best targets; a pair is never tied both ways.

    Targets are ranked by their chance times what the source does to that post in all: that a reply
    rebuts a post is surer than which claim of it, and many claims share the chance of being meant.
    """
    ends = np.array(pairs, np.int64)
    bears = np.zeros(len(view.drafts))
    np.add.at(bears, ends[:, 0], chances.sum(1))
    places = np.stack([ends[:, 0], view.posts[ends[:, 1]]], axis=1)
    _, place = np.unique(places, axis=0, return_inverse=True)
    done = np.zeros((int(place.max()) + 1, 2))
    np.add.at(done, place.ravel(), chances)
    weights = chances * done[place.ravel()] ** POST_WEIGHT
    kinds = weights.argmax(1)
    rows = np.arange(len(pairs))
    chance, weight = chances[rows, kinds], np.round(weights[rows, kinds], 6)
    by_source: dict[int, list[tuple[float, int, float, int]]] = {}
    for i in np.flatnonzero(chance >= LEAST_CHANCE):
        source, target = pairs[int(i)]
        row = (-float(weight[i]), target, round(float(chance[i]), 6), int(kinds[i]))
        by_source.setdefault(source, []).append(row)
    ranked = sorted(
        (-chance, rank, source, target, kind)
        for source, found in by_source.items()
        for rank, (_, target, chance, kind) in enumerate(sorted(found))
        if rank < MAX_TARGETS
        and (
            chance >= (choice.second if rank else choice.threshold)
            or (rank == 0 and bears[source] >= choice.anything and _is_near(view, source, target))
        )
    )
    kept: dict[Pair, Link] = {}
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


def with_concessions(view: ThreadView, links: Iterable[Link]) -> list[Link]:
    """Give links, and beside each attack that grants something first, the support that it grants.

    Not for the crux to count: whoever says "true, but ..." is against.
    """
    return [both for link in links for both in _conceded(view, link)]


def _conceded(view: ThreadView, link: Link) -> tuple[Link, ...]:
    """Give an attack that grants something first ("true, but ...") as both, each with its cue."""
    draft = view.drafts[link.source]
    if link.type == "support":
        return (link,)
    text = view.thread.posts[view.order[draft.post]].text
    for start in (draft.start, draft.start - len(draft.before)):
        granted = cues.CONCESSION.match(text, max(0, start), draft.end)
        turned = granted and cues.CONTRAST.search(text, granted.end(), draft.end)
        if granted and turned and turned.start() - granted.end("cue") <= NEAR_TURN:
            yes = Span(post=draft.post, start=granted.start("cue"), end=granted.end("cue"))
            but = Span(post=draft.post, start=turned.start("cue"), end=turned.end("cue"))
            return replace(link, cue=but), replace(link, type="support", cue=yes)
    return (link,)


def _is_near(view: ThreadView, source: int, target: int) -> bool:
    """Whether a target stands in the source's post or in the post that this one answers."""
    post, other = int(view.posts[source]), int(view.posts[target])
    return other in (post, view.answered[post])


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
        for found in pattern.finditer(text, low, draft.end):
            if found.start("cue") >= draft.start + NEAR_HEAD:
                break
            if found["cue"].lower() not in WEAK:
                return Span(post=draft.post, start=found.start("cue"), end=found.end("cue"))
    return None
