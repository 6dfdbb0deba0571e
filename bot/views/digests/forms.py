"""Every form that a digest can be written in: its name, what it is for, and who writes it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from bot.digest.model import Digest
from bot.views.formats import Form, Look


def _plain(module: str) -> Callable[[Digest, Look], str]:
    """Give the writer of a form that has no choices: `render` of the module of that name."""

    def write(digest: Digest, _: Look) -> str:
        return str(import_module(f"bot.views.digests.{module}").render(digest))

    return write


def _terminal(digest: Digest, look: Look) -> str:
    from bot.views.digests import terminal

    return terminal.render(digest, everything=look.everything)


def _svg(digest: Digest, look: Look) -> str:
    from bot.views.digests import picture

    return picture.render_svg(digest, look)


def _png(digest: Digest, look: Look) -> bytes:
    from bot.views.digests import picture

    return picture.render(digest, look)


FORMS: dict[str, Form[Digest]] = {
    "terminal": Form(suffix=".out", says="read it here", write=_terminal),
    "markdown": Form(suffix=".md", says="for a wiki, an issue, a mail", write=_plain("markdown")),
    "json": Form(suffix=".json", says="the whole digest, for programs", write=_plain("json")),
    "html": Form(suffix=".html", says="a page to read, in one file", write=_plain("html")),
    "png": Form(suffix=".png", says="a picture, for a chat", write=_png),
    "svg": Form(suffix=".svg", says="a picture at any size", write=_svg),
}
