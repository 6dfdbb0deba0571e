"""Train the unit model and the judge of relations: `python -m nlp.training.unit_model --data DIR`.

MiniLM-L6 reads the windows of `nlp.windows` and says for every token how likely it stands in a
claim, in evidence, in a question or in none of these, how likely a unit begins there, how likely
its word stands in the unit's headline, and, in BEARING numbers, what the judge of relations needs
to know. That judge (`nlp.relations.PairScorer`) is fitted in the same run: the targets of each unit
compete in one softmax. Pairs of single texts (Perspectrum, ExplaGraphs, political debates) are
mixed in, to teach what agrees with what. Word vectors stay as they are: with so few threads a word
of the training set would else drift away from its neighbours.

The last FINISHING epochs leave out the marked threads of this project: they are many, and cut finer
than gold maps are. Writes `units.onnx` (int8 per channel) and `relations.npz`, both a moving
average over the steps. Seeded; a checkpoint after every epoch lets a run that was cut off go on.
The dev threads are never fitted.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from nlp.encoder import OnnxEncoder, load_tokenizer
from nlp.evaluation.corpus import read_all
from nlp.pairs import OWN_FEATURES, PAIR_FEATURES
from nlp.thread_view import BEARING
from nlp.training.base import base_model
from nlp.training.examples import (
    IGNORED,
    LabelledWindow,
    PairTable,
    ThreadExample,
    example_of,
    pair_examples,
)
from nlp.training.export import export_int8
from nlp.units import OUTPUTS
from nlp.weights import WEIGHTS
from nlp.windows import KINDS

INPUTS = ("input_ids", "token_type_ids")
HIDDEN = 96  # of the judge of relations
MOVING_AVERAGE = 0.99  # of the weights, a step
WARM_UP = 0.08  # share of the run in which the learning rate rises
STEP_TOKENS = 3000
PAIRS_AN_EPOCH = 400
FINISHING = 2  # epochs on gold maps alone; with six, dev relations fall by 0.02
LOSS = {"kind": 1.0, "begin": 1.0, "salience": 0.3, "pairs": 0.6}


class UnitModel(nn.Module):
    """MiniLM with four heads over its tokens: kind (4 classes), begin, salience, bearing."""

    def __init__(self, transformer: Any) -> None:
        super().__init__()
        self.transformer = transformer
        size = transformer.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.kind = nn.Linear(size, len(KINDS))
        self.begin = nn.Linear(size, 1)
        self.salience = nn.Linear(size, 1)
        self.bearing = nn.Linear(size, BEARING)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        """Give the outputs named by `nlp.units.OUTPUTS` for (n, t) ids; id 0 is padding.

        Log-probabilities of kind (n, t, 4), log-odds of begin and salience (n, t), bearing
        (n, t, BEARING).
        """
        states = self.dropout(
            self.transformer(
                input_ids=input_ids,
                token_type_ids=token_type_ids,
                attention_mask=(input_ids != 0).long(),
            ).last_hidden_state
        )
        return (
            self.kind(states).log_softmax(-1),
            self.begin(states).squeeze(-1),
            self.salience(states).squeeze(-1),
            self.bearing(states),
        )


class PairJudge(nn.Module):
    """What `nlp.relations.PairScorer` computes, to be fitted: odds of pairs, and of no pair."""

    def __init__(self) -> None:
        super().__init__()
        unit = BEARING + len(OWN_FEATURES)
        self.source = nn.Linear(unit, HIDDEN, bias=False)
        self.target = nn.Linear(unit, HIDDEN, bias=False)
        self.product = nn.Linear(BEARING, HIDDEN, bias=False)
        self.pair = nn.Linear(len(PAIR_FEATURES), HIDDEN)
        self.out = nn.Linear(HIDDEN, 2)
        self.alone = nn.Linear(unit, HIDDEN // 2)
        self.alone_out = nn.Linear(HIDDEN // 2, 1)
        self.dropout = nn.Dropout(0.2)

    def forward(
        self, bearing: Tensor, own: Tensor, pairs: Tensor, features: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Give the odds of (support, attack) (p, 2), and of bearing on nothing (n,)."""
        units = torch.cat([self.dropout(bearing), own], 1)
        s, t = pairs[:, 0], pairs[:, 1]
        hidden = self.source(units)[s] + self.target(units)[t] + self.pair(features)
        hidden = torch.relu(hidden + self.product(bearing[s] * bearing[t]))
        nothing = self.alone_out(self.dropout(torch.relu(self.alone(units)))).squeeze(-1)
        return self.out(self.dropout(hidden)), nothing

    def arrays(self) -> dict[str, np.ndarray]:
        """Give the weights as `PairScorer` reads them."""
        named = {k: v.detach().numpy() for k, v in self.state_dict().items()}
        found = {k.removesuffix(".weight"): v.T for k, v in named.items() if k.endswith(".weight")}
        found |= {f"{k.removesuffix('.bias')}_bias": v for k, v in named.items() if "bias" in k}
        found["bias"] = found.pop("pair_bias")
        return found


class Scaling:
    """Means and scales of the features, taken over all pairs that are fitted."""

    def __init__(self, tables: Sequence[PairTable]) -> None:
        own = np.concatenate([t.own for t in tables])
        pair = np.concatenate([t.features for t in tables])
        self.own_mean, self.own_scale = own.mean(0), own.std(0) + 1e-3
        self.pair_mean, self.pair_scale = pair.mean(0), pair.std(0) + 1e-3

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take the means and scales of a run that goes on."""
        vars(self).update(arrays)

    def own(self, table: PairTable) -> Tensor:
        """Scale the features of units."""
        return torch.from_numpy((table.own - self.own_mean) / self.own_scale)

    def pairs(self, table: PairTable) -> Tensor:
        """Scale the features of pairs."""
        return torch.from_numpy((table.features - self.pair_mean) / self.pair_scale)

    def arrays(self) -> dict[str, np.ndarray]:
        """Give what `PairScorer` reads."""
        return dict(vars(self))


def batches(examples: Sequence[ThreadExample], rng: random.Random) -> list[list[ThreadExample]]:
    """Group threads to about STEP_TOKENS tokens a step, in random order."""
    order = list(examples)
    rng.shuffle(order)
    groups: list[list[ThreadExample]] = [[]]
    size = 0
    for example in order:
        if groups[-1] and size + example.size > STEP_TOKENS:
            groups.append([])
            size = 0
        groups[-1].append(example)
        size += example.size
    return groups


def _padded(rows: Sequence[Sequence[int]], fill: int) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([[*row, *[fill] * (width - len(row))] for row in rows])


class Losses:
    """The losses of one batch of threads."""

    def __init__(self, model: UnitModel, judge: PairJudge, scaling: Scaling) -> None:
        self._model, self._judge, self._scaling = model, judge, scaling

    def of(self, batch: Sequence[ThreadExample], rng: random.Random) -> dict[str, Tensor]:
        """Give the losses of the tokens (means over known ones) and of the pairs (over units)."""
        windows = [w for example in batch for w in example.windows]
        with torch.autocast("cpu", torch.bfloat16):
            outputs = self._model(
                _padded([w.window.ids for w in windows], 0),
                _padded([w.window.types for w in windows], 0),
            )
        kind, begin, salience, bearing = (out.float() for out in outputs)
        losses = _token_losses(windows, kind, begin, salience)
        first, pair_losses = 0, []
        for example in batch:
            if example.tables:
                table = rng.choice(example.tables)
                pair_losses.append(self._pairs(table, bearing, first))
            first += len(example.windows)
        if pair_losses:
            losses["pairs"] = torch.cat(pair_losses).mean()
        return losses

    def _pairs(self, table: PairTable, bearing: Tensor, first: int) -> Tensor:
        means = torch.stack(
            [
                bearing[torch.from_numpy(w) + first, torch.from_numpy(k)].mean(0)
                if len(w)
                else bearing.new_zeros(BEARING)
                for w, k in table.tokens
            ]
        )
        pairs = torch.from_numpy(table.pairs)
        odds, nothing = self._judge(
            means, self._scaling.own(table), pairs, self._scaling.pairs(table)
        )
        return source_losses(odds, nothing, pairs[:, 0], torch.from_numpy(table.gold))[
            torch.from_numpy(table.judged)
        ]


def source_losses(odds: Tensor, nothing: Tensor, source: Tensor, gold: Tensor) -> Tensor:
    """Cross-entropy of each unit's softmax over its targets and none; several targets share it."""
    n = len(nothing)
    top = nothing.detach().scatter_reduce(0, source, odds.detach().amax(1), "amax")
    raised = torch.exp(odds - top[source, None]).sum(1)
    total = torch.exp(nothing - top).index_add(0, source, raised)
    log_total = total.log() + top
    count = torch.zeros(n).index_add(0, source, gold.float().sum(1))
    summed = torch.zeros(n).index_add(0, source, (odds * gold).sum(1))
    chosen = torch.where(count > 0, summed / count.clamp(min=1.0), nothing)
    return log_total - chosen


def _token_losses(
    windows: Sequence[LabelledWindow], kind: Tensor, begin: Tensor, salience: Tensor
) -> dict[str, Tensor]:
    kinds = _padded([w.kinds.tolist() for w in windows], IGNORED)
    if not (kinds != IGNORED).any():
        return {}
    return {
        "kind": nn.functional.nll_loss(kind.flatten(0, 1), kinds.flatten(), ignore_index=IGNORED),
        "begin": _binary_loss(begin, _padded([w.begins.tolist() for w in windows], IGNORED)),
        "salience": _binary_loss(
            salience, _padded([w.salience.tolist() for w in windows], IGNORED)
        ),
    }


def _binary_loss(odds: Tensor, gold: Tensor) -> Tensor:
    known = gold != IGNORED
    if not known.any():
        return odds.sum() * 0.0
    return nn.functional.binary_cross_entropy_with_logits(odds[known], gold[known].float())


class Trainer:
    """Fits the unit model and the judge of relations together."""

    def __init__(self, examples: Sequence[ThreadExample], folder: Path, seed: int) -> None:
        from transformers import AutoModel

        torch.manual_seed(seed)
        transformer = AutoModel.from_pretrained(
            base_model(), attn_implementation="eager", attention_probs_dropout_prob=0.0
        )
        transformer.embeddings.word_embeddings.weight.requires_grad_(False)
        self.parts = nn.ModuleList([UnitModel(transformer), PairJudge()])
        self.average = copy.deepcopy(self.parts)
        self.scaling = Scaling([t for e in examples for t in e.tables])
        self._examples, self._folder, self._seed = examples, folder, seed
        self._losses = Losses(self.parts[0], self.parts[1], self.scaling)

    def run(self, pairs: Sequence[ThreadExample], *, epochs: int, rate: float) -> None:
        """Fit for some epochs; goes on from a checkpoint in the folder, if there is one."""
        fitted = {n: p for n, p in self.parts.named_parameters() if p.requires_grad}
        body = [p for n, p in fitted.items() if n.startswith("0.transformer")]
        heads = [p for n, p in fitted.items() if not n.startswith("0.transformer")]
        optimizer = torch.optim.AdamW(
            [{"params": body, "lr": rate}, {"params": heads, "lr": rate * 6}], weight_decay=0.01
        )
        rates = [group["lr"] for group in optimizer.param_groups]
        checkpoint = self._folder / "checkpoint.pt"
        done = 0
        if checkpoint.exists():
            state = torch.load(checkpoint, weights_only=False)
            self.parts.load_state_dict(state["parts"])
            self.average.load_state_dict(state["average"])
            optimizer.load_state_dict(state["optimizer"])
            self.scaling.restore(state["scaling"])
            done = state["epoch"]
        for epoch in range(done, epochs):
            rng = random.Random(self._seed * 1000 + epoch)
            plan = batches(self._examples_of(epoch, epochs, pairs, rng), rng)
            began = time.monotonic()
            sums = dict.fromkeys(LOSS, 0.0)
            self.parts.train()
            for number, batch in enumerate(plan):
                share = (epoch + number / len(plan)) / epochs
                for group, full in zip(optimizer.param_groups, rates, strict=True):
                    group["lr"] = full * min(1.0, share / WARM_UP + 0.01, 1.02 - share)
                self._step(batch, optimizer, rng, sums)
            figures = ", ".join(f"{k} {v / len(plan):.4f}" for k, v in sums.items())
            print(
                f"epoch {epoch + 1}/{epochs}: {len(plan)} steps, {figures}, "
                f"{time.monotonic() - began:.0f} s",
                flush=True,
            )
            state = {
                "parts": self.parts.state_dict(),
                "average": self.average.state_dict(),
                "optimizer": optimizer.state_dict(),
                "scaling": self.scaling.arrays(),
                "epoch": epoch + 1,
            }
            torch.save(state, checkpoint)

    def _examples_of(
        self, epoch: int, epochs: int, pairs: Sequence[ThreadExample], rng: random.Random
    ) -> list[ThreadExample]:
        if epoch >= epochs - FINISHING:
            return [e for e in self._examples if not e.name.startswith("marked/")]
        return [*self._examples, *rng.sample(list(pairs), min(PAIRS_AN_EPOCH, len(pairs)))]

    def _step(
        self,
        batch: Sequence[ThreadExample],
        optimizer: torch.optim.Optimizer,
        rng: random.Random,
        sums: dict[str, float],
    ) -> None:
        optimizer.zero_grad()
        losses = self._losses.of(batch, rng)
        total = torch.stack([LOSS[name] * loss for name, loss in losses.items()]).sum()
        torch.autograd.backward(total)
        nn.utils.clip_grad_norm_(self.parts.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            for mine, theirs in zip(
                self.average.parameters(), self.parts.parameters(), strict=True
            ):
                if theirs.requires_grad:
                    mine.lerp_(theirs, 1.0 - MOVING_AVERAGE)
        for name, loss in losses.items():
            sums[name] += loss.item()

    def write(self, output: Path) -> None:
        """Write `units.onnx` and `relations.npz`; `nlp.training.choices` is still to be run."""
        export_int8(self.average[0], INPUTS, OUTPUTS, output / "units.onnx")
        arrays = {**self.average[1].arrays(), **self.scaling.arrays()}
        small: dict[str, Any] = {k: np.asarray(v, np.float32) for k, v in arrays.items()}
        np.savez_compressed(output / "relations.npz", **small)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the datasets folder")
    parser.add_argument("--pasted", type=Path, default=None, help="JSONL from python -m bot.gold")
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--work", type=Path, default=Path(".training/units"))
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    given.output.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(WEIGHTS / "tokenizer.json", None)
    encoder = OnnxEncoder(WEIGHTS)
    rng = random.Random(given.seed)
    fitted = [t for t in read_all(given.data, given.pasted) if not t.held_out]
    examples = [example_of(t, tokenizer, encoder, rng) for t in fitted]
    pairs = list(pair_examples(given.data, tokenizer, encoder, rng, PAIRS_AN_EPOCH * given.epochs))
    print(f"{len(fitted)} threads, {sum(e.size for e in examples)} tokens", flush=True)
    trainer = Trainer(examples, given.work, given.seed)
    trainer.run(pairs, epochs=given.epochs, rate=given.rate)
    trainer.write(given.output)
    (given.work / "trained_on.json").write_text(json.dumps(sorted(t.name for t in fitted)))


if __name__ == "__main__":
    main()
