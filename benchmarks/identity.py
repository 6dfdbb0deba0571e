"""When is a key point that returns the same one: `python -m benchmarks.identity --data DIR`.

DIR holds `gold` (threads with gold maps; the crowds `t7-*` make each point many times) and
`datasets/similarity/sim_argkp.jsonl`. Two trials, with the encoder in use:

- crowds: every crowd is cut in the middle; the points of all first halves are what one server
  knows, those of a second half are a new map. It is right to recognise the gold's own point.
- key points: what the server knows are the key points of ArgKP's dev topics, new are arguments.

Chosen is the certainty (see `bot.store.identity`) with the best F0.25 (a wrong join is worse than a
missed one), averaged over both trials. `--write` keeps it, with its figures and encoder, in
`bot/store/identity.json`.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.store.identity import CHOSEN, recognise, says_enough
from bot.store.store import encoder_name
from bot.store.vectors import Matrix, Rows, mean
from nlp.encoder import default_encoder

BARS = [round(0.5 + 0.02 * i, 2) for i in range(41)]
BETA = 0.25


@dataclass(frozen=True)
class New:
    """New points that come together, and the known points that each of them really is."""

    rows: Rows
    texts: list[list[str]]
    right: list[set[int]]


@dataclass(frozen=True)
class Trial:
    """What a server knows, and what comes."""

    known: Matrix
    news: list[New]


@dataclass(frozen=True)
class Figures:
    """How many were rightly recognised, of those joined, of those that should be."""

    precision: float
    recall: float

    @property
    def f(self) -> float:
        """F-measure with precision four times as heavy."""
        weight = BETA**2
        total = weight * self.precision + self.recall
        return (1 + weight) * self.precision * self.recall / total if total else 0.0


def _means(texts: list[list[str]]) -> Rows:
    """Give the mean vector of each point."""
    flat = [text for group in texts for text in group]
    vectors = default_encoder().encode(flat)
    rows, low = [], 0
    for group in texts:
        rows.append(mean(vectors[low : low + len(group)]))
        low += len(group)
    return np.stack(rows)


def _matrix(texts: list[list[str]]) -> Matrix:
    names = np.array([group[0] for group in texts], np.object_)
    return Matrix().merged(0, range(len(texts)), _means(texts).astype(np.float16), list(names))


def crowds(folder: Path) -> Trial:
    """Cut every crowd in the middle."""
    known: list[list[str]] = []
    number: dict[tuple[str, str], int] = {}
    later: list[tuple[str, dict[str, list[str]]]] = []
    for file in sorted(folder.glob("t7-*.gold.json")):
        gold = json.loads(file.read_text(encoding="utf-8"))
        claims = [u for u in gold["units"] if u["kind"] == "claim"]
        middle = sorted(u["post"] for u in claims)[len(claims) // 2]
        halves: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
        for unit in claims:
            half = halves[unit["post"] >= middle]
            half.setdefault(unit["point"], []).append(unit["quote"])
        for point, texts in halves[0].items():
            number[file.stem, point] = len(known)
            known.append(texts)
        later.append((file.stem, halves[1]))
    news = []
    for stem, half in later:
        right = [{number[stem, p]} if (stem, p) in number else set() for p in half]
        texts = list(half.values())
        news.append(New(_means(texts), texts, right))
    return Trial(_matrix(known), news)


def key_points(file: Path) -> Trial:
    """Arguments of ArgKP's dev topics, one at a time, among the key points of all of them."""
    right: dict[str, set[str]] = defaultdict(set)
    points: dict[str, None] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == "dev":
            points[row["b"]] = None
            right[row["a"]] |= {row["b"]} if row["label"] else set()
    number = {point: i for i, point in enumerate(points)}
    rows = _means([[text] for text in right])
    news = [
        New(rows[i : i + 1], [[text]], [{number[p] for p in named}])
        for i, (text, named) in enumerate(right.items())
    ]
    return Trial(_matrix([[point] for point in points]), news)


def score(trial: Trial, bar: float) -> Figures:
    """Score a trial at a bar."""
    hits = joined = wanted = 0
    for new in trial.news:
        found = [
            point if says_enough(texts) else None
            for point, texts in zip(
                recognise(new.rows, [group[0] for group in new.texts], trial.known, least=bar),
                new.texts,
                strict=True,
            )
        ]
        joined += sum(point is not None for point in found)
        hits += sum(point in right for point, right in zip(found, new.right, strict=True))
        wanted += sum(bool(right) for right in new.right)
    return Figures(hits / joined if joined else 1.0, hits / wanted if wanted else 0.0)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    trials = {
        "crowds": crowds(given.data / "gold"),
        "key points": key_points(given.data / "datasets" / "similarity" / "sim_argkp.jsonl"),
    }
    best: tuple[float, float, dict[str, Figures]] | None = None
    for bar in BARS:
        figures = {name: score(trial, bar) for name, trial in trials.items()}
        mean_f = float(np.mean([f.f for f in figures.values()]))
        shown = "  ".join(
            f"{name}: precision {f.precision:.2f} recall {f.recall:.2f} F0.25 {f.f:.3f}"
            for name, f in figures.items()
        )
        print(f"{bar:.2f}  {shown}  mean {mean_f:.3f}")
        if best is None or mean_f > best[0]:
            best = mean_f, bar, figures
    assert best is not None
    print(f"best: {best[1]:.2f}")
    if given.write:
        row = {
            "certainty": best[1],
            "encoder": encoder_name(),
            "chosen by": "python -m benchmarks.identity --write",
            "figures": {
                name: {"precision": round(f.precision, 3), "recall": round(f.recall, 3)}
                for name, f in best[2].items()
            },
        }
        CHOSEN.write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
