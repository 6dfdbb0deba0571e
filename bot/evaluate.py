"""`crux eval maps FOLDER`: what the readers and the maps get right, by thread and for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.errors import InputError
from bot.gold import GoldThread, flat, match_posts, read_folder
from nlp.evaluation.labelled import dev_names, label
from nlp.evaluation.metrics import Tally, score_map
from nlp.model import ArgumentMap, Post, Thread

Mapper = Callable[[Thread], ArgumentMap]
Progress = Callable[[str, float], None]


def evaluate_folder(
    folder: Path, baseline: str | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Score every gold thread of a folder; give figures for all, for the held-out, and for each.

    Raises InputError when the folder holds no gold thread or the baseline has no such name.
    """
    mapper = _mapper(baseline)
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.")
    items = list(read_folder(folder))
    if not items:
        raise InputError(f"{folder} holds no gold maps (NAME.gold.json beside NAME.txt).")
    total, held, fitted = Tally(), Tally(), Tally()
    threads: dict[str, Any] = {}
    names = {True: 0, False: 0}
    for place, item in enumerate(items):
        if progress:
            progress("scoring", place / len(items))
        tally = score_thread(item, mapper)
        threads[item.name] = tally.figures()
        total += tally
        out = item.name in dev_names()
        names[out] += 1
        if out:
            held += tally
        else:
            fitted += tally
    return {
        "crux": version("crux-map"),
        "maps by": baseline or "crux",
        "threads": len(items),
        "all": total.figures(),
        "held out (no weight was fitted on them)": {"threads": names[True], **held.figures()},
        "others (gold of this project: units were fitted on them)": {
            "threads": names[False],
            **fitted.figures(),
        },
        "by thread": threads,
    }


def _mapper(baseline: str | None) -> Mapper:
    if baseline is None:
        from nlp import analyze

        return analyze
    from nlp.evaluation.baselines import BASELINES

    if baseline not in BASELINES:
        raise InputError(f"No baseline {baseline!r}; there are: {', '.join(BASELINES)}.")
    return BASELINES[baseline]


def score_thread(item: GoldThread, mapper: Mapper) -> Tally:
    """Score the reading of one thread, and its map."""
    posts = match_posts(item.thread, item.gold)
    tally = _score_reading(item, posts)
    gold = label(item.thread, item.gold, name=item.name, real=False, posts=posts)
    known = {unit.id for unit in gold.units}
    lost = Counter(u["kind"] for u in item.gold["units"] if u["id"] not in known)
    found = mapper(item.thread)
    tally += score_map(found, gold, lost=lost)
    _score_noise(tally, item, found)
    return tally


def _score_reading(item: GoldThread, posts: dict[int, Post]) -> Tally:
    tally = Tally()
    rows = {row["n"]: row for row in item.gold["posts"]}
    tally.add("posts", len(posts), len(item.thread.posts), len(rows))
    right = sum(_same_name(posts[n].author, rows[n]["author"]) for n in posts)
    tally.add("authors", right, len(item.thread.posts), len(rows))
    number = {post.id: n for n, post in posts.items()}
    shown = [n for n, row in rows.items() if row.get("reply_to") is not None]
    mine = [n for n in posts if posts[n].reply_to is not None]
    hits = sum(
        number.get(posts[n].reply_to or "") == rows[n]["reply_to"] for n in shown if n in posts
    )
    extra = sum(post.reply_to is not None and post.id not in number for post in item.thread.posts)
    tally.add("reply links", hits, len(mine) + extra, len(shown))
    return tally


def _same_name(found: str | None, gold: str | None) -> bool:
    return flat(found or "") == flat(gold or "")


def _score_noise(tally: Tally, item: GoldThread, found: ArgumentMap) -> None:
    """Count gold noise, of at least four letters, whose words became a claim or part of one."""
    claims = [flat(unit.text) for unit in found.units if unit.kind == "claim"]
    for noise in item.gold.get("noise", ()):
        words = flat(noise)
        if len(words) >= 4:
            became = any(words == claim or (len(words) > 12 and words in claim) for claim in claims)
            tally.mean("noise that became a claim", float(became))
