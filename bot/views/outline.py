"""A map in the order in which a person reads it; every view for people is drawn from an outline.

Relations tie units; people read points. An outline gathers, for every key point, what is said for
and against it: evidence by its quote, claims by the key point that they belong to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.views.text import count
from nlp.model import ArgumentMap, KeyPoint, Post, RelationType, Residue, Unit
from nlp.words import words

QUOTE_WORDS = range(6, 45)  # a quote of this length reads best


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A unit's words, who wrote them, and whether they are told of somebody else."""

    unit: str
    text: str
    speaker: str
    reported: bool


@dataclass(frozen=True, kw_only=True)
class Tie:
    """What supports or attacks a point: a key point, named by its headline, or a piece of evidence.

    `key_point` is None for evidence; then `quotes` holds its one quote. `cue` are the words that
    show it ("but", "exactly"), None where none do.
    """

    type: RelationType
    key_point: str | None
    headline: str
    speakers: tuple[str, ...]
    quotes: tuple[Quote, ...]
    cue: str | None = None


@dataclass(frozen=True, kw_only=True)
class Bearing:
    """What a unit does to another, how surely, and the words that show it."""

    unit: Unit
    type: RelationType
    confidence: float
    cue: str | None


@dataclass(frozen=True, kw_only=True)
class Point:
    """A key point with all that is said on it; `quotes` has the best one first."""

    id: str
    headline: str
    is_crux: bool
    speakers: tuple[str, ...]
    quotes: tuple[Quote, ...]
    supports: tuple[Tie, ...]
    attacks: tuple[Tie, ...]
    weight: float


@dataclass(frozen=True, kw_only=True)
class Outline:
    """The whole map: the issue's words, the points by weight with the crux first, what was read.

    `left_out` counts by reason what people wrote and the map does not show, `taken_off` what the
    platform put around it; the most frequent first.
    """

    title: str | None
    issue: str | None
    platform: str
    points: tuple[Point, ...]
    posts: int
    people: int
    claims: int
    evidence: int
    left_out: tuple[tuple[str, int], ...]
    taken_off: tuple[tuple[str, int], ...] = ()


def outline(found: ArgumentMap) -> Outline:
    """Give the outline of a map."""
    posts = {post.id: post for post in found.thread.posts}
    units = {unit.id: unit for unit in found.units}
    point_of = {u: k for k in found.key_points for u in k.units}
    incoming: dict[str, list[Bearing]] = {}
    for relation in found.relations:
        cue = relation.cue
        bearing = Bearing(
            unit=units[relation.source],
            type=relation.type,
            confidence=relation.confidence,
            cue=posts[cue.post].text[cue.start : cue.end] if cue else None,
        )
        incoming.setdefault(relation.target, []).append(bearing)
    points = []
    for key_point in found.key_points:
        ties = _ties(key_point, incoming, point_of, posts)
        members = [units[u] for u in key_point.units]
        quotes = _quotes(key_point.headline, members, incoming, posts)
        points.append(
            Point(
                id=key_point.id,
                headline=key_point.headline,
                is_crux=key_point.id == found.crux,
                speakers=key_point.speakers,
                quotes=quotes,
                supports=tuple(t for t in ties if t.type == "support"),
                attacks=tuple(t for t in ties if t.type == "attack"),
                weight=_weight(key_point, ties),
            )
        )
    place = {k.id: i for i, k in enumerate(found.key_points)}
    points.sort(key=lambda p: (not p.is_crux, -p.weight, place[p.id]))
    return Outline(
        title=found.thread.title,
        issue=found.issue.text if found.issue else None,
        platform=found.thread.platform,
        points=tuple(points),
        posts=len(found.thread.posts),
        people=len({post.speaker for post in found.thread.posts}),
        claims=sum(u.kind == "claim" for u in found.units),
        evidence=sum(u.kind == "evidence" for u in found.units),
        left_out=_reasons(r for r in found.residue if r.text is None),
        taken_off=_reasons(r for r in found.residue if r.text is not None),
    )


def _reasons(rows: Iterable[Residue]) -> tuple[tuple[str, int], ...]:
    counted = Counter(row.reason for row in rows)
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _weight(key_point: KeyPoint, ties: Iterable[Tie]) -> float:
    people = set(key_point.speakers)
    for tie in ties:
        people |= set(tie.speakers)
    return 2.0 * len(people) + 1.0 * len(key_point.units) + sum(1.0 + len(t.speakers) for t in ties)


def _quotes(
    headline: str,
    units: Iterable[Unit],
    incoming: dict[str, list[Bearing]],
    posts: dict[str, Post],
) -> tuple[Quote, ...]:
    """Order the quotes of a point: the one that its headline is cut from, then the others.

    A point can hold claims that a reader would part; a card that says one thing over the words of
    another says nothing. Of the others those stand first that are answered most, readable, sure.
    """
    said = Counter(words(headline))

    def rank(pair: tuple[int, Unit]) -> tuple[int, float, int]:
        place, unit = pair
        missing = (said - Counter(words(unit.text))).total()
        readable = len(unit.text.split()) in QUOTE_WORDS
        worth = len(incoming.get(unit.id, ())) + 1.5 * readable + unit.confidence
        return missing, -worth, place

    return tuple(_quote(unit, posts) for _, unit in sorted(enumerate(units), key=rank))


def _quote(unit: Unit, posts: dict[str, Post]) -> Quote:
    return Quote(
        unit=unit.id,
        text=unit.text,
        speaker=posts[unit.post].speaker,
        reported=unit.holder == "reported",
    )


def _ties(
    key_point: KeyPoint,
    incoming: dict[str, list[Bearing]],
    point_of: dict[str, KeyPoint],
    posts: dict[str, Post],
) -> list[Tie]:
    """Gather what bears on a key point: a tie for each point and type, one for each evidence."""
    claims: dict[tuple[str, RelationType], list[Bearing]] = {}
    points: dict[str, KeyPoint] = {}
    strength: dict[object, float] = {}
    ties: list[tuple[float, int, Tie]] = []
    for member in key_point.units:
        for bearing in incoming.get(member, ()):
            other = point_of.get(bearing.unit.id)
            if other is None:
                quote = _quote(bearing.unit, posts)
                tie = Tie(
                    type=bearing.type,
                    key_point=None,
                    headline=bearing.unit.headline,
                    speakers=(quote.speaker,),
                    quotes=(quote,),
                    cue=bearing.cue,
                )
                ties.append((-bearing.confidence, len(ties), tie))
            elif other.id != key_point.id:
                key = (other.id, bearing.type)
                claims.setdefault(key, []).append(bearing)
                points[other.id] = other
                strength[key] = strength.get(key, 0.0) + bearing.confidence
    for place, ((other_id, kind), bearings) in enumerate(claims.items()):
        unique = list({b.unit.id: b.unit for b in bearings}.values())
        speakers = tuple(dict.fromkeys(posts[u.post].speaker for u in unique))
        tie = Tie(
            type=kind,
            key_point=other_id,
            headline=points[other_id].headline,
            speakers=speakers,
            quotes=tuple(_quote(u, posts) for u in unique),
            cue=next((b.cue for b in bearings if b.cue), None),
        )
        ties.append((-strength[other_id, kind] - 1.0, place, tie))
    return [tie for _, _, tie in sorted(ties, key=lambda t: t[:2])]


def left_out_line(shown: Outline) -> str:
    """Say in one line what was read and what of it is not on the map."""
    who, *found = tally(shown)
    read = f"Read {who}: {', '.join(found)}."
    if not shown.left_out:
        read += " Nothing left out."
    else:
        read += f" Left out, {count(total(shown.left_out), 'passage')}: {_listed(shown.left_out)}."
    if shown.taken_off:
        read += f" Around the posts: {_listed(shown.taken_off)}."
    return read


def total(reasons: Iterable[tuple[str, int]]) -> int:
    """Add up what reasons count."""
    return sum(times for _, times in reasons)


def _listed(reasons: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{reason} {times}" for reason, times in reasons)


def tally(shown: Outline) -> tuple[str, str, str]:
    """Say what was read, and how many claims and pieces of evidence were found in it."""
    return (
        f"{count(shown.posts, 'post')} by {count(shown.people, 'person', 'people')}",
        count(shown.claims, "claim") if shown.claims else "no claims",
        count(shown.evidence, "piece") + " of evidence" if shown.evidence else "no evidence",
    )


def people_line(point: Point, most: int = 3) -> str:
    """Name the people of a point: the first few, then how many more."""
    return names_line(point.speakers, most)


def names_line(names: tuple[str, ...], most: int = 3, people: int = 0) -> str:
    """Join names, the first `most` of them and the number of the others.

    `people` is how many there are where not all of them are named.
    """
    shown = ", ".join(names[:most])
    more = max(people, len(names)) - min(most, len(names))
    return f"{shown} +{more}" if more > 0 else shown
