"""Fit the judge of "the same point": `python -m nlp.training.points --data DIR --pasted FILE`.

Rows are pairs of gold claims with a point, in threads that were grouped as a whole. Most of these
threads trained the encoder too, so its likeness is a little surer on them than on new ones; three
times the threads are worth more than that. What likeness alone says of a pair (`keypoints.Alike`)
is fitted on the pairs of the same polarity that are at least ALIKE alike.

The bars above which groups join are chosen by cross-validation over these threads: for crowds
(`keypoints.crowded`) by B-cubed F1. In other threads hardly anything is said twice, and B-cubed F1
is all but the same whatever is joined; there it is the lowest bar at which PRECISE of the pairs
that meet in a point do make one, since "three people say this" has to be true. Figures are those of
the dev threads.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import OnnxEncoder
from nlp.evaluation.clusters import b_cubed
from nlp.evaluation.corpus import read_all
from nlp.forest import Forest
from nlp.keypoints import (
    ALIKE,
    FEATURES,
    Alike,
    ClaimPairs,
    Pair,
    candidates,
    crowded,
    join,
    of_two_people,
    settled,
)
from nlp.tongue import tongue_of
from nlp.training.forest import fit, write
from nlp.training.views import LabelledView, gold_view
from nlp.weights import WEIGHTS, choose

FOLDS = 4
BARS = tuple(round(0.14 + 0.04 * k, 2) for k in range(16))
PRECISE = 2 / 3  # of the pairs in one group, outside crowds; real threads and others count alike


@dataclass(frozen=True)
class Case:
    """One thread: its claims, the pairs of them, their features, and whether they are the same."""

    view: LabelledView
    claims: list[int]
    pairs: list[Pair]
    rows: NDArray[np.float64]
    same: NDArray[np.int64]

    def crowded(self, chances: NDArray[np.float64]) -> bool:
        """Whether grouping will take it for a crowd."""
        others = np.where(of_two_people(self.rows), chances, 0.0)
        return crowded(self.pairs, others, len(self.claims))

    @property
    def fold(self) -> int:
        """The part of the cross-validation."""
        return hashlib.sha256(self.view.item.name.encode()).digest()[1] % FOLDS

    @cached_property
    def gold(self) -> dict[int, str]:
        """The point of each claim; a name of its own for a claim without one."""
        return {i: self.view.points[i] or f"alone {i}" for i in self.claims}

    def score(self, chances: NDArray[np.float64], bar: float) -> float:
        """Give the B-cubed F1 of the groups at a bar."""
        found = join(self.claims, self.pairs, chances, bar)
        return b_cubed(self.gold, {m: k for k, group in enumerate(found) for m in group})[2]

    def joined(self, chances: NDArray[np.float64], bar: float) -> NDArray[np.int64]:
        """Count the pairs in one group at a bar, shape (2,): those of one point, and all."""
        found = join(self.claims, self.pairs, chances, bar)
        met = [pair for group in found for pair in combinations(group, 2)]
        same = [self.gold[a] == self.gold[b] for a, b in met]
        return np.array([sum(same), len(same)])


def case_of(view: LabelledView) -> Case | None:
    """Make the case of a thread; None when it has fewer than two claims."""
    claims = [i for i, draft in enumerate(view.view.drafts) if draft.kind == "claim"]
    pairs = candidates(view.view, claims)
    if not pairs:
        return None
    same = [view.points[a] is not None and view.points[a] == view.points[b] for a, b in pairs]
    rows = ClaimPairs(view.view, claims).features(pairs)
    return Case(view, claims, pairs, rows, np.array(same, np.int64))


def fit_cases(cases: Sequence[Case], seed: int, rounds: int) -> Any:
    """Fit the trees; a thread weighs as the root of its pairs, or long ones would drown others."""
    return fit(
        np.concatenate([c.rows for c in cases]),
        np.concatenate([c.same for c in cases]),
        np.concatenate([np.full(len(c.same), 1 / np.sqrt(len(c.same))) for c in cases]),
        seed=seed,
        rounds=rounds,
        leaves=8,
    )


def fit_alike(cases: Sequence[Case]) -> Alike:
    """Fit what likeness alone says of pairs that are much alike, none of them negated."""
    from sklearn.linear_model import LogisticRegression

    rows = np.concatenate([c.rows for c in cases])
    same = np.concatenate([c.same for c in cases])
    likeness = rows[:, FEATURES.index("likeness")]
    near = (likeness >= ALIKE) & (rows[:, FEATURES.index("negation differs")] == 0)
    model = LogisticRegression(C=1e4).fit(likeness[near, None], same[near])
    slope = float(model.coef_[0, 0])
    return Alike(middle=round(-float(model.intercept_[0]) / slope, 3), slope=round(slope, 1))


def mean_scores(cases: Iterable[Case], chances: Iterable[NDArray[np.float64]]) -> NDArray[Any]:
    """Give the mean B-cubed F1 at each of BARS, and at one that joins nothing."""
    scores = [
        [case.score(found, bar) for bar in (*BARS, 1.01)]
        for case, found in zip(cases, chances, strict=True)
    ]
    return np.mean(scores, axis=0) if scores else np.zeros(len(BARS) + 1)


def precisions(
    cases: Sequence[Case], chances: Sequence[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Give for each of BARS the share of right pairs in groups: mean of real threads and others."""
    parts = []
    for real in (True, False):
        counts = [
            [case.joined(found, bar) for bar in BARS]
            for case, found in zip(cases, chances, strict=True)
            if case.view.item.real is real
        ]
        if counts:
            right, met = np.sum(counts, axis=0).T
            parts.append(right / np.maximum(met, 1))
    return np.asarray(np.mean(parts, axis=0))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pasted", type=Path, default=None)
    parser.add_argument("--output", type=Path, default=WEIGHTS / "points.npz")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=90)
    given = parser.parse_args()
    encoder = OnnxEncoder(WEIGHTS)
    # To the encoder, which knows English, all that is Greek is alike.
    known = [i for i in read_all(given.data, given.pasted) if tongue_of(i.thread) == "en"]
    items = [i for i in known if i.points]
    views = [view for item in items if (view := gold_view(item, encoder)) is not None]
    cases = [case for view in views if (case := case_of(view)) is not None]
    inner = [c for c in cases if not c.view.item.held_out]
    alike = fit_alike(inner)
    print(alike)
    chances: dict[str, NDArray[np.float64]] = {}
    for fold in range(FOLDS):
        model = fit_cases([c for c in inner if c.fold != fold], given.seed, given.rounds)
        for case in inner:
            if case.fold == fold:
                found = model.predict_proba(case.rows)[:, 1]
                chances[case.view.item.name] = settled(case.rows, found, alike)
    chosen = {}
    for in_crowds, name in ((True, "join_above, crowds"), (False, "join_above")):
        part = [c for c in inner if c.crowded(chances[c.view.item.name]) is in_crowds]
        mean = mean_scores(part, [chances[c.view.item.name] for c in part])
        sure = precisions(part, [chances[c.view.item.name] for c in part])
        enough = mean[:-1] >= mean[:-1].max() if in_crowds else sure >= PRECISE
        place = int(np.flatnonzero(enough)[0]) if enough.any() else len(BARS) - 1
        chosen[name] = BARS[place]
        print(
            f"{name} {BARS[place]:.2f}: {len(part)} fitted threads, crossed: {mean[place]:.3f}, "
            f"none {mean[-1]:.3f}, right pairs {sure[place]:.2f}"
        )
    write(fit_cases(inner, given.seed, given.rounds), FEATURES, given.output)
    choose("points", **chosen)
    choose("alike", **vars(alike))
    report([c for c in cases if c.view.item.held_out], Forest(given.output), alike)


def report(held: Sequence[Case], forest: Forest, alike: Alike) -> None:
    """Print the figures of the dev threads, at the bar that was chosen and at the others."""

    def chances(case: Case) -> NDArray[np.float64]:
        return settled(case.rows, forest.probabilities(case.rows)[:, 0], alike)

    groups = {
        "dev real": [c for c in held if c.view.item.real],
        "dev own": [c for c in held if not c.view.item.real],
        "dev own crowds": [c for c in held if c.crowded(chances(c))],
    }
    for name, part in groups.items():
        means = mean_scores(part, [chances(c) for c in part])
        row = " ".join(f"{bar:.2f}:{mean:.3f}" for bar, mean in zip(BARS, means, strict=False))
        print(f"{name}, {len(part)} threads: alone {means[-1]:.3f}; {row}")


if __name__ == "__main__":
    main()
