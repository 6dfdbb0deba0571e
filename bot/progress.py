"""What a person sees while a long map is made: nothing for a second, then a bar on stderr."""

from __future__ import annotations

import sys
import time
from types import TracebackType

QUIET_FOR = 1.0  # seconds: shorter work needs no bar
PLAIN_EVERY = 5.0  # seconds between lines where stderr is no terminal


class Progress:
    """Called with the name of a step and the share of it that is done (0 to 1)."""

    def __init__(self) -> None:
        self._began = self._told = time.monotonic()
        self._bar: object | None = None
        self._task: object | None = None

    def __call__(self, step: str, share: float) -> None:
        """Show the step, if the work takes long enough to be shown."""
        now = time.monotonic()
        if now - self._began < QUIET_FOR:
            return
        if sys.stderr.isatty():
            self._draw(step, share)
        elif now - self._told >= PLAIN_EVERY:
            self._told = now
            print(f"crux: {step}, {share:.0%} of this step", file=sys.stderr, flush=True)

    def _draw(self, step: str, share: float) -> None:
        from rich.console import Console
        from rich.progress import Progress as Bar

        if not isinstance(self._bar, Bar):
            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(step, total=1.0)
        self._bar.update(self._task, description=step, completed=share)  # type: ignore[arg-type]

    def __enter__(self) -> Progress:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar off the screen."""
        stop = getattr(self._bar, "stop", None)
        if stop is not None:
            stop()
