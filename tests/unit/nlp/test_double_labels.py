"""Two labellers of the same thread: what they agree on is counted as for maps."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from nlp.evaluation.corpus import MARKED
from nlp.evaluation.double_labels import (
    MARKED_TWICE,
    agreement,
    kappa,
    map_of,
    read_pairs,
    word_kinds,
)
from nlp.evaluation.labelled import dev_names
from nlp.evaluation.marked import MarkError, parse_marked, read_marked

FIRST = """title: Should Mill Street be closed to cars?
crux: close_mill_street
---
@kelpie_9
[c1 close_mill_street]Close it.[/] [e2 +1]We tried it in 2022[/] and that was that.
---
@dockhand >1
lol [c3 shops_would_die -1]the shops would die[/]
"""
SECOND = FIRST.replace("[e2 +1]We tried it in 2022[/]", "We tried it in 2022").replace("c3", "c2")


def folders(tmp_path: Path, first: str, second: str) -> tuple[Path, Path]:
    made = tmp_path / "first", tmp_path / "second"
    for folder, text in zip(made, (first, second), strict=True):
        folder.mkdir()
        (folder / "mill.thread").write_text(text, encoding="utf-8")
    return made


def test_who_marks_the_same_agrees_wholly(tmp_path: Path) -> None:
    found = agreement(read_pairs(*folders(tmp_path, FIRST, FIRST)))
    assert found["kappa of words (claim, evidence, none)"] == 1
    assert found["units: claim"][0] == found["relations: all"][0] == found["crux hit"] == 1


def test_evidence_that_one_leaves_out_is_no_agreement(tmp_path: Path) -> None:
    found = agreement(read_pairs(*folders(tmp_path, FIRST, SECOND)))
    assert found["units: claim"][0] == 1
    assert found["units: evidence"][0] == 0
    assert found["relations: all"][0] == pytest.approx(2 / 3, abs=0.001)
    assert 0.3 < found["kappa of words (claim, evidence, none)"] < 0.8


def test_kappa_is_nought_for_chance_and_not_a_number_for_one_label() -> None:
    assert kappa(["a", "a", "b", "b"], ["a", "b", "a", "b"]) == 0
    assert math.isnan(kappa(["a", "a"], ["a", "a"]))


def test_labels_become_a_map() -> None:
    item = parse_marked(FIRST, "mill")
    drawn = map_of(item)
    assert [u.text for u in drawn.units] == [
        "Close it.",
        "We tried it in 2022",
        "the shops would die",
    ]
    assert [(r.source, r.target, r.type) for r in drawn.relations] == [
        ("u2", "u1", "support"), ("u3", "u1", "attack"),
    ]  # fmt: skip
    assert word_kinds(item)[:3] == ["claim", "claim", "evidence"]


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (FIRST.replace("lol", "rofl"), "differ, first in post 2"),
        ("title: x\n---\n@a\nhi", "differ"),
    ],
)
def test_other_texts_are_refused(tmp_path: Path, second: str, says: str) -> None:
    with pytest.raises(MarkError, match=says):
        read_pairs(*folders(tmp_path, FIRST, second))


def test_what_is_marked_twice_has_the_text_of_the_first_marks() -> None:
    assert read_pairs(MARKED, MARKED_TWICE)


def test_second_labels_of_gold_threads_are_of_held_out_threads() -> None:
    """They can be read, have claims and ties, and name threads that no weight is fitted on."""
    items = list(read_marked(MARKED.with_name("gold_twice")))
    assert len(items) == 4
    for item in items:
        assert item.name.removeprefix("marked/") in dev_names()
        assert len(item.units) > 20
        assert item.relations
        assert item.crux
