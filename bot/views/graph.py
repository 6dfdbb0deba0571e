"""A map as nodes and edges, for formats that know no more: points, evidence, what bears on what.

Ties between units are ties between what they belong to: a key point, or the piece of evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.views.outline import Outline, Tie, outline
from bot.views.text import one_line
from nlp.model import ArgumentMap, RelationType

NodeKind = Literal["point", "evidence"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A key point with its best quote, or a piece of evidence; `label` is its headline."""

    id: str
    kind: NodeKind
    label: str
    quote: str
    speakers: tuple[str, ...]
    is_crux: bool
    weight: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """Node `source` supports or attacks node `target`."""

    source: str
    target: str
    type: RelationType


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """All nodes, points by weight and then evidence; each pair and type of edge once."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph(found: ArgumentMap) -> Graph:
    """Give the graph of a map."""
    shown = outline(found)
    points = [
        Node(
            id=point.id,
            kind="point",
            label=one_line(point.headline),
            quote=one_line(point.quotes[0].text),
            speakers=point.speakers,
            is_crux=point.is_crux,
            weight=point.weight,
        )
        for point in shown.points
    ]
    evidence: dict[str, Node] = {}
    edges: dict[Edge, None] = {}
    for point in shown.points:
        for tie in (*point.supports, *point.attacks):
            if tie.key_point is None:
                node = _evidence(tie)
                evidence[node.id] = node
            source = tie.key_point or tie.quotes[0].unit
            edges[Edge(source=source, target=point.id, type=tie.type)] = None
    return Graph(title=_title(shown), nodes=(*points, *evidence.values()), edges=tuple(edges))


def _title(shown: Outline) -> str:
    return one_line(shown.title or shown.issue or "What is argued")


def _evidence(tie: Tie) -> Node:
    quote = tie.quotes[0]
    return Node(
        id=quote.unit,
        kind="evidence",
        label=one_line(tie.headline),
        quote=one_line(quote.text),
        speakers=tie.speakers,
        is_crux=False,
        weight=0.0,
    )
