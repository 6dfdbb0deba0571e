"""Claim or premise against the rest in threads with spans marked by people: `crux eval cmv`.

For the r/changemyview threads of the AMPERSAND corpus, as JSON files {posts: [{id, text, role,
parent_inferred, spans: [{start, end, kind}]}]}. They are measured on and nothing else: nothing here
is fitted, and no choice is made, on them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nlp.evaluation.classes import class_figures, f1_of
from nlp.evaluation.metrics import tokens_of
from nlp.evaluation.rows import DataError, read_text
from nlp.model import Post, Thread
from nlp.pipeline import find
from nlp.segment import segment

Progress = Callable[[str, float], None]
Range = tuple[int, int]
Judged = dict[str, list[tuple[str, str]]]

ARGUES, REST = "claim or premise", "rest"
COVERED = 0.5  # share of a sentence's words inside marked spans from which on it argues


def read_branches(folder: Path) -> Iterator[tuple[Thread, dict[str, list[Range]]]]:
    """Give each thread and the marked spans of its posts, by post; raise DataError."""
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}: name one of JSON threads with spans.")
    files = sorted(folder.glob("*.json"))
    if not files:
        raise DataError(f"{folder} holds no JSON threads with spans.")
    for file in files:
        try:
            row = json.loads(read_text(file))
            ids = {p["id"] for p in row["posts"]}
            posts = tuple(
                Post(
                    id=p["id"],
                    author=p.get("author"),
                    text=p["text"],
                    reply_to=p["parent_inferred"] if p.get("parent_inferred") in ids else None,
                )
                for p in row["posts"]
            )
            spans = {p["id"]: [(s["start"], s["end"]) for s in p["spans"]] for p in row["posts"]}
            thread = Thread(id=file.stem, title=row.get("title"), posts=posts, platform="reddit")
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"{file} is no thread with spans (posts of id, text, spans): {error}."
            ) from None
        yield thread, spans


def judged_branches(folder: Path, progress: Progress | None = None) -> Iterator[Judged]:
    """Give for every branch its sentences and words, each with what people and Crux say of it.

    A post that stands in several branches counts in the first of them alone.
    """
    seen: set[str] = set()
    branches = list(read_branches(folder))
    for place, (thread, spans) in enumerate(branches):
        if progress:
            progress("reading threads", place / len(branches))
        units: dict[str, list[Range]] = {}
        for unit in find(thread)[0]:
            units.setdefault(unit.post, []).append((unit.start, unit.end))
        judged: Judged = {"sentences": [], "words": []}
        for post in thread.posts:
            if post.text in seen:
                continue
            seen.add(post.text)
            mine, theirs = spans[post.id], units.get(post.id, [])
            for name, ranges in (("sentences", _sentences(post)), ("words", tokens_of(post.text))):
                judged[name] += [
                    (_argues(post.text, r, mine), _argues(post.text, r, theirs)) for r in ranges
                ]
        yield judged


def evaluate_cmv(folder: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Score sentences and words that argue, beside the baseline that everything does."""
    branches = list(judged_branches(folder, progress))
    out: dict[str, Any] = {}
    for name in ("sentences", "words"):
        gold = [g for branch in branches for g, _ in branch[name]]
        found = [f for branch in branches for _, f in branch[name]]
        out[name] = {
            "F1 of claim or premise": round(f1_of(ARGUES, gold, found), 3),
            **class_figures(gold, found),
            "majority (everything argues)": class_figures(gold, [ARGUES] * len(gold)),
        }
    return out


def _sentences(post: Post) -> list[Range]:
    return [(s.start, s.end) for s in segment(post)[0]]


def _argues(text: str, sentence: Range, spans: list[Range]) -> str:
    low, high = sentence
    words = [(low + a, low + b) for a, b in tokens_of(text[low:high])]
    inside = sum(any(a < end and b > start for start, end in spans) for a, b in words)
    return ARGUES if words and inside / len(words) >= COVERED else REST
