"""What a digest tells of beside points: questions that wait for an answer, points conceded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nlp.model import ArgumentMap
from nlp.words import content_stems

LEAST_STEMS = 2  # of a question's own words: "why?" asks nothing that a digest can tell
LONGEST_QUESTION = 240
LONGEST_CONCESSION = 200

# What the unit model calls a question may be half of one, or an offer: a digest tells of questions.
_ASKS = re.compile(
    r"\?|^\W*(?:what|which|who|whose|where|when|why|how|does|do|did|is|are|can)\b", re.I
)
# The writer gives way to whoever he answers. Plain agreement ("true", "fair") is not giving way.
_CONCEDES = re.compile(
    r"\W{0,3}(?:(?:ok|okay|yeah|yes|hmm+|huh|well|alright|right|actually|damn|oh|honestly)\W+){0,2}"
    r"(?P<cue>fair point|(?:that's|thats|that is) (?:a )?fair(?: point)?|fair enough|"
    r"i(?:'ll| will)? (?:concede|give you that|grant(?: you)? that)|i stand corrected|"
    r"i take (?:it|that) back|i was wrong|my mistake|(?:that|you) changed my mind|"
    r"you(?:'ve| have) (?:changed my mind|convinced me|persuaded me|got a point)|"
    r"you(?:'re| are| were) right|you have a point|touch[eé]|good point|conceded|granted)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """A span of a post that asks or gives way."""

    post: str
    kind: Literal["question", "concession"]
    start: int
    end: int


def remarks_of(found: ArgumentMap) -> Iterator[Remark]:
    """Give the questions of a thread, and the posts that give way to the one that they answer."""
    posts = {post.id: post for post in found.thread.posts}
    for residue in found.residue:
        if residue.reason != "question" or residue.post not in posts:
            continue
        asked = posts[residue.post].text[residue.start : residue.end]
        if not _ASKS.search(asked):
            continue
        if len(asked) <= LONGEST_QUESTION and len(set(content_stems(asked))) >= LEAST_STEMS:
            yield Remark(post=residue.post, kind="question", start=residue.start, end=residue.end)
    for post in found.thread.posts:
        answered = posts.get(post.reply_to or "")
        if answered is None or answered.author == post.author:
            continue
        given = _CONCEDES.match(post.text.replace("’", "'"))
        if given:
            start = given.start("cue")
            yield Remark(
                post=post.id, kind="concession", start=start, end=_sentence(post.text, start)
            )


def _sentence(text: str, start: int) -> int:
    """Give the end of the sentence that begins at `start`, at most LONGEST_CONCESSION on."""
    rest = text[start : start + LONGEST_CONCESSION]
    found = re.search(r"[.!?](?=\s|$)|\n", rest)
    if found:
        return start + (found.start() if found.group() == "\n" else found.end())
    return start + len(rest)
