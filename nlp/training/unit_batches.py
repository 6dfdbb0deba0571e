"""Threads as tensors on a device, and their losses: what a step of `nlp.training.unit_model` takes.

All windows stand in one table on the device, so that a batch is a choice of its rows; all units and
pairs of a batch are judged together.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from nlp.training.examples import IGNORED, PairTable, ThreadExample
from nlp.training.precision import mixed
from nlp.training.unit_network import PairJudge, UnitModel

MASK = 103  # the token that stands for a hidden word
FINDING_WEIGHT = 0.5  # of the softmax over the units of a thread, beside the cross-entropy
FINDING_SCALE = 20.0  # of the cosine in it
FIRST_WORD = 999  # ids below are marks: padding, separators, the markers of speaker and answer


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

    def arrays(self) -> dict[str, np.ndarray]:
        """Give what `PairScorer` reads."""
        return dict(vars(self))


@dataclass(frozen=True)
class Table:
    """A `PairTable` on the device, its features scaled.

    `unit`, `window` and `token` (k,) say which token of which window (of the thread's, in order)
    belongs to which unit; `size` (n,) how many tokens each unit has, at least 1.
    """

    unit: Tensor
    window: Tensor
    token: Tensor
    size: Tensor
    own: Tensor
    pairs: Tensor
    features: Tensor
    gold: Tensor
    judged: Tensor
    same: Tensor


@dataclass(frozen=True)
class Rows:
    """One thread: the rows of its windows in the table of all, its tables of pairs, its tokens."""

    first: int
    last: int
    tables: tuple[Table, ...]
    tokens: int


class Corpus:
    """All threads of a run on one device."""

    def __init__(
        self, examples: Sequence[ThreadExample], scaling: Scaling, device: torch.device
    ) -> None:
        self.device = device
        windows = [w for e in examples for w in e.windows]
        self.lengths = np.array([len(w.window.ids) for w in windows])
        width = int(self.lengths.max())
        self._fields = {
            "ids": _filled([w.window.ids for w in windows], width, 0).to(device),
            "types": _filled([w.window.types for w in windows], width, 0).to(device),
            "kinds": _filled([w.kinds for w in windows], width, IGNORED).to(device),
            "begins": _filled([w.begins for w in windows], width, IGNORED).to(device),
            "salience": _filled([w.salience for w in windows], width, IGNORED).to(device),
        }
        self.rows: dict[str, Rows] = {}
        first = 0
        for example in examples:
            last = first + len(example.windows)
            tables = tuple(_table(t, scaling, device) for t in example.tables)
            self.rows[example.name] = Rows(first, last, tables, example.size)
            first = last

    def batch(self, names: Sequence[str]) -> tuple[dict[str, Tensor], list[Rows]]:
        """Give the windows of some threads, one after the other, cut to the longest of them."""
        chosen = [self.rows[name] for name in names]
        places = np.concatenate([np.arange(r.first, r.last) for r in chosen])
        width = int(self.lengths[places].max())
        index = torch.from_numpy(places).to(self.device)
        return {name: t[index, :width] for name, t in self._fields.items()}, chosen


def _filled(rows: Sequence[Sequence[int] | np.ndarray], width: int, fill: int) -> Tensor:
    table = np.full((len(rows), width), fill, np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return torch.from_numpy(table)


def _table(table: PairTable, scaling: Scaling, device: torch.device) -> Table:
    sizes = np.array([len(windows) for windows, _ in table.tokens], np.int64)
    own = (table.own - scaling.own_mean) / scaling.own_scale
    features = (table.features - scaling.pair_mean) / scaling.pair_scale

    def sent(values: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(device)

    return Table(
        unit=sent(np.repeat(np.arange(len(sizes)), sizes)),
        window=sent(np.concatenate([w for w, _ in table.tokens])),
        token=sent(np.concatenate([k for _, k in table.tokens])),
        size=sent(np.maximum(sizes, 1).astype(np.float32)),
        own=sent(own.astype(np.float32)),
        pairs=sent(table.pairs),
        features=sent(features.astype(np.float32)),
        gold=sent(table.gold),
        judged=sent(table.judged),
        same=sent(table.same),
    )


def grouped(
    names: Sequence[str], corpus: Corpus, tokens: int, rng: random.Random
) -> list[list[str]]:
    """Group threads to about `tokens` tokens a step, in random order."""
    order = list(names)
    rng.shuffle(order)
    groups: list[list[str]] = [[]]
    size = 0
    for name in order:
        more = corpus.rows[name].tokens
        if groups[-1] and size + more > tokens:
            groups.append([])
            size = 0
        groups[-1].append(name)
        size += more
    return groups


@dataclass(frozen=True)
class Placed:
    """A table in a batch: where its windows and its units begin there."""

    table: Table
    window: int
    unit: int


class Losses:
    """The losses of one batch of threads; `hidden` is the share of words that are masked."""

    def __init__(self, model: UnitModel, judge: PairJudge, corpus: Corpus, hidden: float) -> None:
        self._model, self._judge, self._corpus, self._hidden = model, judge, corpus, hidden

    def of(self, names: Sequence[str], rng: random.Random) -> dict[str, Tensor]:
        """Give the losses of the tokens (means over known ones) and of the pairs (over units)."""
        fields, rows = self._corpus.batch(names)
        ids = fields["ids"]
        if self._hidden:
            lost = (torch.rand(ids.shape, device=ids.device) < self._hidden) & (ids >= FIRST_WORD)
            ids = ids.masked_fill(lost, MASK)
        with mixed(self._corpus.device):
            outputs = self._model(ids, fields["types"])
        kind, begin, salience, bearing, point = (out.float() for out in outputs)
        losses = {}
        if bool((fields["kinds"] != IGNORED).any()):
            losses = {
                "kind": nn.functional.nll_loss(
                    kind.flatten(0, 1), fields["kinds"].flatten(), ignore_index=IGNORED
                ),
                "begin": _binary_loss(begin, fields["begins"]),
                "salience": _binary_loss(salience, fields["salience"]),
            }
        placed: list[Placed] = []
        windows, units = 0, 0
        for one in rows:
            if one.tables:
                placed.append(Placed(rng.choice(one.tables), windows, units))
                units += len(placed[-1].table.size)
            windows += one.last - one.first
        if placed:
            means = _unit_means(placed, torch.cat([bearing, point], -1))
            size = bearing.shape[-1]
            points = nn.functional.normalize(means[:, size:], dim=-1)
            losses["pairs"] = self._pairs(placed, means[:, :size], points)
            losses["points"] = self._points(placed, points)
        return losses

    def _pairs(self, placed: Sequence[Placed], means: Tensor, points: Tensor) -> Tensor:
        pairs = torch.cat([p.table.pairs + p.unit for p in placed])
        odds, nothing = self._judge(
            means,
            points,
            torch.cat([p.table.own for p in placed]),
            pairs,
            torch.cat([p.table.features for p in placed]),
        )
        gold = torch.cat([p.table.gold for p in placed])
        judged = torch.cat([p.table.judged for p in placed])
        losses = source_losses(odds, nothing, pairs[:, 0], gold)
        return (losses * judged).sum() / judged.sum().clamp(min=1)

    def _points(self, placed: Sequence[Placed], points: Tensor) -> Tensor:
        """Cross-entropy of "the same point", and of finding one's own among all known ones."""
        same = points.new_full((len(points), len(points)), -1.0)
        for one in placed:
            n = one.unit + len(one.table.size)
            same[one.unit : n, one.unit : n] = one.table.same.float()
        known, gold = same >= 0, same > 0
        cosines = points @ points.T
        odds = self._model.point_scale * cosines + self._model.point_bias
        judged = nn.functional.binary_cross_entropy_with_logits(
            odds, same.clamp(min=0), reduction="none"
        )
        share = gold.sum() / known.sum().clamp(min=1)
        weight = known * torch.where(gold, (0.33 / share.clamp(min=0.01)).clamp(1.0, 6.0), 1.0)
        loss = (judged * weight).sum() / weight.sum().clamp(min=1)
        usable = gold.any(1) & (same == 0).any(1)
        scores = FINDING_SCALE * cosines
        right = scores.masked_fill(~gold, -1e4).logsumexp(1)
        total = scores.masked_fill(~known, -1e4).logsumexp(1)
        found = ((total - right) * usable).sum() / usable.sum().clamp(min=1)
        return loss + FINDING_WEIGHT * found


def _unit_means(placed: Sequence[Placed], states: Tensor) -> Tensor:
    """Mean of the states of each unit's words, (n, d)."""
    size = torch.cat([p.table.size for p in placed])
    unit = torch.cat([p.table.unit + p.unit for p in placed])
    window = torch.cat([p.table.window + p.window for p in placed])
    words = states[window, torch.cat([p.table.token for p in placed])]
    return states.new_zeros(len(size), states.shape[-1]).index_add(0, unit, words) / size[:, None]


def source_losses(odds: Tensor, nothing: Tensor, source: Tensor, gold: Tensor) -> Tensor:
    """Cross-entropy of each unit's softmax over its targets and none; several targets share it."""
    top = nothing.detach().scatter_reduce(0, source, odds.detach().amax(1), "amax")
    raised = torch.exp(odds - top[source, None]).sum(1)
    total = torch.exp(nothing - top).index_add(0, source, raised)
    log_total = total.log() + top
    none = torch.zeros_like(nothing)
    count = none.index_add(0, source, gold.float().sum(1))
    summed = none.index_add(0, source, (odds * gold).sum(1))
    chosen = torch.where(count > 0, summed / count.clamp(min=1.0), nothing)
    return log_total - chosen


def _binary_loss(odds: Tensor, gold: Tensor) -> Tensor:
    known = (gold != IGNORED).float()
    losses = nn.functional.binary_cross_entropy_with_logits(
        odds, gold.clamp(min=0).float(), reduction="none"
    )
    return (losses * known).sum() / known.sum().clamp(min=1.0)
