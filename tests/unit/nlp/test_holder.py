"""Whose claim a unit is: the writer's own, or somebody's whom the writer reports."""

from __future__ import annotations

import pytest

from nlp.cues import holder_of

REPORTED = [
    ("my boss says ", "the office is half empty on Fridays"),
    ("Agreed. The fire officer who did our drill said ", "the lift was out within minutes."),
    ("Legal says (not me) that ", "time off in lieu is in the handbook"),
    ("I asked around. CFO said ", "they would lose the tax break"),
    ("A vendor told me last week that ", "most candidates use it"),
    ("", "My sister says that the buses never come."),
    ("", "Some would argue that a vote is pointless."),
    ("", "The guy at the harbour said it'll take a year"),
    ("", "According to the council, the bridge is safe."),
    ("", "the new ones are quieter, says the sales guy"),
    ("", "There are rumours that the pool will close."),
    ("", "It is supposedly easy to fix."),
]
OWN = [
    ("My VP calls every Monday, all of it on Zoom. ", "The hidden cost is the queue."),
    ("My boss says no.\n", "The office is half empty."),
    ("I still think ", "the default matters more"),
    ("However I think ", "the searches are too much"),
    ("That said, ", "the bridge is safe"),
    ("You say that ", "he should not have done it"),
    ("", "As I said, the buses never come."),
    ("", "Nobody says anything honest when thirty people listen."),
    ("", "Well they would say that."),
    ("", "Nobody writes code with a pencil."),
    ("", "We need to tell them that it is over."),
    ("", "This is supposed to be an English page."),
]


@pytest.mark.parametrize(("before", "unit"), REPORTED)
def test_what_somebody_else_holds_is_reported(before: str, unit: str) -> None:
    """Said before the unit in its sentence, at its head, or after it; hearsay, too."""
    assert holder_of(unit, before) == "reported"


@pytest.mark.parametrize("word", ["a" * 5000, "a-" * 2500, "https://example.org/" + "x" * 3000])
def test_long_words_are_read_at_once(word: str) -> None:
    """A pattern that tries every way to part a word would never end here."""
    for unit in (f"It is so, says {word} <b> x", f"It is so, {word} said <b> x", f"{word} says it"):
        assert holder_of(unit, f"and {word} "[-80:]) == "author"


@pytest.mark.parametrize(("before", "unit"), OWN)
def test_what_the_writer_holds_is_the_writers(before: str, unit: str) -> None:
    """Whatever the sentence before reports, and whoever else is named."""
    assert holder_of(unit, before) == "author"
