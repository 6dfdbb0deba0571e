"""Plain ways to make a map, scored in the same harness as Crux.

Of a thread alone: `sentences` makes every sentence a claim and its own point, and a reply's first
sentence attacks the first sentence of what it answers; `tfidf` takes the same claims, grouped by
average-link clustering of TF-IDF vectors of character 3- to 5-grams, cut at the similarity below.

Of gold units: `replies` leaves every claim alone, and the first claim of a reply attacks the last
claim of what it answers; `structure` adds that evidence supports the nearest claim of its post and
a later claim the one before it; `tfidf` groups as above; `stock` groups by the base encoder, as it
was published (needs the `train` extra).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from nlp.encoder import Encoder, SentenceTransformersEncoder
from nlp.evaluation.given import GivenMapper, gold_units
from nlp.evaluation.labelled import LabelledThread
from nlp.model import ArgumentMap, KeyPoint, Kind, Relation, RelationType, Thread, Unit
from nlp.segment import segment

SAME = 0.25  # TF-IDF cosine above which clusters join
SAME_STOCK = 0.55  # the same for the base encoder; of 0.4 to 0.8 the best on the dev threads


def sentences(thread: Thread) -> ArgumentMap:
    """Make every sentence a claim and a point of its own."""
    units = _sentence_units(thread)
    return _map(thread, units, [[i] for i in range(len(units))])


def tfidf(thread: Thread) -> ArgumentMap:
    """Make every sentence a claim, and group them by shared character n-grams."""
    units = _sentence_units(thread)
    return _map(thread, units, average_link(tfidf_rows([u.text for u in units]), SAME))


def average_link(rows: NDArray[np.floating[Any]], same: float) -> list[list[int]]:
    """Group unit-length rows (n, d) by average-link clustering, cut at a cosine of `same`."""
    if len(rows) < 2:
        return [[i] for i in range(len(rows))]
    distances = np.clip(1.0 - rows @ rows.T, 0.0, 2.0)
    upper = distances[np.triu_indices(len(rows), 1)].astype(float)
    numbers = fcluster(linkage(upper, "average"), 1.0 - same, "distance")
    groups: dict[int, list[int]] = {}
    for i, number in enumerate(numbers):
        groups.setdefault(int(number), []).append(i)
    return list(groups.values())


BASELINES: dict[str, Callable[[Thread], ArgumentMap]] = {"sentences": sentences, "tfidf": tfidf}


def _sentence_units(thread: Thread) -> list[Unit]:
    units: list[Unit] = []
    for post in thread.posts:
        for sentence in segment(post)[0]:
            text = post.text[sentence.start : sentence.end]
            units.append(
                Unit(
                    id=f"u{len(units) + 1}",
                    post=post.id,
                    start=sentence.start,
                    end=sentence.end,
                    text=text,
                    kind="claim",
                    holder="author",
                    headline=" ".join(text.split()[:8]),
                    confidence=1.0,
                )
            )
    return units


def _map(thread: Thread, units: Sequence[Unit], groups: Sequence[Sequence[int]]) -> ArgumentMap:
    first: dict[str, Unit] = {}
    for unit in units:
        first.setdefault(unit.post, unit)
    answers = {post.id: post.reply_to for post in thread.posts}
    relations = tuple(
        _tie(unit, first[answered], "attack")
        for post, unit in first.items()
        if (answered := answers[post]) is not None and answered in first
    )
    return _drawn(thread, units, groups, relations)


def _tie(source: Unit, target: Unit, kind: RelationType) -> Relation:
    return Relation(source=source.id, target=target.id, type=kind, confidence=1.0)


def _drawn(
    thread: Thread,
    units: Sequence[Unit],
    groups: Sequence[Sequence[int]],
    relations: tuple[Relation, ...],
) -> ArgumentMap:
    posts = {post.id: post for post in thread.posts}
    points = tuple(
        KeyPoint(
            id=f"k{k + 1}",
            headline=units[group[0]].headline,
            units=tuple(units[i].id for i in group),
            speakers=tuple(dict.fromkeys(posts[units[i].post].speaker for i in group)),
        )
        for k, group in enumerate(groups)
    )
    crux = max(points, key=lambda k: len(k.speakers), default=None)
    return ArgumentMap(
        thread=thread,
        units=tuple(units),
        key_points=points,
        relations=relations,
        crux=crux.id if crux else None,
    )


def replies(item: LabelledThread) -> ArgumentMap:
    """Leave every gold claim alone; a reply attacks what it answers."""
    units = _given_units(item)
    return _drawn(item.thread, units, _alone(units), _attacks(item.thread, units))


def structure(item: LabelledThread) -> ArgumentMap:
    """Leave every gold claim alone; relate by place in the post and by who answers whom."""
    units = _given_units(item)
    ties = []
    for i, unit in enumerate(units):
        claims = [k for k, u in enumerate(units) if u.post == unit.post and u.kind == "claim"]
        if unit.kind == "evidence":
            nearest = min(claims, key=lambda k: (abs(k - i), k), default=None)
        else:
            nearest = max((k for k in claims if k < i), default=None)
        if nearest is not None:
            ties.append(_tie(unit, units[nearest], "support"))
    return _drawn(item.thread, units, _alone(units), (*ties, *_attacks(item.thread, units)))


def tfidf_given(item: LabelledThread) -> ArgumentMap:
    """Group gold claims by shared character n-grams."""
    return _grouped(item, tfidf_rows([u.text for u in _given_units(item)]), SAME)


def stock_given(item: LabelledThread) -> ArgumentMap:
    """Group gold claims by the base encoder as it was published."""
    return _grouped(item, stock_encoder().encode([u.text for u in _given_units(item)]), SAME_STOCK)


GIVEN_BASELINES: dict[str, GivenMapper] = {
    "replies": replies,
    "structure": structure,
    "tfidf": tfidf_given,
    "stock": stock_given,
}


@cache
def stock_encoder() -> Encoder:
    """Give the base encoder as it was published; raise ImportError without the `train` extra."""
    from nlp.training.base import base_model

    return SentenceTransformersEncoder(str(base_model()))


def _given_units(item: LabelledThread) -> list[Unit]:
    texts = {post.id: post.text for post in item.thread.posts}
    units = []
    for place, unit in enumerate(gold_units(item)):
        text = texts[unit.post][unit.start : unit.end]
        kind: Kind = "claim" if unit.kind == "claim" else "evidence"
        units.append(
            Unit(
                id=f"u{place + 1}",
                post=unit.post,
                start=unit.start,
                end=unit.end,
                text=text,
                kind=kind,
                holder="author",
                headline=" ".join(text.split()[:8]),
                confidence=1.0,
            )
        )
    return units


def _alone(units: Sequence[Unit]) -> list[list[int]]:
    return [[i] for i, unit in enumerate(units) if unit.kind == "claim"]


def _attacks(thread: Thread, units: Sequence[Unit]) -> tuple[Relation, ...]:
    """Let the first claim of each reply attack the last claim of what it answers."""
    first: dict[str, Unit] = {}
    last: dict[str, Unit] = {}
    for unit in units:
        if unit.kind == "claim":
            first.setdefault(unit.post, unit)
            last[unit.post] = unit
    answers = {post.id: post.reply_to for post in thread.posts}
    return tuple(
        _tie(unit, last[answered], "attack")
        for post, unit in first.items()
        if (answered := answers[post]) is not None and answered in last
    )


def _grouped(item: LabelledThread, rows: NDArray[np.floating[Any]], same: float) -> ArgumentMap:
    """Group the claims of a thread by the rows of all its units."""
    units = _given_units(item)
    claims = [i for i, unit in enumerate(units) if unit.kind == "claim"]
    groups = [[claims[k] for k in group] for group in average_link(rows[claims], same)]
    return _drawn(item.thread, units, groups, _attacks(item.thread, units))


def tfidf_rows(texts: Sequence[str]) -> NDArray[np.float64]:
    """Unit-length TF-IDF rows of character 3- to 5-grams of words, shape (n, grams)."""
    bags = [
        Counter(
            gram
            for word in text.lower().split()
            for size in (3, 4, 5)
            for gram in (f" {word} "[i : i + size] for i in range(len(word) + 3 - size))
        )
        for text in texts
    ]
    counts = Counter(gram for bag in bags for gram in bag)
    column = {gram: i for i, gram in enumerate(sorted(g for g, c in counts.items() if c > 1))}
    rows = np.zeros((len(texts), len(column) + 1))
    for row, bag in zip(rows, bags, strict=True):
        for gram, count in bag.items():
            if gram in column:
                row[column[gram]] = (1 + np.log(count)) * np.log(len(texts) / counts[gram] + 1)
        row[-1] = 1e-9
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))
