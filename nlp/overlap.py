"""How much two texts of a thread say in the same words: weighted overlap of their parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlp.words import words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRAM = 4  # characters: enough to meet in "moderate" and "moderation", few enough to stay cheap


class Overlap:
    """The parts of every text of a thread, weighed by how rare they are in it.

    The weight of a part is the log of texts over texts that hold it, as in TF-IDF.
    """

    def __init__(self, parts: Sequence[Collection[str]]) -> None:
        n = len(parts)
        sets = [sorted(set(p)) for p in parts]
        counts = Counter(part for held in sets for part in held)
        number = {part: k for k, part in enumerate(sorted(counts))}
        self._rarity = np.array([np.log((n + 1) / (counts[p] + 0.5)) for p in number])
        columns = np.array([number[p] for held in sets for p in held], np.int64)
        bounds = np.concatenate([[0], np.cumsum([len(held) for held in sets])])
        shape = (n, max(1, len(number)))
        self._has = csr_matrix((np.ones(len(columns)), columns, bounds), shape)
        self._weighed = csr_matrix((self._rarity[columns], columns, bounds), shape)
        self.mass: Floats = np.asarray(self._weighed.sum(1)).reshape(-1)

    def shared(self, a: Ints, b: Ints) -> Floats:
        """Give the summed weight of the parts that texts a[i] and b[i] share, shape (len(a),)."""
        return np.asarray(self._weighed[a].multiply(self._has[b]).sum(1)).reshape(-1)

    def jaccard(self, a: Ints, b: Ints) -> Floats:
        """Give the weight shared over the weight of either, 0 to 1, shape (len(a),)."""
        shared = self.shared(a, b)
        return np.asarray(shared / np.maximum(self.mass[a] + self.mass[b] - shared, 1e-9))

    def covered(self, a: Ints, b: Ints) -> Floats:
        """Give the weight shared over the weight of the lighter text, 0 to 1, shape (len(a),)."""
        return self.shared(a, b) / np.maximum(np.minimum(self.mass[a], self.mass[b]), 1e-9)

    def rarest(self, a: Ints, b: Ints) -> Floats:
        """Give the weight of the rarest part that both hold, 0 for none, shape (len(a),)."""
        both = self._weighed[a].multiply(self._has[b])
        return np.asarray(both.max(axis=1).todense(), np.float64).reshape(-1)


def character_grams(text: str) -> set[str]:
    """Give the runs of GRAM characters of a text's words, each word with a blank on either side."""
    line = f" {' '.join(words(text))} "
    return {line[i : i + GRAM] for i in range(len(line) - GRAM + 1)}
