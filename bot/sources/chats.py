"""Chats as copied or exported to text: Discord, Slack, WhatsApp, IRC, `name: text` transcripts."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.sources.base import Document, Source
from bot.sources.marks import iso, when
from bot.sources.taking import Taking
from nlp.model import Thread

_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?"
_DAY = r"(?:Today|Yesterday|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d)"
# "name — Today at 14:03", also alone after a line that holds the name
_DISCORD_HEAD = re.compile(
    rf"^(?P<author>.*?)\s*(?:—|–|--)\s*(?P<time>(?:{_DAY}(?: at)?,? )?{_CLOCK})\s*$"
)
_DISCORD_TAG = re.compile(r"^(?P<name>.+?)\s+(?:APP|BOT|MOD|OP|ADMIN|✓ ?APP|\[[^\]]{1,12}\])$")
_PREVIEW = re.compile(r"^@(?P<author>[^\s].{0,40}?)\s+(?P<words>\S.*)$")
_CLOCK_LINE = re.compile(rf"^\[?{_CLOCK}\]?$")
_DATE_LINE = re.compile(
    r"^(?:\w{3,9},? )?(?:\d{1,2} [A-Z][a-z]+,? \d{4}|[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?,? \d{4})$|^NEW$"
)
_EMOJI_LINE = re.compile(r"^(?:[^\w\s.,;:!?'\"(\[@#<>/-]{1,8}|:[a-z0-9_+-]+:)$")
_ARCHIVE = re.compile(
    r"^\[(?P<time>\d{4}-\d\d-\d\dT[^\]]+)\]\s+(?P<author>.+?)\s*(?:\(id=(?P<id>\d+)\))?\s*$"
)
_ARCHIVE_REPLY = re.compile(r"^\s*\[reply to (?P<author>.+?)(?: msg=(?P<id>\d+))?\]\s*$")
_EXPORTER = re.compile(
    r"^\[(?P<time>\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?(?: [AP]M)?)\] (?P<author>[^:]+?)(?: \(pinned\))?$"
)
_WHATSAPP = re.compile(
    r"^[\u200e\u200f]?\[?(?P<time>\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[\s\u202f]?[AaPp]\.?\s?[Mm]\.?)?)\]?"
    r"(?: -|:)? (?P<rest>.*)$"
)
_IRC = re.compile(
    r"^\[?(?P<time>\d{1,2}:\d\d(?::\d\d)?)\]?\s+(?:<\s?[@+%&~ ]?(?P<author>[^>\s]+)>|\* (?P<actor>\S+)) (?P<text>.*)$"
)
_IRC_NOTICE = re.compile(r"^(?:---|\[?\d{1,2}:\d\d(?::\d\d)?\]?\s*(?:-!-|\*\*\*|===|-->|<--|\*)).*")
_TURN = re.compile(
    r"^(?P<author>[A-Z@]?[\w.’'-]{1,24}(?: [A-Z][\w.’'-]{0,20}){0,2}):\s+(?P<text>\S.*)$"
)
_MEDIA = re.compile(
    r"^(?:Image|GIF|Video|\S+\.(?:png|jpe?g|gif|mp4|pdf|txt|webp|log)|\(?edited\)?)$", re.I
)


def _count(document: Document, pattern: re.Pattern[str]) -> float:
    lines = [line for line in document.text[:20_000].split("\n") if line.strip()]
    return sum(bool(pattern.match(line)) for line in lines) / max(1, len(lines))


def sniff_discord(document: Document) -> float:
    """Tell Discord by `name — Today at 14:03`, or by the heads of its archives."""
    head = document.text[:20_000]
    if re.search(r"(?m)^Guild: .*\nChannel: ", head):
        return 1.0
    shares = (
        _count(document, _DISCORD_HEAD),
        _count(document, _ARCHIVE),
        _count(document, _EXPORTER),
    )
    return min(1.0, 0.45 + 6 * max(shares)) if max(shares) > 0.03 else 0.0


def read_discord(document: Document) -> Thread:
    """Read a Discord channel: copied from the client, exported to text, or in archive form."""
    if _count(document, _ARCHIVE) > 0.03:
        return _read_archive(document)
    if _count(document, _EXPORTER) > 0.03:
        return _read_exporter(document)
    return _read_client(document)


def _read_archive(document: Document) -> Thread:
    taking = Taking("discord")
    by_id: dict[str, int] = {}
    for line in document.lines:
        head = _ARCHIVE.match(line)
        answer = _ARCHIVE_REPLY.match(line)
        if head:
            number = taking.open(head["author"], created_at=iso(head["time"]), key=head["id"])
            if head["id"]:
                by_id[head["id"]] = number
        elif answer and taking.posts:
            target = by_id.get(answer["id"] or "")
            if target is None:
                target = taking.last_by(answer["author"], before=len(taking.posts) - 1)
            taking.posts[-1].reply_to = target
            taking.take_off(line, "reply mark")
        elif re.match(r"^\s*\[(?:attachment|embed|sticker|reaction)s?\b.*\]\s*$", line):
            taking.take_off(line, "attachment")
        elif not taking.posts:
            taking.take_off(line, "navigation")
        else:
            taking.say(line[4:] if line.startswith("    ") else line)
    return taking.thread(unwrap=False)


def _read_exporter(document: Document) -> Thread:
    taking = Taking("discord")
    aside: str | None = None
    for line in document.lines:
        head = _EXPORTER.match(line)
        block = re.match(r"^\{(?P<what>Reactions|Attachments|Embed|Stickers)\}$", line.strip())
        if head:
            taking.open(
                head["author"],
                created_at=when(
                    head["time"],
                    "%m/%d/%Y %I:%M %p",
                    "%d/%m/%Y %H:%M",
                    "%Y-%m-%d %H:%M",
                    "%d-%b-%y %I:%M %p",
                ),
            )
            aside = None
        elif block:
            aside = "reaction" if block["what"] == "Reactions" else "attachment"
            taking.take_off(line, aside)
        elif not taking.posts or re.fullmatch(r"=+", line.strip()) or line.startswith("Exported "):
            taking.take_off(line, "navigation")
        elif aside and line.strip():
            taking.take_off(line, aside)
        else:
            aside = None if not line.strip() and aside is None else aside
            taking.say(line)
    return taking.thread(unwrap=False)


def _read_client(document: Document) -> Thread:
    taking = Taking("discord")
    lines = list(document.lines)
    heads: dict[int, tuple[int, str]] = {}
    for at, line in enumerate(lines):
        found = _DISCORD_HEAD.match(line)
        if found:
            start, author = at, found["author"].strip()
            while not author or re.fullmatch(r"\[[^\]]{1,12}\]|APP|BOT|MOD|✓ ?APP", author):
                start -= 1
                if start < 0 or at - start > 4:
                    break
                author = lines[start].strip() if start >= 0 else ""
            tag = _DISCORD_TAG.match(author)
            heads[max(start, 0)] = (at, tag["name"] if tag else author)
    heads = _past_roles(lines, heads)
    at, answered = 0, None
    while at < len(lines):
        if at in heads:
            end, author = heads[at]
            bot = re.search(r"\b(?:APP|BOT)\b", " ".join(lines[at : end + 1])) is not None
            taking.open(author, reply_to=answered)
            taking.take_off(lines[end][len(author) :] if at == end else lines[end], "age")
            if bot:
                taking.posts[-1].author = None
            answered = None
            at = end + 1
            at = _skip_bot(taking, lines, heads, at) if bot else at
            continue
        line = lines[at]
        preview = _PREVIEW.match(line.strip())
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if re.fullmatch(r"@\S.{0,40}", line.strip()) and at + 1 not in heads and at + 2 in heads:
            answered = _quoted_post(taking, below.strip(), f"{line.strip()} {below.strip()}")
            taking.take_off(line, "reply preview")
            taking.take_off(below, "reply preview")
            at += 1
        elif preview and _next_head(lines, heads, at):
            answered = _quoted_post(taking, preview["words"], line.strip())
            taking.take_off(line, "reply preview")
        elif not taking.posts:
            taking.take_off(line, "navigation")
        elif _reaction(lines, at):
            taking.take_off(line, "reaction")
        elif re.fullmatch(rf"\[{_CLOCK}\]", line.strip()) and taking.posts[-1].lines:
            taking.open(taking.posts[-1].author)
            taking.take_off(line, "age")
        elif _CLOCK_LINE.match(line.strip()) or _DATE_LINE.match(line.strip()):
            taking.take_off(line, "age")
        elif _MEDIA.match(line.strip()):
            taking.take_off(line, "attachment")
        else:
            taking.say(line)
        at += 1
    return taking.thread(unwrap=False)


def _past_roles(lines: list[str], heads: dict[int, tuple[int, str]]) -> dict[int, tuple[int, str]]:
    """Where a role stands between a name and the time, take the name: the same line above each."""
    above: dict[str, set[str]] = {}
    times: dict[str, int] = {}
    for start, (end, author) in heads.items():
        if start < end:
            above.setdefault(author, set()).add(lines[start - 1].strip() if start else "")
            times[author] = times.get(author, 0) + 1
    moved = {}
    for start, (end, author) in heads.items():
        names = above.get(author, set())
        if start < end and len(names) == 1 and times[author] > 1 and "" not in names:
            moved[start - 1] = (end, next(iter(names)))
        else:
            moved[start] = (end, author)
    return moved


def _skip_bot(taking: Taking, lines: list[str], heads: dict[int, tuple[int, str]], at: int) -> int:
    """Put a bot's message aside, and the post that was opened for it."""
    while at < len(lines) and at not in heads:
        if _PREVIEW.match(lines[at].strip()) and _next_head(lines, heads, at):
            break
        taking.take_off(lines[at], "bot")
        at += 1
    return at


def _next_head(lines: list[str], heads: dict[int, tuple[int, str]], at: int) -> bool:
    """Whether the head of a message stands right under a line."""
    return at + 1 in heads or (at + 2 in heads and not lines[at + 1].strip())


def _quoted_post(taking: Taking, words: str, line: str) -> int | None:
    """Find the post whose text a preview begins; names may hold spaces, so try each division."""
    wanted = re.sub(r"\W+", "", words.rstrip("…").lower())
    whole = re.sub(r"\W+", "", line.rstrip("…").lower())
    for number in range(len(taking.posts) - 1, -1, -1):
        post = taking.posts[number]
        said = re.sub(r"\W+", "", " ".join(post.lines).lower())
        name = re.sub(r"\W+", "", (post.author or "").lower())
        if said and (
            said.startswith(wanted[:60])
            or whole.startswith((name + said)[: max(len(name) + 8, len(whole))])
        ):
            return number
    named = line[1:].split(" ", 1)[0]
    return taking.last_by(named)


def _reaction(lines: list[str], at: int) -> bool:
    """Whether a line is an emoji with a count under it, or that count."""
    line = lines[at].strip()
    if _EMOJI_LINE.match(line):
        return at + 1 < len(lines) and lines[at + 1].strip().isdigit()
    return line.isdigit() and at > 0 and _EMOJI_LINE.match(lines[at - 1].strip()) is not None


_SLACK_TIME = re.compile(rf"^\s+{_CLOCK}\s*$")
_SLACK_HEAD = re.compile(rf"^(?P<author>\S.{{0,40}}?)\s+(?:\[)?(?P<time>{_CLOCK})\]?\s*$")


def sniff_slack(document: Document) -> float:
    """Tell Slack by names with an indented time under them."""
    lines = document.text[:20_000].split("\n")
    heads = sum(bool(_SLACK_TIME.match(b) and a.strip()) for a, b in pairwise(lines))
    return min(1.0, 0.35 * heads) if heads >= 2 else 0.0


def read_slack(document: Document) -> Thread:
    """Read a Slack thread: name, indented time, words; a bare time begins one more message."""
    taking = Taking("slack")
    lines = list(document.lines)
    is_thread = any(line.strip() == "Thread" for line in lines[:5]) or any(
        re.fullmatch(r"\d+ repl(?:y|ies)", line.strip()) for line in lines
    )
    author: str | None = None
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        words = line.strip()
        parent = 0 if is_thread and taking.posts else None
        if words and _SLACK_TIME.match(following) and not line.startswith(" "):
            author = words
            taking.open(author, reply_to=parent)
        elif _SLACK_TIME.match(line):
            taking.take_off(line, "age")
        elif not taking.posts:
            taking.take_off(line, "navigation")
        elif _CLOCK_LINE.match(words):
            taking.open(author, reply_to=parent)
            taking.take_off(line, "age")
        elif _reaction(lines, at):
            taking.take_off(line, "reaction")
        elif re.fullmatch(
            r"\d+ repl(?:y|ies)|\(?edited\)?|Also sent to the channel|Today|Yesterday|New", words
        ):
            taking.take_off(line, "button")
        else:
            taking.say(line)
    return taking.thread(unwrap=False)


def sniff_whatsapp(document: Document) -> float:
    """Tell WhatsApp by lines that begin with a date and a time."""
    return 0.98 if _count(document, _WHATSAPP) > 0.3 else 0.0


def read_whatsapp(document: Document) -> Thread:
    """Read an exported WhatsApp chat; lines without a name are the app's."""
    taking = Taking("whatsapp")
    system = False
    for line in document.lines:
        head = _WHATSAPP.match(line)
        if not head:
            if system or not taking.posts:
                taking.take_off(line, "platform notice")
            else:
                taking.say(line)
            continue
        author, colon, text = head["rest"].partition(": ")
        system = not colon or len(author) > 40
        if system:
            taking.take_off(line, "platform notice")
        else:
            stamp = head["time"].replace("\u202f", " ")
            taking.open(
                author.strip("~\u200e "),
                created_at=when(
                    stamp,
                    "%d/%m/%Y, %H:%M",
                    "%d/%m/%y, %H:%M",
                    "%m/%d/%y, %I:%M %p",
                    "%d.%m.%y, %H:%M",
                    "%d/%m/%Y, %H:%M:%S",
                    "%d.%m.%Y, %H:%M",
                ),
            )
            taking.say(text)
    return taking.thread(unwrap=False)


def sniff_irc(document: Document) -> float:
    """Tell IRC by `14:03 <nick> text`."""
    return 0.99 if _count(document, _IRC) > 0.3 else 0.0


def read_irc(document: Document) -> Thread:
    """Read an IRC log; `nick: text` answers the last line of that nick."""
    taking = Taking("irc")
    for line in document.lines:
        found = _IRC.match(line)
        if not found:
            taking.take_off(line, "platform notice")
            continue
        author = found["author"] or found["actor"]
        addressed = re.match(r"@?([^\s:,]{2,30})[:,]\s", found["text"])
        target = taking.last_by(addressed.group(1)) if addressed else None
        taking.open(author, reply_to=target)
        taking.say(found["text"])
    return taking.thread(unwrap=False)


def sniff_transcript(document: Document) -> float:
    """Tell a transcript by lines that begin `name:`, of at least two people who speak again."""
    names: dict[str, int] = {}
    lines = [line for line in document.text[:20_000].split("\n") if line.strip()]
    for line in lines:
        found = _TURN.match(line)
        if found:
            names[found["author"]] = names.get(found["author"], 0) + 1
    turns = sum(names.values())
    if len(names) < 2 or turns < 0.4 * len(lines):
        return 0.0
    if turns == 2:  # a claim and its answer, and nothing else
        return 0.35 if turns == len(lines) and len(lines[0].split()) > 3 else 0.0
    return 0.6 if max(names.values()) > 1 else 0.4


def read_transcript(document: Document) -> Thread:
    """Read `name: text` lines; a line without a name goes on the turn before."""
    taking = Taking("plain")
    for line in document.lines:
        found = _TURN.match(line)
        if found:
            taking.open(found["author"])
            taking.say(found["text"])
        elif not taking.posts:
            taking.take_off(line, "platform notice")
        else:
            taking.say(line)
    return taking.thread()


DISCORD = Source(
    name="discord", label="Discord", how="Select the messages and copy, or export with DiscordChatExporter.",
    sniff=sniff_discord, read=read_discord,
)  # fmt: skip
SLACK = Source(
    name="slack", label="Slack", how="Open the thread, select the messages and copy.",
    sniff=sniff_slack, read=read_slack,
)  # fmt: skip
WHATSAPP = Source(
    name="whatsapp", label="WhatsApp", how="Chat menu, Export chat, without media.",
    sniff=sniff_whatsapp, read=read_whatsapp,
)  # fmt: skip
IRC = Source(
    name="irc", label="IRC", how="The log file of your client.",
    sniff=sniff_irc, read=read_irc,
)  # fmt: skip
TRANSCRIPT = Source(
    name="transcript", label="Transcript (name: text)", how="Lines that begin with a name and a colon.",
    sniff=sniff_transcript, read=read_transcript,
)  # fmt: skip
