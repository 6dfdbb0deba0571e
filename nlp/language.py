"""The language pipeline: words, tags, dependencies and names of a text, by spaCy.

`nlp/weights/language` is trained by `nlp.training.language` on treebanks of English web text. Only
headlines read it, so that nothing else waits for spaCy to load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from nlp.weights import WEIGHTS

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 128  # texts parsed together
UNREAD = ["ner"]  # what no step reads yet, and so need not run


@cache
def pipeline() -> Language:
    """Give the shipped pipeline, loaded once."""
    import spacy

    return spacy.load(WEIGHTS / "language")


def parse(texts: Iterable[str]) -> Iterator[Doc]:
    """Parse texts one after the other; a `Doc` each, its tokens aligned by `Token.idx`."""
    lines = (" ".join(t.split("\n")) for t in texts)
    yield from pipeline().pipe(lines, batch_size=BATCH, disable=UNREAD)
