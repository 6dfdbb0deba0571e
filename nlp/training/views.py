"""Labelled threads as the judging steps see them: views whose drafts are the gold units."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlp.encoder import Encoder
from nlp.evaluation.given import gold_drafts, gold_units
from nlp.evaluation.labelled import LabelledThread, LabelledUnit
from nlp.segment import segment
from nlp.thread_view import ThreadView
from nlp.units import Judgement

STRAY_SHARE = 0.25  # of the gold units; about the share of wrong units on unseen threads


@dataclass(frozen=True)
class LabelledView:
    """A view, and what is known of its drafts (indices); `points` is None for no point."""

    item: LabelledThread
    view: ThreadView
    relations: dict[tuple[int, int], str]
    points: tuple[str | None, ...]


def gold_view(
    item: LabelledThread,
    encoder: Encoder,
    *,
    judged: Mapping[str, Judgement] | None = None,
    strays: Iterable[LabelledUnit] = (),
) -> LabelledView | None:
    """Make the view of a thread's gold claims and evidence, and of `strays`; None without any."""
    strays = tuple(strays)
    units = gold_units(item, strays)
    if not units:
        return None
    drafts = gold_drafts(item, judged, strays)
    index = {u.id: i for i, u in enumerate(units)}
    relations = {
        (index[a], index[b]): kind
        for a, b, kind in item.relations
        if a in index and b in index and a != b
    }
    vectors = encoder.encode([d.text for d in drafts])
    view = ThreadView(item.thread, drafts, vectors)
    return LabelledView(item, view, relations, tuple(u.point for u in units))


def strays_of(item: LabelledThread, rng: random.Random) -> list[LabelledUnit]:
    """Draw sentences that are no units, as a judge will meet them when the units are not gold."""
    taken = [(u.post, u.start, u.end) for u in item.units if u.kind in ("claim", "evidence")]
    free = [
        (post.id, sentence.start, sentence.end)
        for post in item.thread.posts
        for sentence in segment(post)[0]
        if len(post.text[sentence.start : sentence.end].split()) >= 3
        and not any(p == post.id and a < sentence.end and b > sentence.start for p, a, b in taken)
    ]
    chosen = rng.sample(free, min(len(free), int(len(taken) * STRAY_SHARE)))
    return [
        LabelledUnit(id=f"stray {k}", post=post, start=a, end=b, kind="claim")
        for k, (post, a, b) in enumerate(chosen)
    ]
