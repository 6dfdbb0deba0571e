"""Maps of gold units, and the baselines on them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.evaluate import evaluate_folder
from bot.gold import match_posts, read_folder
from nlp.evaluation.baselines import GIVEN_BASELINES
from nlp.evaluation.given import gold_units, map_given, matched_given
from nlp.evaluation.labelled import LabelledThread, label
from nlp.evaluation.metrics import PAIRS, score_map
from tests.conftest import ROOT, Crux

THREADS = ROOT / "data" / "threads"


@pytest.fixture(scope="module")
def item() -> LabelledThread:
    """Give a short sample thread with its gold map."""
    gold = next(g for g in read_folder(THREADS) if g.name == "t4-x-salary-cap")
    posts = match_posts(gold.thread, gold.gold)
    return label(gold.thread, gold.gold, name=gold.name, real=False, posts=posts)


@pytest.mark.parametrize(
    "mapper", [map_given, *map(GIVEN_BASELINES.get, ("replies", "structure", "tfidf"))]
)
def test_a_given_map_has_exactly_the_gold_units(item: LabelledThread, mapper) -> None:
    """Spans and kinds are the gold ones, in order, whoever draws the map."""
    found = mapper(item)
    wanted = [(u.post, u.start, u.end, u.kind) for u in gold_units(item)]
    assert wanted
    assert [(u.post, u.start, u.end, u.kind) for u in found.units] == wanted
    figures = score_map(found, item, matched=matched_given(item)).figures()
    assert figures["units"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_structure_relates_more_than_replies_alone(item: LabelledThread) -> None:
    """The structural baseline finds the support inside posts that the other cannot."""
    support = [
        score_map(GIVEN_BASELINES[name](item), item, matched=matched_given(item)).hits[
            "relations: support"
        ]
        for name in ("structure", "replies")
    ]
    assert support[0] > support[1] == 0


def test_pairs_in_one_point_are_counted_with_those_of_gold(item: LabelledThread) -> None:
    """All claims in one point are all pairs, and all of gold are among them; alone they are none."""
    alone = GIVEN_BASELINES["replies"](item)
    claims = [unit.id for unit in alone.units if unit.kind == "claim"]
    one = replace(alone, key_points=(replace(alone.key_points[0], units=tuple(claims)),))
    tally = score_map(one, item, matched=matched_given(item))
    assert tally.guessed[PAIRS] == len(claims) * (len(claims) - 1) / 2
    assert 0 < tally.hits[PAIRS] == tally.gold[PAIRS] < tally.guessed[PAIRS]
    assert score_map(alone, item, matched=matched_given(item)).guessed[PAIRS] == 0


def test_eval_maps_says_that_units_were_given() -> None:
    """The figures name what they were taken on; all gold units are found by definition."""
    report = evaluate_folder(THREADS, "structure", given_units=True)
    assert report["units"] == "given"
    assert report["all"]["units"]["f1"] == 1.0
    assert 0 < report["all"]["relations: all"]["f1"] < 1


def test_a_wrong_baseline_is_one_clear_line(crux: Crux) -> None:
    """The line names the baselines that there are for given units."""
    done = crux("eval", "maps", THREADS, "--given-units", "--baseline", "sentences")
    assert done.returncode == 2
    assert b"replies, structure, tfidf, stock" in done.stderr
    assert b"Traceback" not in done.stderr
