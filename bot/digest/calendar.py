"""When a digest is due: a weekday and a local time in a zone, right across changes of the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import CruxError

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """Each week at a local time: `weekday` 0 is Monday, `zone` an IANA name.

    Raises CruxError for a zone that there is not.
    """

    weekday: int
    at: time
    zone: str

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise CruxError(f"A week has the days 0 to 6, not {self.weekday}.")
        zone_of(self.zone)

    def after(self, moment: datetime) -> datetime:
        """Give the first time after a moment at which a digest is due, in UTC.

        A local time that the clock jumps over counts as long after midnight as it would have been;
        one that comes twice counts the first time.
        """
        zone = zone_of(self.zone)
        day = moment.astimezone(zone).date()
        day += timedelta(days=(self.weekday - day.weekday()) % 7 - 7)
        while True:
            due = self._on(day, zone)
            if due > moment:
                return due
            day += WEEK

    def until(self, moment: datetime) -> datetime:
        """Give the last time up to a moment at which a digest was due, in UTC."""
        due = self.after(moment - WEEK - timedelta(hours=3))
        while (later := self.after(due)) <= moment:
            due = later
        return due

    def _on(self, day: date, zone: ZoneInfo) -> datetime:
        return datetime.combine(day, self.at, zone).astimezone(UTC)


def zone_of(name: str) -> ZoneInfo:
    """Give a time zone by its IANA name. Raises CruxError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CruxError(
            f"There is no time zone “{name[:60]}”: give an IANA name, as Europe/Berlin or UTC."
        ) from None


def clock_time(words: str) -> time:
    """Read a time of day ("9", "09:30"). Raises CruxError."""
    hour, _, minute = words.strip().partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise CruxError(f"“{words[:20]}” is no time of day: write 09:30.") from None
