"""Shared parts of texts, weighed by how rare they are."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.overlap import Overlap, character_grams

A, B = np.array([0]), np.array([1])


def test_the_same_parts_overlap_wholly_and_others_not_at_all() -> None:
    """Jaccard is 1 for equal sets, 0 for disjoint and for empty ones."""
    over = Overlap([{"x", "y"}, {"x", "y"}, {"z"}, set()])
    assert over.jaccard(A, B)[0] == pytest.approx(1.0)
    assert over.jaccard(A, np.array([2]))[0] == 0.0
    assert over.jaccard(A, np.array([3]))[0] == 0.0
    assert over.covered(np.array([3]), np.array([3]))[0] == 0.0


def test_a_rare_part_weighs_more_than_one_that_all_hold() -> None:
    """Two pairs share one part each; the rarer one counts for more."""
    over = Overlap([{"all", "a"}, {"all", "b"}, {"all", "rare"}, {"rare", "d"}, {"all", "e"}])
    common = over.shared(A, B)[0]
    rare = over.shared(np.array([2]), np.array([3]))[0]
    assert rare > 2 * common
    assert over.rarest(np.array([2]), np.array([3]))[0] == pytest.approx(rare)


def test_forms_of_a_word_share_runs_of_characters() -> None:
    """What stems miss, runs of characters see."""
    over = Overlap([character_grams(t) for t in ("moderation", "Moderators!", "bread")])
    assert over.jaccard(A, B)[0] > 0.2
    assert over.jaccard(A, np.array([2]))[0] == 0.0
