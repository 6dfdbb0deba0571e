"""Maps made in a thread of this process: for one's own use and for tests, with any analysis."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from bot.jobs.analyst import Lane, Standing, Tell
from bot.jobs.turns import Turns
from nlp.model import ArgumentMap, Thread

Progress = Callable[[str, float], None]
Analysis = Callable[[Thread, Progress], ArgumentMap]


class _Stopped(Exception):  # noqa: N818 - not an error: the job is no longer wanted
    pass


class InlineAnalyst:
    """An `Analyst` that calls `analysis` (the shipped one by default) in a thread."""

    def __init__(self, analysis: Analysis | None = None, turns: Turns | None = None) -> None:
        self._analysis = analysis
        self._turns = turns or Turns()

    def waiting(self) -> int:
        """Give the number of jobs that wait or run."""
        return len(self._turns)

    async def warm(self) -> None:
        """Load the pipeline."""
        if self._analysis is None:
            from nlp import analyze

            self._analysis = analyze

    async def analyze(self, thread: Thread, *, lane: Lane, tell: Tell) -> ArgumentMap:
        """Give the map of a thread when its turn has come; stops between two steps."""
        await self.warm()
        assert self._analysis is not None
        loop, stopped = asyncio.get_running_loop(), threading.Event()

        def progress(step: str, share: float) -> None:
            if stopped.is_set():
                raise _Stopped
            loop.call_soon_threadsafe(tell, Standing(step=step, share=share))

        async with self._turns.turn(lane, lambda ahead: tell(Standing(ahead=ahead))):
            try:
                return await asyncio.to_thread(self._analysis, thread, progress)
            except asyncio.CancelledError:
                stopped.set()
                raise

    async def close(self) -> None:
        """Nothing to end."""
