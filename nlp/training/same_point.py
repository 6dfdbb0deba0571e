"""Fine-tune MiniLM to tell same point from other: `python -m nlp.training.same_point --data DIR`.

A sheet is a handful of texts about one thing, and for each pair whether it makes the same point,
where that is known: arguments of one topic and side, with its key points (ArgKP); perspectives of
one claim (Perspectrum); claims of one thread with the headlines of their points (labelled
threads). All pairs of a sheet are scored in one step: the others of the same topic are the hard
negatives, and so is a text against its own negation. Binary cross-entropy on the scaled cosine, and
a softmax in which each text must find those that make its point among the others of the sheet.

Of the labelled threads it takes 7 in 10 (`is_for_encoder`), so that what reads its vectors also
sees threads that it was not fitted on. The weights that are kept are a moving average over the
steps; word vectors stay as they are. Seeded; a run that was cut off goes on from the last epoch.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from nlp.evaluation.corpus import read_all
from nlp.evaluation.labelled import LabelledThread
from nlp.training.base import base_model

ARGUMENTS_A_SHEET = 28
CLAIMS_A_SHEET = 28
NEGATED_A_SHEET = 4
MAX_TOKENS = 96
PERSPECTIVES_AN_EPOCH = 100  # sheets: they are many, and written for a debate site
MOVING_AVERAGE = 0.997  # of the weights, a step
FINDING_WEIGHT = 0.5  # of the softmax beside the cross-entropy
FINDING_SCALE = 20.0  # of the cosine in it
WARM_UP = 0.06  # share of the run in which the learning rate rises

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|should|can|could|do|does|did|must|may|might|has|have)\b"
    r"(?P<no>\s+not\b|n['’]t\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sheet:
    """Texts, and (i, j) -> 1.0 same point, 0.0 another; pairs that are not there are unknown."""

    texts: list[str]
    pairs: dict[tuple[int, int], float]


def is_for_encoder(item: LabelledThread) -> bool:
    """Whether a thread may train the encoder: 7 in 10 of those not held out, by a hash."""
    digest = hashlib.sha256(f"crux encoder {item.name}".encode()).digest()
    return not item.held_out and digest[0] % 10 < 7


def argkp_sheets(file: Path, rng: random.Random) -> list[Sheet]:
    """Arguments of one topic and side against all its key points; the train part alone.

    Two arguments with a key point in common make the same point; two that are each known not to
    make the other's points make different ones.
    """
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
            made = {a: {b for b in points if known.get((a, b)) == 1.0} for a in some}
            for (i, a), (j, b) in combinations(enumerate(some), 2):
                if made[a] & made[b]:
                    pairs[i, j] = 1.0
                elif made[a] and made[b] and _denied(known, a, made[b], b, made[a]):
                    pairs[i, j] = 0.0
            sheets.append(Sheet([*some, *points], pairs))
    return sheets


def _denied(
    known: dict[tuple[str, str], float], a: str, of_b: set[str], b: str, of_a: set[str]
) -> bool:
    return all(known.get((a, p)) == 0.0 for p in of_b) and all(
        known.get((b, p)) == 0.0 for p in of_a
    )


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
        place = {t: i for i, t in enumerate(texts[:40])}
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
            some = claims[low : low + CLAIMS_A_SHEET]
            rows = [(text, point) for text, _, point in some]
            seen = set()
            for _, headline, point in some:
                name = headline or item.points.get(point or "", "")
                if name and (name, point) not in seen:
                    seen.add((name, point))
                    rows.append((name, point))
            pairs = {
                (i, j): float(rows[i][1] == rows[j][1])
                for i, j in combinations(range(len(rows)), 2)
            }
            if pairs:
                sheets.append(Sheet([text for text, _ in rows], pairs))
    return sheets


def negated(text: str) -> str | None:
    """Give the text with its first auxiliary negated, or its negation taken off; None without one.

    Crude grammar ("do has") does no harm: it is only there to be told apart from the text.
    """
    found = _AUXILIARY.search(text)
    if not found:
        return None
    if found["no"]:
        return text[: found.start("no")] + text[found.end("no") :]
    return f"{text[: found.end()]} not{text[found.end() :]}"


def with_negations(sheet: Sheet, rng: random.Random) -> Sheet:
    """Add the negations of a few short texts of a sheet, each another point than its original."""
    short = [i for i, text in enumerate(sheet.texts) if 3 <= len(text.split()) <= 16]
    texts, pairs = list(sheet.texts), dict(sheet.pairs)
    for i in rng.sample(short, min(NEGATED_A_SHEET, len(short))):
        opposite = negated(texts[i])
        if opposite:
            pairs[i, len(texts)] = 0.0
            texts.append(opposite)
    return Sheet(texts, pairs)


class Scorer(nn.Module):
    """The encoder with the scale and the bias that turn a cosine into odds."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self.scale = nn.Parameter(torch.tensor(12.0))
        self.bias = nn.Parameter(torch.tensor(-7.0))

    def forward(self, texts: list[str]) -> Tensor:
        """Give the cosines of all pairs of texts, shape (n, n); short and long texts run apart."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        half = (2 * len(order) + 2) // 3
        rows = torch.cat(
            [self._rows([texts[i] for i in part]) for part in (order[:half], order[half:]) if part]
        )
        rows = rows[torch.tensor(sorted(range(len(order)), key=order.__getitem__))]
        return rows @ rows.T

    def _rows(self, texts: list[str]) -> Tensor:
        inputs = self.model.tokenizer(
            texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        )
        with torch.autocast("cpu", torch.bfloat16):
            states = self.model(dict(inputs))["sentence_embedding"]
        return nn.functional.normalize(states.float(), dim=-1)


def loss_of(scorer: Scorer, sheet: Sheet) -> Tensor:
    """Mean binary cross-entropy over the known pairs, same points weighed up to a third."""
    cosines = scorer(sheet.texts)
    index = torch.tensor(list(sheet.pairs))
    gold = torch.tensor(list(sheet.pairs.values()))
    odds = scorer.scale * cosines[index[:, 0], index[:, 1]] + scorer.bias
    share = gold.mean().clamp(0.02, 0.98)
    weight = torch.where(gold > 0, (0.33 / share).clamp(1.0, 4.0), torch.tensor(1.0))
    judged = nn.functional.binary_cross_entropy_with_logits(odds, gold, weight=weight)
    return judged + FINDING_WEIGHT * finding_loss(cosines, index, gold)


def finding_loss(cosines: Tensor, index: Tensor, gold: Tensor) -> Tensor:
    """Mean over texts of the log-probability that a softmax over known pairs finds one of its own.

    Only texts with a known partner and a known other count; 0.0 where there is none.
    """
    n = len(cosines)
    same, other = torch.zeros(n, n, dtype=torch.bool), torch.zeros(n, n, dtype=torch.bool)
    for table, rows in ((same, index[gold > 0]), (other, index[gold <= 0])):
        table[rows[:, 0], rows[:, 1]] = True
        table[rows[:, 1], rows[:, 0]] = True
    usable = same.any(1) & other.any(1)
    if not usable.any():
        return cosines.sum() * 0.0
    scores = FINDING_SCALE * cosines[usable]
    lowest = torch.tensor(-1e4)
    right = torch.where(same[usable], scores, lowest).logsumexp(1)
    known = torch.where(same[usable] | other[usable], scores, lowest).logsumexp(1)
    return (known - right).mean()


def sheets_of(data: Path, threads: Sequence[LabelledThread], rng: random.Random) -> list[Sheet]:
    """Make the sheets of one epoch, in random order; dev parts are left out everywhere."""
    perspectives = cluster_sheets(data / "similarity" / "sim_perspectrum_clusters.jsonl", rng)
    sheets = [
        *argkp_sheets(data / "similarity" / "sim_argkp.jsonl", rng),
        *rng.sample(perspectives, min(PERSPECTIVES_AN_EPOCH, len(perspectives))),
        *thread_sheets(threads, rng),
        *thread_sheets(threads, rng),
    ]
    sheets = [with_negations(sheet, rng) for sheet in sheets]
    rng.shuffle(sheets)
    return sheets


def train(
    data: Path,
    threads: Sequence[LabelledThread],
    folder: Path,
    *,
    epochs: int,
    seed: int,
    rate: float,
) -> None:
    """Fit and write a sentence-transformers model to `folder`/model (a moving average)."""
    from sentence_transformers import SentenceTransformer

    torch.manual_seed(seed)
    scorer = Scorer(SentenceTransformer(str(base_model()), device="cpu"))
    for name, parameter in scorer.model.named_parameters():
        parameter.requires_grad_("word_embeddings" not in name)
    optimizer = torch.optim.AdamW(
        [
            {
                "params": [p for p in scorer.model.parameters() if p.requires_grad],
                "lr": rate,
                "weight_decay": 0.01,
            },
            {"params": [scorer.scale, scorer.bias], "lr": 1e-2, "weight_decay": 0.0},
        ]
    )
    rates = [group["lr"] for group in optimizer.param_groups]
    average = copy.deepcopy(scorer)
    checkpoint = folder / "checkpoint.pt"
    done = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        for part, value in zip((scorer, average, optimizer), state["parts"], strict=True):
            part.load_state_dict(value)
        done = state["epoch"]
    for epoch in range(done, epochs):
        rng = random.Random(seed * 1000 + epoch)
        sheets = sheets_of(data, threads, rng)
        began, summed = time.monotonic(), 0.0
        scorer.train()
        for number, sheet in enumerate(sheets):
            share = (epoch + number / len(sheets)) / epochs
            for group, full in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = full * min(1.0, share / WARM_UP + 0.01, 1.02 - share)
            optimizer.zero_grad()
            loss = loss_of(scorer, sheet)
            loss.backward()
            nn.utils.clip_grad_norm_(scorer.parameters(), 1.0)
            optimizer.step()
            _move(average, scorer)
            summed += loss.item()
            if number % 100 == 99:
                print(f"  {number + 1}/{len(sheets)}: loss {summed / (number + 1):.4f}", flush=True)
        print(
            f"epoch {epoch + 1}/{epochs}: {len(sheets)} sheets, loss {summed / len(sheets):.4f}, "
            f"scale {scorer.scale.item():.1f}, {time.monotonic() - began:.0f} s",
            flush=True,
        )
        parts = [part.state_dict() for part in (scorer, average, optimizer)]
        torch.save({"parts": parts, "epoch": epoch + 1}, checkpoint)
        average.model.save(str(folder / f"epoch{epoch + 1}"))
    average.model.save(str(folder / "model"))


def _move(average: nn.Module, toward: nn.Module) -> None:
    with torch.no_grad():
        for mine, theirs in zip(average.parameters(), toward.parameters(), strict=True):
            if theirs.requires_grad:
                mine.lerp_(theirs, 1.0 - MOVING_AVERAGE)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pasted", type=Path, default=None)
    parser.add_argument("--work", type=Path, default=Path(".training/same_point"))
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    train(
        given.data,
        [t for t in read_all(given.data, given.pasted) if is_for_encoder(t)],
        given.work,
        epochs=given.epochs,
        seed=given.seed,
        rate=given.rate,
    )


if __name__ == "__main__":
    main()
