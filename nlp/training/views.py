"""Labelled threads as the judging steps see them: views whose drafts are the gold units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nlp.encoder import Encoder
from nlp.evaluation.labelled import LabelledThread, LabelledUnit
from nlp.model import Kind
from nlp.thread_view import Draft, ThreadView
from nlp.units import Judgement, Stretch, make_draft


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
    order = {p.id: i for i, p in enumerate(item.thread.posts)}
    units = sorted(
        (u for u in item.units if u.kind in ("claim", "evidence")),
        key=lambda u: (order[u.post], u.start, u.end),
    )
    if not units:
        return None
    texts = {p.id: p.text for p in item.thread.posts}
    reached: dict[str, int] = {}
    drafts = []
    for unit in units:
        before = texts[unit.post][reached.get(unit.post, 0) : unit.start]
        drafts.append(_draft(unit, texts[unit.post], judged[unit.post], before))
        reached[unit.post] = unit.end
    index = {u.id: i for i, u in enumerate(units)}
    relations = {
        (index[a], index[b]): kind
        for a, b, kind in item.relations
        if a in index and b in index and a != b
    }
    vectors = encoder.encode([d.text for d in drafts])
    view = ThreadView(item.thread, tuple(drafts), vectors)
    return LabelledView(item, view, relations, tuple(u.point for u in units))


def _draft(unit: LabelledUnit, text: str, judgement: Judgement, before: str) -> Draft:
    stretch = Stretch(unit.post, unit.start, unit.end, unit.kind, 0.8)
    words = text[unit.start : unit.end]
    kind: Kind = "claim" if unit.kind == "claim" else "evidence"
    return make_draft(stretch, kind, judgement, words, before)


def gold_views(
    items: Iterable[LabelledThread],
    judged: dict[str, dict[str, Judgement]],
    encoder: Encoder,
) -> list[LabelledView]:
    """Make the views of all threads that have units; `judged` is by thread name, then post."""
    views = (gold_view(item, judged[item.name], encoder) for item in items)
    return [view for view in views if view is not None]
