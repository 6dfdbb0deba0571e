"""What a chat leaves open: messages that are one thought, and who answers whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.sources.marks import NO_DAY
from nlp.model import Furniture, Post, Thread

Progress = Callable[[str, float], None]

SOON = timedelta(minutes=2)  # a sentence sent in two messages is sent within this time

# Words that cannot begin a sentence of their own, and words that cannot end one. Few on purpose:
# two thoughts made one cost more than one thought left in two.
_GOES_ON = re.compile(
    r"(?:and|but|or|nor|because|cause|cuz|bc|which|than|plus|of|to|instead of|rather than|as well as)\b(?![:,])|[,;)–—]",
)
_LEFT_OPEN = re.compile(
    r"(?:[,;]|\s[–—-]|\b(?:and|but|or|because|the|an?|of|to|with|for|my|your|their|if|than|is|are|was|were|which))$",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?…:\"'”’)`]\W*$")
_WHOLE = re.compile(r"```|^\s*(?:>|[-*•] |https?://)|https?://\S+$", re.MULTILINE)


def settle(thread: Thread, progress: Progress | None = None) -> Thread:
    """Join the messages of a chat that are one thought; find the links where none are shown."""
    joined = join_thoughts(thread)
    if not any(post.reply_to is not None and not post.reply_inferred for post in joined.posts):
        joined = link(joined, progress)
    return replace(joined, posts=tuple(map(_without_made_up_day, joined.posts)))


def _without_made_up_day(post: Post) -> Post:
    made_up = post.created_at is not None and post.created_at < NO_DAY + timedelta(days=365)
    return replace(post, created_at=None) if made_up else post


def link(thread: Thread, progress: Progress | None = None) -> Thread:
    """Link each message to the one it answers, as far as can be judged (`nlp.replies`)."""
    from nlp.replies import find

    if len(thread.posts) < 2:
        return thread
    tell = None if progress is None else lambda share: progress("finding who answers whom", share)
    posts = []
    for post, found in zip(thread.posts, find(thread.posts, tell), strict=True):
        target = None if found.target is None else thread.posts[found.target].id
        posts.append(replace(post, reply_to=target, reply_inferred=target is not None))
    return replace(thread, posts=tuple(posts))


def join_thoughts(thread: Thread) -> Thread:
    """Join a message to the one before by the same person where the sentence goes on in it.

    The joined post keeps the id and the time of its first message; furniture and quotes keep
    their places, links to a message that was joined go to the post it became part of.
    """
    posts: list[Post] = []
    moved: dict[str, tuple[str, int]] = {}
    joints: list[Furniture] = []
    for post in thread.posts:
        before = posts[-1] if posts else None
        if before is None or not _is_one_thought(before, post):
            posts.append(post)
            continue
        shift = len(before.text) + 1
        posts[-1] = replace(
            before,
            text=f"{before.text} {post.text}",
            quotes=(*before.quotes, *((a + shift, b + shift) for a, b in post.quotes)),
        )
        moved[post.id] = before.id, shift
        joints.append(Furniture(post=before.id, at=shift, text=post.author or "", reason="joined"))
    if not moved:
        return thread

    def target(post: Post) -> str | None:
        answered = moved[post.reply_to][0] if post.reply_to in moved else post.reply_to
        return None if answered == post.id else answered

    furniture = tuple(
        Furniture(post=moved[f.post][0], at=f.at + moved[f.post][1], text=f.text, reason=f.reason)
        if f.post in moved
        else f
        for f in thread.furniture
    )
    return replace(
        thread,
        posts=tuple(replace(p, reply_to=target(p)) for p in posts),
        furniture=(*furniture, *joints),
    )


def _is_one_thought(first: Post, second: Post) -> bool:
    if first.author is None or first.author != second.author or second.reply_to is not None:
        return False
    if first.created_at and second.created_at and second.created_at - first.created_at > SOON:
        return False
    if _WHOLE.search(first.text) or _WHOLE.search(second.text):
        return False
    open_end = _LEFT_OPEN.search(first.text) is not None
    goes_on = _GOES_ON.match(second.text) is not None and not _ENDED.search(first.text)
    return open_end or goes_on
