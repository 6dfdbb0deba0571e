"""Figures of a choice between classes: precision, recall and F1 of each, and their mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any


def class_figures(gold: Sequence[str], found: Sequence[str]) -> dict[str, Any]:
    """Give accuracy, macro-F1 and the figures of each class, to three digits.

    Macro-F1 is the mean over the classes that `gold` holds.
    """
    pairs = Counter(zip(gold, found, strict=True))
    names = sorted({*gold, *found})
    each = {}
    for name in names:
        hits = pairs[name, name]
        guessed = sum(n for (_, f), n in pairs.items() if f == name)
        wanted = sum(n for (g, _), n in pairs.items() if g == name)
        each[name] = {
            "precision": round(hits / guessed, 3) if guessed else 0.0,
            "recall": round(hits / wanted, 3) if wanted else 0.0,
            "f1": round(2 * hits / (guessed + wanted), 3),
            "gold": wanted,
        }
    return {
        "rows": len(gold),
        "accuracy": round(sum(n for (g, f), n in pairs.items() if g == f) / len(gold), 3),
        "macro-F1": round(macro_f1(gold, found), 3),
        "classes": each,
    }


def macro_f1(gold: Sequence[str], found: Sequence[str]) -> float:
    """Give the mean of the F1 of the classes that `gold` holds (0 to 1)."""
    pairs = Counter(zip(gold, found, strict=True))
    held, guessed = Counter(gold), Counter(found)
    scores = [2 * pairs[name, name] / (held[name] + guessed[name]) for name in sorted(held)]
    return sum(scores) / len(scores)


def f1_of(name: str, gold: Sequence[str], found: Sequence[str]) -> float:
    """Give the F1 of one class (0 to 1)."""
    hits = sum(g == f == name for g, f in zip(gold, found, strict=True))
    total = sum(g == name for g in gold) + sum(f == name for f in found)
    return 2 * hits / total if total else 0.0
