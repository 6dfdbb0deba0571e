"""What the store promises, over memory, SQLite and PostgreSQL alike."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from bot.digest.calendar import Slot
from bot.digest.compose import compose
from bot.store import GuildSettings, Place, Store
from bot.store.recode import recode
from bot.store.schema import key_points, metadata, posts, relations, units
from bot.store.vectors import Rows
from nlp.model import ArgumentMap
from tests.integration.store.talk import (
    BENCH,
    CHANNEL,
    GUILD,
    MONDAY,
    Line,
    map_of,
    people_of,
    person,
    remember,
    vectors_of,
)

NAMES = [line.text for line in BENCH[:3]]
PLACE = Place(guild_id=GUILD, channel_id=CHANNEL, message_id=1_574_276_449_093_877_797)


async def counts(store: Store) -> dict[str, int]:
    """Give the number of rows of each table that has some."""
    async with store.database.read() as connection:
        found = {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in found.items() if count}


async def headlines(store: Store, guild: int = GUILD) -> list[str]:
    async with store.database.read() as connection:
        rows = await connection.scalars(
            select(key_points.c.headline)
            .where(key_points.c.guild_id == guild)
            .order_by(key_points.c.id)
        )
        return list(rows.all())


async def test_settings_are_defaults_until_set(store: Store) -> None:
    """A server that never set anything, and one whose stored values are no longer valid, both work."""
    assert await store.guilds.settings(GUILD) == GuildSettings()
    wanted = GuildSettings(sources=(2**62,), retention_days=7)
    await store.guilds.set(GUILD, wanted)
    assert await store.guilds.settings(GUILD) == wanted
    assert await store.guilds.settings(GUILD + 1) == GuildSettings()
    assert GuildSettings.read(
        {"retention_days": 10**6, "gone": 1, "sources": [5]}
    ) == GuildSettings(sources=(5,))
    with pytest.raises(ValueError, match="retention_days"):
        GuildSettings(retention_days=0)


async def test_a_map_comes_back_by_its_short_id(store: Store) -> None:
    """The same map, its place with whole snowflakes, who asked; and it can be deleted."""
    found = map_of(BENCH)
    kept = await store.maps.put(
        found, place=PLACE, now=MONDAY, people=people_of(found), requester=person("eve")
    )
    assert len(kept.id) <= 16
    assert await store.maps.get(kept.id) == kept
    await store.maps.sent(kept.id, replace(PLACE, message_id=7))
    again = await store.maps.get(kept.id)
    assert again is not None
    assert again.place.message_id == 7
    assert await store.maps.delete(kept.id)
    assert not await store.maps.delete(kept.id)
    assert await store.maps.get(kept.id) is None


async def test_mapping_a_thread_again_changes_nothing(store: Store) -> None:
    """Same rows, same key points: nothing doubles."""
    await remember(store, map_of(BENCH))
    first, names = await counts(store), await headlines(store)
    await remember(store, map_of(BENCH))
    assert await counts(store) == first
    assert await headlines(store) == names


async def test_a_thread_that_grew_is_brought_up_to_date(store: Store) -> None:
    """New posts are added; a unit that is no longer found goes, and a point without claims too."""
    await remember(store, map_of(BENCH))
    longer = [*BENCH[:2], replace(BENCH[2], point=None), *BENCH[3:]]
    longer.append(Line("6", "eve", "The benches in the park should be painted green", "green"))
    await remember(store, map_of(longer))
    async with store.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(posts)) == 6
        assert await connection.scalar(select(func.count()).select_from(units)) == 3
    assert len(await headlines(store)) == 2


async def test_a_point_that_returns_is_the_same_point(store: Store) -> None:
    """In another channel, weeks later, by somebody else: one point, with its whole history."""
    await remember(store, map_of(BENCH))
    later = MONDAY + timedelta(days=21)
    back = map_of(
        [
            Line("80", "eve", "Park benches should be painted green", "x"),
            Line("81", "fay", "Painted benches smell for weeks", "y", ("attack", "80")),
        ],
        start=later,
    )
    await remember(store, back, channel=CHANNEL + 1, now=later)
    async with store.database.read() as connection:
        ids = (await connection.scalars(select(key_points.c.id).order_by(key_points.c.id))).all()
    assert len(ids) == 4
    history = await store.points.history(GUILD, ids[0])
    assert history is not None
    assert [(said.by, said.at) for said in history.said] == [
        ("ann", MONDAY),
        ("eve", later),
    ]
    assert {said.channel_id for said in history.said} == {CHANNEL, CHANNEL + 1}
    assert len(history.attacked) == 2
    assert len(history.supported) == 1


async def test_a_point_never_becomes_its_denial(store: Store) -> None:
    """The same words with a "not" are another point, however near."""
    await remember(store, map_of(BENCH[:1]))
    denial = [Line("90", "bob", "The benches in the park should not be painted green", "no")]
    await remember(store, map_of(denial), channel=CHANNEL + 1)
    assert len(await headlines(store)) == 2


async def test_two_points_of_one_map_stay_two(store: Store) -> None:
    """Whoever mapped a thread told them apart; likeness to one stored point does not join them."""
    await remember(store, map_of(BENCH[:1]))
    two = [
        Line("90", "bob", "The benches in the park should be painted green", "a"),
        Line("91", "cho", "The benches in the park should be painted green", "b"),
    ]
    await remember(store, map_of(two), channel=CHANNEL + 1)
    assert len(await headlines(store)) == 2


async def test_points_never_cross_servers(store: Store) -> None:
    """Not by likeness, not by id, not by lookup."""
    await remember(store, map_of(BENCH))
    await remember(store, map_of(BENCH), guild=GUILD + 1)
    assert len(await headlines(store)) == len(await headlines(store, GUILD + 1)) == 3
    rows = vectors_of(map_of(BENCH))
    ours = await store.points.lookup(GUILD, rows, NAMES)
    theirs = await store.points.lookup(GUILD + 1, rows, NAMES)
    assert None not in ours
    assert not set(ours) & set(theirs)
    assert await store.points.lookup(GUILD + 2, rows, NAMES) == [None] * 3
    assert await store.points.history(GUILD + 1, ours[0] or 0) is None


async def test_lookup_sees_what_another_process_wrote(address: str, store: Store) -> None:
    """Kept matrices follow what others add and erase."""
    if address == "memory":
        pytest.skip("a store in memory is of one process")
    from bot.store import open_store

    rows = vectors_of(map_of(BENCH))
    async with open_store(address) as other:
        assert await store.points.lookup(GUILD, rows, NAMES) == [None] * 3
        await remember(other, map_of(BENCH))
        assert None not in await store.points.lookup(GUILD, rows, NAMES)
        await other.privacy.forget_posts(GUILD, ["2"], now=MONDAY)
        assert (await store.points.lookup(GUILD, rows, NAMES))[1] is None


async def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    """All of a map, or none of it; and the lookup is not led astray by what was undone."""
    await remember(store, map_of(BENCH[:1]))
    found = map_of(BENCH)
    broken = replace(
        found, relations=(*found.relations, replace(found.relations[0], source="nobody"))
    )
    before = await counts(store)
    with pytest.raises(KeyError):
        await remember(store, broken)
    assert await counts(store) == before
    rows = vectors_of(found)
    assert [p is None for p in await store.points.lookup(GUILD, rows, NAMES)] == [
        False,
        True,
        True,
    ]


async def test_two_who_write_at_once_do_not_double_a_point(store: Store) -> None:
    """Ten threads that make one point, remembered at the same time: one point."""

    def thread(i: int) -> ArgumentMap:
        line = Line(f"{i}00", f"p{i}", "The benches in the park should be painted green", "g")
        return map_of([line])

    await asyncio.gather(*(remember(store, thread(i), channel=CHANNEL + i) for i in range(10)))
    assert len(await headlines(store)) == 1


async def test_who_grants_something_and_attacks_is_kept_as_an_attack(store: Store) -> None:
    """A concession is two relations on a map, and one row in the store."""
    found = map_of(BENCH)
    first = found.relations[0]
    both = tuple(replace(first, type=kind) for kind in ("attack", "support"))
    for order in (both, both[::-1]):
        await remember(store, replace(found, relations=order))
        async with store.database.read() as connection:
            kept = (await connection.execute(select(relations.c.type))).scalars().all()
        assert list(kept) == ["attack"]


async def test_people_who_opted_out_are_not_kept(store: Store) -> None:
    """Neither in the memory nor on a map with buttons, whoever forgot to leave them out before."""
    bob = person("bob")
    await store.privacy.erase_person("discord", bob.id, now=MONDAY, opt_out=True)
    assert await store.privacy.opted_out("discord", [bob.id, person("ann").id]) == {bob.id}
    await remember(store, found := map_of(BENCH))
    kept = await store.maps.put(found, place=PLACE, now=MONDAY, people=people_of(found))
    assert {post.author for post in kept.found.thread.posts} == {"ann", "cho", "dee"}
    async with store.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(posts)) == 3
        assert await connection.scalar(select(func.count()).select_from(relations)) == 1
    await store.privacy.opt_in("discord", bob.id)
    assert await store.privacy.opted_out("discord", [bob.id]) == set()


async def test_a_schedule_is_claimed_by_one(store: Store) -> None:
    """Of two who see it due, one gets it; a lease that ran out frees it; a failure waits longer."""
    slot = Slot(weekday=0, at=time(9), zone="Europe/Berlin")
    made = await store.schedules.set(GUILD, CHANNEL, slot, by=person("ann"), now=MONDAY)
    due = made.next_run_at
    lease = timedelta(minutes=15)
    assert await store.schedules.due(due - timedelta(seconds=1)) == []
    assert not await store.schedules.claim(GUILD, "one", due - timedelta(seconds=1), lease)
    assert [found.guild_id for found in await store.schedules.due(due)] == [GUILD]
    taken = await asyncio.gather(
        *(store.schedules.claim(GUILD, owner, due, lease) for owner in ("one", "two", "three"))
    )
    assert sum(taken) == 1
    assert await store.schedules.due(due) == []
    assert await store.schedules.claim(GUILD, "late", due + lease, lease)
    assert not await store.schedules.renew(GUILD, "one", due + lease, lease)
    for minutes in (1, 2, 4):
        await store.schedules.failed(GUILD, "late", due)
        assert await store.schedules.due(due + timedelta(minutes=minutes, seconds=-1)) == []
        assert await store.schedules.claim(GUILD, "late", due + timedelta(minutes=minutes), lease)


async def test_a_window_is_closed_by_whoever_holds_it(store: Store) -> None:
    """Digest out, next time, next window: all at once, and never by who lost the lease."""
    slot = Slot(weekday=0, at=time(9), zone="Europe/Berlin")
    made = await store.schedules.set(GUILD, CHANNEL, slot, by=person("ann"), now=MONDAY)
    due, lease = made.next_run_at, timedelta(minutes=15)
    await remember(store, map_of(BENCH))
    facts = await store.weeks.facts(GUILD, made.window_start, due)
    kept = await store.digests.add(compose(facts))
    assert await store.schedules.claim(GUILD, "one", due, lease)

    async def finish(owner: str) -> bool:
        return await store.schedules.finish(
            made, owner, digest=kept.id, window_end=due, now=due, message=77
        )

    assert not await finish("two")
    assert await finish("one")
    assert not await finish("one")
    after = await store.schedules.get(GUILD)
    posted = await store.digests.get(kept.id)
    assert after is not None
    assert posted is not None
    assert (after.window_start, after.next_run_at) == (due, due + timedelta(days=7))
    assert (posted.status, posted.place.message_id) == ("posted", 77)
    await store.schedules.pause(GUILD, "the channel is gone")
    assert await store.schedules.due(due + timedelta(days=60)) == []
    await store.schedules.resume(GUILD, due + timedelta(days=60))
    again = await store.schedules.get(GUILD)
    assert again is not None
    assert (again.paused, again.window_start) == (None, due)


async def test_points_of_another_encoder_are_encoded_anew(store: Store) -> None:
    """They are not compared before; after, they are found, also those whose words are gone."""
    await remember(store, map_of(BENCH))
    await store.privacy.retain(MONDAY + timedelta(days=40))
    other = [replace(line, id=f"7{line.id}", text=f"{line.text} today", on=None) for line in BENCH]
    await remember(store, map_of(other[:2]), channel=CHANNEL + 1, now=MONDAY)
    later = Store(store.database, "another encoder")
    rows = vectors_of(map_of(BENCH))
    assert await later.points.lookup(GUILD, rows, NAMES) == [None] * 3

    async def encode(texts: Sequence[str]) -> Rows:
        lines = [Line(f"{i}", "x", text, f"p{i}") for i, text in enumerate(texts)]
        return vectors_of(map_of(lines))

    count = len(await headlines(store))
    assert await recode(later, encode) == count
    assert None not in await later.points.lookup(GUILD, rows, NAMES)
    assert await recode(later, encode) == 0
