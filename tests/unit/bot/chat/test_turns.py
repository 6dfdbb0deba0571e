"""Who is next in the queue of analyses."""

from __future__ import annotations

import asyncio

import pytest

from bot.jobs import JobError, Lane
from bot.jobs.turns import Turns


async def settle() -> None:
    """Let every task come to its next wait."""
    for _ in range(10):
        await asyncio.sleep(0)


class Runs:
    """Jobs that run until they are told to end, and the order in which they began."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.began: list[str] = []
        self.ahead: dict[str, list[int]] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._end: dict[str, asyncio.Event] = {}

    async def add(self, name: str, place: str, group: str) -> None:
        """Ask for a turn."""
        self._end[name] = asyncio.Event()
        heard = self.ahead.setdefault(name, [])

        async def job() -> None:
            async with self.turns.turn(Lane(place=place, group=group), heard.append):
                self.began.append(name)
                await self._end[name].wait()

        self.tasks[name] = asyncio.create_task(job())
        await settle()

    async def end(self, name: str) -> None:
        """Let a job end."""
        self._end[name].set()
        await settle()


async def test_servers_take_turns() -> None:
    """A server with many requests does not keep another one waiting for all of them."""
    runs = Runs(Turns(lane_most=9))
    for number in range(3):
        await runs.add(f"a{number}", f"a{number}", "a")
    await runs.add("b0", "b0", "b")
    assert runs.ahead["b0"][-1] == 1
    await runs.end("a0")
    assert runs.began == ["a0", "b0"]


async def test_a_place_has_one_job_at_a_time() -> None:
    """With room for two, two of one channel still run one after the other."""
    runs = Runs(Turns(at_once=2))
    await runs.add("one", "square", "town")
    await runs.add("two", "square", "town")
    await runs.add("three", "other", "town")
    assert runs.began == ["one", "three"]
    await runs.end("one")
    assert runs.began == ["one", "three", "two"]


async def test_the_queue_is_bounded() -> None:
    """Too many in all, or for one channel, are refused in a sentence."""
    runs = Runs(Turns(most=3, lane_most=1))
    await runs.add("runs", "a", "t")
    await runs.add("waits", "a", "t")
    await runs.add("too many here", "a", "t")
    with pytest.raises(JobError, match="this channel"):
        await runs.tasks["too many here"]
    await runs.add("b", "b", "t")
    await runs.add("c", "c", "t")
    await runs.add("too many", "d", "t")
    with pytest.raises(JobError, match="3 maps wait already"):
        await runs.tasks["too many"]
    for task in runs.tasks.values():
        task.cancel()


async def test_who_leaves_the_queue_makes_room() -> None:
    """A waiting job that is cancelled moves the others on, a running one gives its turn back."""
    turns = Turns()
    runs = Runs(turns)
    for name in ("one", "two", "three"):
        await runs.add(name, name, "t")
    assert runs.ahead["three"][-1] == 2
    runs.tasks["two"].cancel()
    await settle()
    assert runs.ahead["three"][-1] == 1
    runs.tasks["one"].cancel()
    await settle()
    assert runs.began == ["one", "three"]
    await runs.end("three")
    assert len(turns) == 0
