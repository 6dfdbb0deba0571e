"""What a server argued, kept: settings, maps, threads with their units, key points over time."""

from __future__ import annotations

from bot.store.store import Store, open_store
from bot.store.threads import Origin
from bot.store.values import (
    LOCAL,
    Changed,
    Erased,
    GuildSettings,
    Person,
    Place,
    StoredMap,
)

__all__ = [
    "LOCAL",
    "Changed",
    "Erased",
    "GuildSettings",
    "Origin",
    "Person",
    "Place",
    "Store",
    "StoredMap",
    "open_store",
]
