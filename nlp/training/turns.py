"""Fit `turns.npz`, which judges hidden links in copied pages: `python -m nlp.training.turns`.

Reads what `python -m bot.guesses FOLDER... FILE` wrote; the dev threads are left out of the fit.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.evaluation.labelled import dev_names
from nlp.model import Post, Thread
from nlp.training import forest
from nlp.turns import FEATURES, Page
from nlp.weights import WEIGHTS

FOLDS = 5


@dataclass(frozen=True)
class Known:
    """A thread with its guessed links, and the place that each post truly answers (-1: none)."""

    name: str
    thread: Thread
    truth: tuple[int, ...]


def read(file: Path) -> list[Known]:
    """Read the threads that `bot.guesses` wrote."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        posts = tuple(
            Post(
                id=p["id"],
                author=p["author"],
                text=p["text"],
                reply_to=p["reply_to"],
                reply_inferred=p["guessed"],
            )
            for p in row["posts"]
        )  # fmt: skip
        place = {post.id: i for i, post in enumerate(posts)}
        truth = tuple(-1 if a is None else place[a] for a in row["answers"])
        thread = Thread(id=row["name"], platform=row["platform"], posts=posts)
        found.append(Known(row["name"], thread, truth))
    return found


def examples(known: Known) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give the rows of every guessed post whose true target is known, with their labels."""
    page = Page(known.thread)
    place = {post.id: i for i, post in enumerate(known.thread.posts)}
    links = list(known.truth)
    rows, labels = [np.empty((0, len(FEATURES)))], [np.empty(0, np.int64)]
    for i, post in enumerate(known.thread.posts):
        if post.reply_inferred and i and 0 <= known.truth[i] < i:
            candidates, block = page.rows(i, links, guess=place[post.reply_to or ""])
            rows.append(block.astype(np.float64))
            labels.append((candidates == known.truth[i]).astype(np.int64))
    return np.concatenate(rows), np.concatenate(labels)


def score(model: object, threads: list[Known]) -> tuple[int, int, int]:
    """Count the posts judged, those the guess has right, and those the model has right."""
    judged = by_rule = by_model = 0
    for known in threads:
        page = Page(known.thread)
        place = {post.id: i for i, post in enumerate(known.thread.posts)}
        links = [-1 if p.reply_to is None else place[p.reply_to] for p in known.thread.posts]
        for i, post in enumerate(known.thread.posts):
            if not post.reply_inferred or not i:
                continue
            guess = links[i]
            candidates, rows = page.rows(i, links, guess=guess)
            raw = model.decision_function(rows.astype(np.float64))  # type: ignore[attr-defined]
            links[i] = int(candidates[int(np.argmax(raw))])
            if known.truth[i] >= 0:
                judged += 1
                by_rule += guess == known.truth[i]
                by_model += links[i] == known.truth[i]
    return judged, by_rule, by_model


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guesses", type=Path, required=True, help="what bot.guesses wrote")
    parser.add_argument("--output", type=Path, default=WEIGHTS / "turns.npz")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--leaves", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    threads = read(given.guesses)
    held = [t for t in threads if t.name in dev_names()]
    rest = [t for t in threads if t.name not in dev_names()]

    def fitted(some: list[Known]) -> object:
        rows, labels = zip(*map(examples, some), strict=True)
        return forest.fit(
            np.concatenate(rows), np.concatenate(labels), seed=given.seed,
            rounds=given.rounds, rate=0.05, leaves=given.leaves,
        )  # fmt: skip

    folds = []
    for f in range(FOLDS):
        model = fitted([t for k, t in enumerate(rest) if k % FOLDS != f])
        folds.append(score(model, rest[f::FOLDS]))
    _say("cross-fitted", *(sum(column) for column in zip(*folds, strict=True)))
    model = fitted(rest)
    _say("held out", *score(model, held))
    forest.write(model, FEATURES, given.output)


def _say(part: str, judged: int, by_rule: int, by_model: int) -> None:
    print(f"{part}: {judged} links, rule {by_rule / judged:.3f}, model {by_model / judged:.3f}")


if __name__ == "__main__":
    main()
