"""A map as a Mermaid flowchart, for Markdown that draws it: support whole, attack dotted."""

from __future__ import annotations

import re

from bot.views.graph import Node, graph
from bot.views.outline import names_line
from nlp.model import ArgumentMap

_SIGNS = re.compile(r"""["#&<>`|{}()\[\];:\\/@%]""")
_ARROWS = {"support": "-->|supports|", "attack": "-.->|attacks|"}


def render(found: ArgumentMap) -> str:
    """Give the map as a flowchart; nodes are numbered, people's words stand in quoted labels."""
    shown = graph(found)
    ids = {node.id: f"n{number}" for number, node in enumerate(shown.nodes, 1)}
    lines = ["flowchart BT"]
    lines += [f"  {ids[node.id]}{_shape(node)}" for node in shown.nodes]
    lines += [
        f"  {ids[edge.source]} {_ARROWS[edge.type]} {ids[edge.target]}" for edge in shown.edges
    ]
    lines += [f"  style {ids[n.id]} stroke-width:4px" for n in shown.nodes if n.is_crux]
    return "\n".join(lines) + "\n"


def _shape(node: Node) -> str:
    mark = "◆ " if node.is_crux else ""
    text = f"{mark}{_escaped(node.label)}<br>{_escaped(names_line(node.speakers))}"
    return f'("{text}")' if node.kind == "point" else f'[/"{text}"/]'


def _escaped(text: str) -> str:
    """Write every sign that Mermaid or HTML could read as its own as a number."""
    return _SIGNS.sub(lambda m: f"#{ord(m[0])};", text)
