"""Lines that chats share: clocks, days, reactions, attachments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.sources.base import Document

CLOCK = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[\s\u202f]?[AaPp]\.?\s?[Mm]\.?)?"
_DAY_WORD = (
    r"Today|Yesterday|Heute|Gestern|Hoy|Ayer|Aujourd[’']hui|Hier|Hoje|Ontem|今日|昨日|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Last |letzten )?\w{2,3}day"
)
DAY = rf"(?:(?:{_DAY_WORD})|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?)"
CLOCK_LINE = re.compile(rf"\[?{CLOCK}\]?")
DATE_LINE = re.compile(
    r"(?:\w{3,9},? )?(?:\d{1,2}\.? [A-Z][a-z]+\.?,? \d{4}|[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?,? \d{4})|NEW|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? [A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?|[—–-]{2,}.*\d{4}.*[—–-]{2,}"
)
_EMOJI = re.compile(r"(?:[^\w\s.,;:!?'\"(\[@#<>/|`~=+*-]{1,10}|:[A-Za-z0-9_+-]+:)(?:\s?\d{1,4})?")
ATTACHMENT = re.compile(
    r"(?:Image|GIF|Video|Photo|Sticker|Attachment file type: .*|"
    r"[\w()-][\w .()-]{0,80}\.(?:png|jpe?g|gif|webp|mp[34]|mov|webm|pdf|docx?|xlsx?|pptx?|txt|log|zip|csv)|"
    r"\d+(?:\.\d+)? (?:bytes|[KMG]B))",
    re.IGNORECASE,
)
EDITED = re.compile(
    r"\s*(?:\(edited\)|\(bearbeitet\)|\(editado\)|\(modifié\)|\(編集済\))\s*$|"
    r"\s*<(?:This message was edited|Diese Nachricht wurde bearbeitet\.?|Se editó este mensaje\.?|Ce message a été modifié|"
    r"Mensagem editada|Esta mensagem foi editada)>\s*$",
    re.IGNORECASE,
)


def share(document: Document, pattern: re.Pattern[str]) -> float:
    """Share of the lines in the first part that match; blank lines are not counted."""
    lines = [line for line in document.text[:20_000].split("\n") if line.strip()]
    return sum(bool(pattern.match(line)) for line in lines) / max(1, len(lines))


def is_reaction(lines: Sequence[str], at: int) -> bool:
    """Whether a line is an emoji with a count under it, or that count."""
    line = lines[at].strip()
    if line.isdigit():
        return at > 0 and _emoji(lines[at - 1].strip())
    following = lines[at + 1].strip() if at + 1 < len(lines) else ""
    return _emoji(line) and (following.isdigit() or (line[-1:].isdigit() and len(line) > 1))


def _emoji(line: str) -> bool:
    return _EMOJI.fullmatch(line) is not None
