"""Every form of a map is there, holds all of it, and keeps people's words from being more."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest

from bot.views import aif, dot, graphml, mermaid, xaif
from bot.views import csv as csv_form
from bot.views.formats import FORMS, Look, by_name
from bot.views.graph import graph
from bot.views.json import as_dict, from_dict
from tests.unit.bot.views.made import TEXTS, made_map

FOUND = made_map(
    TEXTS,
    [(1, 0, "attack"), (2, 0, "support"), (3, 2, "attack"), (3, 1, "attack")],
    evidence=[(4, 0, "support"), (5, 1, "attack")],
    title='Is "it" <so>? #tag',
)
COUNTS = (len(graph(FOUND).nodes), len(graph(FOUND).edges))


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_written_the_same_each_time_and_for_an_empty_map(name: str) -> None:
    """No form falls over a map without points; none has a clock or a dice in it."""
    write = FORMS[name].write
    assert write(FOUND, Look()) == write(FOUND, Look())
    assert write(made_map([]), Look())


@pytest.mark.parametrize("name", FORMS)
def test_the_ending_of_a_file_names_its_form(name: str) -> None:
    """-o map.svg needs no --format; the longest ending wins."""
    assert by_name(f"map{FORMS[name].suffix}") == name
    assert by_name("map.unknown") is None


def test_json_is_read_back_as_the_same_map() -> None:
    """The stable contract holds all of a map."""
    assert from_dict(json.loads(json.dumps(as_dict(FOUND)))) == FOUND


def test_the_graph_has_every_point_every_evidence_and_every_tie() -> None:
    """Ten points, two of evidence, six ties between them."""
    assert (len(FOUND.key_points) + 2, 6) == COUNTS


def test_graphml_is_well_formed_and_complete() -> None:
    """An XML parser finds as many nodes and edges as the graph has."""
    root = ET.fromstring(graphml.render(FOUND))
    tags = [e.tag.rpartition("}")[2] for e in root.iter()]
    assert (tags.count("node"), tags.count("edge")) == COUNTS


def test_dot_and_mermaid_have_a_line_a_node_and_a_line_an_edge() -> None:
    """No quotation mark, bracket or line of a person's ends a label."""
    drawn = dot.render(FOUND).splitlines()
    assert sum(" -> " in line and "[label=" in line for line in drawn) == COUNTS[1]
    assert len(drawn) == 5 + sum(COUNTS)
    chart = mermaid.render(FOUND).splitlines()
    assert len(chart) == 2 + sum(COUNTS)
    assert all(line.count('"') in (0, 2) for line in chart)
    assert not any("<script" in line for line in chart)


def test_a_cell_of_csv_is_never_a_formula() -> None:
    """A spreadsheet shows what people wrote and computes nothing."""
    found = made_map(["=HYPERLINK(1)", "+1 for this", "fine, thanks"])
    rows = list(csv.DictReader(io.StringIO(csv_form.render(found))))
    assert [row["text"] for row in rows] == ["'=HYPERLINK(1)", "'+1 for this", "fine, thanks"]
    assert len(rows) == len(found.units)


def test_aif_has_a_node_for_each_unit_and_each_relation() -> None:
    """I-nodes are units, RA and CA relations, MA further claims of one point; two edges each."""
    rows = json.loads(aif.render(FOUND))
    kinds = [node["type"] for node in rows["nodes"]]
    assert kinds.count("I") == len(FOUND.units)
    assert kinds.count("RA") == sum(r.type == "support" for r in FOUND.relations)
    assert kinds.count("CA") == sum(r.type == "attack" for r in FOUND.relations)
    assert len(rows["edges"]) == 2 * (len(kinds) - len(FOUND.units))
    assert json.loads(xaif.render(FOUND))["AIF"]["edges"] == rows["edges"]
