"""Any text survives: it is read, or refused in one line, and no character of a post is lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.sources import read_text
from bot.sources.detect import SOURCES
from bot.verify import problems
from bot.views.json import as_dict
from nlp import analyze

LINES = st.sampled_from(
    [
        "alice: I think so", "Like", "Reply", "7mo", "2 replies", "> quoted", "[–] bob 3 points 2 hours ago",
        "carol 4 hours ago | parent | next [–]", "#2 dave Disputed #1", "erin wrote:", "…more", "— frank",
        "[12/03/2024, 10:11] gus: hi", "[10:11] <hal> no", "@ivy yes", '{"text": "x"}', "text,author", "· 3rd+", "",
        "Tabs are better because they are smaller.", "That's wrong!", "https://example.org/a?b=c", "• item", "🙂",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=25).map("\n".join),
)


@given(text=TEXTS, platform=st.sampled_from([None, *(s.name for s in SOURCES)]))
@settings(max_examples=400, deadline=None)
def test_every_reader_reads_or_refuses_any_text(text: str, platform: str | None) -> None:
    """No reader fails in another way than by InputError; posts are never blank."""
    try:
        thread = read_text(text, None, platform)
    except InputError:
        return
    assert all(post.text.strip() for post in thread.posts)


@given(text=TEXTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_map_of_any_text_verifies(text: str) -> None:
    """Spans are exact and every character of every post is accounted for."""
    try:
        thread = read_text(text)
    except InputError:
        return
    assert problems(as_dict(analyze(thread))) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.name)
def test_readers_say_what_they_read(source: object) -> None:
    """Every reader has a name for people, and says how to get such text out."""
    assert source.label  # type: ignore[attr-defined]
    assert source.how  # type: ignore[attr-defined]
