"""Fit what marks the crux: `python -m nlp.training.crux --data DIR --pasted FILE`.

A conditional logit chooses one group of a thread, as the gold map does; groups, relations and units
are those of the shipped pipeline. Writes the weights to `weights/choices.json`, and prints by
five-fold cross-validation over threads how often the gold crux is hit, next to two plain rules.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from nlp import crux, keypoints, repeats, units
from nlp.encoder import Encoder, OnnxEncoder
from nlp.evaluation.corpus import read_all
from nlp.evaluation.labelled import LabelledThread
from nlp.evaluation.metrics import IOU, overlap, tokens_of
from nlp.relations import relate
from nlp.segment import segment
from nlp.thread_view import ThreadView
from nlp.weights import WEIGHTS, choose

FOLDS = 5
REAL_WEIGHT = 4.0  # of a thread that people really wrote: there are ten times as many of ours


@dataclass(frozen=True)
class Case:
    """The groups of one thread: features (n, f), whether each holds a claim of the gold crux."""

    item: LabelledThread
    rows: NDArray[np.float64]
    hits: NDArray[np.float64]
    divided: NDArray[np.float64]


def case_of(item: LabelledThread, encoder: Encoder) -> Case | None:
    """Map a thread as the pipeline does; None when its gold crux is none or not found."""
    thread = item.thread
    segmented = repeats.set_aside(thread, {p.id: segment(p) for p in thread.posts})
    drafts, _ = units.draft(thread, segmented, units.default_model().judge(thread))
    gold = [(u.post, u.start, u.end) for u in item.units if item.crux and u.point == item.crux]
    if not drafts or not gold:
        return None
    view = ThreadView(thread, drafts, encoder.encode([d.text for d in drafts]))
    related = relate(view)
    groups = keypoints.group(view, related.attacks())
    tokens = {p.id: tokens_of(p.text) for p in thread.posts}
    spans = [(d.post, d.start, d.end) for d in drafts]
    hits = np.array(
        [
            any(overlap(spans[m], g, tokens[g[0]]) >= IOU for m in group for g in gold)
            for group in groups
        ],
        np.float64,
    )
    issue = crux.issue_of(view)
    asked = None if issue is None else encoder.encode([issue.text])[0]
    divided = np.array(
        [bool(p and c) for p, c in crux.sides(view, groups, related.links)], np.float64
    )
    return Case(item, crux.features(view, groups, related, asked), hits, divided)


def fit(cases: Sequence[Case], penalty: float = 1.0) -> NDArray[np.float64]:
    """Fit the weights by maximum likelihood with an L2 penalty."""

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = penalty * float(weights @ weights) / 2, penalty * weights
        for case in cases:
            scores = case.rows @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            right = float(share @ case.hits)
            weight = REAL_WEIGHT if case.item.real else 1.0
            value -= weight * float(np.log(right))
            slope = slope - weight * case.rows.T @ (share * case.hits / right - share)
        return value, slope

    start = np.zeros(len(crux.FEATURES))
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def hit(case: Case, scores: NDArray[np.float64]) -> float:
    """Whether the best group among those that divide people is the gold one."""
    allowed = np.where(case.divided > 0, scores, -np.inf)
    return float(case.hits[int(allowed.argmax())]) if case.divided.any() else 0.0


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pasted", type=Path, default=None)
    given = parser.parse_args()
    encoder = OnnxEncoder(WEIGHTS)
    found = [case_of(t, encoder) for t in read_all(given.data, given.pasted) if t.points]
    cases = [c for c in found if c is not None]
    usable = [c for c in cases if c.hits.any()]
    fold = {c.item.name: hashlib.sha256(c.item.name.encode()).digest()[0] % FOLDS for c in cases}
    learned = {}
    for number in range(FOLDS):
        weights = fit([c for c in usable if fold[c.item.name] != number])
        for case in cases:
            if fold[case.item.name] == number:
                learned[case.item.name] = hit(case, case.rows @ weights)
    for real in (True, False):
        part = [c for c in cases if c.item.real is real]
        first = [hit(c, -np.arange(len(c.hits), dtype=np.float64)) for c in part]
        most = [hit(c, c.rows[:, 1]) for c in part]
        print(
            f"{'real' if real else 'own'}, {len(part)} threads: learned "
            f"{np.mean([learned[c.item.name] for c in part]):.3f}, first divided point "
            f"{np.mean(first):.3f}, most attacked {np.mean(most):.3f}"
        )
    inner = [c for c in usable if not c.item.held_out]
    choose("crux", **dict(zip(crux.FEATURES, fit(inner).tolist(), strict=True)))


if __name__ == "__main__":
    main()
