"""The point on which people really divide, and the question that the thread is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.model import Issue
from nlp.relations import Link
from nlp.segment import segment
from nlp.thread_view import ThreadView
from nlp.words import content_stems

Group = tuple[int, ...]

LEAST_TITLE = 4  # words: fewer are the name of a channel or a topic
LONGEST_ISSUE = 200  # characters: a question longer than that is a story with a question mark


@dataclass(frozen=True)
class Weight:
    """Who stands for a key point and who against it, as sets of people."""

    pro: frozenset[str]
    con: frozenset[str]
    strength: float

    @property
    def divided(self) -> tuple[float, float]:
        """How much the point divides: the smaller side first, then all that is said on it."""
        return (min(len(self.pro), len(self.con)), self.strength)


def person_of(view: ThreadView, draft: int) -> str:
    """Name the person who says a draft; a post without an author is a person of its own."""
    post = view.thread.posts[int(view.posts[draft])]
    return post.author or f"post {post.id}"


def weigh(view: ThreadView, groups: Sequence[Group], links: Sequence[Link]) -> list[Weight]:
    """Weigh every group: those who say or support it, and those who attack it."""
    group_of = {member: k for k, group in enumerate(groups) for member in group}
    pro: list[set[str]] = [{person_of(view, m) for m in group} for group in groups]
    con: list[set[str]] = [set() for _ in groups]
    strength = [0.0] * len(groups)
    for link in links:
        k = group_of.get(link.target)
        if k is None or group_of.get(link.source) == k:
            continue
        (pro if link.type == "support" else con)[k].add(person_of(view, link.source))
        strength[k] += link.confidence
        source = group_of.get(link.source)
        if source is not None and link.type == "attack":
            con[source] |= {person_of(view, m) for m in groups[k]}
    return [
        Weight(frozenset(p), frozenset(c - p), s)
        for p, c, s in zip(pro, con, strength, strict=True)
    ]


def find(view: ThreadView, groups: Sequence[Group], links: Sequence[Link]) -> int | None:
    """Give the index of the group with most weight on both sides; None when nobody disagrees."""
    weights = weigh(view, groups, links)
    best = max(range(len(groups)), key=lambda k: (weights[k].divided, -k), default=None)
    return best if best is not None and weights[best].divided[0] > 0 else None


def issue_of(view: ThreadView) -> Issue | None:
    """Give the question that the thread is about, as an exact span; None where nobody says one.

    It is the title when that asks; else the question, of those that the first posts ask, that is
    nearest in words to the claims; else the title, else the first claim.
    """
    claims = [i for i, d in enumerate(view.drafts) if d.kind == "claim"]
    if not claims:
        return None
    title = _title(view)
    if title is not None and title.text.endswith("?"):
        return title
    asked = _asked(view, claims)
    if asked is not None or title is not None:
        return asked or title
    first = view.drafts[claims[0]]
    return Issue(text=first.text, post=first.post, start=first.start, end=first.end)


def _title(view: ThreadView) -> Issue | None:
    """Give the thread's title where it says something: the name of a channel does not."""
    title = view.thread.title or ""
    text = title.strip()
    if len(text.split()) < LEAST_TITLE or len(text) > LONGEST_ISSUE:
        return None
    start = title.index(text)
    return Issue(text=text, post=None, start=start, end=start + len(text))


def _asked(view: ThreadView, claims: Sequence[int]) -> Issue | None:
    """Give the question of the first posts that shares most words with the claims."""
    counts: dict[str, int] = {}
    for i in claims:
        for stem in view.stems[i]:
            counts[stem] = counts.get(stem, 0) + 1
    best: tuple[float, Issue] | None = None
    for place, post in enumerate(view.thread.posts[:3]):
        for rank, sentence in enumerate(segment(post)[0]):
            text = post.text[sentence.start : sentence.end]
            if not text.rstrip(" \"'”’)*_").endswith("?") or len(text) > LONGEST_ISSUE:
                continue
            score = _topicality(text, counts) / (1 + place) - 0.02 * rank
            if score > 0.1 and (best is None or score > best[0]):
                best = score, Issue(text=text, post=post.id, start=sentence.start, end=sentence.end)
    return best[1] if best else None


def _topicality(text: str, counts: dict[str, int]) -> float:
    stems = set(content_stems(text))
    return float(np.log1p([counts.get(s, 0) for s in sorted(stems)]).sum()) if stems else 0.0
