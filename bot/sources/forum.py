"""Forums and mailing lists: numbered posts, phpBB, vBulletin, Discourse, `name wrote:` quotes."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.marks import AGE_LINE, COUNT_LINE, reason_off, when
from bot.sources.taking import Taking
from nlp.model import Thread

_NUMBERED = re.compile(
    r"^#(?P<number>\d{1,4})[\s:.)-]+(?P<author>[\w.'-]+(?: [A-Z][\w.'-]*)?)"
    r"(?:\s+(?P<verb>Disputed|Supported|Clarified|Replied to|Answered|Agreed with|re)\s*:?\s*#(?P<target>\d{1,4}))?\s*:?\s*$",
    re.I,
)
_WROTE = re.compile(
    r"^(?:On .{4,60}?,?\s+)?(?:at \d{1,2}:\d\d,? )?(?P<author>[\w.'@-]+(?: [A-Z][\w.'-]+)?)(?: <[^>]+>| at [\w.]+)?\s+(?:wrote|said|writes|schrieb|escribió|a écrit)(?:\s*[:↑].*|\s*\(.*\):?)$"
)
_ORIGINALLY = re.compile(r"^Originally Posted by (?P<author>.+?)(?:\s*(?:View Post|»))?$", re.I)
_PHPBB = re.compile(
    r"^(?:Post|Unread post)? ?by (?P<author>\S.{0,30}?) (?:»|on) (?P<time>.+\d{4}.*)$", re.I
)
_MAIL_FROM = re.compile(
    r"^From: (?:\"?(?P<name>[^\"<(]+?)\"? ?<.*>|(?P<address>\S+ at \S+|\S+@\S+)(?: \((?P<given>[^)]+)\))?)$"
)
_MAIL_HEAD = re.compile(
    r"^(?P<key>Date|Subject|Message-ID|In-Reply-To|References|To|Cc|List-[\w-]+|Reply-To): ?(?P<value>.*)$",
    re.I,
)
_PROFILE = re.compile(
    r"^(?:(?:posts|joined|join date|location|registered|age|reputation|likes received|threads|"
    r"liked|thanks|member since):.*|(?:senior |junior |registered |forum |new |full |super )?(?:member|user|moderator)|"
    r"administrator|re: .*|\d\d-\d\d-\d{4},? \d\d:\d\d(?: [AP]M)?|today, \d\d:\d\d.*|yesterday, \d\d:\d\d.*|"
    r"reply with quote|thread tools.*|quote:|top|report post|rate thread|page \d+ of \d+)$",
    re.I,
)
_RANK = re.compile(
    r"(?:\s+(?:Moderator|Regular|Leader|Admin|Staff|OP|New user|Member|edited))+$", re.I
)
_SHORT_DATE = re.compile(
    r"^(?:[A-Z][a-z]{2} \d{1,2}(?:, '\d\d| '\d\d|, \d{4})?|\d{1,2} [A-Z][a-z]{2}(?: \d{4})?|\d{1,2}[hdm]|\d{1,2}/\d{1,2}/\d{2,4})$"
)


def sniff(document: Document) -> float:
    """Tell a forum by its numbered heads, its `Post by`, its quote heads or its mail heads."""
    head = document.text[:20_000]
    score = 0.0
    lines = head.split("\n")
    numbered = sum(bool(_NUMBERED.match(line.strip())) for line in lines)
    score = max(score, 0.45 * min(2, numbered))
    score = max(
        score, 0.9 if len(re.findall(r"(?m)^(?:Post )?by \S.{0,30} » ", head)) >= 1 else 0.0
    )
    score = max(
        score, 0.9 if len(re.findall(r"(?m)^From: .*\n(?:Date|Subject|To): ", head)) >= 1 else 0.0
    )
    score = max(score, 0.5 if re.search(r"(?m)^Originally Posted by ", head) else 0.0)
    score = max(score, 0.7 if len(_discourse_heads(lines)) >= 3 else 0.0)
    wrote = sum(bool(_WROTE.match(line.strip())) for line in lines)
    return max(score, min(0.65, 0.3 * wrote))


def read(document: Document) -> Thread:
    """Read a forum thread or a mailing list's thread."""
    head = document.text[:20_000]
    if re.search(r"(?m)^From: .*\n(?:Date|Subject|To): ", head):
        return _read_mail(document)
    if re.search(r"(?m)^(?:Post )?by \S.{0,30} » ", head):
        return _read_phpbb(document)
    if sum(bool(_NUMBERED.match(line.strip())) for line in document.lines) >= 1:
        return _read_numbered(document)
    heads = _discourse_heads(document.lines)
    if len(heads) >= 2:
        return _read_discourse(document, heads)
    return _read_wrote(document)


def _read_mail(document: Document) -> Thread:
    taking = Taking("forum", keep_bots=document.keep_bots)
    ids: dict[str, int] = {}
    in_head = signature = False
    for line in document.lines:
        start = _MAIL_FROM.match(line)
        field = _MAIL_HEAD.match(line) if in_head else None
        if start:
            author = (
                start["given"]
                or start["name"]
                or (start["address"] or "").split(" at ")[0].split("@")[0]
            )
            taking.open(author)
            taking.take_off(line.replace(author, " ", 1), "mail head")
            in_head, signature = True, False
        elif field:
            taking.take_off(line, "mail head")
            _mail_field(taking, ids, field["key"].lower(), field["value"].strip())
        elif in_head and line[:1] in " \t" and line.strip():
            taking.take_off(line, "navigation")
        elif line.rstrip() in ("--", "-- ") or re.fullmatch(r"_{10,}", line.strip()):
            signature, in_head = True, False
            taking.take_off(line, "signature")
        elif signature:
            taking.take_off(line, "signature")
        elif not taking.posts:
            taking.take_off(line, "navigation")
        elif _WROTE.match(line.strip()):
            in_head = False
            named = _WROTE.match(line.strip())
            if taking.posts[-1].reply_to is None and named:
                taking.posts[-1].reply_to = taking.last_by(
                    named["author"], before=len(taking.posts) - 1
                )
            taking.take_off(line, "quote head")
        else:
            in_head = in_head and not line.strip()
            taking.say(line)
    return taking.thread()


def _mail_field(taking: Taking, ids: dict[str, int], key: str, value: str) -> None:
    post = taking.posts[-1]
    if key == "message-id":
        ids[value] = len(taking.posts) - 1
    elif key == "in-reply-to" and value in ids:
        post.reply_to = ids[value]
    elif key == "references" and post.reply_to is None:
        known = [ids[i] for i in value.split() if i in ids]
        post.reply_to = known[-1] if known else None
    elif key == "date":
        post.created_at = when(value, "%a, %d %b %Y %H:%M:%S %z", "%d %b %Y %H:%M:%S %z")
    elif key == "subject" and taking.title is None:
        taking.title = re.sub(r"^(?:\[[^\]]+\]\s*|re:\s*)+", "", value, flags=re.I) or None


def _read_phpbb(document: Document) -> Thread:
    taking = Taking("forum", keep_bots=document.keep_bots)
    lines = list(document.lines)
    heads = {i: m for i, line in enumerate(lines) if (m := _PHPBB.match(line.strip()))}
    blocks: dict[int, int] = {}
    for i, found in heads.items():
        start = i
        while start > 0 and (
            lines[start - 1].strip() == found["author"]
            or _PROFILE.match(lines[start - 1].strip())
            or (
                i - start < 7
                and any(
                    lines[k].strip() == found["author"] for k in range(max(0, start - 6), start)
                )
                and lines[start - 1].strip()
            )
        ):
            start -= 1
        blocks[start] = i
    at, quote = 0, False
    while at < len(lines):
        if at in blocks:
            end = blocks[at]
            taking.open(
                heads[end]["author"],
                created_at=when(
                    heads[end]["time"],
                    "%a %b %d, %Y %I:%M %p",
                    "%d %b %Y, %H:%M",
                    "%b %d, %Y %I:%M %p",
                ),
            )
            for line in lines[at : end + 1]:
                taking.take_off(line, "author profile")
            at = end + 1
            quote = False
            continue
        quote = _forum_line(taking, lines, at, quote)
        at += 1
    _settle(taking)
    return taking.thread()


def _forum_line(taking: Taking, lines: list[str], at: int, quote: bool) -> bool:
    """Take one line of a post; give whether a quote block goes on below it."""
    words = lines[at].strip()
    if not taking.posts:
        if taking.title is None and words.endswith("?"):
            taking.title = words
        else:
            taking.take_off(words, "navigation")
        return False
    named = _WROTE.match(words) or _ORIGINALLY.match(words)
    post = taking.posts[-1]
    if named:
        target = taking.last_by(named["author"].strip(), before=len(taking.posts) - 1)
        target = _saying(taking, lines[at + 1].strip() if at + 1 < len(lines) else "", target)
        if target is not None and post.reply_to is None:
            post.reply_to = target
        if _ORIGINALLY.match(words):
            taking.take_off(words, "quote head")
        else:
            taking.say(words, quoted=True)
        return True
    if quote and words:
        if post.quoted and post.quoted[-1] == len(post.lines) - 1:
            taking.say(words, quoted=True)
        else:
            taking.take_off(words, "quote")
        return False  # quotes are copied as one line
    if re.fullmatch(r"(?:_{6,}|--)", words):
        post.url = post.url
        post.off.append((len(post.lines), words, "signature"))
        post.key = "signature"
        return False
    if post.key == "signature" and words and not _PROFILE.match(words):
        taking.take_off(words, "signature")
    elif _PROFILE.match(words) or (words and reason_off(words) in ("button", "navigation")):
        taking.take_off(words, "button")
    elif post.key != "signature":
        taking.say(lines[at])
    return False


def _saying(taking: Taking, quoted: str, target: int | None) -> int | None:
    """Find the post that says the quoted words; else the one named."""
    wanted = re.sub(r"\W+", "", quoted).lower()[:60]
    if len(wanted) >= 12:
        for number in range(len(taking.posts) - 2, -1, -1):
            if wanted in re.sub(r"\W+", "", " ".join(taking.posts[number].lines)).lower():
                return number
    return target


def _settle(taking: Taking) -> None:
    for post in taking.posts:
        post.key = None
    taking.answer_turns()


def _read_numbered(document: Document) -> Thread:
    taking = Taking("forum", keep_bots=document.keep_bots)
    lines = list(document.lines)
    numbers: dict[int, int] = {}
    quote = False
    for at, line in enumerate(lines):
        head = _NUMBERED.match(line.strip())
        if head:
            number = taking.open(head["author"])
            numbers[int(head["number"])] = number
            if head["target"]:
                taking.posts[number].reply_to = numbers.get(int(head["target"]))
            words = line.strip().replace(head["author"], " ", 1)
            taking.take_off(words, "reply mark" if head["target"] else "post number")
            quote = False
        else:
            quote = _forum_line(taking, lines, at, quote)
            mention = re.match(r"^(?:@|re:? ?)?#(\d{1,4})\b", line.strip())
            if mention and taking.posts and taking.posts[-1].reply_to is None:
                taking.posts[-1].reply_to = numbers.get(int(mention.group(1)))
    _settle(taking)
    return taking.thread()


def _discourse_heads(lines: list[str] | tuple[str, ...]) -> dict[int, str]:
    """Find `name rank` lines with a short date under them."""
    heads: dict[int, str] = {}
    for at in range(len(lines) - 1):
        name = _RANK.sub("", lines[at].strip())
        dated = _SHORT_DATE.match(lines[at + 1].strip())
        named = re.fullmatch(r"[\w.-]{2,30}(?: [A-Z][\w.-]+)?", name)
        if dated and named and not re.fullmatch(r"created|last reply|reply", name, re.I):
            heads[at] = name
    return heads


def _read_discourse(document: Document, heads: dict[int, str]) -> Thread:
    taking = Taking("forum", keep_bots=document.keep_bots)
    lines = [line.strip() for line in document.lines]
    names = sorted(set(heads.values()), key=len, reverse=True)
    aside = False
    skip = -1
    for at, line in enumerate(lines):
        if at <= skip:
            continue
        if at in heads:
            taking.open(heads[at])
            taking.take_off(line[len(heads[at]) :], "rank")
            taking.take_off(lines[at + 1], "age")
            skip, aside = at + 1, False
            continue
        if not taking.posts:
            if line.endswith("?") and taking.title is None:
                taking.title = line
            else:
                taking.take_off(line, "navigation")
            continue
        quoted = next((n for n in names if line == f"{n}:"), None)
        if quoted:
            target = taking.last_by(quoted, before=len(taking.posts) - 1)
            below = lines[at + 1] if at + 1 < len(lines) else ""
            target = _saying(taking, below, target)
            if taking.posts[-1].reply_to is None:
                taking.posts[-1].reply_to = target
            taking.say(line, quoted=True)
            taking.say(below, quoted=True)
            skip = at + 1
        elif line.lower() in ("created", "last reply", "frequent posters", "popular links"):
            aside = True
            taking.take_off(line, "navigation")
        elif aside or COUNT_LINE.fullmatch(line) or reason_off(line) or AGE_LINE.fullmatch(line):
            taking.take_off(line, "navigation" if aside else reason_off(line) or "count")
        else:
            taking.say(line)
    _by_turns(taking, names)
    return taking.thread()


def _by_turns(taking: Taking, names: list[str]) -> None:
    """Tie a reply that quotes nobody to whom it names, else by turns."""
    for number, post in enumerate(taking.posts):
        body = " ".join(post.lines).lstrip("@ ").lower()
        named = next((n for n in names if body.startswith(n.lower())), None)
        if number and post.reply_to is None and named:
            post.reply_to = taking.last_by(named, before=number)
    taking.answer_turns()


def _read_wrote(document: Document) -> Thread:
    """Read `NAME wrote:` heads: of quotes where `>` or a known name follows, else of posts."""
    taking = Taking("forum", keep_bots=document.keep_bots)
    lines = list(document.lines)
    for at, line in enumerate(lines):
        head = _WROTE.match(line.strip())
        below = lines[at + 1].strip() if at + 1 < len(lines) else ""
        if head and not below.startswith(">"):
            taking.open(head["author"])
            taking.take_off(line.replace(head["author"], " ", 1), "post head")
        elif head and taking.posts:
            taking.posts[-1].reply_to = taking.last_by(head["author"], before=len(taking.posts) - 1)
            taking.take_off(line, "quote head")
        elif not taking.posts and head:
            taking.take_off(line, "quote head")
        else:
            taking.say(line)
    _settle(taking)
    return taking.thread()


SOURCE = Source(
    name="forum",
    label="Forums and mailing lists",
    how="Open the thread (print view where there is one), select and copy.",
    sniff=sniff,
    read=read,
)
