"""The values that pass between the steps: all frozen, all keyword-only.

Offsets count Unicode code points in `Post.text`; `post.text[start:end]` is the quoted span.
Times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["claim", "evidence"]
Holder = Literal["author", "reported"]
RelationType = Literal["support", "attack"]

AUTHOR: Holder = "author"
REPORTED: Holder = "reported"


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One message. `text` is what the person wrote, after the platform's furniture is taken off.

    `quotes` are the ranges of `text` in which the writer repeats somebody else's post.
    `reply_inferred`: the platform did not show what the post answers, `reply_to` is judged.
    """

    id: str
    text: str
    author: str | None = None
    reply_to: str | None = None
    created_at: datetime | None = None
    url: str | None = None
    quotes: tuple[tuple[int, int], ...] = ()
    reply_inferred: bool = False

    def __post_init__(self) -> None:
        if self.created_at is not None and self.created_at.tzinfo is None:
            raise ValueError(f"post {self.id}: created_at must carry a time zone")

    @property
    def speaker(self) -> str:
        """Name who wrote it; without an author each post has a name of its own."""
        return speaker_of(self.author, self.id)


def speaker_of(author: str | None, post: str) -> str:
    """Name who wrote the post of an id: the author, or the post itself where there is none."""
    return author or f"post {post}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Furniture:
    """What a reader took off: a platform's own words, and the place in a post where they stood.

    `at` is an offset in the text of post `post`; `reason` is one of the reader's words for it
    ("author headline", "age", "button", "votes", ...).
    """

    post: str
    at: int
    text: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """A discussion: posts in the order in which they are read, parents before replies.

    Raises ValueError when two posts share an id, or a post answers one that is not there.
    """

    id: str
    posts: tuple[Post, ...]
    title: str | None = None
    platform: str = "plain"
    furniture: tuple[Furniture, ...] = ()

    def __post_init__(self) -> None:
        ids = {post.id for post in self.posts}
        if len(ids) != len(self.posts):
            raise ValueError("post ids must be unique")
        for post in self.posts:
            if post.reply_to is not None and (post.reply_to not in ids or post.reply_to == post.id):
                raise ValueError(f"post {post.id} answers {post.reply_to!r}, which is not there")


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Span:
    """A range of a post's text: `thread.posts[...].text[start:end]`."""

    post: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Residue:
    """A range that is not on the map, and why.

    For a platform's furniture, which is no longer in the post's text, `start == end` is the place
    where it stood and `text` is what it was; for a range of the post itself `text` is None.
    """

    post: str
    start: int
    end: int
    reason: str
    text: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """One claim, or one piece of evidence: an exact span of a post."""

    id: str
    post: str
    start: int
    end: int
    text: str
    kind: Kind
    holder: Holder
    headline: str
    confidence: float


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyPoint:
    """Claims that make the same point, and the people who make it (in order of first say)."""

    id: str
    headline: str
    units: tuple[str, ...]
    speakers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """Unit `source` supports or attacks unit `target`; `cue` is the span of words that shows it."""

    source: str
    target: str
    type: RelationType
    confidence: float
    cue: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """The question that the thread is about, as an exact span where somebody asks it.

    `post` is None when the thread's title asks it; then `start` and `end` count in the title.
    """

    text: str
    post: str | None
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeBy:
    """The version and the sha256 of each weight file that made a map."""

    crux: str
    weights: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ArgumentMap:
    """The argument of a thread. `crux` is the key point on which people most divide, or None."""

    thread: Thread
    issue: Issue | None = None
    units: tuple[Unit, ...] = ()
    key_points: tuple[KeyPoint, ...] = ()
    relations: tuple[Relation, ...] = ()
    crux: str | None = None
    residue: tuple[Residue, ...] = ()
    made_by: MadeBy = field(default_factory=lambda: MadeBy(crux="0"))

    schema: str = "crux.map/1"
