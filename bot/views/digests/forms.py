"""Every form that a digest can be written in: its name, what it is for, and who writes it."""

from __future__ import annotations

from bot.digest.model import Digest
from bot.views.formats import Form, Look, plain

HERE = "bot.views.digests"


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
    "markdown": Form(
        suffix=".md", says="for a wiki, an issue, a mail", write=plain("markdown", HERE)
    ),
    "json": Form(suffix=".json", says="the whole digest, for programs", write=plain("json", HERE)),
    "html": Form(suffix=".html", says="a page to read, in one file", write=plain("html", HERE)),
    "png": Form(suffix=".png", says="a picture, for a chat", write=_png),
    "svg": Form(suffix=".svg", says="a picture at any size", write=_svg),
}
