"""Exports under the parsers of their own fields: all is taken, and all of it is there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.views import argdown
from bot.views.aif import parts
from bot.views.formats import FORMS, Look
from bot.views.graph import graph
from nlp import ArgumentMap
from tests.outside.tools import HERE, MODULES, PYTHON, chromium, gold_maps, hostile_map, need, node


@pytest.fixture(scope="module")
def maps() -> dict[str, ArgumentMap]:
    """Five sample threads, and one whose every word tries to break out."""
    return {**gold_maps(), "hostile": hostile_map()}


def written(maps: dict[str, ArgumentMap], form: str, folder: Path) -> dict[str, ArgumentMap]:
    """Write every map in one form; give the maps by their file."""
    files = {}
    for name, found in maps.items():
        file = folder / f"{name}{FORMS[form].suffix}"
        text = FORMS[form].write(found, Look())
        assert isinstance(text, str)
        file.write_text(text, encoding="utf-8")
        files[str(file)] = found
    return files


def run(*words: str, **env: str) -> str:
    """Run a tool; its standard error is the message when it fails."""
    import os

    done = subprocess.run(words, capture_output=True, check=False, env={**os.environ, **env})
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    return done.stdout.decode()


def test_the_argdown_cli_parses_every_export(maps: dict[str, ArgumentMap], tmp_path: Path) -> None:
    """As many statements as key points, as many arguments as evidence, every tie between two."""
    node()
    tool = need(MODULES / ".bin" / "argdown", "@argdown/cli")
    files = written(maps, "argdown", tmp_path)
    said = run(tool, "json", str(tmp_path / "*.argdown"), str(tmp_path / "out"))
    assert "rror" not in said, said
    for file, found in files.items():
        read: dict[str, Any] = json.loads(
            (tmp_path / "out" / f"{Path(file).stem}.json").read_text(encoding="utf-8")
        )
        assert set(read["statements"]) == set(argdown.titles(found).values())
        evidence = [u for u in found.units if u.kind == "evidence"]
        assert len(read["arguments"]) == len(evidence)
        quotes = {
            " ".join(member["text"].split())
            for row in (*read["statements"].values(), *read["arguments"].values())
            for member in row["members"]
            if member.get("text")
        }
        assert len(quotes) >= len({u.text for u in found.units}) * 0.99
        title_of = argdown.titles(found)
        name_of = {u.id: f"evidence {u.id}" for u in evidence}
        name_of |= {u: title_of[k.id] for k in found.key_points for u in k.units}
        said_of = {(r["from"], r["to"], r["relationType"]) for r in read["relations"]}
        assert {row for row in said_of if row[0] != row[1]} == {
            (name_of[r.source], name_of[r.target], r.type)
            for r in found.relations
            if name_of[r.source] != name_of[r.target]
        }, file


def test_arguebuf_loads_aif_and_xaif_with_the_same_counts(
    maps: dict[str, ArgumentMap], tmp_path: Path
) -> None:
    """No node and no edge is dropped on the way in."""
    python = need(PYTHON, ".venv-outside")
    files = {**written(maps, "aif", tmp_path), **written(maps, "xaif", tmp_path)}
    read = json.loads(run(python, str(HERE / "read_graphs.py"), *files))
    for file, found in files.items():
        nodes, edges = parts(found)
        assert read[file] == [len(nodes), len(edges)], file


def test_networkx_reads_the_graphml(maps: dict[str, ArgumentMap], tmp_path: Path) -> None:
    """The same nodes, the same edges."""
    python = need(PYTHON, ".venv-outside")
    files = written(maps, "graphml", tmp_path)
    read = json.loads(run(python, str(HERE / "read_graphs.py"), *files))
    for file, found in files.items():
        assert read[file] == [len(graph(found).nodes), len(graph(found).edges)], file


def test_graphviz_takes_the_dot(maps: dict[str, ArgumentMap], tmp_path: Path) -> None:
    """Graphviz's own parser finds every node and edge, and people's words unchanged in labels."""
    tool = need(shutil.which("gvpr"), "gvpr (graphviz)")
    for file, found in written(maps, "dot", tmp_path).items():
        count = "BEG_G { print(nNodes($)); print(nEdges($)) }"
        said = run(tool, count, file).split()
        assert said == [str(len(graph(found).nodes)), str(len(graph(found).edges))], file


def test_mermaid_parses_and_draws_the_charts(maps: dict[str, ArgumentMap], tmp_path: Path) -> None:
    """Mermaid's own parser finds every node and edge and draws them; nothing in it can run."""
    tool = node()
    files = {f: m for f, m in written(maps, "mermaid", tmp_path).items() if m.key_points}
    read = json.loads(run(tool, str(HERE / "mermaid.mjs"), *files, CHROMIUM=chromium()))
    for file, found in files.items():
        assert read[file] == {
            "nodes": len(graph(found).nodes),
            "edges": len(graph(found).edges),
            "drawn": True,
            "scripts": False,
        }, file
