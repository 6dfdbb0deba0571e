"""How long a map takes, as a ratio to the bare encoder pass over the same text in the same run.

`python -m benchmarks.speed` strings the threads of data/marked together to 10, 100, 1,000 and 5,000
posts, no thread twice, maps each in a process of its own, and writes `results/speed.json`. The
baseline encodes every sentence of the same posts once, with the same encoder and threads.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from nlp.evaluation.corpus import MARKED
from nlp.evaluation.marked import read_marked
from nlp.model import Post, Thread

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_name("results")
SIZES = (10, 100, 1_000, 5_000)


def thread_of(size: int) -> Thread:
    """Make a thread of `size` posts from written ones, one after the other, who answers whom kept.

    No thread comes twice: repeats are set aside unread and would make the map look fast.
    """
    posts: list[Post] = []
    for item in read_marked(MARKED):
        prefix = f"{item.name} "
        posts += [
            replace(
                post,
                id=prefix + post.id,
                reply_to=None if post.reply_to is None else prefix + post.reply_to,
            )
            for post in item.thread.posts
        ]
        if len(posts) >= size:
            return Thread(id=f"{size}", posts=tuple(posts[:size]))
    raise ValueError(f"there are {len(posts)} posts, not {size}")


def measure(size: int) -> dict[str, float]:
    """Measure one size in this process; seconds, megabytes, and their ratios."""
    from nlp import analyze
    from nlp.encoder import default_encoder
    from nlp.segment import segment

    thread = thread_of(size)
    texts = [p.text[s.start : s.end] for p in thread.posts for s in segment(p)[0]]
    began = time.perf_counter()
    analyze(Thread(id="warm", posts=thread.posts[:2]))
    cold = time.perf_counter() - began
    began = time.perf_counter()
    default_encoder().encode(texts)
    bare = time.perf_counter() - began
    began = time.perf_counter()
    found = analyze(thread)
    whole = time.perf_counter() - began
    return {
        "posts": size,
        "sentences": len(texts),
        "units": len(found.units),
        "cold start, s": round(cold, 2),
        "bare encoder pass, s": round(bare, 3),
        "whole map, s": round(whole, 3),
        "whole map / bare encoder pass": round(whole / bare, 2),
        "units per second": round(len(found.units) / whole, 1),
        "peak memory, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 0),
    }


def processor() -> str:
    """Name the processor, on which seconds depend as ratios do not."""
    try:
        about = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        about = ""
    named = re.search(r"(?m)^model name\s*:\s*(.*)$", about)
    return named[1].strip() if named else platform.machine()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=None, help="measure one size, print it")
    parser.add_argument("--output", type=Path, default=RESULTS / "speed.json")
    given = parser.parse_args()
    if given.size is not None:
        print(json.dumps(measure(given.size)))
        return
    rows = []
    for size in SIZES:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.speed", "--size", str(size)],
            capture_output=True,
            check=True,
            cwd=ROOT,
        )
        rows.append(json.loads(done.stdout))
        print(json.dumps(rows[-1]), flush=True)
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "crux": version("crux-map"),
        "cores": 2,
        "processor": processor(),
        "rows": rows,
    }
    given.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
