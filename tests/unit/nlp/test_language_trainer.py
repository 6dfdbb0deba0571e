"""The trainer of the language pipeline goes on where it was cut off, and ships what is needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.vocab import Vocab

from nlp.training import language, word_vectors
from nlp.training.chat_noise import Word
from nlp.training.language import PEAK, Plan, Reached, build, rate, resume, ship, train

PLAN = Plan(words=320, again=320, lemmas=320, seed=7)
SENTENCES = [
    [
        Word("Cars", True, "NNS", "NOUN", "Number=Plur", "car", 1, "nsubj", "O"),
        Word("killed", True, "VBD", "VERB", "Tense=Past", "kill", 0, "ROOT", "O"),
        Word("Maria", False, "NNP", "PROPN", "Number=Sing", "Maria", -1, "obj", "B-PER"),
        Word(".", True, ".", "PUNCT", "", ".", -2, "punct", "O"),
    ],
    [
        Word("Oslo", True, "NNP", "PROPN", "Number=Sing", "Oslo", 1, "nsubj", "B-LOC"),
        Word("banned", True, "VBD", "VERB", "Tense=Past", "ban", 0, "ROOT", "O"),
        Word("them", False, "PRP", "PRON", "Number=Plur", "they", -1, "obj", "O"),
        Word("!", True, ".", "PUNCT", "", "!", -2, "punct", "O"),
    ],
] * 20  # the parser takes no notice of what it meets less than 30 times


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stop a run with half of its words seen; the real word vectors need another extra."""

    def few_vectors(vocab: Vocab, texts: object) -> None:
        vocab.reset_vectors(width=8)
        for place, word in enumerate(("cars", "killed", "banned")):
            vocab.set_vector(word, np.full(8, 0.1 * (place + 1), np.float32))

    monkeypatch.setattr(language, "add_word_vectors", few_vectors)
    monkeypatch.setattr(language, "DISTURBED", 0.0)  # emoji have a tag that these sentences lack
    nlp = build([SENTENCES], PLAN)
    train(nlp, [SENTENCES], PLAN, tmp_path, Reached(), until=160)
    return tmp_path


def test_a_run_goes_on_with_all_that_it_had_learned(cut_off: Path) -> None:
    """The lemmatizer knows its labels again: without them it would learn nothing more."""
    found = resume(cut_off, PLAN)
    assert found is not None
    nlp, reached = found
    lemmatizer = nlp.get_pipe("trainable_lemmatizer")
    assert len(lemmatizer.tree2label) == len(lemmatizer.cfg["labels"]) > 1  # type: ignore[attr-defined]
    assert 160 <= reached.words < PLAN.together
    further = train(nlp, [SENTENCES], PLAN, cut_off, reached, until=PLAN.together)
    assert further.words >= PLAN.together
    assert further.steps > reached.steps


def test_lemmas_are_learned_last_and_change_nothing_else(cut_off: Path) -> None:
    """The lemmatizer is as it began until all else is done; then it alone moves."""
    nlp, reached = resume(cut_off, PLAN) or pytest.fail("no checkpoint")
    began = nlp.get_pipe("trainable_lemmatizer").to_bytes()  # type: ignore[attr-defined]
    reached = train(nlp, [SENTENCES], PLAN, cut_off, reached, until=PLAN.together)
    assert nlp.get_pipe("trainable_lemmatizer").to_bytes() == began  # type: ignore[attr-defined]
    nlp, reached = resume(cut_off, PLAN) or pytest.fail("no checkpoint")
    others = {
        name: nlp.get_pipe(name).to_bytes()  # type: ignore[attr-defined]
        for name in ("tok2vec", "tagger", "morphologizer", "parser")
    }
    train(nlp, [SENTENCES], PLAN, cut_off, reached, until=PLAN.total)
    assert nlp.get_pipe("trainable_lemmatizer").to_bytes() != began  # type: ignore[attr-defined]
    for name, known in others.items():
        assert nlp.get_pipe(name).to_bytes() == known, name  # type: ignore[attr-defined]


def test_a_run_of_another_plan_begins_anew(cut_off: Path) -> None:
    """Words, second part and seed are the plan: a checkpoint of another one is not taken."""
    assert resume(cut_off, Plan(words=320, again=320, lemmas=320, seed=8)) is None
    assert resume(cut_off / "nowhere", PLAN) is None


def test_what_ships_has_no_words_of_the_training_but_those_it_needs(cut_off: Path) -> None:
    """Strings that no vector, label or lemma needs are left out, and the pipeline still works."""
    found = resume(cut_off, PLAN)
    assert found is not None
    nlp, _ = found
    nlp.vocab.strings.add("a slip of the keyboard")
    ship(nlp, [SENTENCES], cut_off / "shipped")
    shipped = spacy.load(cut_off / "shipped")
    assert "a slip of the keyboard" not in shipped.vocab.strings
    doc = shipped("Cars killed Maria.")
    assert [t.pos_ for t in doc] == [t.pos_ for t in nlp("Cars killed Maria.")]
    assert all(t.lemma_ for t in doc)


def test_the_rate_falls_twice_and_once_for_lemmas() -> None:
    """To next to nothing at the end of each part; the second begins lower than the first."""
    plan = Plan(words=1000, again=1000, lemmas=1000, seed=1)
    rates = [rate(words, 10_000, plan) for words in (0, 999, 1000, 1999, 2000, 3000)]
    assert rates[0] == pytest.approx(PEAK)
    assert rates[1] < rates[0] / 5
    assert rates[1] < rates[2] < rates[0]
    assert rates[3] < rates[2] / 5
    assert rates[4] == pytest.approx(PEAK)
    assert rates[5] < rates[4] / 5
    assert rate(0, 0, plan) < PEAK / 100


def test_a_pipeline_that_is_read_back_knows_the_same_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """However a word is cased: what is trained is what ships."""
    rows = np.random.default_rng(1).normal(size=(200, word_vectors.WIDTH + 4))
    words = ["oslo", "think", "not", *(f"word{chr(97 + i % 26)}{i}" for i in range(197))]
    monkeypatch.setattr(word_vectors, "_whole_words", lambda: (words, rows))
    nlp = spacy.blank("en")
    word_vectors.add_word_vectors(nlp.vocab, ["Oslo", "think"])
    nlp.to_disk(tmp_path)
    text = "I think Oslo is NOT oslo unseen"
    known, back = nlp.make_doc(text), spacy.load(tmp_path).make_doc(text)
    assert [t.has_vector for t in known] == [False, True, True, False, True, True, False]
    assert np.array_equal([t.vector for t in known], [t.vector for t in back])
    assert np.array_equal(back[2].vector, back[5].vector)
