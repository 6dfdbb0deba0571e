"""Who answers whom in chats that do not say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.model import Post
from nlp.replies import Talk, find

START = datetime(2026, 1, 2, 18, 0, tzinfo=UTC)


def talk(*lines: tuple[str, str], every: int = 20) -> list[Post]:
    return [
        Post(id=str(i), author=who, text=text, created_at=START + timedelta(seconds=every * i))
        for i, (who, text) in enumerate(lines)
    ]


TWO = talk(
    ("fen", "how do i get sound to work after the upgrade? alsamixer shows nothing"),
    ("quill", "which filesystem should i use for a usb stick, ext4 or vfat?"),
    ("moss", "fen: is the card listed in lspci?"),
    ("tarn", "quill: vfat, if windows has to read it"),
    ("fen", "moss: yes, intel hda"),
    ("quill", "tarn: and for files over 4 GB?"),
    ("moss", "fen: then try removing the pulseaudio config and restart"),
    ("tarn", "quill: exfat then"),
)


def test_two_interleaved_conversations_come_apart() -> None:
    """No message of one conversation is linked to the other."""
    sound, stick = {0, 2, 4, 6}, {1, 3, 5, 7}
    links = [link.target for link in find(TWO)]
    assert all(t is None or {i, t} <= sound or {i, t} <= stick for i, t in enumerate(links))
    assert sum(t is not None for t in links) >= 6


def test_a_message_that_names_somebody_answers_them() -> None:
    """The answer to a named person goes to their message, though others stand between."""
    assert find(TWO)[2].target == 0
    assert find(TWO)[3].target == 1


def test_times_may_be_missing() -> None:
    """A chat without times is linked too; the first message answers nothing."""
    bare = [Post(id=p.id, author=p.author, text=p.text) for p in TWO]
    links = [link.target for link in find(bare)]
    assert links[0] is None
    assert links[3] == 1


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", None, "Ann Reed"]), st.text(max_size=30)), max_size=12
    )
)
@settings(max_examples=60, deadline=None)
def test_any_chat_is_linked_backwards(lines: list[tuple[str | None, str]]) -> None:
    """A link goes to an earlier message, with a share of the judgement as its confidence."""
    posts = [Post(id=str(i), author=who, text=text) for i, (who, text) in enumerate(lines)]
    links = find(posts)
    assert len(links) == len(posts)
    assert all(link.target is None or 0 <= link.target < i for i, link in enumerate(links))
    assert all(0 <= link.confidence <= 1 for link in links)


def test_rows_are_finite() -> None:
    """No feature is NaN: the trees would send it anywhere."""
    import numpy as np

    assert all(np.isfinite(rows).all() for _, rows in Talk(TWO).rows())
