"""Candidate pairs of units, and the judge that makes them compete."""

from __future__ import annotations

import numpy as np

from nlp import Post, Thread
from nlp.encoder import default_encoder
from nlp.pairs import PAIR_FEATURES, SLICE, PairFeatures, candidates, slices
from nlp.relations import Choice, choose, default_scorer
from nlp.thread_view import Draft, ThreadView


def _view(*said: tuple[str, str | None, tuple[str, ...]]) -> ThreadView:
    """Each post: author, what it answers, its claims."""
    posts, drafts = [], []
    for number, (author, answers, claims) in enumerate(said, start=1):
        text = " ".join(claims)
        posts.append(Post(id=str(number), author=author, reply_to=answers, text=text))
        at = 0
        for claim in claims:
            drafts.append(
                Draft(post=str(number), start=at, end=at + len(claim), text=claim, kind="claim",
                      holder="author", confidence=0.9)
            )  # fmt: skip
            at += len(claim) + 1
    vectors = default_encoder().encode([d.text for d in drafts])
    return ThreadView(Thread(id="t", posts=tuple(posts)), tuple(drafts), vectors)


TALK = _view(
    ("ann", None, ("Ban cars downtown.", "They kill the street.")),
    ("bob", "1", ("No, ann, shops need them.",)),
    ("ann", "2", ("Shops did fine without.",)),
)


def _column(name: str) -> dict[tuple[int, int], float]:
    pairs = candidates(TALK)
    rows = PairFeatures(TALK).of(pairs)
    return {p: float(r) for p, r in zip(pairs, rows[:, PAIR_FEATURES.index(name)], strict=True)}


def test_candidates_hold_the_own_post_and_what_is_answered() -> None:
    """Both directions inside a post; across posts from the answer to the answered."""
    pairs = set(candidates(TALK))
    assert {(0, 1), (1, 0), (2, 0), (2, 1), (3, 2)} <= pairs
    assert (0, 2) not in pairs
    assert all(a != b for a, b in pairs)


def test_features_tell_how_two_posts_stand_to_each_other() -> None:
    """Who answers whom, who speaks, who is named."""
    assert _column("target post answered")[2, 0] == 1.0
    assert _column("target post answered by answered")[3, 0] == 1.0
    assert _column("same author")[3, 0] == 1.0
    assert _column("same author")[2, 0] == 0.0
    assert _column("target author named")[2, 0] == 1.0
    assert _column("no claim between, before")[1, 0] == 1.0


def test_slices_never_part_the_pairs_of_one_source() -> None:
    """Their targets compete: they must be judged together."""
    pairs = [(s, t) for s in range(40) for t in range(500)]
    bounds = list(slices(pairs))
    assert bounds[0][0] == 0
    assert bounds[-1][1] == len(pairs)
    assert all(pairs[high][0] != pairs[high - 1][0] for _, high in bounds[:-1])
    assert max(high - low for low, high in bounds) < SLICE + 500


def test_the_targets_of_a_unit_share_one_probability() -> None:
    """Support and attack over all targets of a source sum to at most one."""
    pairs = candidates(TALK)
    chances = default_scorer().probabilities(TALK, pairs)
    total = np.zeros(len(TALK.drafts))
    for (source, _), row in zip(pairs, chances, strict=True):
        total[source] += row.sum()
    assert (chances >= 0).all()
    assert (total <= 1.0 + 1e-5).all()
    assert (total > 0).all()


def _chosen(chances: dict[tuple[int, int], tuple[float, float]]) -> list[tuple[int, int, str]]:
    pairs = sorted(chances)
    rows = np.array([chances[pair] for pair in pairs], np.float32)
    links = choose(TALK, pairs, rows, Choice(threshold=0.2, second=0.3, anything=0.7))
    return [(link.source, link.target, link.type) for link in links]


def test_what_a_reply_does_to_a_post_is_decided_before_which_claim_it_means() -> None:
    """Two claims share the attack on their post; the likeliest single pair is a support."""
    assert _chosen({(3, 0): (0.02, 0.28), (3, 1): (0.02, 0.27), (3, 2): (0.3, 0.02)}) == [
        (3, 0, "attack")
    ]
    assert _chosen({(3, 0): (0.02, 0.2), (3, 2): (0.5, 0.02)}) == [(3, 2, "support")]


def test_a_unit_keeps_two_targets_at_most_and_only_likely_ones() -> None:
    """A second target needs a chance of its own; who bears on nothing is tied to nothing."""
    assert _chosen({(3, 0): (0.0, 0.45), (3, 1): (0.0, 0.35), (3, 2): (0.05, 0.1)}) == [
        (3, 0, "attack"),
        (3, 1, "attack"),
    ]
    assert _chosen({(3, 0): (0.05, 0.1), (3, 2): (0.1, 0.05)}) == []


def test_two_units_are_never_tied_both_ways() -> None:
    """The likelier of a pair and its reverse stays."""
    assert _chosen({(0, 1): (0.6, 0.0), (1, 0): (0.8, 0.0)}) == [(1, 0, "support")]
