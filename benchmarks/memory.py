"""The memory under load: `python -m benchmarks.memory [lookup] [digests]`, `results/memory.json`.

lookup: a SQLite store of 1,000,000 units, every unit a key point of its own (the worst case). How
long it takes to find which key point of one server a new unit repeats, by the number of units of
that server; the first look, which reads the server's vectors, is given by itself. The baseline is
the bare product of a matrix of that size with one vector. Every other of the new units is one that
returns. The vectors are without pattern, the worst case for leaving any out. On a busy machine read
the time of the processor, which does not count the waiting for it.

digests: 200 servers whose digests are due in the same minute, on the loopback Discord of the tests:
how long until all are posted, how often one server got two, and the longest that the event loop
was held up.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sqlite3
import statistics
import tempfile
import time
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).with_name("results") / "memory.json"
SIZES = (1_000, 10_000, 50_000, 100_000)
UNITS = 1_000_000
LOOKS = 200
SERVERS = 200
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def fill(file: Path, sizes: dict[int, int]) -> None:
    """Write servers of so many units each, straight into the tables."""
    from bot.store import migrate, url
    from bot.store.store import encoder_name

    migrate.upgrade(url.parse(str(file)))
    rng = np.random.default_rng(7)
    encoder = encoder_name()[:16]
    when = "2026-03-02 08:00:00.000000"
    row = 0
    with closing(sqlite3.connect(file)) as store:
        store.execute("PRAGMA synchronous=OFF")
        for guild, size in sizes.items():
            store.execute("INSERT INTO guilds VALUES (?, '{}', 1, NULL)", (guild,))
            store.execute(
                "INSERT INTO threads (id, guild_id, platform, external_id, mapped_at) "
                "VALUES (?, ?, 'discord', '1', ?)",
                (guild, guild, when),
            )
            for low in range(0, size, 10_000):
                count = min(10_000, size - low)
                rows = rng.standard_normal((count, 384)).astype(np.float32)
                rows /= np.linalg.norm(rows, axis=1, keepdims=True)
                packed = [vector.tobytes() for vector in rows.astype("<f2")]
                ids = range(row + 1, row + count + 1)
                store.executemany(
                    "INSERT INTO posts (id, guild_id, thread_id, external_id, said_at, stored_at) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    ((i, guild, guild, str(i), when, when) for i in ids),
                )
                store.executemany(
                    "INSERT INTO key_points (id, guild_id, headline, vector, encoder, version) "
                    "VALUES (?, ?, ?, ?, ?, 1)",
                    (
                        (i, guild, f"Point {i}", v, encoder)
                        for i, v in zip(ids, packed, strict=True)
                    ),
                )
                store.executemany(
                    "INSERT INTO units (id, post_id, key_point_id, start, end, kind, holder, "
                    "confidence, vector) VALUES (?, ?, ?, 0, 9, 'claim', 'author', 0.9, ?)",
                    ((i, i, i, v) for i, v in zip(ids, packed, strict=True)),
                )
                row += count
            store.commit()


async def lookup() -> dict[str, Any]:
    """Measure looking up one unit in servers of SIZES, in a store of UNITS."""
    from bot.store import open_store
    from bot.store.vectors import mean

    rest = UNITS - sum(SIZES)
    others = {100 + i: 50_000 for i in range(rest // 50_000)}
    others[99] = rest - 50_000 * len(others)
    rng = np.random.default_rng(8)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "crux.db"
        fill(file, {**dict(enumerate(SIZES, 1)), **others})
        async with open_store(str(file)) as store:
            for guild, size in enumerate(SIZES, 1):
                new = mean(rng.standard_normal((1, 384)).astype(np.float32))[None]
                began = time.perf_counter()
                await store.points.lookup(guild, new, ["A point"])
                first = time.perf_counter() - began
                looks = []
                worked = []
                known = store.points._matrices.get(guild).nearest.rows
                for turn in range(LOOKS):
                    new = mean(rng.standard_normal((1, 384)).astype(np.float32))[None]
                    if turn % 2:  # every other one returns, in somewhat other words
                        new = mean(known[rng.integers(size)].astype(np.float32)[None] + 0.6 * new)
                        new = new[None]
                    began, busy = time.perf_counter(), time.process_time()
                    await store.points.lookup(guild, new, ["A point"])
                    looks.append(time.perf_counter() - began)
                    worked.append(time.process_time() - busy)
                matrix = rng.standard_normal((size, 384)).astype(np.float32)
                bare = []
                for _ in range(20):
                    began = time.perf_counter()
                    _ = new @ matrix.T
                    bare.append(time.perf_counter() - began)
                rows.append(
                    {
                        "units of the server": size,
                        "median ms": round(1000 * statistics.median(looks), 2),
                        "95th percentile ms": round(1000 * sorted(looks)[LOOKS * 95 // 100], 2),
                        "median ms of processor": round(1000 * statistics.median(worked), 2),
                        "first look ms": round(1000 * first, 1),
                        "MB in memory": round(store.points._matrices.get(guild).nbytes / 1e6, 1),
                        "median / bare product": round(
                            statistics.median(looks) / statistics.median(bare), 2
                        ),
                    }
                )
                print(rows[-1], flush=True)
        size_mb = file.stat().st_size / 1e6
    return {
        "units": UNITS,
        "servers": len(SIZES) + len(others),
        "file MB": round(size_mb),
        "rows": rows,
    }


async def digests() -> dict[str, Any]:
    """Measure SERVERS digests due in the same minute."""
    from bot import app
    from bot.digest.calendar import Slot
    from bot.jobs.inline import InlineAnalyst
    from bot.jobs.painter import ProcessPainter
    from bot.settings import Settings
    from bot.store import GuildSettings, Person, open_store
    from nlp.encoder import default_encoder
    from tests.chat import small
    from tests.discord_bed import Bed

    now = MONDAY
    logging.disable(logging.WARNING)
    with Bed() as bed, tempfile.TemporaryDirectory() as folder:
        places = {}
        for i in range(SERVERS):
            guild = bed.guild(f"Server {i}")
            channel = bed.channel(guild, "square")
            who = bed.person(guild, f"person{i}")
            at = MONDAY + timedelta(days=1)
            first = bed.say(channel, who, f"We should close bridge {i}.", quiet=True, at=at)
            other = bed.person(guild, f"other{i}")
            later = at + timedelta(minutes=1)
            bed.say(channel, other, "No, it must stay.", reply_to=first, quiet=True, at=later)
            places[guild.id] = channel
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(open_store(str(Path(folder) / "crux.db")))
            painter = ProcessPainter()  # as `crux bot` has it
            stack.push_async_callback(painter.close)
            slot = Slot(weekday=0, at=MONDAY.time(), zone="UTC")
            for guild_id, channel in places.items():
                await store.guilds.set(guild_id, GuildSettings(least_posts=1))
                by = Person(platform="discord", id="1", name="chief")
                await store.schedules.set(guild_id, channel.id, slot, by=by, now=now)
            parts = app.Parts(
                analyst=InlineAnalyst(small.analyze),
                painter=painter,
                store=store,
                clock=lambda: now,
            )
            bot = app.build(Settings(tick=300), parts)
            async with bed.running(bot, within=60):
                default_encoder().encode(["as crux bot does at its start"])
                app.settle()
                cog: Any = bot.get_cog("Digests")
                now = MONDAY + timedelta(days=7)
                lags: list[float] = []
                probe = asyncio.create_task(_probe(lags))
                began = time.perf_counter()
                posted = await cog.runner.tick()
                took = time.perf_counter() - began
                probe.cancel()
                counts = [
                    sum(m.author is bed.bot for m in channel.shown()) for channel in places.values()
                ]
    return {
        "servers": SERVERS,
        "posted": posted,
        "servers with a digest": sum(c > 0 for c in counts),
        "servers with two": sum(c > 1 for c in counts),
        "seconds": round(took, 1),
        "longest hold of the event loop ms": round(1000 * max(lags), 1),
        "99th percentile ms": round(1000 * sorted(lags)[len(lags) * 99 // 100], 1),
    }


async def _probe(lags: list[float]) -> None:
    """Note how much later than asked the loop comes back."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        lags.append(time.perf_counter() - before - 0.005)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", default=["lookup", "digests"])
    given = parser.parse_args()
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name, measure in (("lookup", lookup), ("digests", digests)):
        if name in given.parts:
            known[name] = {"date": f"{datetime.now(UTC):%Y-%m-%d}", **asyncio.run(measure())}
            print(json.dumps(known[name], indent=2))
    RESULTS.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
