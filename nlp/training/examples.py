"""What the unit model is fitted on: windows with their tokens' labels, units, pairs of units."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import Encoder
from nlp.evaluation.given import gold_drafts
from nlp.evaluation.labelled import LabelledThread, LabelledUnit
from nlp.model import Post, Thread
from nlp.pairs import PAIR_FEATURES, PairFeatures, candidates
from nlp.thread_view import ThreadView
from nlp.training.sheets import Sheet
from nlp.training.views import LabelledView, gold_view, strays_of
from nlp.windows import KINDS, Window, windows_of
from nlp.words import FUNCTION_WORDS, WORD, content_stems, stem

IGNORED = -100
PAIR_SOURCES = ("rel_perspectrum.jsonl", "rel_explagraphs.jsonl", "rel_political.jsonl")
Ints = NDArray[np.int64]
Rows = NDArray[np.float32]


@dataclass(frozen=True)
class LabelledWindow:
    """A window with the gold of its tokens: kind, beginning, place in a headline, or IGNORED."""

    window: Window
    kinds: Ints
    begins: Ints
    salience: Ints


@dataclass(frozen=True)
class PairTable:
    """Units of a thread and the candidate pairs of them, with their gold.

    `tokens` gives for each unit the (window, token) places of its words; `gold` (p, 2) marks the
    pairs that support or attack; `judged` (n,) the units whose ties are known and reachable.
    `same` (n, n) says of two claims whether they make the same point: 1, 0, or -1 where unknown.
    """

    tokens: list[tuple[Ints, Ints]]
    own: Rows
    pairs: Ints
    features: Rows
    gold: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    same: NDArray[np.int8]


@dataclass(frozen=True)
class ThreadExample:
    """One thread: its windows, and its pairs with and without strays (none where unlabelled)."""

    name: str
    windows: list[LabelledWindow]
    tables: list[PairTable]

    @property
    def size(self) -> int:
        """Number of tokens."""
        return sum(len(w.window.ids) for w in self.windows)


def example_of(
    item: LabelledThread, tokenizer: Any, encoder: Encoder, rng: random.Random
) -> ThreadExample:
    """Make the example of a labelled thread."""
    windows = list(windows_of(item.thread, tokenizer))
    labels = [_CharLabels(post, item) for post in item.thread.posts]
    labelled = [_label(window, labels) for window in windows]
    tables = []
    if item.relations:
        strays = strays_of(item, rng)
        views = [
            gold_view(item, encoder),
            gold_view(item, encoder, strays=strays) if strays else None,
        ]
        tables = [pair_table(view, windows) for view in views if view is not None]
    return ThreadExample(item.name, labelled, [t for t in tables if len(t.pairs)])


def pair_table(view: LabelledView, windows: Sequence[Window]) -> PairTable:
    """Give the units of a view, its candidate pairs and what is known of them."""
    drafts = view.view.drafts
    pairs = np.array(candidates(view.view), np.int64).reshape(-1, 2)
    known = PairFeatures(view.view)
    gold = np.zeros((len(pairs), 2), bool)
    listed = [(int(a), int(b)) for a, b in pairs]
    for row, pair in enumerate(listed):
        kind = view.relations.get(pair)
        if kind:
            gold[row, int(kind == "attack")] = True
    tied = {source for source, _ in view.relations}
    reached = {int(pairs[row, 0]) for row in np.flatnonzero(gold.any(1))}
    judged = np.array([i in reached or i not in tied for i in range(len(drafts))])
    features = known.of(listed) if listed else np.empty((0, 0))
    return PairTable(
        tokens=unit_tokens(view, windows),
        own=known.own,
        pairs=pairs,
        features=np.asarray(features, np.float32),
        gold=gold,
        judged=judged,
        same=same_point(view.points),
    )


def same_point(points: Sequence[str | None]) -> NDArray[np.int8]:
    """Give for each two units whether they make one point (1, 0; -1 where one has none), (n, n)."""
    names = {point: k for k, point in enumerate(dict.fromkeys(points)) if point is not None}
    number = np.array([names.get(point, -1) if point is not None else -1 for point in points])
    same: NDArray[np.int8] = np.equal.outer(number, number).astype(np.int8)
    same[(number[:, None] < 0) | (number < 0)] = -1
    np.fill_diagonal(same, -1)
    return same


def unit_tokens(view: LabelledView, windows: Sequence[Window]) -> list[tuple[Ints, Ints]]:
    """Give for each unit the window numbers and token places at which its words are judged."""
    columns: dict[int, list[tuple[int, int, int]]] = {}
    for number, window in enumerate(windows):
        for place, (post, start, seen) in enumerate(
            zip(window.posts, window.starts, window.judged, strict=True)
        ):
            if seen:
                columns.setdefault(post, []).append((start, number, place))
    found = []
    for draft, post in zip(view.view.drafts, view.view.posts.tolist(), strict=True):
        inside = [(n, k) for at, n, k in columns.get(post, ()) if draft.start <= at < draft.end]
        rows = np.array(inside, np.int64).reshape(-1, 2)
        found.append((rows[:, 0], rows[:, 1]))
    return found


class _CharLabels:
    """Labels of the characters of one post."""

    def __init__(self, post: Post, item: LabelledThread) -> None:
        size = len(post.text) + 1
        self.kinds = np.zeros(size, np.int64)
        self.begins = np.full(size, IGNORED, np.int64)
        self.salience = np.full(size, IGNORED, np.int64)
        self._text = post.text
        self._mark_questions()
        units = [u for u in item.units if u.post == post.id]
        for unit in units:
            self.kinds[unit.start : unit.end] = KINDS.index(unit.kind)
            if unit.kind in ("claim", "evidence"):
                self.begins[unit.start : unit.end] = 0
                self._mark_salience(unit, item.points)
        for unit in units:
            if unit.kind in ("claim", "evidence"):
                self.begins[unit.start] = 1
                rest = post.text[unit.end :]
                after = unit.end + len(rest) - len(rest.lstrip())
                if self.begins[after] == IGNORED:
                    self.begins[after] = 1

    def _mark_questions(self) -> None:
        """Mark sentences that end in a question mark; units overwrite them."""
        start = 0
        for i, char in enumerate(self._text):
            if char in ".!?\n":
                if char == "?":
                    self.kinds[start : i + 1] = KINDS.index("question")
                start = i + 1

    def _mark_salience(self, unit: LabelledUnit, points: dict[str, str]) -> None:
        """Mark the content words of a claim by whether its headline, or its point's, has them."""
        if unit.kind != "claim" or not unit.headline:
            return
        said = {*content_stems(unit.headline), *content_stems(points.get(unit.point or "", ""))}
        for word in WORD.finditer(self._text, unit.start, unit.end):
            if word.group().lower() not in FUNCTION_WORDS:
                self.salience[word.start() : word.end()] = int(stem(word.group()) in said)


def _label(window: Window, labels: Sequence[_CharLabels]) -> LabelledWindow:
    n = len(window.ids)
    kinds, begins, salience = (np.full(n, IGNORED, np.int64) for _ in range(3))
    for i, (post, start, end, seen) in enumerate(
        zip(window.posts, window.starts, window.ends, window.judged, strict=True)
    ):
        if seen:
            of = labels[post]
            kinds[i] = of.kinds[start]
            salience[i] = of.salience[start]
            within = of.begins[start:end]
            begins[i] = 1 if (within == 1).any() else int(within[0])
    return LabelledWindow(window, kinds, begins, salience)


def pair_examples(
    data: Path, tokenizer: Any, encoder: Encoder, rng: random.Random, count: int
) -> Iterator[ThreadExample]:
    """Draw pairs of texts, the second for, against or beside the first, as threads of two posts.

    They teach what agrees with what; their tokens carry no labels of their own.
    """
    rows = [
        row
        for name in PAIR_SOURCES
        for line in (data / "relations" / name).read_text(encoding="utf-8").splitlines()
        if (row := json.loads(line))["split"] == "train" and len(row["a"]) + len(row["b"]) < 600
    ]
    for number, row in enumerate(rng.sample(rows, min(count, len(rows)))):
        texts = (row["a"].strip(), row["b"].strip())
        posts = (
            Post(id="1", author="a", text=texts[0]),
            Post(id="2", author="b", text=texts[1], reply_to="1"),
        )
        units = tuple(
            LabelledUnit(id=p.id, post=p.id, start=0, end=len(p.text), kind="claim") for p in posts
        )
        tie = () if row["label"] == "neutral" else (("2", "1", row["label"]),)
        thread = Thread(id=f"pair {number}", posts=posts)
        item = LabelledThread(
            name=thread.id, thread=thread, units=units, relations=tie, points={}, real=True
        )
        view = gold_view(item, encoder)
        if view is None:
            continue
        windows = list(windows_of(thread, tokenizer))
        yield ThreadExample(thread.id, _blank(windows), [pair_table(view, windows)])


def sheet_examples(sheets: Iterable[Sheet], tokenizer: Any) -> Iterator[ThreadExample]:
    """Make threads of sheets, each text the post of another person who answers nobody.

    They teach what makes the same point; nothing else is known of them.
    """
    for number, sheet in enumerate(sheets):
        posts = tuple(
            Post(id=str(i), author=f"person {i}", text=text) for i, text in enumerate(sheet.texts)
        )
        thread = Thread(id=f"sheet {number}", posts=posts)
        units = tuple(
            LabelledUnit(id=p.id, post=p.id, start=0, end=len(p.text), kind="claim") for p in posts
        )
        item = LabelledThread(
            name=thread.id, thread=thread, units=units, relations=(), points={}, real=True
        )
        n = len(posts)
        view = ThreadView(thread, gold_drafts(item), np.zeros((n, 1), np.float32))
        windows = list(windows_of(thread, tokenizer))
        same = np.full((n, n), -1, np.int8)
        for (a, b), value in sheet.pairs.items():
            same[a, b] = same[b, a] = int(value)
        table = PairTable(
            tokens=unit_tokens(LabelledView(item, view, {}, (None,) * n), windows),
            own=PairFeatures(view).own,
            pairs=np.empty((0, 2), np.int64),
            features=np.empty((0, len(PAIR_FEATURES)), np.float32),
            gold=np.empty((0, 2), bool),
            judged=np.zeros(n, bool),
            same=same,
        )
        yield ThreadExample(thread.id, _blank(windows), [table])


def _blank(windows: Iterable[Window]) -> list[LabelledWindow]:
    return [
        LabelledWindow(w, *(np.full(len(w.ids), IGNORED, np.int64) for _ in range(3)))
        for w in windows
    ]
