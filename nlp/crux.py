"""The point on which people really divide, and the question that the thread is about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.model import Issue
from nlp.relations import Link, Related
from nlp.segment import segment
from nlp.thread_view import ThreadView
from nlp.weights import choices
from nlp.words import content_stems

Group = tuple[int, ...]
Floats = NDArray[np.float32]

# What marks the point on which a thread divides; `nlp.training.crux` fits what each weighs.
FEATURES = (
    "likely support",
    "likely attack",
    "people who attack it",
    "times said",
    "place of first say",
    "said first",
    "likeness to the question",
)

ASKING_POSTS = 3  # later questions are about what was said, not what the thread is about
LEAST_QUESTION = 5  # words
LEAST_TITLE = 4  # words: fewer are the name of a channel or a topic
LONGEST_ISSUE = 200  # characters: a question longer than that is a story with a question mark


def person_of(view: ThreadView, draft: int) -> str:
    """Name the person who says a draft; a post without an author is a person of its own."""
    return view.thread.posts[int(view.posts[draft])].speaker


def sides(
    view: ThreadView, groups: Sequence[Group], links: Sequence[Link]
) -> list[tuple[set[str], set[str]]]:
    """Give for every group those who say or support it, and the others who attack it.

    Whoever holds a point that attacks another is against that other, and its holders against his.
    """
    group_of = {member: k for k, group in enumerate(groups) for member in group}
    pro = [{person_of(view, m) for m in group} for group in groups]
    con: list[set[str]] = [set() for _ in groups]
    for link in links:
        k, source = group_of.get(link.target), group_of.get(link.source)
        if k is None or source == k:
            continue
        (pro if link.type == "support" else con)[k].add(person_of(view, link.source))
        if source is not None and link.type == "attack":
            con[source] |= {person_of(view, m) for m in groups[k]}
    return [(p, c - p) for p, c in zip(pro, con, strict=True)]


def features(
    view: ThreadView, groups: Sequence[Group], related: Related, asked: Floats | None
) -> NDArray[np.float64]:
    """Give the features of every group, shape (n, len(FEATURES)), scaled within the thread.

    `asked` is the vector of the thread's question, if it has one.
    """
    group_of = {member: k for k, group in enumerate(groups) for member in group}
    attackers: list[set[str]] = [set() for _ in groups]
    for link in related.links:
        k = group_of.get(link.target)
        if k is not None and group_of.get(link.source) != k and link.type == "attack":
            attackers[k].add(person_of(view, link.source))
    last = max(1, len(view.thread.posts) - 1)
    rows = np.array(
        [
            [
                np.log1p(related.mass[list(group), 0].sum()),
                np.log1p(related.mass[list(group), 1].sum()),
                np.log1p(len(attackers[k])),
                np.sqrt(len(group)),
                int(view.posts[group[0]]) / last,
                float(k == 0),
                0.0 if asked is None else float(view.vectors[list(group)].mean(0) @ asked),
            ]
            for k, group in enumerate(groups)
        ]
    ).reshape(-1, len(FEATURES))
    return np.asarray((rows - rows.mean(0)) / (rows.std(0) + 1e-6))


def is_asked(view: ThreadView, group: Group, issue: Issue | None) -> bool:
    """Whether a group says no more than the question that the thread is about: no side of it."""
    if issue is None or not issue.text.rstrip(" \"'”’)*_").endswith("?"):
        return False
    drafts = [view.drafts[member] for member in group]
    return all(d.post == issue.post and d.start < issue.end and d.end > issue.start for d in drafts)


def find(
    view: ThreadView,
    groups: Sequence[Group],
    related: Related,
    issue: Issue | None,
    asked: Floats | None,
) -> int | None:
    """Give the index of the group on which people most divide; None when nobody disagrees.

    `issue` is the thread's question and `asked` its vector, if it has one.
    """
    divided = [
        k
        for k, (pro, con) in enumerate(sides(view, groups, related.links))
        if pro and con and not is_asked(view, groups[k], issue)
    ]
    if not divided:
        return None
    chosen = choices()["crux"]
    weights = np.array([chosen[name] for name in FEATURES])
    scores = features(view, groups, related, asked) @ weights
    return max(divided, key=lambda k: (round(float(scores[k]), 6), -k))


def issue_of(view: ThreadView) -> Issue | None:
    """Give the question that the thread is about, as an exact span; None where nobody says one.

    It is the title when that asks; else the question, of those that the first posts ask (the very
    first alone, where there is a title), that is nearest in words to the claims; else the title,
    else the first claim.
    """
    claims = [i for i, d in enumerate(view.drafts) if d.kind == "claim"]
    if not claims:
        return None
    title = _title(view)
    if title is not None and title.text.endswith("?"):
        return title
    asked = _asked(view, claims, 1 if title else ASKING_POSTS)
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


def _asked(view: ThreadView, claims: Sequence[int], posts: int) -> Issue | None:
    """Give the question of the first posts that shares most words with the claims."""
    counts: dict[str, int] = {}
    for i in claims:
        for stem in view.stems[i]:
            counts[stem] = counts.get(stem, 0) + 1
    best: tuple[float, Issue] | None = None
    for place, post in enumerate(view.thread.posts[:posts]):
        for rank, sentence in enumerate(segment(post)[0]):
            text = post.text[sentence.start : sentence.end]
            if not text.rstrip(" \"'”’)*_").endswith("?") or len(text) > LONGEST_ISSUE:
                continue
            if len(text.split()) < LEAST_QUESTION:
                continue
            score = _topicality(text, counts) / (1 + place) - 0.02 * rank
            if score > 0.1 and (best is None or score > best[0]):
                best = score, Issue(text=text, post=post.id, start=sentence.start, end=sentence.end)
    return best[1] if best else None


def _topicality(text: str, counts: dict[str, int]) -> float:
    stems = set(content_stems(text))
    return float(np.log1p([counts.get(s, 0) for s in sorted(stems)]).sum()) if stems else 0.0
