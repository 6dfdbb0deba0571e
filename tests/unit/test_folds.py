"""Five folds: who is left out when, and what is kept of a run that was cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.folds import FOLDS, each_fold, folds_of
from benchmarks.quality_render import render
from nlp.training.sheets import argkp_sheets


def test_every_name_is_left_out_once() -> None:
    """The folds part the names, in sizes that differ by one at most, whatever their order."""
    names = [f"document {number}" for number in range(23)]
    parts = folds_of(names)
    assert len(parts) == FOLDS
    assert sorted(name for part in parts for name in part) == sorted(names)
    assert {len(part) for part in parts} == {4, 5}
    assert folds_of(names[::-1]) == parts


def test_a_run_that_was_cut_off_goes_on_at_the_fold_it_was_in(tmp_path: Path) -> None:
    """Folds that were done are read back, not fitted again."""
    parts = folds_of([f"topic {number}" for number in range(10)])
    fitted: list[set[str]] = []

    def run(left_out: set[str], folder: Path) -> dict[str, object]:
        if len(fitted) == 2:
            raise KeyboardInterrupt
        fitted.append(left_out)
        assert folder.is_dir()
        return {"left out": sorted(left_out)}

    with pytest.raises(KeyboardInterrupt):
        each_fold(tmp_path, parts, run)
    first, fitted = fitted, []
    with pytest.raises(KeyboardInterrupt):
        each_fold(tmp_path, parts, run)
    last, fitted = fitted, []
    found = each_fold(tmp_path, parts, run)
    assert [*first, *last, *fitted] == parts
    assert [row["left out"] for row in found] == [sorted(part) for part in parts]


def test_topics_that_are_left_out_are_on_no_sheet(tmp_path: Path) -> None:
    """What picks the rows decides alone, whatever part of the corpus they are of."""
    import json
    import random

    rows = [
        {"a": f"argument {t}", "b": f"point {t}", "label": 1, "topic": t, "stance": 1, "split": s}
        for t, s in (("bees", "train"), ("cars", "dev"), ("dogs", "train"))
    ]
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    sheets = argkp_sheets(file, random.Random(1), lambda row: bool(row["topic"] != "dogs"))
    assert sorted(text for sheet in sheets for text in sheet.texts) == [
        "argument bees",
        "argument cars",
        "point bees",
        "point cars",
    ]


def test_the_page_shows_the_folds() -> None:
    """Mean, least and greatest, and what was left out."""
    row = {"date": "2026-01-01", "left out": "28 topics", "mAP strict": [0.7, 0.61, 0.78]}
    page = render({}, {"keypoints": row})
    assert "| mAP strict | 0.70 [0.61, 0.78] |" in page
    assert "Measured 2026-01-01, 28 topics." in page
    assert "five folds" not in render({})
