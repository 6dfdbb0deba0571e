"""A map as one HTML file: the picture, the points and the thread, each leading to the others.

The file needs nothing else and asks nobody: a policy in its head forbids every request, and every
script and style but its own, by their digests. People's words are text in it and nothing more.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.views.outline import Outline, Point, outline
from bot.views.page.passages import Passage, passages
from bot.views.picture.layout import account, arrange
from bot.views.picture.lettering import FILES, Run, has
from bot.views.picture.palette import DARK, LIGHT, Palette
from bot.views.picture.svg import draw_on_page, face_rules, runs_of
from bot.views.text import one_line
from nlp.model import ArgumentMap, Post, RelationType

if TYPE_CHECKING:
    from jinja2 import Template

MOST_CARDS = 240  # on the map; the list of points beside it has them all
LONGEST_TITLE = 160

# Colours of the page that no picture has: (light, dark).
_MORE = {
    "focus": ("#1d4ed8", "#8ab4ff"),
    "claim": ("#fff1cc", "#3b3219"),
    "proof": ("#d8f3e6", "#1a352b"),
    "left": ("#e9e7e1", "#2d2f36"),
}
_NAMES = {
    "edge": "line",
    "crux_card": "crux-card",
    "crux_ink": "crux-ink",
    "voice_ink": "voice-ink",
}


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What a point bears on: another point, by its key and headline."""

    type: RelationType
    key: str
    headline: str


@dataclass(frozen=True, kw_only=True)
class PointRow:
    """A point in the list; `people` is a JSON list of its speakers, for the filter."""

    point: Point
    people: str
    support: int
    attack: int
    outgoing: tuple[Outgoing, ...]


@dataclass(frozen=True, kw_only=True)
class PostRow:
    """A post of the thread, cut to passages; `answers` names the author it replies to."""

    id: str
    author: str
    reply_to: str | None
    answers: str | None
    when: str | None
    url: str | None
    pieces: tuple[Passage, ...]


def render(found: ArgumentMap) -> str:
    """Give the page of a map as one HTML document."""
    shown = outline(found)
    desk, phone = (arrange(shown, wide=wide, most=MOST_CARDS) for wide in (True, False))
    posts = tuple(_posts(found))
    title = one_line(shown.title or shown.issue or "What is argued", LONGEST_TITLE)
    issue = shown.issue or ""
    script = _text("page.js")
    letters = _letters(shown, posts)
    used = [
        Run(text="".join(inside), face=face, x=0, width=0)
        for face in FILES
        if (inside := [sign for sign in letters if has(face, sign)])
    ]
    css = "".join(
        (
            face_rules(iter([*runs_of(desk), *runs_of(phone), *used])),
            _colours(),
            _text("page.css"),
        )
    )
    from markupsafe import Markup

    return _template().render(
        policy=_policy(css, script),
        css=Markup(css),
        script=Markup(script),
        pictures=Markup(
            draw_on_page(desk, _variables(), "desk") + draw_on_page(phone, _variables(), "phone")
        ),
        title=title,
        issue=one_line(issue),
        issue_label="The question:" if "?" in issue else "What it is about:",
        people=sorted({post.author for post in posts}, key=str.casefold),
        points=tuple(_points(shown)),
        posts=posts,
        account=account(shown),
        version=found.made_by.crux,
    )


@cache
def _text(name: str) -> str:
    return files("bot.views.page").joinpath(name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    env = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return env.from_string(_text("page.html.j2"))


def _policy(css: str, script: str) -> str:
    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    return (
        f"default-src 'none'; script-src 'sha256-{digest(script)}'; "
        f"style-src 'sha256-{digest(css)}'; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _variables() -> Palette:
    """Give a palette whose colours are the page's variables, so that day and night can change."""
    count = len(LIGHT.voices)
    names = {f.name: f"var(--{_NAMES.get(f.name, f.name)})" for f in fields(Palette)}
    return Palette(**{**names, "voices": tuple(f"var(--v{n})" for n in range(count))})  # type: ignore[arg-type]


def _colours() -> str:
    def rules(palette: Palette, place: int) -> str:
        named = {
            _NAMES.get(f.name, f.name): getattr(palette, f.name)
            for f in fields(Palette)
            if f.name != "voices"
        }
        named |= {f"v{n}": colour for n, colour in enumerate(palette.voices)}
        named |= {name: pair[place] for name, pair in _MORE.items()}
        return "".join(f"--{name}:{colour};" for name, colour in named.items())

    light, dark = rules(LIGHT, 0), rules(DARK, 1)
    return (
        f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f"@media screen{{:root[data-theme=light]{{{light}}}:root[data-theme=dark]{{{dark}}}}}"
    )


def _letters(shown: Outline, posts: Iterable[PostRow]) -> str:
    """Give every sign that the page may show, each once, in order."""
    signs = set("".join(chr(c) for c in range(0x20, 0x7F)) + "“”‘’–—…·◆→−")
    for post in posts:
        signs.update(post.author)
        for piece in post.pieces:
            signs.update(piece.text)
    signs.update(shown.title or "")
    joins = "\u200d\ufe0f\u20e3"  # what makes one emoji of several signs
    return "".join(sorted(s for s in signs if s.isprintable())) + joins


def _points(shown: Outline) -> Iterator[PointRow]:
    outgoing: dict[str, list[Outgoing]] = {}
    for point in shown.points:
        for tie in (*point.supports, *point.attacks):
            if tie.key_point is not None:
                out = Outgoing(type=tie.type, key=point.id, headline=point.headline)
                outgoing.setdefault(tie.key_point, []).append(out)
    for point in shown.points:
        yield PointRow(
            point=point,
            people=json.dumps(point.speakers, ensure_ascii=False),
            support=len(point.supports),
            attack=len(point.attacks),
            outgoing=tuple(outgoing.get(point.id, ())),
        )


def _posts(found: ArgumentMap) -> Iterator[PostRow]:
    authors = {post.id: post.speaker for post in found.thread.posts}
    pieces = passages(found)
    for post in found.thread.posts:
        yield PostRow(
            id=post.id,
            author=authors[post.id],
            reply_to=post.reply_to,
            answers=authors.get(post.reply_to) if post.reply_to else None,
            when=post.created_at.isoformat() if post.created_at else None,
            url=_safe(post),
            pieces=pieces[post.id],
        )


def _safe(post: Post) -> str | None:
    """Give the address of a post if it is one of the web's; no other scheme becomes a link."""
    url = post.url or ""
    return url if url.startswith(("https://", "http://")) else None
