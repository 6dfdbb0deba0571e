"""Who answers whom where a copied page hides it: comments without their depth.

A reader guesses by a rule (turns of talk); trees fitted on threads whose links are known
(`nlp.training.turns`) hold that guess against every earlier comment, by the order of the page, who
spoke to whom before, who is named, shared and quoted words, and the manner of the comment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nlp.forest import Forest
from nlp.model import Thread
from nlp.replies import Talk
from nlp.weights import WEIGHTS
from nlp.words import words

WINDOW = 40  # earlier comments that are held against one; the first post is always among them
LOOK_BACK = 200  # earlier comments that tell who spoke to whom
DEEPEST = 100  # levels of a page that are looked at

FEATURES = (
    "guessed",
    "distance",
    "before",
    "first",
    "open",
    "steps up",
    "guess is first",
    "guess is before",
    "same author",
    "their parent is mine",
    "they are first author",
    "I am first author",
    "spoke before",
    "mine since",
    "last to answer me",
    "I answered them",
    "names them",
    "names anybody",
    "shared words",
    "best shared words",
    "most shared words",
    "copied words",
    "answer word",
    "short",
    "length",
    "their length",
    "question",
    "their question",
    "says you",
    "agrees",
    "reports back",
    "answered already",
    "depth",
    "flat",
    "thanks",
)
_FLAT = frozenset({"forum"})  # platforms that show comments in the order of time
_YOU = re.compile(r"\b(?:you|your|you're|u|ur|yours)\b", re.IGNORECASE)
_AGREES = re.compile(
    r"\W*(?:\^+|this\b|exactly|agreed?\b|same\b|so true|yes\b|yep|yup|\+1|lol|lmao|ha(?:ha)+|"
    r"fair\b|true\b|right\b|correct|no\b|nope|nah|wrong|disagree)",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\W*(?:(?:final |quick |small )?(?:update|edit)\b|op here|thanks (?:all|every))", re.I
)
_RUN = 4  # words in a row that make a copy

Rows = NDArray[np.float32]


def settle(thread: Thread) -> Thread:
    """Judge anew what each post answers whose link its reader guessed; all other links stay."""
    if not any(post.reply_inferred for post in thread.posts):
        return thread
    posts = thread.posts
    place = {post.id: i for i, post in enumerate(posts)}
    links = [-1 if p.reply_to is None else place[p.reply_to] for p in posts]
    page = Page(thread)
    model = _model()
    for i, post in enumerate(posts):
        if post.reply_inferred and i:
            candidates, rows = page.rows(i, links, guess=links[i])
            links[i] = int(candidates[int(np.argmax(model.scores(rows.astype(np.float64))[:, 0]))])
    settled = tuple(
        replace(p, reply_to=posts[links[i]].id) if p.reply_inferred and links[i] >= 0 else p
        for i, p in enumerate(posts)
    )
    return replace(thread, posts=settled)


@cache
def _model() -> Forest:
    return Forest(WEIGHTS / "turns.npz")


class Page:
    """A copied page as numbers: what `rows` needs of each comment, worked out once."""

    def __init__(self, thread: Thread) -> None:
        named = speakers(thread)
        posts = [replace(p, author=name) for p, name in zip(thread.posts, named, strict=True)]
        self._talk = Talk(posts)
        self._authors = self._talk.author
        self._anonymous = [name is None for name in named]
        self._flat = float(thread.platform in _FLAT)
        texts = [post.text for post in posts]
        self._you = [bool(_YOU.search(t)) for t in texts]
        self._agrees = [bool(_AGREES.match(t)) for t in texts]
        self._reports = [bool(_REPORTS.match(t)) for t in texts]
        self._runs = [_runs(t) for t in texts]

    def rows(self, i: int, links: Sequence[int], guess: int) -> tuple[NDArray[np.int64], Rows]:
        """Give the earlier comments that comment `i` may answer, and a row of features for each.

        `links` holds what the comments before `i` answer, -1 for nothing.
        """
        talk = self._talk
        first = max(0, i - WINDOW)
        candidates = np.arange(first, i) if first == 0 else np.array([0, *range(first, i)])
        rows = np.zeros((len(candidates), len(FEATURES)), np.float32)
        column = {name: rows[:, k] for k, name in enumerate(FEATURES)}
        chain = _chain(i - 1, links)
        steps = {c: n for n, c in enumerate(chain)}
        recent = range(max(0, i - LOOK_BACK), i)
        mine = [c for c in recent if self._same(c, i)]
        parents = [links[int(c)] for c in candidates]
        answers_me = [c for c in recent if links[c] >= 0 and self._same(links[c], i)]
        i_answered = {int(self._authors[links[c]]) for c in mine if links[c] >= 0}
        shared = np.array([talk.similarity(i, int(c)) for c in candidates], np.float32)
        copied = np.array([len(self._runs[i] & self._runs[c]) for c in candidates], np.float32)
        answered: dict[int, int] = {}
        for c in recent:
            answered[links[c]] = answered.get(links[c], 0) + 1
        column["guessed"][:] = candidates == guess
        column["distance"][:] = i - candidates
        column["before"][:] = candidates == i - 1
        column["first"][:] = candidates == 0
        column["open"][:] = [c in steps for c in candidates]
        column["steps up"][:] = [steps.get(int(c), -1) for c in candidates]
        column["guess is first"][:] = guess == 0
        column["guess is before"][:] = guess == i - 1
        column["same author"][:] = [self._same(int(c), i) for c in candidates]
        column["their parent is mine"][:] = [p >= 0 and self._same(p, i) for p in parents]
        column["they are first author"][:] = [self._same(int(c), 0) for c in candidates]
        column["I am first author"][:] = self._same(i, 0)
        column["spoke before"][:] = len(mine) > 0
        column["mine since"][:] = [sum(m > c for m in mine) for c in candidates]
        column["last to answer me"][:] = candidates == (answers_me[-1] if answers_me else -1)
        column["I answered them"][:] = [int(self._authors[c]) in i_answered for c in candidates]
        named = talk.named[i]
        column["names them"][:] = [named.get(int(self._authors[c]), 0) for c in candidates]
        column["names anybody"][:] = talk.strength[i]
        column["shared words"][:] = shared
        column["best shared words"][:] = (shared > 0) & (shared == shared.max(initial=0.0))
        column["most shared words"][:] = shared.max(initial=0.0)
        column["copied words"][:] = copied
        column["their length"][:] = talk.length[candidates]
        column["their question"][:] = talk.question[candidates]
        column["answered already"][:] = [min(5, answered.get(int(c), 0)) for c in candidates]
        column["depth"][:] = [len(_chain(int(c), links)) - 1 for c in candidates]
        manner = {
            "answer word": talk.answers[i],
            "short": talk.length[i] < np.log1p(5),
            "length": talk.length[i],
            "question": talk.question[i],
            "says you": self._you[i],
            "agrees": self._agrees[i],
            "reports back": self._reports[i],
            "flat": self._flat,
            "thanks": talk.thanks[i],
        }
        for name, value in manner.items():
            column[name][:] = value
        return candidates, rows

    def _same(self, a: int, b: int) -> bool:
        """Whether two comments are by the same person, as far as the page says."""
        return bool(self._authors[a] == self._authors[b] and not self._anonymous[a])


def speakers(thread: Thread) -> list[str | None]:
    """Give what tells the writers of posts apart: names, else the headline that stood above."""
    headlines: dict[str, str] = {}
    for item in thread.furniture:
        if item.reason == "author headline":
            headlines.setdefault(item.post, item.text)
    return [post.author or headlines.get(post.id) for post in thread.posts]


def _chain(start: int, links: Sequence[int]) -> list[int]:
    """Give a comment and what it stands under, the innermost first; links go back only."""
    chain: list[int] = []
    at = start
    while at >= 0 and len(chain) < DEEPEST:
        chain.append(at)
        at = links[at]
    return chain


def _runs(text: str) -> frozenset[str]:
    found = words(text)
    return frozenset(" ".join(found[k : k + _RUN]) for k in range(len(found) - _RUN + 1))
