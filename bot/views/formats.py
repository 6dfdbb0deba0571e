"""Every form that a map can be written in: its name, what it is for, and who writes it.

A form is one line here and one module beside this one; the module loads when it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nlp.model import ArgumentMap


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How a map is to look, where a form has a choice; the others take no notice.

    `everything` shows every point that the form has room for; `scale` 2 is for fine screens.
    """

    everything: bool = False
    dark: bool = False
    wide: bool = False
    scale: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form of a map: `suffix` of its files, one line of help, and what writes it."""

    suffix: str
    says: str
    write: Callable[[ArgumentMap, Look], str | bytes]


def _terminal(found: ArgumentMap, look: Look) -> str:
    from bot.views import terminal

    return terminal.render(found, everything=look.everything)


def _markdown(found: ArgumentMap, _: Look) -> str:
    from bot.views import markdown

    return markdown.render(found)


def _json(found: ArgumentMap, _: Look) -> str:
    from bot.views import json

    return json.render(found)


def _svg(found: ArgumentMap, look: Look) -> str:
    from bot.views.picture import MOST_POINTS, POINTS, render_svg

    points = MOST_POINTS if look.everything else POINTS
    return render_svg(found, dark=look.dark, wide=look.wide, points=points)


def _png(found: ArgumentMap, look: Look) -> bytes:
    from bot.views import png
    from bot.views.picture import MOST_POINTS, POINTS

    points = MOST_POINTS if look.everything else POINTS
    return png.render(found, scale=look.scale, dark=look.dark, wide=look.wide, points=points)


def _html(found: ArgumentMap, _: Look) -> str:
    from bot.views import page

    return page.render(found)


FORMS: dict[str, Form] = {
    "terminal": Form(suffix=".out", says="read it here", write=_terminal),
    "markdown": Form(suffix=".md", says="for a wiki, an issue, a mail", write=_markdown),
    "json": Form(suffix=".json", says="the whole map, for programs", write=_json),
    "png": Form(suffix=".png", says="a picture, for a chat", write=_png),
    "html": Form(suffix=".html", says="a page to explore, in one file", write=_html),
    "svg": Form(suffix=".svg", says="a picture at any size", write=_svg),
}


def by_suffix(suffix: str) -> str | None:
    """Give the name of the form whose files end so, or None."""
    wanted = suffix.lower()
    return next((name for name, form in FORMS.items() if form.suffix == wanted), None)
