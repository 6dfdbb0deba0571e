"""What is said again word for word belongs to whoever said it first."""

from __future__ import annotations

from nlp import Post, Thread, analyze

CLAIM = "Lifers should never have access to radio or television."


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
