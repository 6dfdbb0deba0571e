"""What the chat client needs of whoever makes maps, wherever that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.errors import CruxError
from nlp.model import ArgumentMap, Thread


class JobError(CruxError):
    """A map cannot be made now: the queue is full, or the work failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """Whose job it is: jobs of one place run one at a time, groups take turns.

    `place` is a channel, `group` a server.
    """

    place: str
    group: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a job stands: `ahead` jobs go first; then the step that runs and its share (0 to 1)."""

    ahead: int = 0
    step: str = ""
    share: float = 0.0


Tell = Callable[[Standing], None]


class Analyst(Protocol):
    """Makes maps away from the event loop."""

    async def warm(self) -> None:
        """Load what a map needs, so that the first one does not wait."""
        ...

    async def analyze(self, thread: Thread, *, lane: Lane, tell: Tell) -> ArgumentMap:
        """Give the map of a thread when its turn has come; `tell` hears how it stands.

        Cancelling the caller cancels the job. Raises JobError.
        """
        ...

    def waiting(self) -> int:
        """Give the number of jobs that wait or run."""
        ...

    async def close(self) -> None:
        """Stop; jobs that run are lost."""
        ...
