"""B-cubed precision, recall and F1 of a grouping (Bagga and Baldwin 1998)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
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
