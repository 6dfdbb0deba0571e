"""What the trainers are told of pairs of texts: the same point, another, or nothing known."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np

from nlp.evaluation.marked import parse_marked
from nlp.training.examples import same_point
from nlp.training.sheets import argkp_sheets, negated, thread_sheets, with_negations

THREAD = """title: Phones
issue: Should phones be banned?
crux: phones_should_be_banned
---
@ann
[c1 phones_should_be_banned]Ban them.[/] [e2 +1]Ours did in May.[/]
---
@bob >1
[c3 phones_should_be_banned]Yes, throw them out.[/] [c4 parents_need_to_call]My mother must reach me.[/]
"""


def _argkp(folder: Path) -> Path:
    rows = [
        ("a1", "k1", 1, "train"), ("a1", "k2", 0, "train"),
        ("a2", "k1", 1, "train"), ("a2", "k2", 0, "train"),
        ("a3", "k1", 0, "train"), ("a3", "k2", 1, "train"),
        ("a4", "k1", 1, "dev"),
    ]  # fmt: skip
    file = folder / "argkp.jsonl"
    file.write_text(
        "\n".join(
            json.dumps({"a": a, "b": b, "label": label, "split": split, "topic": "t", "stance": 1})
            for a, b, label, split in rows
        )
    )
    return file


def test_arguments_of_one_key_point_are_the_same_and_denied_ones_are_not(tmp_path: Path) -> None:
    """The dev part is never seen; pairs of which nothing is known are left out."""
    (sheet,) = argkp_sheets(_argkp(tmp_path), random.Random(1))
    known = {
        frozenset((sheet.texts[i], sheet.texts[j])): value for (i, j), value in sheet.pairs.items()
    }
    assert "a4" not in sheet.texts
    assert known[frozenset(("a1", "a2"))] == 1.0
    assert known[frozenset(("a1", "a3"))] == 0.0
    assert known[frozenset(("a1", "k1"))] == 1.0
    assert frozenset(("k1", "k2")) not in known


def test_claims_of_a_thread_meet_the_headlines_of_their_points() -> None:
    """A headline is the same point as its claims and another than the rest."""
    (sheet,) = thread_sheets([parse_marked(THREAD, "phones")], random.Random(1))
    place = {text: i for i, text in enumerate(sheet.texts)}
    pair = tuple(sorted((place["Ban them."], place["Yes, throw them out."])))
    other = tuple(sorted((place["Ban them."], place["My mother must reach me."])))
    assert sheet.pairs[pair] == 1.0
    assert sheet.pairs[other] == 0.0
    assert "phones should be banned" in place


def test_a_negation_is_another_point_than_its_original() -> None:
    """With "not" put in or taken off; what has no auxiliary has none."""
    assert negated("phones should be banned") == "phones should not be banned"
    assert negated("they don't help") == "they do help"
    assert negated("ban them") is None
    (sheet,) = thread_sheets([parse_marked(THREAD, "phones")], random.Random(1))
    more = with_negations(sheet, random.Random(1))
    added = range(len(sheet.texts), len(more.texts))
    assert added
    assert all(value == 0.0 for (_, j), value in more.pairs.items() if j in added)


def test_the_same_point_is_unknown_for_a_unit_without_one_and_for_itself() -> None:
    """Evidence and strays make no point of their own."""
    table = same_point(["p", "q", "p", None])
    assert np.array_equal(table, [[-1, 0, 1, -1], [0, -1, 0, -1], [1, 0, -1, -1], [-1] * 4])
