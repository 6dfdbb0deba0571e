"""`crux eval maps FOLDER`: what the readers and the maps get right, by thread and for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.errors import InputError
from bot.evaluate_reading import score_reading
from bot.gold import GoldThread, flat, match_posts, read_folder
from nlp.evaluation.given import GivenMapper, matched_given
from nlp.evaluation.labelled import LabelledThread, dev_names, label
from nlp.evaluation.metrics import Tally, score_map
from nlp.model import ArgumentMap, Thread

Mapper = Callable[[Thread], ArgumentMap]
Scorer = Callable[[GoldThread], Tally]
Progress = Callable[[str, float], None]

HELD_OUT = "held out (no weight was fitted on them)"


def evaluate_folder(
    folder: Path,
    baseline: str | None = None,
    progress: Progress | None = None,
    *,
    given_units: bool = False,
) -> dict[str, Any]:
    """Score every gold thread of a folder; give figures for all, for parts of it, and for each.

    With `given_units` the maps are drawn of the gold units, so that relations and grouping are
    measured by themselves. Raises InputError when the folder holds no gold thread or the baseline
    has no such name.
    """
    mapper = given_mapper(baseline) if given_units else map_mapper(baseline)
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.")
    items = list(read_folder(folder))
    if not items:
        raise InputError(f"{folder} holds no gold maps (NAME.gold.json beside NAME.txt).")
    tallies: dict[str, Tally] = {}
    for place, item in enumerate(items):
        if progress:
            progress("scoring", place / len(items))
        tallies[item.name] = mapper(item)
    parts: dict[str, Callable[[str], bool]] = {
        "all": lambda _name: True,
        HELD_OUT: lambda name: name in dev_names(),
        "others (gold of this project: units were fitted on them)": (
            lambda name: name not in dev_names()
        ),
        "crowd threads (t7-*: points said many times)": lambda name: name.startswith("t7-"),
    }
    return {
        "crux": version("crux-map"),
        "maps by": baseline or "crux",
        "units": "given" if given_units else "found",
        "threads": len(items),
        **{
            part: part_of({n: t for n, t in tallies.items() if inside(n)})
            for part, inside in parts.items()
        },
        "by thread": {name: tally.figures() for name, tally in tallies.items()},
    }


def part_of(tallies: dict[str, Tally]) -> dict[str, Any]:
    """Give the number of threads of a part and the figures over all of them."""
    total = Tally()
    for tally in tallies.values():
        total += tally
    return {"threads": len(tallies), **total.figures()}


def map_mapper(baseline: str | None) -> Scorer:
    """Give what scores a thread's map, drawn from its text alone; raise InputError for no name."""
    if baseline is None:
        from nlp import analyze

        return lambda item: score_thread(item, analyze)
    from nlp.evaluation.baselines import BASELINES

    if baseline not in BASELINES:
        raise InputError(f"No baseline {baseline!r}; there are: {', '.join(BASELINES)}.")
    return lambda item: score_thread(item, BASELINES[baseline])


def given_mapper(baseline: str | None) -> Scorer:
    """Give what scores a thread's map, drawn of its gold units; raise InputError for no name."""
    if baseline is None:
        from nlp.evaluation.given import map_given

        return lambda item: score_given(item, map_given)
    from nlp.evaluation.baselines import GIVEN_BASELINES

    if baseline not in GIVEN_BASELINES:
        raise InputError(
            f"No baseline {baseline!r} of given units; there are: {', '.join(GIVEN_BASELINES)}."
        )
    return lambda item: score_given(item, GIVEN_BASELINES[baseline])


def score_thread(item: GoldThread, mapper: Mapper) -> Tally:
    """Score the reading of one thread, and its map."""
    posts = match_posts(item.thread, item.gold)
    tally = score_reading(item, posts)
    gold = label(item.thread, item.gold, name=item.name, real=False, posts=posts)
    found = mapper(item.thread)
    tally += score_map(found, gold, lost=_lost(item, gold))
    _score_noise(tally, item, found)
    return tally


def score_given(item: GoldThread, mapper: GivenMapper) -> Tally:
    """Score the map of one thread's gold units; those that the posts do not hold are left out."""
    posts = match_posts(item.thread, item.gold)
    gold = label(item.thread, item.gold, name=item.name, real=False, posts=posts)
    return score_map(mapper(gold), gold, matched=matched_given(gold))


def _lost(item: GoldThread, gold: LabelledThread) -> Counter[str]:
    known = {unit.id for unit in gold.units}
    return Counter(u["kind"] for u in item.gold["units"] if u["id"] not in known)


def _score_noise(tally: Tally, item: GoldThread, found: ArgumentMap) -> None:
    """Count gold noise, of at least four letters, whose words became a claim or part of one."""
    claims = [flat(unit.text) for unit in found.units if unit.kind == "claim"]
    for noise in item.gold.get("noise", ()):
        words = flat(noise)
        if len(words) >= 4:
            became = any(words == claim or (len(words) > 12 and words in claim) for claim in claims)
            tally.mean("noise that became a claim", float(became))
