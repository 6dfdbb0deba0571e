"""Discord as copied from its client: `name — Today at 14:03`, with roles, tags and previews."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.chat_lines import (
    ATTACHMENT,
    CLOCK,
    CLOCK_LINE,
    DATE_LINE,
    DAY,
    EDITED,
    is_reaction,
    share,
)
from bot.sources.marks import when
from bot.sources.taking import Taking
from nlp.model import Thread

# "name — Today at 14:03", also alone after a line that holds the name
_HEAD = re.compile(
    rf"^(?P<author>.*?)\s*(?:—|–|--)\s*(?P<time>(?:{DAY},?(?: (?:at|um|a las|à|às))?,? )?{CLOCK})\s*$"
)
_APP = re.compile(r"(?:✓ ?)?(?:APP|BOT|WEBHOOK)|✓ ?SYSTEM")
_TAG = re.compile(
    rf"^(?P<name>.+?)\s+(?P<tag>{_APP.pattern}|MOD|OP|ADMIN|OWNER|\[[^\]]{{1,12}}\])$"
)
_BETWEEN = re.compile(
    rf"\[[^\]]{{1,12}}\]|{_APP.pattern}|MOD|OP|ADMIN|Role icon,.*|Server Tag:.*|Server (?:Owner|Booster).*|"
    r"Boosting since.*|Clan tag:.*|New member.*|I'm new here.*",
    re.IGNORECASE,
)
_PREVIEW = re.compile(r"^@(?P<author>[^\s].{0,40}?)\s+(?P<words>\S.*)$")
_STAMPED = re.compile(rf"^\[(?P<time>{CLOCK})\]\s*(?P<words>.*)$")
_NOTICE = re.compile(
    r"(?:\S.{0,40} )?(?:pinned a message(?: to this channel)?\..*|started a thread: .*|added .{1,40} to the (?:group|thread)\.|"
    r"(?:just )?boosted the server.*|joined the server\.|is here\.|left\.|started a call.*|changed the channel name.*)|"
    r"Pinned a message\.|See all (?:pinned messages|threads)\.?|Welcome, \S.{0,60}|You do not have permission to send messages in this channel\.|"
    r"Message #\S+|Jump to present|You.re viewing older messages|\d+ new messages since .*|Mark as read|Forwarded|"
    r"Original message was deleted\.?|Message could not be loaded\.?|\d+ blocked messages?.*|"
    r"Only you can see this • Dismiss message",
    re.IGNORECASE,
)
_TIMES = (
    "%m/%d/%Y %I:%M %p", "%m/%d/%y, %I:%M %p", "%m/%d/%Y, %I:%M %p", "%d/%m/%Y %H:%M", "%d/%m/%Y, %H:%M",
    "%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d, %H:%M",
)  # fmt: skip

# Some copies put the dash and the time on lines of their own.
_BROKEN = re.compile(rf"(?m)^([ \t]*[—–])[ \t]*\n[ \t]*(?=(?:{DAY},?(?: at)? )?{CLOCK}[ \t]*$)")

Heads = dict[int, tuple[int, str]]


def sniff(document: Document) -> float:
    """Tell a copy from the client by `name — Today at 14:03`."""
    found = share(Document(_BROKEN.sub(r"\1 ", document.text[:20_000])), _HEAD)
    return min(1.0, 0.45 + 6 * found) if found > 0.03 else 0.0


def read(document: Document) -> Thread:
    """Read a channel; a reply's preview (`@name its first words`) finds the post it answers."""
    taking = Taking("discord", keep_bots=document.keep_bots)
    lines = _BROKEN.sub(r"\1 ", document.text).split("\n")
    heads = _past_roles(lines, _heads(lines))
    at, answered = 0, None
    while at < len(lines):
        if at in heads:
            at = _open(taking, lines, at, heads[at], answered)
            answered = None
            continue
        line, below = lines[at], lines[at + 1] if at + 1 < len(lines) else ""
        words = line.strip()
        split = re.fullmatch(r"@\S.{0,40}", words) and at + 1 not in heads and at + 2 in heads
        if split:
            answered = _quoted_post(taking, below.strip(), f"{words} {below.strip()}")
            taking.take_off(line, "reply preview")
            taking.take_off(below, "reply preview")
            at += 1
        elif (preview := _PREVIEW.match(words)) and _next_head(lines, heads, at):
            answered = _quoted_post(taking, preview["words"], words)
            taking.take_off(line, "reply preview")
        elif not taking.posts:
            taking.take_off(line, "navigation")
        else:
            _say(taking, lines, at)
        at += 1
    return taking.thread(unwrap=False)


def _say(taking: Taking, lines: list[str], at: int) -> None:
    """Take one line of a message: its words, or what the client shows around them."""
    line, words, post = lines[at], lines[at].strip(), taking.posts[-1]
    stamped = _STAMPED.match(words)
    if is_reaction(lines, at):
        taking.take_off(line, "reaction")
    elif stamped:  # a further message of the same person
        if any(post.lines):
            taking.open(post.author, bot=post.bot)
        taking.take_off(words[: stamped.start("words")], "age")
        if stamped["words"]:
            taking.say(stamped["words"])
    elif CLOCK_LINE.fullmatch(words) or DATE_LINE.fullmatch(words):
        taking.take_off(line, "age")
    elif ATTACHMENT.fullmatch(words):
        taking.take_off(line, "attachment")
    elif _NOTICE.fullmatch(words):
        taking.take_off(line, "platform notice")
    else:
        edited = EDITED.search(line)
        taking.say(line[: edited.start()] if edited else line)
        taking.take_off(edited.group() if edited else "", "edit mark")


def _open(
    taking: Taking, lines: list[str], at: int, head: tuple[int, str], answered: int | None
) -> int:
    """Begin the post whose head starts at a line; give the number of the line after the head."""
    end, author = head
    block = " ".join(lines[at : end + 1])
    found = _HEAD.match(lines[end])
    stamp = when(found["time"], *_TIMES) if found else None
    bot = re.search(rf"(?<!\w)(?:{_APP.pattern})(?!\w)", block.replace(author, "", 1)) is not None
    taking.open(author, reply_to=answered, created_at=stamp, bot=bot)
    for number in range(at, end + 1):
        words = lines[number].strip()
        rest = words.removeprefix(author) if number == at else words
        taking.take_off(rest, "age" if number == end else "rank")
    return end + 1


def _heads(lines: list[str]) -> Heads:
    """Find the heads: number of the first line -> (number of the last line, author)."""
    heads: Heads = {}
    for at, line in enumerate(lines):
        found = _HEAD.match(line)
        if not found:
            continue
        start, author = at, found["author"].strip()
        while not author or _BETWEEN.fullmatch(author):
            start -= 1
            if start < 0 or at - start > 4:
                break
            author = lines[start].strip()
        tag = _TAG.match(author)
        if start >= 0 and author:
            heads[start] = (at, tag["name"] if tag else author)
    return heads


def _past_roles(lines: list[str], heads: Heads) -> Heads:
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


def _next_head(lines: list[str], heads: Heads, at: int) -> bool:
    """Whether the head of a message stands right under a line."""
    return at + 1 in heads or (
        at + 2 in heads and not (lines[at + 1].strip() if at + 1 < len(lines) else "")
    )


def _quoted_post(taking: Taking, words: str, line: str) -> int | None:
    """Find the post whose text a preview begins; names may hold spaces, so try each division."""
    wanted = re.sub(r"\W+", "", words.rstrip("…").lower())
    whole = re.sub(r"\W+", "", line.rstrip("…").lower())
    for number in range(len(taking.posts) - 1, -1, -1):
        post = taking.posts[number]
        said = re.sub(r"\W+", "", " ".join(post.lines).lower())
        name = re.sub(r"\W+", "", (post.author or "").lower())
        if said and (
            (wanted and said.startswith(wanted[:60]))
            or whole.startswith((name + said)[: max(len(name) + 8, len(whole))])
        ):
            return number
    return taking.last_by(line[1:].split(" ", 1)[0])


SOURCE = Source(
    name="discord", label="Discord, copied from the client", how="Select the messages and copy.",
    sniff=sniff, read=read, chat=True,
)  # fmt: skip
