"""Fine-tune MiniLM to tell same point from other: `python -m nlp.training.same_point --data DIR`.

A sheet is a handful of texts about one thing, and for each pair whether it makes the same point,
where that is known: arguments of one topic and side, with its key points (ArgKP); perspectives of
one claim (Perspectrum); claims of one thread with the headlines of their points (labelled
threads). All pairs of a sheet are scored in one step: the others of the same topic are the hard
negatives, and so is a text against its own negation. Binary cross-entropy on the scaled cosine, and
a softmax in which each text must find those that make its point among the others of the sheet.

Of the labelled threads it takes 7 in 10 (`is_for_encoder`), so that what reads its vectors also
sees threads that it was not fitted on. The weights that are kept are a moving average over the
steps, and lie at KEPT of the way from the base weights to it: what was fitted leans to its topics,
and part of the way back new ones are told apart better (ArgKP dev 0.64 strict against 0.61, crowds
0.733 against 0.731). Word vectors stay as they are. What is kept is exported by
`nlp.training.encoder`. Seeded; a run that was cut off goes on from the last epoch.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from nlp.evaluation.corpus import read_all
from nlp.evaluation.labelled import LabelledThread
from nlp.training.base import base_model
from nlp.training.encoder import export_encoder, write_check
from nlp.training.precision import mixed
from nlp.training.sheets import (
    Sheet,
    Wanted,
    argkp_sheets,
    cluster_sheets,
    of_train,
    thread_sheets,
    with_negations,
)
from nlp.weights import WEIGHTS

MAX_TOKENS = 96
CROWDED = 1.5  # claims a point: above it a thread counts as a crowd
MOVING_AVERAGE = 0.99  # of the weights, a step
FINDING_WEIGHT = 0.5  # of the softmax beside the cross-entropy
FINDING_SCALE = 20.0  # of the cosine in it
KEPT = 0.8  # of the way from the base weights (Wortsman et al. 2022, weight-space ensembles)
READ = 8  # steps between two losses that are read
WARM_UP = 0.06  # share of the run in which the learning rate rises


@dataclass(frozen=True)
class Recipe:
    """How to train.

    An epoch takes ArgKP `arguments` times, the crowds (threads whose points are said again and
    again) `crowds` times, and draws `perspectives` sheets of Perspectrum and `others` of the other
    threads. `together` are the sheets of a step.
    """

    epochs: int = 2
    rate: float = 1e-4
    arguments: int = 2
    crowds: int = 2
    perspectives: int = 60
    others: int = 200
    together: int = 4
    seed: int = 7


def is_for_encoder(item: LabelledThread) -> bool:
    """Whether a thread may train the encoder: 7 in 10 of those not held out, by a hash."""
    digest = hashlib.sha256(f"crux encoder {item.name}".encode()).digest()
    return not item.held_out and digest[0] % 10 < 7


def is_crowd(item: LabelledThread) -> bool:
    """Whether most points of a thread are said more than once."""
    points = [u.point for u in item.units if u.kind == "claim" and u.point]
    return len(points) > CROWDED * len(set(points))


class Scorer(nn.Module):
    """The encoder with the scale and the bias that turn a cosine into odds."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self.scale = nn.Parameter(torch.tensor(12.0))
        self.bias = nn.Parameter(torch.tensor(-7.0))

    def forward(self, texts: list[str]) -> Tensor:
        """Give the unit rows of texts, shape (n, d); short and long texts run apart."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        half = (2 * len(order) + 2) // 3
        rows = torch.cat(
            [self._rows([texts[i] for i in part]) for part in (order[:half], order[half:]) if part]
        )
        back = torch.tensor(sorted(range(len(order)), key=order.__getitem__))
        return rows[back.to(rows.device)]

    def _rows(self, texts: list[str]) -> Tensor:
        inputs = self.model.tokenizer(
            texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        )
        sent = {name: tensor.to(self.scale.device) for name, tensor in inputs.items()}
        with mixed(self.scale.device):
            states = self.model(sent)["sentence_embedding"]
        return nn.functional.normalize(states.float(), dim=-1)


def loss_of(scorer: Scorer, sheets: Sequence[Sheet]) -> Tensor:
    """Mean loss of some sheets; all their texts run together."""
    rows = scorer([text for sheet in sheets for text in sheet.texts])
    losses, first = [], 0
    for sheet in sheets:
        own = rows[first : first + len(sheet.texts)]
        losses.append(sheet_loss(scorer, own @ own.T, sheet))
        first += len(sheet.texts)
    return torch.stack(losses).mean()


def sheet_loss(scorer: Scorer, cosines: Tensor, sheet: Sheet) -> Tensor:
    """Mean binary cross-entropy over the known pairs, same points weighed up to a third."""
    index = torch.tensor(list(sheet.pairs), device=cosines.device)
    gold = torch.tensor(list(sheet.pairs.values()), device=cosines.device)
    odds = scorer.scale * cosines[index[:, 0], index[:, 1]] + scorer.bias
    share = gold.mean().clamp(0.02, 0.98)
    weight = torch.where(gold > 0, (0.33 / share).clamp(1.0, 4.0), 1.0)
    judged = nn.functional.binary_cross_entropy_with_logits(odds, gold, weight=weight)
    return judged + FINDING_WEIGHT * finding_loss(cosines, index, gold)


def finding_loss(cosines: Tensor, index: Tensor, gold: Tensor) -> Tensor:
    """Mean over texts of the log-probability that a softmax over known pairs finds one of its own.

    Only texts with a known partner and a known other count; 0.0 where there is none.
    """
    n = len(cosines)
    same = torch.zeros(n, n, dtype=torch.bool, device=cosines.device)
    other = same.clone()
    for table, rows in ((same, index[gold > 0]), (other, index[gold <= 0])):
        table[rows[:, 0], rows[:, 1]] = True
        table[rows[:, 1], rows[:, 0]] = True
    usable = same.any(1) & other.any(1)
    scores = FINDING_SCALE * cosines
    right = scores.masked_fill(~same, -1e4).logsumexp(1)
    known = scores.masked_fill(~(same | other), -1e4).logsumexp(1)
    return ((known - right) * usable).sum() / usable.sum().clamp(min=1)


def sheets_of(
    data: Path,
    threads: Sequence[LabelledThread],
    recipe: Recipe,
    rng: random.Random,
    wanted: Wanted = of_train,
) -> list[Sheet]:
    """Make the sheets of one epoch, in random order; `wanted` picks the rows of ArgKP.

    By default dev parts are left out everywhere.
    """
    perspectives = cluster_sheets(data / "similarity" / "sim_perspectrum_clusters.jsonl", rng)
    others = thread_sheets([t for t in threads if not is_crowd(t)], rng)
    sheets = [
        *rng.sample(perspectives, min(recipe.perspectives, len(perspectives))),
        *rng.sample(others, min(recipe.others, len(others))),
    ]
    for _ in range(recipe.arguments):
        sheets += argkp_sheets(data / "similarity" / "sim_argkp.jsonl", rng, wanted)
    for _ in range(recipe.crowds):
        sheets += thread_sheets([t for t in threads if is_crowd(t)], rng)
    sheets = [with_negations(sheet, rng) for sheet in sheets]
    rng.shuffle(sheets)
    return sheets


class Trainer:
    """Fits the encoder; `average` is the moving average that is kept."""

    def __init__(
        self, base: Path, draw: Callable[[random.Random], list[Sheet]], recipe: Recipe
    ) -> None:
        """Take the base model to begin with, and what draws the sheets of an epoch."""
        from sentence_transformers import SentenceTransformer

        torch.manual_seed(recipe.seed)
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self._draw, self._recipe = draw, recipe
        self._scorer = Scorer(SentenceTransformer(str(base), device=device)).to(device)
        for name, parameter in self._scorer.model.named_parameters():
            parameter.requires_grad_("word_embeddings" not in name)
        fitted = [p for p in self._scorer.model.parameters() if p.requires_grad]
        odds = [self._scorer.scale, self._scorer.bias]
        self._optimizer = torch.optim.AdamW(
            [
                {"params": fitted, "lr": recipe.rate, "weight_decay": 0.01},
                {"params": odds, "lr": 1e-2, "weight_decay": 0.0},
            ]
        )
        self._rates = [group["lr"] for group in self._optimizer.param_groups]
        self.average: Scorer = copy.deepcopy(self._scorer)

    def run(self, folder: Path) -> None:
        """Fit, with a checkpoint after every epoch in `folder`; go on from one that is there."""
        for epoch in range(self._resume(folder), self._recipe.epochs):
            rng = random.Random(self._recipe.seed * 1000 + epoch)
            sheets = self._draw(rng)
            began = time.monotonic()
            loss = self._epoch(sheets, epoch)
            print(
                f"epoch {epoch + 1}/{self._recipe.epochs}: {len(sheets)} sheets, "
                f"loss {loss:.4f}, {time.monotonic() - began:.0f} s",
                flush=True,
            )
            parts = [part.state_dict() for part in self._parts()]
            state = {"parts": parts, "epoch": epoch + 1, "recipe": asdict(self._recipe)}
            torch.save(state, folder / "checkpoint.pt")

    def _epoch(self, sheets: Sequence[Sheet], epoch: int) -> float:
        """Go through the sheets once; give the mean of the losses that were read."""
        step = self._recipe.together
        read: list[float] = []
        self._scorer.train()
        for number in range(0, len(sheets), step):
            share = (epoch + number / len(sheets)) / self._recipe.epochs
            for group, full in zip(self._optimizer.param_groups, self._rates, strict=True):
                group["lr"] = full * min(1.0, share / WARM_UP + 0.01, 1.02 - share)
            self._optimizer.zero_grad()
            loss = loss_of(self._scorer, sheets[number : number + step])
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(self._scorer.parameters(), 1.0)
            self._optimizer.step()
            _move(self.average, self._scorer)
            if number % (READ * step) == 0:  # reading a loss waits for the device
                read.append(loss.item())
                print(f"  {number}/{len(sheets)}: loss {read[-1]:.4f}", flush=True)
        return sum(read) / max(1, len(read))

    def kept(self, base: Path) -> Any:
        """Give what is kept, a sentence-transformers model: KEPT of the way from the base to it."""
        from sentence_transformers import SentenceTransformer

        model = copy.deepcopy(self.average).cpu().model
        toward(model, SentenceTransformer(str(base), device="cpu"), KEPT)
        return model

    def _parts(self) -> tuple[Any, ...]:
        return self._scorer, self.average, self._optimizer

    def _resume(self, folder: Path) -> int:
        checkpoint = folder / "checkpoint.pt"
        if not checkpoint.exists():
            return 0
        state = torch.load(checkpoint, weights_only=False, map_location=self._scorer.scale.device)
        if state.get("recipe") != asdict(self._recipe):
            print("The checkpoint is of another recipe: beginning anew.", flush=True)
            return 0
        for part, value in zip(self._parts(), state["parts"], strict=True):
            part.load_state_dict(value)
        return int(state["epoch"])


def toward(model: Any, base: Any, share: float) -> None:
    """Move the weights of `model` to `share` of the way from `base` to where they are."""
    with torch.no_grad():
        for mine, start in zip(model.parameters(), base.parameters(), strict=True):
            mine.lerp_(start, 1.0 - share)


def _move(average: nn.Module, toward: nn.Module) -> None:
    with torch.no_grad():
        pairs = zip(average.parameters(), toward.parameters(), strict=True)
        moved = [(mine, theirs) for mine, theirs in pairs if theirs.requires_grad]
        torch._foreach_lerp_([m for m, _ in moved], [t for _, t in moved], 1.0 - MOVING_AVERAGE)


def main() -> None:
    """Run the command line."""
    known = Recipe()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pasted", type=Path, default=None)
    parser.add_argument("--work", type=Path, default=Path(".training/same_point"))
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--epochs", type=int, default=known.epochs)
    parser.add_argument("--seed", type=int, default=known.seed)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    threads = [t for t in read_all(given.data, given.pasted) if is_for_encoder(t)]
    recipe = Recipe(epochs=given.epochs, seed=given.seed)
    trainer = Trainer(base_model(), partial(sheets_of, given.data, threads, recipe), recipe)
    trainer.run(given.work)
    trainer.kept(base_model()).save(str(given.work / "model"))
    export_encoder(given.work / "model", given.output)
    write_check(given.work / "model", given.output)


if __name__ == "__main__":
    main()
