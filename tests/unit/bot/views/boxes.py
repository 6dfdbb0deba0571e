"""What holds of every picture, measured: nothing overlaps, nothing is clipped."""

from __future__ import annotations

from itertools import combinations

from bot.views.picture.shapes import Box, Sheet


def check(sheet: Sheet) -> None:
    """Cards stand apart and on the sheet; what stands on a card stays on it, apart from the rest."""
    ground = Box(x=0, y=0, width=sheet.width, height=sheet.height)
    for one, other in combinations(sheet.cards, 2):
        assert not one.box.meets(other.box), (one.card.label, other.card.label)
    for placed in sheet.cards:
        assert ground.holds(placed.box)
        card = Box(x=0, y=0, width=placed.card.width, height=placed.card.height)
        for shape in placed.card.shapes:
            assert card.holds(shape.box), (placed.card.label, shape)
        for a, b in combinations(placed.card.shapes, 2):
            assert not ink(a.box).meets(ink(b.box)), (a, b)
    for shape in sheet.loose:
        assert ground.holds(shape.box)
        assert not any(ink(shape.box).meets(placed.box) for placed in sheet.cards)
    for a, b in combinations(sheet.loose, 2):
        assert not ink(a.box).meets(ink(b.box)), (a, b)


def ink(box: Box) -> Box:
    """Lines of one paragraph may share the room of their ascents: compare the middle of each."""
    return Box(
        x=box.x + 0.2, y=box.y + 0.22 * box.height, width=box.width - 0.4, height=0.56 * box.height
    )
