"""A digest as values. All words that it shows are in voices, so that they can be taken out."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

Side = Literal["for", "against"]
Change = Literal["conceded", "switched", "gained", "attacked"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """One time that somebody said it: the post, who, and the words as long as they are kept."""

    post: str
    speaker: str
    said_at: datetime
    text: str | None = None
    url: str | None = None
    side: Side = "for"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A key point as the digest tells of it, with the voices of the week, the best first.

    `first` and `last` are the first and the latest time before this week, None for a new point.
    `times` counts how often it was said before; `pro` and `con` count the people of this week who
    stand for the point and against it, those included whose words are not among the voices.
    """

    point: int
    headline: str
    voices: tuple[Voice, ...]
    threads: int
    supports: int = 0
    attacks: int = 0
    first: Voice | None = None
    last: Voice | None = None
    times: int = 0
    pro: int = 0
    con: int = 0

    def names(self, side: Side) -> tuple[str, ...]:
        """Give the people on a side, each once."""
        return tuple(dict.fromkeys(v.speaker for v in self.voices if v.side == side))

    def people(self, side: Side) -> int:
        """Count the people on a side."""
        return max(self.pro if side == "for" else self.con, len(self.names(side)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """What changed about a point: somebody gave way or changed sides, it gained or met attack."""

    point: int
    headline: str
    change: Change
    voices: tuple[Voice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """A window of time of one server: what was argued in it.

    `people` counts those who have a name, `nameless` the messages that have none. `left_out` are
    sentences on what was not read. `worth` says whether there is anything to tell.
    """

    guild_id: int
    start: datetime
    end: datetime
    posts: int
    people: int
    threads: int
    worth: bool
    crux: Line | None = None
    new: tuple[Line, ...] = ()
    returning: tuple[Line, ...] = ()
    moved: tuple[Moved, ...] = ()
    questions: tuple[Voice, ...] = ()
    left_out: tuple[str, ...] = ()
    nameless: int = 0
    schema: str = "crux.digest/1"

    def lines(self) -> tuple[Line, ...]:
        """Give all lines on points."""
        return (*((self.crux,) if self.crux else ()), *self.new, *self.returning)

    def points(self) -> set[int]:
        """Give the points that it tells of."""
        return {line.point for line in self.lines()} | {moved.point for moved in self.moved}

    def voices(self) -> Iterator[Voice]:
        """Give everybody whose words or name it shows."""
        for line in self.lines():
            yield from line.voices
            yield from (voice for voice in (line.first, line.last) if voice)
        for moved in self.moved:
            yield from moved.voices
        yield from self.questions


def without(digest: Digest, gone: Collection[str], headlines: Mapping[int, str]) -> Digest:
    """Give the digest without the voices of these posts.

    `headlines` are the points that are left and how they are called now; lines on others go. Counts
    stay: see `bot.digest.compose.recounted`.
    """

    def kept(voices: tuple[Voice, ...]) -> tuple[Voice, ...]:
        return tuple(voice for voice in voices if voice.post not in gone)

    def line(one: Line) -> Line | None:
        left = kept(one.voices)
        if one.point not in headlines or not left:
            return None
        return replace(
            one,
            headline=headlines[one.point],
            voices=left,
            first=one.first if one.first and one.first.post not in gone else None,
            last=one.last if one.last and one.last.post not in gone else None,
        )

    def lines(many: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(found for found in map(line, many) if found)

    crux = line(digest.crux) if digest.crux else None
    new, returning = lines(digest.new), lines(digest.returning)
    return replace(
        digest,
        worth=digest.worth and bool(crux or new or returning),
        crux=crux,
        new=new,
        returning=returning,
        moved=tuple(
            replace(moved, headline=headlines[moved.point], voices=left)
            for moved in digest.moved
            if moved.point in headlines and (left := kept(moved.voices))
        ),
        questions=kept(digest.questions),
    )


def wordless(digest: Digest) -> Digest:
    """Give the digest with links in the place of words, for when their time is over."""

    def bare(voices: tuple[Voice, ...]) -> tuple[Voice, ...]:
        return tuple(replace(voice, text=None) for voice in voices)

    def line(one: Line) -> Line:
        first = replace(one.first, text=None) if one.first else None
        last = replace(one.last, text=None) if one.last else None
        return replace(one, voices=bare(one.voices), first=first, last=last)

    return replace(
        digest,
        crux=line(digest.crux) if digest.crux else None,
        new=tuple(map(line, digest.new)),
        returning=tuple(map(line, digest.returning)),
        moved=tuple(replace(m, voices=bare(m.voices)) for m in digest.moved),
        questions=bare(digest.questions),
    )


def as_dict(digest: Digest) -> dict[str, Any]:
    """Give the digest as plain dicts and lists, times in ISO 8601."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(digest), default=datetime.isoformat))
    return {"schema": found.pop("schema"), **found}


def pack(digest: Digest) -> bytes:
    """Give a digest as bytes."""
    return zlib.compress(json.dumps(as_dict(digest), ensure_ascii=False).encode())


def unpack(body: bytes) -> Digest:
    """Give the digest of `pack` back."""
    row = json.loads(zlib.decompress(body))
    return Digest(
        **{
            **row,
            "start": datetime.fromisoformat(row["start"]),
            "end": datetime.fromisoformat(row["end"]),
            "crux": _line(row["crux"]) if row["crux"] else None,
            "new": tuple(map(_line, row["new"])),
            "returning": tuple(map(_line, row["returning"])),
            "moved": tuple(Moved(**{**m, "voices": _voices(m["voices"])}) for m in row["moved"]),
            "questions": _voices(row["questions"]),
            "left_out": tuple(row["left_out"]),
        }
    )


def _voices(rows: list[dict[str, Any]]) -> tuple[Voice, ...]:
    return tuple(map(_voice, rows))


def _voice(row: dict[str, Any]) -> Voice:
    return Voice(**{**row, "said_at": datetime.fromisoformat(row["said_at"])})


def _line(row: dict[str, Any]) -> Line:
    return Line(
        **{
            **row,
            "voices": _voices(row["voices"]),
            "first": _voice(row["first"]) if row["first"] else None,
            "last": _voice(row["last"]) if row["last"] else None,
        }
    )
