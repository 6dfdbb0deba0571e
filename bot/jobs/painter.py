"""Maps and digests written as files in a small process of their own: drawing holds a whole core.

Writing in a thread is not enough: the rasteriser keeps the interpreter's lock while it works.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.digest.model import Digest
from bot.errors import places_of
from bot.jobs import frames
from bot.jobs.analyst import JobError
from bot.views.digests import forms as digests
from bot.views.formats import FORMS, Look
from nlp.model import ArgumentMap

_log = logging.getLogger(__name__)

LONGEST = 120.0  # seconds of one writing
PICTURE = Look(scale=2.0)
WHOLE = Look(everything=True)


Picture = ArgumentMap | Digest


class Painter(Protocol):
    """Writes maps and digests as files, away from the event loop."""

    async def paint(self, found: Picture, forms: Sequence[str]) -> Mapping[str, bytes]:
        """Give the files of a map or a digest by form; one that could not be written is not there.

        Raises JobError when nothing can be written.
        """
        ...

    async def close(self) -> None:
        """Stop."""
        ...


def write(found: Picture, form: str) -> bytes | None:
    """Write a map or a digest in a form; None, and a line in the log, where that fails."""
    look = PICTURE if form == "png" else WHOLE
    try:
        if isinstance(found, Digest):
            written = digests.FORMS[form].write(found, look)
        else:
            written = FORMS[form].write(found, look)
    except Exception as error:
        kind = "digest" if isinstance(found, Digest) else "map"
        _log.error("a %s could not be written as %s: %s", kind, form, places_of(error))
        return None
    return written.encode() if isinstance(written, str) else written


def write_all(found: Picture, forms: Sequence[str]) -> dict[str, bytes]:
    """Write a map or a digest in several forms."""
    written = {form: write(found, form) for form in forms}
    return {form: data for form, data in written.items() if data is not None}


class InlinePainter:
    """A `Painter` in a thread of this process: for tests and for one's own use."""

    async def paint(self, found: Picture, forms: Sequence[str]) -> Mapping[str, bytes]:
        """Give the files of a map by form."""
        return await asyncio.to_thread(write_all, found, forms)

    async def close(self) -> None:
        """Nothing to end."""


class ProcessPainter:
    """A `Painter` in a process that starts at the first use, and again when it dies."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()

    async def paint(self, found: Picture, forms: Sequence[str]) -> Mapping[str, bytes]:
        """Give the files of a map by form; one caller after the other. Raises JobError."""
        frame = await asyncio.to_thread(frames.pack, (found, tuple(forms)))
        async with self._lock:
            # a task of its own: a caller that goes away must not leave half an answer in the pipe
            work = asyncio.create_task(self._ask(frame))
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                with contextlib.suppress(JobError):
                    await work
                raise

    async def _ask(self, frame: bytes) -> Mapping[str, bytes]:
        try:
            async with asyncio.timeout(LONGEST):
                process = await self._start()
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(frame)
                await process.stdin.drain()
                files: dict[str, bytes] = await frames.receive(process.stdout)
                return files
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            await self.close()
            raise JobError("the map could not be written as a file: try once more.") from None

    async def _start(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot.jobs.painter",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=1 << 20,
            )
        return self._process

    @property
    def pid(self) -> int | None:
        """The number of the process, None when none runs."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await process.wait()


def main() -> None:
    """Serve until the parent closes its end."""
    import os
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    logging.basicConfig(level=logging.INFO)
    while True:
        try:
            asked: Any = frames.read(sys.stdin.buffer)
        except EOFError:
            return
        answers.write(frames.pack(write_all(*asked)))
        answers.flush()


if __name__ == "__main__":
    main()
