"""Comments under a video or a post: YouTube, Facebook, and X, as copied from the page."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.sources.base import Document, Source
from bot.sources.marks import AGE, reason_off, when
from bot.sources.taking import Taking
from nlp.model import Thread

_AGE_LINE = re.compile(rf"(?:·\s*)?(?:{AGE.pattern}|\d+ \w+ ago)(?:\s*\(edited\))?", re.I)
_HANDLE = re.compile(r"@[\w.·-]{2,40}")
_REPLIES = re.compile(r"\d[\d,.]*[kKmM]? repl(?:y|ies)", re.I)
_X_DATE = re.compile(
    r"(?:\d{1,2}:\d\d\s?(?:[AP]M)?\s*·\s*)?(?:[A-Z][a-z]{2,8} \d{1,2}(?:, \d{4})?|\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?|\d{1,2}[smhd])"
)
_X_OFF = re.compile(
    r"views?|·|read [\d.,]+[kKmM]? repl(?:y|ies)|last edited|quote|replying to( @\w+.*)?|"
    r"show (?:this thread|replies|more|additional replies.*)|\d+(?:\.\d+)?[kKmM]?|relevant|view quotes|"
    r"who can reply\?.*|people on x are.*|post your reply|translate post|from .{2,30}",
    re.I,
)


def sniff_youtube(document: Document) -> float:
    """Tell YouTube by lines of a handle with an age under them."""
    lines = [line.strip() for line in document.text[:20_000].split("\n")]
    heads = sum(bool(_HANDLE.fullmatch(a) and _AGE_LINE.fullmatch(b)) for a, b in pairwise(lines))
    return min(1.0, 0.4 * heads)


_TOP_BAR = re.compile(r"skip (?:navigation|to )|search$|sign in$|home$|shorts$", re.I)


def read_youtube(document: Document) -> Thread:
    """Read a video's comments; a handle at the head of a reply says whom it answers."""
    taking = Taking("youtube", keep_bots=document.keep_bots)
    lines = [line.strip() for line in document.lines]
    top: int | None = None
    nested = False
    head_next = False
    seen_head = False
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if _HANDLE.fullmatch(line) and _AGE_LINE.fullmatch(following):
            blank_before = (
                at == 0 or not lines[at - 1] or lines[at - 1].lower().startswith("pinned")
            )
            if blank_before:
                nested = False
            number = taking.open(line)
            if nested and top is not None:
                taking.posts[number].reply_to = top
            else:
                top = number
            head_next, seen_head = True, True
        elif head_next:
            taking.take_off(line, "age")
            head_next = False
        elif not seen_head:
            if line and taking.title is None and not reason_off(line) and not _TOP_BAR.match(line):
                taking.title = line
            else:
                taking.take_off(line, "navigation")
        elif _REPLIES.fullmatch(line):
            nested = True
            taking.take_off(line, "count")
        elif line.lower().startswith("pinned by"):
            taking.take_off(line, "platform notice")
        elif reason := reason_off(line):
            taking.take_off(line, reason)
        else:
            taking.say(line)
    _point_at_handles(taking)
    return taking.thread()


def _point_at_handles(taking: Taking) -> None:
    """Tie each reply to the last comment of the handle it begins with, else to the turn before."""
    for number, post in enumerate(taking.posts):
        words = re.match(r"\W*(@[\w.-]+)", " ".join(post.lines))
        target = taking.last_by(words.group(1).rstrip("."), before=number) if words else None
        if target is not None and (post.reply_to is None or target >= post.reply_to):
            post.reply_to = target
        elif post.reply_to is not None:
            post.reply_to, post.inferred = max(post.reply_to, number - 1), True


def sniff_facebook(document: Document) -> float:
    """Tell Facebook by its group head, its reactions and its ages below the comments."""
    head = document.text[:20_000]
    score = 0.5 if re.search(r"(?m)^(?:All reactions:|(?:Private|Public) group · )", head) else 0.0
    score += 0.3 if re.search(r"(?m)^\d+[dwhmy]\nLike\nReply", head) else 0.0
    score += 0.2 if re.search(r"(?m)^(?:Top contributor|Rising contributor|Top fan)", head) else 0.0
    return min(1.0, score)


_RANKS = re.compile(
    r"author|admin|moderator|top contributor|rising contributor|top fan|group expert|follow|·|all-star contributor|new member",
    re.I,
)


def read_facebook(document: Document) -> Thread:
    """Read a post and its comments: name, ranks, words, then age, Like, Reply."""
    taking = Taking("facebook", keep_bots=document.keep_bots)
    lines = [line.strip() for line in document.lines]
    ends = [i for i, line in enumerate(lines) if _is_comment_end(lines, i)]
    first = next(
        (
            i
            for i, line in enumerate(lines)
            if re.match(r"(?:view previous comments|most relevant|all comments|newest)", line, re.I)
        ),
        None,
    )
    if first is None:
        first = next((i for i, line in enumerate(lines) if line.lower() == "comment"), -1)
    _facebook_post(taking, lines[: first + 1])
    starts = [_comment_start(lines, end, first + 1) for end in ends]
    at = first + 1
    names = [lines[s] for s in starts] + [p.author or "" for p in taking.posts]
    opened = dict(zip(starts, ends, strict=True))
    current_end = -1
    while at < len(lines):
        line = lines[at]
        if at in opened:
            taking.open(line)
            current_end = opened[at]
            at += 1
            while at < current_end and _RANKS.fullmatch(lines[at]):
                taking.take_off(lines[at], "rank")
                at += 1
            continue
        if at < current_end and not reason_off(line):
            taking.say(line)
        else:
            taking.take_off(line, reason_off(line) or "navigation")
        at += 1
    _point_at_names(taking, names)
    taking.answer_turns()
    return taking.thread()


def _is_comment_end(lines: list[str], i: int) -> bool:
    nearby = [line.lower() for line in lines[i + 1 : i + 4]]
    return bool(_AGE_LINE.fullmatch(lines[i])) and "like" in nearby and "reply" in nearby


def _comment_start(lines: list[str], end: int, floor: int) -> int:
    """Find the name above a comment's words: the line after a blank, or after the last foot."""
    at = end - 1
    while (
        at > floor
        and lines[at - 1]
        and not re.fullmatch(
            r"reply|edited|\d[\d.,]*[kKmM]?|view (?:all )?\d+ (?:more )?repl(?:y|ies)|\d+ repl(?:y|ies)",
            lines[at - 1],
            re.I,
        )
    ):
        at -= 1
    return at


def _facebook_post(taking: Taking, lines: list[str]) -> None:
    """Read the post above its comments: the group's head, the name, marks and date, the words."""
    date = next(
        (
            i
            for i, line in enumerate(lines)
            if re.fullmatch(
                r"[A-Z][a-z]+ \d{1,2}(?:, \d{4})?(?: at \d{1,2}:\d\d\s?[AP]M)?|\d+\s?[dhmw]|yesterday at .*",
                line,
            )
        ),
        None,
    )
    name = None
    if date is not None:
        name = next(
            (
                k
                for k in range(date - 1, -1, -1)
                if lines[k] and not _RANKS.fullmatch(lines[k].strip(" ·")) and lines[k] != "·"
            ),
            None,
        )
    for i, line in enumerate(lines):
        if name is not None and i == name:
            taking.open(line)
        elif name is None or i < name or i <= (date or 0):
            taking.take_off(line, "navigation")
        elif reason := reason_off(line):
            taking.take_off(line, reason)
        elif line or taking.posts:
            taking.say(line)


def _point_at_names(taking: Taking, names: list[str]) -> None:
    known = sorted({n for n in names if n}, key=len, reverse=True)
    for number, post in enumerate(taking.posts):
        if number == 0:
            continue
        body = " ".join(post.lines).lstrip(" @").lower()
        named = next((n for n in known if body.startswith(n.lower())), None)
        target = taking.last_by(named, before=number) if named else None
        if target is not None:
            post.reply_to = target


def sniff_x(document: Document) -> float:
    """Tell X by a name with its handle under it, and a date or dot under that."""
    lines = [line.strip() for line in document.text[:20_000].split("\n")]
    heads = sum(
        bool(_HANDLE.fullmatch(b) and a and not a.startswith("@") and not _AGE_LINE.fullmatch(c))
        for a, b, c in zip(lines, lines[1:], lines[2:], strict=False)
    )
    score = 0.4 * min(heads, 2)
    score += (
        0.2
        if re.search(
            r"(?m)^(?:Views|See new posts|Read [\d.,K]+ replies|Show this thread)\s*$",
            "\n".join(lines),
        )
        else 0.0
    )
    return min(1.0, score)


def read_x(document: Document) -> Thread:
    """Read a post and its replies; without other marks a reply goes on the turn before it."""
    taking = Taking("x", keep_bots=document.keep_bots)
    lines = [line.strip() for line in document.lines]
    head_until = -1
    aside: str | None = None
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        is_head = (
            bool(line and _HANDLE.fullmatch(following) and not _HANDLE.fullmatch(line))
            and at > head_until
        )
        if is_head and _before(lines, at) == "Ad":
            aside, head_until = "advertisement", at + 1
            taking.take_off(line, aside)
        elif is_head and _before(lines, at) == "Quote":
            aside, head_until = "quoted post", at + 1
            taking.take_off(line, aside)
        elif is_head and not reason_off(line) and len(line) <= 60:
            aside = None
            taking.open(following.lstrip("@"))
            taking.take_off(line, "author name")
            head_until = at + 1
        elif at <= head_until:
            taking.take_off(line, "author name")
        elif aside:
            taking.take_off(line, aside)
        elif not taking.posts:
            taking.take_off(line, "navigation")
        elif _X_DATE.fullmatch(line) and (at - head_until <= 2 or "·" in line):
            if at - head_until <= 2 or taking.posts[-1].lines:
                taking.posts[-1].created_at = taking.posts[-1].created_at or when(
                    line, "%I:%M %p · %b %d, %Y", "%b %d, %Y"
                )
                taking.take_off(line, "age")
        elif _X_OFF.fullmatch(line) or reason_off(line):
            taking.take_off(line, "count" if line[:1].isdigit() else "button")
        else:
            taking.say(line)
    _answer_turns(taking)
    return taking.thread()


def _before(lines: list[str], at: int) -> str:
    """Give the last line before one that is not blank."""
    return next((line for line in reversed(lines[:at]) if line), "")


def _answer_turns(taking: Taking) -> None:
    """Link the posts of X: a handle at the head names whom it answers, a run of one's own goes on."""
    for number, post in enumerate(taking.posts):
        named = re.match(r"\W*(@\w+)", " ".join(post.lines))
        target = taking.last_by(named.group(1), before=number) if named and number else None
        if target is not None:
            post.reply_to = target
        elif number and taking.posts[number - 1].author == post.author:
            post.reply_to, post.inferred = number - 1, True
    taking.answer_turns()


YOUTUBE = Source(
    name="youtube", label="YouTube", how="Open the comments and their replies, select and copy.",
    sniff=sniff_youtube, read=read_youtube,
)  # fmt: skip
FACEBOOK = Source(
    name="facebook", label="Facebook", how="Open the post with all comments, select and copy.",
    sniff=sniff_facebook, read=read_facebook,
)  # fmt: skip
X = Source(
    name="x", label="X (Twitter)", how="Open the post, scroll through its replies, select and copy.",
    sniff=sniff_x, read=read_x,
)  # fmt: skip
