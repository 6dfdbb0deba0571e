"""When each server's digest is due, who is at it, and how far its channels have been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, delete, or_, select, update

from bot.digest.calendar import Slot
from bot.store.database import Database
from bot.store.rows import ensure_guild, person_ids, put
from bot.store.schema import cursors, digests, people, schedules
from bot.store.values import Person

BACK_OFF = timedelta(minutes=1)  # after a failure; doubled with each, up to LONGEST_BACK_OFF
LONGEST_BACK_OFF = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """A server's weekly digest: where it goes, when, and the window that the next one covers."""

    guild_id: int
    channel_id: int
    slot: Slot
    next_run_at: datetime
    window_start: datetime
    paused: str | None = None
    set_by: Person | None = None
    attempts: int = 0


class Schedules:
    """Schedules, each leased to one process at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set(
        self, guild_id: int, channel_id: int, slot: Slot, *, by: Person, now: datetime
    ) -> Schedule:
        """Set or change a server's schedule; a window that has begun goes on."""
        async with self._database.write() as connection:
            await ensure_guild(connection, guild_id)
            ids = await person_ids(connection, [by])
            known = await connection.scalar(
                select(schedules.c.window_start).where(schedules.c.guild_id == guild_id)
            )
            row = {
                "guild_id": guild_id,
                "channel_id": channel_id,
                "weekday": slot.weekday,
                "at": slot.at.strftime("%H:%M"),
                "zone": slot.zone,
                "next_run_at": slot.after(now),
                "window_start": known or now - timedelta(days=7),
                "paused": None,
                "set_by_id": ids[by.platform, by.id],
                "lease_owner": None,
                "lease_until": None,
                "attempts": 0,
            }
            await put(connection, schedules, [row], key=("guild_id",))
        found = await self.get(guild_id)
        assert found is not None
        return found

    async def get(self, guild_id: int) -> Schedule | None:
        """Give a server's schedule."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(_wanted().where(schedules.c.guild_id == guild_id))
            ).one_or_none()
        return None if row is None else _value(row)

    async def due(self, now: datetime, most: int = 500) -> list[Schedule]:
        """Give the schedules whose time has come and that nobody is at, the longest due first."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                _wanted()
                .where(_free(now), schedules.c.next_run_at <= now)
                .order_by(schedules.c.next_run_at, schedules.c.guild_id)
                .limit(most)
            )
            return [_value(row) for row in rows]

    async def claim(self, guild_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
        """Take a schedule that is due; say whether we are the one who has it."""
        async with self._database.write() as connection:
            done = await connection.execute(
                update(schedules)
                .where(
                    schedules.c.guild_id == guild_id,
                    schedules.c.next_run_at <= now,
                    _free(now),
                )
                .values(lease_owner=owner, lease_until=now + lease)
            )
        return done.rowcount == 1

    async def renew(self, guild_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
        """Hold a schedule for longer; say whether it is still ours."""
        async with self._database.write() as connection:
            done = await connection.execute(
                update(schedules)
                .where(schedules.c.guild_id == guild_id, schedules.c.lease_owner == owner)
                .values(lease_until=now + lease)
            )
        return done.rowcount == 1

    async def failed(self, guild_id: int, owner: str, now: datetime) -> None:
        """Give a schedule back after a failure: it is tried again after a while."""
        async with self._database.write() as connection:
            attempts = await connection.scalar(
                select(schedules.c.attempts).where(
                    schedules.c.guild_id == guild_id, schedules.c.lease_owner == owner
                )
            )
            if attempts is None:
                return
            wait = min(BACK_OFF * 2 ** min(attempts, 12), LONGEST_BACK_OFF)
            await connection.execute(
                update(schedules)
                .where(schedules.c.guild_id == guild_id)
                .values(lease_owner=None, lease_until=now + wait, attempts=attempts + 1)
            )

    async def finish(
        self,
        schedule: Schedule,
        owner: str,
        *,
        digest: int,
        window_end: datetime,
        now: datetime,
        message: int | None,
    ) -> bool:
        """Close a window in one transaction: the digest is out, the next one starts where it ends.

        Gives False, and changes nothing, where the schedule is no longer ours.
        """
        async with self._database.write() as connection:
            done = await connection.execute(
                update(schedules)
                .where(schedules.c.guild_id == schedule.guild_id, schedules.c.lease_owner == owner)
                .values(
                    window_start=window_end,
                    next_run_at=schedule.slot.after(max(now, window_end)),
                    lease_owner=None,
                    lease_until=None,
                    attempts=0,
                )
            )
            if done.rowcount != 1:
                return False
            await connection.execute(
                update(digests)
                .where(digests.c.id == digest)
                .values(
                    status="silent" if message is None else "posted",
                    message_id=message,
                    posted_at=now,
                )
            )
        return True

    async def pause(self, guild_id: int, why: str) -> None:
        """Stop a schedule until it is set anew or resumed."""
        async with self._database.write() as connection:
            await connection.execute(
                update(schedules)
                .where(schedules.c.guild_id == guild_id)
                .values(paused=why, lease_owner=None, lease_until=None)
            )

    async def due_now(self, guild_id: int, now: datetime) -> None:
        """Let a schedule be due at once, whoever tried it before."""
        async with self._database.write() as connection:
            await connection.execute(
                update(schedules)
                .where(schedules.c.guild_id == guild_id, schedules.c.lease_owner.is_(None))
                .values(next_run_at=now, lease_until=None)
            )

    async def resume(self, guild_id: int, now: datetime) -> None:
        """Let a paused schedule go on, at its next time; its window has stayed open."""
        found = await self.get(guild_id)
        if found is None:
            return
        async with self._database.write() as connection:
            await connection.execute(
                update(schedules)
                .where(schedules.c.guild_id == guild_id)
                .values(paused=None, attempts=0, next_run_at=found.slot.after(now))
            )

    async def delete(self, guild_id: int) -> bool:
        """Take a schedule away; say whether there was one."""
        async with self._database.write() as connection:
            done = await connection.execute(
                delete(schedules).where(schedules.c.guild_id == guild_id)
            )
        return done.rowcount > 0

    async def cursor(self, guild_id: int, channel_id: int) -> int | None:
        """Give the id of the last message of a channel that was read for digests."""
        async with self._database.read() as connection:
            found = await connection.scalar(
                select(cursors.c.last_id).where(
                    cursors.c.guild_id == guild_id, cursors.c.channel_id == channel_id
                )
            )
        return None if found is None else int(found)

    async def read_up_to(self, guild_id: int, channel_id: int, last_id: int) -> None:
        """Note how far a channel has been read."""
        async with self._database.write() as connection:
            await ensure_guild(connection, guild_id)
            row = {"guild_id": guild_id, "channel_id": channel_id, "last_id": last_id}
            await put(connection, cursors, [row], key=("guild_id", "channel_id"))


def _wanted() -> Any:
    return select(schedules, people.c.platform, people.c.external_id, people.c.name).select_from(
        schedules.outerjoin(people, people.c.id == schedules.c.set_by_id)
    )


def _free(now: datetime) -> Any:
    return schedules.c.paused.is_(None) & or_(
        schedules.c.lease_until.is_(None), schedules.c.lease_until <= now
    )


def _value(row: Row[Any]) -> Schedule:
    hour, minute = row.at.split(":")
    return Schedule(
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        slot=Slot(weekday=row.weekday, at=time(int(hour), int(minute)), zone=row.zone),
        next_run_at=row.next_run_at,
        window_start=row.window_start,
        paused=row.paused,
        set_by=Person(platform=row.platform, id=row.external_id, name=row.name)
        if row.external_id is not None
        else None,
        attempts=row.attempts,
    )
