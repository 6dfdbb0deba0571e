"""How often answers in help chats are called attacks.

Annotated IRC logs (`nlp.evaluation.irc`) say who answers whom; people ask there how a thing is done
and are told. Almost none of these answers attacks what it answers, so a share of them called
attacks is a share of mistakes, give or take a few quarrels. Nothing is fitted on the logs measured
here but what finds replies, and that is not asked: links are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nlp.evaluation.irc import Log, read_logs
from nlp.model import ArgumentMap, Thread
from nlp.pipeline import analyze


@dataclass(frozen=True)
class Answers:
    """Of one log: its answers, and how many of them a map says to attack or support something.

    `direct` counts those said to attack the very message that they answer.
    """

    log: str
    answers: int
    attacks: int
    direct: int
    supports: int


def thread_of(log: Log) -> Thread:
    """Give the annotated lines of a log as a thread, each answering the last line it is tied to."""
    posts = {post.id: post for post in log.posts}
    kept = [str(line) for line in sorted(log.links) if str(line) in posts]
    known = set(kept)
    answered = []
    for key in kept:
        before = [b for b in log.links[int(key)] if b != int(key) and str(b) in known]
        answered.append(replace(posts[key], reply_to=str(max(before)) if before else None))
    return Thread(id=log.name, posts=tuple(answered), platform="irc")


def judged_logs(folder: Path, draw: Callable[[Thread], ArgumentMap] = analyze) -> Iterator[Answers]:
    """Draw the map of each log of a folder and count what it says of the answers."""
    for log in read_logs(folder):
        thread = thread_of(log)
        yield answers_of(thread, draw(thread))


def answers_of(thread: Thread, found: ArgumentMap) -> Answers:
    """Count the answers of a thread that a map says to attack or support another message."""
    post_of = {unit.id: unit.post for unit in found.units}
    replies = {p.id: p.reply_to for p in thread.posts if p.reply_to}
    called: dict[str, set[str]] = {"attack": set(), "support": set()}
    direct = set()
    for relation in found.relations:
        source, target = post_of[relation.source], post_of[relation.target]
        if source != target and source in replies:
            called[relation.type].add(source)
            if relation.type == "attack" and replies[source] == target:
                direct.add(source)
    return Answers(
        log=thread.id,
        answers=len(replies),
        attacks=len(called["attack"]),
        direct=len(direct),
        supports=len(called["support"] - called["attack"]),
    )
