"""Gradient-boosted trees, read from a plain .npz and evaluated with numpy alone.

`nlp.training.forest` fits them with scikit-learn and writes the file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]


class Forest:
    """Trees of all classes, their nodes in flat arrays; classes share one softmax (or sigmoid)."""

    def __init__(self, file: Path) -> None:
        with np.load(file, allow_pickle=False) as stored:
            self.features = tuple(str(name) for name in stored["features"])
            self._feature = stored["feature"]
            self._threshold = stored["threshold"]
            self._left = stored["left"]
            self._right = stored["right"]
            self._value = stored["value"]
            self._roots = stored["roots"]
            self._class_of = stored["class_of"]
            self._baseline = stored["baseline"]

    def scores(self, rows: Rows) -> Rows:
        """Give raw scores, shape (n, classes), for rows of shape (n, features) without NaN."""
        n = len(rows)
        out = np.tile(self._baseline, (n, 1))
        index = np.arange(n)
        for root, column in zip(self._roots, self._class_of, strict=True):
            node = np.full(n, root)
            active = self._left[node] >= 0
            while active.any():
                at = node[active]
                goes_left = rows[index[active], self._feature[at]] <= self._threshold[at]
                node[active] = np.where(goes_left, self._left[at], self._right[at])
                active = self._left[node] >= 0
            out[:, column] += self._value[node]
        return out

    def probabilities(self, rows: Rows) -> Rows:
        """Give probabilities: (n, classes) for several classes, (n, 1) of "yes" for one score."""
        scores = self.scores(rows)
        if scores.shape[1] == 1:
            return np.asarray(1.0 / (1.0 + np.exp(-scores)))
        shifted = np.exp(scores - scores.max(1, keepdims=True))
        return np.asarray(shifted / shifted.sum(1, keepdims=True))
