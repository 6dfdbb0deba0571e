"""Gold threads on disk: NAME.txt (or .json, .csv) beside NAME.gold.json.

`python -m bot.gold FOLDER FILE` writes them as labelled threads, the form that training reads.
"""

from __future__ import annotations

import argparse
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bot.errors import InputError
from bot.input import read_source
from bot.sources import read_text
from nlp.model import Post, Thread

KEYS = ("file", "posts", "units", "points", "relations")  # that a gold map must have


@dataclass(frozen=True)
class GoldThread:
    """A thread as its reader sees it, and its gold map."""

    name: str
    thread: Thread
    gold: dict[str, Any]


def read_folder(folder: Path) -> Iterator[GoldThread]:
    """Read every gold thread of a folder, in order of name; raise InputError for a broken one."""
    for file in sorted(folder.glob("*.gold.json")):
        gold = _read_gold(file)
        name = file.name.removesuffix(".gold.json")
        text, source = read_source(str(folder / str(gold["file"])))
        yield GoldThread(name, read_text(text, source), gold)


def _read_gold(file: Path) -> dict[str, Any]:
    try:
        gold = json.loads(read_source(str(file))[0])
    except (json.JSONDecodeError, RecursionError):
        raise InputError(f"{file} is not JSON: it should hold a gold map.") from None
    lacking = [key for key in KEYS if not isinstance(gold, dict) or key not in gold]
    if lacking:
        raise InputError(f"{file} is no gold map: it lacks {', '.join(lacking)}.")
    return cast("dict[str, Any]", gold)


def flat(text: str) -> str:
    """Collapse white space, case and marks: how gold names the beginning of a post."""
    return re.sub(r"\W+", "", text).lower()


def match_posts(thread: Thread, gold: dict[str, Any]) -> dict[int, Post]:
    """Match gold posts (by number) with the thread's, by their first words, in order.

    A post matches when it begins with the words, or holds them within its first 300 characters.
    """
    matched: dict[int, Post] = {}
    free = list(thread.posts)
    heads = [flat(post.text[:400]) for post in free]
    title = flat(thread.title or "")
    used: set[int] = set()
    at = 0
    for row in gold["posts"]:
        starts = html.unescape(row["starts"])  # of an export, where readers undo it
        wanted = flat(starts) or starts.strip()
        order = [*range(at, len(free)), *range(at)]
        hit = next((i for i in order if i not in used and _begins(heads[i], free[i], wanted)), None)
        if hit is None:
            hit = next(
                (
                    i
                    for i in order
                    if i not in used and len(wanted) > 8 and wanted in heads[i][:300]
                ),
                None,
            )
        if hit is None and row["n"] == 1 and free and 0 not in used and title.startswith(wanted):
            hit = 0  # the first post is named by its title
        if hit is not None:
            used.add(hit)
            matched[row["n"]] = free[hit]
            at = hit + 1
    return matched


def _begins(head: str, post: Post, wanted: str) -> bool:
    return head.startswith(wanted) if head else post.text.strip().startswith(wanted)


def main() -> None:
    """Run the command line."""
    from nlp.evaluation.labelled import label, write_jsonl

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("output", type=Path)
    given = parser.parse_args()
    items = []
    for gold in read_folder(given.folder):
        posts = match_posts(gold.thread, gold.gold)
        items.append(label(gold.thread, gold.gold, name=gold.name, real=False, posts=posts))
    write_jsonl(items, given.output)


if __name__ == "__main__":
    main()
