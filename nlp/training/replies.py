"""Fit `replies.npz`, the reply finder, on annotated IRC logs: `python -m nlp.training.replies`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.evaluation.irc import Log, evaluate, read_logs, timeless
from nlp.replies import FEATURES, Rows, Talk
from nlp.training import forest
from nlp.weights import WEIGHTS

NEAR = 12  # candidates this near are all kept for training
FAR = 8  # of the further ones, this many are drawn


def _pairs(log: Log, draw: np.random.Generator) -> Iterator[tuple[Rows, NDArray[np.int64]]]:
    """Give the rows of each judged message with their labels, thinned far from the message."""
    for i, (first, rows) in enumerate(Talk(log.posts).rows()):
        gold = log.links.get(log.lines[i])
        if gold is None:
            continue
        lines = [*log.lines[first:i], log.lines[i]]
        labels = np.array([line in gold for line in lines], np.int64)
        keep = np.arange(len(rows)) >= len(rows) - 1 - NEAR
        far = np.flatnonzero(~keep)
        if len(far) > FAR:
            far = draw.choice(far, FAR, replace=False)
        keep[far] = True
        keep |= labels == 1
        yield rows[keep], labels[keep]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and dev/")
    parser.add_argument("--output", type=Path, default=WEIGHTS / "replies.npz")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--leaves", type=int, default=31)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    draw = np.random.default_rng(given.seed)
    rows: list[Rows] = []
    labels: list[NDArray[np.int64]] = []
    for number, log in enumerate(read_logs(given.data / "train")):
        # every fifth log without its times: other chats have none
        for block, truth in _pairs(timeless(log) if number % 5 == 4 else log, draw):
            rows.append(block)
            labels.append(truth)
    table = np.concatenate(rows).astype(np.float64)
    print(f"{len(rows)} messages, {len(table)} pairs", flush=True)
    model = forest.fit(
        table, np.concatenate(labels), seed=given.seed,
        rounds=given.rounds, rate=0.08, leaves=given.leaves,
    )  # fmt: skip
    forest.write(model, FEATURES, given.output)
    print(json.dumps(evaluate(given.data / "dev"), indent=2))


if __name__ == "__main__":
    main()
