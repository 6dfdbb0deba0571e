"""Maps made by one process beside this one: its event loop never waits for a model."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from typing import Any, NoReturn

from bot.jobs import frames
from bot.jobs.analyst import JobError, Lane, Standing, Tell
from bot.jobs.turns import Turns
from nlp.model import ArgumentMap, Thread

_log = logging.getLogger(__name__)

STOPS_WITHIN = 3.0  # seconds in which a job that is no longer wanted ends by itself
READ_LIMIT = 1 << 20


class ProcessAnalyst:
    """An `Analyst` with a process of its own, started at `warm` and again when it dies.

    `longest` is the most seconds that one map may take.
    """

    def __init__(self, turns: Turns | None = None, *, longest: float = 3600.0) -> None:
        self._turns = turns or Turns()
        self._longest = longest
        self._process: asyncio.subprocess.Process | None = None
        self._answers: asyncio.Queue[tuple[Any, ...] | None] = asyncio.Queue()
        self._reader: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The number of the process, None when none runs."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    def waiting(self) -> int:
        """Give the number of jobs that wait or run."""
        return len(self._turns)

    async def warm(self) -> None:
        """Start the process and load the models. Raises JobError when that fails."""
        async with self._lock:
            await self._start()

    async def _start(self) -> asyncio.subprocess.Process:
        if self.pid is not None and self._process is not None:
            return self._process
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.jobs.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=READ_LIMIT,
        )
        assert self._process.stdout is not None
        self._answers = asyncio.Queue()
        self._reader = asyncio.create_task(_read(self._process.stdout, self._answers))
        await self._send("warm")
        answer = await self._receive()
        if answer[0] != "ready":
            await self._kill()
            raise JobError(f"the models do not load ({answer[1]}): run crux doctor.")
        return self._process

    async def analyze(self, thread: Thread, *, lane: Lane, tell: Tell) -> ArgumentMap:
        """Give the map of a thread when its turn has come. Raises JobError."""
        async with (
            self._turns.turn(lane, lambda ahead: tell(Standing(ahead=ahead))),
            self._lock,
        ):
            await self._start()
            try:
                async with asyncio.timeout(self._longest):
                    return await self._run(thread, tell)
            except asyncio.CancelledError:
                await asyncio.shield(asyncio.create_task(self._stop()))
                raise
            except TimeoutError:
                await self._kill()
                raise JobError("the map took too long: ask for fewer messages.") from None

    async def _run(self, thread: Thread, tell: Tell) -> ArgumentMap:
        await self._send("map", thread)
        while True:
            answer = await self._receive()
            if answer[0] == "step":
                tell(Standing(step=answer[1], share=answer[2]))
            elif answer[0] == "done":
                found: ArgumentMap = answer[1]
                return found
            elif answer[0] == "failed":
                _log.error("analysis failed: %s at %s", answer[1], ", ".join(answer[2]))
                raise JobError(
                    "the analysis failed on this text; the operator finds why in the log."
                )

    async def _stop(self) -> None:
        """Let the running job end; end the process where it does not listen."""
        try:
            async with asyncio.timeout(STOPS_WITHIN):
                await self._send("stop")
                while (await self._receive())[0] not in ("stopped", "done", "failed"):
                    pass
        except (TimeoutError, JobError):
            await self._kill()

    async def _send(self, *parts: Any) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        frame = await asyncio.to_thread(frames.pack, parts)
        try:
            self._process.stdin.write(frame)
            await self._process.stdin.drain()
        except (ConnectionError, BrokenPipeError):
            await self._lost()

    async def _receive(self) -> tuple[Any, ...]:
        answer = await self._answers.get()
        if answer is None:
            await self._lost()
        return answer

    async def _lost(self) -> NoReturn:
        code = await self._kill()
        _log.error("the analysis process ended with code %s", code)
        raise JobError(
            "the analysis stopped in the middle, perhaps for lack of memory: "
            "ask again, with fewer messages if it happens twice."
        )

    async def _kill(self) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        if self._reader is not None:
            await self._reader
        return await process.wait()

    async def close(self) -> None:
        """End the process."""
        await self._kill()


async def _read(
    stream: asyncio.StreamReader, answers: asyncio.Queue[tuple[Any, ...] | None]
) -> None:
    """Pass on what the process answers; None when it is gone. Never cut within a frame."""
    try:
        while True:
            answers.put_nowait(await frames.receive(stream))
    except (asyncio.IncompleteReadError, ConnectionError):
        answers.put_nowait(None)
