"""Where everything stands: trees of cards in one column or two, ties beside them, words around.

A tree is drawn as people read: the point, and under it, set in, what supports it and then what
attacks it. Branches run in the margin that setting in leaves, so no line can meet a card; ties
that are no branches run in a gutter at the right of their column, each in a lane of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.views.outline import Outline, Point, tally, total
from bot.views.picture.cards import CAP, card, first_evidence, head_middle
from bot.views.picture.forest import Branch, Cross, Forest, plant
from bot.views.picture.lettering import Weight, line, paragraph
from bot.views.picture.shapes import (
    MARK_HEIGHT,
    MARK_WIDTH,
    SAMPLE_WIDTH,
    Edge,
    Mark,
    Placed,
    Role,
    Sample,
    Shape,
    Sheet,
    Tier,
    Words,
)
from nlp.model import RelationType

# Pixels across: a phone's page, a desk's. A phone shows the narrow one at 0.7 of its size, so that
# its smallest words are about 10 points high there.
TALL, WIDE = 540.0, 1280.0
MARGIN = 24.0
INDENT = 36.0
TRUNK: dict[RelationType, float] = {"attack": 10.0, "support": 23.0}
GAP, TREE_GAP, ALONE_GAP = 14.0, 26.0, 12.0
COLUMN_GAP = 30.0
LANE = 17.0
LANES = {TALL: 2, WIDE: 3}
PORT = 18.0  # between two ties that meet one side of a card: a bar is 14 high
SIGN = 22.0  # room of a tie's sign, from middle to middle
LONGEST_TIE = 900.0  # pixels beside the cards: the eye follows a longer one to no end
DEEPEST = {TALL: 3, WIDE: 3}
LARGE_AT_LEAST = 0.55  # of the weight of the weightiest point but the crux
MOST_LARGE = 5
TOO_HIGH = 1.2  # sides that are this much longer than even columns leave one of them empty


_EVIDENCE: dict[RelationType, str] = {"support": "evidence for", "attack": "evidence against"}
NO_ARGUMENT = "Nobody makes a point that others could dispute."


@dataclass(frozen=True, slots=True)
class _Type:
    """How a paragraph outside the cards is set; `size` and `lead`, line to line, in pixels."""

    size: float
    lead: float
    role: Role
    weight: Weight = "regular"


_TITLE = _Type(26, 33, "ink", "semibold")
_LABEL = _Type(13.5, 20, "faint", "semibold")
_SAID = _Type(17, 25, "soft")
_ASIDE = _Type(13.5, 21, "faint")


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of cards: `right` is where its cards end and its gutter begins."""

    x: float
    right: float


def arrange(shown: Outline, *, wide: bool, most: int) -> Sheet:
    """Give the picture of an outline as places: `most` points, the rest folded and counted.

    Ties that find no lane in the gutter are not drawn but counted on the card that they bear on.
    """
    across = WIDE if wide else TALL
    forest = plant(shown, most, DEEPEST[across])
    by_side = _arranged(shown, forest, across, by_side=True)
    if not wide:
        return by_side
    evenly = _arranged(shown, forest, across, by_side=False)
    return by_side if by_side.height <= TOO_HIGH * evenly.height else evenly


def _arranged(shown: Outline, forest: Forest, across: float, *, by_side: bool) -> Sheet:
    lanes = (0, 0)
    while True:  # ends: each turn widens a gutter, at most to LANES, or drops a tie
        builder = _Builder(shown, forest, across, lanes, by_side=by_side)
        sheet = builder.sheet()
        wider = (max(lanes[0], builder.lanes[0]), max(lanes[1], builder.lanes[1]))
        if wider == lanes and not builder.homeless:
            return sheet
        lanes, forest = wider, _without(forest, builder.homeless)


def _without(forest: Forest, dropped: Iterable[Cross]) -> Forest:
    unseen = dict(forest.unseen)
    for cross in dropped:
        support, attack = unseen[cross.target]
        is_support = cross.type == "support"
        unseen[cross.target] = (support + is_support, attack + (not is_support))
    kept = tuple(c for c in forest.crosses if c not in set(dropped))
    return replace(forest, crosses=kept, unseen=unseen)


def tiers(points: Iterable[Point]) -> dict[str, Tier]:
    """Give each point its size: the crux, a few large ones by weight, the others."""
    rest = [p for p in points if not p.is_crux]
    top = max((p.weight for p in rest), default=0.0)
    large = [p.id for p in rest if p.weight >= LARGE_AT_LEAST * top and _is_tied(p)][:MOST_LARGE]
    sizes: dict[str, Tier] = {p.id: "large" if p.id in large else "medium" for p in rest}
    return sizes | {p.id: "crux" for p in points if p.is_crux}


def _is_tied(point: Point) -> bool:
    return bool(point.supports or point.attacks) or len(point.speakers) > 1


class _Builder:
    """Places one sheet, top to bottom."""

    def __init__(
        self,
        shown: Outline,
        forest: Forest,
        across: float,
        lanes: tuple[int, int],
        *,
        by_side: bool,
    ) -> None:
        self.shown, self.forest, self.across = shown, forest, across
        self.tiers = tiers(shown.points)
        self.cards: list[Placed] = []
        self.edges: list[Edge] = []
        self.loose: list[Shape] = []
        self.rules: list[float] = []
        self.homeless: list[Cross] = []
        self.lanes, self.by_side = [0, 0], by_side
        self.told = frozenset({shown.issue} if shown.issue else ())
        inner = across - 2 * MARGIN
        if across == WIDE:
            width = (inner - COLUMN_GAP) / 2
            lefts = [MARGIN, MARGIN + width + COLUMN_GAP]
        else:
            width, lefts = inner, [MARGIN]
        self.columns = [
            Column(x=x, right=x + width - (LANE * count if count else 0))
            for x, count in zip(lefts, lanes, strict=False)
        ]
        self.at = dict.fromkeys(range(len(self.columns)), 0.0)
        self.column_of: dict[str, int] = {}

    def sheet(self) -> Sheet:
        """Give the finished sheet."""
        y = self._header(MARGIN)
        if not self.shown.points:
            y = self._text(NO_ARGUMENT, _SAID, self._text("No argument here", _TITLE, y) + 6) + 18
        for column in self.at:
            self.at[column] = y
        for tree in self.forest.trees:
            self._tree(tree)
        self._crosses()
        y = max(self.at.values())
        y = self._alone(y)
        if self.forest.folded:
            noun = "point" if self.forest.folded == 1 else "points"
            y = self._text(f"+ {self.forest.folded} more {noun} of less weight", _SAID, y) + 8
        y = self._footer(y)
        return Sheet(
            width=self.across,
            height=round(y + MARGIN - 6),
            cards=tuple(self.cards),
            edges=tuple(self.edges),
            loose=tuple(self.loose),
            rules=tuple(self.rules),
            title=self.shown.issue or self.shown.title or "What is argued",
        )

    # words around the cards

    def _text(self, text: str, style: _Type, y: float, most: int = 3) -> float:
        """Place a paragraph across the sheet; give where the next thing may stand."""
        inner = self.across - 2 * MARGIN
        for row in paragraph(text, style.size, inner, most, style.weight):
            x = self.across - MARGIN - row.width if row.rtl else MARGIN
            base = y + style.lead / 2 + CAP * style.size
            words = Words(x=x, y=base, line=row, role=style.role, weight=style.weight)
            self.loose.append(words)
            y += style.lead
        return y

    def _header(self, y: float) -> float:
        title, issue = self.shown.title, self.shown.issue
        if not self.shown.points:
            return self._text(title, _ASIDE, y, most=1) + 4 if title else y
        if title and title != issue:
            y = self._text(title, _ASIDE, y, most=1) + 4
        if issue:
            label = "THE QUESTION" if "?" in issue else "WHAT IT IS ABOUT"
            y = self._text(label, _LABEL, y)
            y = self._text(issue, _TITLE, y, most=4)
        return y + 16

    def _alone(self, y: float) -> float:
        """Place the points that nothing ties: small cards in rows."""
        points = self.forest.alone
        if not points:
            return y
        if self.cards:
            y = self._text("ALSO SAID", _LABEL, y) + 8
        across = 4 if self.across == WIDE else 2
        width = (self.across - 2 * MARGIN - (across - 1) * ALONE_GAP) / across
        for at in range(0, len(points), across):
            row = [card(p, "small", width) for p in points[at : at + across]]
            height = max(c.height for c in row)
            for place, shown in enumerate(row):
                x = MARGIN + place * (width + ALONE_GAP)
                self.cards.append(Placed(card=replace(shown, height=height), x=x, y=y))
            y += height + ALONE_GAP
        return y + 12

    def _footer(self, y: float) -> float:
        self.rules.append(y)
        y += 14
        if self.cards:
            y = self._legend(y)
        return self._text(account(self.shown), _ASIDE, y)

    def _legend(self, y: float) -> float:
        """Say what the forms on this sheet mean, in as many rows as it takes."""
        lead, size = 28.0, 14.0
        marks = {s.type for p in self.cards for s in p.card.shapes if isinstance(s, Mark)}
        ties = {edge.type for edge in self.edges}
        kinds: tuple[RelationType, ...] = ("support", "attack")
        says = _EVIDENCE | ({"attack": "against"} if len(marks) == 2 else {})
        x = MARGIN
        items: tuple[tuple[Sample | Mark, float, str], ...] = (
            *((Sample(x=0, y=0, type=k), SAMPLE_WIDTH, f"{k}s") for k in kinds if k in ties),
            *((Mark(x=0, y=0, type=k), MARK_WIDTH, says[k]) for k in kinds if k in marks),
        )
        for shape, width, text in items:
            row = line(text, size)
            if x + width + 8 + row.width > self.across - MARGIN:
                x, y = MARGIN, y + lead
            middle = y + lead / 2
            high = middle - (MARK_HEIGHT / 2 if isinstance(shape, Mark) else 0.0)
            self.loose.append(replace(shape, x=x, y=high))
            base = middle + CAP * size
            self.loose.append(Words(x=x + width + 8, y=base, line=row, role="faint"))
            x += width + row.width + 20
        return y + lead + 6

    # trees

    def _tree(self, tree: Branch) -> None:
        if tree.point.is_crux and len(self.columns) == 2:
            self._spread(tree)
            return
        column = min(self.at, key=lambda c: (self.at[c], c))
        linked = self._linked(tree)
        column = linked if linked is not None else column
        self.at[column] = self._branch(tree, column, 0, self.at[column]) + TREE_GAP - GAP

    def _linked(self, tree: Branch) -> int | None:
        """Give the column of a tree that a tie outside the branches links to this one."""
        keys = set(_keys(tree))
        for cross in self.forest.crosses:
            for one, other in ((cross.source, cross.target), (cross.target, cross.source)):
                if one in keys and other in self.column_of:
                    return self.column_of[other]
        return None

    def _spread(self, tree: Branch) -> None:
        """Draw the crux across both columns, what bears on it under it.

        By side, supports stand on the left and attacks on the right; else both columns are filled
        evenly, supports first.
        """
        left, right = self.columns
        placed = self._place(tree.point, left.x, right.right, self.at[0], 0)
        below = placed.box.bottom + GAP
        self.at = dict.fromkeys(self.at, below)
        for child in tree.children:
            if self.by_side:
                column = 0 if child.bears == "support" else 1
            else:
                column = min(self.at, key=lambda c: (self.at[c], c))
            top = self.at[column]
            self.at[column] = self._branch(child, column, 1, top)
            self._edge(child, placed, self.columns[column].x)
        self.at = {c: y + TREE_GAP - GAP if y > below else y + 4 for c, y in self.at.items()}

    def _branch(self, branch: Branch, column: int, depth: int, y: float) -> float:
        """Place a branch; give where the next may stand."""
        room = self.columns[column]
        x = room.x + depth * INDENT
        placed = self._place(branch.point, x, room.right, y, column)
        y = placed.box.bottom + GAP
        for child in branch.children:
            top = y
            y = self._branch(child, column, depth + 1, top)
            self._edge(child, placed, x)
        return y

    def _place(self, point: Point, x: float, right: float, y: float, column: int) -> Placed:
        tier = self.tiers[point.id]
        shown = card(point, tier, right - x, self.forest.unseen[point.id], self.told)
        evidence = first_evidence(point, self.told)
        if evidence is not None:
            self.told |= {evidence.quotes[0].text}
        placed = Placed(card=shown, x=x, y=y)
        self.cards.append(placed)
        self.column_of[point.id] = column
        return placed

    def _edge(self, child: Branch, parent: Placed, x: float) -> None:
        """Draw a branch: from the child's headline to the margin, up to the parent's lower edge."""
        assert child.bears is not None
        placed = next(p for p in self.cards if p.card.key == child.point.id)
        trunk, middle = x + TRUNK[child.bears], placed.y + head_middle(placed.card)
        corners = ((placed.x, middle), (trunk, middle), (trunk, parent.box.bottom))
        self.edges.append(
            Edge(
                source=child.point.id,
                target=parent.card.key,
                type=child.bears,
                corners=corners,
                badge=(placed.x, middle),
            )
        )

    # ties beside the trees

    def _crosses(self) -> None:
        places = {p.card.key: p for p in self.cards}
        taken: dict[int, list[list[tuple[float, float]]]] = {}
        spans = [(self._span(places[c.source], places[c.target]), c) for c in self.forest.crosses]
        drawn: list[tuple[Cross, int, float]] = []  # with its lane, and where that runs
        for (top, bottom), cross in sorted(spans, key=lambda s: (s[0][1] - s[0][0], s[0])):
            one, other = self.column_of[cross.source], self.column_of[cross.target]
            gutter = min(one, other)
            lanes = taken.setdefault(gutter, [[] for _ in range(LANES[self.across])])
            free = [
                n for n, lane in enumerate(lanes) if all(bottom < a or b < top for a, b in lane)
            ]
            if not free or one != other or bottom - top > LONGEST_TIE:
                self.homeless.append(cross)
                continue
            lanes[free[0]].append((top, bottom))
            self.lanes[gutter] = max(self.lanes[gutter], free[0] + 1)
            x = self.columns[gutter].right + 3 + LANE * (free[0] + 0.7)
            drawn.append((cross, free[0], x))
        ports = self._ports(drawn, places)
        for cross, _, x in drawn:
            start = self._port(places[cross.source], ports[cross, cross.source], x)
            end = self._port(places[cross.target], ports[cross, cross.target], x)
            corners = (start, *(((x, start[1]),) if start[0] != x else ()))
            corners += (*(((x, end[1]),) if end[0] != x else ()), end)
            badge = x, self._clear(x, *sorted((start[1], end[1])))
            self.edges.append(
                Edge(
                    source=cross.source,
                    target=cross.target,
                    type=cross.type,
                    corners=corners,
                    badge=badge,
                )
            )

    def _clear(self, x: float, top: float, bottom: float) -> float:
        """Give the height of a tie's sign: the middle, or the nearest that no other sign is at."""
        middle = (top + bottom) / 2
        steps = [middle, *(middle + way * SIGN * n for n in range(1, 8) for way in (1, -1))]
        near = [y for at, y in (e.badge for e in self.edges) if abs(at - x) < SIGN]
        return next(
            (y for y in steps if top < y < bottom and all(abs(y - o) >= SIGN for o in near)), middle
        )

    def _ports(
        self, drawn: list[tuple[Cross, int, float]], places: dict[str, Placed]
    ) -> dict[tuple[Cross, str], int]:
        """Give each edge its number at a card's side, from its top, so that none cross there.

        First those that run up, the inner lanes first; then those that run down, the outer first.
        """
        at: dict[str, list[tuple[bool, int, Cross]]] = {}
        for cross, lane, _ in drawn:
            for one, other in ((cross.source, cross.target), (cross.target, cross.source)):
                down = places[other].y > places[one].y
                at.setdefault(one, []).append((down, -lane if down else lane, cross))
        return {
            (cross, key): number
            for key, ends in at.items()
            for number, (_, _, cross) in enumerate(sorted(ends, key=lambda e: e[:2]))
        }

    def _span(self, one: Placed, other: Placed) -> tuple[float, float]:
        return min(one.y, other.y), max(one.box.bottom, other.box.bottom)

    def _port(self, placed: Placed, number: int, x: float) -> tuple[float, float]:
        """Give where an edge meets the right side of a card, or the lower side of a wide one."""
        if x < placed.box.right:
            return x, placed.box.bottom
        down = min(24.0 + PORT * number, placed.card.height - 10)
        return placed.box.right, placed.y + down


def _keys(branch: Branch) -> Iterable[str]:
    yield branch.point.id
    for child in branch.children:
        yield from _keys(child)


def account(shown: Outline) -> str:
    """Say in one line what was read, what was found and how much was left out."""
    who, *found = tally(shown)
    left = total(shown.left_out)
    rest = f"{left:,} left out" if left else "nothing left out"
    return " · ".join((f"Read {who}", *found, rest))
