"""When a digest is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.digest.calendar import Slot, clock_time
from bot.errors import CruxError

BERLIN = "Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_local_time_stays_the_same_over_both_changes_of_the_clock() -> None:
    """Nine in the morning in Berlin is 8:00 UTC in winter and 7:00 in summer."""
    slot = Slot(weekday=6, at=time(9), zone=BERLIN)
    due = [at("2026-03-10T00:00")]
    for _ in range(4):
        due.append(slot.after(due[-1]))
    assert due[1:] == [
        at("2026-03-15T08:00"),
        at("2026-03-22T08:00"),
        at("2026-03-29T07:00"),  # the day of the change
        at("2026-04-05T07:00"),
    ]
    autumn = slot.after(at("2026-10-20T00:00"))
    assert (autumn, slot.after(autumn)) == (at("2026-10-25T08:00"), at("2026-11-01T08:00"))


def test_a_time_that_the_clock_jumps_over_is_not_lost() -> None:
    """02:30 does not exist on the last Sunday of March: the digest comes once, an hour later."""
    slot = Slot(weekday=6, at=time(2, 30), zone=BERLIN)
    assert slot.after(at("2026-03-28T12:00")) == at("2026-03-29T01:30")
    assert slot.after(at("2026-03-29T01:30")) == at("2026-04-05T00:30")


def test_a_time_that_comes_twice_counts_once() -> None:
    """02:30 comes twice on the last Sunday of October: the first one counts."""
    slot = Slot(weekday=6, at=time(2, 30), zone=BERLIN)
    assert slot.after(at("2026-10-24T12:00")) == at("2026-10-25T00:30")
    assert slot.after(at("2026-10-25T00:30")) == at("2026-11-01T01:30")


@given(
    weekday=some.integers(0, 6),
    minute=some.integers(0, 1439),
    zone=some.sampled_from(
        ["UTC", BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
    ),
    moment=some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
)
def test_slots_are_a_week_apart_and_none_is_skipped(
    weekday: int, minute: int, zone: str, moment: datetime
) -> None:
    """Within the change of a clock, in any zone; `until` and `after` are neighbours."""
    slot = Slot(weekday=weekday, at=time(minute // 60, minute % 60), zone=zone)
    now = moment.replace(tzinfo=UTC)
    before, after = slot.until(now), slot.after(now)
    assert before <= now < after
    assert abs(after - before - timedelta(days=7)) <= timedelta(hours=1)


def test_what_is_no_time_or_zone_is_refused_with_an_example() -> None:
    """The line names what would be right."""
    with pytest.raises(CruxError, match="Europe/Berlin"):
        Slot(weekday=0, at=time(9), zone="Mars/Olympus")
    with pytest.raises(CruxError, match="Europe/Berlin"):
        Slot(weekday=0, at=time(9), zone="../../etc/passwd")
    for words in ("25", "nine", "9:60", ""):
        with pytest.raises(CruxError, match="09:30"):
            clock_time(words)
    assert clock_time(" 7 ") == time(7)
