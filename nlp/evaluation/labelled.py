"""Labelled threads, the form in which every trainer here takes its data.

A labelled thread is posts, units as exact spans with kind, holder, point and headline, and
relations between units. Three sources give it: gold maps whose posts are known
(`read_gold_maps`), sentences annotated one by one (`read_annotated`), and a JSONL file that
`python -m bot.gold` writes from pasted threads and their gold maps (`read_jsonl`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlp.model import Post, Thread


@dataclass(frozen=True, kw_only=True)
class LabelledUnit:
    """A gold unit: kind is claim, evidence, question or other (the last two only where given)."""

    id: str
    post: str
    start: int
    end: int
    kind: str
    holder: str = "author"
    point: str | None = None
    headline: str | None = None


@dataclass(frozen=True, kw_only=True)
class LabelledThread:
    """A thread with its gold units, relations and points; `real` ones were not written for us."""

    name: str
    thread: Thread
    units: tuple[LabelledUnit, ...]
    relations: tuple[tuple[str, str, str], ...]
    points: dict[str, str]
    issue: str | None = None
    crux: str | None = None
    real: bool = True

    @property
    def held_out(self) -> bool:
        """Whether the thread is in the dev part, on which nothing is fitted."""
        return self.name in dev_names()


@cache
def dev_names() -> frozenset[str]:
    """Names of the threads in the dev part (`dev_threads.txt` beside this file)."""
    lines = Path(__file__).with_name("dev_threads.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def locate(quote: str, text: str, after: int = 0) -> tuple[int, int] | None:
    """Find `quote` in `text`, any white space matching any other; None when it is not there."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    if not pattern:
        return None
    found = re.compile(pattern).search(text, after) or re.compile(pattern).search(text)
    return (found.start(), found.end()) if found else None


def label(
    thread: Thread,
    gold: dict[str, Any],
    *,
    name: str,
    real: bool,
    posts: dict[int, Post] | None = None,
) -> LabelledThread:
    """Join a thread with its gold map; units whose quote is not found in their post are left out.

    `posts` gives the thread's post for each number of a gold post; by default they are in order.
    """
    posts = posts or {n + 1: post for n, post in enumerate(thread.posts)}
    units: list[LabelledUnit] = []
    reached: dict[str, int] = {}
    for unit in gold["units"]:
        post = posts.get(unit["post"])
        span = locate(unit["quote"], post.text, reached.get(post.id, 0)) if post else None
        if post is None or span is None:
            continue
        reached[post.id] = span[0] + 1
        units.append(
            LabelledUnit(
                id=unit["id"],
                post=post.id,
                start=span[0],
                end=span[1],
                kind=unit["kind"],
                holder=unit.get("holder") or "author",
                point=unit.get("point"),
                headline=unit.get("headline"),
            )
        )
    known = {unit.id for unit in units}
    relations = tuple(
        (r["from"], r["to"], r["type"])
        for r in gold["relations"]
        if r["from"] in known and r["to"] in known
    )
    points = {point["id"]: point["headline"] for point in gold["points"]}
    return LabelledThread(
        name=name,
        thread=thread,
        units=tuple(units),
        relations=relations,
        points=points,
        issue=gold.get("issue"),
        crux=gold.get("crux"),
        real=real,
    )


def read_gold_maps(folder: Path) -> Iterator[LabelledThread]:
    """Read NAME.json (posts given) with NAME.gold.json, in order of name."""
    for gold_file in sorted(folder.glob("*.gold.json")):
        name = gold_file.name.removesuffix(".gold.json")
        gold = json.loads(gold_file.read_text(encoding="utf-8"))
        source = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        posts = tuple(
            Post(id=p["id"], author=p["author"], reply_to=p["reply_to"], text=p["text"])
            for p in source["posts"]
        )
        thread = Thread(id=name, title=source.get("title"), posts=posts, platform="maps")
        yield label(thread, gold, name=name, real=True)


def read_annotated(file: Path, *, without: Iterable[str] = ()) -> Iterator[LabelledThread]:
    """Read sentences labelled one by one; a post is its sentences joined by a space."""
    left_out = set(without)
    docs: dict[str, list[dict[str, Any]]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["doc"].removeprefix("createdebate/") not in left_out:
            docs.setdefault(row["doc"], []).append(row)
    for doc, rows in docs.items():
        yield _annotated_thread(doc, rows)


def _annotated_thread(doc: str, rows: list[dict[str, Any]]) -> LabelledThread:
    texts: dict[str, str] = {}
    firsts: dict[str, dict[str, Any]] = {}
    units: list[LabelledUnit] = []
    relations: list[tuple[str, str, str]] = []
    for row in rows:
        post = str(row["post"])
        firsts.setdefault(post, row)
        text = texts.get(post, "")
        start = len(text) + (1 if text else 0)
        texts[post] = f"{text} {row['text']}" if text else row["text"]
        units.append(
            LabelledUnit(
                id=row["id"],
                post=post,
                start=start,
                end=start + len(row["text"]),
                kind=row["kind"],
                holder=row.get("holder") or "author",
                point=row.get("point"),
                headline=row.get("headline"),
            )
        )
        relations += [(row["id"], r["to"], r["type"]) for r in row.get("rel") or ()]
    posts = []
    for post, text in texts.items():
        parent = firsts[post].get("reply_to")
        parent = str(parent) if parent is not None and str(parent) in texts else None
        parent = None if parent == post else parent
        posts.append(Post(id=post, author=firsts[post].get("author"), reply_to=parent, text=text))
    title = rows[0].get("topic")
    thread = Thread(id=doc, title=title, posts=tuple(posts), platform="annotated")
    known = {u.id for u in units}
    kept = tuple(r for r in relations if r[0] in known and r[1] in known)
    return LabelledThread(
        name=doc, thread=thread, units=tuple(units), relations=kept, points={}, real=True
    )


def read_jsonl(file: Path) -> Iterator[LabelledThread]:
    """Read labelled threads written by `write_jsonl`."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        thread = Thread(
            id=row["name"],
            title=row["title"],
            platform=row["platform"],
            posts=tuple(
                Post(**{**p, "quotes": tuple(map(tuple, p["quotes"]))}) for p in row["posts"]
            ),
        )
        yield LabelledThread(
            name=row["name"],
            thread=thread,
            units=tuple(LabelledUnit(**u) for u in row["units"]),
            relations=tuple(tuple(r) for r in row["relations"]),
            points=row["points"],
            issue=row["issue"],
            crux=row["crux"],
            real=row["real"],
        )


def write_jsonl(threads: Iterable[LabelledThread], file: Path) -> None:
    """Write labelled threads, one a line."""
    with file.open("w", encoding="utf-8") as out:
        for item in threads:
            row = {
                "name": item.name,
                "title": item.thread.title,
                "platform": item.thread.platform,
                "posts": [
                    {
                        "id": p.id,
                        "author": p.author,
                        "reply_to": p.reply_to,
                        "text": p.text,
                        "quotes": p.quotes,
                    }
                    for p in item.thread.posts
                ],
                "units": [
                    {k: getattr(u, k) for k in LabelledUnit.__dataclass_fields__}
                    for u in item.units
                ],
                "relations": item.relations,
                "points": item.points,
                "issue": item.issue,
                "crux": item.crux,
                "real": item.real,
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
