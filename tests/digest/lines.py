"""Every line of a posted digest against what was said and what is stored, by plain queries.

Nothing here knows how a digest is composed, nor what the models find: each line is read as a person
reads it, and looked up. A line that is of no known form fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from bot.store import Store
from bot.store.digests import StoredDigest
from tests.digest.conftest import Life
from tests.discord_bed import Message

SECTIONS = ("Where people divided", "New points", "Back again", "What moved", "Nobody answered")
GAVE_WAY = re.compile(
    r"fair|concede|wrong|mistake|mind|right|point|grant|touch|convinced|back", re.I
)
_POINT = re.compile(r"\*\*(?P<headline>.+?)\*\*(?: · (?P<note>.+))?$")
_QUOTE = re.compile(
    r"> (?:(?P<side>for|against): )?“(?P<words>.+)” — (?P<speaker>.+) \[→\]\((?P<url>\S+)\)$"
)
_SUMMARY = re.compile(
    r"(?P<posts>[\d,]+) messages? by (?P<people>[\d,]+) (?:person|people) in (?P<threads>[\d,]+) "
    r"threads?: (?:(?P<new>[\d,]+) new points?)?(?:, )?(?:(?P<back>[\d,]+)(?: points?)? that came back)?\.$"
)
_BEFORE = re.compile(
    r"said (?P<times>\d+) times? before(?:, first by (?P<who>.+) on (?P<day>.+))?$"
)
_MORE = re.compile(r"-# (\d+) more in the file$")


@dataclass
class Shown:
    """A line on a point, or a question: its section, headline, note, and the quotes under it."""

    section: str
    headline: str | None
    note: str = ""
    quotes: list[tuple[str | None, str, str, str]] = field(default_factory=list)


@dataclass
class Read:
    """A posted digest, read: its summary's numbers, its lines, how many more the file has."""

    numbers: dict[str, int]
    shown: list[Shown]
    more: dict[str, int]


def plain(words: str) -> str:
    """Take escapes away."""
    return " ".join(re.sub(r"\\(?=[^a-zA-Z0-9\s])|\u2060", "", words).replace("…", "").split())


def read(message: Message, mark: str) -> Read:
    """Read every line of a digest; fail on one that is of no known form."""
    title, summary, *rest, footer = message.text.split("\n")
    assert title.startswith("What was argued, ")
    assert footer == f"Crux digest · the whole of it is in the attached file · {mark}"
    found = _SUMMARY.match(summary)
    assert found, summary
    numbers = {k: int((v or "0").replace(",", "")) for k, v in found.groupdict().items()}
    section, shown, more = "", [], {}
    for line in rest:
        if line in SECTIONS:
            assert not section or SECTIONS.index(line) > SECTIONS.index(section)
            section = line
        elif point := _POINT.match(line):
            shown.append(Shown(section, plain(point["headline"]), point["note"] or ""))
        elif quote := _QUOTE.match(line):
            if section == "Nobody answered":
                shown.append(Shown(section, None))
            words = (quote["side"], plain(quote["words"]), plain(quote["speaker"]), quote["url"])
            shown[-1].quotes.append(words)
        elif count := _MORE.match(line):
            more[section] = int(count[1])
        else:
            raise AssertionError(f"a line of no known form: {line}")
    return Read(numbers, shown, more)


class Checker:
    """Looks up what the lines of one digest say."""

    def __init__(self, life: Life, store: Store, kept: StoredDigest, message: Message) -> None:
        self.life, self.store, self.message = life, store, message
        self.start, self.end = kept.digest.start, kept.digest.end
        self.read = read(message, kept.nonce[:10])
        self.said = {
            m.jump_url: m
            for channel in life.bed.world.channels.values()
            for m in channel.messages.values()
            if not m.author.bot
        }

    async def all(self) -> Read:
        """Check every line, the file and the picture."""
        self._numbers()
        for shown in self.read.shown:
            for _, words, speaker, url in shown.quotes:
                assert words in plain(self.said[url].content), words
                assert speaker == self.said[url].author.name
            if shown.headline is None:
                self._question(shown)
                continue
            check = self._moved if shown.section == "What moved" else self._point
            wrong: list[AssertionError] = []
            known = await self._rows(shown.headline)
            for claims, ties in known:  # two points may be called the same
                try:
                    check(shown, claims, ties)
                except AssertionError as error:
                    wrong.append(error)
            assert len(wrong) < len(known), (shown, wrong)
        self._file()
        picture = self.message.file(".png")
        assert picture is not None
        assert picture.data.startswith(b"\x89PNG")
        return self.read

    def _numbers(self) -> None:
        inside = [m for m in self.said.values() if self.start <= _time(m) < self.end and m.content]
        numbers = self.read.numbers
        assert numbers["posts"] == len(inside)
        assert numbers["people"] == len({m.author.id for m in inside})
        assert numbers["threads"] == len({m.channel.id for m in inside})

    def _question(self, shown: Shown) -> None:
        ((_, words, speaker, url),) = shown.quotes
        asked = self.said[url]
        assert self.start <= _time(asked) < self.end
        answers = [
            m
            for m in self.said.values()
            if m.reply_to == asked.id and m.author.name != speaker and _time(m) < self.end
        ]
        assert answers == [], words

    def _point(self, shown: Shown, claims: list[Told], ties: list[Told]) -> None:
        """Check who says it, what bears on it, how often and by whom it was said before."""
        now = [c for c in claims if self.start <= c.at < self.end]
        before = sorted((c for c in claims if c.at < self.start), key=lambda c: c.at)
        week = [t for t in ties if self.start <= t.at < self.end]
        sides = {
            "for": {c.name for c in now} | {t.name for t in week if t.type == "support"},
            "against": {t.name for t in week if t.type == "attack"},
        }
        parts = shown.note.split(" · ")
        past = _BEFORE.match(plain(parts[-1]))
        assert bool(past) == bool(before), shown
        if past:
            parts.pop()
            assert int(past["times"]) == len(before)
            first = before[0]
            assert past["who"] == first.name
            assert past["day"] == f"{first.at.day} {first.at:%B %Y}"
        if shown.section == "Where people divided":
            for part in parts:
                side, _, names = part.partition(": ")
                _names(names, sides[side] - (sides["for"] if side == "against" else set()))
            assert {side for side, *_ in shown.quotes} == {"for", "against"}
            return
        assert bool(before) == (shown.section == "Back again")
        assert now, "nobody made this point in the window"
        _names(parts[0], sides["for"])
        told = {
            word.rstrip("s"): int(n)
            for n, word in re.findall(r"(\d+) (support|attack)s?", shown.note)
        }
        for kind in ("support", "attack"):
            assert told.get(kind, 0) == sum(t.type == kind for t in week), shown
        threads = re.search(r"in (\d+) threads", shown.note)
        told_of = int(threads[1]) if threads else 1
        assert told_of == len({r.thread for r in (*now, *week)})

    def _moved(self, shown: Shown, claims: list[Told], ties: list[Told]) -> None:
        ((_, words, speaker, url),) = shown.quotes
        earlier = {(t.name, t.type) for t in ties if t.at < self.start}
        earlier |= {(c.name, "support") for c in claims if c.at < self.start}
        known = {name for name, _ in earlier}
        now = {(t.name, t.type) for t in ties if self.start <= t.at < self.end}
        if shown.note.endswith("gave way"):
            assert GAVE_WAY.search(words), words
            above = str(self.said[url].reply_to)
            assert above in {c.post for c in claims}
        elif shown.note.endswith("changed sides"):
            now |= {(c.name, "support") for c in claims if self.start <= c.at < self.end}
            kinds = {kind for name, kind in earlier if name == speaker}
            assert len(kinds) == 1
            assert (speaker, ({"support", "attack"} - kinds).pop()) in now
        else:
            kind = "support" if shown.note.startswith("gained the support of") else "attack"
            assert kind == "support" or shown.note.startswith("met a new attack by")
            assert (speaker, kind) in now
            assert speaker not in known
            assert any(c.at < self.start for c in claims)

    def _file(self) -> None:
        """Check that the file has the same sections, first what is shown, then the rest."""
        attached = self.message.file(".md")
        assert attached is not None
        whole: dict[str, list[str]] = {}
        section = ""
        for line in attached.data.decode().split("\n"):
            if line.startswith("## "):
                section = line[3:]
                whole[section] = []
            elif section and (head := re.match(r"- \*\*(.+?)\*\*", line)):
                whole[section].append(plain(head[1]))
            elif section and line.startswith("- “"):
                whole[section].append(plain(line[3 : line.rindex("” — ")]))
        assert list(whole) == list(dict.fromkeys(s.section for s in self.read.shown))
        for name, lines in whole.items():
            short = [s.headline or s.quotes[0][1] for s in self.read.shown if s.section == name]
            assert len(lines) == len(short) + self.read.more.get(name, 0)
            for shown, full in zip(short, lines, strict=False):
                assert full.startswith(shown)
        back, new = len(whole.get("Back again", ())), len(whole.get("New points", ()))
        (crux,) = [s for s in self.read.shown if s.section == SECTIONS[0]] or [None]
        if crux is not None:
            back += "before" in crux.note
            new += "before" not in crux.note
        assert (self.read.numbers["new"], self.read.numbers["back"]) == (new, back)

    async def _rows(self, headline: str) -> list[tuple[list[Told], list[Told]]]:
        """Give the claims of each point that is called so, and what supports or attacks them."""
        found = []
        async with self.store.database.read() as connection:
            points = await connection.execute(
                text("SELECT id, headline FROM key_points WHERE guild_id = :guild"),
                {"guild": self.life.guild.id},
            )
            for key in [p.id for p in points if plain(p.headline).startswith(headline)]:
                claims = await connection.execute(_CLAIMS, {"point": key})
                ties = await connection.execute(_TIES, {"point": key})
                found.append((list(map(_told, claims)), list(map(_told, ties))))
        return found


_CLAIMS = text(
    "SELECT p.said_at, p.external_id, p.thread_id, w.name, 'claim' AS type FROM units u "
    "JOIN posts p ON p.id = u.post_id JOIN people w ON w.id = p.person_id "
    "WHERE u.key_point_id = :point"
)
_TIES = text(
    "SELECT p.said_at, p.external_id, p.thread_id, w.name, r.type FROM relations r "
    "JOIN units t ON t.id = r.target_id JOIN units s ON s.id = r.source_id "
    "JOIN posts p ON p.id = s.post_id JOIN people w ON w.id = p.person_id "
    "WHERE t.key_point_id = :point AND (s.key_point_id IS NULL OR s.key_point_id <> :point)"
)


@dataclass(frozen=True)
class Told:
    """A claim of a point, or what bears on one (`type` is support or attack)."""

    at: datetime
    post: str
    thread: int
    name: str
    type: str


def _told(row: Row[Any]) -> Told:
    at = datetime.fromisoformat(f"{row.said_at}+00:00")
    return Told(at, row.external_id, row.thread_id, row.name, row.type)


def _names(shown: str, people: set[str]) -> None:
    """Check names that are shown, and the number of the others."""
    names, _, rest = plain(shown).partition(" +")
    listed = names.split(", ")
    assert set(listed) <= people, (shown, people)
    assert len(listed) + int(rest or 0) == len(people), (shown, people)


def _time(message: Message) -> datetime:
    import discord

    return discord.utils.snowflake_time(message.id)
