"""From the facts of a week to its digest: what is new, what returned, where people divide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.digest.facts import Bearing, Facts, Said
from bot.digest.model import Change, Digest, Line, Moved, Side, Voice

MOST_LINES = 40  # of a kind in a full digest
MOST_VOICES = 12  # of a line
READABLE = range(6, 46)  # words of a quote that reads well


class _Week:
    """The facts, by point."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.said = _by_point(facts.said)
        self.before = _by_point(facts.before)
        self.now: dict[int, list[Bearing]] = defaultdict(list)
        self.earlier: dict[int, list[Bearing]] = defaultdict(list)
        for bearing in facts.bearings:
            here = self.now if facts.start <= bearing.source.at < facts.end else self.earlier
            if bearing.source.at < facts.end:
                here[bearing.point].append(bearing)

    def points(self) -> list[int]:
        """Give every point of which something was said in the window."""
        return [p for p in self.facts.headlines if p in self.said or p in self.now]

    def sides(self, point: int) -> tuple[set[str], set[str]]:
        """Give who was for a point in the window, and who (else) against it.

        All posts without a name on one side count as one person there: nobody knows how many wrote
        them, and somebody did.
        """
        pro = {s.person for s in self.said[point]}
        con: set[str | None] = set()
        for bearing in self.now[point]:
            (pro if bearing.type == "support" else con).add(bearing.source.person)
        return _named(pro, "for"), _named(con, "against") - _named(pro, "for")

    def weight(self, point: int) -> float:
        """Give how much of the week a point took: its people first, then what was said on it."""
        pro, con = self.sides(point)
        return 2.0 * len(pro | con) + len(self.said[point]) + 1.5 * len(self.now[point])


def compose(facts: Facts, *, least_posts: int = 1, left_out: Iterable[str] = ()) -> Digest:
    """Give the digest of a window.

    It is worth nothing when fewer than `least_posts` were made, or nobody made a point.
    """
    week = _Week(facts)
    points = sorted(week.points(), key=lambda p: (-week.weight(p), p))
    crux = _crux(week, points)
    rest = [p for p in points if p != crux]
    new = [p for p in rest if p in week.said and p not in week.before]
    back = [p for p in rest if p in week.said and p in week.before]
    first = None if crux is None else _line(week, crux)
    return Digest(
        guild_id=facts.guild_id,
        start=facts.start,
        end=facts.end,
        posts=facts.posts,
        people=facts.people,
        nameless=facts.nameless,
        threads=facts.threads,
        worth=facts.posts >= least_posts and bool(new or back or crux),
        crux=first,
        new=_unsaid_first([_line(week, point) for point in new[:MOST_LINES]], first),
        returning=_unsaid_first([_line(week, point) for point in back[:MOST_LINES]], first),
        moved=tuple(_moved(week, points))[:MOST_LINES],
        questions=tuple(
            _voice(asked.said)
            for asked in facts.asked
            if asked.kind == "question" and not asked.answered
        )[:MOST_LINES],
        left_out=tuple(left_out),
    )


def _unsaid_first(lines: Sequence[Line], crux: Line | None) -> tuple[Line, ...]:
    """Put the points last whose best words stand under the crux already."""
    said = {
        voice
        for side in ("for", "against")
        for voice in [v for v in (crux.voices if crux else ()) if v.side == side][:1]
    }
    told = {(voice.post, voice.text) for voice in said}
    return tuple(
        sorted(lines, key=lambda one: any((v.post, v.text) in told for v in one.voices[:1]))
    )


def recounted(digest: Digest, facts: Facts) -> Digest:
    """Give a digest with its counts as they are by facts of its points that were read again.

    For what was taken back: no count grows, so that what was said or found since is not in it. A
    point that nobody makes any more goes; one that has a side alone is no longer where people
    divided; one that was never said before is new.
    """
    week = _Week(facts)
    lines = [_again(one, _line(week, one.point)) for one in digest.lines() if week.said[one.point]]
    crux = next((one for one in lines if digest.crux and one.point == digest.crux.point), None)
    if digest.crux and not all(week.sides(digest.crux.point)):
        crux = None
    elif digest.crux and crux is None:
        crux = _again(digest.crux, _line(week, digest.crux.point))
    rest = [one for one in lines if one is not crux]
    return replace(
        digest,
        posts=min(digest.posts, facts.posts),
        people=min(digest.people, facts.people),
        nameless=min(digest.nameless, facts.nameless),
        threads=min(digest.threads, facts.threads),
        worth=digest.worth and bool(crux or rest),
        crux=crux,
        new=tuple(one for one in rest if not one.times),
        returning=tuple(one for one in rest if one.times),
    )


def _again(one: Line, now: Line) -> Line:
    times = min(one.times, now.times)
    return replace(
        one,
        threads=min(one.threads, now.threads),
        supports=min(one.supports, now.supports),
        attacks=min(one.attacks, now.attacks),
        times=times,
        pro=min(one.pro, now.pro),
        con=min(one.con, now.con),
        first=(one.first or now.first) if times else None,
        last=(one.last or now.last) if times else None,
    )


def _named(people: Iterable[str | None], side: Side) -> set[str]:
    return {f"somebody {side}" if person is None else person for person in people}


def _by_point(said: Iterable[Said]) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    for one in said:
        if one.point is not None:
            found[one.point].append(one)
    return found


def _crux(week: _Week, points: Sequence[int]) -> int | None:
    """Give the point with most people on its smaller side, then most in all."""
    best: tuple[int, int, float] | None = None
    found = None
    for point in points:
        pro, con = week.sides(point)
        if not pro or not con:
            continue
        rank = min(len(pro), len(con)), len(pro | con), week.weight(point)
        if best is None or rank > best:
            best, found = rank, point
    return found


def _line(week: _Week, point: int) -> Line:
    said, bearings, before = week.said[point], week.now[point], week.before.get(point, [])
    pro, con = week.sides(point)
    attackers = [b.source for b in bearings if b.type == "attack"]
    voices = [
        *_best(said, "for"),
        # who is on both sides counts for, and speaks for nobody else
        *_best([s for s in attackers if s.person is None or s.person in con], "against"),
        *_best([b.source for b in bearings if b.type == "support"], "for"),
    ]
    unique = list({(v.post, v.text, v.side): v for v in voices}.values())
    return Line(
        point=point,
        headline=week.facts.headlines[point],
        voices=tuple(_both_sides(unique)),
        threads=len({s.thread for s in (*said, *(b.source for b in bearings))}),
        supports=sum(b.type == "support" for b in bearings),
        attacks=sum(b.type == "attack" for b in bearings),
        first=_voice(before[0]) if before else None,
        last=_voice(before[-1]) if before else None,
        times=len(before),
        pro=len(pro),
        con=len(con),
    )


def _both_sides(voices: Sequence[Voice]) -> list[Voice]:
    """Keep the first voices, half of them for and half against where there are both."""
    pro = [v for v in voices if v.side == "for"]
    con = [v for v in voices if v.side == "against"]
    some = max(MOST_VOICES // 2, MOST_VOICES - len(con))
    pro = pro[:some]
    return pro + con[: MOST_VOICES - len(pro)]


def _best(said: Iterable[Said], side: Side) -> list[Voice]:
    """Order what was said: words that are still kept, that read well, that are sure, early."""

    def rank(one: Said) -> tuple[bool, bool, float, int]:
        text = one.text or ""
        return not text, len(text.split()) not in READABLE, -one.confidence, one.unit

    return [_voice(one, side) for one in sorted(said, key=rank)]


def _voice(said: Said, side: Side = "for") -> Voice:
    return Voice(
        post=said.post,
        speaker=said.speaker,
        said_at=said.at,
        text=said.text,
        url=said.url,
        side=side,
    )


def _moved(week: _Week, points: Sequence[int]) -> Iterable[Moved]:
    """Tell who gave way, who changed sides, and which older points gained or met attack."""
    headlines = week.facts.headlines
    for asked in week.facts.asked:
        if asked.kind == "concession":
            for point in asked.points[:1]:
                if point in headlines:
                    yield _move(headlines, point, "conceded", [_voice(asked.said)])
    for point in points:
        switched = _switched(week, point)
        if switched:
            yield _move(headlines, point, "switched", switched)
    for point in points:
        if point not in week.before:
            continue
        known = {s.person for s in week.before[point]}
        known |= {b.source.person for b in week.earlier[point]}
        fresh = [b for b in week.now[point] if b.source.person not in known | {None}]
        gained = [b.source for b in fresh if b.type == "support"]
        attacked = [b.source for b in fresh if b.type == "attack"]
        if gained:
            yield _move(headlines, point, "gained", _best(gained, "for"))
        if attacked:
            yield _move(headlines, point, "attacked", _best(attacked, "against"))


def _move(
    headlines: Mapping[int, str], point: int, change: Change, voices: Sequence[Voice]
) -> Moved:
    return Moved(
        point=point,
        headline=headlines[point],
        change=change,
        voices=tuple({v.speaker: v for v in voices}.values())[:MOST_VOICES],
    )


def _switched(week: _Week, point: int) -> list[Voice]:
    """Give who attacked a point before the window and speaks for it now, or the other way round."""
    was_for = {s.person for s in week.before.get(point, ())}
    was_against: set[str | None] = set()
    for bearing in week.earlier[point]:
        (was_for if bearing.type == "support" else was_against).add(bearing.source.person)
    is_for = [*week.said[point], *(b.source for b in week.now[point] if b.type == "support")]
    is_against = [b.source for b in week.now[point] if b.type == "attack"]
    return [
        *(_voice(s, "for") for s in is_for if s.person in was_against - was_for - {None}),
        *(_voice(s, "against") for s in is_against if s.person in was_for - was_against - {None}),
    ]
