"""What a digest says, in sections, before it takes a form: short for a minute, or in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.digest.model import Digest, Line, Moved, Side, Voice
from bot.views.outline import names_line
from bot.views.text import count

T = TypeVar("T")

# lines of a section where the digest is to be read in a minute
SHORT = {"new": 3, "returning": 2, "moved": 3, "questions": 2}
QUIET = "Nothing worth a digest: nobody made a point that others could dispute."


@dataclass(frozen=True, kw_only=True, slots=True)
class Quoted:
    """Somebody's words, or a link alone once they are no longer kept."""

    text: str | None
    speaker: str
    url: str | None
    label: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A line of a section; `headline` is None where the quote says it all."""

    headline: str | None
    note: str
    quotes: tuple[Quoted, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Lines of one kind; `more` counts those that are in the full digest alone."""

    title: str
    items: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """A digest in the order in which it is read."""

    title: str
    summary: str
    sections: tuple[Section, ...]
    left_out: tuple[str, ...]


def tell(digest: Digest, *, short: bool) -> Telling:
    """Give what a digest says."""
    sections = [
        _section("Where people divided", [digest.crux] if digest.crux else [], _crux, None),
        _section("New points", digest.new, _new, SHORT["new"] if short else None),
        _section("Back again", digest.returning, _back, SHORT["returning"] if short else None),
        _section("What moved", digest.moved, _moved, SHORT["moved"] if short else None),
        _section(
            "Nobody answered", digest.questions, _asked, SHORT["questions"] if short else None
        ),
    ]
    return Telling(
        title=f"What was argued, {span(digest.start, digest.end)}",
        summary=summary(digest),
        sections=tuple(s for s in sections if s.items) if digest.worth else (),
        left_out=digest.left_out,
    )


def span(start: datetime, end: datetime) -> str:
    """Name a window by its days."""
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}" if start.day != end.day else day(end)
    if start.year == end.year:
        return f"{start.day} {start:%B} – {day(end)}"
    return f"{day(start)} – {day(end)}"


def day(moment: datetime) -> str:
    """Name a day."""
    return f"{moment.day} {moment:%B %Y}"


def summary(digest: Digest) -> str:
    """Say how much was read and how many points it holds."""
    read = f"{count(digest.posts, 'message')}{_by(digest)} in {count(digest.threads, 'thread')}"
    if not digest.worth:
        return f"{QUIET} Read: {read}."
    made = len(digest.new) + (1 if digest.crux and not digest.crux.times else 0)
    back = len(digest.returning) + (1 if digest.crux and digest.crux.times else 0)
    parts = [count(made, "new point")] if made or not back else []
    if back:
        parts.append(
            f"{back} that came back" if parts else f"{count(back, 'point')} that came back"
        )
    return f"{read}: {', '.join(parts)}."


def _by(digest: Digest) -> str:
    """Say by how many people; of messages without a name nobody knows by how many."""
    if not digest.nameless:
        return f" by {count(digest.people, 'person', 'people')}"
    if not digest.people:
        return " without names"
    return f" by {count(digest.people, 'person', 'people')} and {digest.nameless:,} without a name"


def _section(
    title: str, found: Iterable[T], item: Callable[[T], Item], most: int | None
) -> Section:
    items = list(found)
    shown = items if most is None else items[:most]
    return Section(
        title=title,
        items=tuple(item(one) for one in shown),
        more=len(items) - len(shown),
    )


def _crux(line: Line) -> Item:
    return Item(
        headline=line.headline,
        note=f"for: {_people(line, 'for')} · against: {_people(line, 'against')}{_before(line)}",
        quotes=(
            *(_quoted(v, "for") for v in _side(line, "for")[:1]),
            *(_quoted(v, "against") for v in _side(line, "against")[:1]),
        ),
    )


def _new(line: Line) -> Item:
    return Item(headline=line.headline, note=_who(line), quotes=_best(line))


def _back(line: Line) -> Item:
    return Item(headline=line.headline, note=f"{_who(line)}{_before(line)}", quotes=_best(line))


def _moved(moved: Moved) -> Item:
    return Item(
        headline=moved.headline,
        note=moves(moved),
        quotes=tuple(_quoted(v) for v in moved.voices[:1]),
    )


def moves(moved: Moved) -> str:
    """Say what changed about a point, and through whom."""
    names = names_line(tuple(dict.fromkeys(v.speaker for v in moved.voices)))
    says = {
        "conceded": f"{names} gave way",
        "switched": f"{names} changed sides",
        "gained": f"gained the support of {names}",
        "attacked": f"met a new attack by {names}",
    }
    return says[moved.change]


def _asked(voice: Voice) -> Item:
    return Item(headline=None, note="", quotes=(_quoted(voice),))


def _who(line: Line) -> str:
    parts = [_people(line, "for") or _people(line, "against")]
    if line.supports:
        parts.append(count(line.supports, "support"))
    if line.attacks:
        parts.append(count(line.attacks, "attack"))
    if line.threads > 1:
        parts.append(f"in {line.threads} threads")
    return " · ".join(parts)


def _people(line: Line, side: Side) -> str:
    return names_line(line.names(side), people=line.people(side)) if line.names(side) else ""


def _before(line: Line) -> str:
    return f" · {before(line)}" if line.times else ""


def before(line: Line) -> str:
    """Say how often a point was said before, and by whom and when first."""
    often = count(line.times, "time")
    by = f", first by {line.first.speaker} on {day(line.first.said_at)}" if line.first else ""
    return f"said {often} before{by}"


def _side(line: Line, side: str) -> list[Voice]:
    return [voice for voice in line.voices if voice.side == side]


def _best(line: Line) -> tuple[Quoted, ...]:
    return tuple(_quoted(voice) for voice in (_side(line, "for") or line.voices)[:1])


def _quoted(voice: Voice, label: str = "") -> Quoted:
    return Quoted(text=voice.text, speaker=voice.speaker, url=voice.url, label=label)


def words(telling: Telling) -> Iterator[str]:
    """Give all the words of a telling: what a reader has to get through."""
    yield from telling.title.split()
    yield from telling.summary.split()
    for section in telling.sections:
        yield from section.title.split()
        for item in section.items:
            yield from f"{item.headline or ''} {item.note}".split()
            for quote in item.quotes:
                yield from f"{quote.text or ''} {quote.speaker}".split()
