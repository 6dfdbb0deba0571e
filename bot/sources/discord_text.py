"""Discord as text: DiscordChatExporter's, and archives with `[time] author (id=...)` heads."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.chat_lines import EDITED, share
from bot.sources.marks import iso, when
from bot.sources.taking import Taking
from nlp.model import Thread

_ARCHIVE = re.compile(
    r"^\[(?P<time>\d{4}-\d\d-\d\d[T ][^\]]+)\]\s+(?P<author>\S.*?)\s*(?:\(id=(?P<id>\d+)\)\s*)?(?P<bot>\[(?:bot|app)\])?\s*$",
    re.IGNORECASE,
)
_ARCHIVE_REPLY = re.compile(r"^\s*\[reply to (?P<author>.+?)(?: msg=(?P<id>\d+))?\]\s*$")
_ARCHIVE_ASIDE = re.compile(
    r"^\s*\[(?P<what>attachment|embed|sticker|reactions?|poll|forward(?:ed)?|edited|pinned)s?\b.*$"
)
_TITLE = re.compile(
    r"^# (?:Thread ['\"“](?P<thread>.+)['\"”] in forum .*|Archive of (?P<channel>#?\S+).*)$"
)
_EXPORTER = re.compile(
    r"^\[(?P<time>\d{1,4}[/.-](?:\d{1,2}|[A-Z][a-z]{2})[/.-]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?)\] (?P<author>[^:]+?)"
    r"(?P<pinned> \(pinned\))?$"
)
_BLOCK = re.compile(r"^\{(?P<what>Reactions|Attachments|Embed|Stickers|Poll|Inline)\}$")
_EXPORTER_TIMES = (
    "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%d-%b-%y %I:%M %p", "%d.%m.%Y %H:%M",
)  # fmt: skip
_NOTICE = re.compile(
    r"Pinned a message\.|Joined the server\.|Started a call.*|Started a thread.*|Added .{1,40} to the group\.|"
    r"Changed the channel (?:name|icon).*|Boosted the server.*|Created a thread.*",
)


def sniff_archive(document: Document) -> float:
    """Tell an archive by its `[2025-01-31T10:00:00+00:00] name (id=...)` heads."""
    return 1.0 if share(document, _ARCHIVE) > 0.03 else 0.0


def read_archive(document: Document) -> Thread:
    """Read an archive; `[reply to name msg=...]` lines say what a message answers."""
    taking = Taking("discord", keep_bots=document.keep_bots)
    by_id: dict[str, int] = {}
    in_code = False
    for line in document.lines:
        head = None if in_code and line.startswith(" ") else _ARCHIVE.match(line)
        answer = _ARCHIVE_REPLY.match(line)
        if head:
            in_code = False
            number = taking.open(
                head["author"], created_at=iso(head["time"]), key=head["id"], bot=bool(head["bot"])
            )
            taking.take_off(line.replace(head["author"], " ", 1), "message head")
            if head["id"]:
                by_id[head["id"]] = number
        elif answer and taking.posts and (answer["id"] or not any(taking.posts[-1].lines)):
            target = by_id.get(answer["id"] or "")
            if target is None:
                target = taking.last_by(answer["author"], before=len(taking.posts) - 1)
            taking.posts[-1].reply_to = target
            taking.take_off(line, "reply mark")
        elif not in_code and (aside := _ARCHIVE_ASIDE.match(line)):
            taking.take_off(line, _reason(aside["what"]))
        elif not taking.posts:
            title = _TITLE.match(line)
            if title and taking.title is None:
                taking.title = title["thread"] or title["channel"]
            taking.take_off(line, "navigation")
        else:
            in_code ^= line.count("```") % 2 == 1
            _say(taking, line.removeprefix("    "))
    return taking.thread(unwrap=False)


def _reason(what: str) -> str:
    known = {"reaction": "reaction", "embed": "link preview", "edited": "edit mark"}
    return known.get(what.rstrip("s"), "attachment")


def _say(taking: Taking, line: str) -> None:
    edited = EDITED.search(line)
    taking.say(line[: edited.start()] if edited else line)
    taking.take_off(edited.group() if edited else "", "edit mark")


def sniff_exporter(document: Document) -> float:
    """Tell DiscordChatExporter's text by its `Guild:` and `Channel:`, or by its heads."""
    head = document.text[:20_000]
    if re.search(r"(?m)^Guild: .*\nChannel: ", head):
        return 1.0
    return 0.97 if share(document, _EXPORTER) > 0.03 else 0.0


def read_exporter(document: Document) -> Thread:
    """Read DiscordChatExporter's text; it does not say what a message answers."""
    taking = Taking("discord", keep_bots=document.keep_bots)
    aside: str | None = None
    for line in document.lines:
        head, words = _EXPORTER.match(line), line.strip()
        block = _BLOCK.match(words)
        if head:
            stamp = when(head["time"], *_EXPORTER_TIMES)
            taking.open(head["author"], created_at=stamp)
            taking.take_off(line.replace(head["author"], " ", 1), "message head")
            aside = None
        elif block:
            aside = "reaction" if block["what"] == "Reactions" else "attachment"
            aside = "link preview" if block["what"] == "Embed" else aside
            taking.take_off(line, aside)
        elif not taking.posts or re.fullmatch(r"=+", words) or re.match(r"Exported \d+ ", words):
            if taking.title is None and words.startswith("Channel: "):
                taking.title = words.removeprefix("Channel: ").split(" / ")[-1]
            taking.take_off(line, "navigation")
        elif aside and words:
            taking.take_off(line, aside)
        elif _NOTICE.fullmatch(words) and not any(taking.posts[-1].lines):
            taking.take_off(line, "platform notice")
        else:
            _say(taking, line)
    return taking.thread(unwrap=False)


ARCHIVE = Source(
    name="discord", label="Discord, archive form", how="Any archiver that writes `[time] author (id=...)`.",
    sniff=sniff_archive, read=read_archive, chat=True,
)  # fmt: skip
EXPORTER = Source(
    name="discord", label="Discord, DiscordChatExporter text", how="DiscordChatExporter, format PlainText.",
    sniff=sniff_exporter, read=read_exporter, chat=True,
)  # fmt: skip
