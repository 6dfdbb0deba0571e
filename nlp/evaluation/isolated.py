"""Single texts and pairs of texts, judged by the shipped steps.

The steps read threads; so a text becomes the post of a thread of one, and a pair a post and its
answer. What is measured so is what a map would say of them, not a model of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nlp.encoder import Vectors, default_encoder
from nlp.model import Kind, Post, Thread
from nlp.relations import relate
from nlp.thread_view import Draft, ThreadView
from nlp.units import Decoding, Judgement, Stretch, default_model, make_draft
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
    """Give the likeliest kind of a span of a judged post, as the division of a post would."""
    low = int(np.searchsorted(judgement.starts, start, side="left"))
    high = int(np.searchsorted(judgement.starts, end, side="left"))
    if high <= low:
        return SpanKind("other", 0.0)
    bias = Decoding()
    scores = judgement.kinds[low:high].mean(0) + np.array(
        [0.0, bias.claim_bias, bias.evidence_bias, 0.0]
    )
    kind = int(scores.argmax())
    return SpanKind(KINDS[kind], float(np.exp(judgement.kinds[low:high, kind]).mean()))


def relation_of_pair(
    first: str, second: str, topic: str | None = None, vectors: Vectors | None = None
) -> str:
    """Say what `second` does to `first`, which it answers or backs: support, attack or neutral.

    `vectors` are the encoder's rows of the two, shape (2, d), where they are known.
    """
    posts = (
        Post(id="1", text=first, author="A"),
        Post(id="2", text=second, author="B", reply_to="1"),
    )
    thread = Thread(id="isolated", title=topic, posts=posts)
    judged = default_model().judge(thread)
    drafts = (whole_draft(posts[0], judged["1"], "claim"), whole_draft(posts[1], judged["2"]))
    if vectors is None:
        vectors = default_encoder().encode([first, second])
    view = ThreadView(thread, drafts, vectors)
    found = [link for link in relate(view) if (link.source, link.target) == (1, 0)]
    return found[0].type if found else NEUTRAL


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
