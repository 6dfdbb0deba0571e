"""Readers of pastes: any text survives, and no character of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.sources import read_text
from bot.sources.base import Document
from bot.sources.detect import SOURCES
from tests.unit.bot.reading import LINES, lost, pastes

PASTES = [s for s in SOURCES if s.name in LINES and s.read.__module__ != "bot.sources.exports"]


@pytest.mark.parametrize("source", PASTES, ids=lambda s: s.label)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_character_of_a_paste_is_kept(source, data) -> None:  # type: ignore[no-untyped-def]
    """Each character is in a post, in the furniture, in an author's name or in the title."""
    text = data.draw(pastes(source.name))
    thread = source.read(Document(text))
    if thread.posts:  # without one there is nothing to hang the furniture on: the paste is refused
        assert lost(text, thread) == ""
        assert all(post.text.strip() for post in thread.posts)


@pytest.mark.parametrize("platform", sorted(LINES))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_is_detected_is_read_or_refused(platform: str, data) -> None:  # type: ignore[no-untyped-def]
    """Whatever reader is picked, and after messages were joined, nothing is lost."""
    text = data.draw(pastes(platform))
    try:
        thread = read_text(text)
    except InputError:
        return
    if not text.lstrip().startswith(("{", "[", "<")) and thread.platform != "csv":
        assert lost(text, thread) == ""
