"""The worst errors of each kind on threads of this project, and what they have in common.

An error is a span, or a pair of spans. What is more frequent among all errors of a kind than among
what is right of that kind is told with both rates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from nlp import cues
from nlp.evaluation.labelled import LabelledThread
from nlp.evaluation.metrics import match_units
from nlp.model import ArgumentMap, Unit
from nlp.words import content_stems, negations

WORST = 20
OFTEN = 1.3  # times as frequent as among what is right: worth telling
LONG, SHORT = 25, 6  # words


@dataclass(frozen=True)
class Read:
    """A thread with its gold map, the map drawn of its text, and the one of its gold units."""

    gold: LabelledThread
    found: ArgumentMap
    given: ArgumentMap


@dataclass(frozen=True)
class Part:
    """A span with its text and where it stands."""

    thread: str
    post: int
    author: str | None
    text: str
    before: str
    reply: bool


@dataclass(frozen=True)
class Case:
    """One error, or one thing that is right: its parts, how bad it is, and what was said of it."""

    parts: tuple[Part, ...]
    weight: float
    said: str


Cases = tuple[list[Case], list[Case]]  # wrong ones, right ones


def all_kinds(reads: Sequence[Read]) -> dict[str, Cases]:
    """Give wrong and right cases of every kind of judgement, by what the wrong ones are called."""
    kinds: dict[str, Callable[[Read], Iterator[tuple[bool, Case]]]] = {
        "claims that were missed": _missed_claims,
        "claims that are none": _false_claims,
        "claims taken for evidence, and the other way about": _kinds,
        "relations that do not hold (gold units)": _false_relations,
        "relations that were missed (gold units)": _missed_relations,
        "support taken for attack, and the other way about (gold units)": _types,
        "claims joined that make different points (gold units)": _joined,
        "claims parted that make the same point (gold units)": _parted,
        "headlines that say something else than the gold ones": _headlines,
    }
    out: dict[str, Cases] = {}
    for name, cases in kinds.items():
        wrong: list[Case] = []
        right: list[Case] = []
        for read in reads:
            for is_right, case in cases(read):
                (right if is_right else wrong).append(case)
        wrong.sort(key=lambda c: (-c.weight, c.parts[0].thread, c.parts[0].post, c.said))
        out[name] = wrong, right
    return out


def _part(read: Read, post: str, start: int, end: int) -> Part:
    posts = read.gold.thread.posts
    place = next(i for i, p in enumerate(posts) if p.id == post)
    text = posts[place].text
    return Part(
        thread=read.gold.name,
        post=place + 1,
        author=posts[place].author,
        text=" ".join(text[start:end].split()),
        before=text[max(0, start - 60) : start],
        reply=posts[place].reply_to is not None,
    )


def _of(read: Read, unit: Unit) -> Part:
    return _part(read, unit.post, unit.start, unit.end)


def _missed_claims(read: Read) -> Iterator[tuple[bool, Case]]:
    matched = match_units(read.found, read.gold)
    for unit in read.gold.units:
        if unit.kind == "claim":
            ties = sum(unit.id in (a, b) for a, b, _ in read.gold.relations)
            part = _part(read, unit.post, unit.start, unit.end)
            yield unit.id in matched, Case((part,), ties, f"{ties} relations hang on it")


def _false_claims(read: Read) -> Iterator[tuple[bool, Case]]:
    taken = set(match_units(read.found, read.gold).values())
    for unit in read.found.units:
        if unit.kind == "claim":
            said = f"confidence {unit.confidence:.2f}"
            yield unit.id in taken, Case((_of(read, unit),), unit.confidence, said)


def _kinds(read: Read) -> Iterator[tuple[bool, Case]]:
    kinds = {u.id: u.kind for u in read.gold.units}
    units = {u.id: u for u in read.found.units}
    for mine, theirs in match_units(read.found, read.gold).items():
        unit = units[theirs]
        said = f"{kinds[mine]} taken for {unit.kind}, confidence {unit.confidence:.2f}"
        yield kinds[mine] == unit.kind, Case((_of(read, unit),), unit.confidence, said)


def _given_ids(read: Read) -> dict[str, Unit]:
    from nlp.evaluation.given import matched_given

    units = {u.id: u for u in read.given.units}
    return {mine: units[theirs] for mine, theirs in matched_given(read.gold).items()}


def _gold_ties(read: Read) -> dict[tuple[str, str], str]:
    units = _given_ids(read)
    return {
        (units[a].id, units[b].id): kind
        for a, b, kind in read.gold.relations
        if a in units and b in units
    }


def _pair(read: Read, source: str, target: str) -> tuple[Part, Part]:
    units = {u.id: u for u in read.given.units}
    return _of(read, units[source]), _of(read, units[target])


def _false_relations(read: Read) -> Iterator[tuple[bool, Case]]:
    wanted = _gold_ties(read)
    for r in read.given.relations:
        said = f"{r.type}, confidence {r.confidence:.2f}"
        case = Case(_pair(read, r.source, r.target), r.confidence, said)
        yield (r.source, r.target) in wanted, case


def _missed_relations(read: Read) -> Iterator[tuple[bool, Case]]:
    found = {(r.source, r.target) for r in read.given.relations}
    wanted = _gold_ties(read)
    hang = Counter(unit for pair in wanted for unit in pair)
    for (source, target), kind in wanted.items():
        count = hang[source] + hang[target] - 1
        said = f"{kind}, {count} relations at its ends" if count > 1 else kind
        yield (source, target) in found, Case(_pair(read, source, target), count, said)


def _types(read: Read) -> Iterator[tuple[bool, Case]]:
    wanted = _gold_ties(read)
    for r in read.given.relations:
        kind = wanted.get((r.source, r.target))
        if kind is not None:
            said = f"{kind} taken for {r.type}, confidence {r.confidence:.2f}"
            yield (
                kind == r.type,
                Case(_pair(read, r.source, r.target), r.confidence, said),
            )


def _pairs_of_claims(read: Read) -> Iterator[tuple[str, str, bool, bool]]:
    """Give pairs of claims that are together in gold or in the map: ids, in gold, in the map."""
    group = {u: k.id for k in read.given.key_points for u in k.units}
    units = _given_ids(read)
    claims = [u for u in read.gold.units if u.kind == "claim" and units[u.id].id in group]
    for a, b in combinations(claims, 2):
        gold = a.point is not None and a.point == b.point
        mine = group[units[a.id].id] == group[units[b.id].id]
        if gold or mine:
            yield units[a.id].id, units[b.id].id, gold, mine


def _joined(read: Read) -> Iterator[tuple[bool, Case]]:
    for a, b, gold, mine in _pairs_of_claims(read):
        if mine:
            yield gold, Case(_pair(read, a, b), 1.0 - _shared(_pair(read, a, b)), "joined")


def _parted(read: Read) -> Iterator[tuple[bool, Case]]:
    for a, b, gold, mine in _pairs_of_claims(read):
        if gold:
            yield mine, Case(_pair(read, a, b), _shared(_pair(read, a, b)), "parted")


def _shared(pair: tuple[Part, Part]) -> float:
    a, b = (set(content_stems(p.text)) for p in pair)
    return len(a & b) / max(1, len(a | b))


def _headlines(read: Read) -> Iterator[tuple[bool, Case]]:
    units = _given_ids(read)
    for unit in read.gold.units:
        if unit.headline and unit.id in units:
            mine = units[unit.id].headline
            a, b = set(content_stems(mine)), set(content_stems(unit.headline))
            shared = 2 * len(a & b) / max(1, len(a) + len(b))
            part = _part(read, unit.post, unit.start, unit.end)
            said = f"“{mine}” for “{unit.headline}”"
            yield shared > 0, Case((part,), float(len(b)), said)


Mark = Callable[[Case], bool]

MARKS: dict[str, Mark] = {
    "end in a question mark": lambda c: c.parts[0].text.endswith("?"),
    f"have fewer than {SHORT} words": lambda c: len(c.parts[0].text.split()) < SHORT,
    f"have more than {LONG} words": lambda c: len(c.parts[0].text.split()) > LONG,
    "begin inside a sentence": lambda c: _inside(c.parts[0]),
    "stand in a reply": lambda c: c.parts[0].reply,
    "stand in the first post": lambda c: c.parts[0].post == 1,
    "hold a figure": lambda c: bool(cues.FIGURE.search(c.parts[0].text)),
    "tell what somebody lived through": lambda c: bool(cues.EXPERIENCE.search(c.parts[0].text)),
    "are negated": lambda c: negations(c.parts[0].text) % 2 == 1,
    "open with a rejection": lambda c: bool(cues.REJECTION.match(c.parts[0].text)),
    "open with an agreement": lambda c: bool(cues.AGREEMENT.match(c.parts[0].text)),
    "point back (it, that, this) in the first words": lambda c: bool(
        cues.BACK_REFERENCE.search(" ".join(c.parts[0].text.split()[:4]))
    ),
}
PAIR_MARKS: dict[str, Mark] = {
    "tie two posts": lambda c: c.parts[0].post != c.parts[1].post,
    "tie two people": lambda c: c.parts[0].author != c.parts[1].author,
    "tie posts more than three apart": lambda c: abs(c.parts[0].post - c.parts[1].post) > 3,
    "share no content word": lambda c: _shared((c.parts[0], c.parts[1])) == 0.0,
    "differ in negation": lambda c: (
        negations(c.parts[0].text) % 2 != negations(c.parts[1].text) % 2
    ),
}


def _inside(part: Part) -> bool:
    before = part.before.rstrip(" \t\"'“”(*_")
    return bool(before) and before[-1] not in ".!?…:\n"


def in_common(wrong: Sequence[Case], right: Sequence[Case]) -> list[str]:
    """Say, in order of how telling it is, what errors have more often than what is right."""
    pairs = bool(wrong) and len(wrong[0].parts) > 1
    told = []
    for name, mark in {**MARKS, **(PAIR_MARKS if pairs else {})}.items():
        mine = _rate(mark, wrong)
        theirs = _rate(mark, right)
        if mine >= 0.1 and mine >= OFTEN * theirs:
            told.append(
                (mine / max(theirs, 0.02), f"{mine:.0%} {name} (of the right: {theirs:.0%})")
            )
    return [text for _, text in sorted(told, reverse=True)[:4]]


def _rate(mark: Mark, cases: Sequence[Case]) -> float:
    return sum(map(mark, cases)) / len(cases) if cases else 0.0


def errors_of(reads: Sequence[Read]) -> dict[str, dict[str, object]]:
    """Give the WORST errors of each kind, how many there are, and what all have in common."""
    out: dict[str, dict[str, object]] = {}
    for name, (wrong, right) in all_kinds(reads).items():
        out[name] = {
            "wrong": len(wrong),
            "right": len(right),
            "in common": in_common(wrong, right),
            "worst": [
                {
                    "thread": case.parts[0].thread,
                    "quotes": [_short(p.text) for p in case.parts],
                    "said": case.said,
                }
                for case in _spread(wrong)
            ],
        }
    return out


def _spread(cases: Sequence[Case], most: int = 4) -> list[Case]:
    """Take the worst, at most `most` of one thread as long as other threads have some."""
    taken: Counter[str] = Counter()
    first: list[Case] = []
    rest: list[Case] = []
    for case in cases:
        name = case.parts[0].thread
        (first if taken[name] < most else rest).append(case)
        taken[name] += 1
    return [*first, *rest][:WORST]


def _short(text: str, most: int = 150) -> str:
    return text if len(text) <= most else re.sub(r"\s+\S*$", "", text[:most]) + " …"
