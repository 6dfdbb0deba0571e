"""What was said before, word for word: quotes without a mark, and double posts."""

from __future__ import annotations

import pytest

from nlp import Post, Thread, analyze
from nlp.repeats import set_aside
from nlp.segment import segment

CLAIM = "Lifers should never have access to radio or television."
SAID = "Cats are liquid. They pour well. Nobody has ever measured the level of one."


def _aside(*posts: tuple[str | None, str]) -> list[tuple[str, str, str]]:
    """Give what is set aside: the post, its words, the reason."""
    thread = Thread(
        id="t",
        title=None,
        posts=tuple(
            Post(id=str(i), author=author, text=text, reply_to=None)
            for i, (author, text) in enumerate(posts)
        ),
    )
    texts = {post.id: post.text for post in thread.posts}
    found = set_aside(thread, {post.id: segment(post) for post in thread.posts})
    for sentences, rows in found.values():
        assert rows == sorted(rows, key=lambda r: r.start)
        assert not {(s.start, s.end) for s in sentences} & {(r.start, r.end) for r in rows}
    return [
        (row.post, texts[row.post][row.start : row.end], row.reason)
        for _, rows in found.values()
        for row in rows
        if row.reason in ("quote", "duplicate")
    ]


def test_a_copy_of_what_is_answered_is_a_quote() -> None:
    """Its short sentences too, as they follow each other; the answer below it is not."""
    found = _aside(("ana", SAID), ("ben", f"{SAID}\n\nThe vet weighs mine every year."))
    assert [(post, why) for post, _, why in found] == [("1", "quote")] * 3
    assert " ".join(words for _, words, _ in found) == SAID


def test_a_part_of_what_was_said_is_a_quote_from_six_words_on() -> None:
    """Two sentences of three words, one after the other."""
    answer = "Cats are liquid. They pour well.\n\nMine does not."
    assert [words for _, words, _ in _aside(("ana", SAID), ("ben", answer))] == [
        "Cats are liquid.",
        "They pour well.",
    ]


@pytest.mark.parametrize(
    "answer",
    [
        "Cats are liquid. Nothing else is.",
        "They pour well. Cats are liquid.",
        "Cats are liquid. That is a joke. They pour well.",
    ],
    ids=["short", "another order", "not in a row"],
)
def test_a_few_words_may_be_said_twice(answer: str) -> None:
    """A slogan is no quote, and sentences must follow each other as they did."""
    assert _aside(("ana", SAID), ("ben", answer)) == []


def test_who_says_it_again_is_told_from_who_quotes_it() -> None:
    """By the first who said it, however often it was quoted since."""
    found = _aside(("ana", SAID), ("ben", SAID), ("ana", SAID), (None, SAID))
    assert [(post, why) for post, _, why in found[::3]] == [
        ("1", "quote"),
        ("2", "duplicate"),
        ("3", "quote"),
    ]


def test_a_sentence_that_is_said_more_often_than_is_remembered_is_a_quote() -> None:
    """It is found in the places that are."""
    found = _aside(*((f"p{i}", "It is so. " * 40) for i in range(40)))
    assert {why for _, _, why in found} == {"quote"}


def test_a_copied_sentence_is_a_quote_and_no_claim_of_the_copier() -> None:
    """The copier's own words stay; the copy is in the residue."""
    posts = (
        Post(id="1", author="ann", text=CLAIM),
        Post(id="2", author="bob", text=f"{CLAIM}\nThat is cruel and helps nobody.", reply_to="1"),
    )
    found = analyze(Thread(id="t", posts=posts))
    assert [u.text for u in found.units if u.post == "2"] == ["That is cruel and helps nobody."]
    assert ("2", 0, len(CLAIM), "quote") in [
        (r.post, r.start, r.end, r.reason) for r in found.residue
    ]


def test_a_post_sent_twice_is_a_duplicate() -> None:
    """The same person's copy counts once."""
    posts = tuple(Post(id=str(i), author="ann", text=CLAIM) for i in range(2))
    found = analyze(Thread(id="t", posts=posts))
    assert [u.post for u in found.units] == ["0"]
    assert [r.reason for r in found.residue] == ["duplicate"]


def test_short_answers_may_be_said_twice() -> None:
    """Two people may say the same few words."""
    posts = tuple(Post(id=str(i), author=f"p{i}", text="Tea is healthy.") for i in range(2))
    found = analyze(Thread(id="t", posts=posts))
    assert all(r.reason not in ("quote", "duplicate") for r in found.residue)
