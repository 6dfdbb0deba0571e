"""Which stretches of a thread are claims and evidence, and whose words they are.

The unit model judges every token (kind, and whether a unit begins there); the best division of
each paragraph into stretches of clauses is then found exactly, by dynamic programming over the
clause boundaries of `nlp.segment`. So a unit may be a clause, a sentence, or two sentences that
make one point, and is always an exact span.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.cues import holder_of
from nlp.encoder import batches_by_length, load_tokenizer, open_session
from nlp.model import Kind, Residue, Thread
from nlp.residue import agrees, reason_for
from nlp.segment import Range, Sentence
from nlp.thread_view import BEARING, POINT, Draft
from nlp.weights import WEIGHTS, choices
from nlp.windows import KINDS, Window, windows_of

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]

OTHER, CLAIM, EVIDENCE, QUESTION = range(4)
MAX_TOKENS_OF_UNIT = 60  # the longest unit of the gold maps has 96 tokens, 99 % have 50 or fewer
MAX_CLAUSES_OF_UNIT = 14
FRAGMENT_WORDS = 4
DOUBTED_WORDS = range(3, 81)  # lengths of a unit that more speaks against than for
LINK_TOKENS = 4  # that a link after a clause counts for, however long it is
LINK_REACH = 4  # characters between the two, at most
UNIT_KINDS = ("claim", "evidence")
OUTPUTS = ("kind", "begin", "salience", "bearing", "point")  # of the shipped file, in this order
COLUMNS = ("kinds", "begin", "salience", "bearing", "point")  # of a Judgement, for OUTPUTS


@dataclass(frozen=True)
class Judgement:
    """Per token of one post: where it stands, log-probabilities of kind (t, 4).

    `begin` (t,) and `salience` (t,) are log-odds: a unit begins here; the word here stands in the
    unit's headline. `bearing` (t, BEARING) and `point` (t, POINT) are what the judge of relations
    reads; they are the bulk of what a long thread holds in memory, hence of half precision.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    kinds: Floats
    begin: Floats
    salience: Floats
    bearing: Halves
    point: Halves

    @classmethod
    def empty(cls, tokens: int) -> Judgement:
        """Make room for that many tokens."""
        return cls(
            np.empty(tokens, np.int64),
            np.empty(tokens, np.int64),
            np.empty((tokens, len(KINDS)), np.float32),
            np.empty(tokens, np.float32),
            np.empty(tokens, np.float32),
            np.empty((tokens, BEARING), np.float16),
            np.empty((tokens, POINT), np.float16),
        )

    def part(self, low: int, high: int) -> Judgement:
        """Give the tokens from `low` to `high`, not copied."""
        return Judgement(*(getattr(self, f.name)[low:high] for f in fields(self)))


@dataclass(frozen=True)
class Stretch:
    """A stretch of clauses judged as one: its span, its kind, and how sure that is (0 to 1)."""

    post: str
    start: int
    end: int
    kind: str
    confidence: float


@dataclass(frozen=True)
class Decoding:
    """How the two judgements are weighed; chosen on the dev threads by `nlp.training.choices`."""

    begin_weight: float
    begin_bias: float
    claim_bias: float
    evidence_bias: float
    doubted: float  # likelihood from which on a stretch is a unit, though more speaks for none


class UnitModel:
    """The shipped unit model, run by onnxruntime."""

    def __init__(self, file: Path = WEIGHTS / "units.onnx") -> None:
        self._tokenizer = load_tokenizer(WEIGHTS / "tokenizer.json", None)
        self._session = open_session(file)

    def judge(
        self, thread: Thread, progress: Callable[[float], None] | None = None
    ) -> dict[str, Judgement]:
        """Judge every token of every post; one forward pass over the text. Post id -> Judgement."""
        windows = list(windows_of(thread, self._tokenizer))
        kept = [np.flatnonzero(w.judged) for w in windows]
        first = np.concatenate([[0], np.cumsum([len(k) for k in kept], dtype=np.int64)])
        whole = Judgement.empty(int(first[-1]))
        posts = np.empty(int(first[-1]), np.int64)
        done = 0
        for batch in batches_by_length([len(w.ids) for w in windows]):
            judged = self._run([windows[i] for i in batch])
            for row, i in enumerate(batch):
                seen, window = kept[i], windows[i]
                into = slice(first[i], first[i + 1])
                posts[into] = np.asarray(window.posts)[seen]
                whole.starts[into] = np.asarray(window.starts)[seen]
                whole.ends[into] = np.asarray(window.ends)[seen]
                for column, values in zip(COLUMNS, judged, strict=True):
                    getattr(whole, column)[into] = values[row, seen]
            done += len(batch)
            if progress:
                progress(done / len(windows))
        bounds = np.searchsorted(posts, np.arange(len(thread.posts) + 1))
        return {
            post.id: whole.part(low, high)
            for post, (low, high) in zip(thread.posts, pairwise(bounds.tolist()), strict=True)
        }

    def _run(self, windows: Sequence[Window]) -> list[Floats]:
        """Give OUTPUTS of some windows, each (n, t, ...), t the longest of them."""
        width = max(len(w.ids) for w in windows)
        ids = np.zeros((len(windows), width), np.int64)
        types = np.zeros((len(windows), width), np.int64)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            types[row, : len(window.types)] = window.types
        return list(self._session.run(None, {"input_ids": ids, "token_type_ids": types}))


def divide(
    sentences: Sequence[Sentence],
    judgement: Judgement,
    decoding: Decoding,
    links: Sequence[Range] = (),
) -> list[Stretch]:
    """Divide the sentences of one post into stretches, the most likely way; in order of place.

    `links` are the ranges of bare links: no unit holds one, but "proof:" before one is judged
    with it.
    """
    stretches: list[Stretch] = []
    for _, group in groupby(sentences, key=lambda s: s.block):
        members = list(group)
        clauses = [clause for s in members for clause in s.clauses]
        stretches += _divide_block(members[0].post, clauses, judgement, decoding, links)
    return stretches


def _of_links(
    clauses: Sequence[Range], judgement: Judgement, links: Sequence[Range]
) -> list[Floats | None]:
    """Give for each clause that a link follows what LINK_TOKENS of its tokens would add to it."""
    found: list[Floats | None] = [None] * len(clauses)
    ends = [end for _, end in clauses]
    for start, end in links:
        i = bisect_right(ends, start) - 1
        if i < 0 or start - ends[i] > LINK_REACH:
            continue
        low, high = np.searchsorted(judgement.starts, [start, end], side="left")
        if high > low:
            found[i] = judgement.kinds[low:high].mean(0) * LINK_TOKENS
    return found


def _divide_block(
    post: str,
    clauses: Sequence[Range],
    judgement: Judgement,
    decoding: Decoding,
    links: Sequence[Range],
) -> list[Stretch]:
    """Semi-Markov Viterbi: stretches i..j of clauses with one kind, scored over their tokens.

    A stretch scores the sum of its tokens' log-probabilities of its kind, plus the weighted
    log-probability that a unit begins at its first token and at no other of its clauses.
    """
    of_links = _of_links(clauses, judgement, links)
    n = len(clauses)
    first = np.searchsorted(judgement.starts, [a for a, _ in clauses], side="left")
    last = np.searchsorted(judgement.starts, [b for _, b in clauses], side="left")
    tokens = np.concatenate([[0], np.cumsum(last - first)])
    bias = np.array([0.0, decoding.claim_bias, decoding.evidence_bias, 0.0])
    sums = np.zeros((n + 1, len(KINDS)))
    log_begin, log_inside = np.zeros(n), np.zeros(n)
    for i in range(n):
        sums[i + 1] = sums[i]
        if last[i] > first[i]:
            sums[i + 1] += judgement.kinds[first[i] : last[i]].sum(0) + bias * (last[i] - first[i])
            odds = float(judgement.begin[first[i]]) + decoding.begin_bias
            log_begin[i] = -np.logaddexp(0.0, -odds) * decoding.begin_weight
            log_inside[i] = -np.logaddexp(0.0, odds) * decoding.begin_weight
        link = of_links[i]
        if link is not None:
            sums[i + 1] += link
    inside = np.concatenate([[0.0], np.cumsum(log_inside)])
    best = np.full(n + 1, -np.inf)
    best[0] = 0.0
    back: list[tuple[int, int]] = [(0, OTHER)] * (n + 1)
    for j in range(1, n + 1):
        for i in range(max(0, j - MAX_CLAUSES_OF_UNIT), j):
            if i < j - 1 and tokens[j] - tokens[i] > MAX_TOKENS_OF_UNIT:
                continue
            kind_scores = sums[j] - sums[i]
            kind = int(kind_scores.argmax())
            score = best[i] + kind_scores[kind] + log_begin[i] + inside[j] - inside[i + 1]
            if score > best[j]:
                best[j] = score
                back[j] = (i, kind)
    found = []
    j = n
    while j > 0:
        i, kind = back[j]
        count = max(1, int(tokens[j] - tokens[i]))
        mean = np.exp(judgement.kinds[first[i] : last[j - 1], kind]).sum() / count
        found.append(
            Stretch(post, clauses[i][0], clauses[j - 1][1], KINDS[kind], round(float(mean), 3))
        )
        j = i
    return found[::-1]


@cache
def default_model() -> UnitModel:
    """Give the shipped unit model, loaded once."""
    return UnitModel()


def draft(
    thread: Thread,
    segmented: dict[str, tuple[list[Sentence], list[Residue]]],
    judged: dict[str, Judgement],
    decoding: Decoding | None = None,
) -> tuple[tuple[Draft, ...], list[Residue]]:
    """Divide every post; give the drafts of its units, and the ranges dropped with their reasons.

    Both are in reading order; together they cover every character that is not white space.
    """
    decoding = decoding or Decoding(**choices()["units"])
    drafts: list[Draft] = []
    dropped: list[Residue] = []
    for post in thread.posts:
        sentences, barred = segmented[post.id]
        if not sentences:
            dropped += barred
            continue
        judgement = judged[post.id]
        reached = 0
        links = [(row.start, row.end) for row in barred if row.reason == "link only"]
        divided = divide(sentences, judgement, decoding, links)
        stretches = join_fragments(divided, sentences, post.text)
        dropped += _outside(barred, stretches)
        for divided_so in stretches:
            words = post.text[divided_so.start : divided_so.end]
            stretch = reconsidered(divided_so, words, judgement, decoding)
            kind = kind_of(stretch, words)
            if kind is None:
                why = reason_for(words, stretch.kind, stretch.confidence)
                dropped.append(
                    Residue(post=post.id, start=stretch.start, end=stretch.end, reason=why)
                )
                continue
            drafts.append(
                make_draft(
                    stretch, kind, judgement, words, before=post.text[reached : stretch.start]
                )
            )
            reached = stretch.end
    return tuple(drafts), dropped


def _outside(barred: Iterable[Residue], stretches: Sequence[Stretch]) -> Iterator[Residue]:
    """Leave out marks between two sentences of one stretch: it has them in its own range."""
    starts = [stretch.start for stretch in stretches]
    for row in barred:
        place = bisect_right(starts, row.start) - 1
        if place < 0 or row.end > stretches[place].end:
            yield row


def join_fragments(
    stretches: Sequence[Stretch], sentences: Sequence[Sentence], text: str
) -> list[Stretch]:
    """Join a fragment with its neighbour in the sentence: "By his estimates," and what follows.

    A fragment is a claim or evidence of at most FRAGMENT_WORDS words that ends in a comma, or of
    at most two; it goes with the unit after it, else with the one before.
    """
    ends = {s.end for s in sentences}
    joined: list[Stretch] = []
    for stretch in stretches:
        before = joined[-1] if joined and joined[-1].end not in ends else None
        if before is not None and _is_fragment(before, text) and stretch.kind in UNIT_KINDS:
            joined[-1] = replace(stretch, start=before.start)
        elif before is not None and _is_tail(stretch, text) and before.kind in UNIT_KINDS:
            joined[-1] = replace(before, end=stretch.end)
        else:
            joined.append(stretch)
    return joined


def _is_fragment(stretch: Stretch, text: str) -> bool:
    words = text[stretch.start : stretch.end]
    short = len(words.split()) <= FRAGMENT_WORDS and words.endswith(",")
    return stretch.kind in UNIT_KINDS and (short or len(words.split()) <= 2)


def _is_tail(stretch: Stretch, text: str) -> bool:
    return stretch.kind in UNIT_KINDS and len(text[stretch.start : stretch.end].split()) <= 2


def reconsidered(stretch: Stretch, words: str, judgement: Judgement, decoding: Decoding) -> Stretch:
    """Give a stretch that seemed no unit as one, where a claim or evidence is likely enough.

    What is likeliest by itself is not what makes most units right: of passages with a claim in
    doubt every second one is a claim. What stops short ("As I said:") or has a plain reason to be
    left out stays out.
    """
    if stretch.kind != KINDS[OTHER] or words.rstrip()[-1:] in (",", ":"):
        return stretch
    low, high = np.searchsorted(judgement.starts, [stretch.start, stretch.end], side="left")
    if high == low or len(words.split()) not in DOUBTED_WORDS:
        return stretch
    likely = np.exp(judgement.kinds[low:high]).mean(0)
    kind = CLAIM if likely[CLAIM] >= likely[EVIDENCE] else EVIDENCE
    if likely[kind] < decoding.doubted or reason_for(words, stretch.kind, 1.0) != "off topic":
        return stretch
    return replace(stretch, kind=KINDS[kind], confidence=round(float(likely[kind]), 3))


def kind_of(stretch: Stretch, words: str) -> Kind | None:
    """Give the kind of a unit, None for a stretch that is no unit or says too little to be one.

    Mere agreement is no claim: `nlp.agreement` carries it to the point that it is with.
    """
    if stretch.kind == "claim" and len(words.split()) >= 2 and not agrees(words):
        return "claim"
    return "evidence" if stretch.kind == "evidence" else None


def make_draft(
    stretch: Stretch, kind: Kind, judgement: Judgement | None, text: str, before: str
) -> Draft:
    """Give the draft of a stretch; `before` is what the post says since its last unit."""
    drafted = Draft(
        post=stretch.post,
        start=stretch.start,
        end=stretch.end,
        text=text,
        kind=kind,
        holder=holder_of(text, before[-80:]),
        confidence=stretch.confidence,
        before=before[-200:],
    )
    if judgement is None:
        return drafted
    low = int(np.searchsorted(judgement.starts, stretch.start, side="left"))
    high = int(np.searchsorted(judgement.starts, stretch.end, side="left"))
    if high == low:
        return drafted
    salience = _sigmoid(judgement.salience[low:high])
    words = zip(judgement.starts[low:high], judgement.ends[low:high], salience, strict=True)
    return replace(
        drafted,
        bearing=judgement.bearing[low:high].mean(0, dtype=np.float32),
        point=judgement.point[low:high].mean(0, dtype=np.float32),
        words=tuple((int(a), int(b), float(c)) for a, b, c in words),
    )


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-odds)), np.float32)
