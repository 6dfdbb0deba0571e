"""The line under a map accounts for what was read, in words that count right; links stay links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.views.outline import Outline, left_out_line, outline
from bot.views.text import web_address
from nlp import analyze
from tests.unit.bot.views.made import made_map
from tests.unit.nlp.test_agreement import THREAD

BARE: dict[str, Any] = {"title": None, "issue": None, "platform": "plain", "points": ()}


def test_one_and_none_are_said_as_people_say_them() -> None:
    """No "1 posts", and no noughts."""
    shown = Outline(**BARE, posts=1, people=1, claims=0, evidence=0, left_out=())
    assert left_out_line(shown) == (
        "Read 1 post by 1 person: no claims, no evidence. Nothing left out."
    )


def test_what_people_wrote_is_counted_apart_from_the_page_around_it() -> None:
    """Buttons and ages are not passages that a map leaves out."""
    shown = Outline(
        **BARE, posts=23, people=11, claims=27, evidence=1,
        left_out=(("off topic", 10), ("too short", 9)), taken_off=(("button", 28), ("age", 23)),
    )  # fmt: skip
    assert left_out_line(shown) == (
        "Read 23 posts by 11 people: 27 claims, 1 piece of evidence. "
        "Left out, 19 passages: off topic 10, too short 9. Around the posts: button 28, age 23."
    )


@pytest.mark.parametrize(
    ("url", "stands"),
    [
        ("https://example.org/a?b=1", True),
        ("javascript:alert(1)", False),
        ("https://example.org/) @everyone [x](https://example.org/", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None, stands: bool) -> None:
    """An export can name any text as the address of a post."""
    assert (web_address(url) is not None) is stands


def test_the_first_quote_is_the_one_the_headline_is_cut_from() -> None:
    """Who reads "lockers keep them out" looks for these words right below."""
    made = made_map(
        (
            "Phones have no place in any lesson at all, ever.",
            "I think lockers keep them out of reach all day.",
        )
    )
    names = ("Phones have no place", "Lockers keep them out")
    units = tuple(replace(u, headline=n) for u, n in zip(made.units, names, strict=True))
    ids = tuple(u.id for u in units)
    both = replace(made.key_points[0], headline=names[1], units=ids)
    found = replace(made, units=units, key_points=(both,))
    assert [q.unit for q in outline(found).points[0].quotes] == [ids[1], ids[0]]


def test_the_words_that_show_a_tie_stand_beside_it() -> None:
    """The words that grant something, and the word that turns."""
    shown = outline(analyze(THREAD))
    ties = [tie for point in shown.points for tie in (*point.supports, *point.attacks)]
    assert {("support", "True"), ("attack", "but")} <= {(tie.type, tie.cue) for tie in ties}
