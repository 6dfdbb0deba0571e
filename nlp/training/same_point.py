"""Fine-tune MiniLM to tell same point from other: `python -m nlp.training.same_point`.

A sheet is a handful of texts about one thing, and for each pair whether it makes the same point,
where that is known: arguments against all key points of their topic and side (ArgKP), perspectives
of one claim (Perspectrum), claims of one thread with the headlines of their points (labelled
threads). All pairs of a sheet are scored in one step: the others of the same topic are the hard
negatives. Binary cross-entropy on the scaled cosine. Seeded; a checkpoint after each epoch.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from nlp.evaluation.labelled import LabelledThread, read_all
from nlp.training.base import base_model

ARGUMENTS_A_SHEET = 32
CLAIMS_A_SHEET = 28
MAX_TOKENS = 96


@dataclass(frozen=True)
class Sheet:
    """Texts, and (i, j) -> 1.0 same point, 0.0 another; pairs that are not there are unknown."""

    texts: list[str]
    pairs: dict[tuple[int, int], float]


def argkp_sheets(file: Path, rng: random.Random) -> list[Sheet]:
    """Arguments of one topic and side against all its key points; the train part alone."""
    labels: dict[tuple[str, int], dict[tuple[str, str], float]] = defaultdict(dict)
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == "train":
            labels[row["topic"], row["stance"]][row["a"], row["b"]] = float(row["label"])
    sheets = []
    for known in labels.values():
        arguments = sorted({a for a, _ in known})
        points = sorted({b for _, b in known})
        rng.shuffle(arguments)
        for low in range(0, len(arguments), ARGUMENTS_A_SHEET):
            some = arguments[low : low + ARGUMENTS_A_SHEET]
            pairs = {
                (i, len(some) + j): known[a, b]
                for i, a in enumerate(some)
                for j, b in enumerate(points)
                if (a, b) in known
            }
            sheets.append(Sheet([*some, *points], pairs))
    return sheets


def cluster_sheets(file: Path, rng: random.Random) -> list[Sheet]:
    """Perspectives on one claim, same or another cluster; the train part alone."""
    labels: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == "train":
            labels[row["topic"]][row["a"], row["b"]] = float(row["label"])
    sheets = []
    for known in labels.values():
        texts = sorted({t for pair in known for t in pair})
        rng.shuffle(texts)
        place = {t: i for i, t in enumerate(texts[:48])}
        pairs = {
            (place[a], place[b]): y for (a, b), y in known.items() if a in place and b in place
        }
        if pairs:
            sheets.append(Sheet(list(place), pairs))
    return sheets


def thread_sheets(items: Sequence[LabelledThread], rng: random.Random) -> list[Sheet]:
    """Claims of one thread with their own headlines and those of their points."""
    sheets = []
    for item in items:
        texts = {p.id: p.text for p in item.thread.posts}
        claims = [
            (texts[u.post][u.start : u.end], u.headline, u.point)
            for u in item.units
            if u.kind == "claim" and u.point
        ]
        rng.shuffle(claims)
        for low in range(0, len(claims), CLAIMS_A_SHEET):
            rows = [
                (text, point)
                for claim, headline, point in claims[low : low + CLAIMS_A_SHEET]
                for text in (claim, headline or item.points.get(point or "", ""))
                if text
            ]
            pairs = {
                (i, j): float(rows[i][1] == rows[j][1])
                for i in range(len(rows))
                for j in range(i + 1, len(rows))
            }
            if pairs:
                sheets.append(Sheet([text for text, _ in rows], pairs))
    return sheets


class Scorer(nn.Module):
    """A sentence-transformers model with the scale and the bias that turn a cosine into odds."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self.scale = nn.Parameter(torch.tensor(12.0))
        self.bias = nn.Parameter(torch.tensor(-7.0))

    def forward(self, texts: list[str]) -> Tensor:
        """Give the cosines of all pairs of texts, shape (n, n)."""
        inputs = self.model.tokenizer(
            texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        )
        rows = nn.functional.normalize(self.model(dict(inputs))["sentence_embedding"], dim=-1)
        return rows @ rows.T


def loss_of(scorer: Scorer, sheet: Sheet) -> Tensor:
    """Mean binary cross-entropy over the known pairs, same points weighed up to a third."""
    cosines = scorer(sheet.texts)
    index = torch.tensor(list(sheet.pairs))
    gold = torch.tensor(list(sheet.pairs.values()))
    odds = scorer.scale * cosines[index[:, 0], index[:, 1]] + scorer.bias
    share = gold.mean().clamp(0.02, 0.98)
    weight = torch.where(gold > 0, (0.33 / share).clamp(1.0, 4.0), torch.tensor(1.0))
    return nn.functional.binary_cross_entropy_with_logits(odds, gold, weight=weight)


def sheets_of(
    data: Path, pasted: Path | None, rng: random.Random, *, threads_too: bool
) -> list[Sheet]:
    """Make the sheets of one epoch, in random order; dev parts are left out everywhere."""
    threads = [t for t in read_all(data, pasted) if not t.held_out] if threads_too else []
    sheets = [
        *argkp_sheets(data / "similarity" / "sim_argkp.jsonl", rng),
        *cluster_sheets(data / "similarity" / "sim_perspectrum_clusters.jsonl", rng),
        *thread_sheets(threads, rng),
        *thread_sheets(threads, rng),
    ]
    rng.shuffle(sheets)
    return sheets


def train(
    data: Path,
    pasted: Path | None,
    folder: Path,
    *,
    epochs: int,
    seed: int,
    rate: float,
    threads_too: bool,
) -> None:
    """Fit and write a sentence-transformers model to `folder`/model."""
    from sentence_transformers import SentenceTransformer

    torch.manual_seed(seed)
    rng = random.Random(seed)
    scorer = Scorer(SentenceTransformer(str(base_model()), device="cpu"))
    plan = [sheets_of(data, pasted, rng, threads_too=threads_too) for _ in range(epochs)]
    total = sum(map(len, plan))
    optimizer = torch.optim.AdamW(
        [
            {"params": scorer.model.parameters(), "lr": rate, "weight_decay": 0.01},
            {"params": [scorer.scale, scorer.bias], "lr": 1e-2, "weight_decay": 0.0},
        ]
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.1 * total), max(0.02, 1.02 - step / total))
    )
    for epoch, sheets in enumerate(plan):
        began, summed = time.monotonic(), 0.0
        scorer.train()
        for sheet in sheets:
            optimizer.zero_grad()
            loss = loss_of(scorer, sheet)
            loss.backward()
            nn.utils.clip_grad_norm_(scorer.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            summed += loss.item()
        print(
            f"epoch {epoch + 1}/{epochs}: {len(sheets)} sheets, loss {summed / len(sheets):.4f}, "
            f"scale {scorer.scale.item():.1f}, {time.monotonic() - began:.0f} s",
            flush=True,
        )
        scorer.model.save(str(folder / f"epoch{epoch + 1}"))
    scorer.model.save(str(folder / "model"))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pasted", type=Path, default=None)
    parser.add_argument("--work", type=Path, default=Path(".training/same_point"))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--without-threads",
        action="store_true",
        help="leave labelled threads out, so that judges fitted on them see honest vectors",
    )
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    train(
        given.data,
        given.pasted,
        given.work,
        epochs=given.epochs,
        seed=given.seed,
        rate=given.rate,
        threads_too=not given.without_threads,
    )


if __name__ == "__main__":
    main()
