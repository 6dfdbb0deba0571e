"""A map as DOT, for Graphviz: support whole with an arrowhead, attack dashed with a bar."""

from __future__ import annotations

from bot.views.graph import Edge, Node, graph
from bot.views.outline import names_line
from nlp.model import ArgumentMap


def render(found: ArgumentMap) -> str:
    """Give the map as a DOT digraph."""
    shown = graph(found)
    lines = [
        "digraph crux {",
        f"  graph [label={_quoted(shown.title)}, labelloc=t, rankdir=BT, fontname=sans];",
        "  node [shape=box, style=rounded, fontname=sans];",
        "  edge [fontname=sans];",
        *(f"  {_node(node)}" for node in shown.nodes),
        *(f"  {_edge(edge)}" for edge in shown.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _node(node: Node) -> str:
    label = f"{node.label}\n{names_line(node.speakers)}"
    looks = f"label={_quoted(label)}, tooltip={_quoted(node.quote)}"
    if node.is_crux:
        looks += ", penwidth=3, peripheries=2"
    if node.kind == "evidence":
        looks += ", shape=note, style=solid"
    return f"{_quoted(node.id)} [{looks}];"


def _edge(edge: Edge) -> str:
    looks = "style=dashed, arrowhead=tee" if edge.type == "attack" else "arrowhead=normal"
    return f"{_quoted(edge.source)} -> {_quoted(edge.target)} [label={edge.type}s, {looks}];"


def _quoted(text: str) -> str:
    r"""Quote for DOT. A backslash is doubled, so that no \N or \L of people's is an escape."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    # Graphviz reads entities in labels
    return f'"{escaped.replace("&", "&amp;")}"'
