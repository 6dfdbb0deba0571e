"""Maps of gold units: what the steps after finding do when every unit is right.

So relations, grouping and headlines are measured by themselves, not by what finding missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from nlp.encoder import Encoder
from nlp.evaluation.labelled import LabelledThread, LabelledUnit
from nlp.model import ArgumentMap, Kind
from nlp.thread_view import Draft
from nlp.units import Judgement, Stretch, default_model, make_draft

GivenMapper = Callable[[LabelledThread], ArgumentMap]

CONFIDENCE = 0.8  # of a gold unit, the same in training: about the mean of units that are found


def gold_units(item: LabelledThread, strays: Iterable[LabelledUnit] = ()) -> list[LabelledUnit]:
    """Give the gold claims and evidence of a thread, and `strays`, in reading order."""
    order = {post.id: place for place, post in enumerate(item.thread.posts)}
    return sorted(
        (u for u in (*item.units, *strays) if u.kind in ("claim", "evidence")),
        key=lambda u: (order[u.post], u.start, u.end),
    )


def gold_drafts(
    item: LabelledThread,
    judged: Mapping[str, Judgement] | None = None,
    strays: Iterable[LabelledUnit] = (),
) -> tuple[Draft, ...]:
    """Give the drafts of `gold_units`, in their order; `judged` is by post.

    Without `judged` nothing is known of what the unit model makes of their words.
    """
    texts = {post.id: post.text for post in item.thread.posts}
    reached: dict[str, int] = {}
    drafts = []
    for unit in gold_units(item, strays):
        text = texts[unit.post]
        stretch = Stretch(unit.post, unit.start, unit.end, unit.kind, CONFIDENCE)
        kind: Kind = "claim" if unit.kind == "claim" else "evidence"
        words = text[unit.start : unit.end]
        before = text[reached.get(unit.post, 0) : unit.start]
        drafts.append(
            make_draft(
                stretch, kind, judged[unit.post] if judged is not None else None, words, before
            )
        )
        reached[unit.post] = unit.end
    return tuple(drafts)


def map_given(item: LabelledThread, encoder: Encoder | None = None) -> ArgumentMap:
    """Give the map that Crux draws of a thread's gold units; unit i of `gold_units` is `u{i+1}`."""
    from nlp.pipeline import chart

    judged = default_model().judge(item.thread)
    return chart(item.thread, gold_drafts(item, judged), (), encoder=encoder)


def matched_given(item: LabelledThread) -> dict[str, str]:
    """Give the unit of the map for each gold unit: gold id -> map id."""
    return {unit.id: f"u{place + 1}" for place, unit in enumerate(gold_units(item))}
