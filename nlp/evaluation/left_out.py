"""What a map leaves out, by reason, and how much of it labellers take for a point.

Every passage that is not on a map has its reason in the residue. Most reasons are plain ("link
only", "thanks"); "off topic" and "too weak" are judgements, and can be wrong. A passage counts as
somebody's point where more than half of its words lie in gold claims or evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from nlp.evaluation.labelled import LabelledThread
from nlp.evaluation.metrics import KINDS, tokens_of
from nlp.model import ArgumentMap


@dataclass(frozen=True)
class LeftOut:
    """A passage of a post that is not on the map; `point` says whether the gold map has it."""

    reason: str
    words: int
    point: bool


def left_out(found: ArgumentMap, gold: LabelledThread) -> list[LeftOut]:
    """Give what a map leaves out of the text of a thread, in reading order."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for unit in gold.units:
        if unit.kind in KINDS:
            spans.setdefault(unit.post, []).append((unit.start, unit.end))
    tokens = {post.id: tokens_of(post.text) for post in gold.thread.posts}
    rows = []
    for row in found.residue:
        if row.text is not None:  # of the page around the posts
            continue
        inside = [(a, b) for a, b in tokens[row.post] if row.start <= a and b <= row.end]
        held = sum(any(s <= a and b <= e for s, e in spans.get(row.post, ())) for a, b in inside)
        if inside:
            rows.append(LeftOut(row.reason, len(inside), 2 * held > len(inside)))
    return rows
