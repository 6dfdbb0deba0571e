"""An edited Argdown file read back: what a person changed, applied to the map it came from.

A person may rename a point, move a claim under another title, mark the crux, take a claim or a tie
away, add a tie, and add a quote. A quote must be words of the thread, as they stand there: nothing
that nobody wrote comes back on a map.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bot.errors import InputError
from bot.views.argdown import SIGN_OF, titles, unescape
from bot.views.text import one_line
from nlp.model import (
    ArgumentMap,
    KeyPoint,
    Kind,
    Relation,
    RelationType,
    Residue,
    Unit,
)

_STATEMENT = re.compile(
    r"""^(?:\[(?P<title>[^\]]+)\]|<(?P<argument>[^>]+)>)
        (?::\s*(?P<text>.*?))?
        (?P<tags>(?:\s+\#(?:\([^)]*\)|[\w-]+))*)
        (?:\s*\{(?P<data>[^{}]*)\})?
        (?:\s*/\*\s*(?P<note>.*?)\s*\*/)?\s*$""",
    re.VERBOSE,
)
_UNIT = re.compile(r'\bunit:\s*"?([^",}]+?)"?\s*(?:,|$)')
_TYPES = {sign: kind for kind, sign in SIGN_OF.items()}
TAKEN_OUT = "taken out by hand"


@dataclass
class _Edits:
    """What the file says, in its own order."""

    points: dict[str, list[str]] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)
    ties: list[tuple[int, str, str, RelationType]] = field(default_factory=list)
    crux: str | None = None


def parse(text: str, base: ArgumentMap) -> ArgumentMap:
    """Give the map that an edited Argdown text makes of the map it was written from.

    Raises InputError, naming the line, for what cannot be read and for words that nobody wrote.
    """
    return _Reader(base).read(text)


class _Reader:
    def __init__(self, base: ArgumentMap) -> None:
        self.base = base
        self.units = {unit.id: unit for unit in base.units}
        self.edits = _Edits()
        self.names: dict[str, str] = {}  # of evidence: its name in the file, its unit

    def read(self, text: str) -> ArgumentMap:
        """Read all lines, then put the map together."""
        above: list[tuple[int, str]] = []
        rows = list(self._rows(text))
        for number, indent, sign, body in rows:
            unit = self._statement(number, body)
            while above and above[-1][0] >= indent:
                above.pop()
            if sign:
                if not above:
                    raise self._wrong(number, "a tie stands under no statement")
                self.edits.ties.append((number, unit, above[-1][1], _TYPES[sign]))
            above.append((indent, unit))
        return self._assembled()

    def _rows(self, text: str) -> list[tuple[int, int, str, str]]:
        """Give the lines that say something: number, indent, sign of a tie, the rest."""
        rows = []
        in_head = False
        for number, line in enumerate(text.splitlines(), 1):
            stripped = line.strip()
            if stripped.startswith("==="):
                in_head = not in_head
                continue
            if in_head or not stripped or stripped.startswith(("//", "# ", "## ")):
                continue
            indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
            sign = ""
            if stripped[:2] in ("+ ", "- "):
                sign, stripped = stripped[0], stripped[2:].lstrip()
            rows.append((number, indent, sign, stripped))
        return rows

    def _statement(self, number: int, body: str) -> str:
        """Give what a statement stands for: its unit, or "@" and its title for a reference."""
        match = _STATEMENT.match(body)
        if match is None:
            raise self._wrong(number, 'a line is "[title]: quote {unit: ...}" or a tie under one')
        title = one_line(match["title"] or "")
        if match["text"] is None:
            note = match["note"]
            return note if note and note in self.units else f"@{title or match['argument']}"
        unit = self._unit(number, match, "claim" if title else "evidence")
        if title:
            members = self.edits.points.setdefault(title, [])
            if unit not in members:
                members.append(unit)
            if "#crux" in (match["tags"] or ""):
                self.edits.crux = title
        else:
            self.names[match["argument"]] = unit
            if unit not in self.edits.evidence:
                self.edits.evidence.append(unit)
        return unit

    def _unit(self, number: int, match: re.Match[str], kind: Kind) -> str:
        words = unescape(match["text"]).strip()
        named = _UNIT.search(match["data"] or "")
        known = self.units.get(named[1]) if named else None
        if known is not None and one_line(known.text) == words:
            if known.kind != kind:
                self.units[known.id] = replace(known, kind=kind)
            return known.id
        return self._new(number, words, kind)

    def _new(self, number: int, words: str, kind: Kind) -> str:
        """Find words that a person added where the thread has them, and make a unit of them."""
        pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()))
        places = [
            (post, match)
            for post in self.base.thread.posts
            for match in pattern.finditer(post.text)
            if words
        ]
        if not places:
            raise self._wrong(number, f"nobody wrote “{words[:80]}”: quote the thread exactly")
        post, found = places[0]
        same = next(
            (
                u
                for u in self.units.values()
                if (u.post, u.start, u.end) == (post.id, *found.span())
            ),
            None,
        )
        if same is not None:
            return same.id
        name = f"h{number}"
        while name in self.units:
            name += "'"
        self.units[name] = Unit(
            id=name,
            post=post.id,
            start=found.start(),
            end=found.end(),
            text=found[0],
            kind=kind,
            holder="author",
            headline=one_line(words, 60),
            confidence=1.0,
        )
        return name

    def _resolved(self, number: int, name: str) -> str:
        """Give the unit that a tie means: the one it names, or the first of the title."""
        if not name.startswith("@"):
            return name
        title = name[1:]
        if title in self.names:
            return self.names[title]
        if self.edits.points.get(title):
            return self.edits.points[title][0]
        raise self._wrong(number, f"there is no statement named {title!r}")

    def _assembled(self) -> ArgumentMap:
        kept = {u for members in self.edits.points.values() for u in members}
        kept |= set(self.edits.evidence)
        authors = {post.id: post.speaker for post in self.base.thread.posts}
        old_titles = {title: key for key, title in titles(self.base).items()}
        headlines = {point.id: point.headline for point in self.base.key_points}
        points: list[KeyPoint] = []
        keys: set[str] = set()
        for number, (title, members) in enumerate(self.edits.points.items(), 1):
            key = old_titles.get(title) or self._key_of(members, keys) or f"h{number}"
            while key in keys:
                key += "'"
            keys.add(key)
            headline = headlines[key] if old_titles.get(title) == key else title
            speakers = tuple(dict.fromkeys(authors[self.units[u].post] for u in members))
            points.append(
                KeyPoint(id=key, headline=headline, units=tuple(members), speakers=speakers)
            )
            if self.edits.crux == title:
                self.edits.crux = f"={key}"
        crux = self.edits.crux
        order = {point.id: place for place, point in enumerate(self.base.key_points)}
        points.sort(key=lambda p: order.get(p.id, len(order)))
        units = tuple(
            sorted(
                (unit for unit in self.units.values() if unit.id in kept),
                key=lambda u: (self._place(u.post), u.start),
            )
        )
        return replace(
            self.base,
            units=units,
            key_points=tuple(points),
            relations=self._relations(kept),
            crux=crux[1:] if crux and crux.startswith("=") else None,
            residue=self._residue(units),
        )

    def _key_of(self, members: list[str], taken: set[str]) -> str | None:
        """Give the old key of a point that was renamed: the one that most of its claims had."""
        old = {u: point.id for point in self.base.key_points for u in point.units}
        keys = [old[u] for u in members if u in old and old[u] not in taken]
        titled = {key for key, title in titles(self.base).items() if title in self.edits.points}
        free = [key for key in keys if key not in titled]
        return max(free, key=free.count) if free else None

    def _relations(self, kept: set[str]) -> tuple[Relation, ...]:
        old = {(r.source, r.target, r.type): r for r in self.base.relations}
        said: dict[tuple[str, str, RelationType], Relation] = {}
        for number, one, other, kind in self.edits.ties:
            source, target = self._resolved(number, one), self._resolved(number, other)
            if source == target:
                raise self._wrong(number, "a statement bears on itself")
            if source not in kept or target not in kept:
                raise self._wrong(number, "a tie names a quote that is in no statement")
            key = (source, target, kind)
            said[key] = old.get(key) or Relation(
                source=source, target=target, type=kind, confidence=1.0
            )
        order = {key: place for place, key in enumerate(old)}
        return tuple(said[key] for key in sorted(said, key=lambda k: order.get(k, len(order))))

    def _residue(self, units: tuple[Unit, ...]) -> tuple[Residue, ...]:
        """Leave out what a person took off, and take in what one added, to the character."""
        now = {(u.post, u.start, u.end) for u in units}
        if now == {(u.post, u.start, u.end) for u in self.base.units}:
            return self.base.residue
        gone = [
            Residue(post=u.post, start=u.start, end=u.end, reason=TAKEN_OUT)
            for u in self.base.units
            if (u.post, u.start, u.end) not in now
        ]
        kept: list[Residue] = []
        for row in (*self.base.residue, *gone):
            if row.start == row.end:
                kept.append(row)
                continue
            text = next(p.text for p in self.base.thread.posts if p.id == row.post)
            start = row.start
            covering = sorted(
                (u.start, u.end)
                for u in units
                if u.post == row.post and u.start < row.end and row.start < u.end
            )
            for low, high in [*covering, (row.end, row.end)]:
                if text[start : max(low, start)].strip():
                    kept.append(replace(row, start=start, end=low))
                start = max(start, high)
        return tuple(sorted(kept, key=lambda r: (self._place(r.post), r.start, r.end)))

    def _place(self, post: str) -> int:
        return next(n for n, p in enumerate(self.base.thread.posts) if p.id == post)

    def _wrong(self, number: int, what: str) -> InputError:
        return InputError(f"Line {number} of the Argdown: {what}.")
