"""From a thread to the map of its argument: the steps, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nlp import crux, headlines, keypoints, repeats, residue, units
from nlp.agreement import carried
from nlp.assemble import assemble
from nlp.encoder import Encoder, default_encoder
from nlp.model import ArgumentMap, Residue, Thread
from nlp.relations import relate, with_concessions
from nlp.segment import segment
from nlp.thread_view import Draft, ThreadView

Progress = Callable[[str, float], None]


def analyze(
    thread: Thread, progress: Progress | None = None, encoder: Encoder | None = None
) -> ArgumentMap:
    """Give the argument map of a thread: the same thread always gives the same map.

    `progress` is called with the name of a step and the share of it that is done (0 to 1).
    `encoder` replaces the shipped one.
    """
    drafts, dropped = find(thread, progress)
    return chart(thread, drafts, dropped, progress, encoder)


def find(
    thread: Thread, progress: Progress | None = None
) -> tuple[tuple[Draft, ...], list[Residue]]:
    """Find the units of a thread, and what is none of them, with its reason."""
    tell = progress or (lambda _step, _share: None)
    tell("reading", 0.0)
    segmented = repeats.set_aside(thread, {post.id: segment(post) for post in thread.posts})
    judged = units.default_model().judge(thread, lambda share: tell("finding points", share))
    return units.draft(thread, segmented, judged)


def chart(
    thread: Thread,
    drafts: Sequence[Draft],
    dropped: Sequence[Residue],
    progress: Progress | None = None,
    encoder: Encoder | None = None,
) -> ArgumentMap:
    """Give the map of units that are known, and of what was left out: every step after finding."""
    tell = progress or (lambda _step, _share: None)
    tell("comparing points", 0.0)
    encoder = encoder or default_encoder()
    vectors = encoder.encode([d.text for d in drafts])
    view = ThreadView(thread, tuple(drafts), vectors)
    tell("relating points", 0.0)
    related = relate(view)
    groups = keypoints.group(view, related.attacks())
    tell("naming points", 0.0)
    names = headlines.name(view, groups)
    issue = crux.issue_of(view)
    asked = None if issue is None else encoder.encode([issue.text])[0]
    divide = crux.find(view, groups, related, issue, asked)
    tell("drawing the map", 1.0)
    return carried(
        assemble(
            view,
            groups=groups,
            links=with_concessions(view, related.links),
            names=names,
            issue=issue,
            divide=divide,
            left_out=residue.of(thread, list(dropped)),
        )
    )
