"""Pairs of units of which the one cannot attack the other, whatever is alike in their words.

The judge of relations learned from threads in which a reply that repeats what it answers mostly
rebuts it. Two rules hold it back where nothing of the kind is going on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp import cues
from nlp.pairs import Pair
from nlp.residue import agrees
from nlp.thread_view import ThreadView

Mask = NDArray[np.bool_]

# Where people talk one after the other: who answers nobody by a link may mean whoever spoke last.
TALK = frozenset({"discord", "irc", "slack", "telegram", "whatsapp"})

_HEAD = re.compile(r"\W{0,3}[^,.;:!?…\n–—]+(?=[,.;:!…\n–—])")


def side_by_side(view: ThreadView, pairs: Sequence[Pair]) -> Mask:
    """Give the pairs of a post that answers nobody, and another than the thread's first; (n,).

    Only where the thread shows who answers whom, and is no TALK: there such posts stand beside each
    other, and say what they think of the first (docs/decisions/0019).
    """
    posts = view.thread.posts
    shown = any(post.reply_to is not None and not post.reply_inferred for post in posts)
    if not shown or view.thread.platform in TALK:
        return np.zeros(len(pairs), np.bool_)
    source, target = np.array(pairs, np.int64).T
    mine, theirs = view.posts[source], view.posts[target]
    answers = np.array(view.answered, np.int64) >= 0
    return np.asarray(~answers[mine] & (theirs != mine) & (theirs > 0), np.bool_)


def agreed(view: ThreadView, pairs: Sequence[Pair]) -> Mask:
    """Give the pairs of a reply that agrees and takes nothing back, and another post; (n,).

    "Same. I hunted for a desk all morning." says no to nobody.
    """
    posts = [
        place >= 0 and _agrees_throughout(post.text)
        for place, post in zip(view.answered, view.thread.posts, strict=True)
    ]
    source, target = np.array(pairs, np.int64).T
    mine, theirs = view.posts[source], view.posts[target]
    return np.asarray(np.array(posts)[mine] & (theirs != mine), np.bool_)


def _agrees_throughout(text: str) -> bool:
    """Whether a text begins with words that only agree, and has no turn after them."""
    head = _HEAD.match(text)
    if head is None or not agrees(head[0]):
        return False
    rest = text[head.end() :].lstrip(" ,.;:!…–—\n")
    return not (cues.CONTRAST.search(rest) or cues.REJECTION.match(rest))
