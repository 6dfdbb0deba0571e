"""A small analysis by rule, for scenarios that are about the chat and not about the map.

A sentence with "should" or "must" is a claim; one with "because" before it, or a number in it, is
evidence; a post that begins with "No" attacks the claim of the post it answers, others support it.
What else ends with a question mark is a question.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bot.store.vectors import Rows
from nlp.model import ArgumentMap, Issue, KeyPoint, MadeBy, Relation, Residue, Thread, Unit
from nlp.words import content_stems

Progress = Callable[[str, float], None]
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")


def analyze(thread: Thread, progress: Progress) -> ArgumentMap:
    """Give a map by the rules above."""
    progress("finding points", 0.5)
    units, residue = _units(thread)
    first = {}
    for unit in units:
        if unit.kind == "claim":
            first.setdefault(unit.post, unit)
    relations = list(_relations(thread, units, first))
    authors = {post.id: post.speaker for post in thread.posts}
    points = tuple(
        KeyPoint(
            id=f"k{n}",
            headline=unit.headline,
            units=(unit.id,),
            speakers=(authors[unit.post],),
        )
        for n, unit in enumerate((u for u in units if u.kind == "claim"), 1)
    )
    attacked = [r.target for r in relations if r.type == "attack"]
    crux = next((p.id for p in points if p.units[0] in attacked), None)
    claim = next((u for u in units if u.kind == "claim"), None)
    return ArgumentMap(
        thread=thread,
        issue=claim and Issue(text=claim.text, post=claim.post, start=claim.start, end=claim.end),
        units=units,
        key_points=points,
        relations=tuple(relations),
        crux=crux,
        residue=tuple(residue),
        made_by=MadeBy(crux="0.1.0"),
    )


def _units(thread: Thread) -> tuple[tuple[Unit, ...], list[Residue]]:
    units: list[Unit] = []
    residue: list[Residue] = []
    for post in thread.posts:
        for match in _SENTENCE.finditer(post.text):
            text = match[0].strip()
            if not text:
                continue
            start = post.text.index(text, match.start())
            end = start + len(text)
            claim = bool(re.search(r"\b(?:should|must)\b", text))
            evidence = bool(re.search(r"\bbecause\b|\d", text))
            if not (claim or evidence):
                reason = "question" if text.endswith("?") else "too short"
                residue.append(Residue(post=post.id, start=start, end=end, reason=reason))
                continue
            units.append(
                Unit(
                    id=f"u{len(units) + 1}",
                    post=post.id,
                    start=start,
                    end=end,
                    text=text,
                    kind="claim" if claim else "evidence",
                    holder="author",
                    headline=" ".join(text.split()[:7]),
                    confidence=0.9,
                )
            )
    return tuple(units), residue


def _relations(
    thread: Thread, units: tuple[Unit, ...], first: dict[str, Unit]
) -> Iterator[Relation]:
    posts = {post.id: post for post in thread.posts}
    for unit in units:
        post = posts[unit.post]
        own = first.get(post.id)
        if unit.kind == "evidence" and own is not None:
            yield Relation(source=unit.id, target=own.id, type="support", confidence=0.8)
        above = first.get(post.reply_to) if post.reply_to else None
        if unit is own and above is not None:
            attack = post.text.startswith("No")
            yield Relation(
                source=unit.id,
                target=above.id,
                type="attack" if attack else "support",
                confidence=0.7,
            )


def encode(texts: Sequence[str]) -> Rows:
    """Give vectors in which the same content words point the same way."""
    rows = np.zeros((len(texts), 384), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for stem in content_stems(text):
            row[int(hashlib.sha256(stem.encode()).hexdigest(), 16) % 384] += 1.0
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def slow(seconds: float) -> Callable[[Thread, Progress], ArgumentMap]:
    """Give the same analysis, taking at least so long."""

    def analysis(thread: Thread, progress: Progress) -> ArgumentMap:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            progress("finding points", 0.3)
            time.sleep(0.01)
        return analyze(thread, progress)

    return analysis
