"""Fit gradient-boosted trees with scikit-learn and write them for `nlp.forest`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier


def fit(
    rows: NDArray[np.float64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
    *,
    seed: int,
    rounds: int = 150,
    rate: float = 0.06,
    leaves: int = 15,
) -> HistGradientBoostingClassifier:
    """Fit `rounds` trees a class on rows (n, features) and labels (n,)."""
    model = HistGradientBoostingClassifier(
        max_iter=rounds,
        learning_rate=rate,
        max_leaf_nodes=leaves,
        min_samples_leaf=20,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=seed,
    )
    return model.fit(rows, labels, sample_weight=weights)


def write(model: Any, features: Sequence[str], file: Path) -> None:
    """Write a fitted model as flat arrays, thresholds in float64, values in float32."""
    columns: dict[str, list[Any]] = {
        key: [] for key in ("feature", "threshold", "left", "right", "value", "roots", "class_of")
    }
    for trees in model._predictors:
        for column, tree in enumerate(trees):
            base = len(columns["value"])
            columns["roots"].append(base)
            columns["class_of"].append(column)
            for node in tree.nodes:
                leaf = bool(node["is_leaf"])
                columns["feature"].append(0 if leaf else int(node["feature_idx"]))
                columns["threshold"].append(0.0 if leaf else float(node["num_threshold"]))
                columns["left"].append(-1 if leaf else base + int(node["left"]))
                columns["right"].append(-1 if leaf else base + int(node["right"]))
                columns["value"].append(float(node["value"]))
    np.savez_compressed(
        file,
        features=np.array(features),
        feature=np.array(columns["feature"], np.int16),
        threshold=np.array(columns["threshold"], np.float64),
        left=np.array(columns["left"], np.int32),
        right=np.array(columns["right"], np.int32),
        value=np.array(columns["value"], np.float32),
        roots=np.array(columns["roots"], np.int32),
        class_of=np.array(columns["class_of"], np.int16),
        baseline=np.asarray(model._baseline_prediction, np.float64).reshape(-1),
    )
