"""Grouping, relating, naming and dividing, on values made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nlp import Post, Thread, analyze, headlines, language
from nlp.compression import MAX_WORDS, MIN_WORDS
from nlp.crux import find, is_asked
from nlp.encoder import default_encoder
from nlp.evaluation.clusters import b_cubed
from nlp.keypoints import join
from nlp.model import Issue
from nlp.relations import ATTACK, SUPPORT, Choice, Link, Related, choose
from nlp.thread_view import Draft, ThreadView
from nlp.weights import choices
from nlp.words import negations


def test_join_groups_what_is_surely_the_same() -> None:
    """Two likely pairs make a group; a claim with no likely pair stands alone."""
    found = join(
        [1, 2, 5, 9], [(1, 2), (2, 5), (1, 5), (5, 9)], np.array([0.9, 0.8, 0.8, 0.1]), 0.5
    )
    assert found == [(1, 2, 5), (9,)]


def test_join_does_not_chain_through_one_likely_pair() -> None:
    """Average link: one bridge does not join two groups."""
    pairs = [(0, 1), (2, 3), (1, 2)]
    assert join([0, 1, 2, 3], pairs, np.array([0.9, 0.9, 0.9]), 0.5) == [(0, 1), (2, 3)]


def test_join_gives_one_group_of_one_for_one_claim() -> None:
    """Nothing to compare is no error."""
    assert join([4], [], np.empty(0), 0.5) == [(4,)]


def _view(*texts: str, answers: dict[int, int] | None = None) -> ThreadView:
    """Each text a post of its own; `answers` says which post answers which."""
    to = {i: str(j) for i, j in (answers or {}).items()}
    posts = tuple(
        Post(id=str(i), text=text, author=f"p{i}", reply_to=to.get(i))
        for i, text in enumerate(texts)
    )
    drafts = tuple(
        Draft(post=p.id, start=0, end=len(p.text), text=p.text, kind="claim", holder="author", confidence=0.9)
        for p in posts
    )  # fmt: skip
    return ThreadView(Thread(id="t", posts=posts), drafts, default_encoder().encode(texts))


def _row(support: float, attack: float) -> list[float]:
    row = [0.0, 0.0]
    row[SUPPORT], row[ATTACK] = support, attack
    return row


def test_choose_keeps_the_likeliest_targets_and_never_both_ways() -> None:
    """At most two targets, the second only when sure; of a pair tied both ways the surer stays."""
    view = _view("tea is good", "tea is bad", "tea is hot", "tea is cheap")
    pairs = [(1, 0), (0, 1), (2, 0), (2, 1), (2, 3), (3, 0)]
    chances = np.array(
        [
            _row(0.1, 0.8),
            _row(0.6, 0.1),
            _row(0.9, 0.0),
            _row(0.0, 0.7),
            _row(0.65, 0),
            _row(0.1, 0.1),
        ]
    )
    links = choose(view, pairs, chances, Choice(threshold=0.5, second=0.6, anything=1.01))
    assert [(x.source, x.target, x.type) for x in links] == [
        (1, 0, "attack"), (2, 0, "support"), (2, 1, "attack"),
    ]  # fmt: skip


def test_choose_ties_a_unit_that_surely_bears_on_something_to_its_best_target() -> None:
    """Three unsure targets and hardly a doubt that one of them is meant: the best is kept.

    But only in the post that is answered: what hangs in the air is tied to nothing.
    """
    texts = ("tea is good", "tea is hot", "tea is cheap", "no it is not")
    view = _view(*texts, answers={3: 0})
    pairs = [(3, 0), (3, 1), (3, 2)]
    chances = np.array([_row(0.0, 0.3), _row(0.0, 0.28), _row(0.0, 0.27)])
    unsure = choose(view, pairs, chances, Choice(threshold=0.5, second=0.6, anything=0.9))
    surely = choose(view, pairs, chances, Choice(threshold=0.5, second=0.6, anything=0.8))
    assert unsure == []
    assert [(x.source, x.target, x.type) for x in surely] == [(3, 0, "attack")]
    choice = Choice(threshold=0.5, second=0.6, anything=0.8)
    assert choose(_view(*texts), pairs, chances, choice) == []


@pytest.mark.parametrize(
    "claim",
    [
        "I honestly don't think that the council should ban gas stoves in old houses this year.",
        "Nobody who has worked in a kitchen would ever say that induction is not fast enough for them.",
        "By releasing a good enough model for free they are effectively commoditizing their complement.",
        "It never helped anyone to hide the real price until the last page of the checkout.",
    ],
)
def test_headlines_are_short_and_keep_the_polarity(claim: str) -> None:
    """2 to 8 words, and as many negations, odd or even, as the words that were kept."""
    view = _view(claim)
    (headline,) = headlines.name(view, [(0,)]).groups
    assert MIN_WORDS <= len(headline.split()) <= MAX_WORDS
    assert negations(headline) % 2 == negations(claim) % 2


def test_names_stay_names() -> None:
    """A first word that is a name keeps its capitals."""
    view = _view("OpenAI and Google should publish the energy that their models use.")
    (headline,) = headlines.name(view, [(0,)]).groups
    assert "OpenAI" in headline or "Google" in headline


def test_language_parses_empty_and_blank_text() -> None:
    """The parser takes anything."""
    assert [len(doc.text) for doc in language.parse(["", " ", "Yes."])] == [0, 1, 4]


def test_the_encoder_gives_unit_rows_that_tell_meaning() -> None:
    """Rows have length one; a paraphrase is nearer than another topic; no text gives no row."""
    rows = default_encoder().encode(
        [
            "Cars should be banned from the centre.",
            "Ban cars downtown.",
            "My printer is out of ink.",
        ]
    )
    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2
    assert default_encoder().encode([]).shape == (0, 384)


def test_b_cubed_is_one_for_the_same_grouping_and_less_for_another() -> None:
    """Perfect, all alone, all together."""
    gold = {"a": 1, "b": 1, "c": 2}
    assert b_cubed(gold, {"a": 7, "b": 7, "c": 8}) == (1.0, 1.0, 1.0)
    assert b_cubed(gold, {})[0] == 1.0
    assert b_cubed(gold, {})[1] == pytest.approx(2 / 3)
    assert b_cubed(gold, dict.fromkeys("abc", 0))[1] == 1.0


def test_a_crux_needs_two_people() -> None:
    """One voice that argues with itself divides nobody."""
    alone = analyze(Thread(id="t", posts=(Post(id="1", author="ann", text="Tea is healthy. But tea is not healthy for children because of caffeine."),)))  # fmt: skip
    assert alone.crux is None


def test_a_reply_that_rejects_attacks_what_it_answers() -> None:
    """The plainest exchange there is."""
    posts = (
        Post(id="1", author="ann", text="The city should ban cars from the centre."),
        Post(
            id="2",
            author="bob",
            text="I disagree, a ban would kill the small shops there.",
            reply_to="1",
        ),
    )
    found = analyze(Thread(id="t", posts=posts))
    units = {u.id: u for u in found.units}
    ties = [(units[r.source].post, units[r.target].post, r.type) for r in found.relations]
    assert ("2", "1", "attack") in ties
    assert found.crux is not None


def test_the_question_of_a_thread_is_never_its_crux() -> None:
    """Both points have people on either side; the one that only asks is no side of anything."""
    view = _view("Should we ban cars?", "Cars should be banned.", "No, cars are needed here.")
    links = [
        Link(source=2, target=0, type="attack", confidence=0.9, cue=None),
        Link(source=2, target=1, type="attack", confidence=0.6, cue=None),
    ]
    related = Related(links, np.array([[0.0, 0.9], [0.0, 0.6], [0.0, 0.0]], np.float32))
    asked = Issue(text="Should we ban cars?", post="0", start=0, end=19)
    told = Issue(text="Cars should be banned.", post="1", start=0, end=22)
    groups = [(0,), (1,)]
    assert is_asked(view, (0,), asked)
    assert not is_asked(view, (1,), asked)
    assert not is_asked(view, (1,), told)
    assert find(view, groups, related, asked, None) == 1
    assert find(view, groups[:1], related, asked, None) is None


def test_where_points_are_said_again_and_again_less_is_asked_of_a_pair() -> None:
    """The bars that ship say so."""
    chosen = choices()["points"]
    assert 0 < chosen["join_above, crowds"] < chosen["join_above"] < 1


def test_analyze_is_pure() -> None:
    """The same thread gives the same map, object for object."""
    posts = (
        Post(id="1", author="a", text="Rent control helps tenants. Prices fell by 10% in Oslo."),
    )
    thread = Thread(id="t", posts=posts)
    assert analyze(thread) == analyze(thread)
