"""What goes wrong around a digest: rights, channels, two bots, deletions."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.chat.courier import DiscordCourier
from bot.digest.model import Digest
from bot.digest.runner import STEPS, Runner
from bot.jobs.clerk import Window, Written
from bot.store import open_store
from bot.store.privacy import GRACE
from bot.store.schema import posts
from nlp.model import ArgumentMap, Thread
from tests.chat import small
from tests.chat.small import Progress
from tests.digest.conftest import MONDAY, WEEK, Life, tick
from tests.digest.test_weeks import BRIDGE, TREES

SECRET = [("mia", "The mayor should resign because 3 letters were found.", None)]


async def test_a_source_that_is_more_private_than_the_target_is_left_out(life: Life) -> None:
    """Its words never show; that something was left out does, without the channel's name."""
    life.talk(BRIDGE, MONDAY + timedelta(days=1))
    council = life.bed.channel(life.guild, "council")
    members = life.bed.role(life.guild, "members")
    life.people["mia"] = life.bed.person(life.guild, "mia", members)
    async with life.running() as bot:
        life.bed.allow(council, members, "view_channel")
        life.bed.allow(council, life.bed.bot, "view_channel")
        life.bed.deny(council, life.guild.everyone, "view_channel")
        life.talk(SECRET, MONDAY + timedelta(days=2), council)
        await life.bed.until(
            lambda: (
                not bot.get_channel(council.id)
                .permissions_for(  # type: ignore[union-attr]
                    bot.get_guild(life.guild.id).default_role  # type: ignore[union-attr,arg-type]
                )
                .view_channel
            )
        )
        await life.set_up(bot.desk.store)
        life.now = MONDAY + WEEK
        await tick(bot)
        (digest,) = life.digests()
        shown = digest.text + digest.file(".md").data.decode()
        assert "bridge" in shown
        assert "mayor" not in shown
        assert "council" not in shown
        assert "1 channel that not everybody who reads this may read" in shown
        # an administrator may confirm it
        await life.set_up(bot.desk.store, confirmed=(council.id,))
        life.now = MONDAY + 2 * WEEK
        life.talk(SECRET, MONDAY + WEEK + timedelta(days=1), council)
        await tick(bot)
        assert "mayor" in life.digests()[-1].text


async def test_a_channel_that_is_gone_pauses_and_tells_who_set_it(life: Life) -> None:
    """Once; nothing is tried again until somebody resumes it, and nothing is lost then."""
    life.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with life.running() as bot:
        await life.set_up(bot.desk.store)
        life.bed.deny(life.news, life.guild.everyone, "send_messages")
        channel = bot.get_channel(life.news.id)
        await life.bed.until(
            lambda: not channel.permissions_for(channel.guild.me).send_messages  # type: ignore[union-attr]
        )
        life.now = MONDAY + WEEK
        assert await tick(bot) == 0
        assert await tick(bot) == 0
        told = [m for c in life.bed.world.channels.values() for m in c.shown() if c.guild is None]
        assert len(told) == 1
        assert "paused" in told[0].text
        assert "Send Messages" in told[0].text
        life.bed.allow(life.news, life.guild.everyone, "send_messages")
        await life.bed.until(
            lambda: channel.permissions_for(channel.guild.me).send_messages  # type: ignore[union-attr]
        )
        await bot.desk.store.schedules.resume(life.guild.id, life.now)
        life.now = MONDAY + 2 * WEEK
        assert await tick(bot) == 1
        assert "bridge" in life.digests()[0].text


async def test_one_server_that_fails_stops_no_other(life: Life) -> None:
    """Discord fails for one; the other's digest comes, and the first one's at a later try."""
    other = life.bed.guild("Village")
    green = life.bed.channel(other, "green")
    nan = life.bed.person(other, "nan")
    life.bed.say(green, nan, "The pond should be cleaned.", quiet=True, at=MONDAY + timedelta(1))
    life.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with life.running() as bot:
        store = bot.desk.store
        await life.set_up(store)
        mine = await store.schedules.get(life.guild.id)
        assert mine is not None
        assert mine.set_by is not None
        settings = await store.guilds.settings(life.guild.id)
        await store.guilds.set(other.id, settings)
        await store.schedules.set(other.id, green.id, mine.slot, by=mine.set_by, now=MONDAY)
        life.bed.fail("POST", f"/channels/{life.news.id}/messages", 400, code=50035)
        life.now = MONDAY + WEEK
        assert await tick(bot) == 1
        assert life.digests() == []
        assert any("pond" in m.text for m in green.shown() if m.author is life.bed.bot)
        life.now += timedelta(minutes=2)
        assert await tick(bot) == 1
        assert len(life.digests()) == 1


async def test_a_post_that_took_effect_and_was_not_confirmed_is_not_doubled(life: Life) -> None:
    """Discord answers with an error after it took the message; hours later it is found again."""
    life.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with life.running() as bot:
        await life.set_up(bot.desk.store)
        life.bed.fail("POST", f"/channels/{life.news.id}/messages", 400, code=50035, after=True)
        life.now = MONDAY + WEEK
        assert await tick(bot) == 0
        assert len(life.digests()) == 1
        life.bed.rest._nonces.clear()  # Discord remembers a nonce for minutes only
        life.now += timedelta(hours=3)
        assert await tick(bot) == 1
        assert len(life.digests()) == 1
        (kept,) = await bot.desk.store.digests.history(life.guild.id)
        assert (kept.status, kept.place.message_id) == ("posted", life.digests()[0].id)


async def test_many_servers_due_at_once_get_one_each(life: Life) -> None:
    """Thirty in the same minute, ticked twice at once: one digest for each."""
    squares = []
    for i in range(30):
        guild = life.bed.guild(f"Village {i}")
        squares.append(life.bed.channel(guild, "green"))
        nan = life.bed.person(guild, f"nan{i}")
        words = f"Pond {i} should be cleaned."
        life.bed.say(squares[-1], nan, words, quiet=True, at=MONDAY + timedelta(days=1))
    async with life.running() as bot:
        store = bot.desk.store
        await life.set_up(store)
        mine = await store.schedules.get(life.guild.id)
        assert mine is not None
        assert mine.set_by is not None
        settings = await store.guilds.settings(life.guild.id)
        for green in squares:
            assert green.guild is not None
            await store.guilds.set(green.guild.id, settings)
            await store.schedules.set(
                green.guild.id, green.id, mine.slot, by=mine.set_by, now=MONDAY
            )
        life.now = MONDAY + WEEK
        await asyncio.gather(tick(bot), tick(bot))
        for i, green in enumerate(squares):
            (digest,) = (m for m in green.shown() if m.author is life.bed.bot)
            assert f"Pond {i} should be cleaned" in digest.text


async def test_two_bots_on_one_store_post_once(life: Life, tmp_path: Path) -> None:
    """Both see it due at the same moment; one posts."""
    life.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with life.running() as one, open_store(life.store) as store:
        await life.set_up(store)
        two = life.build(store)
        async with life.bed.running(two):
            life.now = MONDAY + WEEK
            done = await asyncio.gather(tick(one), tick(two))
            assert sum(done) == 1
            assert len(life.digests()) == 1


async def test_what_is_deleted_goes_from_the_digest_that_was_posted(life: Life) -> None:
    """The message is edited, its file too; then a person is erased in the middle of a week."""
    said = life.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with life.running() as bot:
        await life.set_up(bot.desk.store)
        life.now = MONDAY + WEEK
        await tick(bot)
        (digest,) = life.digests()
        assert "bakers" in digest.text
        life.bed.delete(said[1])
        await life.bed.until(lambda: "bakers" not in digest.text)
        assert "bakers" not in digest.file(".md").data.decode()
        assert "close the old bridge" in digest.text
        # cyd is erased in the middle of the second week, by herself, and opts out
        life.talk(TREES, MONDAY + WEEK + timedelta(days=1))
        life.talk([("cyd", "Limes should be felled.", None)], MONDAY + WEEK + timedelta(days=2))
        life.now = MONDAY + WEEK + timedelta(days=3)
        answer = life.bed.slash(
            life.person("cyd"), life.square, "crux privacy", action="erase and opt out"
        )
        await life.bed.until(lambda: any("Erased" in m.text for m in answer.shown))
        await life.bed.until(lambda: "cyd" not in digest.text + digest.file(".md").data.decode())
        life.now = MONDAY + 2 * WEEK
        await tick(bot)
        second = life.digests()[-1]
        assert "lime trees" in second.text
        assert "felled" not in second.text + second.file(".md").data.decode()
        assert "cyd" not in second.text + second.file(".md").data.decode()


async def test_what_is_deleted_while_it_is_read_is_not_kept(life: Life) -> None:
    """The deletion comes between the fetching of a message and its keeping."""
    said = life.talk(BRIDGE, MONDAY + timedelta(days=1))
    deleted = threading.Event()

    def analysis(thread: Thread, progress: Progress) -> ArgumentMap:
        life.bed.delete(said[1])
        deleted.wait(5)
        return small.analyze(thread, progress)

    async with life.running(analysis) as bot:
        await life.set_up(bot.desk.store)
        life.now = MONDAY + WEEK
        job = asyncio.create_task(tick(bot))
        await life.bed.until(lambda: bot.taken_back.among([said[1].id]))
        deleted.set()
        assert await job == 1
        (digest,) = life.digests()
        assert "close the old bridge" in digest.text
        assert "bakers" not in digest.text + digest.file(".md").data.decode()


async def test_an_older_edit_never_comes_last(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two deletions at once, the first one's files are written last: both are gone in the end."""
    said = life.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with life.running() as bot:
        await life.set_up(bot.desk.store)
        life.now = MONDAY + WEEK
        await tick(bot)
        (digest,) = life.digests()
        write, began, go = bot.desk.clerk.write, asyncio.Event(), asyncio.Event()

        async def slow(wanted: Window | Digest, **words: Any) -> Written:
            if not began.is_set():
                began.set()
                await go.wait()
            return await write(wanted, **words)

        monkeypatch.setattr(bot.desk.clerk, "write", slow)
        life.bed.delete(said[1])
        await asyncio.wait_for(began.wait(), 10)
        life.bed.delete(said[2])
        await life.bed.until(lambda: "two beams" not in digest.text)
        go.set()
        await life.bed.settle()
        await life.bed.until(
            lambda: not any(w in digest.file(".md").data.decode() for w in ("two beams", "bakers"))
        )
        assert "close the old bridge" in digest.text


@pytest.mark.parametrize("step", ["composed", "marked", "sent"])
async def test_what_is_deleted_while_it_is_posted_does_not_stay(life: Life, step: str) -> None:
    """Between composing and the store's knowing the message: it is not posted, or taken off."""
    said = life.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with life.running() as bot:
        store = bot.desk.store
        await life.set_up(store)
        life.now = MONDAY + WEEK
        cog: Any = bot.get_cog("Digests")

        def passed(now_at: str, _guild: int) -> None:
            if now_at == step:
                life.bed.delete(said[1])

        async def forgotten() -> bool:
            async with store.database.read() as connection:
                wanted = posts.c.external_id == str(said[1].id)
                return await connection.scalar(select(posts.c.id).where(wanted)) is None

        class Waiting(DiscordCourier):
            """Posts what was ready before the deletion was followed."""

            async def send(self, *words: object) -> int:
                while step == "marked" and not await forgotten():
                    await asyncio.sleep(0.01)
                return await super().send(*words)  # type: ignore[arg-type]

        cog.runner = Runner(
            store=store,
            courier=Waiting(bot),
            mapper=cog.runner._mapper,
            clerk=bot.desk.clerk,
            clock=life.clock,
            passed=passed,
        )
        assert await tick(bot) == 1
        (digest,) = life.digests()
        await life.bed.until(lambda: "bakers" not in digest.text + digest.file(".md").data.decode())
        assert "close the old bridge" in digest.text


async def test_every_way_of_taking_back_is_followed(life: Life) -> None:
    """Many at once, a thread, a channel; and the bot sent away, after its time of grace."""
    said = life.talk(BRIDGE, MONDAY + timedelta(days=1))
    green = life.bed.channel(life.guild, "green")
    starter = life.talk(TREES, MONDAY + timedelta(days=2), green)[0]
    thread = life.bed.thread(green, "Trees", life.person("eve"), starter=starter)
    life.talk([("dan", "The elms should stay.", None)], MONDAY + timedelta(days=3), thread)
    life.talk([("ada", "The fair should come back.", None)], MONDAY + timedelta(days=4))
    async with life.running() as bot:
        store = bot.desk.store
        await life.set_up(store)
        life.now = MONDAY + WEEK
        await tick(bot)
        (digest,) = life.digests()

        async def gone(*words: str) -> None:
            await life.bed.until(
                lambda: not any(w in digest.text + digest.file(".md").data.decode() for w in words)
            )

        life.bed.delete(*said[:2], bulk=True)
        await gone("close the old bridge", "bakers")
        assert "two beams" in digest.file(".md").data.decode()
        life.bed.remove_channel(thread)
        await gone("elms")
        life.bed.remove_channel(green)
        await gone("lime trees")
        assert "fair should come back" in digest.file(".md").data.decode()
        life.bed.kick_bot(life.guild)
        await life.bed.until(lambda: bot.get_guild(life.guild.id) is None)
        await life.bed.settle()
        await store.privacy.retain(life.now + GRACE - timedelta(hours=1))
        assert await store.schedules.get(life.guild.id) is not None
        await store.privacy.retain(life.now + GRACE)
        assert await store.schedules.get(life.guild.id) is None
        assert await store.digests.history(life.guild.id) == []


async def test_an_edit_is_forgotten_and_a_preview_of_a_link_is_not(life: Life) -> None:
    """Changed words leave the digest; what Discord adds to a message does not touch it."""
    said = life.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with life.running() as bot:
        await life.set_up(bot.desk.store)
        life.now = MONDAY + WEEK
        await tick(bot)
        (digest,) = life.digests()
        life.bed.edit(said[0], said[0].content)
        await life.bed.settle()
        assert "close the old bridge" in digest.text
        life.bed.edit(said[0], "I said nothing.")
        await life.bed.until(lambda: "close the old bridge" not in digest.text)


async def test_the_commands_set_up_show_and_pause(life: Life) -> None:
    """What a manager does, from setting up to the history; others are not let in."""
    life.talk(BRIDGE, MONDAY - timedelta(days=1))
    async with life.running() as bot:

        async def use(line: str, **options: object) -> str:
            answer = life.bed.slash(life.chief, life.square, line, **options)
            await life.bed.until(lambda: any(m.text for m in answer.shown))
            await life.bed.settle()
            return answer.shown[-1].text

        assert "no digest here yet" in await use("digest preview")
        where = {"channel": life.news, "day": "Monday", "at": "09:30"}
        assert "IANA" in await use("digest setup", **where, zone="Mars/Olympus")
        done = await use("digest setup", **where, zone="Europe/Berlin")
        assert f"<#{life.news.id}> each Monday at 09:30" in done
        assert f"<#{life.square.id}>" in await use("digest sources")
        life.now += timedelta(hours=1)
        settings = await bot.desk.store.guilds.settings(life.guild.id)
        assert settings.least_posts == 5
        assert "Nothing worth a digest" in await use("digest preview")
        life.talk(TREES, MONDAY - timedelta(hours=5))
        assert "lime trees" in await use("digest preview")
        assert life.digests() == []
        assert "Paused" in await use("digest pause")
        assert "paused" in await use("digest now")
        assert "goes on" in await use("digest resume")
        assert "Posted" in await use("digest now")
        assert len(life.digests()) == 1
        assert str(life.digests()[0].id) in await use("digest history")
        assert life.digests()[0].embeds


def test_the_kill_points_are_all_steps() -> None:
    """Another step needs another kill: see test_kill.py."""
    assert STEPS == ("claimed", "collected", "composed", "written", "marked", "sent", "done")
