"""Train the unit model: `python -m nlp.training.unit_model --data DIR --pasted FILE`.

MiniLM-L6 reads a post after the tail of the post it answers, and says for every token how likely
it stands in a claim, in evidence, in a question or in none of these, how likely a unit begins
there, how likely its unit supports or attacks something in its own post or in another, and how
likely its word stands in the unit's headline. `nlp.units` reads the first two over whole sentences
and clauses, `nlp.relations` the third, `nlp.headlines` the last.

Writes `units.onnx` (int8 per channel) and a checkpoint after every epoch; a run that was cut off
goes on from the last one. Seeded; the dev threads are never fitted unless --all is given.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from nlp.evaluation.labelled import LabelledThread, LabelledUnit, read_all
from nlp.training.base import base_model
from nlp.training.export import export_int8
from nlp.windows import KINDS, LINKS, Window, windows_of
from nlp.words import FUNCTION_WORDS, WORD, content_stems, stem

IGNORED = -100
WEIGHTS = Path(__file__).resolve().parents[1] / "weights"
INPUTS = ("input_ids", "token_type_ids")
OUTPUTS = ("kind", "begin", "links", "salience")


class UnitModel(nn.Module):
    """MiniLM with four heads over its tokens: kind (4 classes), begin, links (4), salience."""

    def __init__(self, transformer: Any) -> None:
        super().__init__()
        self.transformer = transformer
        size = transformer.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.kind = nn.Linear(size, len(KINDS))
        self.begin = nn.Linear(size, 1)
        self.links = nn.Linear(size, len(LINKS))
        self.salience = nn.Linear(size, 1)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        """Give (n, t, 4) log-probabilities of kind and the log-odds of the other three.

        Begin and salience are (n, t), links (n, t, 4). Id 0 is padding.
        """
        states = self.dropout(
            self.transformer(
                input_ids=input_ids,
                token_type_ids=token_type_ids,
                attention_mask=(input_ids != 0).long(),
            ).last_hidden_state
        )
        kind = self.kind(states).log_softmax(-1)
        return (
            kind,
            self.begin(states).squeeze(-1),
            self.links(states),
            self.salience(states).squeeze(-1),
        )


@dataclass(frozen=True)
class Example:
    """A window with its gold: kind, beginning, links per token, IGNORED where unknown."""

    ids: list[int]
    types: list[int]
    kinds: list[int]
    begins: list[int]
    links: list[list[int]]
    salience: list[int]


def examples_of(item: LabelledThread, tokenizer: Any) -> Iterator[Example]:
    """Cut a labelled thread into windows and label their tokens."""
    links = links_of(item)
    for window in windows_of(item.thread, tokenizer):
        yield _label(item, window, links)


def links_of(item: LabelledThread) -> dict[str, list[int]]:
    """For each claim or piece of evidence, whether it has a link of each of LINKS (0 or 1)."""
    places = {u.id: u.post for u in item.units}
    links = {u.id: [0] * len(LINKS) for u in item.units if u.kind in ("claim", "evidence")}
    for source, target, kind in item.relations:
        if source in links:
            where = "inside" if places[source] == places[target] else "across"
            links[source][LINKS.index(f"{kind} {where}")] = 1
    return links


def _label(item: LabelledThread, window: Window, links: dict[str, list[int]]) -> Example:
    post = next(p for p in item.thread.posts if p.id == window.post)
    unknown = [IGNORED] * len(LINKS)
    char_links = [unknown] * (len(post.text) + 1)
    salience = np.full(len(post.text) + 1, IGNORED, np.int64)
    kinds = np.zeros(len(post.text) + 1, np.int64)
    begins = np.full(len(post.text) + 1, IGNORED, np.int64)
    _label_questions(post.text, kinds)
    for unit in item.units:
        if unit.post == post.id:
            if unit.kind in ("claim", "evidence"):
                begins[unit.start : unit.end] = 0
                char_links[unit.start : unit.end] = [links[unit.id]] * (unit.end - unit.start)
            _label_salience(post.text, unit, item.points, salience)
            kinds[unit.start : unit.end] = KINDS.index(unit.kind)
    for unit in item.units:
        if unit.post == post.id and unit.kind in ("claim", "evidence"):
            begins[unit.start] = 1
            after = unit.end + len(post.text[unit.end :]) - len(post.text[unit.end :].lstrip())
            if begins[after] == IGNORED:
                begins[after] = 1
    token_kinds, token_begins, token_links, token_salience = [], [], [], []
    for start, end, seen in zip(window.starts, window.ends, window.judged, strict=True):
        if not seen:
            token_kinds.append(IGNORED)
            token_begins.append(IGNORED)
            token_links.append(unknown)
            token_salience.append(IGNORED)
            continue
        token_kinds.append(int(kinds[start]))
        token_links.append(char_links[start])
        token_salience.append(int(salience[start]))
        within = begins[start:end]
        token_begins.append(1 if (within == 1).any() else int(within[0]))
    return Example(
        list(window.ids), list(window.types), token_kinds, token_begins, token_links, token_salience
    )


def _label_salience(
    text: str, unit: LabelledUnit, points: dict[str, str], salience: np.ndarray
) -> None:
    """Mark the content words of a claim by whether its headline, or its point's, has them too."""
    if unit.kind != "claim" or not unit.headline:
        return
    said = {*content_stems(unit.headline), *content_stems(points.get(unit.point or "", ""))}
    for word in WORD.finditer(text, unit.start, unit.end):
        if word.group().lower() not in FUNCTION_WORDS:
            salience[word.start() : word.end()] = int(stem(word.group()) in said)


def _label_questions(text: str, kinds: np.ndarray) -> None:
    """Mark sentences that end in a question mark; units overwrite them."""
    start = 0
    for i, char in enumerate(text):
        if char in ".!?\n":
            if char == "?":
                kinds[start : i + 1] = KINDS.index("question")
            start = i + 1


def batches(examples: Sequence[Example], tokens: int, rng: random.Random) -> list[list[Example]]:
    """Group examples of similar length, at most `tokens` padded tokens a batch, in random order."""
    order = sorted(examples, key=lambda e: len(e.ids) + rng.random() * 8)
    groups: list[list[Example]] = [[]]
    for example in order:
        if groups[-1] and len(example.ids) * (len(groups[-1]) + 1) > tokens:
            groups.append([])
        groups[-1].append(example)
    rng.shuffle(groups)
    return groups


def _padded(rows: Sequence[Sequence[int]], fill: int) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([[*row, *[fill] * (width - len(row))] for row in rows])


def loss_of(model: UnitModel, batch: Sequence[Example]) -> Tensor:
    """Cross-entropy of kinds, plus the losses of beginnings and of links, over known tokens."""
    kind, begin, links, salience = model(
        _padded([e.ids for e in batch], 0), _padded([e.types for e in batch], 0)
    )
    kinds = _padded([e.kinds for e in batch], IGNORED)
    begins = _padded([e.begins for e in batch], IGNORED)
    width = begins.shape[1]
    blank = [[IGNORED] * len(LINKS)]
    gold_links = torch.tensor([e.links + blank * (width - len(e.links)) for e in batch])
    kind_loss = nn.functional.nll_loss(kind.flatten(0, 1), kinds.flatten(), ignore_index=IGNORED)
    return (
        kind_loss
        + _binary_loss(begin, begins)
        + 0.5 * _binary_loss(links, gold_links)
        + 0.3 * _binary_loss(salience, _padded([e.salience for e in batch], IGNORED))
    )


def _binary_loss(odds: Tensor, gold: Tensor) -> Tensor:
    known = gold != IGNORED
    if not known.any():
        return odds.sum() * 0.0
    return nn.functional.binary_cross_entropy_with_logits(odds[known], gold[known].float())


def train(
    examples: Sequence[Example],
    *,
    epochs: int,
    seed: int,
    folder: Path,
    rate: float = 6e-5,
    tokens: int = 2048,
) -> UnitModel:
    """Fit the model; a checkpoint in `folder` after each epoch lets a cut-off run go on."""
    from transformers import AutoModel

    torch.manual_seed(seed)
    rng = random.Random(seed)
    transformer = AutoModel.from_pretrained(base_model(), attn_implementation="eager")
    model = UnitModel(transformer)
    decayed = [p for n, p in model.named_parameters() if p.ndim > 1 and "embedding" not in n]
    rest = [p for n, p in model.named_parameters() if p.ndim <= 1 or "embedding" in n]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}], lr=rate
    )
    plan = [batches(examples, tokens, rng) for _ in range(epochs)]
    total = sum(map(len, plan))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.1 * total), max(0.0, 1.02 - step / total))
    )
    checkpoint = folder / "checkpoint.pt"
    done = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        done = state["epoch"]
    for epoch in range(done, epochs):
        model.train()
        began, losses = time.monotonic(), []
        for batch in plan[epoch]:
            optimizer.zero_grad()
            loss = loss_of(model, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        seconds = time.monotonic() - began
        print(
            f"epoch {epoch + 1}/{epochs}: loss {np.mean(losses):.4f}, {seconds:.0f} s", flush=True
        )
        torch.save(
            {
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "epoch": epoch + 1,
            },
            checkpoint,
        )
    return model


def main() -> None:
    """Run the command line."""
    from nlp.encoder import load_tokenizer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the datasets folder")
    parser.add_argument("--pasted", type=Path, default=None, help="JSONL from python -m bot.gold")
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--work", type=Path, default=Path(".training/units"))
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--all", action="store_true", help="fit the dev threads too")
    parser.add_argument("--rate", type=float, default=1e-4)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    given.output.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(WEIGHTS / "tokenizer.json", None)
    threads = read_all(given.data, given.pasted)
    fitted = [t for t in threads if given.all or not t.held_out]
    examples = [e for t in fitted for e in examples_of(t, tokenizer)]
    print(f"{len(fitted)} threads, {len(examples)} windows", flush=True)
    model = train(
        examples, epochs=given.epochs, seed=given.seed, folder=given.work, rate=given.rate
    )
    export_int8(model, INPUTS, OUTPUTS, given.output / "units.onnx")
    (given.work / "trained_on.json").write_text(json.dumps(sorted(t.name for t in fitted)))


if __name__ == "__main__":
    main()
