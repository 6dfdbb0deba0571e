"""Write the cards of the weights: `python -m benchmarks.cards`.

From the facts in `nlp/weights/cards.toml`, the weight files themselves and the last figures of
`benchmarks.quality_page`, it writes `nlp/weights/manifest.json` (sha256, command, sources, figures)
and `nlp/weights/README.md`. Figures of other weights are left out, and the card says so. Run it
after every change of a weight file; a test fails until then.
"""

from __future__ import annotations

import json
import tomllib
from typing import Any

from benchmarks.quality_page import RESULTS, weights_of
from benchmarks.quality_render import TITLES, cell
from nlp.weights import WEIGHTS, fingerprints

FACTS = WEIGHTS / "cards.toml"
MANIFEST = WEIGHTS / "manifest.json"
CARDS = WEIGHTS / "README.md"

HEAD = """# The weights that ship, and their cards

Written by `python -m benchmarks.cards` from `cards.toml`, the files and their last figures; do not
edit. `manifest.json` says the same for programs, with the sha256 of every file.

Most of these files are derived from sources under CC BY-SA 4.0. **They are licensed under CC BY-SA
4.0** (https://creativecommons.org/licenses/by-sa/4.0/), not under the licence of the code; those
derived from all-MiniLM-L6-v2 build on its weights (Apache-2.0).

**Nothing that users of Crux post is ever trained on.** No weight is fitted on the threads in
`nlp/evaluation/dev_threads.txt`, on which choices are made, nor on r/changemyview, which is
measured on and nothing else.

DIR is a folder with the sources; FILE is written by `python -m bot.gold FOLDER FILE` from threads
with gold maps. Times are on two cores. English only, and irony is taken at its word: that holds for
all.
"""


def manifest() -> dict[str, Any]:
    """Give what is known of every weight file; raise ValueError for one without a card."""
    facts = tomllib.loads(FACTS.read_text(encoding="utf-8"))
    report = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    left = dict(fingerprints())
    cards: dict[str, Any] = {}
    for name, card in facts["cards"].items():
        files = {n: d for n, d in left.items() if _belongs(n, card["files"])}
        if not files:
            raise ValueError(f"cards.toml has a card {name!r} for files that are not there")
        for file in files:
            del left[file]
        cards[name] = {
            **{key: value for key, value in card.items() if key not in {"files", "figures"}},
            "sources": [
                dict(zip(("what", "licence"), facts["sources"][s], strict=True))
                for s in card["sources"]
            ],
            "files": files,
            "figures": {s: _figures(report.get(s), s) for s in card["figures"]},
        }
    if left:
        raise ValueError(f"cards.toml has no card for {', '.join(left)}")
    return {"licence": "CC BY-SA 4.0", "cards": cards}


def _belongs(file: str, files: list[str]) -> bool:
    return any(file == f or file.startswith(f"{f}/") for f in files)


def _figures(section: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
    """Give Crux's own figures of a section; None where it measured other weights, or none."""
    if section is None or section["weights"] != weights_of(name):
        return None
    tables = {"": section["table"]} if "table" in section else dict(section.get("tables", {}))
    for title, part in section.get("parts", {}).items():
        tables[f"{title}, of their text"] = part["of their text"]
        tables[f"{title}, of their gold units"] = part["of their gold units"]
    return {
        "date": section["date"],
        "weights": section["weights"],
        "crux": {
            f"{title}: {row}" if title else row: makers["crux"]
            for title, table in tables.items()
            for row, makers in table.items()
        },
    }


def render(found: dict[str, Any]) -> str:
    """Give the cards as a page."""
    parts = [HEAD]
    for name, card in found["cards"].items():
        files = (
            ", ".join(f"`{f}`" for f in card["files"]) if len(card["files"]) < 4 else f"`{name}/`"
        )
        parts += [
            f"## {name}\n",
            f"{files}: {card['does']}.\n",
            f"- made: {card['made']}, by `{card['command']}`, "
            + (f"seed {card['seed']}" if "seed" in card else "no seed needed")
            + (f", about {card['minutes']} minutes" if "minutes" in card else ""),
            *(f"- source: {s['what']} ({s['licence']})" for s in card["sources"]),
            f"- bad at: {card['bad_at']}",
            *(
                f"- sha256 of {f}: `{d}`"
                for f, d in card["files"].items()
                if len(card["files"]) < 4
            ),
            *_figure_lines(card["figures"]),
            "",
        ]
    return "\n".join(parts).rstrip() + "\n"


def _figure_lines(figures: dict[str, Any]) -> list[str]:
    lines = []
    for section, found in figures.items():
        title = TITLES[section]
        if found is None:
            lines.append(f"- {title}: not measured on these weights yet")
            continue
        lines.append(f"- {title} (docs/quality.md, {found['date']}):")
        lines += [f"  - {row}: {cell(figure)}" for row, figure in found["crux"].items()]
    return lines


def main() -> None:
    """Run the command line."""
    found = manifest()
    MANIFEST.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    CARDS.write_text(render(found), encoding="utf-8")


if __name__ == "__main__":
    main()
