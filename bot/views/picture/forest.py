"""Which points a picture shows, and which tie of a point becomes a branch of the tree.

Ties between points nearly always make a forest: most points answer one other. Each point hangs
under the one that it bears on most; the few ties that are left over are drawn beside the cards.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.views.outline import Outline, Point
from nlp.model import RelationType


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """A point under the one that it supports or attacks; `bears` is None for a root."""

    point: Point
    bears: RelationType | None
    children: tuple[Branch, ...]

    @property
    def size(self) -> int:
        """How many points stand on this branch."""
        return 1 + sum(child.size for child in self.children)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cross:
    """A tie between two shown points that is not a branch."""

    source: str
    target: str
    type: RelationType


@dataclass(frozen=True, kw_only=True, slots=True)
class Forest:
    """The trees (the crux's first), points that nothing ties, what is drawn beside, the folded.

    `folded` counts the points that are not shown; `unseen` counts, for a shown point, those of
    its ties (support, attack) that come from points that are not shown.
    """

    trees: tuple[Branch, ...]
    alone: tuple[Point, ...]
    crosses: tuple[Cross, ...]
    folded: int
    unseen: dict[str, tuple[int, int]]


def choose(shown: Outline, most: int) -> tuple[Point, ...]:
    """Choose the points to show, by weight; each brings a partner in argument while there is room.

    A point without what is said against it says less than two that meet. The order stays that of
    the outline.
    """
    by_id = {point.id: point for point in shown.points}
    partners: dict[str, list[str]] = {key: [] for key in by_id}
    for point in shown.points:
        for tie in (*point.attacks, *point.supports):
            if tie.key_point in by_id:
                partners[point.id].append(tie.key_point)
                partners[tie.key_point].append(point.id)
    chosen: set[str] = set()
    for point in shown.points:
        if len(chosen) >= most:
            break
        chosen.add(point.id)
        near = partners[point.id]
        if near and not chosen.intersection(near) and len(chosen) < most:
            chosen.add(near[0])
    return tuple(point for point in shown.points if point.id in chosen)


def plant(shown: Outline, most: int, deepest: int) -> Forest:
    """Arrange at most `most` points of an outline to trees at most `deepest` below a root."""
    points = {point.id: point for point in choose(shown, most)}
    order = {key: place for place, key in enumerate(points)}
    ties = [
        (order[point.id], place, point.id, tie.key_point, tie.type)
        for point in points.values()
        for place, tie in enumerate((*point.supports, *point.attacks))
        if tie.key_point in points
    ]
    # a point hangs under the weightiest that it bears on; within one target the order is the tie's
    ties.sort(key=lambda t: (order[t[3]], t[0], t[1]))
    parent: dict[str, tuple[str, RelationType]] = {}
    crosses: list[Cross] = []
    crux = next((p.id for p in points.values() if p.is_crux), None)
    for _, _, target, source, kind in ties:
        if source in parent or source == crux or _closes(source, target, parent, deepest):
            crosses.append(Cross(source=source, target=target, type=kind))
        else:
            parent[source] = (target, kind)
    children: dict[str, list[str]] = {}
    for key in points:
        if key in parent:
            children.setdefault(parent[key][0], []).append(key)

    def grow(key: str) -> Branch:
        under = sorted(children.get(key, ()), key=lambda k: (parent[k][1] == "attack", order[k]))
        return Branch(
            point=points[key],
            bears=parent[key][1] if key in parent else None,
            children=tuple(grow(k) for k in under),
        )

    roots = [grow(key) for key in points if key not in parent]
    crossed = {c.source for c in crosses} | {c.target for c in crosses}
    loose = [
        r for r in roots if not r.children and not r.point.is_crux and r.point.id not in crossed
    ]
    trees = [r for r in roots if r not in loose]
    trees.sort(key=lambda r: _first(r, order))
    alone = [r.point for r in loose if _is_slight(r.point)]
    return Forest(
        trees=(*trees, *(r for r in loose if not _is_slight(r.point))),
        alone=tuple(alone),
        crosses=tuple(crosses),
        folded=len(shown.points) - len(points),
        unseen={p.id: _unseen(p, points) for p in points.values()},
    )


def _closes(
    source: str, target: str, parent: dict[str, tuple[str, RelationType]], deepest: int
) -> bool:
    """Tell whether hanging `source` under `target` makes a ring, or a tree that is too deep."""
    above, key = 1, target
    while key != source and key in parent:
        key = parent[key][0]
        above += 1
    return key == source or above + _depth(source, parent) > deepest


def _depth(key: str, parent: dict[str, tuple[str, RelationType]]) -> int:
    under = [k for k, (target, _) in parent.items() if target == key]
    return 1 + max(_depth(k, parent) for k in under) if under else 0


def _first(branch: Branch, order: dict[str, int]) -> int:
    return min([order[branch.point.id], *(_first(c, order) for c in branch.children)])


def _is_slight(point: Point) -> bool:
    """Tell a point of one person that nothing bears on: it needs a headline, no card."""
    return len(point.speakers) == 1 and not point.supports and not point.attacks


def _unseen(point: Point, points: dict[str, Point]) -> tuple[int, int]:
    support, attack = (
        sum(t.key_point is not None and t.key_point not in points for t in ties)
        for ties in (point.supports, point.attacks)
    )
    return support, attack
