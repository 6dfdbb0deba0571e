"""Put the sample map (a picture and text) and the last figures into README.md.

Run `python -m benchmarks.readme`. A test fails when the README shows another map than the code
draws.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from rich.console import Console

from benchmarks.quality import RESULTS, table
from bot.sources import read_text
from bot.views import png, terminal
from nlp import ArgumentMap, analyze

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SAMPLE = ROOT / "data" / "threads" / "hn-no-required-review.txt"
POINTS = 6
PICTURE = ROOT / "docs" / "map.png"


def sample() -> ArgumentMap:
    """Give the map of the sample."""
    return analyze(read_text(SAMPLE.read_text(encoding="utf-8"), SAMPLE.name))


def sample_picture(found: ArgumentMap) -> bytes:
    """Give the sample's map as the README shows it first."""
    return png.render(found, wide=True)


def sample_map(found: ArgumentMap) -> str:
    """Give the first points of the sample's map, as a terminal of 92 columns shows it."""
    out = io.StringIO()
    terminal.show(found, Console(file=out, width=92))
    blocks = [block.rstrip() for block in out.getvalue().split("\n\n")]
    shown = [*blocks[: POINTS + 1], "...", blocks[-1]]
    return "\n\n".join("\n".join(line.rstrip() for line in b.split("\n")) for b in shown)


def figures() -> str:
    """Give the table of the last quality run, with its date and version."""
    report = json.loads((RESULTS / "quality.json").read_text(encoding="utf-8"))
    head = (
        f"{report['date']}, version {report['crux']['crux']}, {report['crux']['threads']} threads:"
    )
    makers = {name: report[name] for name in ("crux", "sentences", "tfidf")}
    return f"{head}\n\n{table(makers).rstrip()}"


def speed() -> str:
    """Give the table of the last speed run."""
    report = json.loads((RESULTS / "speed.json").read_text(encoding="utf-8"))
    columns = list(report["rows"][0])
    where = f"two cores ({report['processor']})"
    lines = [f"{report['date']}, version {report['crux']}, {where}:", ""]
    lines += [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(str(row[c]) for c in columns)} |" for row in report["rows"]]
    return "\n".join(lines)


def chat() -> str:
    """Give the table of the last run of the bot under load."""
    report = json.loads((RESULTS / "chat.json").read_text(encoding="utf-8"))
    lines = [f"{report['date']}, version {report['crux']}, {report['conditions']}:", ""]
    lines += ["| figure | |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in report["figures"].items()]
    return "\n".join(lines)


def filled(text: str, found: ArgumentMap) -> str:
    """Give the README's text with its four blocks made anew."""
    for name, block in (
        ("sample", f"```text\n{sample_map(found)}\n```"),
        ("figures", figures()),
        ("speed", speed()),
        ("chat", chat()),
    ):
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text, count = pattern.subn(lambda m, b=block: f"{m[1]}{b}\n{m[2]}", text)
        if count != 1:
            raise ValueError(f"README.md has {count} blocks named {name}, not one")
    return text


def main() -> None:
    """Run the command line."""
    found = sample()
    PICTURE.write_bytes(sample_picture(found))
    README.write_text(filled(README.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    main()
