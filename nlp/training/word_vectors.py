"""Word vectors for the language pipeline, cut from the base model's own word embeddings.

The base model (all-MiniLM-L6-v2, Apache-2.0) has a vector for each of its word pieces; those that
are whole words know much of what a small treebank cannot teach: which words behave alike. They are
projected on their principal axes, each word weighed by how often the treebanks hold it. A word has
the same vector however it is cased, by a key for each case: spaCy can look vectors up in lower
case, but does not write down that it does, and a pipeline read back would know no capitalised word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from spacy.vectors import Vectors
from spacy.vocab import Vocab

from nlp.training.base import base_model

WIDTH = 80
MOST = 16_000  # words: the commonest; the rest would cost 2 MB and 0.001 of LAS
SHOUTED = 4_000  # words: the commonest, which are met in capitals throughout, too


def add_word_vectors(vocab: Vocab, seen: Iterable[str]) -> None:
    """Give the vocabulary a vector of WIDTH for the MOST commonest words of the base model.

    `seen` are the words of the treebanks, for their frequencies only: a word that the base model
    does not know gets none, as it would in a text that nobody has seen.
    """
    words, rows = _whole_words()
    counts = Counter(word.lower() for word in seen)
    weights = np.array([np.sqrt(1.0 + counts[word]) for word in words])
    weights /= weights.sum()
    rows = rows - weights @ rows
    axes = np.linalg.eigh((rows * weights[:, None]).T @ rows)[1][:, ::-1][:, :WIDTH]
    projected = rows @ axes
    projected /= np.sqrt(np.mean(projected**2))
    vocab.vectors = Vectors(
        strings=vocab.strings,
        data=np.ascontiguousarray(projected, np.float32),
        keys=[vocab.strings.add(word) for word in words],
        name="base_words",
    )
    for row, word in enumerate(words):
        cased = {word.capitalize(), word.upper()} if row < SHOUTED else {word.capitalize()}
        for form in sorted(cased - {word}):
            vocab.vectors.add(vocab.strings.add(form), row=row)


def _whole_words() -> tuple[list[str], NDArray[np.float64]]:
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    folder = base_model()
    pieces = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab(with_added_tokens=False)
    table = load_file(str(folder / "model.safetensors"))
    embeddings = next(v for k, v in table.items() if k.endswith("word_embeddings.weight"))
    words = sorted(
        (p for p in pieces if p.isascii() and not p.startswith(("##", "["))), key=pieces.__getitem__
    )[:MOST]
    return words, embeddings[[pieces[word] for word in words]].astype(np.float64)
