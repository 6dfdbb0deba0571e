"""`crux eval` as its user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Crux


def test_units_prints_figures_and_a_baseline(crux: Crux, tmp_path: Path) -> None:
    """JSON rows in, JSON figures out."""
    file = tmp_path / "units.jsonl"
    rows = [
        {"text": "Pineapple does not belong on pizza.", "kind": "claim"},
        {"text": "Hi all!", "kind": "other", "context": "Hi all! I love food."},
        {"text": "What time does it open?", "kind": "question"},
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = crux("eval", "units", file)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["rows"] == 3
    assert figures["macro-F1"] > figures["majority"]["macro-F1"]


def test_relations_prints_every_reply_attacks_beside_its_own(crux: Crux, tmp_path: Path) -> None:
    """The baseline to beat stands in the same output."""
    file = tmp_path / "pairs.jsonl"
    row = {"a": "Cats are better than dogs.", "b": "No, dogs are loyal.", "label": "attack"}
    file.write_text(json.dumps(row), encoding="utf-8")
    done = crux("eval", "relations", file)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["every reply attacks"]["accuracy"] == 1.0


@pytest.mark.parametrize("command", ["syntax", "units", "relations", "keypoints", "cmv", "maps"])
@pytest.mark.parametrize("content", [None, "", "not what it should be\n"])
def test_wrong_data_is_one_clear_line(
    crux: Crux, tmp_path: Path, command: str, content: str | None
) -> None:
    """A missing file or folder, an empty one, and one of another form."""
    place = tmp_path / ("gold" if command in {"keypoints", "cmv", "maps"} else "gold.jsonl")
    if content is not None and place.suffix:
        place.write_text(content, encoding="utf-8")
    elif content is not None:
        place.mkdir()
        if content:
            for name in ("x.json", "arguments_dev.csv", "x.gold.json"):
                (place / name).write_text(content, encoding="utf-8")
    done = crux("eval", command, place)
    assert done.returncode == 2, done.stdout
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"crux: ")
    assert b"fault of Crux" not in done.stderr


def test_what_cannot_be_written_is_told_before_the_work(crux: Crux, tmp_path: Path) -> None:
    """A folder that is not there."""
    done = crux("eval", "units", tmp_path / "x.jsonl", "-o", tmp_path / "no" / "out.json")
    assert done.returncode == 2
    assert b"no folder" in done.stderr
