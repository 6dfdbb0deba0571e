"""Threads with their gold map written into the text."""

from __future__ import annotations

import pytest

from nlp.evaluation.corpus import MARKED
from nlp.evaluation.marked import MarkError, parse_marked, read_marked

THREAD = """title: Should Mill Street be closed to cars?
platform: reddit
crux: close_mill_street
---
@kelpie_9
[c1 close_mill_street] Close it.[/] [e2 +1]We tried it in 2022,[/] and that was that.
---
@dockhand >1
lol [c3 council_says_no -1 r]the council says no[/]
"""


def test_marks_become_exact_spans_and_leave_the_text() -> None:
    """Units quote the text that is left when the marks are gone."""
    item = parse_marked(THREAD, "mill")
    texts = {p.id: p.text for p in item.thread.posts}
    assert texts["1"] == " Close it. We tried it in 2022, and that was that."
    assert [texts[u.post][u.start : u.end] for u in item.units] == [
        "Close it.", "We tried it in 2022,", "the council says no",
    ]  # fmt: skip
    assert item.relations == (("2", "1", "support"), ("3", "1", "attack"))
    assert item.units[2].holder == "reported"
    assert item.units[0].headline == "close mill street"
    assert item.thread.posts[1].reply_to == "1"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("[c1 a_point] never closed", "never closed"),
        ("[c1 a_point]x[/] [c1 b_point]y[/]", "share a number"),
        ("[c1 a_point -7]x[/]", "tied to 7"),
        ("[c1]no point[/]", "needs one point"),
        ("[e1 a_point]evidence[/]", "needs one point"),
        ("[c1 a_point]x [c2 b_point]y[/][/]", "inside another"),
        ("closes[/] nothing", "closes nothing"),
        ("[c1 a_point] [/]", "marks no words"),
    ],
)
def test_a_wrong_mark_is_named(wrong: str, says: str) -> None:
    """Whoever writes threads learns what is wrong and where."""
    with pytest.raises(MarkError, match=says):
        parse_marked(f"title: t\n---\n@a\n{wrong}\n", "t")


def test_every_marked_thread_of_the_tree_can_be_read() -> None:
    """They are training data: none may be broken."""
    items = list(read_marked(MARKED))
    assert len(items) > 100
    assert all(item.thread.posts for item in items)
