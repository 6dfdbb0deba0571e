"""A week as a picture: where people divided, both sides in their words; what is new and back.

Drawn with the parts of `bot.views.picture`: measured first, so that nothing is clipped and nothing
overlaps, and the same bytes each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.digest.model import Digest, Line, Side
from bot.views.digests.telling import before, span, summary
from bot.views.formats import Look
from bot.views.picture.cards import STYLES, Stack, Style, balance, voices_row
from bot.views.picture.lettering import Weight, line, paragraph
from bot.views.picture.palette import DARK, LIGHT
from bot.views.picture.shapes import Card, Placed, Role, Shape, Sheet, Tier
from bot.views.picture.svg import draw

ACROSS = 540.0  # pixels: a phone's page, as of `bot.views.picture`
MARGIN, GAP, SECTION_GAP, COLUMN_GAP = 28.0, 12.0, 22.0, 24.0
SIGN_GAP = 7.0  # between a side's sign and its words
MOST = {"contested": 1, "new": 6, "back": 4}
MUCH = 4  # times as many of each for who wants everything
QUOTE_LINES = 5
_SIGNS: dict[Side, tuple[str, Role]] = {"for": ("+", "support"), "against": ("−", "attack")}


def render(digest: Digest, look: Look) -> bytes:
    """Give the picture as PNG bytes; a scale of 1 is 540 pixels across."""
    from bot.views.png import rasterise

    return rasterise(render_svg(digest, look, faces=False), look.scale)


def render_svg(digest: Digest, look: Look, *, faces: bool = True) -> str:
    """Give the picture as one SVG document that needs nothing else."""
    sheet = arrange(digest, everything=look.everything)
    return draw(sheet, DARK if look.dark else LIGHT, faces=faces, kind="A week's argument")


def arrange(digest: Digest, *, everything: bool = False) -> Sheet:
    """Give every card and word of the picture in its place."""
    page = _Page()
    page.words("WHAT WAS ARGUED", 13.5, 20, "faint", "semibold", most=1)
    page.words(span(digest.start, digest.end), 27, 36, "ink", "semibold", most=2)
    page.words(summary(digest), 15.5, 23, "soft", most=3)
    page.y += 14
    if digest.worth:
        _points(page, digest, MUCH if everything else 1)
    page.rules.append(page.y)
    page.y += 14
    page.words("Quotes are people's own words · drawn by Crux", 13.5, 20, "faint", most=1)
    return Sheet(
        width=ACROSS,
        height=round(page.y + MARGIN - 6),
        cards=tuple(page.cards),
        edges=(),
        loose=tuple(page.loose),
        rules=tuple(page.rules),
        title=span(digest.start, digest.end),
    )


def _points(page: _Page, digest: Digest, times: int) -> None:
    most = {kind: number * times for kind, number in MOST.items()}
    if digest.crux is not None:
        page.card(_divided(digest.crux, "crux", page.inner))
        page.y += SECTION_GAP - GAP
    contested = _contested(digest)[: most["contested"]]
    drawn = {one.point for one in contested}
    new = [one for one in digest.new if one.point not in drawn]
    back = [one for one in digest.returning if one.point not in drawn]
    if contested:
        page.title("ALSO CONTESTED")
        for one in contested:
            page.card(_divided(one, "medium", page.inner))
        page.y += SECTION_GAP - GAP
    for title, rest, room in (
        ("NEW POINTS", new, most["new"]),
        ("BACK AGAIN", back, most["back"]),
    ):
        if rest:
            page.title(title, len(rest) - room)
            page.rows([_small(one, (page.inner - GAP) / 2) for one in rest[:room]])


class _Page:
    """A sheet that is filled from the top."""

    def __init__(self) -> None:
        self.y = MARGIN
        self.inner = ACROSS - 2 * MARGIN
        self.cards: list[Placed] = []
        self.loose: list[Shape] = []
        self.rules: list[float] = []

    def words(
        self,
        text: str,
        size: float,
        lead: float,
        role: Role,
        weight: Weight = "regular",
        *,
        most: int,
    ) -> None:
        """Put a paragraph across the sheet."""
        stack = Stack(MARGIN, self.y, self.inner)
        stack.text(paragraph(text, size, self.inner, most, weight), lead, role, weight)
        self.loose += stack.shapes
        self.y = stack.y

    def card(self, card: Card) -> None:
        """Put a card across the sheet."""
        self.cards.append(Placed(card=card, x=MARGIN, y=self.y))
        self.y += card.height + GAP

    def title(self, text: str, more: int = 0) -> None:
        """Put a section's title, and how many of its points are not drawn."""
        rest = f" · {more:,} more not drawn" if more > 0 else ""
        self.words(f"{text}{rest}", 13, 20, "faint", "semibold", most=1)
        self.y += 6

    def rows(self, cards: Sequence[Card]) -> None:
        """Put cards two in a row, each pair of one height."""
        for at in range(0, len(cards), 2):
            pair = cards[at : at + 2]
            height = max(card.height for card in pair)
            for place, card in enumerate(pair):
                x = MARGIN + place * (card.width + GAP)
                self.cards.append(Placed(card=replace(card, height=height), x=x, y=self.y))
            self.y += height + GAP
        self.y += SECTION_GAP - GAP


def _contested(digest: Digest) -> list[Line]:
    """Give the points beside the crux that people stand on both sides of, the closest first."""
    both = [
        one for one in (*digest.new, *digest.returning) if one.names("for") and one.names("against")
    ]
    return sorted(both, key=lambda one: -min(one.people("for"), one.people("against")))


def _divided(shown: Line, tier: Tier, width: float) -> Card:
    """Give a point with its two sides beside each other, each in its best words."""
    style = STYLES[tier]
    stack = Stack(style.pad, style.pad, width - 2 * style.pad)
    if tier == "crux":
        label = line("◆ WHERE PEOPLE DIVIDED", 14, "semibold")
        stack.shapes.append(stack.words(label, 18, "crux_ink", "semibold"))
        stack.gap(26)
    _head(stack, shown, style)
    _past(stack, shown)
    balance(stack, shown.people("for"), shown.people("against"))
    stack.gap(8)
    column = (stack.width - COLUMN_GAP) / 2
    sides: tuple[tuple[float, Side], ...] = (
        (stack.x, "for"),
        (stack.x + column + COLUMN_GAP, "against"),
    )
    bottoms = []
    for x, side in sides:
        part = Stack(x, stack.y, column)
        _side(part, shown, side, style)
        stack.shapes += part.shapes
        bottoms.append(part.y)
    stack.y = max(bottoms)
    return _finished(stack, shown, tier, width)


def _small(shown: Line, width: float) -> Card:
    """Give a point with who makes it, for half the width."""
    style = STYLES["small"]
    stack = Stack(style.pad, style.pad, width - 2 * style.pad)
    _head(stack, shown, replace(style, head_lines=3))
    _past(stack, shown)
    stack.gap(3)
    side: Side = "for" if shown.names("for") else "against"
    voices_row(stack, style, shown.names(side), _ties(shown), shown.people(side))
    return _finished(stack, shown, "small", width)


def _finished(stack: Stack, shown: Line, tier: Tier, width: float) -> Card:
    pad = STYLES[tier].pad
    names = [*shown.names("for"), *shown.names("against")]
    return Card(
        key=str(shown.point),
        tier=tier,
        width=width,
        height=stack.y + pad - 2,
        shapes=tuple(stack.shapes),
        label=f"{shown.headline}, by {', '.join(names[:6])}",
    )


def _head(stack: Stack, shown: Line, style: Style) -> None:
    rows = paragraph(shown.headline, style.head, stack.width, style.head_lines, "semibold")
    stack.text(rows, style.head_lead, "ink", "semibold")


def _past(stack: Stack, shown: Line) -> None:
    if shown.times:
        stack.gap(2)
        stack.text(paragraph(before(shown), 14, stack.width, 2), 20, "faint")


def _side(stack: Stack, shown: Line, side: Side, style: Style) -> None:
    """Put the best words of one side, and its people."""
    best = next((voice for voice in shown.voices if voice.side == side), None)
    sign, role = _SIGNS[side]
    mark = line(sign, style.quote, "semibold")
    stack.shapes.append(stack.words(mark, style.quote_lead, role, "semibold"))
    indent = line("+", style.quote, "semibold").width + SIGN_GAP
    words = f"“{best.text}”" if best and best.text else "said in a message"
    part = Stack(stack.x + indent, stack.y, stack.width - indent)
    part.text(paragraph(words, style.quote, part.width, QUOTE_LINES), style.quote_lead, "soft")
    part.gap(4)
    voices_row(part, replace(style, voices=2), shown.names(side), "", shown.people(side))
    stack.shapes += part.shapes
    stack.y = part.y


def _ties(shown: Line) -> str:
    parts = [f"+{shown.supports}"] if shown.supports else []
    parts += [f"−{shown.attacks}"] if shown.attacks else []
    return " ".join(parts)
