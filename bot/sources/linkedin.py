"""LinkedIn as copied from the page, also where the copy lost its line ends."""

from __future__ import annotations

import re

from bot.sources.base import Document, Source
from bot.sources.marks import AGE, DEGREE, reason_off
from bot.sources.taking import Taking
from nlp.model import Thread

# The words under a comment, and others of the interface: English, German, Spanish, French,
# Portuguese, Japanese.
_BUTTON_WORDS = r"(?:Like|Gefällt mir|Recomendar|Me gusta|J[’']aime|Gostei|Curtir|いいね！?)"
_REPLY_WORDS = r"(?:Reply|Antworten|Responder|Répondre|返信)"
_EDITED = r"(?:edited|bearbeitet|editado|modifié|編集済み)"
_PROFILE = re.compile(
    r"View (?P<en>.+?)(?:[’']s?|s’) (?:.* )?(?:profile|graphic link|link).*|Profil von (?P<de>.+) anzeigen|"
    r"Ver (?:el )?perfil de (?P<es>.+)|Voir le profil de (?P<fr>.+)|(?:Ver|Visualizar) (?:o )?perfil de (?P<pt>.+)|"
    r"(?P<ja>.+?)さんのプロフィールを(?:表示|見る)",
    re.IGNORECASE,
)
# "LikeReply41 Reactions", "Like Reply1 Reaction", glued to the words before and after.
_GLUED_END = re.compile(
    rf"(?:{_BUTTON_WORDS}\s?\|?\s?{_REPLY_WORDS})"
    r"(?:\s?\d[\d.,]*\s?(?:Reactions?|Repl(?:y|ies)|Reaktion(?:en)?|Antwort(?:en)?|reacci(?:ón|ones)|respuestas?|"
    r"réactions?|réponses?|reaç(?:ão|ões)|respostas?|件の(?:リアクション|返信)))*"
)
# What stands under the last comment, glued to it.
_GLUED_TAIL = re.compile(
    r"(?:\s*(?:See more comments|More from this author|Explore topics|To view or add a comment, sign in|More Relevant Posts))+\s*$"
)
# An age with no space to the word after it; the longest unit wins, so "7momore" is 7mo + more.
_GLUED_AGE = re.compile(
    r"(?<![\d,$€£#])(?<!\d\.)(?P<age>\d{1,2}(?:mo|yr|[hdwmys]))(?:\s?\(edited\)|\s?•\s?Edited\s?•?)?"
    r"(?=[^\W\d_]|[\"“'(@^+😀-🫿]|\s|$)"
)
_AGE_LINE = re.compile(
    rf"(?:{AGE.pattern})\s*(?:[•·・]\s*)?(?:\(?{_EDITED}\)?\s*)?(?:[•·・]\s*)*", re.IGNORECASE
)
_REPLIES = re.compile(
    r"(\d+)\s*(?:repl(?:y|ies)|Antwort(?:en)?|respuestas?|réponses?|respostas?|件の返信|comments? on .{1,60})",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"author|autora?|autor:in|verfasser(?::in)?|auteure?|autrice|投稿者|作成者|premium|verified|verifiziert|verificad[oa]|vérifié|認証済み",
    re.IGNORECASE,
)
_HEADLINE = re.compile(
    r"\||@|\b(?:at|bei|chez|en|na|no)\b|&|director|manager|engineer|professor|founder|"
    r"ceo|cto|lead|head of|consultant|student|developer|analyst|specialist|phd",
    re.I,
)
_FEW = 3  # replies that a page shows without being asked for more
_MORE = re.compile(
    r"(?:\s*(?:…|\.\.\.)\s?(?:(?:see )?more|mehr(?: anzeigen)?|(?:ver )?más|(?:voir )?plus|(?:ver )?mais|(?:さらに表示|もっと見る)))$",
    re.IGNORECASE,
)


def sniff(document: Document) -> float:
    """Tell LinkedIn by its degrees of contact, its ages and its glued buttons."""
    head = document.text[:20_000]
    score = 0.0
    degrees = r"[•·・]\s*(?:1st|2nd|3rd\+?|[123]\.\+?(?= |$)|[123](?:er|e|º|ª|次)\+?)(?![a-z])"
    score += 0.5 if re.search(rf"(?m){degrees}", head) else 0.0
    score += 0.5 if re.search(rf"{_BUTTON_WORDS}{_REPLY_WORDS}", head) else 0.0
    score += (
        0.3
        if re.search(r"(?m)^(?:Feed post|Add a comment…|Like Comment Repost Send)\s*$", head)
        else 0.0
    )
    score += 0.3 if re.search(r"lnkd\.in/|linkedin\.com", head) else 0.0
    score += 0.25 if re.search(r"(?m)^\d{1,2}(?:mo|yr|[hdwy])[A-Za-z]", head) else 0.0
    ages = sum(bool(_AGE_LINE.fullmatch(line.strip())) for line in head.split("\n") if line.strip())
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
    taking = Taking("linkedin", keep_bots=document.keep_bots)
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
            and not _PROFILE.fullmatch(lines[at].strip())
            and not DEGREE.fullmatch(lines[at])
        ):
            break
        at -= 1
    start = at + 1
    # the line "View NAME's profile" begins a head, whatever stands above it
    named = [k for k in range(start, age) if _PROFILE.fullmatch(lines[k].strip())]
    start = named[-1] if named else start
    return start if 1 <= age - start <= 7 else None


def _open(taking: Taking, nest: _Nest, head: tuple[str, ...]) -> None:
    name = DEGREE.split(head[0])[0].strip()
    profile = _PROFILE.fullmatch(name)
    if profile:
        name = next(filter(None, profile.groups()))
    nest.open(name)
    taking.take_off(head[0].replace(name, " ", 1), "button" if profile else "degree of contact")
    for line in head[1:-1]:
        words = line.strip()
        known = _PROFILE.fullmatch(words) or _ROLE.fullmatch(words) or words == name
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

    def __init__(self, taking: Taking, *, hidden: bool = False) -> None:
        self.taking = taking
        self.hidden = hidden  # the copy says nothing of who stands under whom
        self.top: int | None = None
        self.left = 0
        self.many = False
        self.inside: set[int] = set()
        self.maybe: set[int] = set()  # under a count so high that the page rarely shows them all

    def expect(self, count: int) -> None:
        """Note that the next `count` comments answer the last one at the top."""
        if self.taking.posts and self.left == 0:
            self.top, self.left, self.many = len(self.taking.posts) - 1, count, count > _FEW

    def open(self, author: str | None) -> None:
        """Begin the next post; what it answers is settled when its words are known."""
        number = self.taking.open(author)
        if number > 0:
            inside = self.top is not None and self.left > 0
            self.taking.posts[number].reply_to = self.top if inside else 0
            self.left = max(0, self.left - 1)
            self.taking.posts[number].inferred = inside or self.hidden
            if inside:
                self.inside.add(number)
                if self.many:
                    self.maybe.add(number)

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
                post.reply_to, post.inferred = target, False
            elif number in nested:
                earlier = range(post.reply_to or 0, number)
                spoke = any(posts[i].author == post.author for i in earlier)
                if spoke and posts[number - 1].author != post.author:
                    post.reply_to = number - 1
                elif number in self.maybe and not spoke and post.author != posts[0].author:
                    post.reply_to = 0


def _read_glued(document: Document) -> Thread:
    taking = Taking("linkedin", keep_bots=document.keep_bots)
    nest = _Nest(taking, hidden=True)
    text = _GLUED_END.sub(lambda m: f"{m.group()}\n", document.text)
    lines = [line for line in text.split("\n") if line.strip()]
    last = _GLUED_TAIL.search(lines[-1]) if lines else None
    if last:
        lines[-1] = lines[-1][: last.start()]
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
    taking.take_off(last.group() if last else "", "navigation")
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
