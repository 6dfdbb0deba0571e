"""A thread cut into the windows that the unit model reads.

A window is `[CLS] context [SEP] text [SEP]`: the context is the tail of the post that is answered
(of the post before, where nobody says what is answered; the thread's title, for the first post),
the text a post, or a part of a long one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlp.model import Post, Thread

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

KINDS = ("other", "claim", "evidence", "question")
LINKS = ("support inside", "attack inside", "support across", "attack across")

CONTEXT_TOKENS = 48
TEXT_TOKENS = 200  # of a post in one window
OVERLAP_TOKENS = 40  # read again at the head of the next window, but judged in the former
CLS, SEP = 101, 102


@dataclass(frozen=True)
class Window:
    """Token ids and segment ids (0 context, 1 text) of one forward pass, aligned with the post.

    `starts` and `ends` are offsets in the post's text; `judged` marks the tokens that are read
    from this window (False for context, specials, and what the former window judged).
    """

    post: str
    ids: tuple[int, ...]
    types: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    judged: tuple[bool, ...]


def windows_of(thread: Thread, tokenizer: Tokenizer) -> Iterator[Window]:
    """Cut every post of a thread; time and memory grow with the text alone."""
    encoded = tokenizer.encode_batch([p.text for p in thread.posts], add_special_tokens=False)
    title = tokenizer.encode(thread.title or "", add_special_tokens=False).ids
    tails = {p.id: e.ids[-CONTEXT_TOKENS:] for p, e in zip(thread.posts, encoded, strict=True)}
    before: str | None = None
    for post, encoding in zip(thread.posts, encoded, strict=True):
        answered = post.reply_to or before
        context = tails[answered] if answered else title[:CONTEXT_TOKENS]
        yield from _windows(post, encoding, context)
        before = post.id


def _windows(post: Post, encoding: Encoding, context: list[int]) -> Iterator[Window]:
    head = [CLS, *context, SEP]
    total = len(encoding.ids)
    judged_to = 0
    for start in range(0, max(total, 1), TEXT_TOKENS - OVERLAP_TOKENS):
        end = min(start + TEXT_TOKENS, total)
        inner = encoding.ids[start:end]
        offsets = encoding.offsets[start:end]
        pad = (0,) * len(head)
        yield Window(
            post=post.id,
            ids=(*head, *inner, SEP),
            types=(*pad, *(1,) * (len(inner) + 1)),
            starts=(*pad, *(a for a, _ in offsets), 0),
            ends=(*pad, *(b for _, b in offsets), 0),
            judged=(*(False,) * len(head), *(i >= judged_to for i in range(start, end)), False),
        )
        judged_to = end
        if end == total:
            break
