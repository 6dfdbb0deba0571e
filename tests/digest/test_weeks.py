"""Weeks of a server's life: what its digests say, and when."""

from __future__ import annotations

from datetime import time, timedelta

from bot.digest.calendar import Slot
from bot.store import open_store
from tests.digest.conftest import MONDAY, WEEK, Life, tick

BRIDGE = [
    ("ada", "We should close the old bridge to cars.", None),
    ("bob", "No, we must keep the bridge open for the bakers.", 0),
    ("cyd", "Cars should leave the bridge because two beams are cracked.", 0),
]
BRIDGE_AGAIN = [
    ("dan", "We should close the old bridge to cars.", None),
    ("ada", "No, the town must repair it instead.", 0),
]
TREES = [
    ("eve", "The town should plant lime trees.", None),
    ("bob", "fair point, I was wrong about the limes.", 0),
]


async def test_four_weeks(life: Life) -> None:
    """New points, then one that came back and its new attacker, an empty week, and who gave way."""
    first = life.talk(BRIDGE, MONDAY + timedelta(days=1))
    life.talk(BRIDGE_AGAIN, MONDAY + WEEK + timedelta(days=2))
    life.talk(TREES, MONDAY + 3 * WEEK + timedelta(days=3))
    async with life.running() as bot:
        await life.set_up(bot.desk.store)
        for week, shown in ((1, 1), (2, 2), (3, 2), (4, 3)):
            life.now = MONDAY + week * WEEK - timedelta(hours=1, seconds=1)
            assert await tick(bot) == 0  # summer time has begun: nine is an hour earlier
            life.now = MONDAY + week * WEEK
            assert await tick(bot) == 1
            assert await tick(bot) == 0
            assert len(life.digests()) == shown
    one, two, three = life.digests()
    assert "3 messages by 3 people in 1 thread: 3 new points" in one.text
    assert "Where people divided" in one.text
    assert "close the old bridge to cars" in one.text
    assert "for: ada, cyd · against: bob" in one.text
    assert first[0].jump_url in one.text
    assert "2 messages by 2 people in 1 thread: 1 new point, 1 that came back" in two.text
    assert "said 1 time before, first by ada on 3 March 2026" in two.text
    assert "ada changed sides" in two.text
    assert "close the old bridge" not in three.text
    assert "bob gave way" in three.text
    assert "lime trees" in three.text
    assert "lime trees" in three.file(".md").data.decode()
    assert all(message.flags & 1 << 12 for message in (one, two, three))  # silent: pings nobody


async def test_a_missed_slot_gives_one_wider_digest(life: Life) -> None:
    """Down for three weeks: one digest of all of it when it comes back, the next as usual."""
    life.talk(BRIDGE, MONDAY + timedelta(days=1))
    life.talk(TREES, MONDAY + 2 * WEEK + timedelta(days=1))
    async with open_store(life.store) as store:
        await life.set_up(store)
    life.now = MONDAY + 3 * WEEK + timedelta(days=2)
    async with life.running() as bot:
        assert await tick(bot) == 1
        assert await tick(bot) == 0
        (digest,) = life.digests()
        assert "5 messages by 4 people" in digest.text
        schedule = await bot.desk.store.schedules.get(life.guild.id)
        assert schedule is not None
        assert schedule.window_start == MONDAY + 3 * WEEK
        # nine in Berlin's summer time
        assert schedule.next_run_at == MONDAY + 4 * WEEK - timedelta(hours=1)
        life.talk(TREES, MONDAY + 3 * WEEK + timedelta(days=3))
        life.now = schedule.next_run_at
        assert await tick(bot) == 1
    assert "2 messages by 2 people" in life.digests()[1].text


async def test_the_local_time_holds_over_both_changes_of_the_clock(life: Life) -> None:
    """A Sunday digest at 02:30: in spring it does not exist, in autumn it comes twice."""
    night = Slot(weekday=6, at=time(2, 30), zone="Europe/Berlin")
    async with life.running() as bot:
        for start, due, after in (
            ("2026-03-23", "2026-03-29T01:30", "2026-04-05T00:30"),
            ("2026-10-19", "2026-10-25T00:30", "2026-11-01T01:30"),
        ):
            life.now = MONDAY.fromisoformat(f"{start}T00:00+00:00")
            await life.set_up(bot.desk.store, night, when_empty="line")
            at = MONDAY.fromisoformat(f"{due}+00:00")
            before = len(life.digests())
            for moment in (at - timedelta(minutes=1), at, at + timedelta(hours=1)):
                life.now = moment
                await tick(bot)
            assert len(life.digests()) == before + 1
            schedule = await bot.desk.store.schedules.get(life.guild.id)
            assert schedule is not None
            assert schedule.next_run_at == MONDAY.fromisoformat(f"{after}+00:00")


async def test_an_empty_week_is_silent_or_one_line(life: Life) -> None:
    """By setting; either way the window is closed."""
    async with life.running() as bot:
        await life.set_up(bot.desk.store)
        life.now = MONDAY + WEEK
        assert await tick(bot) == 1
        assert life.digests() == []
        await life.set_up(bot.desk.store, when_empty="line")
        life.now = MONDAY + 2 * WEEK
        assert await tick(bot) == 1
        (line,) = life.digests()
        assert "Nothing worth a digest" in line.text
        assert not line.embeds
        kept = await bot.desk.store.digests.history(life.guild.id)
        assert [one.status for one in kept] == ["posted", "silent"]


async def test_messages_are_read_once_and_none_is_lost(life: Life) -> None:
    """More than one page, a thread, and what is said at the very end of a window."""
    edge = MONDAY + WEEK
    many = [("ada", f"Item {i} should be listed.", None) for i in range(130)]
    life.talk(many, MONDAY + timedelta(days=1))
    starter = life.talk([("bob", "The well should be dug.", None)], MONDAY + timedelta(days=2))[0]
    thread = life.bed.thread(life.square, "Well", life.person("bob"), starter=starter)
    life.talk([("cyd", "No, it must stay.", None)], MONDAY + timedelta(days=2, hours=1), thread)
    life.talk([("dan", "The last word should count.", None)], edge - timedelta(milliseconds=2))
    life.talk([("eve", "The next week should begin.", None)], edge)
    async with life.running() as bot:
        await life.set_up(bot.desk.store)
        life.now = edge + timedelta(minutes=3)
        await tick(bot)
        assert "133 messages by 4 people in 2 threads" in life.digests()[0].text
        life.now = edge + WEEK
        await tick(bot)
        assert "1 message by 1 person in 1 thread" in life.digests()[1].text
        async with bot.desk.store.database.read() as connection:
            from sqlalchemy import func, select

            from bot.store.schema import posts

            assert await connection.scalar(select(func.count()).select_from(posts)) == 134
