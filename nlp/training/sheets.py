"""Sheets of texts with what is known of their pairs: same point, another, or nothing known.

From ArgKP (arguments and key points), Perspectrum (clusters of perspectives) and labelled threads;
the train parts alone.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from nlp.evaluation.labelled import LabelledThread

ARGUMENTS_A_SHEET = 28
CLAIMS_A_SHEET = 28
NEGATED_A_SHEET = 4

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|should|can|could|do|does|did|must|may|might|has|have)"
    r"(?P<no>\s+not\b|n['’]t\b|(?<=can)['’]t\b)?(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sheet:
    """Texts, and (i, j) -> 1.0 same point, 0.0 another; pairs that are not there are unknown."""

    texts: list[str]
    pairs: dict[tuple[int, int], float]


Wanted = Callable[[dict[str, Any]], bool]


def of_train(row: dict[str, Any]) -> bool:
    """Whether a row of pairs is of the train part."""
    return bool(row["split"] == "train")


def argkp_sheets(file: Path, rng: random.Random, wanted: Wanted = of_train) -> list[Sheet]:
    """Arguments of one topic and side against all its key points; the train part alone by default.

    Two arguments with a key point in common make the same point; two that are each known not to
    make the other's points make different ones.
    """
    labels: dict[tuple[str, int], dict[tuple[str, str], float]] = defaultdict(dict)
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if wanted(row):
            labels[row["topic"], row["stance"]][row["a"], row["b"]] = float(row["label"])
    sheets = []
    for known in labels.values():
        arguments = sorted({a for a, _ in known})
        points = sorted({b for _, b in known})
        rng.shuffle(arguments)
        for low in range(0, len(arguments), ARGUMENTS_A_SHEET):
            some = arguments[low : low + ARGUMENTS_A_SHEET]
            pairs = {
                (i, len(some) + j): known[a, b]
                for i, a in enumerate(some)
                for j, b in enumerate(points)
                if (a, b) in known
            }
            made = {a: {b for b in points if known.get((a, b)) == 1.0} for a in some}
            for (i, a), (j, b) in combinations(enumerate(some), 2):
                if made[a] & made[b]:
                    pairs[i, j] = 1.0
                elif made[a] and made[b] and _denied(known, a, made[b], b, made[a]):
                    pairs[i, j] = 0.0
            sheets.append(Sheet([*some, *points], pairs))
    return sheets


def _denied(
    known: dict[tuple[str, str], float], a: str, of_b: set[str], b: str, of_a: set[str]
) -> bool:
    return all(known.get((a, p)) == 0.0 for p in of_b) and all(
        known.get((b, p)) == 0.0 for p in of_a
    )


def cluster_sheets(file: Path, rng: random.Random) -> list[Sheet]:
    """Perspectives on one claim, same or another cluster; the train part alone."""
    labels: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == "train":
            labels[row["topic"]][row["a"], row["b"]] = float(row["label"])
    sheets = []
    for known in labels.values():
        texts = sorted({t for pair in known for t in pair})
        rng.shuffle(texts)
        place = {t: i for i, t in enumerate(texts[:40])}
        pairs = {
            (place[a], place[b]): y for (a, b), y in known.items() if a in place and b in place
        }
        if pairs:
            sheets.append(Sheet(list(place), pairs))
    return sheets


def thread_sheets(items: Sequence[LabelledThread], rng: random.Random) -> list[Sheet]:
    """Claims of one thread with their own headlines and those of their points."""
    sheets = []
    for item in items:
        texts = {p.id: p.text for p in item.thread.posts}
        claims = [
            (texts[u.post][u.start : u.end], u.headline, u.point)
            for u in item.units
            if u.kind == "claim" and u.point
        ]
        rng.shuffle(claims)
        for low in range(0, len(claims), CLAIMS_A_SHEET):
            some = claims[low : low + CLAIMS_A_SHEET]
            rows = [(text, point) for text, _, point in some]
            seen = set()
            for _, headline, point in some:
                name = headline or item.points.get(point or "", "")
                if name and (name, point) not in seen:
                    seen.add((name, point))
                    rows.append((name, point))
            pairs = {
                (i, j): float(rows[i][1] == rows[j][1])
                for i, j in combinations(range(len(rows)), 2)
            }
            if pairs:
                sheets.append(Sheet([text for text, _ in rows], pairs))
    return sheets


def negated(text: str) -> str | None:
    """Give the text with its first auxiliary negated, or its negation taken off; None without one.

    Crude grammar ("do has") does no harm: it is only there to be told apart from the text.
    """
    found = _AUXILIARY.search(text)
    if not found:
        return None
    if found["no"]:
        return text[: found.start("no")] + text[found.end("no") :]
    return f"{text[: found.end()]} not{text[found.end() :]}"


def with_negations(sheet: Sheet, rng: random.Random) -> Sheet:
    """Add the negations of a few short texts of a sheet, each another point than its original."""
    short = [i for i, text in enumerate(sheet.texts) if 3 <= len(text.split()) <= 16]
    texts, pairs = list(sheet.texts), dict(sheet.pairs)
    for i in rng.sample(short, min(NEGATED_A_SHEET, len(short))):
        opposite = negated(texts[i])
        if opposite:
            pairs[i, len(texts)] = 0.0
            texts.append(opposite)
    return Sheet(texts, pairs)


def text_sheets(data: Path, rng: random.Random) -> list[Sheet]:
    """Give the sheets of ArgKP and of Perspectrum, each text once."""
    return [
        *argkp_sheets(data / "similarity" / "sim_argkp.jsonl", rng),
        *cluster_sheets(data / "similarity" / "sim_perspectrum_clusters.jsonl", rng),
    ]
