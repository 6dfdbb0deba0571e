"""What the words beside a mention mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.ask import Ask, parse, parse_range
from bot.errors import CruxError

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", Ask(kind="here")),
        ("last 200", Ask(kind="last", last=200)),
        ("Last 1 message", Ask(kind="last", last=1)),
        ("the last 50 messages.", Ask(kind="last", last=50)),
        ("map last 20", Ask(kind="last", last=20)),
        ("300", Ask(kind="last", last=300)),
        ("since 2d", Ask(kind="since", since=NOW - timedelta(days=2))),
        ("since 90 minutes ago", Ask(kind="since", since=NOW - timedelta(minutes=90))),
        ("last 3 hours", Ask(kind="since", since=NOW - timedelta(hours=3))),
        ("past 1 week", Ask(kind="since", since=NOW - timedelta(weeks=1))),
        ("since 2026-03-01", Ask(kind="since", since=datetime(2026, 3, 1, tzinfo=UTC))),
        ("since yesterday", Ask(kind="since", since=datetime(2026, 3, 28, tzinfo=UTC))),
        ("since 9999w", Ask(kind="since", since=NOW - timedelta(days=366))),
        ("help", Ask(kind="help")),
        ("what do people here think?", Ask(kind="here")),
        ("map this please", Ask(kind="here")),
        ("good morning", Ask(kind="unclear")),
    ],
)
def test_words_have_a_meaning(words: str, meant: Ask) -> None:
    """Ranges, times, help, an order to map, and words that are none of these."""
    assert parse(words, NOW) == meant


def test_long_or_many_lined_words_are_a_paste() -> None:
    """Three lines, or a long one, are a discussion and not an order."""
    for text in ("ann: yes\nben: no\ncy: so", "word " * 80):
        assert parse(text, NOW) == Ask(kind="paste", text=text.strip())


@pytest.mark.parametrize("words", ["last 0", "since 2026-02-30", "since 2027-01-01"])
def test_a_range_of_nothing_is_refused_with_the_way_out(words: str) -> None:
    """What cannot be is said with an example of what can."""
    with pytest.raises(CruxError, match=r"try|write"):
        parse(words, NOW)


def test_a_range_alone_is_strict() -> None:
    """An option named range takes ranges, and says which."""
    assert parse_range("", NOW) == Ask(kind="here")
    with pytest.raises(CruxError, match="since 2d"):
        parse_range("whatever", NOW)
