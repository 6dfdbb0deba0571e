"""Book-keeping of a reader: whose words a line is, and what was taken off around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nlp.model import Furniture, Post, Thread

MIN_WRAP, MAX_WRAP = 58, 90  # columns at which people's tools wrap lines

_STARTS_ITEM = re.compile(r"\s*(?:[-*•→>|+]|\d{1,2}[.)]\s|&gt;|```|--\s*$|#)")


@dataclass
class OpenPost:
    """A post while it is read: its lines so far, and what was taken off between them."""

    author: str | None
    reply_to: int | None = None
    created_at: datetime | None = None
    key: str | None = None
    url: str | None = None
    bot: bool = False
    inferred: bool = False
    lines: list[str] = field(default_factory=list)
    off: list[tuple[int, str, str]] = field(default_factory=list)
    quoted: list[int] = field(default_factory=list)


class Taking:
    """Collects posts and furniture in the order of the text; `thread` puts them together.

    What bots post goes to the furniture, one entry a post, unless `keep_bots`.
    """

    def __init__(self, platform: str, *, keep_bots: bool = False) -> None:
        self.platform = platform
        self.keep_bots = keep_bots
        self.title: str | None = None
        self.posts: list[OpenPost] = []
        self._early: list[tuple[str, str]] = []

    def open(
        self,
        author: str | None,
        *,
        reply_to: int | None = None,
        created_at: datetime | None = None,
        key: str | None = None,
        url: str | None = None,
        bot: bool = False,
    ) -> int:
        """Begin a post and give its number, counted from 0."""
        name = author.strip() if author else None
        self.posts.append(OpenPost(name or None, reply_to, created_at, key, url, bot))
        return len(self.posts) - 1

    def say(self, line: str, *, quoted: bool = False) -> None:
        """Add a line to the post that is open; opens one without an author where none is.

        `quoted` lines repeat another post's words: they stay in the text, marked.
        """
        if not self.posts:
            self.open(None)
        if quoted:
            self.posts[-1].quoted.append(len(self.posts[-1].lines))
        self.posts[-1].lines.append(line)

    def take_off(self, text: str, reason: str) -> None:
        """Put a platform's words aside, at the place that has been reached."""
        words = text.strip()
        if not words:
            return
        if not self.posts:
            self._early.append((words, reason))
        else:
            post = self.posts[-1]
            post.off.append((len(post.lines), words, reason))

    def last_by(self, author: str, *, before: int | None = None) -> int | None:
        """Give the number of the last post by somebody (case aside), None when there is none."""
        wanted = author.lower().lstrip("@")
        stop = len(self.posts) if before is None else before
        for number in range(stop - 1, -1, -1):
            name = self.posts[number].author
            if name and name.lower().lstrip("@") == wanted:
                return number
        return None

    def answer_turns(self, *, newcomer_answers_first: bool = True) -> None:
        """Guess what posts without a target answer, where a flat copy hides the depth."""
        guesses = answer_by_turns(
            [post.author for post in self.posts],
            [post.reply_to for post in self.posts],
            newcomer_answers_first=newcomer_answers_first,
        )
        for post, guess in zip(self.posts, guesses, strict=True):
            if post.reply_to is None and guess is not None:
                post.reply_to, post.inferred = guess, True

    def thread(self, *, unwrap: bool = True) -> Thread:
        """Give the thread: empty posts become furniture, links to them go to what they answer."""
        bodies = [_body(post, unwrap=unwrap) for post in self.posts]
        kept = [
            number
            for number, (text, _, _) in enumerate(bodies)
            if text and (self.keep_bots or not self.posts[number].bot)
        ]
        place = {number: i for i, number in enumerate(kept)}
        keys = self._keys(kept)
        posts: list[Post] = []
        furniture: list[Furniture] = []
        waiting = list(self._early)
        for number, (text, off, quotes) in enumerate(bodies):
            post = self.posts[number]
            if number not in place:
                waiting += [(words, reason) for _, words, reason in off]
                left = "\n".join(filter(None, (post.author, text)))
                waiting += [(left, "bot" if post.bot else "empty post")] if left else []
                continue
            key = keys[place[number]]
            furniture += [Furniture(post=key, at=0, text=w, reason=r) for w, r in waiting]
            waiting = []
            answered = self._answered(number, place)
            posts.append(
                Post(
                    id=key,
                    text=text,
                    author=post.author,
                    reply_to=keys[answered] if answered is not None else None,
                    created_at=post.created_at,
                    url=post.url,
                    quotes=quotes,
                    reply_inferred=post.inferred and answered is not None,
                )
            )
            furniture += [Furniture(post=key, at=at, text=w, reason=r) for at, w, r in off]
        if posts:
            end = len(posts[-1].text)
            furniture += [
                Furniture(post=posts[-1].id, at=end, text=w, reason=r) for w, r in waiting
            ]
        return Thread(
            id=self.platform,
            title=self.title,
            platform=self.platform,
            posts=tuple(posts),
            furniture=tuple(furniture),
        )

    def _keys(self, kept: list[int]) -> list[str]:
        given = [self.posts[number].key for number in kept]
        if all(given) and len(set(given)) == len(given):
            return [key for key in given if key]
        return [str(i + 1) for i in range(len(kept))]

    def _answered(self, number: int, place: dict[int, int]) -> int | None:
        seen = {number}
        answered = self.posts[number].reply_to
        while answered is not None and answered not in seen:
            if answered in place:
                return place[answered] if place[answered] < place[number] else None
            seen.add(answered)
            answered = self.posts[answered].reply_to
        return None


def answer_by_turns(
    authors: Sequence[str | None],
    known: Sequence[int | None] | None = None,
    *,
    newcomer_answers_first: bool = True,
) -> list[int | None]:
    """Guess which post each one answers, by turns of talk; `known` targets stay.

    People who talk by turns answer each other, and the first poster answers the post before;
    somebody new answers the first post (or the post before).
    """
    links: list[int | None] = list(known) if known is not None else [None] * len(authors)
    for number in range(1, len(authors)):
        if links[number] is not None:
            continue
        author = authors[number]
        recent = set(authors[max(1, number - 4) : number])
        talking = author in recent or (author == authors[0] and number > 1)
        if talking and authors[number - 1] == author:
            links[number] = links[number - 1] or 0
        elif talking or not newcomer_answers_first:
            links[number] = number - 1
        else:
            links[number] = 0
    return links


def _body(
    post: OpenPost, *, unwrap: bool
) -> tuple[str, list[tuple[int, str, str]], tuple[tuple[int, int], ...]]:
    """Join lines to the post's text; give it with furniture at offsets in it, and the quotes."""
    joins = wrapped(post.lines) if unwrap else set()
    parts: list[str] = []
    offsets = [0]
    quotes: list[tuple[int, int]] = []
    length = 0
    blank = 0
    for number, line in enumerate(post.lines):
        words = line.strip() if not line.startswith(("    ", "\t")) else line.rstrip()
        if not words:
            blank += 1
            offsets.append(length)
            continue
        if parts:
            gap = " " if number in joins and not blank else "\n\n" if blank else "\n"
            parts.append(gap)
            length += len(gap)
        else:
            words = words.lstrip()
        blank = 0
        parts.append(words)
        if number in post.quoted:
            quotes.append((length, length + len(words)))
        length += len(words)
        offsets.append(length)
    off = [(offsets[n], words, reason) for n, words, reason in post.off]
    return "".join(parts), off, tuple(quotes)


def wrapped(lines: list[str]) -> set[int]:
    """Numbers of the lines that go on the one before: its tool broke it because no word fitted."""
    widths = [len(line.rstrip()) for line in lines]
    width = max(widths, default=0)
    if not MIN_WRAP <= width <= MAX_WRAP:
        return set()
    joins = set()
    for i in range(1, len(lines)):
        line = lines[i].strip()
        first = line.split(" ", 1)[0]
        if not line or not lines[i - 1].strip() or _STARTS_ITEM.match(line):
            continue
        if widths[i - 1] + 1 + len(first) > width - 3:
            joins.add(i)
    return joins
