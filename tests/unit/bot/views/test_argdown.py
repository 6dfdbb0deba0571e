"""Argdown there and back: nothing is lost on the way, and nothing that nobody wrote comes back."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bot.errors import InputError
from bot.maps import read_edited
from bot.views import argdown
from nlp.model import ArgumentMap
from tests.unit.bot.views.made import TEXTS, Tie, made_map

TRAMS = made_map(
    [
        "Trams pay for themselves.",
        "Nobody rides them (on Sundays).",
        "Ours cost 4 a head.",
        "They are loved: ask the *kids*.",
    ],
    [(1, 0, "attack"), (3, 0, "support")],
    evidence=[(2, 0, "support")],
    people=["ann", "bo"],
    title="Keep the trams?",
)


def edited(old: str, new: str, found: ArgumentMap = TRAMS) -> ArgumentMap:
    """Give the map after one edit in its Argdown."""
    text = argdown.render(found)
    assert old in text, text
    return read_edited(text.replace(old, new), found)


@pytest.mark.parametrize("seed", range(12))
def test_what_nobody_edited_comes_back_the_same(seed: int) -> None:
    """Any texts, any ties, evidence that bears on several points: the map is the same map."""
    chance = random.Random(seed)
    texts = chance.sample(TEXTS, 9)
    kinds = ("support", "attack")
    ties: list[Tie] = [(n, chance.randrange(6), chance.choice(kinds)) for n in range(6)]
    proof: list[Tie] = [(n, chance.randrange(6), chance.choice(kinds)) for n in (6, 7, 7, 8)]
    found = made_map(
        texts, {t for t in ties if t[0] != t[1]}, evidence=dict.fromkeys(proof), title="What now?"
    )
    assert read_edited(argdown.render(found), found) == found


def test_two_points_of_one_headline_stay_two() -> None:
    """Titles are numbered where headlines are alike."""
    points = tuple(replace(k, headline="The same words") for k in TRAMS.key_points)
    found = replace(TRAMS, key_points=points)
    assert read_edited(argdown.render(found), found) == found


def test_a_point_can_be_renamed() -> None:
    """A title changed wherever it stands is the point's new headline; the rest stays."""
    new = edited("[Trams pay for themselves.]", "[Trams earn their keep]")
    (point,) = [k for k in new.key_points if k.id == "k0"]
    assert point.headline == "Trams earn their keep"
    assert new.crux == "k0"
    assert new.relations == TRAMS.relations


def test_a_claim_can_be_moved_to_another_point() -> None:
    """Under another's title it is a claim of that point, and its writer one of the speakers."""
    new = edited("[They are loved: ask the *kids*.]", "[Trams pay for themselves.]")
    (point,) = [k for k in new.key_points if k.id == "k0"]
    assert point.units == ("u0", "u3")
    assert point.speakers == ("ann", "bo")


def test_a_tie_can_be_turned_added_and_taken_away() -> None:
    """A sign changed, a line added, a line deleted."""
    old = "    - [Nobody rides them (on Sundays).] /* u1 */\n"
    turned = edited(old, old.replace("- [", "+ ["))
    assert [r.type for r in turned.relations if r.source == "u1"] == ["support"]
    assert [r.source for r in edited(old, "").relations] == ["u3", "u2"]
    added = edited(old, old + "    - [They are loved: ask the *kids*.]\n")
    assert ("u3", "u0", "attack") in {(r.source, r.target, r.type) for r in added.relations}


def test_a_claim_taken_away_is_in_the_residue() -> None:
    """Nothing vanishes: what a person deletes is accounted for as taken out by hand."""
    text = argdown.render(TRAMS)
    blocks = text.split("\n\n")
    kept = [b for b in blocks if not b.startswith("[They are loved")]
    new = read_edited(
        "\n\n".join(kept).replace("    + [They are loved: ask the *kids*.] /* u3 */\n", ""), TRAMS
    )
    assert "u3" not in {u.id for u in new.units}
    assert [r.reason for r in new.residue if r.post == "3"] == ["taken out by hand", "question"]


def test_a_quote_can_be_added_from_the_thread_only() -> None:
    """Words of the thread become a unit; words that nobody wrote are refused, with the line."""
    added = edited("[Trams pay", "[A question]: Is it?\n\n[Trams pay")
    assert [u.text for u in added.units if u.id.startswith("h")] == ["Is it?"]
    with pytest.raises(InputError, match=r"Line 5 .*nobody wrote"):
        edited("Trams pay for themselves. #crux", "Trams are a scam. #crux")


def test_the_crux_can_be_moved_and_unmarked() -> None:
    """The tag #crux says which point it is; without it there is none."""
    assert edited(" #crux", "").crux is None
    moved = edited(" #crux", "").key_points[1]
    line = '(on Sundays). {unit: "u1"'
    text = argdown.render(TRAMS).replace(" #crux", "").replace(line, line.replace(" {", " #crux {"))
    assert read_edited(text, TRAMS).crux == moved.id


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("what is this", r"Line \d+ .*a line is"),
        ("+ [Trams pay for themselves.]", r"Line \d+ .*under no statement"),
        ("[New]: Is it?\n    - [Nowhere]", r"Line \d+ .*no statement named"),
        ("[New]: Is it?\n    - [New]", r"Line \d+ .*bears on itself"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(line: str, says: str) -> None:
    """One clear message, with the number of the line."""
    text = argdown.render(TRAMS)
    head, rest = text.split("===\n\n", 1)
    with pytest.raises(InputError, match=says):
        read_edited(f"{head}===\n\n{line}\n\n{rest}", TRAMS)
