"""docs/quality.md, on one sample thread."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.quality_errors import Case, Part, in_common
from benchmarks.quality_page import weights_of
from benchmarks.quality_render import cell, render
from benchmarks.quality_sections import maps
from nlp.evaluation.bootstrap import f1_interval, interval, mean_interval, precision_interval
from nlp.evaluation.metrics import Tally
from tests.conftest import ROOT


def test_a_section_has_figures_baselines_and_errors(tmp_path: Path) -> None:
    """One thread gives both tables with every baseline, and quotes that stand in the thread."""
    for suffix in ("txt", "gold.json"):
        shutil.copy(ROOT / "data" / "threads" / f"t4-x-salary-cap.{suffix}", tmp_path)
    section = maps(tmp_path, lambda _name: None, errors=True)
    (part,) = section["parts"].values()
    assert part["threads"] == 1
    assert {"crux", "sentences", "tfidf"} == set(part["of their text"]["units: claim"])
    assert {"crux", "replies", "structure", "tfidf"} <= set(
        part["of their gold units"]["relations: all"]
    )
    page = render({"gold": {"date": "2026-01-01", "weights": weights_of("gold"), **section}})
    assert "### Claims that were missed" in page
    assert "have changed since" not in page
    stale = render({"gold": {"date": "2026-01-01", "weights": "0", **section}})
    assert "have changed since: run it again" in stale


def _tally(hits: int, guessed: int, gold: int, *values: float) -> Tally:
    tally = Tally()
    tally.add("x", hits, guessed, gold)
    for value in values:
        tally.mean("y", value)
    return tally


def test_intervals_hold_the_figure_and_repeat() -> None:
    """The figure is of all threads; its bounds lie around it and are the same each time."""
    tallies = [_tally(5, 10, 10, 1.0), _tally(1, 10, 10, 0.0), _tally(9, 10, 10, 0.5)]
    figure, low, high = f1_interval(tallies, "x")
    assert figure == pytest.approx(0.5)
    assert 0.1 <= low < figure < high <= 0.9
    assert f1_interval(tallies, "x") == (figure, low, high)
    assert mean_interval(tallies, "y")[0] == pytest.approx(0.5)
    assert f1_interval([], "x") == (0.0, 0.0, 0.0)
    sure = [_tally(5, 10, 90), _tally(1, 2, 90)]
    assert precision_interval(sure, "x")[0] == pytest.approx(0.5)
    assert interval([1.0, 3.0], lambda xs: sum(xs) / len(xs))[0] == 2.0


def test_what_errors_share_is_told_with_both_rates() -> None:
    """A mark of all errors and of none that is right is named; one of both is not."""

    def case(text: str) -> Case:
        return Case((Part("t", 1, "a", text, "", False),), 1.0, "")

    wrong = [case("Is it so, do we really think that?")] * 4
    right = [case("The town has paid for this road twice over.")] * 4
    told = in_common(wrong, right)
    assert any(t.startswith("100% end in a question mark (of the right: 0%)") for t in told)
    assert not any("first post" in t for t in told)


def test_a_figure_shows_its_interval_where_it_has_one() -> None:
    """Value, bounds; value alone; nothing."""
    assert cell([0.5, 0.41, 0.6]) == "0.50 [0.41, 0.60]"
    assert cell([0.9451, None, None]) == "0.945"
    assert cell(None) == ""
