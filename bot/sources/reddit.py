"""Reddit as copied from the page, in its new and its old layout."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.marks import AGE, reason_off
from bot.sources.taking import Taking
from nlp.model import Thread

_OLD_HEAD = re.compile(
    r"\s*\[[–+-]\]\s*(?P<author>\[deleted\]|[\w-]+)(?P<flair>.*?)\s*(?P<meta>(?:-?\d[\d,.]*k? points?|"
    r"score hidden|comment score below threshold)?\s*(?:\d+|a|an|just) ?\w+ ago\*?.*|"
    r"(?:\[score hidden\]|-?\d[\d,.]*k? points?).*)$"
)
_OLD_FOOT = re.compile(
    r"permalink(?:\s*(?:embed|source|save|parent|report|give award|reply|hide|hide child comments|edit|crosspost))*.*"
)
_OLD_BUTTONS = frozenset(
    "permalink embed source save parent report reply hide edit share crosspost context".split()
)
_OLD_NOISE = re.compile(
    r"(?:all )?\d+ comments(?:share|save|hide|report|crosspost|give award)*|sorted by:.*|"
    r"load more comments.*|continue this thread.*|comments?other discussions.*|"
    r"edit »|(?:want to add to the discussion|post a comment).*|.*\(\d+ replies\)",
    re.I,
)
# A title's flair is glued to its last word: "... no exceptions?Rant", "citywideCity Policy".
_GLUED_FLAIR = re.compile(r"(?<=[a-z?!.)])[A-Z][a-z]+(?: [A-Z][a-z]+)?$")
_SUBMITTED = re.compile(
    r"submitted (?P<age>.+? ago\*?)(?: \(.*?\))? by (?P<author>[\w-]+|\[deleted\]).*"
)
_NEW_AVATAR = re.compile(r"(?:u/)?(?P<author>[\w-]+) avatar$", re.I)
_AGE_LINE = re.compile(
    rf"(?:•\s*)?(?:{AGE.pattern}|\d+ ?(?:mo|yr|[smhdwy])\.? ago)(?:\s*•.*)?$", re.I
)
_DELETED = re.compile(
    r"\[(?:deleted|removed)\]|Comment (?:deleted|removed) by (?:user|moderator)|Removed by (?:Reddit|moderator)",
    re.I,
)
BOTS = frozenset({"automoderator"})
_MORE = re.compile(r"\d+ more repl(?:y|ies)", re.I)


def sniff(document: Document) -> float:
    """Tell Reddit by its `[–]`, its permalink rows, its avatars and its vote buttons."""
    head = document.text[:20_000]
    if re.search(r"(?m)^\s*\[[–+-]\]\s*\[?[\w-]+", head) and "permalink" in head:
        return 1.0
    score = 0.5 if re.search(r"(?m)^u/[\w-]+ avatar\s*$", head) else 0.0
    score += 0.35 if re.search(r"(?m)^Upvote\b", head) and "Downvote" in head else 0.0
    score += 0.2 if re.search(r"(?m)^r/\w+", head) else 0.0
    score += (
        0.2
        if re.search(r"(?m)^(?:Go to comments|Join the conversation|Comments Section)\s*$", head)
        else 0.0
    )
    return min(1.0, score)


def read(document: Document) -> Thread:
    """Read a Reddit thread in either layout."""
    if re.search(r"(?m)^\s*\[[–+-]\]", document.text):
        return _read_old(document)
    return _read_new(document)


def _read_old(document: Document) -> Thread:
    taking = Taking("reddit", keep_bots=document.keep_bots)
    before: list[str] = []
    open_ones: list[
        tuple[int, int]
    ] = []  # (indentation, number) of the comments above, outermost first
    story = False
    body_open = False
    flaired = _flaired(document.lines)
    for line in document.lines:
        head = _OLD_HEAD.match(line)
        submitted = _SUBMITTED.search(line) if not taking.posts else None
        if submitted:
            _title(taking, before)
            taking.open(submitted.group("author"))
            taking.take_off(line, "age")
            story = True
            body_open = True
        elif head:
            author, flair = _split_flair(head["author"], head["flair"], flaired=flaired)
            indent = len(line) - len(line.lstrip())
            while open_ones and open_ones[-1][0] >= indent:
                open_ones.pop()
            parent = open_ones[-1][1] if open_ones else 0 if story else None
            number = taking.open(author, reply_to=parent, bot=author.lower() in BOTS)
            open_ones.append((indent, number))
            taking.take_off(line[: head.start("author")], "mark")
            taking.take_off(flair, "flair")
            taking.take_off(head.group("meta"), "votes and age")
            body_open = True
        elif _OLD_FOOT.fullmatch(line.strip()):
            if "parent" in line and len(taking.posts) > 1:
                _attach(taking)
            taking.take_off(line, "button")
            body_open = False
        elif not body_open and line.strip() in _OLD_BUTTONS:
            if line.strip() == "parent" and len(taking.posts) > 1:
                _attach(taking)
            taking.take_off(line, "button")
        elif _OLD_NOISE.fullmatch(line.strip()) or _MORE.fullmatch(line.strip()):
            taking.take_off(line, "button")
        elif not taking.posts:
            before.append(line)
        elif body_open:
            taking.say(line)
        else:
            taking.take_off(line, "navigation")
    for line in before:
        if not taking.posts or line.strip() != taking.title:
            taking.take_off(line, "navigation")
    return _without_deleted(taking)


def _flaired(lines: tuple[str, ...]) -> bool:
    """Whether flairs are glued to names here: some flair of more than one word shows it."""
    heads = (_OLD_HEAD.match(line) for line in lines)
    return any(h and h["flair"][:1] == " " and _glued(h["author"]) for h in heads)


def _glued(author: str) -> re.Match[str] | None:
    """Find where a flair may begin inside a name ("thirdkitLower", "rentalhouse_ro1st")."""
    return re.match(r"([a-z0-9_-]*[a-z_-])((?:[A-Z]|\d+(?:st|nd|rd|th)\b).*)$", author)


def _split_flair(author: str, flair: str, *, flaired: bool) -> tuple[str, str]:
    """Part a name from the flair that the copy glued to it ("thirdkitLower Tier")."""
    found = _glued(author)
    if found and len(found[1]) >= 3:
        word = re.fullmatch(r"[A-Z][a-z]+", found[2])
        known = found[2] in ("Mod", "OP", "Admin", "Moderator", "Verified")
        if flair.strip() or known or (flaired and word):
            return found[1], found[2] + flair
    return author, flair


def _attach(taking: Taking) -> None:
    """Tie a comment whose foot offers "parent" to another: the flat copy hides which.

    It answers the turn before it, unless it goes on a talk that its writer had earlier.
    """
    number = len(taking.posts) - 1
    taking.posts[number].reply_to, taking.posts[number].inferred = number - 1, True


def _title(taking: Taking, before: list[str]) -> None:
    """Take the last long line before "submitted" as the title."""
    words = [line for line in before if line.strip()]
    if words:
        title = re.sub(r"\s*\((?:self\.[\w]+|[\w.-]+\.\w+)\)$", "", words[-1].strip())
        flair = _GLUED_FLAIR.search(title)
        taking.title = title[: flair.start()] if flair else title
        taking.take_off(words[-1].strip()[len(taking.title) :], "flair")
    for line in words[:-1]:
        taking.take_off(line, "navigation")
    before.clear()


def _read_new(document: Document) -> Thread:
    taking = Taking("reddit", keep_bots=document.keep_bots)
    lines = [line.strip() for line in document.lines]
    heads = _new_heads(lines)
    title_zone = bool(heads)
    promoted = False
    at = 0
    while at < len(lines):
        line = lines[at]
        if at in heads:
            author, end = heads[at]
            promoted = any(x.lower() == "promoted" for x in lines[at : end + 1])
            if not promoted:
                title_zone = not taking.posts
                taking.open(author, bot=author.lower() in BOTS)
            for word in lines[at:end]:
                taking.take_off(word, "age" if _AGE_LINE.fullmatch(word) else "author name")
            at = end
            continue
        reason = reason_off(line) or ("button" if _NEW_OFF.fullmatch(line) else None)
        if promoted:
            taking.take_off(line, "advertisement")
            promoted = line.lower() != "join the conversation"
        elif not taking.posts and heads:
            taking.take_off(line, "navigation")
        elif reason:
            taking.take_off(line, reason)
        elif title_zone and line and taking.title is None:
            taking.title = line
        elif title_zone and line and not any(taking.posts[-1].lines) and _short_label(line):
            taking.take_off(line, "flair")
        else:
            taking.say(line)
        at += 1
    if heads and taking.title and not any(taking.posts[0].lines):
        taking.posts[0].lines.insert(0, taking.title)  # a picture or a link: the title is all
    taking.answer_turns()
    return _without_deleted(taking)


def _short_label(line: str) -> bool:
    return len(line.split()) <= 3 and not re.search(r"[.!?]$", line)


_NEW_OFF = re.compile(
    r"\d+ more repl(?:y|ies)|.*\bUpvote\b.*\b(?:Downvote|Reply|Share)\b.*|\d+ comments? Share|"
    r"profile badge for .*|stickied comment|open menu|log in|get app|go to \S+|r/\S+(?: icon)?|"
    r"[\w-]+\.[a-z]{2,10}(?:\.\w+)?|image of r/.*|sort by: \w+|learn more|locked|archived.*|crosspost.*",
    re.I,
)


def _new_heads(lines: list[str]) -> dict[int, tuple[str, int]]:
    """Find the heads: line number -> (author, number of the line after the head).

    A comment's is `[u/name avatar] name [OP] • age [rank]`, spread over lines; the post's is
    `r/name • age name`, the name after the age.
    """
    heads: dict[int, tuple[str, int]] = {}
    reached = 0
    for at, line in enumerate(lines):
        if at < reached or not line:
            continue
        head = _comment_head(lines, at) or (_post_head(lines, at) if not heads else None)
        if head:
            heads[at] = head
            reached = head[1]
    return heads


def _comment_head(lines: list[str], at: int) -> tuple[str, int] | None:
    avatar = _NEW_AVATAR.fullmatch(lines[at])
    k = at + 1 if avatar else at
    name = lines[k] if k < len(lines) else ""
    bare = re.fullmatch(
        r"(?:u/)?(?P<name>[\w-]{3,30}|\[deleted\]|\[removed\])(?: (?:OP|MOD|ADMIN))?", name
    )
    if not bare:
        return None
    # where the avatar tells the name, a flair of any words may follow it
    flair = avatar is not None and avatar["author"] == bare["name"]
    for end in range(k + 1, min(k + 6, len(lines))):
        word = lines[end]
        if _AGE_LINE.fullmatch(word) and (word.startswith("•") or lines[end - 1] == "•"):
            return bare["name"], _past_ranks(lines, end + 1)
        known = not word or re.fullmatch(
            r"OP|MOD|ADMIN|•|Promoted|profile badge for .*|top \d+%.*", word, re.I
        )
        if not known and (not flair or end > k + 2):
            return None
        if word.lower() == "promoted":
            return bare["name"], end
    return None


def _past_ranks(lines: list[str], end: int) -> int:
    while end < len(lines) and re.fullmatch(
        r"top \d+% (?:commenter|poster)|edited .*ago|•|op|mod|profile badge for .*",
        lines[end],
        re.I,
    ):
        end += 1
    return end


def _post_head(lines: list[str], at: int) -> tuple[str, int] | None:
    if not lines[at].startswith("r/") or at + 2 >= len(lines):
        return None
    k = at + 1
    while k < len(lines) and (not lines[k] or lines[k] == "•"):
        k += 1
    if k >= len(lines) or not _AGE_LINE.fullmatch(lines[k]):
        return None
    k += 1
    while k < len(lines) and (not lines[k] or _NEW_AVATAR.fullmatch(lines[k]) or lines[k] == "•"):
        k += 1
    name = re.fullmatch(r"(?:u/)?([\w-]{3,30})", lines[k]) if k < len(lines) else None
    return (name[1], k + 1) if name else None


def _without_deleted(taking: Taking) -> Thread:
    for post in taking.posts:
        if post.author and _DELETED.fullmatch(post.author):
            post.author = post.author.strip()
    return taking.thread()


SOURCE = Source(
    name="reddit",
    label="Reddit",
    how="Open the thread (new or old layout), select the page and copy.",
    sniff=sniff,
    read=read,
)
