"""Pointing an unmodified discord.py at a loopback address, and back again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import discord.gateway
import discord.http
import yarl


@contextlib.contextmanager
def pointed_at(base: str) -> Iterator[None]:
    """Let discord.py talk to `base` (http://127.0.0.1:PORT) within the block; one at a time.

    Raises ValueError for an address that is not loopback: a token must never travel elsewhere.
    """
    if urlsplit(base).hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError(f"{base} is not on this machine")
    socket_class = discord.gateway.DiscordWebSocket
    before = discord.http.Route.BASE, socket_class.DEFAULT_GATEWAY
    discord.http.Route.BASE = f"{base}/api/v10"
    address = yarl.URL(base.replace("http", "ws", 1) + "/gateway-socket/")
    socket_class.DEFAULT_GATEWAY = address
    try:
        yield
    finally:
        discord.http.Route.BASE, socket_class.DEFAULT_GATEWAY = before
