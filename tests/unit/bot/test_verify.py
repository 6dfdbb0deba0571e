"""Every kind of damage to a map is found."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from bot.sources import read_text
from bot.verify import problems
from bot.views.json import as_dict
from nlp import analyze
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def good() -> dict[str, Any]:
    text = (ROOT / "data" / "threads" / "hn-no-required-review.txt").read_text(encoding="utf-8")
    return as_dict(analyze(read_text(text)))


def test_a_map_holds(good: dict[str, Any]) -> None:
    """Crux's own map has no problem."""
    assert problems(good) == []


def _shift(found: dict[str, Any]) -> None:
    found["units"][0]["start"] += 1


def _paraphrase(found: dict[str, Any]) -> None:
    found["units"][3]["text"] = "something nobody said"


def _forget(found: dict[str, Any]) -> None:
    row = next(r for r in found["residue"] if r["end"] > r["start"])
    found["residue"].remove(row)


def _past_the_end(found: dict[str, Any]) -> None:
    next(r for r in found["residue"][::-1] if r["end"] > r["start"])["end"] += 10_000


def _twice(found: dict[str, Any]) -> None:
    found["residue"].append(next(r for r in found["residue"] if r["end"] > r["start"]))


def _unknown_target(found: dict[str, Any]) -> None:
    found["relations"][0]["target"] = "u9999"


def _unknown_crux(found: dict[str, Any]) -> None:
    found["crux"] = "k9999"


def _homeless_claim(found: dict[str, Any]) -> None:
    found["key_points"].pop()
    found["crux"] = None


def _wrong_speaker(found: dict[str, Any]) -> None:
    found["key_points"][0]["speakers"] = ["somebody else"]


def _reply_to_nowhere(found: dict[str, Any]) -> None:
    found["thread"]["posts"][0]["reply_to"] = "nowhere"


def _missing_field(found: dict[str, Any]) -> None:
    del found["made_by"]


def _extra_field(found: dict[str, Any]) -> None:
    found["units"][0]["comment"] = "x"


def _issue_elsewhere(found: dict[str, Any]) -> None:
    found["issue"] = {
        "text": "why?",
        "post": found["thread"]["posts"][0]["id"],
        "start": 0,
        "end": 4,
    }


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_shift, "its text is not what"),
        (_paraphrase, "its text is not what"),
        (_forget, "neither on the map nor in the residue"),
        (_past_the_end, "is past its end"),
        (_twice, "overlaps"),
        (_unknown_target, "no unit 'u9999'"),
        (_unknown_crux, "no key point 'k9999'"),
        (_homeless_claim, "stands in 0 key points"),
        (_wrong_speaker, "its speakers are not"),
        (_reply_to_nowhere, "answers 'nowhere'"),
        (_missing_field, "'made_by' is a required property"),
        (_extra_field, "Additional properties"),
        (_issue_elsewhere, "issue: its text is not what"),
    ],
)
def test_damage_is_found(
    damage: Callable[[dict[str, Any]], None], says: str, good: dict[str, Any]
) -> None:
    """A damaged copy of a good map is refused for the right reason."""
    bad = copy.deepcopy(good)
    damage(bad)
    assert any(says in reason for reason in problems(bad)), problems(bad)


@pytest.mark.parametrize("value", [None, [], "map", 3, {}, {"schema": "crux.map/9"}])
def test_what_is_no_map_is_refused(value: object) -> None:
    """Any JSON value is answered with reasons."""
    assert problems(value)
