"""Sentences that repeat an earlier post word for word: quotes without a mark, and double posts.

People answer below a copy of what they answer, and many exports keep the copy in the text. Whoever
said it first keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp.model import Residue, Thread
from nlp.segment import Sentence

LEAST_WORDS = 6  # of a run of sentences that is a copy: fewer may be said twice by chance
MOST_PLACES = 16  # of one sentence that are remembered

Segmented = dict[str, tuple[list[Sentence], list[Residue]]]
Place = tuple[int, int]  # number of the post, number of the sentence in it

_MARKS = re.compile(r"\W+")


def set_aside(thread: Thread, segmented: Segmented) -> Segmented:
    """Move sentences that repeat an earlier post from the sentences to the residue.

    What repeats is a run of sentences that follow each other there too. The reason is "quote" when
    somebody else said it first, "duplicate" when the same person did.
    """
    places: dict[str, list[Place]] = {}
    out: Segmented = {}
    for number, post in enumerate(thread.posts):
        sentences, dropped = segmented[post.id]
        plain = [_plain(post.text[s.start : s.end]) for s in sentences]
        repeated = dict(_repeated(plain, places))
        for i, words in enumerate(plain):
            known = places.setdefault(words, [])
            if len(known) < MOST_PLACES:
                known.append((number, i))
        again = []
        for i, first in repeated.items():
            same = post.author is not None and thread.posts[first].author == post.author
            start, end = sentences[i].start, sentences[i].end
            why = "duplicate" if same else "quote"
            again.append(Residue(post=post.id, start=start, end=end, reason=why))
        out[post.id] = (
            [s for i, s in enumerate(sentences) if i not in repeated],
            sorted([*dropped, *again], key=lambda r: r.start),
        )
    return out


def _repeated(plain: Sequence[str], places: dict[str, list[Place]]) -> Iterator[tuple[int, int]]:
    """Give the numbers of the sentences that repeat others, each with the post that said it."""
    i = 0
    while i < len(plain):
        reached = places.get(plain[i], [])
        end, words = i + 1, _count(plain[i])
        while reached and end < len(plain):
            known = set(places.get(plain[end], []))
            further = [(post, k + 1) for post, k in reached if (post, k + 1) in known]
            if not further:
                break
            reached, end, words = further, end + 1, words + _count(plain[end])
        if reached and words >= LEAST_WORDS:
            yield from ((k, reached[0][0]) for k in range(i, end))
            i = end
        else:
            i += 1


def _plain(text: str) -> str:
    return _MARKS.sub(" ", text).strip().lower()


def _count(plain: str) -> int:
    return len(plain.split())
