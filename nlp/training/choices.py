"""Choose the thresholds of finding and relating: `python -m nlp.training.choices --data DIR ...`.

Run after `nlp.training.unit_model`. On the dev threads, which no weight was fitted on, it chooses
how the unit model's judgements are weighed (by the F1 of claims and evidence), the temperature of
the judge of relations (by likelihood), and the least probability of a relation (by typed F1); real
threads and the project's own count alike. Writes `weights/choices.json` and prints the figures.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import repeats, units
from nlp.encoder import OnnxEncoder
from nlp.evaluation.corpus import read_all
from nlp.evaluation.labelled import LabelledThread
from nlp.evaluation.metrics import IOU, overlap, tokens_of
from nlp.pairs import Pair, candidates
from nlp.relations import Choice, Link, PairScorer, choose
from nlp.segment import segment
from nlp.thread_view import Draft
from nlp.training.views import LabelledView, gold_view
from nlp.units import Decoding, Judgement, UnitModel
from nlp.weights import WEIGHTS
from nlp.weights import choose as write_choice

KINDS = ("claim", "evidence")
EVIDENCE_WEIGHT = 0.25  # of its F1 beside that of claims: one unit in four is evidence
TYPES = ("support", "attack")
# A reply that surely rebuts is tied to its likeliest target, where F1 would have it tied to none:
# that costs 0.002 of typed F1 on the own dev threads and 0.016 on the real ones, and without it
# whole answers stand on the map as if nobody were meant.
ANYTHING = 0.7
GRID = {  # of the decoding, chosen one by one, twice over
    "begin_bias": (-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0),
    "begin_weight": (0.5, 1.0, 2.0, 3.0),
    "claim_bias": (-0.6, -0.3, 0.0, 0.3),
    "evidence_bias": (-0.3, 0.0, 0.3, 0.6),
    "doubted": (0.2, 0.25, 0.3, 0.35, 0.4, 1.01),
}


@dataclass
class Counted:
    """Hits, guesses and gold items, summed."""

    hits: int = 0
    guessed: int = 0
    gold: int = 0

    def add(self, hits: int, guessed: int, gold: int) -> None:
        """Add the counts of one thread."""
        self.hits += hits
        self.guessed += guessed
        self.gold += gold

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0.0 where nothing is right."""
        return 2 * self.hits / max(1, self.guessed + self.gold)


@dataclass(frozen=True)
class Judged:
    """A dev thread and what the unit model makes of it."""

    item: LabelledThread
    judged: dict[str, Judgement]

    @cached_property
    def segmented(self) -> repeats.Segmented:
        """Sentences and barred ranges of each post; the same whatever the decoding."""
        posts = self.item.thread.posts
        return repeats.set_aside(self.item.thread, {p.id: segment(p) for p in posts})

    @cached_property
    def tokens(self) -> dict[str, list[tuple[int, int]]]:
        """Ranges of the words of each post, by which overlaps are counted."""
        return {post.id: tokens_of(post.text) for post in self.item.thread.posts}

    def drafts(self, decoding: Decoding) -> tuple[Draft, ...]:
        """Give the units that are found."""
        return units.draft(self.item.thread, self.segmented, self.judged, decoding)[0]


def matched(thread: Judged, drafts: Sequence[Draft]) -> dict[str, int]:
    """Match gold units with drafts, best overlap first: gold id -> index of the draft."""
    item, tokens = thread.item, thread.tokens
    scored = sorted(
        (-overlap((u.post, u.start, u.end), (d.post, d.start, d.end), tokens[u.post]), u.id, i)
        for u in item.units
        if u.kind in KINDS
        for i, d in enumerate(drafts)
        if d.post == u.post
    )
    found: dict[str, int] = {}
    taken: set[int] = set()
    for negative, mine, theirs in scored:
        if -negative >= IOU and mine not in found and theirs not in taken:
            found[mine] = theirs
            taken.add(theirs)
    return found


def unit_figures(threads: Iterable[Judged], decoding: Decoding) -> dict[str, Counted]:
    """Count found claims and evidence of the right kind."""
    counted = {kind: Counted() for kind in KINDS}
    for thread in threads:
        drafts = thread.drafts(decoding)
        found = matched(thread, drafts)
        kinds = {u.id: u.kind for u in thread.item.units}
        for kind in KINDS:
            counted[kind].add(
                sum(kinds[a] == kind == drafts[b].kind for a, b in found.items()),
                sum(d.kind == kind for d in drafts),
                sum(k == kind for k in kinds.values()),
            )
    return counted


def best_decoding(parts: Sequence[Sequence[Judged]]) -> Decoding:
    """Choose by the F1 of claims, and of evidence for less, over the mean of the parts."""

    def score(decoding: Decoding) -> float:
        figures = [unit_figures(part, decoding) for part in parts]
        return float(np.mean([f["claim"].f1 + EVIDENCE_WEIGHT * f["evidence"].f1 for f in figures]))

    best = Decoding(
        begin_weight=1.0, begin_bias=0.0, claim_bias=0.0, evidence_bias=0.0, doubted=1.01
    )
    for _ in range(2):
        for name, values in GRID.items():
            best = max((replace(best, **{name: value}) for value in values), key=score)
    return best


@dataclass(frozen=True)
class Rated:
    """A view of gold units, its candidate pairs and their probabilities at temperature 1."""

    view: LabelledView
    pairs: list[Pair]
    chances: NDArray[np.float32]


def rate(threads: Iterable[Judged], scorer: PairScorer) -> list[Rated]:
    """Judge the pairs of gold units of threads whose relations are labelled."""
    encoder = OnnxEncoder(WEIGHTS)
    rated = []
    for thread in threads:
        view = gold_view(thread.item, encoder, judged=thread.judged)
        if view is None or not view.relations:
            continue
        pairs = candidates(view.view)
        rated.append(Rated(view, pairs, scorer.probabilities(view.view, pairs)))
    return rated


def relation_figures(rated: Iterable[Rated], choice: Choice) -> dict[str, Counted]:
    """Count right relations by type; "all" counts a pair only with its right type."""
    counted = {kind: Counted() for kind in (*TYPES, "all", "untyped")}
    for one in rated:
        found: Sequence[Link] = choose(one.view.view, one.pairs, one.chances, choice)
        gold = {(a, b, kind) for (a, b), kind in one.view.relations.items()}
        mine = {(link.source, link.target, link.type) for link in found}
        for kind in (*TYPES, "all"):
            wanted = {g for g in gold if kind in (g[2], "all")}
            guessed = {m for m in mine if kind in (m[2], "all")}
            counted[kind].add(len(wanted & guessed), len(guessed), len(wanted))
        plain = {m[:2] for m in mine}
        counted["untyped"].add(len(plain & one.view.relations.keys()), len(plain), len(gold))
    return counted


def likelihood(rated: Iterable[Rated]) -> float:
    """Mean log-probability of what the gold map says of each unit."""
    total, count = 0.0, 0
    for one in rated:
        left = np.ones(len(one.view.view.drafts))
        for (source, _), row in zip(one.pairs, one.chances, strict=True):
            left[source] -= float(row.sum())
        place = {pair: k for k, pair in enumerate(one.pairs)}
        tied = {source for source, _ in one.view.relations}
        for pair, kind in one.view.relations.items():
            if pair in place:
                total += float(np.log(one.chances[place[pair], TYPES.index(kind)] + 1e-6))
                count += 1
        for i in range(len(left)):
            if i not in tied:
                total += float(np.log(max(left[i], 1e-6)))
                count += 1
    return total / max(1, count)


def best_choice(parts: Sequence[Sequence[Rated]]) -> Choice:
    """Choose by the mean of typed F1 over the parts."""
    grid = [
        Choice(round(float(a), 2), round(float(b), 2), ANYTHING)
        for a in np.arange(0.14, 0.31, 0.04)
        for b in np.arange(max(0.22, a), 0.35, 0.04)
    ]
    return max(
        grid, key=lambda c: float(np.mean([relation_figures(part, c)["all"].f1 for part in parts]))
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pasted", type=Path, default=None)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the weights are")
    given = parser.parse_args()
    model = UnitModel(given.weights / "units.onnx")
    held = [i for i in read_all(given.data, given.pasted) if i.held_out and i.points]
    held = [i for i in held if not i.name.startswith("marked/")]  # short chats only measure
    threads = [Judged(item, model.judge(item.thread)) for item in held]
    parts = [[t for t in threads if t.item.real is real] for real in (False, True)]
    decoding = best_decoding(parts)
    write_choice("units", **vars(decoding))
    print(decoding)
    for name, part in zip(("own", "real"), parts, strict=True):
        figures = unit_figures(part, decoding)
        print(f"dev {name}:", " ".join(f"{k} {c.f1:.3f}" for k, c in figures.items()), flush=True)
    scorer = PairScorer(given.weights / "relations.npz")
    scores = {}
    for temperature in (0.7, 0.85, 1.0, 1.2, 1.4, 1.7, 2.0):
        scorer.temperature = temperature
        scores[temperature] = np.mean([likelihood(rate(part, scorer)) for part in parts])
    scorer.temperature = max(scores, key=lambda t: float(scores[t]))
    rated = [rate(part, scorer) for part in parts]
    choice = best_choice(rated)
    write_choice("relations", temperature=scorer.temperature, **vars(choice))
    print(choice, "temperature", scorer.temperature)
    for name, rows in zip(("own", "real"), rated, strict=True):
        figures = relation_figures(rows, choice)
        print(f"dev {name}:", " ".join(f"{k} {c.f1:.3f}" for k, c in figures.items()), flush=True)


if __name__ == "__main__":
    main()
