"""How soon somebody may ask again."""

from __future__ import annotations

import time
from collections.abc import Callable

Seconds = Callable[[], float]


class CoolDown:
    """Says how many seconds a key (a user, a channel) still waits; 0 starts its wait anew."""

    def __init__(self, seconds: float, clock: Seconds = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._until: dict[int, float] = {}

    def left(self, key: int) -> float:
        """Give the seconds that are left, without starting a wait."""
        return max(0.0, self._until.get(key, 0.0) - self._clock())

    def start(self, key: int) -> None:
        """Start the wait of a key."""
        now = self._clock()
        if len(self._until) > 10_000:
            self._until = {k: until for k, until in self._until.items() if until > now}
        self._until[key] = now + self._seconds

    def lift(self, key: int) -> None:
        """End the wait of a key: what it asked for was not given."""
        self._until.pop(key, None)
