"""Fit the judge of "the same point": `python -m nlp.training.points --data DIR --pasted FILE`.

Rows are pairs of gold claims with a point, in threads that were grouped as a whole. Run after
`nlp.training.relations`, whose relations are features here. `JOIN_ABOVE` of `nlp.keypoints` is
chosen by B-cubed F1 on the dev threads, which are left out of the fit.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import OnnxEncoder
from nlp.evaluation.clusters import b_cubed
from nlp.evaluation.labelled import read_all
from nlp.forest import Forest
from nlp.keypoints import FEATURES, JOIN_ABOVE, Pair, candidates, features, join
from nlp.relations import relate
from nlp.training.crossfit import load_all
from nlp.training.forest import fit, write
from nlp.training.views import LabelledView, gold_views
from nlp.weights import WEIGHTS


def claims_of(view: LabelledView) -> list[int]:
    """Give the indices of the claims."""
    return [i for i, draft in enumerate(view.view.drafts) if draft.kind == "claim"]


def rows_of(view: LabelledView) -> tuple[list[Pair], NDArray[np.float64], NDArray[np.int64]]:
    """Give the candidate pairs of claims, their features, and whether they make the same point."""
    pairs = candidates(view.view, claims_of(view))
    if not pairs:
        return pairs, np.empty((0, len(FEATURES))), np.empty(0, np.int64)
    same = [view.points[a] is not None and view.points[a] == view.points[b] for a, b in pairs]
    return pairs, features(view.view, pairs, relate(view.view)), np.array(same, np.int64)


def mean_b_cubed(
    views: Iterable[LabelledView], groups: Iterable[Sequence[tuple[int, ...]]]
) -> float:
    """Give the mean B-cubed F1 over threads."""
    scores = []
    for view, found in zip(views, groups, strict=True):
        mine = {m: k for k, group in enumerate(found) for m in group}
        gold = {i: view.points[i] or f"alone {i}" for i in claims_of(view)}
        scores.append(b_cubed(gold, mine)[2])
    return float(np.mean(scores)) if scores else 0.0


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pasted", type=Path, default=None)
    parser.add_argument("--judged", type=Path, default=Path(".training/judged"))
    parser.add_argument("--output", type=Path, default=WEIGHTS / "points.npz")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=100)
    given = parser.parse_args()
    items = [i for i in read_all(given.data, given.pasted) if i.points]
    views = gold_views(items, load_all(items, given.judged), OnnxEncoder(WEIGHTS))
    views = [v for v in views if len(claims_of(v)) > 1]
    parts = [rows_of(view) for view in views]
    inner = [i for i, v in enumerate(views) if not v.item.held_out]
    model = fit(
        np.concatenate([parts[i][1] for i in inner]),
        np.concatenate([parts[i][2] for i in inner]),
        np.concatenate([np.full(len(parts[i][2]), 1 / np.sqrt(len(parts[i][2]))) for i in inner]),
        seed=given.seed,
        rounds=given.rounds,
        leaves=8,
    )
    write(model, FEATURES, given.output)
    forest = Forest(given.output)
    dev = [i for i, v in enumerate(views) if v.item.held_out]
    for real in (True, False):
        keep = [i for i in dev if views[i].item.real is real]
        held = [views[i] for i in keep]
        judged = [(parts[i][0], forest.probabilities(parts[i][1])[:, 0]) for i in keep]
        print(f"dev {'real' if real else 'own'}: {len(keep)} threads; now set {JOIN_ABOVE}")
        for bar in (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 1.01):
            groups = [join(claims_of(v), p, c, bar) for v, (p, c) in zip(held, judged, strict=True)]
            sizes = [len(g) for found in groups for g in found]
            print(
                f"  join above {bar:.2f}: B-cubed {mean_b_cubed(held, groups):.3f}, "
                f"claims a point {np.mean(sizes):.2f}"
            )


if __name__ == "__main__":
    main()
