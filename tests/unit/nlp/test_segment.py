"""Sentences, clauses, and what can be no unit: boundaries and exact offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.model import Post
from nlp.segment import segment


def sentences(text: str, **fields: object) -> list[str]:
    found, _ = segment(Post(id="1", text=text, **fields))  # type: ignore[arg-type]
    return [text[s.start : s.end] for s in found]


def dropped(text: str) -> list[tuple[str, str]]:
    _, out = segment(Post(id="1", text=text))
    return [(text[r.start : r.end], r.reason) for r in out]


def clauses(text: str) -> list[str]:
    found, _ = segment(Post(id="1", text=text))
    return [text[a:b] for s in found for a, b in s.clauses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It works. It is cheap.", ["It works.", "It is cheap."]),
        ("See e.g. the U.S. law on it. Fine.", ["See e.g. the U.S. law on it.", "Fine."]),
        ("Dr. Smith and J. Jones agree.", ["Dr. Smith and J. Jones agree."]),
        ("It costs 3.5 million. Too much", ["It costs 3.5 million.", "Too much"]),
        ("so tired of this... it never ends", ["so tired of this... it never ends"]),
        ("Really?! yes. really!!", ["Really?!", "yes.", "really!!"]),
        ('He said "no way." Then he left.', ['He said "no way."', "Then he left."]),
        ("great idea 😂 but who pays?", ["great idea", "but who pays?"]),
        ("Read it at https://a.example/b Then decide.", ["Read it at", "Then decide."]),
        (
            "The docs (https://a.example/b?c=1.2) say so.",
            ["The docs (https://a.example/b?c=1.2) say so."],
        ),
        ("first line\nsecond line", ["first line", "second line"]),
    ],
)
def test_segment_ends_sentences_where_a_reader_does(text: str, expected: list[str]) -> None:
    """Full stops of abbreviations, figures and links end nothing; emoji and bare links do."""
    assert sentences(text) == expected


def test_segment_takes_list_marks_off_their_items() -> None:
    """Each list item is a sentence without its mark."""
    text = "→ pair on the risky stuff\n- merge the rest\n2. review weekly"
    assert sentences(text) == ["pair on the risky stuff", "merge the rest", "review weekly"]
    assert [reason for _, reason in dropped(text)] == ["mark"] * 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("> you said this\nNo.", "quote"),
        ("```\nx = 1\n```\nThat is slow.", "code"),
        ("https://a.example/b", "link only"),
        ("💯💯", "mark"),
    ],
)
def test_segment_drops_what_can_be_no_unit(text: str, reason: str) -> None:
    """Quoted lines, code, bare links and bare marks are no sentences, and the reason is kept."""
    assert reason in [why for _, why in dropped(text)]
    assert all(
        "you said" not in s and "x = 1" not in s and "http" not in s for s in sentences(text)
    )


def test_segment_drops_ranges_that_a_reader_marked_as_quotes() -> None:
    """A post's quotes are somebody else's words."""
    text = "Taxes are theft. I disagree."
    assert sentences(text, quotes=((0, 16),)) == ["I disagree."]


def test_segment_offers_clause_boundaries() -> None:
    """A unit may begin at a conjunction, after a colon, at a spaced dash, in a parenthesis."""
    text = "It is slow - but it works because we test it (daily); so keep it: it pays"
    assert clauses(text) == [
        "It", "is slow -", "but", "it works", "because", "we test", "it", "(daily);",
        "so keep", "it:", "it pays",
    ]  # fmt: skip


@given(st.text(max_size=400))
def test_segment_accounts_for_every_character(text: str) -> None:
    """Whatever the text: sentences, clauses and dropped ranges cover it all, and do not overlap."""
    found, out = segment(Post(id="1", text=text))
    covered = [0] * len(text)
    for start, end in [c for s in found for c in s.clauses] + [(r.start, r.end) for r in out]:
        assert 0 <= start < end <= len(text)
        for i in range(start, end):
            covered[i] += 1
    assert all(n == 1 or (n == 0 and text[i].isspace()) for i, n in enumerate(covered))
