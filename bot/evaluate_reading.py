"""`crux eval reading FOLDER`: what the readers get right of gold threads, without mapping them."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.errors import InputError
from bot.gold import GoldThread, flat, match_posts, read_folder
from nlp.evaluation.metrics import Tally
from nlp.model import Post


def evaluate_reading(folder: Path) -> dict[str, Any]:
    """Score posts, authors and reply links of every gold thread of a folder.

    Raises InputError when the folder holds no gold thread.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.")
    total = Tally()
    threads = {}
    for item in read_folder(folder):
        tally = score_reading(item, match_posts(item.thread, item.gold))
        threads[item.name] = {"platform": item.thread.platform, **tally.figures()}
        total += tally
    if not threads:
        raise InputError(f"{folder} holds no gold maps (NAME.gold.json beside NAME.txt).")
    return {
        "crux": version("crux-map"),
        "threads": len(threads),
        "all": total.figures(),
        "by thread": threads,
    }


def score_reading(item: GoldThread, posts: dict[int, Post]) -> Tally:
    """Count posts, authors and reply links; links once more by whether the form shows them.

    A link is shown where the reader took it from the form, and judged where the form hides it
    (a flat copy, a chat without marks). Where the gold map links nothing, links are not counted.
    """
    tally = Tally()
    rows = {row["n"]: row for row in item.gold["posts"]}
    tally.add("posts", len(posts), len(item.thread.posts), len(rows))
    right = sum(flat(posts[n].author or "") == flat(rows[n]["author"] or "") for n in posts)
    tally.add("authors", right, len(item.thread.posts), len(rows))
    number = {post.id: n for n, post in posts.items()}
    if all(row["reply_to"] is None for row in rows.values()):
        return tally  # a chat without marks: its gold links nothing
    gold_of = {n: row["reply_to"] for n, row in rows.items() if row["reply_to"] is not None}
    found = {p.id: p for p in item.thread.posts if p.reply_to is not None}
    right_ones = {
        key
        for key, p in found.items()
        if key in number and number.get(p.reply_to or "") == gold_of.get(number[key], -1)
    }
    judged = {key for key, p in found.items() if p.reply_inferred}
    shown_gold = sum(n in posts and _is_shown(posts[n]) for n in gold_of)
    tally.add("reply links", len(right_ones), len(found), len(gold_of))
    tally.add("reply links shown", len(right_ones - judged), len(found) - len(judged), shown_gold)
    judged_gold = sum(n in posts and posts[n].id in judged for n in gold_of)
    tally.add("reply links judged", len(right_ones & judged), len(judged), judged_gold)
    return tally


def _is_shown(post: Post) -> bool:
    return post.reply_to is not None and not post.reply_inferred
