"""Fit the judge of support and attack: `python -m nlp.training.relations --data DIR --pasted FILE`.

Rows are the candidate pairs of gold units; the unit model's part of the features comes from
judgements of threads it did not see (`nlp.training.crossfit`, run first). The dev threads are left
out of the fit and print the figures; the thresholds of `nlp.relations.Choice` are chosen on them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import OnnxEncoder
from nlp.evaluation.labelled import read_all
from nlp.forest import Forest
from nlp.relations import (
    ATTACK,
    FEATURES,
    NONE,
    SUPPORT,
    Choice,
    Link,
    Pair,
    candidates,
    choose,
    features,
)
from nlp.training.crossfit import load_all
from nlp.training.forest import fit, write
from nlp.training.views import LabelledView, gold_views
from nlp.weights import WEIGHTS

# A gold pair that the candidates miss counts as missed in every figure printed here.


@dataclass(frozen=True)
class Counted:
    """Hits, guesses and gold relations of one type (or of both)."""

    hits: int
    guessed: int
    gold: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0.0 where nothing is right."""
        return 2 * self.hits / max(1, self.guessed + self.gold)


def rows_of(view: LabelledView) -> tuple[list[Pair], NDArray[np.float64], NDArray[np.int64]]:
    """Give the candidate pairs of a view, their features and their labels."""
    pairs = candidates(view.view)
    if not pairs:
        return pairs, np.empty((0, len(FEATURES))), np.empty(0, np.int64)
    number = {"support": SUPPORT, "attack": ATTACK}
    labels = [number.get(view.relations.get(pair, ""), NONE) for pair in pairs]
    return pairs, features(view.view, pairs), np.array(labels, np.int64)


def count(
    views: Iterable[LabelledView], links: Iterable[Sequence[Link]], kind: str | None
) -> Counted:
    """Count right relations; with `kind` None the type does not matter."""
    hits = guessed = gold = 0
    for view, found in zip(views, links, strict=True):
        wanted = {p: k for p, k in view.relations.items() if kind is None or k == kind}
        mine = {(link.source, link.target) for link in found if kind in (None, link.type)}
        hits += len(mine & wanted.keys())
        guessed += len(mine)
        gold += len(wanted)
    return Counted(hits, guessed, gold)


def typed(views: Sequence[LabelledView], links: Sequence[Sequence[Link]]) -> float:
    """Micro F1 over both types: a pair counts only with its right type."""
    both = [count(views, links, kind) for kind in ("support", "attack")]
    hits = sum(c.hits for c in both)
    return 2 * hits / max(1, sum(c.guessed + c.gold for c in both))


def best_choice(
    views: Sequence[LabelledView], judged: Sequence[tuple[list[Pair], NDArray[np.float64]]]
) -> tuple[float, Choice]:
    """Choose the thresholds by the mean of typed F1 on real and on own threads."""
    best = (-1.0, Choice())
    for threshold in np.arange(0.1, 0.61, 0.05):
        for second in np.arange(max(0.3, threshold), 0.96, 0.1):
            choice = Choice(round(float(threshold), 2), round(float(second), 2))
            links = [choose(v.view, p, c, choice) for v, (p, c) in zip(views, judged, strict=True)]
            parts = []
            for real in (True, False):
                keep = [i for i, v in enumerate(views) if v.item.real is real]
                if keep:
                    parts.append(typed([views[i] for i in keep], [links[i] for i in keep]))
            best = max(best, (float(np.mean(parts)), choice), key=lambda b: b[0])
    return best


def report(views: Sequence[LabelledView], links: Sequence[Sequence[Link]], title: str) -> None:
    """Print the figures of one part."""
    line = " ".join(
        f"{kind or 'untyped'} {count(views, links, kind).f1:.3f}"
        for kind in ("support", "attack", None)
    )
    print(f"{title}: typed {typed(views, links):.3f} {line}", flush=True)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pasted", type=Path, default=None)
    parser.add_argument("--judged", type=Path, default=Path(".training/judged"))
    parser.add_argument("--output", type=Path, default=WEIGHTS / "relations.npz")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=150)
    given = parser.parse_args()
    items = read_all(given.data, given.pasted)
    views = [
        v
        for v in gold_views(items, load_all(items, given.judged), OnnxEncoder(WEIGHTS))
        if v.relations
    ]
    parts = [rows_of(view) for view in views]
    inner = [i for i, v in enumerate(views) if not v.item.held_out]
    model = fit(
        np.concatenate([parts[i][1] for i in inner]),
        np.concatenate([parts[i][2] for i in inner]),
        seed=given.seed,
        rounds=given.rounds,
    )
    write(model, FEATURES, given.output)
    forest = Forest(given.output)
    dev = [i for i, v in enumerate(views) if v.item.held_out]
    held = [views[i] for i in dev]
    judged = [(parts[i][0], forest.probabilities(parts[i][1])) for i in dev]
    reached = sum(len(v.relations.keys() & set(p)) for v, (p, _) in zip(held, judged, strict=True))
    print(f"candidates reach {reached / sum(len(v.relations) for v in held):.3f} of gold pairs")
    score, choice = best_choice(held, judged)
    print(f"chosen on dev: {choice} (mean typed F1 {score:.3f}); now set: {Choice()}")
    for name, chosen in (("chosen", choice), ("set", Choice())):
        links = [choose(v.view, p, c, chosen) for v, (p, c) in zip(held, judged, strict=True)]
        for real in (True, False):
            keep = [i for i, v in enumerate(held) if v.item.real is real]
            title = f"dev {'real' if real else 'own'}, {name}"
            report([held[i] for i in keep], [links[i] for i in keep], title)


if __name__ == "__main__":
    main()
