"""Kinds of single texts against gold: `crux eval units`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nlp.evaluation.classes import class_figures
from nlp.evaluation.isolated import SpanKind, kind_of_span, kind_of_text
from nlp.evaluation.labelled import LabelledThread, read_annotated
from nlp.evaluation.rows import DataError, read_rows
from nlp.units import UnitModel, default_model
from nlp.windows import KINDS

Progress = Callable[[str, float], None]


def evaluate_units(file: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Score the kind of each text of JSONL rows {text, context?, kind}; raise DataError.

    Rows that also name `doc`, `post` and `id` are put back together as threads, and judged there.
    """
    rows = read_rows(file, ("text",), {"kind": KINDS})
    gold = [row["kind"] for row in rows]
    if all({"doc", "post", "id"} <= row.keys() for row in rows):
        kinds = kinds_in_threads(file, progress)
        form = "in their threads"
    else:
        kinds = [_judged(row, place / len(rows), progress) for place, row in enumerate(rows)]
        form = "alone, with the context that the rows give"
    found = [kind.kind for kind in kinds]
    return {
        "texts judged": form,
        **class_figures(gold, found),
        "expected calibration error": round(calibration_error(gold, kinds), 3),
        "majority": class_figures(gold, [Counter(gold).most_common(1)[0][0]] * len(gold)),
    }


def _judged(row: dict[str, Any], share: float, progress: Progress | None) -> SpanKind:
    if progress:
        progress("judging", share)
    context = row.get("context") or ""
    if isinstance(context, list) and all(isinstance(text, str) for text in context):
        context = " ".join(context)
    if not isinstance(context, str):
        raise DataError(f"A context is neither text nor a list of texts: {str(context)[:60]}")
    return kind_of_text(row["text"].strip(), context.strip())


def kinds_in_threads(file: Path, progress: Progress | None = None) -> list[SpanKind]:
    """Give the kind of each annotated sentence, in order of the rows, judged in its thread."""
    threads = list(read_annotated(file))
    found: dict[tuple[str, str], SpanKind] = {}
    for place, item in enumerate(threads):
        if progress:
            progress("judging", place / len(threads))
        found.update(((item.name, key), kind) for key, kind in thread_kinds(item).items())
    rows = read_rows(file, ("text",), {})
    return [found[row["doc"], row["id"]] for row in rows]


def thread_kinds(item: LabelledThread, model: UnitModel | None = None) -> dict[str, SpanKind]:
    """Give the kind that the unit model sees in each labelled unit of a thread, by its id."""
    judged = (model or default_model()).judge(item.thread)
    return {u.id: kind_of_span(judged[u.post], u.start, u.end) for u in item.units}


def calibration_error(gold: list[str], kinds: list[SpanKind], bins: int = 10) -> float:
    """Mean gap between confidence and share right, over bins of confidence (0 to 1)."""
    total = 0.0
    for low in range(bins):
        inside = [
            (g == k.kind, k.confidence)
            for g, k in zip(gold, kinds, strict=True)
            if low == min(bins - 1, int(k.confidence * bins))
        ]
        total += abs(sum(right for right, _ in inside) - sum(sure for _, sure in inside))
    return total / len(gold)
