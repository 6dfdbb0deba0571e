"""Who answers whom in a chat that does not say: each message is linked to one before it, or none.

Every message is held against the ones before it (at most WINDOW) and against "begins something
new"; trees fitted on annotated IRC logs (`nlp.training.replies`) judge each pair by the time and
the talk between them, who names whom, shared words and turns of speech. The surest pair wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nlp.forest import Forest
from nlp.model import Post
from nlp.weights import WEIGHTS
from nlp.words import FUNCTION_WORDS, content_stems, words

WINDOW = 50  # 98.5 % of the links in the training logs reach back no further
BATCH = 25_000  # pairs judged at once: keeps the peak of memory flat

FEATURES = (
    "begins",
    "distance",
    "minutes",
    "same author",
    "names them",
    "named by them",
    "same person named",
    "names anybody",
    "they name anybody",
    "later by them",
    "later by me",
    "last to name me",
    "whom I named last",
    "I am whom they named last",
    "named since",
    "question",
    "their question",
    "length",
    "their length",
    "shared words",
    "most shared words",
    "best shared words",
    "answer word",
    "thanks",
    "greeting",
    "their greeting",
    "since I spoke",
    "minutes since I spoke",
    "goes on",
    "they end",
    "minutes of silence",
    "people about",
    "anybody named here",
    "link",
    "their link",
    "they named somebody else",
    "spoke since to another",
)

_HEAD = re.compile(r"[\s@]*([^\s:,]+)(?:\s+([^\s:,]+))?(?:\s+([^\s:,]+))?")
_TOKEN = re.compile(r"@?[\w\[\]\\`^{}|.-]+")
_ANSWER = frozenset(
    """yes yeah yep yup no nope nah ok okay sure right exactly true agreed ah oh hmm hm well but and
    so because it that this thats that's same also then""".split()
)
_THANKS = re.compile(r"\b(?:thanks|thank you|thx|ty|cheers|np|you'?re welcome|yw)\b", re.I)
_GREETING = re.compile(r"\W*(?:hi|hello|hey|hiya|yo|morning|good (?:morning|evening))\b", re.I)
_ENDS = re.compile(r"[.!?…:)\]\"'`>]\W*$|\W$")
_LINK = re.compile(r"https?://|www\.", re.I)

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Link:
    """What a message answers: the place of the message, None when it begins something new."""

    target: int | None
    confidence: float


def find(posts: Sequence[Post], progress: Callable[[float], None] | None = None) -> list[Link]:
    """Link every message of a chat, in the order of time; links that posts carry are not used.

    Two equal runs give equal links; the cost grows with the number of posts times WINDOW.
    `progress` is called with the share that is done (0 to 1).
    """
    model = _model()
    links: list[Link] = []
    talk = Talk(posts)
    for chunk in _chunks(talk.rows(), BATCH):
        judged = model.probabilities(np.concatenate([rows for _, rows in chunk]))[:, 0]
        if progress:
            progress(len(links) / len(posts))
        at = 0
        for first, rows in chunk:
            scores = judged[at : at + len(rows)]
            at += len(rows)
            best = int(np.argmax(scores))
            sure = float(scores[best] / max(scores.sum(), 1e-9))
            links.append(Link(None if best == len(rows) - 1 else first + best, round(sure, 4)))
    return links


def _chunks(
    rows: Iterable[tuple[int, Rows]], size: int
) -> Iterator[list[tuple[int, NDArray[np.float64]]]]:
    chunk: list[tuple[int, NDArray[np.float64]]] = []
    held = 0
    for first, block in rows:
        chunk.append((first, block.astype(np.float64)))
        held += len(block)
        if held >= size:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


@cache
def _model() -> Forest:
    return Forest(WEIGHTS / "replies.npz")


class Talk:
    """A chat as numbers: what `rows` needs of each message, worked out once."""

    def __init__(self, posts: Sequence[Post]) -> None:
        texts = [post.text for post in posts]
        ids = {name: i for i, name in enumerate(dict.fromkeys(_plain(p.author) for p in posts))}
        self.author = np.array([ids[_plain(p.author)] for p in posts], np.int64)
        self.named = [
            _named(text, ids, int(me)) for text, me in zip(texts, self.author, strict=True)
        ]
        self.names = np.array(
            [max(n, key=n.__getitem__) if n else -1 for n in self.named], np.int64
        )
        self.strength = np.array([max(n.values()) if n else 0 for n in self.named], np.float32)
        self.minutes = np.array(
            [p.created_at.timestamp() / 60 if p.created_at else np.nan for p in posts]
        )
        self.length = np.array([np.log1p(len(t.split())) for t in texts], np.float32)
        self.question = _flags("?" in t for t in texts)
        self.greets = _flags(_GREETING.match(t) for t in texts)
        self.thanks = _flags(_THANKS.search(t) for t in texts)
        self.ends = _flags(_ENDS.search(t) for t in texts)
        self.links = _flags(_LINK.search(t) for t in texts)
        bare = [
            words(_HEAD.sub("", t, count=1) if n else t)[:1]
            for t, n in zip(texts, self.named, strict=True)
        ]
        self.answers = _flags(b and b[0] in _ANSWER for b in bare)
        self.goes_on = _flags(t[:1].islower() for t in texts)
        self._stems = _weights([content_stems(t) for t in texts])

    def __len__(self) -> int:
        return len(self.author)

    def rows(self) -> Iterator[tuple[int, Rows]]:
        """Give, message by message, the place of its first candidate and the rows of features.

        Rows stand in the order of the candidates; the last one is "begins something new".
        """
        last_named: dict[int, int] = {}  # whom each person named last
        spoke: dict[int, int] = {}  # the last message of each person
        naming_me: dict[int, int] = {}  # the last message that names each person
        for i in range(len(self)):
            me = int(self.author[i])
            first = max(0, i - WINDOW)
            yield first, self._rows_of(i, first, last_named, spoke.get(me), naming_me.get(me))
            spoke[me] = i
            for person in self.named[i]:
                naming_me[person] = i
            if self.names[i] >= 0:
                last_named[me] = int(self.names[i])

    def _rows_of(
        self, i: int, first: int, last_named: dict[int, int], spoke: int | None, naming: int | None
    ) -> Rows:
        place = np.arange(first, i)
        n = len(place)
        rows = np.zeros((n + 1, len(FEATURES)), np.float32)
        column = {name: rows[:, k] for k, name in enumerate(FEATURES)}
        me, authors = int(self.author[i]), self.author[first:i]
        named = self.named[i]
        column["begins"][n] = 1
        column["distance"][:n] = i - place
        minutes = self.minutes[i] - self.minutes[first:i]
        column["minutes"][:n] = np.nan_to_num(np.clip(minutes, 0, 1440), nan=-1)
        column["same author"][:n] = authors == me
        column["names them"][:n] = [named.get(int(a), 0) for a in authors]
        column["named by them"][:n] = [self.named[j].get(me, 0) for j in place]
        column["same person named"][:n] = (self.names[first:i] == self.names[i]) & (
            self.names[i] >= 0
        )
        column["names anybody"][:] = self.strength[i]
        column["they name anybody"][:n] = self.strength[first:i]
        column["later by them"][:n] = np.minimum(_later(authors), 9)
        mine = authors == me
        column["later by me"][:n] = np.minimum(np.cumsum(mine[::-1])[::-1] - mine, 9)
        column["last to name me"][:n] = place == (-1 if naming is None else naming)
        column["whom I named last"][:n] = authors == last_named.get(me, -1)
        column["I am whom they named last"][:n] = [
            last_named.get(int(a), -1) == me for a in authors
        ]
        to = self.names[first:i]
        column["named since"][:n] = [
            min(9, int(np.count_nonzero(to[k + 1 :] == a))) for k, a in enumerate(authors)
        ]
        self._manner(column, i, first, n)
        shared = self._shared(i, first)
        column["shared words"][:n] = shared
        column["most shared words"][:] = shared.max(initial=0.0)
        column["best shared words"][:n] = (shared > 0) & (shared == shared.max(initial=0.0))
        column["since I spoke"][:] = -1 if spoke is None else min(i - spoke, 200)
        quiet = np.nan if spoke is None else self.minutes[i] - self.minutes[spoke]
        column["minutes since I spoke"][:] = -1 if np.isnan(quiet) else np.clip(quiet, 0, 1440)
        silence = self.minutes[i] - self.minutes[i - 1] if i else np.nan
        column["minutes of silence"][:] = -1 if np.isnan(silence) else np.clip(silence, 0, 1440)
        column["people about"][:] = len(set(authors[-10:].tolist()))
        here = set(authors.tolist())
        column["anybody named here"][:] = any(person in here for person in named)
        column["they named somebody else"][:n] = (to >= 0) & (to != me)
        own_to = np.where(mine & (to >= 0), to, -1)
        other = np.zeros(n, bool)
        for k in range(n - 1, -1, -1):
            other[k] = bool(np.any((own_to[k + 1 :] >= 0) & (own_to[k + 1 :] != authors[k])))
            if not other[k] and k and not np.any(own_to[:k] >= 0):
                break
        column["spoke since to another"][:n] = other
        return rows

    def _manner(self, column: dict[str, Rows], i: int, first: int, n: int) -> None:
        """Fill in how the two messages are said."""
        for name, flags in (
            ("question", self.question), ("length", self.length), ("answer word", self.answers),
            ("thanks", self.thanks), ("greeting", self.greets), ("goes on", self.goes_on),
            ("link", self.links),
        ):  # fmt: skip
            column[name][:] = flags[i]
        for name, flags in (
            ("their question", self.question), ("their length", self.length),
            ("their greeting", self.greets), ("they end", self.ends), ("their link", self.links),
        ):  # fmt: skip
            column[name][:n] = flags[first:i]

    def _shared(self, i: int, first: int) -> NDArray[np.float32]:
        """Similarity of a message to each candidate."""
        if not self._stems[i]:
            return np.zeros(i - first, np.float32)
        return np.array([self.similarity(i, k) for k in range(first, i)], np.float32)

    def similarity(self, a: int, b: int) -> float:
        """Cosine of the weighted stems of two messages, 0 to 1."""
        small, large = self._stems[a], self._stems[b]
        if len(large) < len(small):
            small, large = large, small
        return sum(w * large[s] for s, w in small.items() if s in large)


def _later(authors: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count, for each message, the later ones by the same author."""
    counts: dict[int, int] = {}
    out = np.zeros(len(authors), np.int64)
    for k in range(len(authors) - 1, -1, -1):
        out[k] = counts.get(int(authors[k]), 0)
        counts[int(authors[k])] = int(out[k]) + 1
    return out


def _flags(values: Iterable[object]) -> NDArray[np.float32]:
    return np.array([bool(v) for v in values], np.float32)


def _plain(name: str | None) -> str:
    """Write a name as people type it: lower case, without the marks that clients add."""
    return (name or "").lower().strip(" @~_`^|-.").replace(" ", "") or "?"


def _named(text: str, ids: dict[str, int], me: int) -> dict[int, int]:
    """Who is named in a message: 3 at its head with a mark, 2 by an @, 1 elsewhere."""
    found: dict[int, int] = {}
    head = _HEAD.match(text)
    if head:
        parts = [part for part in head.groups() if part]
        for size in range(len(parts), 0, -1):
            name = _plain("".join(parts[:size]))
            marked = (
                text[head.end(size) : head.end(size) + 1] in (":", ",")
                or "@" in text[: head.start(1) + 1]
            )
            person = ids.get(name)
            if person is None and marked and size == 1 and len(name) >= 3:
                person = _beginning(name, ids)
            if person is not None and person != me and (marked or _telling(name)):
                found[person] = 3
                break
    for token in _TOKEN.findall(text)[:60]:
        person = ids.get(_plain(token))
        if person is not None and person != me and (token[0] == "@" or _telling(_plain(token))):
            found.setdefault(person, 2 if token[0] == "@" else 1)
    return found


def _beginning(name: str, ids: dict[str, int]) -> int | None:
    """Somebody whose name begins so, when there is only one."""
    fits = [i for known, i in ids.items() if known.startswith(name)]
    return fits[0] if len(fits) == 1 else None


def _telling(name: str) -> bool:
    """Whether a word is surely a name where nothing marks it as one."""
    return len(name) >= 3 and name not in FUNCTION_WORDS and not name.isdigit()


def _weights(lists: Sequence[list[str]]) -> list[dict[str, float]]:
    """Unit-length weights of stems, rare ones weighing more."""
    counts: dict[str, int] = {}
    for stems in lists:
        for stem in set(stems):
            counts[stem] = counts.get(stem, 0) + 1
    out = []
    for stems in lists:
        row = {s: float(np.log((len(lists) + 1) / (counts[s] + 0.5))) for s in dict.fromkeys(stems)}
        norm = sum(w * w for w in row.values()) ** 0.5
        out.append({s: w / norm for s, w in row.items()} if norm else {})
    return out
