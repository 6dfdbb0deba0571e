"""What a server has set, and whether the bot is still in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from bot.store.database import Database
from bot.store.rows import ensure_guild
from bot.store.schema import guilds
from bot.store.values import GuildSettings


class Guilds:
    """Servers. One that has no row yet has the default settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settings(self, guild_id: int) -> GuildSettings:
        """Give a server's settings."""
        async with self._database.read() as connection:
            found = await connection.scalar(
                select(guilds.c.settings).where(guilds.c.id == guild_id)
            )
        return GuildSettings.read(found or {})

    async def set(self, guild_id: int, settings: GuildSettings) -> None:
        """Keep a server's settings."""
        async with self._database.write() as connection:
            await ensure_guild(connection, guild_id)
            await connection.execute(
                update(guilds).where(guilds.c.id == guild_id).values(settings=settings.overrides())
            )

    async def joined(self, guild_id: int) -> None:
        """Note that the bot is in a server, for the first time or again."""
        async with self._database.write() as connection:
            await ensure_guild(connection, guild_id)
            await connection.execute(
                update(guilds).where(guilds.c.id == guild_id).values(left_at=None)
            )

    async def left(self, guild_id: int, now: datetime) -> None:
        """Note that the bot was sent away; what is stored goes after a time of grace."""
        async with self._database.write() as connection:
            await connection.execute(
                update(guilds)
                .where(guilds.c.id == guild_id, guilds.c.left_at.is_(None))
                .values(left_at=now)
            )
