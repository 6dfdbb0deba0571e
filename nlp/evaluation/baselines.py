"""Two plain ways to make a map, scored in the same harness as Crux.

`sentences`: every sentence is a claim and its own point; a reply's first sentence attacks the first
sentence of what it answers. `tfidf`: the same claims, grouped by average-link clustering of TF-IDF
vectors of character 3- to 5-grams, cut at the similarity below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from nlp.model import ArgumentMap, KeyPoint, Post, Relation, Thread, Unit
from nlp.segment import segment

SAME = 0.25  # TF-IDF cosine above which clusters join


def sentences(thread: Thread) -> ArgumentMap:
    """Make every sentence a claim and a point of its own."""
    units = _sentence_units(thread)
    return _map(thread, units, [[i] for i in range(len(units))])


def tfidf(thread: Thread) -> ArgumentMap:
    """Make every sentence a claim, and group them by shared character n-grams."""
    units = _sentence_units(thread)
    if len(units) < 2:
        return _map(thread, units, [[i] for i in range(len(units))])
    rows = tfidf_rows([unit.text for unit in units])
    distances = np.clip(1.0 - rows @ rows.T, 0.0, 2.0)
    upper = distances[np.triu_indices(len(units), 1)]
    numbers = fcluster(linkage(upper, "average"), 1.0 - SAME, "distance")
    groups: dict[int, list[int]] = {}
    for i, number in enumerate(numbers):
        groups.setdefault(int(number), []).append(i)
    return _map(thread, units, list(groups.values()))


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
    posts = {post.id: post for post in thread.posts}
    first: dict[str, Unit] = {}
    for unit in units:
        first.setdefault(unit.post, unit)
    relations = tuple(
        Relation(source=unit.id, target=first[answered].id, type="attack", confidence=1.0, cue=None)
        for post, unit in first.items()
        if (answered := posts[post].reply_to) is not None and answered in first
    )
    points = tuple(
        KeyPoint(
            id=f"k{k + 1}",
            headline=units[group[0]].headline,
            units=tuple(units[i].id for i in group),
            speakers=tuple(dict.fromkeys(_speaker(posts[units[i].post]) for i in group)),
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


def _speaker(post: Post) -> str:
    return post.author or f"post {post.id}"


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
