"""What the digest needs of the place where a server talks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import CruxError
from bot.store.digests import StoredDigest
from bot.store.schedules import Schedule
from bot.store.values import GuildSettings, Person
from nlp.model import Thread


class NoWayError(CruxError):
    """The digest's channel is gone, or closed to the bot: its message says what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A channel or thread to be read; `parent_id` is the channel that a thread hangs under."""

    channel_id: int
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """What is read for a digest, and a sentence for each thing that is not."""

    read: tuple[Source, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Messages of a source that have not been read: their thread, who wrote them, the last id."""

    thread: Thread
    people: Mapping[str, Person]
    last_id: int


class Courier(Protocol):
    """Reads what was said and carries the digest there."""

    async def sources(self, schedule: Schedule, settings: GuildSettings) -> Sources:
        """Give what may be read for the readers of the schedule's channel. Raises NoWayError."""
        ...

    def unread(
        self, source: Source, *, after: int | None, since: datetime, until: datetime
    ) -> AsyncIterator[Batch]:
        """Give the messages after an id (else since a time) up to a time, oldest first."""
        ...

    def taken_back(self, posts: Collection[str]) -> Mapping[str, str | None]:
        """Give what those of these posts say that were edited or deleted (None) lately."""
        ...

    async def find(self, kept: StoredDigest) -> int | None:
        """Give the message that already shows a digest which was being sent, if there is one."""
        ...

    async def send(self, schedule: Schedule, kept: StoredDigest, files: Mapping[str, bytes]) -> int:
        """Post a digest with its files and give the message's id. Raises NoWayError."""
        ...

    async def amend(self, kept: StoredDigest, files: Mapping[str, bytes]) -> None:
        """Let the message of a digest that was posted show what it now says."""
        ...

    async def tell(self, person: Person, text: str) -> None:
        """Tell a person something, if that can be done at all; never raises."""
        ...
