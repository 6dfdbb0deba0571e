"""When are points of two maps the same one: `python -m benchmarks.difference --gold DIR [--write]`.

Every labelled thread is read twice. Half of its gold points stand in both readings, in other
words: cut short, read too far, retouched as people edit, or in another person's words; a quarter
is gone from the second reading, a quarter is new there. `crux diff` pairs the readings at each
bar, with the encoder in use. Right is a pair that is the gold's own point.

The bar is chosen on data/marked by F0.5 (a wrong pair hides two changes, a missed one shows two
that are none) and measured on the gold maps of DIR, which choose nothing. `--write` keeps the bar,
with its figures and encoder, in `bot/compare.json`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.compare import CHOSEN, encoded_closeness, same_by_meaning
from bot.gold import match_posts, read_folder
from bot.store.store import encoder_name
from nlp.evaluation.labelled import LabelledThread, LabelledUnit, label
from nlp.evaluation.marked import read_marked

ROOT = Path(__file__).resolve().parents[1]
BARS = [round(0.4 + 0.02 * i, 2) for i in range(29)]
BETA = 0.5
WAYS = ("cut short", "read too far", "retouched", "other words")
LEAST_WORDS = 5  # of a claim that is read twice
_CONTRACTED = {
    "do not": "don't", "does not": "doesn't", "is not": "isn't", "are not": "aren't",
    "cannot": "can't", "it is": "it's", "that is": "that's", "i am": "i'm", "you are": "you're",
    "they are": "they're", "will not": "won't", "would not": "wouldn't", "there is": "there's",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What the two readings of a thread say; `right` pairs their texts, with how they differ."""

    old: list[str]
    new: list[str]
    right: dict[tuple[int, int], str]


@dataclass(frozen=True)
class Figures:
    """Rightly paired of those paired, and of those that should be, by how they differ."""

    precision: float
    recall: float
    by_way: dict[str, float]

    @property
    def f(self) -> float:
        """F-measure with precision twice as heavy as recall."""
        weight = BETA**2
        total = weight * self.precision + self.recall
        return (1 + weight) * self.precision * self.recall / total if total else 0.0


def twice(item: LabelledThread) -> Reading:
    """Give two readings of a thread; the same each time."""
    chance = random.Random(item.name)
    texts = {post.id: post.text for post in item.thread.posts}
    claims: dict[str, list[LabelledUnit]] = {}
    for unit in item.units:
        if unit.kind == "claim" and unit.point and len(_said(unit, texts).split()) >= LEAST_WORDS:
            claims.setdefault(unit.point, []).append(unit)
    order = sorted(claims)
    chance.shuffle(order)
    old: list[str] = []
    new: list[str] = []
    right: dict[tuple[int, int], str] = {}
    for number, point in enumerate(order):
        first, *others = claims[point]
        if number % 4 == 2:
            old.append(_said(first, texts))
        elif number % 4 == 3:
            new.append(_said(first, texts))
        else:
            way = WAYS[len(right) % len(WAYS)]
            again = _again(first, others, texts, way)
            if again is None:
                way, again = "retouched", _retouched(_said(first, texts))
            right[len(old), len(new)] = way
            old.append(_said(first, texts))
            new.append(again)
    chance.shuffle(places := list(range(len(new))))
    where = {place: n for n, place in enumerate(places)}
    moved = {(i, where[j]): way for (i, j), way in right.items()}
    return Reading(old, [new[p] for p in places], moved)


def _said(unit: LabelledUnit, texts: dict[str, str]) -> str:
    return " ".join(texts[unit.post][unit.start : unit.end].split())


def _again(
    first: LabelledUnit, others: list[LabelledUnit], texts: dict[str, str], way: str
) -> str | None:
    """Say a claim once more in a way, None where that way is not open to it."""
    words = _said(first, texts).split()
    if way == "cut short":
        return " ".join(words[: max(4, round(0.6 * len(words)))])
    if way == "read too far":
        more = texts[first.post][first.end :].split()[:7]
        return " ".join((*words, *more)) if len(more) > 2 else None
    if way == "other words":
        return _said(others[0], texts) if others else None
    return _retouched(" ".join(words))


def _retouched(text: str) -> str:
    """Edit a sentence as people do: contractions the other way, no stop, a small word less."""
    low = text[:1].lower() + text[1:].rstrip(".!")
    for long, short in _CONTRACTED.items():
        low = re.sub(rf"\b{long}\b", short, low, flags=re.IGNORECASE)
    words = low.split()
    spare = [n for n, word in enumerate(words) if word.lower() in ("very", "just", "really", "the")]
    if spare:
        del words[spare[0]]
    return " ".join((*words, "though"))


def score(readings: Iterable[tuple[Reading, list[list[float]]]], bar: float) -> Figures:
    """Score readings, each with its table of closeness, at a bar."""
    hits = joined = 0
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for reading, table in readings:
        pairs = same_by_meaning(table, bar)
        joined += len(pairs)
        for pair, way in reading.right.items():
            wanted[way] += 1
            found[way] += pair in pairs
    hits = found.total()
    return Figures(
        precision=hits / joined if joined else 1.0,
        recall=hits / wanted.total(),
        by_way={way: found[way] / wanted[way] for way in WAYS if wanted[way]},
    )


def _tables(items: Iterable[LabelledThread]) -> Iterator[tuple[Reading, list[list[float]]]]:
    for item in items:
        reading = twice(item)
        if reading.old and reading.new:
            yield reading, encoded_closeness(reading.old, reading.new)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    fitted = list(_tables(read_marked(ROOT / "data" / "marked")))
    held = list(
        _tables(
            label(g.thread, g.gold, name=g.name, real=True, posts=match_posts(g.thread, g.gold))
            for g in read_folder(given.gold)
        )
    )
    for bar in BARS:
        rows = [score(part, bar) for part in (fitted, held)]
        print(f"{bar:.2f}  {'  '.join(map(_row, rows))}")
    best = max(BARS, key=lambda bar: score(fitted, bar).f)
    print(f"best on data/marked: {best:.2f}")
    if given.write:
        parts = {"data/marked, fitted": score(fitted, best), "gold, measured": score(held, best)}
        row = {
            "cosine": best,
            "encoder": encoder_name(),
            "chosen by": "python -m benchmarks.difference --write",
            "figures": {
                name: {"precision": round(f.precision, 3), "recall": round(f.recall, 3)}
                | {f"recall, {way}": round(share, 3) for way, share in f.by_way.items()}
                for name, f in parts.items()
            },
        }
        CHOSEN.write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")


def _row(figures: Figures) -> str:
    ways = " ".join(f"{way} {share:.2f}" for way, share in figures.by_way.items())
    return f"P {figures.precision:.2f} R {figures.recall:.2f} F0.5 {figures.f:.3f} ({ways})"


if __name__ == "__main__":
    main()
