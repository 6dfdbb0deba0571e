"""What comments answer where a copied page hides it."""

from __future__ import annotations

from nlp.model import Post, Thread
from nlp.turns import settle


def page(*rows: tuple[str, str, str | None, bool]) -> Thread:
    posts = tuple(
        Post(id=str(i), author=who, text=text, reply_to=to, reply_inferred=guessed)
        for i, (who, text, to, guessed) in enumerate(rows)
    )
    return Thread(id="t", platform="reddit", posts=posts)


def test_links_that_are_shown_stay() -> None:
    """Only guesses are judged anew."""
    thread = page(
        ("ann", "Should kettles whistle at all?", None, False),
        ("bo", "They should, so that somebody comes.", "0", False),
        ("cy", "No. A click is enough.", "0", False),
    )
    assert settle(thread) == thread


def test_an_answer_by_turns_goes_to_its_turn() -> None:
    """The writer who comes back right under a reply answers that reply, not the first post."""
    thread = page(
        ("ann", "Should kettles whistle at all?", None, False),
        ("bo", "They should, so that somebody comes to turn them off.", "0", False),
        ("cy", "Nobody comes. In my office it whistled for an hour.", "1", False),
        ("bo", "an hour?? you need better colleagues", "0", True),
    )
    assert settle(thread).posts[3].reply_to == "2"


def test_judged_links_stay_marked_and_go_back() -> None:
    """A judged link is still marked as judged, and is to an earlier post."""
    thread = page(*((f"u{i % 3}", f"point {i}", "0" if i else None, i > 0) for i in range(60)))
    settled = settle(thread)
    assert all(p.reply_inferred for p in settled.posts[1:])
    assert all(int(p.reply_to or 0) < int(p.id) for p in settled.posts[1:])
    assert settle(thread) == settled
