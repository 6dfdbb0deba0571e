"""What a claim calls wrong, and who asks for it."""

from __future__ import annotations

import pytest

from nlp.rejected import opposed, rejected, side_of


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Banning it is nonsense.", {"ban"}),
        ("A law that forbids leaf blowers would be so silly", {"law", "ban", "leaf", "blower"}),
        ("I think the fee is wrong.", {"fee"}),
        ("The fee isn't wrong.", set()),
        ("Nothing about the fee is wrong.", set()),
        ("It is nonsense.", set()),
        ("The fee went up, which I knew.", set()),
    ],
)
def test_what_is_called_wrong(text: str, wrong: set[str]) -> None:
    assert rejected(text) == wrong


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ban it.", "Banning it is nonsense."),
        ("They should outlaw the things", "A ban is overkill"),
        ("The council must raise the fee", "Raising the fee is a bad idea."),
    ],
)
def test_who_asks_for_it_is_opposed(first: str, second: str) -> None:
    sides = side_of(first), side_of(second)
    assert opposed(*sides)
    assert opposed(*reversed(sides))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("A ban is nonsense.", "The ban is symbol politics, complete nonsense"),
        ("A ban is nonsense.", "So now we're forbidding what gets my nephew to work, bravo"),
        ("A ban is nonsense.", "We should not ban it."),
        ("A ban is nonsense.", "Please build the tram."),
        ("I think the fee is wrong.", "I think they should drop it."),
    ],
)
def test_who_only_speaks_of_it_is_not(first: str, second: str) -> None:
    sides = side_of(first), side_of(second)
    assert not opposed(*sides)
    assert not opposed(*reversed(sides))


def test_long_texts_are_read_at_once() -> None:
    for text in ("a " * 50_000, "a" * 50_000, "is a " * 20_000, "a-b's " * 10_000):
        assert rejected(text) == frozenset()
        assert not side_of(text).wrong
