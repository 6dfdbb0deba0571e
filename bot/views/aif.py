"""A map in the Argument Interchange Format, as AIFdb's JSON: units and what ties them.

Every unit is an I-node. A support is an RA-node and an attack a CA-node between two of them; an
MA-node (rephrase) ties each further claim of a key point to its first.
"""

from __future__ import annotations

import json
from typing import Any

from bot.views.text import one_line
from nlp.model import ArgumentMap, Post

Row = dict[str, Any]
SCHEMES = {
    "support": ("RA", "Default Inference"),
    "attack": ("CA", "Default Conflict"),
    "same": ("MA", "Default Rephrase"),
}


def render(found: ArgumentMap) -> str:
    """Give the map as AIF in JSON."""
    nodes, edges = parts(found)
    when = {post.id: _time(post) for post in found.thread.posts}
    posts = {unit.id: unit.post for unit in found.units}
    for node in nodes:
        stamp = when.get(posts.get(node["nodeID"], ""))
        if stamp:
            node["timestamp"] = stamp
    rows = {"nodes": nodes, "edges": edges, "locutions": []}
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def parts(found: ArgumentMap) -> tuple[list[Row], list[Row]]:
    """Give the nodes and the edges of a map, without times."""
    nodes = [{"nodeID": unit.id, "text": one_line(unit.text), "type": "I"} for unit in found.units]
    ties = [(r.source, r.target, str(r.type)) for r in found.relations]
    ties += [
        (other, point.units[0], "same") for point in found.key_points for other in point.units[1:]
    ]
    taken = {unit.id for unit in found.units}
    edges: list[Row] = []
    for number, (source, target, kind) in enumerate(ties, 1):
        scheme, text = SCHEMES[kind]
        name = f"s{number}"
        while name in taken:
            name += "'"
        nodes.append({"nodeID": name, "text": text, "type": scheme})
        for place, (one, other) in enumerate(((source, name), (name, target)), 1):
            edge = {"edgeID": f"{name}.{place}", "fromID": one, "toID": other}
            edges.append({**edge, "formEdgeID": None})
    return nodes, edges


def _time(post: Post) -> str | None:
    return post.created_at.strftime("%Y-%m-%d %H:%M:%S") if post.created_at else None
