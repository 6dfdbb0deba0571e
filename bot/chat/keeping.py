"""What the chat client keeps between two presses of a button, and the form that forgets at the end.

`bot.store` has the form that lasts; this one is for trying the bot out and for tests.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from nlp.model import ArgumentMap


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who wrote something: an id that does not change on a platform, and the name shown."""

    platform: str
    id: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a map is shown: the message, when it has been sent."""

    guild_id: int | None = None
    channel_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredMap:
    """A map that buttons refer to by its short id."""

    id: str
    found: ArgumentMap
    place: Place
    version: int
    created_at: datetime
    requester: Person | None


@dataclass(frozen=True, kw_only=True, slots=True)
class GuildSettings:
    """What a server has set; whatever it has not set has these defaults."""

    left_out: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    private_replies: bool = False
    retention_days: int = 30


class MapKeeper(Protocol):
    """Keeps maps by a short id."""

    async def put(
        self,
        found: ArgumentMap,
        *,
        place: Place,
        now: datetime,
        people: Mapping[str, Person] | None = None,
        requester: Person | None = None,
    ) -> StoredMap:
        """Keep a map under a new short id."""
        ...

    async def sent(self, key: str, place: Place) -> None:
        """Note in which message a map is shown."""
        ...

    async def get(self, key: str) -> StoredMap | None:
        """Give a map; None once it is deleted."""
        ...

    async def delete(self, key: str) -> bool:
        """Delete a map; say whether it was there."""
        ...


class GuildKeeper(Protocol):
    """Keeps servers' settings."""

    async def settings(self, guild_id: int) -> GuildSettings:
        """Give a server's settings."""
        ...

    async def set(self, guild_id: int, settings: GuildSettings) -> None:
        """Keep a server's settings."""
        ...


class Keeper(Protocol):
    """All that the chat client keeps."""

    @property
    def maps(self) -> MapKeeper:
        """The maps."""
        ...

    @property
    def guilds(self) -> GuildKeeper:
        """The servers."""
        ...


class MemoryMaps:
    """Maps in this process's memory."""

    def __init__(self) -> None:
        self._maps: dict[str, StoredMap] = {}

    async def put(
        self,
        found: ArgumentMap,
        *,
        place: Place,
        now: datetime,
        people: Mapping[str, Person] | None = None,  # noqa: ARG002 - the protocol's
        requester: Person | None = None,
    ) -> StoredMap:
        """Keep a map under a new short id."""
        made = StoredMap(
            id=secrets.token_urlsafe(6),
            found=found,
            place=place,
            version=1,
            created_at=now,
            requester=requester,
        )
        self._maps[made.id] = made
        return made

    async def sent(self, key: str, place: Place) -> None:
        """Note in which message a map is shown."""
        if key in self._maps:
            self._maps[key] = replace(self._maps[key], place=place)

    async def get(self, key: str) -> StoredMap | None:
        """Give a map; None once it is deleted."""
        return self._maps.get(key)

    async def delete(self, key: str) -> bool:
        """Delete a map; say whether it was there."""
        return self._maps.pop(key, None) is not None


class MemoryGuilds:
    """Settings in this process's memory."""

    def __init__(self) -> None:
        self._settings: dict[int, GuildSettings] = {}

    async def settings(self, guild_id: int) -> GuildSettings:
        """Give a server's settings."""
        return self._settings.get(guild_id, GuildSettings())

    async def set(self, guild_id: int, settings: GuildSettings) -> None:
        """Keep a server's settings."""
        self._settings[guild_id] = settings


class MemoryKeeper:
    """A `Keeper` that forgets when the process ends."""

    def __init__(self) -> None:
        self.maps, self.guilds = MemoryMaps(), MemoryGuilds()
