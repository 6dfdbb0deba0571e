"""Sentences that repeat an earlier post word for word: quotes without a mark, and double posts.

People answer below a copy of what they answer, and many exports keep the copy in the text. Whoever
said it first keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.model import Post, Residue, Thread
from nlp.segment import Sentence

LEAST_WORDS = 6  # a shorter sentence may be said twice by chance

Segmented = dict[str, tuple[list[Sentence], list[Residue]]]

_MARKS = re.compile(r"\W+")


def set_aside(thread: Thread, segmented: Segmented) -> Segmented:
    """Move sentences that repeat an earlier post from the sentences to the residue.

    The reason is "quote" when somebody else said it first, "duplicate" when the same person did.
    """
    first: dict[str, str | None] = {}
    out: Segmented = {}
    for post in thread.posts:
        sentences, dropped = segmented[post.id]
        repeated = dict(_repeated(post, sentences, first))
        for sentence in sentences:
            first.setdefault(_plain(post.text[sentence.start : sentence.end]), post.author)
        again = [
            Residue(post=post.id, start=s.start, end=s.end, reason=repeated[i])
            for i, s in enumerate(sentences)
            if i in repeated
        ]
        out[post.id] = (
            [s for i, s in enumerate(sentences) if i not in repeated],
            sorted([*dropped, *again], key=lambda r: r.start),
        )
    return out


def _repeated(
    post: Post, sentences: list[Sentence], first: dict[str, str | None]
) -> Iterator[tuple[int, str]]:
    for i, sentence in enumerate(sentences):
        plain = _plain(post.text[sentence.start : sentence.end])
        if plain.count(" ") + 1 >= LEAST_WORDS and plain in first:
            same = post.author is not None and first[plain] == post.author
            yield i, "duplicate" if same else "quote"


def _plain(text: str) -> str:
    return _MARKS.sub(" ", text).strip().lower()
