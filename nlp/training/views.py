"""Labelled threads as the judging steps see them: views whose drafts are the gold units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nlp.encoder import Encoder
from nlp.evaluation.given import gold_drafts, gold_units
from nlp.evaluation.labelled import LabelledThread
from nlp.thread_view import ThreadView
from nlp.units import Judgement


@dataclass(frozen=True)
class LabelledView:
    """A view, and what is known of its drafts (indices)."""

    item: LabelledThread
    view: ThreadView
    relations: dict[tuple[int, int], str]
    points: tuple[str | None, ...]


def gold_view(
    item: LabelledThread, judged: dict[str, Judgement], encoder: Encoder
) -> LabelledView | None:
    """Make the view of a thread's gold claims and evidence; None when it has none."""
    units = gold_units(item)
    if not units:
        return None
    drafts = gold_drafts(item, judged)
    index = {u.id: i for i, u in enumerate(units)}
    relations = {
        (index[a], index[b]): kind
        for a, b, kind in item.relations
        if a in index and b in index and a != b
    }
    vectors = encoder.encode([d.text for d in drafts])
    view = ThreadView(item.thread, drafts, vectors)
    return LabelledView(item, view, relations, tuple(u.point for u in units))


def gold_views(
    items: Iterable[LabelledThread],
    judged: dict[str, dict[str, Judgement]],
    encoder: Encoder,
) -> list[LabelledView]:
    """Make the views of all threads that have units; `judged` is by thread name, then post."""
    views = (gold_view(item, judged[item.name], encoder) for item in items)
    return [view for view in views if view is not None]
