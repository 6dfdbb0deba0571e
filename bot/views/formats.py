"""Every form that a map can be written in: its name, what it is for, and who writes it.

A form is one line here and one module beside this one; the module loads when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Generic, TypeVar

from nlp.model import ArgumentMap

T = TypeVar("T")


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
class Form(Generic[T]):
    """A form of a map or a digest: `suffix` of its files, a line of help, and what writes it."""

    suffix: str
    says: str
    write: Callable[[T, Look], str | bytes]


def plain(module: str, package: str = "bot.views") -> Callable[[Any, Look], str]:
    """Give the writer of a form that has no choices: `render` of the module of that name."""

    def write(found: Any, _: Look) -> str:
        return str(import_module(f"{package}.{module}").render(found))

    return write


def _terminal(found: ArgumentMap, look: Look) -> str:
    from bot.views import terminal

    return terminal.render(found, everything=look.everything)


def _svg(found: ArgumentMap, look: Look) -> str:
    from bot.views.picture import MOST_POINTS, render_svg

    points = MOST_POINTS if look.everything else None
    return render_svg(found, dark=look.dark, wide=look.wide, points=points)


def _png(found: ArgumentMap, look: Look) -> bytes:
    from bot.views import png
    from bot.views.picture import MOST_POINTS

    points = MOST_POINTS if look.everything else None
    return png.render(found, scale=look.scale, dark=look.dark, wide=look.wide, points=points)


FORMS: dict[str, Form[ArgumentMap]] = {
    "terminal": Form(suffix=".out", says="read it here", write=_terminal),
    "markdown": Form(suffix=".md", says="for a wiki, an issue, a mail", write=plain("markdown")),
    "json": Form(suffix=".json", says="the whole map, for programs", write=plain("json")),
    "html": Form(suffix=".html", says="a page to explore, in one file", write=plain("page")),
    "png": Form(suffix=".png", says="a picture, for a chat", write=_png),
    "svg": Form(suffix=".svg", says="a picture at any size", write=_svg),
    "argdown": Form(suffix=".argdown", says="to edit and hand back", write=plain("argdown")),
    "aif": Form(suffix=".aif.json", says="argument tools: AIFdb's JSON", write=plain("aif")),
    "xaif": Form(suffix=".xaif.json", says="argument tools: oAMF", write=plain("xaif")),
    "graphml": Form(suffix=".graphml", says="yEd, Gephi, networkx", write=plain("graphml")),
    "mermaid": Form(suffix=".mmd", says="a chart inside Markdown", write=plain("mermaid")),
    "dot": Form(suffix=".dot", says="Graphviz", write=plain("dot")),
    "csv": Form(suffix=".csv", says="a spreadsheet, one row a unit", write=plain("csv")),
}


def by_name(file: str, forms: Mapping[str, Form[Any]] = FORMS) -> str | None:
    """Give the form whose files end as this name does, or None; the longest ending wins."""
    fitting = [name for name, form in forms.items() if file.lower().endswith(form.suffix)]
    return max(fitting, key=lambda name: len(forms[name].suffix), default=None)
