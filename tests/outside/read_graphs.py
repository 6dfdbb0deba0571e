"""Load exports with arguebuf and networkx, and print how many nodes and edges each finds.

Runs in .venv-outside: `python read_graphs.py FILE...`; the ending of a file tells its form.
"""

import json
import sys
from pathlib import Path

import arguebuf
import networkx

report = {}
for name in sys.argv[1:]:
    if name.endswith(".graphml"):
        graph = networkx.read_graphml(name, force_multigraph=True)
        report[name] = [graph.number_of_nodes(), graph.number_of_edges()]
    else:
        rows = json.loads(Path(name).read_text(encoding="utf-8"))
        load = arguebuf.load.xaif if name.endswith(".xaif.json") else arguebuf.load.aif
        graph = load(rows)
        report[name] = [len(graph.nodes), len(graph.edges)]
print(json.dumps(report))
