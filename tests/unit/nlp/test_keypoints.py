"""Which claims make one point: paraphrases do at any number, opposites never."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from nlp.encoder import default_encoder
from nlp.evaluation.isolated import group_texts
from nlp.keypoints import APART, FEATURES, Alike, crowded, group, join, of_two_people, settled
from nlp.model import Post, Thread
from nlp.thread_view import Draft, ThreadView

SAME = [
    ["Zoos should be banned.", "Zoos should be banned."],
    ["Phones should be banned in schools.", "Schools should ban phones."],
    ["We should close the zoo.", "Close the zoo.", "The zoo should be closed."],
]
OPPOSITE = [
    ("Zoos should be banned.", "Zoos should not be banned."),
    ("The council listens to us.", "The council does not listen to us."),
    ("The new logo is ugly.", "the new logo isn't ugly"),
    ("Cars belong in this street.", "Cars dont belong in this street"),
    ("The ferry is too slow", "No, the ferry is not too slow."),
    ("Nobody uses that lane.", "Everybody uses that lane."),
    ("Ban scooters on the quay.", "Banning scooters on the quay is silly."),
    ("Please somebody forbid this fee", "a law to forbid this fee is nonsense"),
    ("We should close the zoo.", "Closing the zoo would be a terrible idea."),
]
OTHERS = [
    "The tickets cost more than a day's pay.",
    "Children learn about animals there.",
    "The mayor promised a vote in May.",
    "My sister works at the harbour office.",
    "Trams are quieter than buses.",
    "The library closes at six.",
]


@pytest.mark.parametrize("texts", SAME, ids=lambda texts: texts[0])
def test_paraphrases_are_one_point_however_few_claims_there_are(texts: list[str]) -> None:
    """Alone, and beside others that they have nothing to do with."""
    assert group_texts(texts) == [tuple(range(len(texts)))]
    groups = group_texts([*texts, *OTHERS])
    assert tuple(range(len(texts))) in groups
    assert len(groups) == 1 + len(OTHERS)


@pytest.mark.parametrize("pair", OPPOSITE, ids=lambda pair: pair[1])
def test_opposites_are_two_points(pair: tuple[str, str]) -> None:
    """Alone, and in a crowd where each is said again and again."""
    assert group_texts(pair) == [(0,), (1,)]
    said = [text for each in OPPOSITE for text in each]
    crowd = [*said, *(f"I think {text[0].lower()}{text[1:]}" for text in said)]
    first, second = crowd.index(pair[0]), crowd.index(pair[1])
    assert not any(first in group and second in group for group in group_texts(crowd))


def test_a_pair_that_is_apart_keeps_its_groups_apart() -> None:
    """However likely all other pairs are."""
    claims = list(range(6))
    pairs = list(combinations(claims, 2))
    chances = np.array([APART if pair == (0, 5) else 0.99 for pair in pairs])
    groups = join(claims, pairs, chances, 0.1)
    assert not any(0 in group and 5 in group for group in groups)
    assert sorted(i for group in groups for i in group) == claims
    assert join(claims, pairs, np.full(len(pairs), 0.99), 0.1) == [tuple(claims)]


def test_where_points_are_said_again_and_again_claims_have_partners() -> None:
    """A likely partner counts, however many unlikely ones there are; pairs far apart do not."""
    claims = list(range(60))
    pairs = list(combinations(claims, 2))
    unlikely = np.full(len(pairs), 0.1)  # six partners a claim, were they summed
    assert not crowded(pairs, unlikely, len(claims))
    assert not crowded([], np.empty(0), 0)
    couples = np.array([0.3 if a % 2 == 0 and b == a + 1 else 0.0 for a, b in pairs])
    assert crowded(pairs, couples, len(claims))
    assert not crowded(pairs, couples, 3 * len(claims))
    assert not crowded(pairs, np.full(len(pairs), APART), len(claims))


def test_what_one_person_says_twice_is_of_one_person() -> None:
    """Rows of FEATURES know it."""
    rows = np.zeros((2, len(FEATURES)))
    rows[0, FEATURES.index("same author")] = 1
    assert of_two_people(rows).tolist() == [False, True]


def test_likeness_alone_joins_what_is_all_but_the_same() -> None:
    """From ALIKE on, and no pair of which one is negated."""
    rows = np.zeros((4, len(FEATURES)))
    rows[:, FEATURES.index("likeness")] = 0.95, 0.6, 0.95, 0.95
    rows[2:, FEATURES.index("negation differs")] = 1.0
    rows[3, FEATURES.index("shared words")] = 0.8
    found = settled(rows, np.full(4, 0.1), Alike(middle=0.85, slope=9.1))
    assert found[0] > 0.6
    assert list(found[1:]) == [0.1, 0.1, APART]


def test_what_the_encoder_cannot_read_is_not_joined_for_being_alike() -> None:
    """All Greek lies near all Greek: a thread in it keeps its points apart."""
    texts = [
        "Το άρθρο πρέπει να μείνει όπως είναι, γιατί οι πηγές του είναι καλές και πολλές.",
        "Δεν συμφωνώ καθόλου με αυτή την αλλαγή που έγινε χθες το βράδυ στη σελίδα.",
        "Οι συντάκτες οφείλουν να συζητούν πριν σβήσουν ολόκληρες παραγράφους.",
    ]
    assert group_texts(texts) == [(0,), (1,), (2,)]


def _view(texts: list[str]) -> ThreadView:
    drafts = tuple(
        Draft(post=str(i), start=0, end=len(t), text=t, kind="claim", holder="author", confidence=1)
        for i, t in enumerate(texts, 1)
    )
    posts = tuple(Post(id=d.post, author=f"user {d.post}", text=d.text) for d in drafts)
    return ThreadView(Thread(id="t", posts=posts), drafts, default_encoder().encode(texts))


def test_who_attacks_a_claim_does_not_make_its_point() -> None:
    """Whichever way the attack goes, however low the bar; but who says all but the same does."""
    other = _view(["Trams are quiet.", "You hear trams at night, they squeal."])
    assert group(other, join_above=0.0) == [(0, 1)]
    assert group(other, [(0, 1)], join_above=0.0) == [(0,), (1,)]
    assert group(other, [(1, 0)], join_above=0.0) == [(0,), (1,)]
    same = _view(["Close the zoo.", "The zoo should be closed."])
    assert group(same, [(1, 0)]) == [(0, 1)]
