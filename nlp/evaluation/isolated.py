"""Single texts and pairs of texts, judged by the shipped steps.

The steps read threads; so a text becomes the post of a thread of one, and a pair a post and its
answer. What is measured so is what a map would say of them, not a model of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.model import Kind, Post, Thread
from nlp.pipeline import chart
from nlp.thread_view import Draft
from nlp.units import Judgement, Stretch, default_model, make_draft
from nlp.windows import KINDS

NEUTRAL = "neutral"


@dataclass(frozen=True)
class SpanKind:
    """The kind of a span (one of `nlp.windows.KINDS`) and how sure that is (0 to 1)."""

    kind: str
    confidence: float


def kind_of_text(text: str, context: str = "") -> SpanKind:
    """Judge a text as one unit.

    `context` is the post that holds the text, or what its writer says just before it.
    """
    at = context.find(text)
    if at < 0:
        whole = f"{context} {text}" if context else text
        at = len(whole) - len(text)
    else:
        whole = context
    thread = Thread(id="isolated", posts=(Post(id="1", text=whole),))
    return kind_of_span(default_model().judge(thread)["1"], at, at + len(text))


def kind_of_span(judgement: Judgement, start: int, end: int) -> SpanKind:
    """Give the likeliest kind of a span of a judged post, by the mean over its tokens."""
    low = int(np.searchsorted(judgement.starts, start, side="left"))
    high = int(np.searchsorted(judgement.starts, end, side="left"))
    if high <= low:
        return SpanKind("other", 0.0)
    kind = int(judgement.kinds[low:high].mean(0).argmax())
    return SpanKind(KINDS[kind], float(np.exp(judgement.kinds[low:high, kind]).mean()))


def relation_of_pair(first: str, second: str, topic: str | None = None) -> str:
    """Say what `second` does to `first`, which it answers or backs: support, attack or neutral."""
    posts = (
        Post(id="1", text=first, author="A"),
        Post(id="2", text=second, author="B", reply_to="1"),
    )
    thread = Thread(id="isolated", title=topic, posts=posts)
    judged = default_model().judge(thread)
    drafts = (whole_draft(posts[0], judged["1"], "claim"), whole_draft(posts[1], judged["2"]))
    found = [r for r in chart(thread, drafts, ()).relations if (r.source, r.target) == ("u2", "u1")]
    return found[0].type if found else NEUTRAL


def group_texts(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """Group texts as claims, each the whole post of another person; indices, by first member."""
    posts = tuple(Post(id=str(i), text=text, author=f"person {i}") for i, text in enumerate(texts))
    thread = Thread(id="isolated", posts=posts)
    judged = default_model().judge(thread)
    drafts = tuple(whole_draft(post, judged[post.id], "claim") for post in posts)
    place = {f"u{i + 1}": i for i in range(len(texts))}
    points = chart(thread, drafts, ()).key_points
    return [tuple(place[unit] for unit in point.units) for point in points]


def whole_draft(post: Post, judgement: Judgement, kind: Kind | None = None) -> Draft:
    """Give the draft of a whole post as one unit; its likelier kind where none is given."""
    if kind is None:
        sums = judgement.kinds.sum(0)
        evident = sums[KINDS.index("evidence")] > sums[KINDS.index("claim")]
        kind = "evidence" if evident else "claim"
    chances = np.exp(judgement.kinds[:, KINDS.index(kind)])
    confidence = float(chances.mean()) if len(chances) else 0.0
    stretch = Stretch(post.id, 0, len(post.text), kind, round(confidence, 3))
    return make_draft(stretch, kind, judgement, post.text, "")
