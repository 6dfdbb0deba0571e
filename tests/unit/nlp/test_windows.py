"""What the unit model reads: every token judged once, with what it answers beside it."""

from __future__ import annotations

from collections import Counter

import pytest

from nlp import Post, Thread
from nlp.encoder import load_tokenizer
from nlp.weights import WEIGHTS
from nlp.windows import (
    FIRST_ANSWER,
    FIRST_SPEAKER,
    TEXT_TOKENS,
    WINDOW_TOKENS,
    Window,
    windows_of,
)

TOKENIZER = load_tokenizer(WEIGHTS / "tokenizer.json", None)


def _windows(*posts: Post, title: str | None = None) -> list[Window]:
    return list(windows_of(Thread(id="t", title=title, posts=posts), TOKENIZER))


def _judged(windows: list[Window]) -> Counter[tuple[int, int, int]]:
    return Counter(
        place
        for w in windows
        for *place, seen in zip(w.posts, w.starts, w.ends, w.judged, strict=True)
        if seen
        for place in [tuple(place)]
    )


@pytest.mark.parametrize("words", [1, 60, TEXT_TOKENS, TEXT_TOKENS + 1, 1000])
def test_every_token_is_judged_once(words: int) -> None:
    """Short posts are packed, long ones cut with an overlap: no token is lost or judged twice."""
    posts = [
        Post(id="1", author="a", text="tea " * words),
        Post(id="2", author="b", text="No tea.", reply_to="1"),
        Post(id="3", author="a", text="milk " * words),
    ]
    windows = _windows(*posts)
    counts = _judged(windows)
    assert set(counts.values()) == {1}
    encoded = [TOKENIZER.encode(p.text, add_special_tokens=False).ids for p in posts]
    assert len(counts) == sum(map(len, encoded))
    assert all(len(w.ids) <= WINDOW_TOKENS for w in windows)


def test_a_reply_is_read_with_the_post_that_it_answers() -> None:
    """The answered post is in the window even when a long post stands between."""
    windows = _windows(
        Post(id="1", author="a", text="Zebras are horses."),
        Post(id="2", author="b", text="word " * 400),
        Post(id="3", author="c", text="They are not.", reply_to="1"),
    )
    last = TOKENIZER.decode(windows[-1].ids)
    assert "zebras are horses" in last
    assert "they are not" in last


def test_markers_tell_who_speaks_and_how_far_back_the_answered_post_stands() -> None:
    """The same person has the same marker; a reply says how many posts back it looks."""
    (window,) = _windows(
        Post(id="1", author="ann", text="One."),
        Post(id="2", author="bob", text="Two.", reply_to="1"),
        Post(id="3", author="ann", text="Three.", reply_to="1"),
    )
    speakers = [i for i in window.ids if FIRST_SPEAKER <= i < FIRST_ANSWER]
    answers = [i - FIRST_ANSWER for i in window.ids if FIRST_ANSWER <= i < FIRST_ANSWER + 50]
    assert speakers == [FIRST_SPEAKER, FIRST_SPEAKER + 1, FIRST_SPEAKER]
    assert answers == [0, 1, 2]


def test_an_empty_thread_gives_no_window_and_an_empty_post_no_judged_token() -> None:
    """Nothing to read is no error."""
    assert _windows() == []
    assert not _judged(_windows(Post(id="1", text="")))
