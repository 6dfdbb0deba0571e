"""kill -9 between each two steps of a digest, then a restart: one post, and one alone.

Eight kill points: after each of the seven steps, and after the message is out but before the bot has
read Discord's answer.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.digest.runner import LEASE, STEPS, Runner
from bot.store import open_store
from tests.digest.conftest import MONDAY, WEEK, Life, tick
from tests.digest.test_weeks import BRIDGE

POINTS = (*STEPS, "answered")


async def die_at(base: str, store_file: str, point: str, now: str) -> None:
    """Run a real bot in this process until it kills itself at a point."""
    from bot import app
    from bot.chat import courier
    from bot.jobs.inline import InlineAnalyst
    from bot.jobs.painter import InlinePainter
    from bot.settings import Settings
    from tests.chat import small
    from tests.discord_bed import TOKEN, pointed_at

    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def passed(step: str, _guild: int) -> None:
        if step == point:
            kill()

    class Dying(courier.DiscordCourier):
        async def send(self, *words: object) -> int:
            sent = await super().send(*words)  # type: ignore[arg-type]
            if point == "answered":
                kill()
            return sent

    with pointed_at(base):
        async with open_store(store_file) as store:
            bot = app.build(
                Settings(tick=300),
                app.Parts(
                    analyst=InlineAnalyst(small.analyze),
                    painter=InlinePainter(),
                    store=store,
                    clock=lambda: datetime.fromisoformat(now),
                ),
            )
            bot._connection.guild_ready_timeout = 0.05
            await bot.login(TOKEN)
            task = asyncio.create_task(bot.connect())
            await bot.wait_until_ready()
            cog: Any = bot.get_cog("Digests")
            cog.runner = Runner(
                store=store,
                courier=Dying(bot),
                mapper=cog.runner._mapper,
                clerk=bot.desk.clerk,
                clock=bot.desk.clock,
                passed=passed,
            )
            await cog.runner.tick()
            task.cancel()
    raise SystemExit(f"it lived through {point}")


@pytest.mark.parametrize("point", POINTS)
async def test_one_post_whatever_kills_it_when(life: Life, point: str) -> None:
    """The process is killed at the point; another takes over when the lease is over."""
    life.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with open_store(life.store) as store:
        await life.set_up(store)
    life.now = MONDAY + WEEK
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.digest.test_kill",
        life.bed.base,
        life.store,
        point,
        life.now.isoformat(),
    )
    assert await process.wait() == -signal.SIGKILL
    life.bed.rest._nonces.clear()  # Discord remembers a nonce for minutes only
    async with life.running() as bot:
        life.now += LEASE - timedelta(seconds=1)
        if point != "done":
            assert await tick(bot) == 0  # still leased to the dead
        life.now += timedelta(seconds=2)
        assert await tick(bot) == (0 if point == "done" else 1)
        (digest,) = life.digests()
        assert "3 messages by 3 people in 1 thread" in digest.text
        assert digest.file(".png").data.startswith(b"\x89PNG")
        assert digest.file(".md").data
        schedule = await bot.desk.store.schedules.get(life.guild.id)
        assert schedule is not None
        assert schedule.window_start == MONDAY + WEEK
        (kept,) = await bot.desk.store.digests.history(life.guild.id)
        assert (kept.status, kept.place.message_id) == ("posted", digest.id)


if __name__ == "__main__":
    asyncio.run(die_at(*sys.argv[1:5]))
