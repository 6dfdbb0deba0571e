"""Write docs/quality.md: how good every judgement is, and where it is worst.

`python -m benchmarks.quality_page --gold DIR [--maps DIR] [--data DIR] [--key-points DIR]
[--cmv DIR] [--labels data/marked_twice] [--only SECTION ...]`. Figures are kept in
`results/quality_page.json`; a section whose data is not named, or that --only leaves out, keeps the
figures of its last run, and the page says when those were of other weights.

--gold and --maps hold threads with gold maps, --data the training data with their dev parts,
--key-points the files of IBM's shared task or a sim_argkp.jsonl, --cmv threads to measure on alone,
--labels threads of data/marked that somebody marked a second time.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlp.evaluation.corpus import MARKED
from nlp.weights import fingerprints

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "quality.md"
RESULTS = Path(__file__).with_name("results") / "quality_page.json"
GOLD_TWICE = ROOT / "data" / "gold_twice"
FOLDS = RESULTS.with_name("folds.json")  # written by `benchmarks.folds`
SECTIONS = (
    "gold",
    "maps",
    "chats",
    "left_out",
    "gold_labels",
    "labels",
    "units",
    "pairs",
    "help",
    "key_points",
    "cmv",
    "syntax",
)


def weights_of(section: str) -> str:
    """Give one fingerprint of the weight files that a section measures."""
    from hashlib import sha256

    language = section == "syntax"
    rows = [f"{n} {d}" for n, d in fingerprints() if n.startswith("language/") == language]
    return sha256("\n".join(rows).encode()).hexdigest()


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Measure the sections whose data is at hand; give them with those of the last run."""
    from benchmarks import quality_sections as sections

    def tell(name: str) -> None:
        print(f"  {name}", file=sys.stderr, flush=True)

    split = given.split
    runs: dict[str, tuple[Path | None, Callable[[Path], dict[str, Any]]]] = {
        "gold": (given.gold, lambda p: sections.maps(p, tell, errors=True)),
        "maps": (given.maps, lambda p: sections.maps(p, tell, errors=False)),
        "chats": (MARKED, sections.chats),
        "left_out": (given.data, sections.left_out),
        "gold_labels": (given.gold, lambda p: sections.gold_labels(p, GOLD_TWICE)),
        "labels": (given.labels, sections.labels),
        "units": (given.data, sections.units),
        "pairs": (given.data, lambda p: sections.pairs(p / "relations" / "rel_createdebate.jsonl")),
        "help": (given.data, lambda p: sections.help_chats(p / "replies" / "dev")),
        "key_points": (given.key_points, lambda p: sections.key_points(p, split)),
        "cmv": (given.cmv, sections.cmv),
        "syntax": (given.data, sections.syntax),
    }
    report = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name, (place, run) in runs.items():
        if place is None or (given.only and name not in given.only):
            continue
        print(f"measuring {name}", file=sys.stderr, flush=True)
        report[name] = {
            "date": datetime.now(UTC).date().isoformat(),
            "weights": weights_of(name),
            **run(place),
        }
        RESULTS.write_text(
            json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return report


def kept_folds() -> dict[str, Any]:
    """Give the last figures of `benchmarks.folds`; empty where it never ran."""
    return dict(json.loads(FOLDS.read_text(encoding="utf-8"))) if FOLDS.exists() else {}


def main() -> None:
    """Run the command line."""
    from benchmarks.quality_render import render

    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("gold", "maps", "data", "key-points", "cmv", "labels"):
        parser.add_argument(f"--{name}", type=Path, default=None)
    parser.add_argument("--split", default="dev", help="of the key points")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=())
    PAGE.write_text(render(measure(parser.parse_args()), kept_folds()), encoding="utf-8")


if __name__ == "__main__":
    main()
