"""Marks without a word are accounted for once, wherever they stand."""

from __future__ import annotations

import json

import pytest

from bot.verify import problems
from bot.views.json import as_dict
from nlp import Post, Thread, analyze


@pytest.mark.parametrize(
    "text",
    [
        "We are looking for a senior engineer (f/m/x) 📍Utrecht or Ghent, apply now.",
        "dont forget the summer meetup (we all still talk about the 🦀🥄🦀 incident)",
        "Trams are cheap 🚋 and they are loved 🚋 so keep them. Buses are not.",
    ],
)
def test_an_emoji_between_two_sentences_of_one_stretch_is_covered_once(text: str) -> None:
    """The map holds: no residue overlaps what spans it."""
    found = analyze(Thread(id="t", posts=(Post(id="1", text=text, author="ann"),)))
    assert problems(json.loads(json.dumps(as_dict(found)))) == []
