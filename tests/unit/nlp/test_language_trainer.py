"""The trainer of the language pipeline goes on where it was cut off, and ships what is needed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.vocab import Vocab

from nlp.training import language
from nlp.training.chat_noise import Word
from nlp.training.language import PEAK, Plan, Reached, build, rate, resume, ship, train

PLAN = Plan(words=320, again=320, seed=7)
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
    train(nlp, [SENTENCES], Plan(words=80, again=80, seed=7), tmp_path, Reached())
    state = tmp_path / "checkpoint" / "reached.json"
    row = json.loads(state.read_text())
    state.write_text(json.dumps({**row, "plan": asdict(PLAN)}))
    return tmp_path


def test_a_run_goes_on_with_all_that_it_had_learned(cut_off: Path) -> None:
    """The lemmatizer knows its labels again: without them it would learn nothing more."""
    found = resume(cut_off, PLAN)
    assert found is not None
    nlp, reached = found
    lemmatizer = nlp.get_pipe("trainable_lemmatizer")
    assert len(lemmatizer.tree2label) == len(lemmatizer.cfg["labels"]) > 1  # type: ignore[attr-defined]
    assert 80 <= reached.words < PLAN.total
    further = train(nlp, [SENTENCES], PLAN, cut_off, reached)
    assert further.words >= PLAN.total
    assert further.steps > reached.steps


def test_a_run_of_another_plan_begins_anew(cut_off: Path) -> None:
    """Words, second part and seed are the plan: a checkpoint of another one is not taken."""
    assert resume(cut_off, Plan(words=320, again=320, seed=8)) is None
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


def test_the_rate_falls_twice() -> None:
    """To next to nothing at the end of the first part, up again but lower, and down to the end."""
    plan = Plan(words=1000, again=1000, seed=1)
    rates = [rate(words, 10_000, plan) for words in (0, 999, 1000, 2000)]
    assert rates[0] == pytest.approx(PEAK)
    assert rates[1] < rates[0] / 5
    assert rates[1] < rates[2] < rates[0]
    assert rates[3] < rates[2] / 5
    assert rate(0, 0, plan) < PEAK / 100
