"""Annotated IRC logs: who answers what, and the figures of a reply finder on them.

The format is that of the logs: NAME.ascii.txt holds one message a line, NAME.annotation.txt lines
`a b -`, message b answers message a; a message linked to itself begins a conversation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from nlp.evaluation.clusters import b_cubed
from nlp.model import Post

_LINE = re.compile(r"^\[(\d\d):(\d\d)\] (?:<([^>]+)> ?| ?\* ?(\S+) ?)(.*)$")
START = datetime(2000, 1, 1, tzinfo=UTC)  # the logs name no day


@dataclass(frozen=True)
class Log:
    """A log: its messages, their line numbers, and the annotated links of the judged lines.

    `links` maps the number of each judged line to the lines it answers (itself: it begins).
    """

    name: str
    posts: tuple[Post, ...]
    lines: tuple[int, ...]
    links: dict[int, frozenset[int]]


def read_logs(folder: Path) -> Iterator[Log]:
    """Read every annotated log of a folder, in order of name."""
    for file in sorted(folder.glob("*.annotation.txt")):
        name = file.name.removesuffix(".annotation.txt")
        text = (folder / f"{name}.ascii.txt").read_text(encoding="utf-8")
        yield _log(name, text.split("\n"), file.read_text(encoding="utf-8"))


def _log(name: str, lines: Sequence[str], annotation: str) -> Log:
    posts, numbers = [], []
    day, before = 0, -1
    for number, line in enumerate(lines):
        found = _LINE.match(line)
        if not found:
            continue
        minute = int(found[1]) * 60 + int(found[2])
        day += minute < before - 720
        before = minute
        posts.append(
            Post(
                id=str(number),
                author=found[3] or found[4],
                text=found[5],
                created_at=START + timedelta(days=day, minutes=minute),
            )
        )
        numbers.append(number)
    links: dict[int, set[int]] = {}
    for row in annotation.splitlines():
        a, b = sorted(map(int, row.split()[:2]))
        links.setdefault(b, set()).add(a)
    return Log(name, tuple(posts), tuple(numbers), {b: frozenset(a) for b, a in links.items()})


def timeless(log: Log) -> Log:
    """Give the log without its times, as many a chat is copied."""
    return replace(log, posts=tuple(replace(p, created_at=None) for p in log.posts))


def answers_previous(posts: Sequence[Post]) -> list[int | None]:
    """Link each message to the one before it: the baseline."""
    return [i - 1 if i else None for i in range(len(posts))]


class ReplyTally:
    """Counts of links and conversations over logs."""

    def __init__(self) -> None:
        self.hits = self.guessed = self.gold = 0
        self.clusters: list[tuple[float, float, float, float, float]] = []

    def add(self, log: Log, targets: Sequence[int | None]) -> None:
        """Count the links found in a log: the place each message answers, None where it begins."""
        found = {
            log.lines[i]: log.lines[t] if t is not None else log.lines[i]
            for i, t in enumerate(targets)
        }
        judged = log.links
        for line, gold in judged.items():
            mine = found.get(line, line)  # a notice of the server begins and ends with itself
            self.hits += mine in gold
            self.guessed += 1
            self.gold += len(gold)
        mine_of = _conversations({b: frozenset({found.get(b, b)}) for b in judged})
        gold_of = _conversations(judged)
        self.clusters.append((*b_cubed(gold_of, mine_of), *_exact(gold_of, mine_of)))

    def figures(self) -> dict[str, dict[str, float]]:
        """Give link precision, recall and F1, B-cubed of conversations, and exact matches."""
        precision, recall = self.hits / max(1, self.guessed), self.hits / max(1, self.gold)
        bp, br, bf, ep, er = np.mean(self.clusters, axis=0).tolist() if self.clusters else [0.0] * 5
        return {
            "links": _three(precision, recall),
            "conversations, B-cubed": {
                "precision": round(bp, 3),
                "recall": round(br, 3),
                "f1": round(bf, 3),
            },
            "conversations found whole": _three(ep, er),
        }


def _three(precision: float, recall: float) -> dict[str, float]:
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def _conversations(links: dict[int, frozenset[int]]) -> dict[int, int]:
    """Give the conversation of each judged line by a number: what links tie together."""
    root: dict[int, int] = {}

    def top(x: int) -> int:
        while root.setdefault(x, x) != x:
            root[x] = root[root[x]]
            x = root[x]
        return x

    for b, answered in links.items():
        for a in answered:
            root[top(b)] = top(a)
    return {b: top(b) for b in links}


def _exact(gold: dict[int, int], mine: dict[int, int]) -> tuple[float, float]:
    """Share of found, and of gold, conversations of two or more messages that are the same set."""
    sets = []
    for of in (gold, mine):
        groups: dict[int, set[int]] = {}
        for line, number in of.items():
            groups.setdefault(number, set()).add(line)
        sets.append({frozenset(g) for g in groups.values() if len(g) > 1})
    same = len(sets[0] & sets[1])
    return same / max(1, len(sets[1])), same / max(1, len(sets[0]))


def evaluate(folder: Path, progress: Callable[[str, float], None] | None = None) -> dict[str, Any]:
    """Score the finder, with and without times, and the baseline; {} for a folder without logs."""
    from nlp.replies import find

    finder, bare, previous = ReplyTally(), ReplyTally(), ReplyTally()
    logs = list(read_logs(folder)) if folder.is_dir() else []
    for place, log in enumerate(logs):
        if progress:
            progress("scoring", place / len(logs))
        finder.add(log, [link.target for link in find(log.posts)])
        bare.add(log, [link.target for link in find(timeless(log).posts)])
        previous.add(log, answers_previous(log.posts))
    if not logs:
        return {}
    return {
        "logs": len(logs),
        "messages judged": finder.guessed,
        "reply finder": finder.figures(),
        "reply finder, times taken away": bare.figures(),
        "answers the previous message": previous.figures(),
    }
