"""Arguments against key points: `crux eval keypoints`, on IBM's files of the 2021 shared task.

Matching: each argument goes to its best-scoring key point; of each topic and side the half with the
best scores is kept, and its average precision multiplied by its share of right matches. That is the
scorer as corrected on 2021-09-23; figures by the one before are higher. A pair that nobody labelled
counts as wrong (strict) or right (relaxed).

Grouping: the arguments that match one key point alone are grouped as a thread's claims are, the
number of groups unknown; V-measure and adjusted Rand index against their key points.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import Encoder, default_encoder
from nlp.evaluation.clusters import adjusted_rand, v_measure
from nlp.evaluation.isolated import group_texts
from nlp.evaluation.rows import DataError, read_rows, read_text, require_file
from nlp.overlap import Overlap, character_grams

Scores = NDArray[np.float64]
Matcher = Callable[[Sequence[str], Sequence[str]], Scores]
Grouper = Callable[[Sequence[str]], Sequence[Sequence[int]]]
Progress = Callable[[str, float], None]

OVERLAP_WEIGHT = 1.0  # of shared runs of characters beside the cosine; chosen on ArgKP's dev part
# How much of what an argument is to all key points, and a key point to all arguments, is taken off;
# chosen over the topics that each of `benchmarks.folds` left out: strict 0.54 without them.
ARGUMENT_USUAL, KEY_POINT_USUAL = 0.75, 0.25
COLUMNS = {
    "arguments": ("arg_id", "argument", "topic", "stance"),
    "key_points": ("key_point_id", "key_point", "topic", "stance"),
    "labels": ("arg_id", "key_point_id", "label"),
}


@dataclass(frozen=True)
class Side:
    """One topic and stance: arguments and key points by id, and the labels of pairs of ids."""

    topic: str
    stance: str
    arguments: dict[str, str] = field(default_factory=dict)
    key_points: dict[str, str] = field(default_factory=dict)
    labels: dict[tuple[str, str], int] = field(default_factory=dict)


def read_sides(folder: Path, split: str) -> list[Side]:
    """Read arguments_, key_points_ and labels_SPLIT.csv, or JSONL rows of pairs; raise DataError.

    JSONL rows are {a, b, label, topic, stance, arg_id, kp_id, split}; `folder` may be such a file,
    or hold one named sim_argkp.jsonl.
    """
    for file in (folder, folder / "sim_argkp.jsonl"):
        if file.is_file():
            return _read_pairs(file, split)
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}: name the one with arguments_{split}.csv.")
    sides: dict[tuple[str, str], Side] = {}
    of_argument: dict[str, Side] = {}
    for row in _table(folder, "arguments", split):
        key = row["topic"], row["stance"]
        side = of_argument[row["arg_id"]] = sides.setdefault(key, Side(*key))
        side.arguments[row["arg_id"]] = row["argument"]
    for row in _table(folder, "key_points", split):
        key = row["topic"], row["stance"]
        sides.setdefault(key, Side(*key)).key_points[row["key_point_id"]] = row["key_point"]
    for row in _table(folder, "labels", split):
        if row["arg_id"] in of_argument:
            pair = row["arg_id"], row["key_point_id"]
            of_argument[row["arg_id"]].labels[pair] = int(float(row["label"]))
    return _checked(sides.values(), folder)


def _table(folder: Path, name: str, split: str) -> Iterator[dict[str, str]]:
    file = require_file(folder / f"{name}_{split}.csv", f"a folder that holds {name}_{split}.csv")
    rows = csv.DictReader(io.StringIO(read_text(file), newline=""))
    lacking = [column for column in COLUMNS[name] if column not in (rows.fieldnames or ())]
    if lacking:
        raise DataError(
            f"{file} lacks the column {lacking[0]}: it needs {', '.join(COLUMNS[name])}."
        )
    for number, row in enumerate(rows, 2):
        if any(not row[column] for column in COLUMNS[name]):
            raise DataError(f"{file}, row {number}: an empty field.")
        if name == "labels" and row["label"] not in {"0", "1", "0.0", "1.0"}:
            raise DataError(f"{file}, row {number}: a label is 0 or 1, not {row['label']!r:.20}.")
        yield row


def _read_pairs(file: Path, split: str) -> list[Side]:
    sides: dict[tuple[str, str], Side] = {}
    for row in read_rows(file, ("a", "b", "topic", "arg_id", "kp_id"), {}):
        if row.get("split") != split:
            continue
        key = row["topic"], str(row.get("stance"))
        side = sides.setdefault(key, Side(*key))
        side.arguments[row["arg_id"]] = row["a"]
        side.key_points[row["kp_id"]] = row["b"]
        side.labels[row["arg_id"], row["kp_id"]] = int(row["label"])
    return _checked(sides.values(), file, split)


def _checked(sides: Iterable[Side], place: Path, split: str = "") -> list[Side]:
    kept = [side for side in sides if side.arguments and side.key_points]
    if not kept:
        raise DataError(
            f"{place} holds no arguments with key points{f' of {split}' if split else ''}."
        )
    return sorted(kept, key=lambda side: (side.topic, side.stance))


def average_precision(right: Sequence[int], scores: Sequence[float]) -> float:
    """Average precision of a ranking, items of one score taken together; 0.0 when none is right."""
    total = sum(right)
    if not total:
        return 0.0
    order = np.argsort(-np.asarray(scores), kind="stable")
    ranked = np.asarray(right)[order]
    last = np.append(np.diff(np.asarray(scores)[order]) != 0, True)
    hits = np.cumsum(ranked)[last]
    seen = np.flatnonzero(last) + 1
    gained = np.diff(np.concatenate([[0], hits])) / total
    return float((gained * hits / seen).sum())


def match_precision(side: Side, matcher: Matcher) -> tuple[float, float]:
    """Give the strict and relaxed score of one topic and side (0 to 1)."""
    names = list(side.key_points)
    scores = matcher(list(side.arguments.values()), list(side.key_points.values()))
    best = scores.argmax(1)
    order = np.argsort(-scores[np.arange(len(best)), best], kind="stable")
    kept = order[: len(best) // 2]
    ids = list(side.arguments)
    found = [side.labels.get((ids[i], names[best[i]])) for i in kept]
    values = [float(scores[i, best[i]]) for i in kept]
    out = []
    for unknown in (0, 1):
        right = [unknown if label is None else label for label in found]
        share = sum(right) / len(right) if right else 0.0
        out.append(average_precision(right, values) * share)
    return out[0], out[1]


def cosine_matcher(encoder: Encoder) -> Matcher:
    """Give the matcher that scores by the cosine of an encoder."""

    def match(arguments: Sequence[str], key_points: Sequence[str]) -> Scores:
        rows = encoder.encode([*arguments, *key_points])
        return np.asarray(rows[: len(arguments)] @ rows[len(arguments) :].T, np.float64)

    return match


def shipped_matcher(encoder: Encoder) -> Matcher:
    """Give the matcher that scores by what grouping reads: meaning, and shared runs of characters.

    Both among the texts of one topic and side, as in a thread: the overlap is weighed there, and
    what counts is by how much a pair stands out from what its argument is to all key points, and
    its key point to all arguments.
    """
    by_meaning = cosine_matcher(encoder)

    def match(arguments: Sequence[str], key_points: Sequence[str]) -> Scores:
        overlap = Overlap([character_grams(text) for text in (*arguments, *key_points)])
        rows, columns = np.indices((len(arguments), len(key_points)))
        shared = overlap.jaccard(rows.ravel(), len(arguments) + columns.ravel())
        scores = by_meaning(arguments, key_points) + OVERLAP_WEIGHT * shared.reshape(rows.shape)
        usual = ARGUMENT_USUAL * scores.mean(1, keepdims=True)
        return np.asarray(scores - usual - KEY_POINT_USUAL * scores.mean(0, keepdims=True))

    return match


def one_point_arguments(side: Side) -> dict[str, str]:
    """Give the arguments that match exactly one key point: argument id -> key point id."""
    matched: dict[str, list[str]] = {}
    for (argument, key_point), label in side.labels.items():
        if label:
            matched.setdefault(argument, []).append(key_point)
    return {a: points[0] for a, points in matched.items() if len(points) == 1}


def grouping_figures(side: Side, grouper: Grouper) -> dict[str, float] | None:
    """Score the grouping of one topic and side; None where fewer than two arguments can be."""
    gold = one_point_arguments(side)
    if len(gold) < 2:
        return None
    groups = grouper([side.arguments[a] for a in gold])
    number = {i: k for k, group in enumerate(groups) for i in group}
    mine = [number[i] for i in range(len(gold))]
    theirs = list(gold.values())
    return {
        "V-measure": v_measure(theirs, mine),
        "adjusted Rand": adjusted_rand(theirs, mine),
        "groups": float(len(groups)),
        "key points": float(len(set(theirs))),
    }


def evaluate_key_points(
    folder: Path, split: str = "dev", progress: Progress | None = None
) -> dict[str, Any]:
    """Score matching and grouping of a split; raise DataError for files that are not IBM's."""
    sides = read_sides(folder, split)
    matcher = shipped_matcher(default_encoder())
    by_side: dict[str, dict[str, Any]] = {}
    for place, side in enumerate(sides):
        if progress:
            progress("matching and grouping", place / len(sides))
        strict, relaxed = match_precision(side, matcher)
        by_side[f"{side.topic} ({side.stance})"] = {
            "arguments": len(side.arguments),
            "key points": len(side.key_points),
            "strict": round(strict, 4),
            "relaxed": round(relaxed, 4),
            "grouping": grouping_figures(side, group_texts),
        }
    grouped = [row["grouping"] for row in by_side.values() if row["grouping"]]
    return {
        "scorer": "shared task of 2021, as corrected on 2021-09-23",
        "split": split,
        "mAP strict": _mean(row["strict"] for row in by_side.values()),
        "mAP relaxed": _mean(row["relaxed"] for row in by_side.values()),
        "grouping, number of groups unknown": {
            name: _mean(row[name] for row in grouped) for name in (grouped[0] if grouped else ())
        },
        "by topic and side": json.loads(
            json.dumps(by_side), parse_float=lambda x: round(float(x), 4)
        ),
    }


def _mean(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 4)
