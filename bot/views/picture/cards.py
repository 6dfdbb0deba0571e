"""A key point as a card: what stands on it, how large, and how much room that takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.views.outline import Point, Quote, Tie, names_line
from bot.views.picture.lettering import Line, Weight, fit, line, paragraph
from bot.views.picture.shapes import (
    BAR_HEIGHT,
    MARK_HEIGHT,
    MARK_WIDTH,
    Bar,
    Card,
    Mark,
    Role,
    Shape,
    Tier,
    Voice,
    Words,
)
from nlp.model import RelationType, speaker_of
from nlp.words import content_stems

WIDEST_BAR = 560.0  # pixels, with its two numbers: the eye takes both in at once
LONGER = 24  # characters: by so many more a quote says more, whatever its words
CAP = 0.364  # half the height of a capital, of the size: sets text in the middle of its line


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """The sizes of one tier of card, in pixels; `quote_lines` at most, none for 0."""

    pad: float
    head: float
    head_lead: float
    head_lines: int
    quote: float
    quote_lead: float
    quote_lines: int
    voice: float
    voices: int
    evidence_lines: int


STYLES: dict[Tier, Style] = {
    "crux": Style(
        pad=24, head=27, head_lead=34, head_lines=3, quote=19, quote_lead=28, quote_lines=4,
        voice=16, voices=4, evidence_lines=2,
    ),
    "large": Style(
        pad=18, head=22, head_lead=28, head_lines=3, quote=17.5, quote_lead=25, quote_lines=3,
        voice=15, voices=3, evidence_lines=2,
    ),
    "medium": Style(
        pad=16, head=19, head_lead=25, head_lines=3, quote=16.5, quote_lead=23.5, quote_lines=2,
        voice=14.5, voices=3, evidence_lines=1,
    ),
    "small": Style(
        pad=12, head=16, head_lead=21, head_lines=2, quote=0, quote_lead=0, quote_lines=0,
        voice=14, voices=2, evidence_lines=0,
    ),
}  # fmt: skip


class Stack:
    """Shapes under each other, from the top of a card down; `y` is where the next one may stand."""

    def __init__(self, x: float, y: float, width: float) -> None:
        self.x, self.y, self.width = x, y, width
        self.shapes: list[Shape] = []

    def gap(self, height: float) -> None:
        """Leave room."""
        self.y += height

    def text(
        self, rows: Iterable[Line], lead: float, role: Role, weight: Weight = "regular"
    ) -> None:
        """Put lines under what is there, `lead` from one to the next."""
        for row in rows:
            self.shapes.append(self.words(row, lead, role, weight))
            self.y += lead

    def words(self, row: Line, lead: float, role: Role, weight: Weight = "regular") -> Words:
        """Give a line at the height of the next one; where it begins is for the caller."""
        x = self.x + (self.width - row.width if row.rtl else 0.0)
        return Words(x=x, y=self.y + lead / 2 + CAP * row.size, line=row, role=role, weight=weight)


def card(
    point: Point,
    tier: Tier,
    width: float,
    unseen: tuple[int, int] = (0, 0),
    told: frozenset[str] = frozenset(),
) -> Card:
    """Measure the card of a point.

    `unseen` counts supports and attacks that are not drawn; what is in `told` stands on the
    picture already and is not said again.
    """
    style = STYLES[tier]
    stack = Stack(style.pad, style.pad, width - 2 * style.pad)
    if tier == "crux":
        _crux_label(stack)
    head = paragraph(point.headline, style.head, stack.width, style.head_lines, "semibold")
    stack.text(head, style.head_lead, "ink", "semibold")
    best = _telling(point, told)
    if best is not None and style.quote_lines:
        _quote(stack, style, best)
    stack.gap(6 if tier != "small" else 3)
    voices_row(stack, style, point.speakers, _unseen(unseen))
    if tier == "crux":
        _balance(stack, point)
    _evidence(stack, style, point, told)
    return Card(
        key=point.id,
        tier=tier,
        width=width,
        height=stack.y + style.pad - 2,
        shapes=tuple(stack.shapes),
        label=_label(point),
    )


def _label(point: Point) -> str:
    """Say a card in one sentence, for those who hear the picture."""
    parts = [f"{'The crux: ' if point.is_crux else ''}{point.headline}"]
    parts.append(f"by {names_line(point.speakers)}")
    for ties, verb in ((point.supports, "support"), (point.attacks, "attack")):
        if ties:
            parts.append(f"{len(ties)} {verb}" + ("" if len(ties) == 1 else "s"))
    return ", ".join(parts)


def sides(point: Point) -> tuple[int, int]:
    """Count the people who make or support a point, and those who attack it."""
    pro = {*point.speakers, *(s for t in point.supports for s in t.speakers)}
    con = {s for t in point.attacks for s in t.speakers}
    return len(pro), len(con)


def head_middle(shown: Card) -> float:
    """Give how far under the card's top the middle of its first line of headline is."""
    style = STYLES[shown.tier]
    return style.pad + style.head_lead / 2 + (26 if shown.tier == "crux" else 0)


def _crux_label(stack: Stack) -> None:
    label = line("◆ THE CRUX", 14, "semibold")
    stack.shapes.append(stack.words(label, 18, "crux_ink", "semibold"))
    rest = fit("where people divide most", 14, stack.width - label.width - 10)
    row = stack.words(rest, 18, "faint", "regular")
    stack.shapes.append(replace(row, x=stack.x + label.width + 10))
    stack.gap(26)


def _telling(point: Point, told: frozenset[str]) -> Quote | None:
    """Give the best quote that says more than the headline above it, None where none does."""
    said = set(content_stems(point.headline))
    for quote in point.quotes:
        new = [w for w in content_stems(quote.text) if w not in said]
        if quote.text not in told and (
            len(new) > 1 or len(quote.text) > len(point.headline) + LONGER
        ):
            return quote
    return None


def first_evidence(point: Point, told: frozenset[str]) -> Tie | None:
    """Give the piece of evidence whose words a card has: one that no other card has, if any."""
    ties = [t for t in (*point.supports, *point.attacks) if t.key_point is None]
    return next((t for t in ties if t.quotes[0].text not in told), None)


def _quote(stack: Stack, style: Style, best: Quote) -> None:
    stack.gap(4)
    note = " (reported)" if best.reported else ""
    rows = paragraph(f"“{best.text}”{note}", style.quote, stack.width, style.quote_lines)
    stack.text(rows, style.quote_lead, "soft", "regular")


def voices_row(
    stack: Stack, style: Style, names: tuple[str, ...], note: str, count: int = 0
) -> None:
    """Draw who makes the point, the first few by name, and at the right a note.

    `count` is the number of people where not all of them are named.
    """
    count = max(count, len(names))
    size = style.voice
    lead, radius = size + 10, size * 0.68
    middle = stack.y + lead / 2
    end = stack.x + stack.width
    if note:
        row = fit(note, 13.5, stack.width / 2)
        end -= row.width
        base = middle + CAP * row.size
        stack.shapes.append(Words(x=end, y=base, line=row, role="faint"))
        end -= 14
    x, shown = stack.x, 0
    for name in names[: style.voices]:
        rest = count - shown - 1
        room = end - x - 2 * radius - 6 - (line(f"+{rest}", size).width + 8 if rest else 0.0)
        label = line(name, size)
        if label.width > room:
            if shown or room < 2 * size:
                break
            label = fit(name, size, room)
        stack.shapes.append(voice(x + radius, middle, radius, name))
        base = middle + CAP * size
        stack.shapes.append(Words(x=x + 2 * radius + 6, y=base, line=label, role="faint"))
        x += 2 * radius + 6 + label.width + 14
        shown += 1
    if shown < count:
        more = line(f"+{count - shown}", size)
        base = middle + CAP * size
        stack.shapes.append(Words(x=x - 6 * bool(shown), y=base, line=more, role="faint"))
    stack.gap(lead)


def voice(x: float, y: float, radius: float, name: str) -> Voice:
    """Give the disc of a person, the name's first letter or figure on it.

    Of a post without an author it is the end of the number: the word "post" begins them all.
    """
    start = speaker_of(None, "")
    own = name.removeprefix(start)[-2:] if name.startswith(start) else name
    first = next((c for c in own if c.isalnum()), "•").upper()[:1]
    sign = own if own.isdigit() else first
    return Voice(x=x, y=y, radius=radius, name=name, letter=line(sign, radius * 1.05, "semibold"))


def _balance(stack: Stack, point: Point) -> None:
    """Draw how many people stand on each side of the crux, where there are two."""
    pro, con = sides(point)
    if con:
        balance(stack, pro, con)


def balance(stack: Stack, pro: int, con: int) -> None:
    """Draw how many people stand for and against, as numbers and as a bar between them."""
    stack.gap(8)
    left = line(f"+ {pro} for", 15, "semibold")
    right = line(f"− {con} against", 15, "semibold")
    row = stack.words(left, 20, "support", "semibold")
    stack.shapes.append(row)
    end = stack.x + min(stack.width, WIDEST_BAR) - right.width
    stack.shapes.append(replace(stack.words(right, 20, "attack", "semibold"), x=end))
    x = stack.x + left.width + 12
    bar = Bar(x=x, y=stack.y + 10 - BAR_HEIGHT / 2, width=end - 12 - x, support=pro, attack=con)
    stack.shapes.append(bar)
    stack.gap(22)


def _evidence(stack: Stack, style: Style, point: Point, told: frozenset[str]) -> None:
    """Draw a mark for each piece of evidence, and the words of the first where there is room."""
    ties = [t for t in (*point.supports, *point.attacks) if t.key_point is None]
    if not ties:
        return
    first = first_evidence(point, told)
    if first is not None:
        ties = [first, *(t for t in ties if t is not first)]
    if style.evidence_lines:
        stack.gap(6)
        size, lead = 14.5, 21.0
        kinds: list[RelationType] = [t.type for t in ties]
        step = MARK_WIDTH + 4
        shown = kinds[:6]
        for place, kind in enumerate(shown):
            y = stack.y + (lead - MARK_HEIGHT) / 2
            stack.shapes.append(Mark(x=stack.x + place * step, y=y, type=kind))
        indent = len(shown) * step + 6
        if len(kinds) > len(shown):
            more = line(f"+{len(kinds) - len(shown)}", size)
            row = stack.words(more, lead, "faint", "regular")
            stack.shapes.append(replace(row, x=stack.x + indent - 4))
            indent += more.width + 4
        text = f"“{first.quotes[0].text}”" if first else "the same evidence as above"
        inner = Stack(stack.x + indent, stack.y, stack.width - indent)
        rows = paragraph(text, size, inner.width, style.evidence_lines)
        inner.text(rows, lead, "faint", "regular")
        stack.shapes += inner.shapes
        stack.y = inner.y
    else:
        for place, tie in enumerate(ties[:3]):
            x = stack.x + stack.width - (place + 1) * (MARK_WIDTH + 4)
            stack.shapes.append(Mark(x=x, y=stack.y - MARK_HEIGHT - 4, type=tie.type))


def _unseen(counts: tuple[int, int]) -> str:
    """Say how many ties come from points that are not drawn."""
    support, attack = counts
    if support and attack:
        return f"+{support} −{attack} more"
    return f"+{support} more for" if support else f"−{attack} more against" if attack else ""
