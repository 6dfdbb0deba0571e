"""What is typed in haste keeps its annotation."""

from __future__ import annotations

import random

import pytest
import spacy
from spacy.training import Example

from nlp.training.chat_noise import Word, disturbed, document, spaced
from nlp.training.treebanks import grouped, joined

HELLO = [
    Word("Hello", False, "UH", "INTJ", "", "hello", 0, "ROOT", "O"),
    Word(",", True, ",", "PUNCT", "", ",", 1, "punct", "O"),
    Word("Maria", False, "NNP", "PROPN", "Number=Sing", "Maria", -2, "vocative", "B-PER"),
    Word("!", True, ".", "PUNCT", "", "!", -3, "punct", "O"),
]
SOLD = [
    Word("My", True, "PRP$", "PRON", "", "my", 1, "nmod:poss", "O"),
    Word("neighbour", True, "NN", "NOUN", "Number=Sing", "neighbour", 2, "nsubj", "O"),
    Word("hasn't", True, "VBZ", "AUX", "", "have", 1, "aux", "O"),
    Word("sold", True, "VBD", "VERB", "", "sell", 0, "ROOT", "O"),
    Word("everything", False, "NN", "PRON", "", "everything", -1, "obj", "O"),
    Word(".", True, ".", "PUNCT", "", ".", -2, "punct", "O"),
]
TWEET = [
    Word("@ann", True, entity="O"),
    Word("Oslo", True, entity="B-LOC"),
    Word("!", True, entity="O"),
]


@pytest.mark.parametrize("words", [HELLO, SOLD, joined([HELLO, SOLD]), TWEET])
def test_disturbed_sentences_stay_trees_that_training_can_read(words: list[Word]) -> None:
    """Whatever is dropped, added or mistyped: as many roots, heads inside, names whole, alignable."""
    nlp = spacy.blank("en")
    roots = sum(w.head == 0 for w in words)
    for seed in range(150):
        rng = random.Random(seed)
        found = disturbed(words, rng)
        assert sum(w.head == 0 for w in found) == roots
        assert all(w.head is None or 0 <= i + w.head < len(found) for i, w in enumerate(found))
        doc = document(nlp.vocab, found)
        assert [e.label_ for e in doc.ents] == [
            w.entity[2:] for w in words if (w.entity or "")[:2] == "B-"
        ]
        Example(nlp.make_doc(spaced(found, rng)), doc)  # raises where the two cannot be aligned


def test_every_disturbance_happens() -> None:
    """Case, lost marks, lost commas, lost apostrophes, slips, emoji and loose spaces are all met."""
    words = joined([HELLO, SOLD])
    plain = "".join(w.text + " " * w.space for w in words)
    seen = set()
    for seed in range(400):
        rng = random.Random(seed)
        found = disturbed(words, rng)
        text, told = spaced(found, rng), [w.text for w in found]
        flat = " ".join(text.split()).lower()
        seen |= {"lower"} if "hello" in told else set()
        seen |= {"no comma"} if "," not in told else set()
        seen |= {"no final mark"} if "." not in told else set()
        seen |= {"no apostrophe"} if "hasnt" in flat else set()
        seen |= {"emoji"} if any(w.pos == "SYM" for w in found) else set()
        seen |= {"loose spaces"} if "\n" in text or "  " in text else set()
        seen |= {"slip"} if "neighbour" not in flat else set()
        seen |= {"plain"} if text == plain else set()
    assert seen == {
        "lower", "no comma", "no final mark", "no apostrophe", "emoji", "loose spaces", "slip", "plain",
    }  # fmt: skip


def test_groups_hold_neighbours_and_lose_nothing() -> None:
    """Every sentence is in one group of at most five; the order is another for another seed."""
    source = [[Word(str(i), True)] for i in range(50)]
    groups = grouped([source], random.Random(1))
    assert sorted(int(s[0].text) for g in groups for s in g) == list(range(50))
    assert max(map(len, groups)) <= 5
    assert groups != grouped([source], random.Random(2))
