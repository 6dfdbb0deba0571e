"""Two maps compared: which points are new or gone, which gained support or were attacked.

The maps may be of one thread at two times, or of two weeks. Points are the same point when they
share a quote, or a headline; of the rest, those whose words are closest in meaning. `compare.json`
holds how close that must be, as written by `python -m benchmarks.difference --write`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.views.outline import Point, Tie, outline
from bot.views.text import one_line
from nlp.model import ArgumentMap

CHOSEN = Path(__file__).with_name("compare.json")

Closeness = Callable[[Sequence[str], Sequence[str]], "list[list[float]]"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """What bears on a point now and did not before; `before` and `after` are the point in each."""

    before: Point
    after: Point
    ties: tuple[Tie, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What changed from one map to the other; points in the order of their map, by weight."""

    new: tuple[Point, ...]
    gone: tuple[Point, ...]
    supported: tuple[Gain, ...]
    attacked: tuple[Gain, ...]
    joined: tuple[tuple[Point, tuple[str, ...]], ...]
    crux_before: Point | None
    crux_after: Point | None
    kept: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return (
            not (self.new or self.gone or self.supported or self.attacked or self.joined)
            and not self.crux_moved
        )

    @property
    def crux_moved(self) -> bool:
        """Whether people divide on another point than before."""
        return self._moved

    _moved: bool = False


def compare(
    before: ArgumentMap, after: ArgumentMap, closeness: Closeness | None = None
) -> Comparison:
    """Compare two maps; `closeness` (texts, texts) -> cosines, by default the shipped encoder's."""
    old, new = outline(before).points, outline(after).points
    pairs = _paired(old, new, closeness or encoded_closeness)
    old_of = {b.id: a for a, b in pairs}
    same_key = {b.id: a.id for a, b in pairs}
    gains = [Gain(before=a, after=b, ties=tuple(_gained(a, b, same_key))) for a, b in pairs]
    crux_before = next((p for p in old if p.is_crux), None)
    crux_after = next((p for p in new if p.is_crux), None)
    was = crux_before.id if crux_before else None
    now = same_key.get(crux_after.id, "new") if crux_after else None
    kept = {a.id for a, _ in pairs}
    return Comparison(
        new=tuple(p for p in new if p.id not in old_of),
        gone=tuple(p for p in old if p.id not in kept),
        supported=tuple(_of_type(gains, "support")),
        attacked=tuple(_of_type(gains, "attack")),
        joined=tuple(
            (b, more)
            for a, b in pairs
            if (more := tuple(s for s in b.speakers if s not in a.speakers))
        ),
        crux_before=crux_before,
        crux_after=crux_after,
        kept=len(pairs),
        _moved=was != now,
    )


def encoded_closeness(one: Sequence[str], other: Sequence[str]) -> list[list[float]]:
    """Give the cosine of every text of one list to every text of another."""
    from nlp.encoder import default_encoder

    encoder = default_encoder()
    rows: list[list[float]] = (encoder.encode(one) @ encoder.encode(other).T).tolist()
    return rows


def _of_type(gains: Sequence[Gain], kind: str) -> Iterator[Gain]:
    for gain in gains:
        ties = tuple(t for t in gain.ties if t.type == kind)
        if ties:
            yield Gain(before=gain.before, after=gain.after, ties=ties)


def _paired(
    old: Sequence[Point], new: Sequence[Point], closeness: Closeness
) -> list[tuple[Point, Point]]:
    """Pair the points that are the same, each at most once, the surest pairs first."""
    scores: list[tuple[float, int, int]] = []
    for i, a in enumerate(old):
        for j, b in enumerate(new):
            shared = len(_quotes(a) & _quotes(b))
            if shared or _words(a.headline) == _words(b.headline):
                scores.append((2.0 + shared, i, j))
    taken_old, taken_new = {i for _, i, _ in scores}, {j for _, _, j in scores}
    rest_old = [i for i in range(len(old)) if i not in taken_old]
    rest_new = [j for j in range(len(new)) if j not in taken_new]
    if rest_old and rest_new:
        said = [_said(old[i]) for i in rest_old], [_said(new[j]) for j in rest_new]
        table = closeness(*said)
        near = same_by_meaning(table, bar())
        scores += [(table[a][b], rest_old[a], rest_new[b]) for a, b in near]
    return [(old[i], new[j]) for i, j in sorted(_surest(scores), key=lambda p: p[1])]


def same_by_meaning(table: Sequence[Sequence[float]], least: float) -> set[tuple[int, int]]:
    """Pair rows and columns of closeness (old by new) of `least` or more, each at most once."""
    return _surest(
        (score, i, j)
        for i, row in enumerate(table)
        for j, score in enumerate(row)
        if score >= least
    )


def _surest(scores: Iterable[tuple[float, int, int]]) -> set[tuple[int, int]]:
    """Pair by score, the highest first, each at most once."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(scores, key=lambda s: (-s[0], s[1], s[2])):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return set(pairs.items())


@cache
def bar() -> float:
    """Give the least cosine at which points of different words are one."""
    return float(json.loads(CHOSEN.read_text(encoding="utf-8"))["cosine"])


def _quotes(point: Point) -> set[tuple[str, str]]:
    return {(q.speaker, one_line(q.text)) for q in point.quotes}


def _words(text: str) -> str:
    return one_line(text).casefold()


def _said(point: Point) -> str:
    return one_line(point.quotes[0].text) if point.quotes else point.headline


def _gained(before: Point, after: Point, same_key: dict[str, str]) -> Iterator[Tie]:
    """Give the ties of a point that it had not before."""
    had = {_identity(t, {}) for t in (*before.supports, *before.attacks)}
    for tie in (*after.supports, *after.attacks):
        if _identity(tie, same_key) not in had:
            yield tie


def _identity(tie: Tie, same_key: dict[str, str]) -> tuple[str, str, str]:
    """Give what makes two ties the same: the point it comes from, or the words of the evidence."""
    if tie.key_point is not None:
        key = same_key.get(tie.key_point, f"new {tie.key_point}") if same_key else tie.key_point
        return tie.type, "point", key
    return tie.type, "evidence", one_line(tie.quotes[0].text)
