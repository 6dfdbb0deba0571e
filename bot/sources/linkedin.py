"""LinkedIn as copied from the page, also where the copy lost its line ends."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.marks import AGE, DEGREE, reason_off
from bot.sources.taking import Taking
from nlp.model import Thread

_BUTTON_WORDS = r"(?:Like|Gefällt mir|Recomendar|J’aime|Gostei|Curtir|いいね)"
_REPLY_WORDS = r"(?:Reply|Antworten|Responder|Répondre|返信)"
# "LikeReply41 Reactions", "Like Reply1 Reaction", glued to the words before and after.
_GLUED_END = re.compile(
    rf"(?:{_BUTTON_WORDS}\s?\|?\s?{_REPLY_WORDS})(?:\s?\d[\d.,]*\s?(?:Reactions?|Repl(?:y|ies)))*"
)
# An age with no space to the word after it; the longest unit wins, so "7momore" is 7mo + more.
_GLUED_AGE = re.compile(
    r"(?<![\d,$€£#])(?<!\d\.)(?P<age>\d{1,2}(?:mo|yr|[hdwmys]))(?:\s?\(edited\)|\s?•\s?Edited\s?•?)?"
    r"(?=[^\W\d_]|[\"“'(@^+😀-🫿]|\s|$)"
)
_AGE_LINE = re.compile(rf"(?:{AGE.pattern})\s*(?:[•·]\s*)?(?:\(?edited\)?\s*)?(?:[•·]\s*)*", re.I)
_REPLIES = re.compile(r"(\d+)\s+(?:repl(?:y|ies)|Antwort(?:en)?|respuestas?|réponses?)", re.I)
_ROLE = re.compile(r"author|autor|autora|auteur|投稿者|premium|verified", re.I)
_HEADLINE = re.compile(
    r"\||@|\b(?:at|bei|chez|en)\b|&|director|manager|engineer|professor|founder|"
    r"ceo|cto|lead|head of|consultant|student|developer|analyst|specialist|phd",
    re.I,
)
_MORE = re.compile(r"(?:\s*(?:…|\.\.\.)\s?(?:see )?more)$", re.IGNORECASE)


def sniff(document: Document) -> float:
    """Tell LinkedIn by its degrees of contact, its ages and its glued buttons."""
    head = document.text[:20_000]
    score = 0.0
    score += 0.5 if re.search(r"[•·]\s*(?:1st|2nd|3rd\+?)(?![a-z])", head) else 0.0
    score += 0.5 if _GLUED_END.search(head) and "Repl" in head and "LikeReply" in head else 0.0
    score += (
        0.3
        if re.search(r"(?m)^(?:Feed post|Add a comment…|Like Comment Repost Send)\s*$", head)
        else 0.0
    )
    score += 0.3 if re.search(r"lnkd\.in/|linkedin\.com", head) else 0.0
    score += 0.25 if re.search(r"(?m)^\d{1,2}(?:mo|yr|[hdwy])[A-Za-z]", head) else 0.0
    ages = len(re.findall(r"(?m)^\d{1,2}(?:mo|yr|[hdwy])(?: \(edited\)| •.*)?\s*$", head))
    replies = len(re.findall(rf"(?m)^{_REPLY_WORDS}\s*$", head))
    likes = len(re.findall(rf"(?m)^{_BUTTON_WORDS}\s*$", head))
    score += 0.45 if ages >= 2 and replies >= 1 and likes >= 1 else 0.0
    return min(score, 1.0)


def read(document: Document) -> Thread:
    """Read a LinkedIn post and its comments."""
    glued = (
        "LikeReply" in document.text
        or "Like Reply" in document.text
        or any(
            _GLUED_AGE.match(line) and not _AGE_LINE.fullmatch(line.strip())
            for line in document.lines
        )
    )
    spaced = sum(bool(_AGE_LINE.fullmatch(line.strip())) for line in document.lines if line.strip())
    if glued and spaced < 2:
        return _read_glued(document)
    return _read_lines(document)


def _read_lines(document: Document) -> Thread:
    taking = Taking("linkedin")
    lines = document.lines
    ages = [i for i, line in enumerate(lines) if line.strip() and _AGE_LINE.fullmatch(line.strip())]
    heads = {}
    floor = 0
    for age in ages:
        start = _head_start(lines, age, floor)
        if start is not None:
            heads[start] = age
            floor = age + 1
    nest = _Nest(taking)
    at = 0
    while at < len(lines):
        if at in heads:
            _open(taking, nest, lines[at : heads[at] + 1])
            at = heads[at] + 1
            continue
        line = lines[at]
        counted = _REPLIES.fullmatch(line.strip())
        reason = reason_off(line)
        if counted:
            nest.expect(int(counted.group(1)))
            taking.take_off(line, "count")
        elif reason:
            taking.take_off(line, reason)
        elif not taking.posts and line.strip():
            if heads and at < min(heads):
                taking.take_off(line, "navigation")
            else:
                taking.say(line)
        elif taking.posts:
            _say(taking, line)
        at += 1
    nest.close()
    return taking.thread()


def _head_start(lines: tuple[str, ...], age: int, floor: int) -> int | None:
    """Find the first line of the block of name, degree and headline that ends in an age line."""
    at = age - 1
    while at >= floor and lines[at].strip():
        if (
            reason_off(lines[at])
            and not _ROLE.fullmatch(lines[at].strip())
            and not re.match(r"view .*profile", lines[at].strip(), re.I)
        ):
            break
        at -= 1
    start = at + 1
    return start if 1 <= age - start <= 7 else None


def _open(taking: Taking, nest: _Nest, head: tuple[str, ...]) -> None:
    name = DEGREE.split(head[0])[0].strip()
    nest.open(re.sub(r"^View (.*)[’']s .*$", r"\1", name))
    degree = head[0][len(name) :]
    taking.take_off(degree, "degree of contact")
    for line in head[1:-1]:
        words = line.strip()
        known = re.match(r"view .*profile", words, re.I) or _ROLE.fullmatch(words)
        degree_only = DEGREE.fullmatch(words) or DEGREE.fullmatch(f" {words}")
        reason = "button" if known else "degree of contact" if degree_only else "author headline"
        taking.take_off(words, reason)
    taking.take_off(head[-1], "age")


def _say(taking: Taking, line: str) -> None:
    more = _MORE.search(line)
    taking.say(line[: more.start()] if more else line)
    if more:
        taking.take_off(more.group(), "button")


class _Nest:
    """Who a comment answers: "4 replies" says how many of the next stand under the one before."""

    def __init__(self, taking: Taking) -> None:
        self.taking = taking
        self.top: int | None = None
        self.left = 0
        self.inside: set[int] = set()

    def expect(self, count: int) -> None:
        """Note that the next `count` comments answer the last one at the top."""
        if self.taking.posts and self.left == 0:
            self.top, self.left = len(self.taking.posts) - 1, count

    def open(self, author: str | None) -> None:
        """Begin the next post; what it answers is settled when its words are known."""
        number = self.taking.open(author)
        if number > 0:
            inside = self.top is not None and self.left > 0
            self.taking.posts[number].reply_to = self.top if inside else 0
            self.left = max(0, self.left - 1)
            self.taking.posts[number].key = None
            if inside:
                self.inside.add(number)

    def close(self) -> None:
        """Point each comment at the one it names, or at the turn before in its nest."""
        nested = self.inside
        posts = self.taking.posts
        names = sorted({p.author for p in posts if p.author}, key=len, reverse=True)
        for number, post in enumerate(posts[1:], 1):
            body = " ".join(post.lines).strip()
            named = next((n for n in names if body.lower().lstrip("@").startswith(n.lower())), None)
            target = self.taking.last_by(named, before=number) if named else None
            if target is not None and named != post.author:
                post.reply_to = target
            elif number in nested:
                earlier = range(post.reply_to or 0, number)
                spoke = any(posts[i].author == post.author for i in earlier)
                if spoke and posts[number - 1].author != post.author:
                    post.reply_to = number - 1


def _read_glued(document: Document) -> Thread:
    taking = Taking("linkedin")
    nest = _Nest(taking)
    text = _GLUED_END.sub(lambda m: f"{m.group()}\n", document.text)
    lines = [line for line in text.split("\n") if line.strip()]
    open_head: str | None = None
    for number, line in enumerate(lines):
        end = _GLUED_END.search(line)
        body, tail = (line[: end.start()], end.group()) if end else (line, "")
        following = lines[number + 1] if number + 1 < len(lines) else ""
        age = _age_in(body, first=not taking.posts)
        if age:
            head = body[: age.start()].strip() or (open_head or "")
            _open_glued(taking, nest, head)
            taking.take_off(age.group(), "age")
            body = body[age.end() :]
            open_head = None
        elif reason_off(line):
            taking.take_off(line, reason_off(line) or "")
            continue
        elif open_head is None and _is_head(line, following, taking):
            open_head = line
            continue
        elif not tail or not taking.posts:
            nest.open(None)
        if body.strip():
            _say(taking, body)
        taking.take_off(tail, "button")
    if open_head:
        taking.take_off(open_head, "author headline")
    nest.close()
    return taking.thread()


def _age_in(body: str, *, first: bool) -> re.Match[str] | None:
    """Find the age that ends a glued head: at the start of the line, or stuck to the head."""
    if first:
        return None
    found = _GLUED_AGE.match(body)
    if found:
        return found
    for found in _GLUED_AGE.finditer(body[:260]):
        before, after = body[: found.start()], body[found.end() :]
        if not before or before[-1].isspace():
            continue
        # stuck to the word before; then a headline before it or a sentence after it tells
        starts = after[:1].isupper() or not after[:1].isalnum() or "dited" in found.group()
        if DEGREE.search(before) or _HEADLINE.search(before) or (starts and before[-1].isalpha()):
            return found
        if starts and before[-1] in ".)!\"'”’":
            return found
    return None


def _is_head(line: str, following: str, taking: Taking) -> bool:
    """Whether a line is the headline of the comment whose age begins the line after it."""
    if not taking.posts or len(line) > 220:
        return False
    return _GLUED_AGE.match(following) is not None


def _open_glued(taking: Taking, nest: _Nest, head: str) -> None:
    degree = DEGREE.search(head)
    if degree:
        name, rest = head[: degree.start()].strip(), head[degree.end() :]
        nest.open(name)
        taking.take_off(degree.group(), "degree of contact")
        author = re.search(r"(?:Author|Autor|Auteur)$", rest)
        taking.take_off(rest[: author.start()] if author else rest, "author headline")
        taking.take_off(author.group() if author else "", "button")
    else:
        nest.open(None)
        taking.take_off(head, "author headline")


SOURCE = Source(
    name="linkedin",
    label="LinkedIn",
    how="Open the post, show all comments, select the page and copy.",
    sniff=sniff,
    read=read,
)
