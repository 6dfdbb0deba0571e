"""Figures for one map against its gold map; counts add up over threads.

A unit is right when it overlaps a gold unit of the same post by token IoU of at least 0.5 (tokens
are runs that are not white space); each is matched at most once, best overlap first. A gold unit
whose quote is not found in the posts counts as missed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from nlp.evaluation.clusters import b_cubed
from nlp.evaluation.labelled import LabelledThread
from nlp.model import ArgumentMap
from nlp.words import content_stems, negations

IOU = 0.5
KINDS = ("claim", "evidence")
TYPES = ("support", "attack")
PAIRS = "key points: pairs in one point"


@dataclass
class Tally:
    """Hits, guesses and gold items under each name; sums and means over threads."""

    hits: Counter[str] = field(default_factory=Counter)
    guessed: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)
    means: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, hits: int, guessed: int, gold: int) -> None:
        """Count under a name."""
        self.hits[name] += hits
        self.guessed[name] += guessed
        self.gold[name] += gold

    def mean(self, name: str, value: float) -> None:
        """Take a value into the mean under a name."""
        self.means.setdefault(name, []).append(value)

    def __iadd__(self, other: Tally) -> Tally:
        """Add another tally."""
        self.hits += other.hits
        self.guessed += other.guessed
        self.gold += other.gold
        for name, values in other.means.items():
            self.means.setdefault(name, []).extend(values)
        return self

    def figures(self) -> dict[str, float | dict[str, float]]:
        """Give precision, recall and F1 of what was counted, and the means, to three digits."""
        out: dict[str, float | dict[str, float]] = {}
        for name in sorted({*self.guessed, *self.gold}):
            hits, guessed, gold = self.hits[name], self.guessed[name], self.gold[name]
            if not guessed and not gold:
                continue
            out[name] = {
                "precision": round(hits / guessed, 3) if guessed else 0.0,
                "recall": round(hits / gold, 3) if gold else 0.0,
                "f1": round(2 * hits / (guessed + gold), 3),
            }
        for name, values in self.means.items():
            out[name] = round(sum(values) / len(values), 3)
        return out


Span = tuple[str, int, int]


def tokens_of(text: str) -> list[tuple[int, int]]:
    """Offsets of the runs of a text that are not white space."""
    return [found.span() for found in re.finditer(r"\S+", text)]


def overlap(a: Span, b: Span, tokens: Sequence[tuple[int, int]]) -> float:
    """Token IoU of two spans of one post, given the post's tokens; 0.0 for two posts."""
    if a[0] != b[0]:
        return 0.0
    first = {i for i, (low, high) in enumerate(tokens) if low < a[2] and high > a[1]}
    second = {i for i, (low, high) in enumerate(tokens) if low < b[2] and high > b[1]}
    return len(first & second) / max(1, len(first | second))


def match_units(found: ArgumentMap, gold: LabelledThread) -> dict[str, str]:
    """Match gold units with found ones, best overlap first: gold id -> found id."""
    posts = {post.id: post.text for post in gold.thread.posts}
    of_post: dict[str, list[tuple[str, Span]]] = {}
    for unit in found.units:
        of_post.setdefault(unit.post, []).append((unit.id, (unit.post, unit.start, unit.end)))
    tokens = {key: tokens_of(text) for key, text in posts.items()}
    scored = sorted(
        (
            (-overlap((u.post, u.start, u.end), span, tokens[u.post]), u.id, key)
            for u in gold.units
            if u.kind in KINDS
            for key, span in of_post.get(u.post, ())
        ),
    )
    matched: dict[str, str] = {}
    taken: set[str] = set()
    for negative, mine, theirs in scored:
        if -negative >= IOU and mine not in matched and theirs not in taken:
            matched[mine] = theirs
            taken.add(theirs)
    return matched


def score_map(
    found: ArgumentMap,
    gold: LabelledThread,
    *,
    lost: Mapping[str, int] | None = None,
    matched: dict[str, str] | None = None,
) -> Tally:
    """Score units, kinds, key points, relations, headlines and the crux of one map.

    `lost` counts, by kind, gold units that stand in no post of the thread that was read. `matched`
    gives the map's unit of each gold unit, where it is known; else they are matched by overlap.
    """
    tally = Tally()
    lost = lost or {}
    matched = match_units(found, gold) if matched is None else matched
    theirs = {unit.id: unit for unit in found.units}
    wanted = {unit.id: unit for unit in gold.units if unit.kind in KINDS}
    tally.add("units", len(matched), len(theirs), len(wanted) + sum(lost.values()))
    for kind in KINDS:
        hits = sum(wanted[a].kind == kind == theirs[b].kind for a, b in matched.items())
        tally.add(
            f"units: {kind}",
            hits,
            sum(u.kind == kind for u in theirs.values()),
            sum(u.kind == kind for u in wanted.values()) + lost.get(kind, 0),
        )
    for a, b in matched.items():
        tally.mean("kind accuracy", float(wanted[a].kind == theirs[b].kind))
        tally.mean("holder accuracy", float(wanted[a].holder == theirs[b].holder))
    _score_points(tally, found, gold, matched)
    _score_relations(tally, found, gold, matched)
    _score_headlines(tally, found, gold, matched)
    _score_crux(tally, found, gold, matched)
    return tally


def _score_points(
    tally: Tally, found: ArgumentMap, gold: LabelledThread, matched: dict[str, str]
) -> None:
    """B-cubed over the gold claims that were found, and over all gold claims (others alone).

    Also counts pairs of the claims found: those of one point of the map, of the gold map, of both.
    """
    place = {unit: k.id for k in found.key_points for unit in k.units}
    claims = {u.id: u.point or u.id for u in gold.units if u.kind == "claim"}
    if not claims or not gold.points:
        return
    mine = {a: place[b] for a, b in matched.items() if a in claims and b in place}
    if mine:
        scored = b_cubed({a: claims[a] for a in mine}, mine)
        tally.mean("key points: B-cubed F1 of claims found", scored[2])
    tally.mean("key points: B-cubed F1 of all gold claims", b_cubed(claims, mine)[2])
    met, same = _pairs_of(mine), _pairs_of({a: claims[a] for a in mine})
    tally.add(PAIRS, len(met & same), len(met), len(same))


def _pairs_of(groups: Mapping[str, str]) -> set[tuple[str, str]]:
    """Give all pairs of items that are in one group."""
    members: dict[str, list[str]] = {}
    for item, group in groups.items():
        members.setdefault(group, []).append(item)
    return {pair for group in members.values() for pair in combinations(sorted(group), 2)}


def _score_relations(
    tally: Tally, found: ArgumentMap, gold: LabelledThread, matched: dict[str, str]
) -> None:
    back = {b: a for a, b in matched.items()}
    for kind in (*TYPES, None):
        wanted = {(a, b) for a, b, t in gold.relations if kind in (None, t)}
        mine = [r for r in found.relations if kind in (None, r.type)]
        hits = sum((back.get(r.source), back.get(r.target)) in wanted for r in mine)
        tally.add(f"relations: {kind or 'untyped'}", hits, len(mine), len(wanted))
        if kind is not None:
            tally.add("relations: all", hits, len(mine), len(wanted))


def _score_headlines(
    tally: Tally, found: ArgumentMap, gold: LabelledThread, matched: dict[str, str]
) -> None:
    """Compare each found unit's headline with the gold one by content stems; check its polarity."""
    theirs = {unit.id: unit for unit in found.units}
    for unit in gold.units:
        if unit.headline and unit.id in matched:
            mine = theirs[matched[unit.id]]
            a, b = set(content_stems(mine.headline)), set(content_stems(unit.headline))
            tally.mean("headlines: stem F1", 2 * len(a & b) / max(1, len(a) + len(b)))
            kept = negations(mine.headline) % 2 == negations(mine.text) % 2
            tally.mean("headlines: polarity of own words kept", float(kept))


def _score_crux(
    tally: Tally, found: ArgumentMap, gold: LabelledThread, matched: dict[str, str]
) -> None:
    """Count a hit when the key point holds a claim of the gold crux, or both maps have none."""
    if not gold.points:
        return
    crux = next((k for k in found.key_points if k.id == found.crux), None)
    if gold.crux is None:
        tally.mean("crux hit", float(crux is None))
        return
    wanted = {matched[u.id] for u in gold.units if u.point == gold.crux and u.id in matched}
    tally.mean("crux hit", float(crux is not None and bool(wanted & set(crux.units))))
