"""The process that makes maps: `python -m bot.jobs.worker`, fed over standard input by its parent.

Takes ("map", thread), ("warm",) and ("stop",); answers ("step", name, share), ("done", map),
("stopped",), ("ready",) and ("failed", kind, places). A job is stopped between two steps.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
import traceback
from typing import Any, BinaryIO

from bot.jobs import frames

TELL_EVERY = 0.5  # seconds between two reports of the same step
NICE = 5  # the chat client answers first


class _Stopped(Exception):  # noqa: N818 - not an error: the job is no longer wanted
    pass


class _Worker:
    def __init__(self, told: BinaryIO, answers: BinaryIO) -> None:
        self._answers = answers
        self._jobs: queue.Queue[tuple[Any, ...]] = queue.Queue()
        self._stop = threading.Event()
        self._told_at = 0.0
        self._told_step = ""
        threading.Thread(target=self._listen, args=(told,), daemon=True).start()

    def _listen(self, told: BinaryIO) -> None:
        try:
            while True:
                message = frames.read(told)
                if message[0] == "stop":
                    self._stop.set()
                else:
                    self._jobs.put(message)
        except (EOFError, OSError):
            os._exit(0)  # the parent is gone

    def _answer(self, *parts: Any) -> None:
        self._answers.write(frames.pack(parts))
        self._answers.flush()

    def _progress(self, step: str, share: float) -> None:
        if self._stop.is_set():
            raise _Stopped
        now = time.monotonic()
        if step != self._told_step or now - self._told_at >= TELL_EVERY:
            self._told_step, self._told_at = step, now
            self._answer("step", step, share)

    def serve(self) -> None:
        from nlp import Post, Thread, analyze

        while True:
            message = self._jobs.get()
            try:
                if message[0] == "warm":
                    posts = (
                        Post(id="1", text="We should stop the trial because it costs too much."),
                        Post(id="2", text="I disagree, the trial is cheap.", reply_to="1"),
                    )
                    analyze(Thread(id="warm", posts=posts))
                    self._answer("ready")
                else:
                    self._stop.clear()
                    self._answer("done", analyze(message[1], self._progress))
            except _Stopped:
                self._answer("stopped")
            except Exception as error:
                frames_seen = traceback.extract_tb(error.__traceback__)
                places = [f"{f.filename}:{f.lineno}" for f in frames_seen[-4:]]
                self._answer("failed", type(error).__name__, places)
            del message


def main() -> None:
    """Serve until the parent closes its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICE)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    _Worker(sys.stdin.buffer, answers).serve()


if __name__ == "__main__":
    main()
