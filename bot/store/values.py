"""What goes into the store and comes out of it: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, get_args

from nlp.model import ArgumentMap

LOCAL = 0  # the guild of whoever uses the command line

WhenEmpty = Literal["silent", "line"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who wrote something: an id that does not change on a platform, and the name shown."""

    platform: str
    id: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GuildSettings:
    """What a server has set; whatever it has not set has these defaults.

    `sources` are the channels that the digest reads (empty: all that every reader of its target can
    read), `left_out` those that nothing reads. `confirmed` are sources that not every reader of the
    target can read and that an administrator allowed all the same.
    """

    sources: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    confirmed: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()  # who may ask for maps; empty: everybody
    private_replies: bool = False
    retention_days: int = 30
    history_days: int = 365
    when_empty: WhenEmpty = "silent"
    least_posts: int = 5  # a week with fewer is no week for a digest

    def __post_init__(self) -> None:
        for name, least, most in _RANGES:
            value = getattr(self, name)
            if not least <= value <= most:
                raise ValueError(f"{name} must be between {least} and {most}, not {value}")
        if self.when_empty not in get_args(WhenEmpty):
            raise ValueError(f"when_empty must be silent or line, not {self.when_empty}")

    def overrides(self) -> dict[str, Any]:
        """Give what differs from the defaults, as JSON takes it."""
        usual = asdict(GuildSettings())
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != usual[name]
        }

    @classmethod
    def read(cls, overrides: Mapping[str, Any]) -> GuildSettings:
        """Build settings from stored overrides; what is unknown or no longer valid is left out."""
        known: dict[str, Any] = {}
        usual = cls()
        for spec in fields(cls):
            if spec.name not in overrides:
                continue
            value = overrides[spec.name]
            if isinstance(getattr(usual, spec.name), tuple):
                value = tuple(int(item) for item in value)
            try:
                cls(**{spec.name: value})
            except (ValueError, TypeError):
                continue
            known[spec.name] = value
        return cls(**known)


_RANGES = (("retention_days", 1, 365), ("history_days", 7, 3650), ("least_posts", 1, 1000))


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a map or a digest is shown: the message, when it has been sent."""

    guild_id: int | None = None
    channel_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredMap:
    """A map that buttons refer to by its short id; `version` grows when it is changed.

    `authors` says who wrote each post; `requester` is None once that person is erased.
    """

    id: str
    found: ArgumentMap
    place: Place
    version: int
    created_at: datetime
    requester: Person | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """What people can still see and must be edited: a map (`found`) or a digest, and where.

    `gone` says that nothing is left of it and the message should be deleted.
    """

    kind: Literal["map", "digest"]
    id: str
    place: Place
    gone: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """What an erasure did: rows by table, and what shows to people and must be edited."""

    counts: Mapping[str, int] = field(default_factory=dict)
    shown: tuple[Changed, ...] = ()
