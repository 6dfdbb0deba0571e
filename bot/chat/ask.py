"""What a person asks for in the words beside a mention; no Discord in here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.errors import CruxError

Kind = Literal["here", "last", "since", "paste", "help", "unclear"]

PASTE_FROM = 280  # characters: shorter single lines are words to the bot, not a thread
_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
_LAST = re.compile(r"(?:the\s+)?(?:last\s+)?(\d{1,6})(?:\s+(?:messages?|posts?))?", re.I)
_AGE = re.compile(
    r"(?:since|from|past|last|the last|for)\s+(\d{1,4})\s*"
    r"(m(?:in(?:ute)?s?)?|h(?:ours?|rs?)?|d(?:ays?)?|w(?:eeks?)?)(?:\s+ago)?",
    re.I,
)
_DAY = re.compile(r"(?:since|from)\s+(\d{4}-\d{2}-\d{2}|yesterday|today)", re.I)
_HELP = re.compile(r"help|\?|how|what can you do\??|commands?", re.I)
# Words of somebody who asks for a map without saying of what.
_WANTS = re.compile(
    r"\b(?:maps?|crux|argu\w+|summar\w+|disagree\w*|debate|discuss\w*|points?|sides|thread|this|here|"
    r"think|positions?|go|please|pls)\b",
    re.I,
)
_OLDEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """A request: of what kind, how many messages or since when, or the pasted text."""

    kind: Kind
    last: int | None = None
    since: datetime | None = None
    text: str = ""


def parse(words: str, now: datetime) -> Ask:
    """Read the words beside a mention. Raises CruxError for a range of nothing."""
    line = " ".join(words.split())
    if not line:
        return Ask(kind="here")
    if len(words.strip()) >= PASTE_FROM or words.strip().count("\n") >= 2:
        return Ask(kind="paste", text=words.strip())
    bare = line.rstrip(".!").removeprefix("map ").removeprefix("please ").strip()
    found = _range(bare, now)
    if found is not None:
        return found
    if _HELP.fullmatch(bare):
        return Ask(kind="help")
    if _WANTS.search(line):
        return Ask(kind="here")
    return Ask(kind="unclear")


def parse_range(words: str, now: datetime) -> Ask:
    """Read a range alone ("last 200", "since 2d", empty). Raises CruxError for what is none."""
    line = " ".join(words.split())
    found = Ask(kind="here") if not line else _range(line, now)
    if found is None:
        raise CruxError(
            f"“{line[:60]}” is no range. Try `last 200`, `since 2d`, `since 6h` or "
            "`since 2026-01-31`."
        )
    return found


def _range(line: str, now: datetime) -> Ask | None:
    if match := _AGE.fullmatch(line):
        seconds = int(match[1]) * _UNITS[match[2][0].lower()]
        return _since(now - min(timedelta(seconds=seconds), _OLDEST), now)
    if match := _LAST.fullmatch(line):
        number = int(match[1])
        if number < 1:
            raise CruxError("`last 0` is nothing: try `last 200`.")
        return Ask(kind="last", last=number)
    if match := _DAY.fullmatch(line):
        return _since(_day(match[1].lower(), now), now)
    return None


def _day(word: str, now: datetime) -> datetime:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if word in ("today", "yesterday"):
        return midnight - timedelta(days=word == "yesterday")
    try:
        return datetime.fromisoformat(word).replace(tzinfo=UTC)
    except ValueError:
        raise CruxError(f"{word} is no day: write year-month-day, as in 2026-01-31.") from None


def _since(moment: datetime, now: datetime) -> Ask:
    if moment >= now:
        raise CruxError("That is not in the past: try `since 2d`.")
    return Ask(kind="since", since=max(moment, now - _OLDEST))
