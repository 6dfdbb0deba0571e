"""The scorers themselves, on cases worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy

from nlp.evaluation.classes import class_figures, f1_of, macro_f1
from nlp.evaluation.clusters import adjusted_rand, v_measure
from nlp.evaluation.isolated import group_texts, kind_of_text, relation_of_pair
from nlp.evaluation.keypoints import (
    Side,
    average_precision,
    grouping_figures,
    match_precision,
    one_point_arguments,
    read_sides,
)
from nlp.evaluation.rows import DataError, read_rows
from nlp.evaluation.syntax import score_documents
from nlp.evaluation.treebank import read_treebank
from nlp.evaluation.units import SpanKind, calibration_error


def test_average_precision_takes_items_of_one_score_together() -> None:
    """1, 0, 1 in order: (1 + 2/3) / 2; all of one score: the share that is right; none: 0."""
    assert average_precision([1, 0, 1], [0.9, 0.8, 0.7]) == pytest.approx(5 / 6)
    assert average_precision([1, 0, 1], [0.5, 0.5, 0.5]) == pytest.approx(2 / 3)
    assert average_precision([0, 0], [0.9, 0.1]) == 0.0


def test_matching_keeps_the_better_half_and_weighs_by_its_share_right() -> None:
    """Of four arguments two are kept; one right, one unlabelled: strict 1 x 1/2, relaxed 1 x 1."""
    side = Side(
        "t", "1",
        {"a": "aa", "b": "bb", "c": "cc", "d": "dd"},
        {"k": "kk", "l": "ll"},
        {("a", "k"): 1, ("c", "k"): 1, ("d", "k"): 1, ("b", "l"): 0},
    )  # fmt: skip
    scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.2], [0.2, 0.1]])
    strict, relaxed = match_precision(side, lambda _a, _k: scores)
    assert (strict, relaxed) == (pytest.approx(0.5), pytest.approx(1.0))


def test_v_measure_and_rand_know_the_same_the_alone_and_the_mixed() -> None:
    """The same grouping has 1; all in one group has no information."""
    assert v_measure([1, 1, 2], ["x", "x", "y"]) == pytest.approx(1.0)
    assert v_measure([1, 1, 2, 2], [0, 0, 0, 0]) == pytest.approx(0.0)
    assert v_measure([1, 1, 2, 2], [1, 2, 3, 4]) == pytest.approx(2 / 3)  # h = 1, c = 1/2
    assert adjusted_rand([1, 1, 2, 2], [5, 5, 6, 6]) == pytest.approx(1.0)
    assert adjusted_rand([1, 1, 2, 2], [1, 2, 1, 2]) == pytest.approx(-0.5)


def test_macro_f1_is_over_the_classes_that_gold_holds() -> None:
    """A class that is only guessed costs precision elsewhere, not a zero of its own."""
    gold, found = ["a", "a", "b"], ["a", "c", "b"]
    assert macro_f1(gold, found) == pytest.approx((2 / 3 + 1) / 2)
    assert f1_of("a", gold, found) == pytest.approx(2 / 3)
    assert class_figures(gold, found)["classes"]["c"]["precision"] == 0.0


def test_calibration_error_is_the_gap_between_sure_and_right() -> None:
    """Always 0.95 sure and half right: 0.45."""
    kinds = [SpanKind("claim", 0.95)] * 4
    assert calibration_error(["claim", "claim", "other", "other"], kinds) == pytest.approx(0.45)


def test_one_point_arguments_leave_out_those_with_two_or_none() -> None:
    """What matches two key points belongs to no one group."""
    labels = {("a", "k"): 1, ("a", "l"): 1, ("b", "k"): 1, ("b", "l"): 0, ("c", "k"): 0}
    side = Side("t", "1", {"a": "x", "b": "y", "c": "z"}, {"k": "p", "l": "q"}, labels)
    assert one_point_arguments(side) == {"b": "k"}
    assert grouping_figures(side, group_texts) is None


def _ibm(folder: Path) -> None:
    (folder / "arguments_dev.csv").write_text(
        "arg_id,argument,topic,stance\n"
        'a1,"Cats, unlike dogs, walk themselves",We should keep cats,1\n'
        "a2,A cat needs no walks at all,We should keep cats,1\n",
        encoding="utf-8",
    )
    (folder / "key_points_dev.csv").write_text(
        "key_point_id,key_point,topic,stance\nk1,Cats are little work,We should keep cats,1\n",
        encoding="utf-8",
    )
    (folder / "labels_dev.csv").write_text(
        "arg_id,key_point_id,label\na1,k1,1\na2,k1,1\n", encoding="utf-8"
    )


def test_ibm_files_are_read_and_grouped_by_the_shipped_steps(tmp_path: Path) -> None:
    """Quoted commas, labels by argument, and as many places as arguments in the groups."""
    _ibm(tmp_path)
    (side,) = read_sides(tmp_path, "dev")
    assert side.arguments["a1"] == "Cats, unlike dogs, walk themselves"
    assert side.labels == {("a1", "k1"): 1, ("a2", "k1"): 1}
    groups = group_texts(list(side.arguments.values()))
    assert sorted(i for group in groups for i in group) == [0, 1]


def test_ibm_files_that_lack_something_say_what(tmp_path: Path) -> None:
    """A missing file, column or split is named."""
    with pytest.raises(DataError, match=r"arguments_dev\.csv"):
        read_sides(tmp_path, "dev")
    _ibm(tmp_path)
    with pytest.raises(DataError, match=r"arguments_test\.csv"):
        read_sides(tmp_path, "test")
    (tmp_path / "labels_dev.csv").write_text("arg_id,label\na1,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="lacks the column key_point_id"):
        read_sides(tmp_path, "dev")


CONLLU = """# text = I don't know.
1\tI\tI\tPRON\tPRP\t_\t4\tnsubj\t_\t_
2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
2\tdo\tdo\tAUX\tVBP\t_\t4\taux\t_\t_
3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_
4\tknow\tknow\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
4.1\tknow\tknow\tVERB\tVB\t_\t_\t_\t4:conj\t_
5\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_

"""


def test_conllu_keeps_the_spaces_of_multiword_tokens(tmp_path: Path) -> None:
    """The text is the one that was written; empty nodes are no words; the root is its own head."""
    file = tmp_path / "x.conllu"
    file.write_text(CONLLU, encoding="utf-8")
    (doc,) = read_treebank(file, spacy.blank("en").vocab)
    assert doc.text.strip() == "I don't know."
    assert [t.head.i for t in doc] == [3, 3, 3, 3, 3]


@pytest.mark.parametrize("broken", ["1\tI\tI\n\n", CONLLU.replace("\t4\tnsubj", "\t9\tnsubj")])
def test_a_broken_treebank_is_a_clear_line(tmp_path: Path, broken: str) -> None:
    """Too few columns, a head that is not there."""
    file = tmp_path / "x.conllu"
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.conllu"):
        read_treebank(file, spacy.blank("en").vocab)


def test_syntax_scores_gold_against_itself_as_perfect() -> None:
    """A pipeline that repeats the gold annotation gets 1 everywhere; a blank one 0."""
    from nlp.language import pipeline

    nlp = pipeline()
    doc = nlp("My neighbour sold the house to Maria in Oslo.")
    perfect = score_documents(nlp, [doc])
    assert (perfect.upos, perfect.las, perfect.lemma) == (1.0, 1.0, 1.0)
    blank = score_documents(spacy.blank("en"), [doc])
    assert (blank.upos, blank.las) == (0.0, 0.0)


def test_rows_say_which_line_is_wrong(tmp_path: Path) -> None:
    """The number of the line, and what rows should be."""
    file = tmp_path / "x.jsonl"
    file.write_text('{"text": "a", "kind": "claim"}\n\n{"text": "", "kind": "claim"}\n')
    with pytest.raises(DataError, match="line 3"):
        read_rows(file, ("text",), {"kind": ("claim",)})
    file.write_text('{"text": "a", "kind": "fact"}\n')
    with pytest.raises(DataError, match="not one of claim"):
        read_rows(file, ("text",), {"kind": ("claim",)})


def test_a_text_is_judged_as_the_pipeline_would_judge_it() -> None:
    """A plain judgement is a claim, thanks are not; the context may hold the text or precede it."""
    claim = "We should ban cars from the centre because they make it unsafe."
    assert kind_of_text(claim).kind == "claim"
    assert kind_of_text("Thanks for the help, everybody!").kind == "other"
    for context in (f"Hello all. {claim} Bye.", "Hello all."):
        assert kind_of_text(claim, context).kind == "claim"


def test_a_pair_is_related_as_a_reply_to_a_post() -> None:
    """Plain rejection attacks."""
    first = "The city should ban cars from the centre."
    assert (
        relation_of_pair(first, "I disagree, a ban would kill the small shops there.") == "attack"
    )
