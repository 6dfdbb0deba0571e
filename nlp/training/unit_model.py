"""Train the unit model and the judge of relations: `python -m nlp.training.unit_model --data DIR`.

MiniLM-L6 reads the windows of `nlp.windows` and says for every token how likely it stands in a
claim, in evidence, in a question or in none of these, how likely a unit begins there, how likely
its word stands in the unit's headline, and, in BEARING numbers, what the judge of relations needs
to know. That judge (`nlp.relations.PairScorer`) is fitted in the same run: the targets of each unit
compete in one softmax. Pairs of single texts (Perspectrum, ExplaGraphs, political debates) are
mixed in, to teach what agrees with what. Word vectors stay as they are: with so few threads a word
of the training set would else drift away from its neighbours.

The last epochs leave out the marked threads of this project: they are many, and cut finer than gold
maps are. Writes `units.onnx` (int8 per channel) and `relations.npz`, both a moving average over the
steps. Seeded; a checkpoint after every epoch lets a run that was cut off go on. The dev threads are
never fitted. Runs on two cores; a GPU is used where there is one.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from nlp.encoder import OnnxEncoder, load_tokenizer
from nlp.evaluation.corpus import read_all
from nlp.evaluation.labelled import LabelledThread
from nlp.training.base import base_model
from nlp.training.examples import ThreadExample, example_of, pair_examples, sheet_examples
from nlp.training.export import export_int8
from nlp.training.sheets import text_sheets
from nlp.training.unit_batches import Corpus, Losses, Scaling, grouped
from nlp.training.unit_network import PairJudge, UnitModel
from nlp.units import OUTPUTS
from nlp.weights import WEIGHTS

INPUTS = ("input_ids", "token_type_ids")
MOVING_AVERAGE = 0.99  # of the weights, a step
WARM_UP = 0.08  # share of the run in which the learning rate rises
READ = 8  # steps between two losses that are read
HEADS_RATE = 6.0  # of the learning rate of the body
LOSS = {"kind": 1.0, "begin": 1.0, "salience": 0.3, "pairs": 0.6, "points": 0.3}


@dataclass(frozen=True)
class Recipe:
    """How to train; every default was chosen by the F1 of threads that were left out."""

    epochs: int = 9
    finishing: int = 2  # of them, on gold maps alone
    rate: float = 1e-4
    step_tokens: int = 3000
    hidden: float = 0.15  # share of the words that are masked
    pairs_an_epoch: int = 400
    sheets_an_epoch: int = 60
    weight_decay: float = 0.01
    seed: int = 7


@dataclass(frozen=True)
class Fitted:
    """What is fitted: labelled threads, pairs of texts, sheets of texts."""

    threads: Sequence[ThreadExample]
    pairs: Sequence[ThreadExample]
    sheets: Sequence[ThreadExample]


class Trainer:
    """Fits the unit model and the judge of relations together."""

    def __init__(
        self,
        fitted: Fitted,
        transformer: Any,
        recipe: Recipe,
        folder: Path | None = None,
    ) -> None:
        """Take what is fitted, and the base model to begin with.

        A checkpoint is kept in `folder`, if one is given.
        """
        torch.manual_seed(recipe.seed)
        transformer.embeddings.word_embeddings.weight.requires_grad_(False)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.parts = nn.ModuleList([UnitModel(transformer), PairJudge()]).to(self.device)
        self.average = copy.deepcopy(self.parts)
        self.scaling = Scaling([t for e in fitted.threads for t in e.tables])
        self.recipe, self._folder = recipe, folder
        self._fitted = fitted

    def run(self) -> None:
        """Fit; goes on from a checkpoint in the folder, if there is one."""
        recipe = self.recipe
        fitted = {n: p for n, p in self.parts.named_parameters() if p.requires_grad}
        body = [p for n, p in fitted.items() if n.startswith("0.transformer")]
        heads = [p for n, p in fitted.items() if not n.startswith("0.transformer")]
        optimizer = torch.optim.AdamW(
            [
                {"params": body, "lr": recipe.rate},
                {"params": heads, "lr": recipe.rate * HEADS_RATE},
            ],
            weight_decay=recipe.weight_decay,
        )
        rates = [group["lr"] for group in optimizer.param_groups]
        done = self._resume(optimizer)
        given = [*self._fitted.threads, *self._fitted.pairs, *self._fitted.sheets]
        corpus = Corpus(given, self.scaling, self.device)
        losses = Losses(self.parts[0], self.parts[1], corpus, recipe.hidden)
        for epoch in range(done, recipe.epochs):
            rng = random.Random(recipe.seed * 1000 + epoch)
            torch.manual_seed(recipe.seed * 1000 + epoch)
            plan = grouped(self._names_of(epoch, rng), corpus, recipe.step_tokens, rng)
            began = time.monotonic()
            sums: dict[str, float] = dict.fromkeys(LOSS, 0.0)
            self.parts.train()
            for number, batch in enumerate(plan):
                share = (epoch + number / len(plan)) / recipe.epochs
                for group, full in zip(optimizer.param_groups, rates, strict=True):
                    group["lr"] = full * min(1.0, share / WARM_UP + 0.01, 1.02 - share)
                optimizer.zero_grad()
                found = losses.of(batch, rng)
                total = torch.stack([LOSS[name] * loss for name, loss in found.items()]).sum()
                torch.autograd.backward(total)
                nn.utils.clip_grad_norm_(self.parts.parameters(), 1.0)
                optimizer.step()
                self._move()
                if number % READ == 0:  # reading a loss waits for the device
                    for name, loss in found.items():
                        sums[name] += loss.item()
            count = -(-len(plan) // READ)
            figures = ", ".join(f"{k} {v / count:.4f}" for k, v in sums.items())
            print(
                f"epoch {epoch + 1}/{recipe.epochs}: {len(plan)} steps, {figures}, "
                f"{time.monotonic() - began:.0f} s",
                flush=True,
            )
            self._save(optimizer, epoch + 1)

    def begin_as(self, other: Trainer) -> None:
        """Begin with what another run keeps, features scaled as it scaled them."""
        self.average.load_state_dict(other.average.state_dict())
        self.parts.load_state_dict(other.average.state_dict())
        self.scaling.restore(other.scaling.arrays())

    def _names_of(self, epoch: int, rng: random.Random) -> list[str]:
        threads = [e.name for e in self._fitted.threads]
        if epoch >= self.recipe.epochs - self.recipe.finishing:
            return [name for name in threads if not name.startswith("marked/")]
        pairs, sheets = self._fitted.pairs, self._fitted.sheets
        some = [
            *rng.sample(list(pairs), min(self.recipe.pairs_an_epoch, len(pairs))),
            *rng.sample(list(sheets), min(self.recipe.sheets_an_epoch, len(sheets))),
        ]
        return [*threads, *(e.name for e in some)]

    def _move(self) -> None:
        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.parts.parameters(), strict=True)
            moved = [(mine, theirs) for mine, theirs in pairs if theirs.requires_grad]
            torch._foreach_lerp_([m for m, _ in moved], [t for _, t in moved], 1 - MOVING_AVERAGE)

    def _resume(self, optimizer: torch.optim.Optimizer) -> int:
        checkpoint = self._folder / "checkpoint.pt" if self._folder else None
        if checkpoint is None or not checkpoint.exists():
            return 0
        state = torch.load(checkpoint, weights_only=False, map_location=self.device)
        if state.get("recipe") != asdict(self.recipe):
            print("The checkpoint is of another recipe: beginning anew.", flush=True)
            return 0
        self.parts.load_state_dict(state["parts"])
        self.average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        self.scaling.restore(state["scaling"])
        return int(state["epoch"])

    def _save(self, optimizer: torch.optim.Optimizer, epoch: int) -> None:
        if self._folder is None:
            return
        state = {
            "parts": self.parts.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scaling": self.scaling.arrays(),
            "epoch": epoch,
            "recipe": asdict(self.recipe),
        }
        torch.save(state, self._folder / "checkpoint.pt")

    def write(self, output: Path) -> None:
        """Write `units.onnx` and `relations.npz`; `nlp.training.choices` is still to be run."""
        self.average.cpu()
        # Fused attention is faster to train; in ONNX it comes out as a slower graph (by a fifth).
        self.average[0].transformer.set_attn_implementation("eager")
        export_int8(self.average[0], INPUTS, OUTPUTS, output / "units.onnx")
        arrays = {**self.average[1].arrays(), **self.scaling.arrays()}
        small: dict[str, Any] = {k: np.asarray(v, np.float32) for k, v in arrays.items()}
        np.savez_compressed(output / "relations.npz", **small)


def prepare(threads: Sequence[LabelledThread], data: Path, recipe: Recipe) -> Fitted:
    """Give what is fitted of some threads, and the pairs and sheets of the datasets folder."""
    tokenizer = load_tokenizer(WEIGHTS / "tokenizer.json", None)
    encoder = OnnxEncoder(WEIGHTS)
    rng = random.Random(recipe.seed)
    examples = [example_of(t, tokenizer, encoder, rng) for t in threads]
    count = recipe.pairs_an_epoch * recipe.epochs
    pairs = list(pair_examples(data, tokenizer, encoder, rng, count))
    sheets = list(sheet_examples(text_sheets(data, rng), tokenizer))
    print(f"{len(threads)} threads, {sum(e.size for e in examples)} tokens", flush=True)
    return Fitted(examples, pairs, sheets)


def load_transformer(folder: Path) -> Any:
    """Give MiniLM-L6 as it is fitted here: with fused attention, nothing dropped from it."""
    from transformers import AutoModel

    return AutoModel.from_pretrained(
        folder, attn_implementation="sdpa", attention_probs_dropout_prob=0.0
    )


def main() -> None:
    """Run the command line."""
    known = Recipe()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the datasets folder")
    parser.add_argument("--pasted", type=Path, default=None, help="JSONL from python -m bot.gold")
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--work", type=Path, default=Path(".training/units"))
    parser.add_argument("--epochs", type=int, default=known.epochs)
    parser.add_argument("--seed", type=int, default=known.seed)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    given.output.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(epochs=given.epochs, seed=given.seed)
    threads = [t for t in read_all(given.data, given.pasted) if not t.held_out]
    fitted = prepare(threads, given.data, recipe)
    trainer = Trainer(fitted, load_transformer(base_model()), recipe, given.work)
    trainer.run()
    trainer.write(given.output)
    (given.work / "trained_on.json").write_text(json.dumps(sorted(t.name for t in threads)))


if __name__ == "__main__":
    main()
