"""Agreement without words of its own, and agreement that turns."""

from __future__ import annotations

import numpy as np
import pytest

from nlp import Post, Thread, analyze
from nlp.evaluation.isolated import whole_draft
from nlp.relations import SUPPORT, cue_of
from nlp.residue import agreed_with, agrees
from nlp.thread_view import ThreadView
from nlp.units import default_model

POSTS = (
    ("ann", None, "We should close the zoo because the animals suffer."),
    ("bob", "1", "+1"),
    ("carl", "1", "No, the zoo saves species from extinction."),
    ("dora", "1", "Exactly this."),
    ("emil", "3", "I agree."),
    ("fay", "3", "True, but the animals there are ill and nobody looks after them."),
    ("gus", "1", "nope"),
    ("ann", "1", "exactly"),
)
THREAD = Thread(
    id="zoo",
    posts=tuple(
        Post(id=str(i), author=author, reply_to=answered, text=text)
        for i, (author, answered, text) in enumerate(POSTS, 1)
    ),
)


def _speakers(words: str) -> tuple[str, ...]:
    found = analyze(THREAD)
    unit = next(u for u in found.units if words in u.text)
    return next(p.speakers for p in found.key_points if unit.id in p.units)


def test_whoever_agrees_stands_among_the_people_of_the_point() -> None:
    """By the post that they answer; not who denies, nor the writer of the point again."""
    assert _speakers("close the zoo") == ("ann", "bob", "dora")
    assert _speakers("saves species") == ("carl", "emil")


def test_an_agreement_is_proved_by_its_words_and_is_no_point_of_its_own() -> None:
    """Its span is a unit of the point; ids run in reading order, and nothing is lost."""
    found = analyze(THREAD)
    said = {unit.post: unit for unit in found.units if agrees(unit.text)}
    assert {post: unit.text for post, unit in said.items()} == {
        "2": "+1",
        "4": "Exactly this.",
        "5": "I agree.",
    }
    assert [unit.id for unit in found.units] == [f"u{k + 1}" for k in range(len(found.units))]
    assert all(not agrees(point.headline) for point in found.key_points)
    left = {row.post for row in found.residue if row.reason == "agreement"}
    assert left == {"7", "8"}


def test_who_grants_something_first_does_both() -> None:
    """Support by the words that grant it, attack by the word that turns."""
    found = analyze(THREAD)
    unit = next(u.id for u in found.units if "are ill" in u.text)
    shown = {
        relation.type: THREAD.posts[5].text[relation.cue.start : relation.cue.end]
        for relation in found.relations
        if relation.source == unit and relation.cue
    }
    assert shown == {"support": "True", "attack": "but"}


def test_an_agreement_that_goes_on_as_an_attack_is_none() -> None:
    """Whoever grants a point and then attacks it is not among its people."""
    posts = (
        Post(id="1", author="ann", text="We should ban cars from the old town."),
        Post(
            id="2", author="bob", reply_to="1", text="Fair. But that would kill every shop there."
        ),
    )
    found = analyze(Thread(id="town", posts=posts))
    assert [r.type for r in found.relations if r.type == "attack"]
    assert all("bob" not in p.speakers for p in found.key_points if "ann" in p.speakers)


def test_plain_agreement() -> None:
    """Words that agree and say nothing else; denial and acknowledgement are none."""
    assert all(agrees(text) for text in ("+1", "This.", "Exactly this", "Agreed!", "yep", "100%"))
    assert not any(agrees(text) for text in ("no", "nope", "ok", "This is silly.", "+1 for a ban"))


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("I like it assuming we can see the bill", None),
        ("It is cheap, as we all know, so keep it", None),
        ("Keep it open because children swim there", "because"),
        ("Children, since you ask, swim there, for example at noon", "for example"),
    ],
)
def test_a_cue_is_a_whole_word_that_shows_something(text: str, cue: str | None) -> None:
    """No part of a longer word, and no word that mostly does something else."""
    post = Post(id="1", author="ann", text=text)
    draft = whole_draft(post, default_model().judge(Thread(id="t", posts=(post,)))["1"], "claim")
    view = ThreadView(Thread(id="t", posts=(post,)), (draft,), np.zeros((1, 4), np.float32))
    span = cue_of(draft, SUPPORT, view)
    assert (text[span.start : span.end] if span else None) == cue


TALK = (
    ("ana", "the council should ban leaf blowers"),
    ("ben", "why, they take half the time"),
    ("cleo", "+1 for banning them, I have two toddlers who nap at noon"),
    ("dirk", "electric ones are quiet, require those"),
    ("emil", "agree with Dirk"),
    ("fay", "what Ben said"),
    ("gus", "+1 for the weather"),
    ("hal", "agree with zoe"),
    ("ben", "+1 for half the time"),
)


def test_an_agreement_that_names_its_point_or_its_person_is_carried_there() -> None:
    """Whoever is named, and the words of a claim; not what nobody said, nor one's own point."""
    posts = tuple(
        Post(id=str(i), author=author, reply_to=str(i - 1) if i > 1 else None, text=text)
        for i, (author, text) in enumerate(TALK, 1)
    )
    found = analyze(Thread(id="leaves", posts=posts))
    people = {
        said: next(p.speakers for p in found.key_points if unit.id in p.units)
        for said in ("should ban", "half the time", "electric ones")
        if (unit := next(u for u in found.units if said in u.text))
    }
    assert people == {
        "should ban": ("ana", "cleo"),
        "half the time": ("ben", "fay"),
        "electric ones": ("dirk", "emil"),
    }
    left = {row.post for row in found.residue if row.text is None}
    assert {"7", "8", "9"} <= left | {u.post for u in found.units if not agrees(u.text)}


def test_what_only_looks_like_naming_is_no_agreement() -> None:
    """A text that says more, or limits what it grants."""
    assert agreed_with("+1 for the ban") == ("ban", True)
    assert agreed_with("agree with @ana") == ("ana", False)
    assert agreed_with("no to the ban") is None
    assert agreed_with("+1 for the ban. It is time.") is None
    named = agreed_with("true for cats")
    assert named is None or not named[1]
