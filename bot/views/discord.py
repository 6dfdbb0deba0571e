"""A map as the chat shows it: plain values that fit Discord's limits by how they are built.

Every part has a share of the 6,000 characters that an embed holds, and takes no more than that:
quotes are chosen by length, and a longer one ends at a word, with a link to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.views.outline import (
    Outline,
    Point,
    Quote,
    Tie,
    names_line,
    outline,
    tally,
    total,
)
from bot.views.text import count, one_line, unmarked, web_address
from nlp.model import ArgumentMap, Residue

TITLE, NAME, VALUE, DESCRIPTION, FOOTER, TOTAL = 256, 256, 1024, 4096, 2048, 6000
TOP = 4  # points beside the crux
CHOICES = 25  # options of one menu

_HEADLINE, _QUOTE, _LONG_QUOTE, _NAMES, _NOTE = 110, 260, 420, 90, 300
_URL = 120  # a jump link has 88 characters
_GOLD, _BLUE, _GREY = 0xD9A441, 0x4F6D8F, 0x8A8F98


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One embed: what it says, in Discord's Markdown, with people's words escaped."""

    title: str = ""
    description: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    footer: str = ""
    colour: int = _BLUE

    def __len__(self) -> int:
        """Give the characters that count against TOTAL."""
        parts = [self.title, self.description, self.footer]
        return sum(map(len, parts)) + sum(len(n) + len(v) for n, v in self.fields)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One option of a menu."""

    value: str
    label: str
    description: str


def escape(text: str, longest: int) -> str:
    """Give one line that Discord shows as it is and that wakes nobody, of at most `longest`."""
    room = longest
    while True:
        line = unmarked(one_line(text, room))
        if len(line) <= longest:
            return line
        room -= max(1, (len(line) - longest) // 2)


def card(found: ArgumentMap, note: str = "") -> Card:
    """Give the map as a busy person reads it: the issue, the crux, the top points, what was read.

    `note` says what was taken, in Crux's words.
    """
    shown = outline(found)
    links = {post.id: post.url for post in found.thread.posts}
    places = {unit.id: links[unit.post] for unit in found.units}
    crux = next((p for p in shown.points if p.is_crux), None)
    others = [p for p in shown.points if not p.is_crux][: TOP if crux else TOP + 1]
    lines = [*_opening(shown, crux, places)]
    if note:
        lines += ["", f"-# {one_line(note, _NOTE)}"]
    return Card(
        title=_title(shown),
        description="\n".join(lines).strip(),
        fields=tuple(_field(point, places) for point in others),
        footer=_footer(shown, len(others) + bool(crux)),
        colour=_GOLD if crux else _BLUE,
    )


def _title(shown: Outline) -> str:
    words = shown.issue or shown.title
    return escape(words, TITLE) if words else "What is argued"


def _opening(shown: Outline, crux: Point | None, places: dict[str, str | None]) -> Iterator[str]:
    voices = {speaker for point in shown.points for speaker in point.speakers}
    if len(voices) == 1:
        yield f"Only one voice here: {escape(next(iter(voices)), _NAMES)}. Nobody answers it yet."
        return
    if crux is None:
        yield "No crux: no point has people on both sides."
        return
    yield f"**◆ Where people divide: {escape(crux.headline, _HEADLINE)}**"
    yield from _quote_line(crux.quotes, places, _QUOTE)
    yield f"{_who(crux.speakers)} · {_counts(crux)}"
    strongest = crux.attacks[0] if crux.attacks else None
    if strongest is not None:
        yield f"**Against it:** {_tie_words(strongest)}"
        yield from _quote_line(strongest.quotes, places, _QUOTE)


def _field(point: Point, places: dict[str, str | None]) -> tuple[str, str]:
    lines = [
        *_quote_line(point.quotes, places, _QUOTE),
        f"{_who(point.speakers)} · {_counts(point)}",
    ]
    return escape(point.headline, _HEADLINE), "\n".join(lines)


def _quote_line(
    quotes: tuple[Quote, ...], places: dict[str, str | None], longest: int
) -> Iterator[str]:
    """Give the best quote that fits, else the best one as far as it does, with its link."""
    if not quotes:
        return
    best = next((q for q in quotes if len(q.text) <= longest * 0.85), quotes[0])
    reported = " *(reported)*" if best.reported else ""
    yield f"> “{escape(best.text, longest)}”{reported}{_link(places.get(best.unit))}"


def _link(url: str | None) -> str:
    safe = web_address(url)
    return f" [↗]({safe})" if safe and len(safe) <= _URL else ""


def _who(speakers: tuple[str, ...]) -> str:
    return escape(names_line(speakers, 3), _NAMES)


def _counts(point: Point) -> str:
    parts = []
    if point.supports:
        parts.append(f"{len(point.supports)} for")
    if point.attacks:
        parts.append(f"{len(point.attacks)} against")
    if len(point.quotes) > 1:
        parts.append(f"said {len(point.quotes)} times")
    return " · ".join(parts) or "nobody answers it"


def _tie_words(tie: Tie) -> str:
    words = escape(tie.headline, _HEADLINE) if tie.key_point else "evidence"
    return f"{words} ({_who(tie.speakers)})"


def _footer(shown: Outline, drawn: int) -> str:
    more = len(shown.points) - drawn
    rest = f" · {more} more in the attached map" if more > 0 else ""
    who, *found = tally(shown)
    left = count(total(shown.left_out), "passage")
    return one_line(f"{who} · {', '.join(found)} · {left} left out{rest}", 400)


def nothing(found: ArgumentMap) -> str | None:
    """Give the honest small answer where there is no argument to draw, else None."""
    if found.units and found.key_points:
        return None
    shown = outline(found)
    read = count(shown.posts, "message")
    return f"No argument here: I read {read}, and nobody makes a point that others could dispute."


def choices(found: ArgumentMap, page: int = 0) -> tuple[Choice, ...]:
    """List the key points of a page as options of a menu, the crux first."""
    points = outline(found).points
    return tuple(
        Choice(
            value=point.id,
            label=one_line(("◆ " if point.is_crux else "") + point.headline, 100) or "a point",
            description=one_line(f"{names_line(point.speakers, 3)} · {_counts(point)}", 100),
        )
        for point in points[page * CHOICES : (page + 1) * CHOICES]
    )


def evidence(found: ArgumentMap, point_id: str | None = None) -> Card:
    """Say who said what for and against a key point, in their words; the first one if not named."""
    points = outline(found).points
    point = next((p for p in points if p.id == point_id), points[0])
    links = {post.id: post.url for post in found.thread.posts}
    places = {unit.id: links[unit.post] for unit in found.units}
    said = _lines((_said(q, places) for q in point.quotes), 1800)
    fields = [
        (name, _lines((_tied(tie, places) for tie in ties), VALUE))
        for name, ties in (("For it", point.supports), ("Against it", point.attacks))
        if ties
    ]
    if not fields:
        fields = [("Nobody answers it", "Nothing here supports or attacks this point.")]
    return Card(
        title=escape(point.headline, TITLE),
        description=said,
        fields=tuple(fields),
        colour=_GOLD if point.is_crux else _BLUE,
    )


def _said(quote: Quote, places: dict[str, str | None]) -> str:
    reported = " *(reported)*" if quote.reported else ""
    who = escape(quote.speaker, _NAMES)
    words = escape(quote.text, _LONG_QUOTE)
    return f"> “{words}” — {who}{reported}{_link(places.get(quote.unit))}"


def _tied(tie: Tie, places: dict[str, str | None]) -> str:
    quote = tie.quotes[0]
    words = escape(quote.text, _QUOTE)
    more = f" +{len(tie.quotes) - 1}" if len(tie.quotes) > 1 else ""
    return f"- “{words}” — {escape(quote.speaker, _NAMES)}{_link(places.get(quote.unit))}{more}"


def _lines(lines: Iterable[str], longest: int) -> str:
    """Join as many whole lines as fit; say how many did not."""
    kept: list[str] = []
    room = longest - 40
    every = list(lines)
    for line in every:
        if len(line) + 1 > room:
            break
        kept.append(line)
        room -= len(line) + 1
    if len(kept) < len(every):
        kept.append(f"-# and {len(every) - len(kept)} more: see Export")
    return "\n".join(kept)


def disagreements(found: ArgumentMap) -> Card:
    """List the points that are attacked, with both sides' best words, the crux first."""
    links = {post.id: post.url for post in found.thread.posts}
    places = {unit.id: links[unit.post] for unit in found.units}
    split = [p for p in outline(found).points if p.attacks]
    split.sort(key=lambda p: (not p.is_crux, -len(p.attacks)))
    fields = []
    for point in split[:6]:
        against = point.attacks[0]
        value = [
            *_quote_line(point.quotes, places, _QUOTE),
            f"**against:** {_tie_words(against)}",
            *_quote_line(against.quotes, places, _QUOTE),
        ]
        mark = "◆ " if point.is_crux else ""
        fields.append((mark + escape(point.headline, _HEADLINE), "\n".join(value)))
    more = len(split) - len(fields)
    return Card(
        title="Where people disagree",
        description="" if split else "Nobody attacks a point of another here.",
        fields=tuple(fields),
        footer=f"{more} more in the export" if more > 0 else "",
        colour=_GOLD,
    )


def left_out(found: ArgumentMap) -> Card:
    """Say what people wrote that is not on the map, by reason, with an example of each."""
    shown = outline(found)
    texts = {post.id: post.text for post in found.thread.posts}
    examples: dict[str, Residue] = {}
    for residue in found.residue:
        examples.setdefault(residue.reason, residue)
    lines = []
    for reason, times in shown.left_out:
        one = examples[reason]
        words = one.text if one.text is not None else texts[one.post][one.start : one.end]
        example = escape(words, 120)
        lines.append(f"**{escape(reason, 60)}** × {times}" + (f": “{example}”" if example else ""))
    around = ", ".join(f"{reason} {times}" for reason, times in shown.taken_off)
    if around:
        lines.append(f"-# Around the posts: {escape(around, 600)}")
    who, *units = tally(shown)
    return Card(
        title="What is not on the map",
        description=_lines(lines, 3500) or "Nothing was left out.",
        footer=one_line(f"Read {who}: {', '.join(units)}.", 400),
        colour=_GREY,
    )
