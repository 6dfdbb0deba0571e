"""IRC logs of the usual clients: irssi, weechat, znc, HexChat, and the web archives."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.sources.base import Document, Source
from bot.sources.chat_lines import share
from bot.sources.marks import NO_DAY
from bot.sources.taking import Taking
from nlp.model import Thread

_STAMP = r"(?:\[?(?:(?P<day>\d{4}-\d\d-\d\d|[A-Z][a-z]{2} \d{1,2})[T ])?(?P<time>\d{1,2}:\d\d(?::\d\d)?)\]?\s+)"
_LINE = re.compile(
    rf"^{_STAMP}?(?:<\s?(?P<mode>[@+%&~!]?)\s?(?P<author>[^>\s]+)>|\*\s+(?P<actor>[^\s*]+))[ \t](?P<text>.*)$"
)
_TABBED = re.compile(rf"^{_STAMP}[@+%&~]?(?P<author>[\w\[\]\\`^{{}}|-]{{1,20}})\t(?P<text>.*)$")
_DAY = re.compile(
    r"(?:--- (?:Log opened|Day changed) |\*{4} BEGIN LOGGING AT ).*?(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2})\b.*?(?P<year>\d{4})"
)


def sniff(document: Document) -> float:
    """Tell IRC by `14:03 <nick> text`."""
    found = max(share(document, _LINE), share(document, _TABBED))
    return 0.99 if found > 0.3 else 0.9 if found > 0.1 else 0.0


def read(document: Document) -> Thread:
    """Read a log; what the server and its clients say is set aside."""
    taking = Taking("irc", keep_bots=document.keep_bots)
    day, before = NO_DAY, -1
    for line in document.lines:
        found = _LINE.match(line) or _TABBED.match(line)
        if not found:
            changed = _DAY.match(line)
            if changed:
                day, before = _date(changed) or day, -1
            taking.take_off(line, "platform notice")
            continue
        parts = found.groupdict()
        stamp, before, day = _time(parts, day, before)
        author = parts["author"] or parts.get("actor")
        taking.open(author, created_at=stamp)
        taking.take_off(line[: found.start("text")].replace(author or "", " ", 1), "message head")
        taking.say(parts["text"])
    return taking.thread(unwrap=False)


def _date(found: re.Match[str]) -> datetime | None:
    try:
        text = f"{found['day']} {found['month']} {found['year']}"
        return datetime.strptime(text, "%d %b %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _time(
    parts: dict[str, str | None], day: datetime, before: int
) -> tuple[datetime | None, int, datetime]:
    """Give the time of a line, its minute, and the day, which goes on where the clock goes back."""
    if parts["day"] and parts["day"][:1].isdigit():
        try:
            day = datetime.fromisoformat(parts["day"]).replace(tzinfo=UTC)
            before = -1
        except ValueError:
            pass
    if not parts["time"]:
        return None, before, day
    numbers = [int(n) for n in parts["time"].split(":")]
    minute = numbers[0] * 60 + numbers[1]
    if minute < before - 720:
        day += timedelta(days=1)
    return day + timedelta(minutes=minute, seconds=sum(numbers[2:])), minute, day


SOURCE = Source(
    name="irc", label="IRC", how="The log file of your client.",
    sniff=sniff, read=read, chat=True,
)  # fmt: skip
