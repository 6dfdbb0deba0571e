"""The bot under load: lateness of its event loop while a long thread is mapped, and its memory.

    python -m benchmarks.chat            prints the figures
    python -m benchmarks.chat --write    also keeps them; benchmarks.readme puts them in the README

The real bot with the shipped weights runs against the loopback Discord of the tests, which runs in
a process of its own so that its memory and its work do not count as the bot's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.quality import RESULTS

MESSAGES = 2000
WORDS = (
    "We should keep the {n}th ferry because {n} people need it each day.",
    "No, the ferry is too expensive and nobody rides it after nine.",
    "I agree, it costs too much.",
    "thanks, see you tomorrow",
)
TICK = 0.005  # seconds between two looks at the loop's clock


def discord(pipe: Connection) -> None:
    """Run the loopback Discord with a long thread; obey what comes over the pipe."""
    from tests.discord_bed import Bed

    with Bed() as bed:
        bed.gateway.heartbeat_ms = 1000
        town = bed.guild("Town")
        people = [bed.person(town, name) for name in ("ada", "bob", "cyd")]
        thread = bed.thread(bed.channel(town, "square"), "Ferry", people[0])
        said = None
        for n in range(MESSAGES):
            text = WORDS[n % len(WORDS)].format(n=n)
            above = said if n % 4 in (1, 2) else None
            said = bed.say(thread, people[n % 3], text, reply_to=above, quiet=True)
        pipe.send((bed.base, bed.token))
        while pipe.recv() == "ask":
            before = sum(m.author is bed.bot and bool(m.embeds) for m in thread.shown())
            bed.say(thread, people[0], f"{bed.bot.mention}")
            while sum(m.author is bed.bot and bool(m.embeds) for m in thread.shown()) == before:
                time.sleep(0.05)
            beats = bed.gateway.sessions[0].beats
            gaps = [b - a for a, b in pairwise(beats)]
            pipe.send(max(gaps, default=0.0))
        bed.problems.clear()


async def lateness(stop: asyncio.Event) -> tuple[float, float]:
    """Give by how much the loop woke too late at worst: in all, and by this process's own work."""
    worst = own = 0.0
    while not stop.is_set():
        began, worked = time.perf_counter(), time.process_time()
        await asyncio.sleep(TICK)
        late = time.perf_counter() - began - TICK
        worst = max(worst, late)
        own = max(own, min(late, time.process_time() - worked))
    return worst, own


def resident(*pids: int | None) -> float:
    """Give the resident memory of processes together, in MB; shared pages count for each."""
    pages = sum(
        int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        for pid in pids
        if pid is not None
    )
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def measure() -> dict[str, float]:
    """Run the bot through its life and give the figures."""
    from bot import app
    from bot.jobs.painter import ProcessPainter
    from bot.jobs.process import ProcessAnalyst
    from bot.settings import Settings
    from bot.store.store import open_store
    from tests.discord_bed import pointed_at

    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=discord, args=(theirs,), daemon=True
    )
    server.start()
    base, token = await asyncio.to_thread(ours.recv)
    analyst, painter = ProcessAnalyst(), ProcessPainter()
    settings = Settings(user_cooldown=0, channel_cooldown=0)
    figures: dict[str, float] = {}

    def pids() -> tuple[int | None, ...]:
        return os.getpid(), analyst.pid, painter.pid

    with tempfile.TemporaryDirectory() as folder, pointed_at(base):
        async with open_store(str(Path(folder) / "crux.db")) as store:
            await analyst.warm()
            app.settle()
            parts = app.Parts(analyst=analyst, painter=painter, store=store)
            bot = app.build(settings, parts)
            running = asyncio.create_task(bot.start(token))
            await _ready(bot)
            figures["memory, warm and idle, MB"] = resident(*pids())
            stop = asyncio.Event()
            watch = asyncio.create_task(lateness(stop))
            began = time.perf_counter()
            ours.send("ask")
            gap = await asyncio.to_thread(ours.recv)
            figures["seconds to the map"] = time.perf_counter() - began
            stop.set()
            worst, own = await watch
            figures["loop late at worst, ms"] = worst * 1000
            figures["of it by its own work, ms"] = own * 1000
            figures["heartbeat of 1 s late at worst, ms"] = max(0.0, gap - 1.0) * 1000
            figures["memory after it, MB"] = resident(*pids())
            await bot.close()
            await running
    ours.send("end")
    await asyncio.to_thread(server.join, 20)
    await analyst.close()
    await painter.close()
    return figures


async def _ready(bot: Any) -> None:
    while not bot.is_ready():
        await asyncio.sleep(0.05)


def report(figures: dict[str, float]) -> dict[str, Any]:
    """Give the figures with the conditions that they were taken under."""
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "crux": version("crux-map"),
        "conditions": f"{cores} cores, load average {load:.0f} at the end, a thread of "
        f"{MESSAGES:,} messages, the shipped weights",
        "figures": {name: round(value, 1) for name, value in figures.items()},
    }


def main() -> None:
    """Measure, print, and keep the figures if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the figures for the README")
    write = parser.parse_args().write
    found = json.dumps(report(asyncio.run(measure())), indent=2) + "\n"
    print(found, end="")
    if write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "chat.json").write_text(found, encoding="utf-8")


if __name__ == "__main__":
    main()
