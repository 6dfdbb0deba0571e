"""Maps written, read back, edited and compared from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.views import json as map_json
from tests.conftest import Crux
from tests.unit.bot.views.made import made_map

TEXTS = ["Trams pay for themselves", "Nobody rides them", "Ours cost 4 a head"]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Give the file of a small map."""
    found = made_map(
        TEXTS, [(1, 0, "attack")], evidence=[(2, 0, "support")], title="Trams?", people=["ann"]
    )
    file = tmp_path / "map.json"
    file.write_text(map_json.render(found), encoding="utf-8")
    return file


def test_a_map_is_read_back_and_written_in_the_form_that_the_ending_names(
    saved: Path, crux: Crux
) -> None:
    """PNG, SVG, HTML, Argdown and JSON again; the JSON is the same to the byte."""
    starts = {"png": b"\x89PNG", "svg": b"<svg", "html": b"<!doctype html>", "argdown": b"==="}
    for ending, start in starts.items():
        file = saved.with_suffix(f".{ending}")
        done = crux("map", saved, "-o", file)
        assert done.returncode == 0, done.stderr
        assert file.read_bytes().startswith(start)
    assert crux("map", saved, "-f", "json").stdout == saved.read_bytes()


def test_an_edited_map_is_handed_back(saved: Path, crux: Crux) -> None:
    """A tie turned round in the Argdown is turned round in the map; made-up words are refused."""
    text = crux("map", saved, "-f", "argdown").stdout.decode()
    edited = saved.with_suffix(".argdown")
    edited.write_text(text.replace("    - [Nobody", "    + [Nobody"), encoding="utf-8")
    done = crux("map", edited, "--of", saved, "-f", "json", "-o", saved.with_name("new.json"))
    assert done.returncode == 0, done.stderr
    assert crux("verify", saved.with_name("new.json")).returncode == 0
    told = crux("diff", saved, saved.with_name("new.json"))
    assert told.returncode == 0
    assert "Newly supported, 1 point" in told.stdout.decode()
    edited.write_text(text.replace("Ours cost", "Yours cost"), encoding="utf-8")
    refused = crux("map", edited, "--of", saved, "-f", "json")
    assert refused.returncode == 2
    assert "nobody wrote" in refused.stderr.decode()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["map", "map.json", "-f", "gif"], "There is no format 'gif'"),
        (["map", "broken.json", "-f", "svg"], "does not hold"),
        (["diff", "map.json", "none.json"], "There is no file"),
        (["map", "map.json", "--scale", "9"], "scale"),
    ],
)
def test_what_cannot_be_drawn_is_one_clear_line(
    words: list[str], says: str, saved: Path, crux: Crux
) -> None:
    """Exit 2, no traceback, the way out named."""
    broken = saved.read_text(encoding="utf-8").replace('"end": 24', '"end": 23')
    (saved.parent / "broken.json").write_text(broken, encoding="utf-8")
    done = crux(*(saved.parent / w if w.endswith(".json") else w for w in words))
    assert done.returncode == 2
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr
