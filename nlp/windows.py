"""A thread cut into the windows that the unit model reads.

A window is `[CLS] context ... [SEP] post [SEP] post [SEP] ...`: the posts that are judged in it,
one after the other as they are read, after a shortened copy of what the first of them answers.
Every post begins with two markers, tokens that the vocabulary keeps for such uses: who speaks (by
first word in the window) and how many posts back the post stands that is answered. So the model
reads each post with what it answers beside it, and a chat as a chat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nlp.model import Post, Thread

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

KINDS = ("other", "claim", "evidence", "question")

CONTEXT_TOKENS = 40  # of the posts that the first one answers; 96 tell no more
LEAST_CONTEXT = 12  # tokens: a shorter rest of a post says nothing
WINDOW_TOKENS = 256
TEXT_TOKENS = 150  # of a post in one window
OVERLAP_TOKENS = 40  # read again at the head of the next window, but judged in the former
PAD, CLS, SEP = 0, 101, 102
FIRST_SPEAKER, SPEAKERS = 1, 40  # ids of markers: [unused0] and those after it
FIRST_ANSWER, ANSWERS = 41, 50  # 0 answers nobody here, 1 the post before it, ...


@dataclass
class Window:
    """Token ids and segment ids (0 context, 1 text) of one forward pass, aligned.

    `posts` is the post of each token, as its place in the thread (-1 for marks and context), and
    `starts` and `ends` are offsets in its text; `judged` marks the tokens that are read from this
    window (False for marks, for context, and for what the former window judged).
    """

    ids: list[int] = field(default_factory=lambda: [CLS])
    types: list[int] = field(default_factory=lambda: [0])
    posts: list[int] = field(default_factory=lambda: [-1])
    starts: list[int] = field(default_factory=lambda: [0])
    ends: list[int] = field(default_factory=lambda: [0])
    judged: list[bool] = field(default_factory=lambda: [False])

    def add(
        self,
        ids: Sequence[int],
        *,
        kind: int,
        post: int = -1,
        offsets: Sequence[tuple[int, int]] = (),
        judged_from: int | None = None,
    ) -> None:
        """Add tokens of one segment; those from `judged_from` on are judged here."""
        n = len(ids)
        self.ids += ids
        self.types += [kind] * n
        self.posts += [post] * n
        self.starts += [a for a, _ in offsets] if offsets else [0] * n
        self.ends += [b for _, b in offsets] if offsets else [0] * n
        self.judged += [judged_from is not None and i >= judged_from for i in range(n)]


def windows_of(thread: Thread, tokenizer: Tokenizer) -> Iterator[Window]:
    """Cut a thread into windows, in reading order; time and memory grow with the text alone."""
    return _Cutter(thread, tokenizer).windows()


class _Cutter:
    """Packs the posts of one thread into windows."""

    def __init__(self, thread: Thread, tokenizer: Tokenizer) -> None:
        self._posts = thread.posts
        self._encoded: list[Encoding] = tokenizer.encode_batch(
            [p.text for p in thread.posts], add_special_tokens=False
        )
        self._title = tokenizer.encode(thread.title or "", add_special_tokens=False).ids
        order = {p.id: i for i, p in enumerate(thread.posts)}
        self._answered = [
            i - 1 if p.reply_to is None else order[p.reply_to] for i, p in enumerate(self._posts)
        ]

    def windows(self) -> Iterator[Window]:
        window, inside, speakers = Window(), [-1], _Speakers()
        for place, encoding in enumerate(self._encoded):
            size = len(encoding.ids)
            fits = len(window.ids) + min(size, TEXT_TOKENS) + 3 <= WINDOW_TOKENS
            known = self._answered[place] in inside or place == 0
            if not (fits and known and size <= TEXT_TOKENS) and len(window.ids) > 1:
                yield window
                window, inside, speakers = Window(), [-1], _Speakers()
            judged_to = 0
            for start in range(0, max(size, 1), TEXT_TOKENS - OVERLAP_TOKENS):
                end = min(start + TEXT_TOKENS, size)
                if len(window.ids) == 1:
                    self._add_context(window, place, inside, speakers)
                self._add_post(window, place, inside, speakers, (start, end, judged_to))
                judged_to = end
                if end == size:
                    break
                yield window
                window, inside, speakers = Window(), [-1], _Speakers()
        if len(window.ids) > 1:
            yield window

    def _add_context(
        self, window: Window, place: int, inside: list[int], speakers: _Speakers
    ) -> None:
        """Begin a window with what its first post answers: the farthest first, each shortened."""
        chain: list[tuple[int, list[int]]] = []
        left, at = CONTEXT_TOKENS, self._answered[place]
        while at >= 0 and left >= LEAST_CONTEXT:
            ids = _shortened(self._encoded[at].ids, left)
            chain.append((at, ids))
            left -= len(ids) + 3
            at = self._answered[at] if self._answered[at] < at else -1
        if not chain:
            window.add([*self._title[:CONTEXT_TOKENS], SEP], kind=0)
        for post, ids in reversed(chain):
            window.add([*self._markers(post, inside, speakers), *ids, SEP], kind=0)
            inside.append(post)

    def _add_post(
        self,
        window: Window,
        place: int,
        inside: list[int],
        speakers: _Speakers,
        part: tuple[int, int, int],
    ) -> None:
        start, end, judged_to = part
        encoding = self._encoded[place]
        window.add(self._markers(place, inside, speakers), kind=1)
        window.add(
            encoding.ids[start:end],
            kind=1,
            post=place,
            offsets=encoding.offsets[start:end],
            judged_from=judged_to - start if judged_to else 0,
        )
        window.add([SEP], kind=1)
        inside.append(place)

    def _markers(self, place: int, inside: list[int], speakers: _Speakers) -> list[int]:
        answered = self._answered[place] if self._posts[place].reply_to is not None else -1
        back = inside[::-1].index(answered) + 1 if answered >= 0 and answered in inside else 0
        return [
            FIRST_SPEAKER + min(speakers.number(self._posts[place]), SPEAKERS - 1),
            FIRST_ANSWER + min(back, ANSWERS - 1),
        ]


class _Speakers:
    """Numbers the speakers of a window, in order of first word."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, post: Post) -> int:
        name = f"@{post.author}" if post.author else f"post {post.id}"
        return self._numbers.setdefault(name, len(self._numbers))


def _shortened(ids: list[int], most: int) -> list[int]:
    """Keep the head and the tail of a text: there people say what they mean."""
    if len(ids) <= most:
        return ids
    head = most // 2
    return [*ids[:head], *ids[len(ids) - (most - head) :]]
