"""Check a map against its own posts: form, exact spans, full coverage, references."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.views.json import SCHEMA_FILE
from nlp.model import speaker_of

MOST_REASONS = 20

Json = dict[str, Any]


def problems(found: Any) -> list[str]:
    """Give what is wrong with a parsed map, at most MOST_REASONS lines; none when it holds."""
    reasons = list(_form(found))
    if not reasons:
        checks = (_threads, _spans, _coverage, _references)
        reasons = [reason for check in checks for reason in check(found)]
    if len(reasons) > MOST_REASONS:
        more = len(reasons) - MOST_REASONS
        reasons = [*reasons[:MOST_REASONS], f"and {more} more"]
    return reasons


def _form(found: Any) -> Iterator[str]:
    from jsonschema import Draft202012Validator

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    for error in sorted(Draft202012Validator(schema).iter_errors(found), key=lambda e: e.json_path):
        yield f"form: {error.json_path}: {error.message[:200]}"


def _threads(found: Json) -> Iterator[str]:
    ids = [post["id"] for post in found["thread"]["posts"]]
    for key, count in Counter(ids).items():
        if count > 1:
            yield f"thread: {count} posts have the id {key!r}"
    known = set(ids)
    for post in found["thread"]["posts"]:
        if post["reply_to"] is not None and post["reply_to"] not in known:
            yield f"thread: post {post['id']!r} answers {post['reply_to']!r}, which is not there"


def _spans(found: Json) -> Iterator[str]:
    texts = {post["id"]: post["text"] for post in found["thread"]["posts"]}
    for unit in found["units"]:
        yield from _quoted(f"unit {unit['id']}", unit, texts)
    issue = found["issue"]
    if issue is not None:
        title = {None: found["thread"]["title"] or ""}
        yield from _quoted("issue", issue, {**texts, **title})
    for relation in found["relations"]:
        cue = relation["cue"]
        if cue is not None:
            name = f"cue of {relation['source']} on {relation['target']}"
            if cue["post"] not in texts:
                yield f"{name}: there is no post {cue['post']!r}"
            elif not cue["start"] < cue["end"] <= len(texts[cue["post"]]):
                yield f"{name}: {cue['start']} to {cue['end']} is outside its post"


def _quoted(name: str, row: Json, texts: dict[Any, str]) -> Iterator[str]:
    if row["post"] not in texts:
        yield f"{name}: there is no post {row['post']!r}"
    elif texts[row["post"]][row["start"] : row["end"]] != row["text"]:
        where = f"post {row['post']!r} says from {row['start']} to {row['end']}"
        yield f"{name}: its text is not what {where}"


def _coverage(found: Json) -> Iterator[str]:
    """Every character that is not white space is in exactly one unit, or in the residue."""
    spans: dict[str, list[tuple[int, int, str]]] = {p["id"]: [] for p in found["thread"]["posts"]}
    lengths = {post["id"]: len(post["text"]) for post in found["thread"]["posts"]}
    for unit in found["units"]:
        spans.get(unit["post"], []).append((unit["start"], unit["end"], unit["id"]))
    for row in found["residue"]:
        if row["post"] not in spans:
            yield f"residue: there is no post {row['post']!r}"
        elif row["end"] > lengths[row["post"]]:
            yield f"residue of post {row['post']!r}: {row['end']} is past its end"
        elif row["start"] < row["end"]:
            spans[row["post"]].append((row["start"], row["end"], "residue"))
        elif not row.get("text"):
            where = f"residue of post {row['post']!r} at {row['start']}"
            yield f"{where}: neither a range nor furniture"
    for post in found["thread"]["posts"]:
        reached = 0
        for start, end, name in sorted(spans[post["id"]]):
            if start < reached:
                yield f"post {post['id']!r}: {name} at {start} overlaps what is before it"
            yield from _gap(post, reached, start)
            reached = max(reached, end)
        yield from _gap(post, reached, len(post["text"]))


def _gap(post: Json, start: int, end: int) -> Iterator[str]:
    missed = post["text"][start:end]
    if missed.strip():
        yield f"post {post['id']!r}: {start} to {end} is neither on the map nor in the residue"


def _references(found: Json) -> Iterator[str]:
    kinds = {unit["id"]: unit["kind"] for unit in found["units"]}
    if len(kinds) < len(found["units"]):
        yield "units: two share an id"
    placed = Counter(unit for point in found["key_points"] for unit in point["units"])
    for unit, kind in kinds.items():
        wanted = 1 if kind == "claim" else 0
        if placed[unit] != wanted:
            yield f"unit {unit}: a {kind} stands in {placed[unit]} key points, not {wanted}"
    for unit in placed.keys() - kinds.keys():
        yield f"key points: there is no unit {unit!r}"
    yield from _speakers(found)
    for relation in found["relations"]:
        for end in ("source", "target"):
            if relation[end] not in kinds:
                yield f"relations: there is no unit {relation[end]!r}"
        if relation["source"] == relation["target"]:
            yield f"relations: unit {relation['source']!r} bears on itself"
    points = [point["id"] for point in found["key_points"]]
    if len(set(points)) < len(points):
        yield "key points: two share an id"
    if found["crux"] is not None and found["crux"] not in points:
        yield f"crux: there is no key point {found['crux']!r}"


def _speakers(found: Json) -> Iterator[str]:
    authors = {p["id"]: speaker_of(p["author"], p["id"]) for p in found["thread"]["posts"]}
    writers = {unit["id"]: authors.get(unit["post"]) for unit in found["units"]}
    for point in found["key_points"]:
        wanted = {writers[unit] for unit in point["units"] if unit in writers}
        if wanted != set(point["speakers"]):
            yield f"key point {point['id']}: its speakers are not those who wrote its units"
