"""Digests made by worker processes through a real PostgreSQL; the bot only talks."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, text

from bot.digest import compose
from bot.store import Store, migrate, url
from bot.store.schema import metadata, work
from bot.views.digests import picture
from nlp import encoder
from tests.digest.conftest import MONDAY, WEEK, Life, tick
from tests.digest.test_weeks import BRIDGE
from tests.discord_bed import Bed
from tests.integration.store.test_workers import worker


@pytest.fixture
def town(postgres: str) -> Iterator[Life]:
    """Give a server whose store is in PostgreSQL."""
    migrate.upgrade(url.parse(postgres))
    engine = create_engine(url.parse(postgres))
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()
    with Bed() as bed:
        yield Life(bed, postgres)


async def until(true: Callable[[list[str]], bool], store: Store) -> None:
    """Wait until what the workers say of their work is so."""
    async with asyncio.timeout(60):
        while True:
            async with store.database.read() as connection:
                steps = (await connection.scalars(select(work.c.step))).all()
            if true(list(steps)):
                return
            await asyncio.sleep(0.05)


async def test_a_worker_killed_in_the_middle_of_a_digest_loses_nothing(
    town: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker makes it; it is posted once, with its picture; the bot did none of the work."""
    monkeypatch.setattr("bot.jobs.errands.DEAD_AFTER", 1.0)
    monkeypatch.setattr("bot.jobs.errands.RESCUE_EVERY", 0.5)

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("the bot does a worker's work")

    for module, name in ((compose, "compose"), (picture, "render"), (encoder, "default_encoder")):
        monkeypatch.setattr(module, name, never)
    monkeypatch.setattr("bot.jobs.clerk.compose", never)
    town.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with town.running(workers=True) as bot:
        store = bot.desk.store
        await town.set_up(store)
        town.now = MONDAY + WEEK
        first = await worker(town.store, 0.0, drawing=600.0)
        job = asyncio.create_task(tick(bot))
        try:
            await until(lambda steps: steps == ["drawing"], store)
            assert not job.done()
            async with store.database.read() as connection:
                args = await connection.scalars(text("SELECT args::text FROM procrastinate_jobs"))
                assert all("bridge" not in one for one in args)
        finally:
            os.kill(first.pid, signal.SIGKILL)
            await first.wait()
        second = await worker(town.store, 0.0)
        try:
            assert await asyncio.wait_for(job, 90) == 1
            (digest,) = town.digests()
            assert "3 messages by 3 people in 1 thread" in digest.text
            assert digest.file(".png").data.startswith(b"\x89PNG")
            assert "close the old bridge" in digest.file(".md").data.decode()
            assert await tick(bot) == 0
            async with store.database.read() as connection:
                assert await connection.scalar(select(func.count()).select_from(work)) == 0
        finally:
            second.terminate()
            await second.wait()


async def test_what_is_taken_back_does_not_wait_for_a_worker(
    town: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no worker running, words and files go at once; the files come back with a worker."""
    monkeypatch.setattr("bot.chat.forget.PATIENCE", 0.2)
    said = town.talk(BRIDGE, MONDAY + timedelta(days=1))
    async with town.running(workers=True) as bot:
        await town.set_up(bot.desk.store)
        town.now = MONDAY + WEEK
        first = await worker(town.store, 0.0)
        try:
            assert await asyncio.wait_for(tick(bot), 90) == 1
        finally:
            first.terminate()
            await first.wait()
        (digest,) = town.digests()
        town.bed.delete(said[1])
        await town.bed.until(lambda: "bakers" not in digest.text and not digest.attachments)
        assert "2 messages by 2 people" in digest.text
        second = await worker(town.store, 0.0)
        try:
            await town.bed.until(lambda: digest.file(".png") is not None, within=60)
            assert "bakers" not in digest.file(".md").data.decode()
        finally:
            second.terminate()
            await second.wait()
