"""What the maps get right, next to two baselines: `python -m benchmarks.quality FOLDER`.

FOLDER holds threads with gold maps (`data/threads` does). Writes `results/quality.json`.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from bot.evaluate import evaluate_folder
from bot.progress import Progress

RESULTS = Path(__file__).with_name("results")
ROWS = (
    "posts",
    "authors",
    "reply links",
    "units",
    "units: claim",
    "units: evidence",
    "kind accuracy",
    "key points: B-cubed F1 of claims found",
    "key points: B-cubed F1 of all gold claims",
    "relations: support",
    "relations: attack",
    "relations: all",
    "relations: untyped",
    "crux hit",
    "noise that became a claim",
    "headlines: stem F1",
)
PARTS = ("all", "held out (no weight was fitted on them)")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=RESULTS / "quality.json")
    given = parser.parse_args()
    figures = {}
    for name in (None, "sentences", "tfidf"):
        with Progress() as progress:
            figures[name or "crux"] = evaluate_folder(given.folder, name, progress)
    report = {"date": datetime.now(UTC).date().isoformat(), "folder": given.folder.name, **figures}
    given.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(table(figures))


def table(figures: dict[str, dict[str, object]]) -> str:
    """Give the figures as a Markdown table: F1 where there is one, else the mean."""
    makers = list(figures)
    lines = []
    for part in PARTS:
        lines += [
            f"| {part} | {' | '.join(makers)} |",
            f"|---|{'---|' * len(makers)}",
        ]
        for row in ROWS:
            values = [_value(figures[maker][part], row) for maker in makers]
            lines.append(f"| {row} | {' | '.join(values)} |")
        lines.append("")
    return "\n".join(lines)


def _value(part: object, row: str) -> str:
    found = part.get(row) if isinstance(part, dict) else None
    value = found.get("f1") if isinstance(found, dict) else found
    return "" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
