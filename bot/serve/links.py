"""Links that cannot be guessed, and end: what they show and until when, under a signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["map", "digest"]
KINDS: tuple[Kind, ...] = ("map", "digest")
LEAST_SECRET = 16  # bytes
SIGNATURE_BYTES = 18  # of the digest: 144 bits


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a link shows; `is_over` when its time is."""

    kind: Kind
    key: str
    is_over: bool


class Links:
    """Makes and reads links under one secret. A link made under another secret is no link.

    Raises ValueError for a secret shorter than LEAST_SECRET bytes; without one, a new one is made,
    and links end with the process.
    """

    def __init__(self, secret: bytes | None = None) -> None:
        if secret is not None and len(secret) < LEAST_SECRET:
            raise ValueError(f"the secret of links needs {LEAST_SECRET} bytes or more")
        self._secret = secret or secrets.token_bytes(32)

    def make(self, kind: Kind, key: str, until: datetime) -> str:
        """Give the path of a link that holds until an aware time."""
        end = int(until.timestamp())
        return f"/{kind}/{_written(key.encode())}/{end:x}/{self._sign(kind, key, end)}"

    def read(self, path: str, now: datetime) -> Target | None:
        """Give what a path shows, or None where it is no link of this secret."""
        parts = path.split("/")
        if len(parts) != 5 or parts[0] or parts[1] not in KINDS:
            return None
        _, kind, written, end_written, signature = parts
        try:
            key = _read(written).decode()
            end = int(end_written, 16)
        except ValueError:
            return None
        wanted = self._sign(kind, key, end)
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            return None
        return Target(
            kind="map" if kind == "map" else "digest",
            key=key,
            is_over=now.astimezone(UTC).timestamp() >= end,
        )

    def _sign(self, kind: str, key: str, end: int) -> str:
        message = f"{kind}\n{key}\n{end}".encode()
        return _written(hmac.digest(self._secret, message, hashlib.sha256)[:SIGNATURE_BYTES])


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
