"""Exports that come as many files or as a folder: read each, joined to one thread."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.addresses import is_address
from bot.errors import InputError
from bot.input import read_file
from bot.sources import read_text
from nlp.model import Furniture, Post, Thread

MAX_FILES = 5_000
MAX_TOTAL = 64_000_000  # bytes of all files together
READABLE = frozenset(
    {".json", ".jsonl", ".ndjson", ".txt", ".log", ".csv", ".tsv", ".html", ".htm"}
)
# What a Slack export holds beside its channels.
_ABOUT = frozenset(
    """users channels groups dms mpims integration_logs canvases lists org_users file_conversations
    huddle_transcripts""".split()
)

Part = tuple[str, str]  # a name and the text to read


def read_collection(
    sources: Sequence[str],
    platform: str | None = None,
    *,
    lenient: bool = False,
    keep_bots: bool = False,
) -> Thread:
    """Read files and folders as one thread; a post's id begins with the name of its part.

    Days of one Slack channel are read as one. A part that cannot be read is refused by name, or,
    leniently, named in the furniture. Raises InputError, also over MAX_FILES or MAX_TOTAL.
    """
    if alone := [source for source in sources if source == "-" or is_address(source)]:
        raise InputError(f"Give {alone[0][:80]} alone: only files and folders are read together.")
    paths = [path for source in sources for path in _files(Path(source))]
    if not paths:
        raise InputError(
            f"{sources[0]} holds no file that Crux reads ({', '.join(sorted(READABLE))})."
        )
    threads: list[tuple[str, Thread]] = []
    left: list[tuple[str, str]] = []
    for name, text in _parts(paths, left if lenient else None):
        try:
            threads.append(
                (name, read_text(text, name, platform, lenient=lenient, keep_bots=keep_bots))
            )
        except InputError as error:
            empty = str(error).startswith(("Nothing in this input", "The input is empty"))
            if not lenient and not empty:
                raise InputError(f"{name}: {error}") from None
            left.append((name, "empty file" if empty else "unreadable"))
    chats = [t for t in threads if t[1].platform != "plain"]
    if chats and len(chats) < len(threads):  # notes beside an export
        left += [(name, "no discussion") for name, t in threads if t.platform == "plain"]
        threads = chats
    if not threads:
        raise InputError(f"None of the {len(paths)} files holds a discussion.")
    return _joined(threads, left, Path(sources[0]).name if len(sources) == 1 else None)


def _files(path: Path) -> Iterator[Path]:
    """Give a file, or the readable files of a folder in order of name; links are not followed."""
    if not path.is_dir():
        yield path
        return
    found = sorted(
        p for p in path.rglob("*")
        if p.suffix.lower() in READABLE and p.is_file() and not p.is_symlink()
        and not any(part.startswith((".", "__MACOSX")) for part in p.relative_to(path).parts)
    )  # fmt: skip
    if len(found) > MAX_FILES:
        raise InputError(
            f"{path} holds {len(found)} files, more than {MAX_FILES}: name one channel in it."
        )
    if sum(p.stat().st_size for p in found) > MAX_TOTAL:
        raise InputError(
            f"{path} holds more than {MAX_TOTAL // 1_000_000} MB: name one channel in it."
        )
    yield from found


def _parts(paths: Sequence[Path], left: list[tuple[str, str]] | None) -> Iterator[Part]:
    """Give what is to be read: a file each, but the days of a Slack channel together.

    Files that are no text are put in `left`, by name; where that is None they raise InputError.
    """
    users: list[Any] = []
    days: dict[Path, list[Any]] = {}
    others: list[Part] = []
    total = 0
    for path in paths:
        try:
            text, _ = read_file(path)
        except InputError:
            if left is None:
                raise
            left.append((path.name, "unreadable"))
            continue
        total += len(text)
        if total > MAX_TOTAL:
            raise InputError(
                f"The files hold more than {MAX_TOTAL // 1_000_000} MB together: name fewer."
            )
        about = path.stem in _ABOUT
        rows = (
            _slack_day(text)
            if path.suffix.lower() == ".json" and (about or len(paths) > 1)
            else None
        )
        if about and rows is not None:
            users += rows if path.stem.endswith("users") else []
        elif rows is not None:
            days.setdefault(path.parent, []).extend(rows)
        else:
            others.append((path.name, text))
    for folder, rows in days.items():
        export = {"channel": folder.name, "messages": rows, "users": users}
        yield folder.name, json.dumps(export, ensure_ascii=False)
    yield from others


def _slack_day(text: str) -> list[Any] | None:
    """Give the messages of a day of a Slack channel, or the rows of `users.json`; else None."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, list):
        return None
    mine = any(
        isinstance(m, dict) and ("ts" in m or "profile" in m or "creator" in m) for m in value[:20]
    )
    return value if mine or not value else None


def _joined(
    threads: list[tuple[str, Thread]], left: list[tuple[str, str]], title: str | None
) -> Thread:
    if len(threads) == 1 and not left:
        return threads[0][1]
    posts: list[Post] = []
    furniture: list[Furniture] = []
    for place, (name, thread) in enumerate(threads):
        prefix = "" if len(threads) == 1 else f"{Path(name).stem}/"
        if any(t[0] == name for t in threads[:place]):
            prefix = f"{place + 1}-{prefix}"
        posts += [
            replace(
                p, id=prefix + p.id, reply_to=None if p.reply_to is None else prefix + p.reply_to
            )
            for p in thread.posts
        ]
        furniture += [replace(f, post=prefix + f.post) for f in thread.furniture]
    first = posts[0].id
    furniture = [*(Furniture(post=first, at=0, text=n, reason=r) for n, r in left), *furniture]
    platforms = {thread.platform for _, thread in threads}
    platform = platforms.pop() if len(platforms) == 1 else "collection"
    return Thread(
        id=platform, title=title or threads[0][1].title, platform=platform,
        posts=tuple(posts), furniture=tuple(furniture),
    )  # fmt: skip
