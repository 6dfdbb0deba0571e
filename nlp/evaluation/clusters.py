"""Figures of a grouping: B-cubed (Bagga and Baldwin 1998), V-measure, adjusted Rand index."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import log
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def b_cubed(
    gold: Mapping[Item, Hashable], found: Mapping[Item, Hashable]
) -> tuple[float, float, float]:
    """Give precision, recall and F1 over the items of `gold`; an item not found stands alone.

    Items of `found` that `gold` lacks are not counted. All are 1.0 when there is nothing to group.
    """
    if not gold:
        return 1.0, 1.0, 1.0
    mine: dict[Item, Hashable] = {item: found.get(item, ("alone", item)) for item in gold}
    of_gold: dict[Hashable, set[Item]] = defaultdict(set)
    of_mine: dict[Hashable, set[Item]] = defaultdict(set)
    for item in gold:
        of_gold[gold[item]].add(item)
        of_mine[mine[item]].add(item)
    precision = recall = 0.0
    for item in gold:
        common = len(of_gold[gold[item]] & of_mine[mine[item]])
        precision += common / len(of_mine[mine[item]])
        recall += common / len(of_gold[gold[item]])
    precision, recall = precision / len(gold), recall / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def v_measure(gold: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """V-measure: harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg 2007)."""
    h_gold, h_found = _entropy(gold), _entropy(found)
    joint = _entropy(list(zip(gold, found, strict=True)))
    homogeneous = 1.0 if h_gold == 0 else (h_gold + h_found - joint) / h_gold
    complete = 1.0 if h_found == 0 else (h_gold + h_found - joint) / h_found
    total = homogeneous + complete
    return max(0.0, 2 * homogeneous * complete / total) if total > 0 else 0.0


def adjusted_rand(gold: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """Rand index adjusted for chance (Hubert and Arabie 1985): 1.0 the same, about 0 by chance."""

    def pairs(labels: Iterable[Hashable]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(labels).values())

    both, mine, theirs = pairs(zip(gold, found, strict=True)), pairs(found), pairs(gold)
    total = len(gold) * (len(gold) - 1) // 2
    expected = mine * theirs / total if total else 0.0
    best = (mine + theirs) / 2
    return 1.0 if best == expected else (both - expected) / (best - expected)


def _entropy(labels: Sequence[Hashable]) -> float:
    n = len(labels)
    return -sum(c / n * log(c / n) for c in Counter(labels).values())
