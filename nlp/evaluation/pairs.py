"""Support and attack of single pairs against gold: `crux eval relations`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nlp.evaluation.classes import class_figures
from nlp.evaluation.isolated import NEUTRAL, relation_of_pair
from nlp.evaluation.rows import read_rows

Progress = Callable[[str, float], None]

LABELS = ("support", "attack", NEUTRAL)


def evaluate_pairs(file: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Score JSONL rows {a, b, label, topic?}, where b answers or backs a; raise DataError.

    A pair that the relation step does not tie is neutral. Beside it stand two baselines: every b
    attacks, and the commonest label.
    """
    rows = read_rows(file, ("a", "b"), {"label": LABELS})
    gold = [row["label"] for row in rows]
    found = relations_of_rows(rows, progress)
    return {
        **class_figures(gold, found),
        "every reply attacks": class_figures(gold, ["attack"] * len(gold)),
        "majority": class_figures(gold, [Counter(gold).most_common(1)[0][0]] * len(gold)),
    }


def relations_of_rows(
    rows: Sequence[dict[str, Any]], progress: Progress | None = None
) -> list[str]:
    """Give the label of each row {a, b, topic?}, in order."""
    found = []
    for done, row in enumerate(rows):
        if progress:
            progress("relating", done / len(rows))
        topic = row.get("topic")
        found.append(
            relation_of_pair(row["a"], row["b"], topic if isinstance(topic, str) else None)
        )
    return found
