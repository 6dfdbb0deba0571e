"""Threads with their gold map written into the text, the form in which this project writes its own.

A file holds a head (`title:`, `platform:`, `issue:`, `crux:`, one a line), then posts, each after a
line of three dashes. A post begins with `@handle`, then `>N` where it answers post N (counted from
1), then its text on the lines that follow. In the text `[c3 point_key +1 -2 r]words[/]` marks the
words as claim 3, which makes the point `point_key`, supports unit 1, attacks unit 2 and is reported
of somebody else; `[e4 +3]words[/]` marks evidence. A point's headline is its key with spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from nlp.evaluation.labelled import LabelledThread, LabelledUnit
from nlp.model import Post, Thread

_MARK = re.compile(r"\[([ce])(\d+)((?:[ \t]+[^\]\s]+)*)\]|\[/\]")
_HEAD = re.compile(r"@(\S+)(?:[ \t]+>(\d+))?[ \t]*\n?")
_TIE = re.compile(r"[+-]\d+")
_TIES = {"+": "support", "-": "attack"}


class MarkError(ValueError):
    """A marked thread that cannot be read; the message names the file and the place."""


def read_marked(folder: Path) -> Iterator[LabelledThread]:
    """Read every marked thread (`*.thread`) of a folder, in order of name."""
    for file in sorted(folder.glob("*.thread")):
        yield parse_marked(file.read_text(encoding="utf-8"), file.stem)


def parse_marked(source: str, name: str) -> LabelledThread:
    """Read one marked thread; raise MarkError where marks are open, or name what is not there."""
    head, *parts = re.split(r"^---[ \t]*\n", source, flags=re.MULTILINE)
    fields: dict[str, str] = {}
    for line in head.splitlines():
        key, _, value = line.partition(":")
        fields[key.strip()] = value.strip()
    posts: list[Post] = []
    units: list[LabelledUnit] = []
    ties: list[tuple[str, str, str]] = []
    for number, part in enumerate(parts, start=1):
        found = _HEAD.match(part)
        if not found:
            raise MarkError(f"{name}, post {number}: begins with no @handle")
        where = f"{name}, post {number} (@{found[1]})"
        text, marked, tied = _unmark(part[found.end() :].strip(), str(number), where)
        if found[2] is not None and not 1 <= int(found[2]) < number:
            raise MarkError(f"{where}: answers post {found[2]}, which is not before it")
        posts.append(Post(id=str(number), author=found[1], reply_to=found[2], text=text))
        units += marked
        ties += tied
    known = {unit.id: unit for unit in units}
    if len(known) != len(units):
        raise MarkError(f"{name}: two units share a number")
    for source_id, target, _ in ties:
        if target not in known or target == source_id:
            raise MarkError(f"{name}: unit {source_id} is tied to {target}, which is not there")
    points = {unit.point: unit.point.replace("_", " ") for unit in units if unit.point}
    crux = fields.get("crux") or None
    if crux is not None and crux not in points:
        raise MarkError(f"{name}: the crux {crux!r} is no point of the thread")
    return LabelledThread(
        name=f"marked/{name}",
        thread=Thread(
            id=name,
            title=fields.get("title") or None,
            platform=fields.get("platform", "plain"),
            posts=tuple(posts),
        ),
        units=tuple(units),
        relations=tuple(ties),
        points=points,
        issue=fields.get("issue") or None,
        crux=crux,
        real=False,
    )


def _unmark(
    marked: str, post: str, where: str
) -> tuple[str, list[LabelledUnit], list[tuple[str, str, str]]]:
    """Give a post's text without its marks, its units, and (source, target, type) of their ties."""
    text, at = "", 0
    units: list[LabelledUnit] = []
    ties: list[tuple[str, str, str]] = []
    opened: tuple[int, re.Match[str]] | None = None
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        at = mark.end()
        if mark[1]:
            if opened:
                raise MarkError(f"{where}: a unit opens inside another ({mark.group()})")
            opened = len(text), mark
        elif opened is None:
            raise MarkError(f"{where}: [/] closes nothing, near {text[-30:]!r}")
        else:
            unit, tied = _unit(text, *opened, post, where)
            units.append(unit)
            ties += tied
            opened = None
    if opened:
        raise MarkError(f"{where}: {opened[1].group()} is never closed")
    return text + marked[at:], units, ties


def _unit(
    text: str, start: int, mark: re.Match[str], post: str, where: str
) -> tuple[LabelledUnit, list[tuple[str, str, str]]]:
    words = (mark[3] or "").split()
    ties = [(mark[2], w[1:], _TIES[w[0]]) for w in words if _TIE.fullmatch(w)]
    keys = [w for w in words if not _TIE.fullmatch(w) and w != "r"]
    is_claim = mark[1] == "c"
    if len(keys) != is_claim:
        raise MarkError(f"{where}: {mark.group()} needs one point, and evidence none")
    end = start + len(text[start:].rstrip())
    start += len(text[start:]) - len(text[start:].lstrip())
    if end <= start:
        raise MarkError(f"{where}: {mark.group()} marks no words")
    unit = LabelledUnit(
        id=mark[2],
        post=post,
        start=start,
        end=end,
        kind="claim" if is_claim else "evidence",
        holder="reported" if "r" in words else "author",
        point=keys[0] if is_claim else None,
        headline=keys[0].replace("_", " ") if is_claim else None,
    )
    return unit, ties


def main() -> None:
    """Check a folder of marked threads: `python -m nlp.evaluation.marked FOLDER`."""
    import argparse

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    for item in read_marked(parser.parse_args().folder):
        claims = sum(u.kind == "claim" for u in item.units)
        attacks = sum(kind == "attack" for _, _, kind in item.relations)
        print(
            f"{item.name}: {len(item.thread.posts)} posts, {claims} claims, "
            f"{len(item.units) - claims} evidence, {len(item.points)} points, "
            f"{len(item.relations) - attacks} support, {attacks} attack"
        )


if __name__ == "__main__":
    main()
