"""A map as GraphML, for yEd, Gephi, networkx: points and evidence, supports and attacks."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from bot.views.graph import Node, graph
from nlp.model import ArgumentMap

_NODE_KEYS = {
    "kind": "string",
    "label": "string",
    "quote": "string",
    "speakers": "string",
    "crux": "boolean",
    "weight": "double",
}


def render(found: ArgumentMap) -> str:
    """Give the map as GraphML text."""
    shown = graph(found)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(
            f'  <key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>'
            for name, kind in _NODE_KEYS.items()
        ),
        '  <key id="type" for="edge" attr.name="type" attr.type="string"/>',
        '  <key id="title" for="graph" attr.name="title" attr.type="string"/>',
        '  <graph edgedefault="directed">',
        f'    <data key="title">{escape(shown.title)}</data>',
        *(_node(node) for node in shown.nodes),
    ]
    for edge in shown.edges:
        ends = f"source={quoteattr(edge.source)} target={quoteattr(edge.target)}"
        lines.append(f'    <edge {ends}><data key="type">{edge.type}</data></edge>')
    lines += ["  </graph>", "</graphml>"]
    return "\n".join(lines) + "\n"


def _node(node: Node) -> str:
    values = {
        "kind": node.kind,
        "label": node.label,
        "quote": node.quote,
        "speakers": ", ".join(node.speakers),
        "crux": str(node.is_crux).lower(),
        "weight": f"{node.weight:g}",
    }
    data = "".join(f'<data key="{key}">{escape(value)}</data>' for key, value in values.items())
    return f"    <node id={quoteattr(node.id)}>{data}</node>"
