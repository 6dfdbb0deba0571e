"""Who is next: a bounded queue in which servers take turns and a channel has one job at a time."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.jobs.analyst import JobError, Lane


@dataclass(eq=False, slots=True)
class _Waiting:
    lane: Lane
    number: int
    turn: asyncio.Future[None]
    ahead: Callable[[int], None]


class Turns:
    """At most `at_once` jobs run, `most` wait in all and `lane_most` in one place."""

    def __init__(self, *, at_once: int = 1, most: int = 30, lane_most: int = 3) -> None:
        self._at_once, self._most, self._lane_most = at_once, most, lane_most
        self._waiting: list[_Waiting] = []
        self._running: Counter[str] = Counter()
        self._served: dict[str, int] = {}
        self._numbers = itertools.count(1)

    def __len__(self) -> int:
        """Give the number of jobs that wait or run."""
        return len(self._waiting) + self._running.total()

    @asynccontextmanager
    async def turn(self, lane: Lane, ahead: Callable[[int], None]) -> AsyncIterator[None]:
        """Wait for a turn and hold it; `ahead` hears how many go first, whenever that changes.

        Raises JobError when too many wait already.
        """
        if len(self._waiting) >= self._most:
            raise JobError(f"{len(self._waiting)} maps wait already: ask again in a few minutes.")
        if sum(w.lane.place == lane.place for w in self._waiting) >= self._lane_most:
            raise JobError(f"{self._lane_most} maps wait for this channel: ask again after them.")
        loop = asyncio.get_running_loop()
        mine = _Waiting(lane, next(self._numbers), loop.create_future(), ahead)
        self._waiting.append(mine)
        self._deal()
        try:
            await mine.turn
        except asyncio.CancelledError:
            if mine in self._waiting:
                self._waiting.remove(mine)
                self._deal()
            else:
                self._give_back(lane)
            raise
        try:
            yield
        finally:
            self._give_back(lane)

    def _give_back(self, lane: Lane) -> None:
        self._running[lane.place] -= 1
        self._running += Counter()  # drops the zeros
        self._deal()

    def _deal(self) -> None:
        """Give turns to those who may run now; tell the others where they stand."""
        while self._running.total() < self._at_once:
            free = [w for w in self._waiting if not self._running[w.lane.place]]
            if not free:
                break
            chosen = min(free, key=self._order)
            self._waiting.remove(chosen)
            self._running[chosen.lane.place] += 1
            self._served[chosen.lane.group] = chosen.number
            chosen.turn.set_result(None)
        for place, waiting in enumerate(sorted(self._waiting, key=self._order)):
            waiting.ahead(place + self._running.total())
        if not self._waiting and not self._running:
            self._served.clear()

    def _order(self, waiting: _Waiting) -> tuple[int, int]:
        """Order by whose group was served longest ago, then by who came first."""
        return self._served.get(waiting.lane.group, 0), waiting.number
