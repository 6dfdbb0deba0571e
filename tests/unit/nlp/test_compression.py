"""Shorter sentences out of a parse: whatever the parse looks like."""

from __future__ import annotations

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp.compression import MAX_WORDS, cuts_of, text_of


def _hanging(words: int, label: str) -> Doc:
    """Give a parse in which every word hangs on the one before it."""
    return Doc(
        Vocab(),
        words=["word"] * words,
        heads=[0, *range(words - 1)],
        deps=["ROOT"] + [label] * (words - 1),
        pos=["NOUN"] * words,
    )


@pytest.mark.parametrize("label", ["nmod", "obj", "compound"])
@pytest.mark.parametrize("words", [12, 20_000])
def test_a_parse_of_any_depth_is_cut(label: str, words: int) -> None:
    """Words may hang on each other as deep as they like: no cut is too long, none takes for ever."""
    doc = _hanging(words, label)
    for cut in cuts_of(doc, [0.5] * words):
        assert 2 <= len(text_of(doc, cut.tokens).split()) <= MAX_WORDS
