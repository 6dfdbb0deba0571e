"""How smooth a large page is: `python -m benchmarks.page`.

Joins maps of the sample threads until there are 300 units, opens their page in Chromium (see
`make outside`), and times what a reader does, from the event to the frame that shows it. Prints
the median and the worst of each, the median against that of an empty frame in the same run, and
how often the browser laid out the page meanwhile: a count that a busy machine does not change.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from bot.sources import read_text
from bot.views import page
from nlp import ArgumentMap, Thread, analyze

ROOT = Path(__file__).resolve().parents[1]
UNITS, TIMES = 300, 20


def joined(least: int) -> ArgumentMap:
    """Give one map of at least `least` units out of the sample threads' maps, ids kept apart."""
    parts: list[ArgumentMap] = []
    files = sorted((ROOT / "data" / "threads").glob("*.txt"))
    while sum(len(part.units) for part in parts) < least:
        file = files[len(parts) % len(files)]
        found = analyze(read_text(file.read_text(encoding="utf-8"), file.name))
        parts.append(_prefixed(found, f"{len(parts)}-"))
    first = parts[0]
    return replace(
        first,
        thread=Thread(
            id="joined",
            posts=tuple(post for part in parts for post in part.thread.posts),
            title=first.thread.title,
        ),
        issue=None,
        units=tuple(unit for part in parts for unit in part.units),
        key_points=tuple(point for part in parts for point in part.key_points),
        relations=tuple(relation for part in parts for relation in part.relations),
        residue=tuple(row for part in parts for row in part.residue),
    )


def _prefixed(found: ArgumentMap, mark: str) -> ArgumentMap:
    posts = tuple(
        replace(p, id=mark + p.id, reply_to=mark + p.reply_to if p.reply_to else None)
        for p in found.thread.posts
    )
    return replace(
        found,
        thread=replace(found.thread, posts=posts, furniture=()),
        units=tuple(replace(u, id=mark + u.id, post=mark + u.post) for u in found.units),
        key_points=tuple(
            replace(k, id=mark + k.id, units=tuple(mark + u for u in k.units))
            for k in found.key_points
        ),
        relations=tuple(
            replace(r, source=mark + r.source, target=mark + r.target, cue=None)
            for r in found.relations
        ),
        residue=tuple(replace(r, post=mark + r.post) for r in found.residue),
        crux=mark + found.crux if found.crux else None,
    )


def main() -> None:
    """Run the command line."""
    found = joined(UNITS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(page.render(found), encoding="utf-8")
        size = file.stat().st_size
        done = subprocess.run(
            ["node", str(ROOT / "tests" / "outside" / "smooth.mjs"), str(file), str(TIMES)],
            capture_output=True,
            check=False,
        )
    if done.returncode:
        last = done.stderr.decode().strip().splitlines()[-1:]
        raise SystemExit(f"The browser did not run ({last}): make outside, install chromium.")
    report: dict[str, dict[str, list[float]]] = json.loads(done.stdout)
    empty = statistics.median(report["an empty frame"]["ms"])
    print(
        f"{len(found.units)} units, {len(found.key_points)} points, "
        f"{len(found.thread.posts)} posts, {size / 1e6:.2f} MB\n"
    )
    print("| interaction | median, ms | worst, ms | median / empty frame | layouts, most |")
    print("|---|---|---|---|---|")
    for name, seen in report.items():
        times = seen["ms"]
        middle = statistics.median(times)
        row = f"{middle:.1f} | {max(times):.1f} | {middle / empty:.1f} | {max(seen['layouts'])}"
        print(f"| {name} | {row} |")


if __name__ == "__main__":
    main()
