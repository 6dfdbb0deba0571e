"""The shipped weights in their own process, behind the real bot: maps, load, death of the process."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
import pytest_asyncio

from bot import app
from bot.jobs.painter import ProcessPainter
from bot.jobs.process import ProcessAnalyst
from bot.verify import problems
from tests.chat.conftest import Town, says
from tests.conftest import ROOT
from tests.discord_bed import Channel

SAMPLE = ROOT / "data" / "threads" / "hn-no-required-review.txt"
LAG = 0.1  # seconds: the most that the event loop may be late
WORDS = (
    "We should keep the {n}th ferry because {n} people need it each day.",
    "No, the ferry is too expensive and nobody rides it after nine.",
    "I agree, it costs too much.",
    "thanks, see you tomorrow",
)


# One process for all: loading the models takes as long as a test.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def analyst() -> AsyncIterator[ProcessAnalyst]:
    made = ProcessAnalyst()
    await made.warm()
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def painter() -> AsyncIterator[ProcessPainter]:
    made = ProcessPainter()
    yield made
    await made.close()


class Lateness:
    """Measures by how much the event loop wakes too late, on a clock of 5 ms.

    Late is what this process did in the meantime: time in which the machine gave its cores to other
    programs says nothing about the bot, and is left out.
    """

    def __init__(self) -> None:
        self.worst = 0.0
        self._task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            began, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.005)
            late = time.perf_counter() - began - 0.005
            self.worst = max(self.worst, min(late, time.process_time() - worked))

    def stop(self) -> float:
        """Stop and give the worst."""
        self._task.cancel()
        return self.worst


def fill(town: Town, channel: Channel, count: int) -> None:
    """Put a long discussion in a channel."""
    people = list(town.people.values())
    said = None
    for n in range(count):
        text = WORDS[n % len(WORDS)].format(n=n)
        above = said if n % 4 in (1, 2) else None
        said = town.bed.say(channel, people[n % 3], text, reply_to=above, quiet=True)


async def test_a_pasted_thread_by_the_shipped_weights(town: Town, analyst: ProcessAnalyst) -> None:
    """A sample thread given as a file gives a map whose every quote is exact."""
    async with town.running(analyst):
        file = (SAMPLE.name, SAMPLE.read_bytes())
        town.bed.say(town.square, town.ada, town.me, files=[file])
        found = await town.answer(within=60)
        whole = json.loads(found.file(".json").data)
        assert problems(whole) == []
        assert len(whole["key_points"]) > 3
        assert found.embeds[0]["fields"]


async def test_two_thousand_messages_and_a_loop_that_is_never_late(
    town: Town, analyst: ProcessAnalyst, painter: ProcessPainter
) -> None:
    """While a long thread is mapped the loop stays within 100 ms, and heartbeats are on time."""
    town.bed.gateway.heartbeat_ms = 500
    thread = town.bed.thread(town.square, "Ferry", town.ada)
    fill(town, thread, 2000)
    async with town.running(analyst, painter):
        await asyncio.sleep(0.2)
        app.settle()
        lateness = Lateness()
        began = time.monotonic()
        town.bed.say(thread, town.ada, town.me)
        await town.answer(thread, holds=says("I took 2,000 messages"), within=60)
        found = await town.answer(thread, within=300)
        worst, took = lateness.stop(), time.monotonic() - began
        assert len(json.loads(found.file(".json").data)["thread"]["posts"]) == 2000
        beats = town.bed.gateway.sessions[0].beats
    gc.unfreeze()
    gaps = [b - a for a, b in pairwise(beats)]
    assert took < 300
    assert worst < LAG, f"the loop was {worst * 1000:.0f} ms late"
    assert max(gaps) < 1.5, f"a heartbeat came after {max(gaps):.2f} s instead of 0.5"


async def test_the_process_dies_and_is_started_again(town: Town, analyst: ProcessAnalyst) -> None:
    """Who waited is told in a sentence; the next request gets its map."""
    fill(town, town.square, 900)
    async with town.running(analyst, usual_messages=900):
        town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("I took the last 900"), within=60)
        await town.bed.until(lambda: analyst.waiting() == 1)
        await asyncio.sleep(0.2)
        assert analyst.pid is not None
        os.kill(analyst.pid, signal.SIGKILL)
        await town.answer(holds=says("stopped in the middle"), within=60)
        town.bed.say(town.square, town.ada, f"{town.me} last 8")
        await town.answer(within=60)


async def test_a_deleted_request_frees_the_process(town: Town, analyst: ProcessAnalyst) -> None:
    """The work of a request that was taken back ends; the same process serves the next."""
    fill(town, town.square, 1500)
    async with town.running(analyst, usual_messages=1500):
        asked = town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("I took the last 1,500"), within=60)
        pid = analyst.pid
        await asyncio.sleep(0.3)
        town.bed.delete(asked)
        await town.bed.until(lambda: not town.answers() and analyst.waiting() == 0, within=30)
        town.bed.say(town.square, town.ada, f"{town.me} last 8")
        await town.answer(within=60)
        assert pid is not None
