"""How much a run of words reads like a headline that a person wrote.

A logistic regression (`headlines.npz`, fitted by `nlp.training.headlines`) over the sequence of a
headline's words, in which content words are known by their part of speech alone: it was shown
headlines that people wrote and cuts that were made by rule, and tells one from the other. It knows
nothing of topics.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlp.weights import WEIGHTS
from nlp.words import FUNCTION_WORDS, NEGATIONS

if TYPE_CHECKING:
    from spacy.tokens import Token

BEGIN, END = "^", "$"


def sign(token: Token) -> str:
    """Give what fluency knows of a token: the word of a closed class, else its fine tag."""
    low = token.text.lower().replace("’", "'")
    return low if low in FUNCTION_WORDS or low in NEGATIONS else token.tag_


def grams(signs: Sequence[str]) -> Iterator[str]:
    """Give the runs of two and of three signs, with the edges of the headline as signs."""
    edged = [BEGIN, *signs, END]
    yield from (f"{a} {b}" for a, b in pairwise(edged))
    yield from (" ".join(edged[i : i + 3]) for i in range(len(edged) - 2))


class Fluency:
    """The shipped judge, read with numpy."""

    def __init__(self, file: Path = WEIGHTS / "headlines.npz") -> None:
        with np.load(file, allow_pickle=False) as stored:
            self.weights = dict(
                zip(stored["grams"].tolist(), stored["weights"].tolist(), strict=True)
            )
            self.bias = float(stored["bias"])
            self.worth = stored["worth"]

    def score(self, signs: Sequence[str]) -> float:
        """Give the log-odds that a person wrote a headline with these signs, per word."""
        known = sum(self.weights.get(gram, 0.0) for gram in grams(signs))
        return float(known + self.bias) / (len(signs) + 1)


@cache
def default_fluency() -> Fluency:
    """Give the shipped judge, loaded once."""
    return Fluency()
