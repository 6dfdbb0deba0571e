"""Rate limits by bucket, faults that a test injects, and the record of every request."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field


@dataclass
class Fault:
    """An answer that a test puts in the place of the real one, for some requests."""

    method: str
    path: re.Pattern[str]
    status: int
    code: int = 0
    times: int = 1
    retry_after: float = 0.05
    via: bool = True
    after: bool = False


@dataclass
class Request:
    """One request that came in, and how it was answered."""

    method: str
    path: str
    status: int = 0
    at: float = 0.0


@dataclass
class Bucket:
    """So many requests in a window of so many seconds."""

    limit: int
    window: float
    began: float = 0.0
    used: int = 0

    def take(self, now: float) -> bool:
        """Take one; False when the window is used up."""
        if now - self.began >= self.window:
            self.began, self.used = now, 0
        self.used += 1
        return self.used <= self.limit

    def headers(self, now: float, name: str) -> dict[str, str]:
        """Give the headers that tell the client where it stands."""
        left = max(0.0, self.began + self.window - now)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": name,
        }


# Requests and seconds by kind of route; windows are a fifth of the real ones, so that tests wait less.
RATES: dict[str, tuple[int, float]] = {
    "send": (5, 1.0),
    "edit": (5, 1.0),
    "delete": (5, 0.2),
    "history": (5, 0.2),
    "webhook": (5, 0.4),
    "commands": (5, 4.0),
    "other": (10, 0.4),
}
GLOBAL = (50, 1.0)


@dataclass
class Traffic:
    """What passed, what is allowed, what is to fail."""

    rates: dict[str, tuple[int, float]] = field(default_factory=lambda: dict(RATES))
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    buckets: dict[str, Bucket] = field(default_factory=dict)
    overall: Bucket = field(default_factory=lambda: Bucket(*GLOBAL))
    limited: int = 0

    def fault_for(self, method: str, path: str) -> Fault | None:
        """Give the injected fault for a request, and count it."""
        for fault in self.faults:
            if fault.times > 0 and fault.method == method and fault.path.search(path):
                fault.times -= 1
                return fault
        return None

    def bucket(self, kind: str, major: str) -> Bucket:
        """Give the bucket of a kind of route for one channel, guild or webhook."""
        key = f"{kind}:{major}"
        if key not in self.buckets:
            self.buckets[key] = Bucket(*self.rates[kind])
        return self.buckets[key]
