"""How far two labellers of the same threads agree: `python -m nlp.evaluation.double_labels`.

A folder of marked threads and a second one, of the same texts marked by another labeller who did
not see the first marks. The second map is scored against the first one as a map of Crux is scored
against a gold map, so that the figures can be read side by side with those of `crux eval maps`:
nothing that learns from the first labeller can be expected to do much better than the second one.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nlp.evaluation.bootstrap import f1_interval
from nlp.evaluation.corpus import MARKED
from nlp.evaluation.given import gold_units, matched_given
from nlp.evaluation.labelled import LabelledThread
from nlp.evaluation.marked import MarkError, read_marked
from nlp.evaluation.metrics import Tally, score_map, tokens_of
from nlp.model import ArgumentMap, KeyPoint, Kind, Relation, RelationType, Unit

MARKED_TWICE = MARKED.with_name("marked_twice")
NONE = "none"
ROWS = (
    "units: claim",
    "units: evidence",
    "relations: all",
    "relations: support",
    "relations: attack",
    "relations: untyped",
)
Pair = tuple[LabelledThread, LabelledThread]


def read_pairs(first: Path, second: Path) -> list[Pair]:
    """Give each thread of the second folder after the same thread of the first.

    Raises MarkError where a thread is not in the first folder or its text differs there.
    """
    known = {item.name: item for item in read_marked(first)}
    return pair_up(known, second, str(first))


def pair_up(known: Mapping[str, LabelledThread], second: Path, first: str) -> list[Pair]:
    """Give each thread of the second folder after the one of that name that is known.

    `first` tells where those come from. Raises MarkError where one is missing or its text differs.
    """
    pairs = []
    for item in read_marked(second):
        mine = known.get(item.name)
        if mine is None:
            raise MarkError(f"{item.name} is not in {first}: a second marking needs a first")
        texts = [[" ".join(p.text.split()) for p in i.thread.posts] for i in (mine, item)]
        if texts[0] != texts[1]:
            at = next((n for n, (a, b) in enumerate(zip(*texts, strict=False), 1) if a != b), 0)
            raise MarkError(f"{item.name}: the two texts differ, first in post {at}")
        pairs.append((mine, item))
    return pairs


def map_of(item: LabelledThread) -> ArgumentMap:
    """Give labels in the form of a map, as if Crux had drawn it; every confidence is 1."""
    names = matched_given(item)
    posts = {post.id: post for post in item.thread.posts}
    units: list[Unit] = []
    points: dict[str, list[str]] = {}
    for gold in gold_units(item):
        kind: Kind = "claim" if gold.kind == "claim" else "evidence"
        text = posts[gold.post].text[gold.start : gold.end]
        headline = gold.headline or text
        units.append(
            Unit(
                id=names[gold.id],
                post=gold.post,
                start=gold.start,
                end=gold.end,
                text=text,
                kind=kind,
                holder="reported" if gold.holder == "reported" else "author",
                headline=headline,
                confidence=1.0,
            )
        )
        if kind == "claim":
            points.setdefault(gold.point or gold.id, []).append(names[gold.id])
    numbers = {key: f"k{n}" for n, key in enumerate(points, 1)}
    post_of = {unit.id: posts[unit.post] for unit in units}
    types: dict[str, RelationType] = {"support": "support", "attack": "attack"}
    return ArgumentMap(
        thread=item.thread,
        units=tuple(units),
        key_points=tuple(
            KeyPoint(
                id=numbers[key],
                headline=item.points.get(key, key),
                units=tuple(members),
                speakers=tuple(dict.fromkeys(post_of[m].speaker for m in members)),
            )
            for key, members in points.items()
        ),
        relations=tuple(
            Relation(source=names[a], target=names[b], type=types[kind], confidence=1.0)
            for a, b, kind in item.relations
        ),
        crux=numbers.get(item.crux or ""),
    )


def word_kinds(item: LabelledThread) -> list[str]:
    """Give the kind of each word of a thread, in reading order: claim, evidence or none."""
    kinds = []
    for post in item.thread.posts:
        units = [u for u in item.units if u.post == post.id]
        for low, high in tokens_of(post.text):
            kinds.append(next((u.kind for u in units if low < u.end and high > u.start), NONE))
    return kinds


def kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Give Cohen's kappa of two labellings of the same items; NaN where both use one label only."""
    total = len(first)
    same = sum(a == b for a, b in zip(first, second, strict=True)) / total
    mine, theirs = Counter(first), Counter(second)
    chance = sum(mine[label] * theirs[label] for label in mine) / total**2
    return math.nan if chance == 1 else (same - chance) / (1 - chance)


def agreement(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Give how far two labellers agree: kappa of words, F1 of units and ties, means of the rest."""
    tallies: list[Tally] = []
    words: tuple[list[str], list[str]] = ([], [])
    for mine, theirs in pairs:
        tallies.append(score_map(map_of(theirs), mine))
        words[0].extend(word_kinds(mine))
        words[1].extend(word_kinds(theirs))
    total = Tally()
    for tally in tallies:
        total += tally
    figures = total.figures()
    means = {k: v for k, v in figures.items() if isinstance(v, float)}
    return {
        "threads": len(pairs),
        "words": len(words[0]),
        "kappa of words (claim, evidence, none)": round(kappa(*words), 3),
        **{row: [round(x, 3) for x in f1_interval(tallies, row)] for row in ROWS if row in figures},
        **means,
    }


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=Path, nargs="?", default=MARKED)
    parser.add_argument("second", type=Path, nargs="?", default=MARKED_TWICE)
    given = parser.parse_args()
    print(json.dumps(agreement(read_pairs(given.first, given.second)), indent=1))


if __name__ == "__main__":
    main()
