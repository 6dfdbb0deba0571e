"""What maps leave out is counted by reason, and by whether labellers have it as a point."""

from __future__ import annotations

from nlp.evaluation.labelled import LabelledThread, LabelledUnit
from nlp.evaluation.left_out import LeftOut, left_out
from nlp.model import ArgumentMap, Post, Residue, Thread

TEXT = "Ban the scooters. See you there on Friday."
THREAD = Thread(id="t", posts=(Post(id="1", text=TEXT),))
GOLD = LabelledThread(
    name="t",
    thread=THREAD,
    units=(LabelledUnit(id="c1", post="1", start=0, end=17, kind="claim"),),
    relations=(),
    points={},
)


def _map(*residue: Residue) -> ArgumentMap:
    return ArgumentMap(thread=THREAD, residue=residue)


def test_a_missed_claim_is_told_from_what_is_rightly_left_out() -> None:
    missed = Residue(post="1", start=0, end=17, reason="too weak")
    right = Residue(post="1", start=18, end=len(TEXT), reason="off topic")
    assert left_out(_map(missed, right), GOLD) == [
        LeftOut("too weak", 3, point=True),
        LeftOut("off topic", 5, point=False),
    ]


def test_half_a_claim_is_none_and_the_page_around_posts_is_no_passage() -> None:
    half = Residue(post="1", start=8, end=31, reason="off topic")
    button = Residue(post="1", start=5, end=5, reason="button", text="Reply")
    assert left_out(_map(half, button), GOLD) == [LeftOut("off topic", 4, point=False)]
