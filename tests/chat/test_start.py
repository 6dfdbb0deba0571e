"""Starting, stopping and looking after the bot: settings, intents, doctor, commands."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from bot import app
from bot.chat import checkup
from bot.chat.client import NEEDS, Crux
from bot.errors import CruxError
from bot.jobs.inline import InlineAnalyst
from bot.jobs.painter import InlinePainter
from bot.settings import Settings, load
from tests.chat import small
from tests.chat.conftest import Town, says
from tests.conftest import ROOT
from tests.conftest import Crux as Command
from tests.discord_bed import TOKEN, pointed_at


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Put the small analysis in the place of the processes, and give the settings of an operator."""
    monkeypatch.setattr(app, "ProcessAnalyst", lambda *_, **__: InlineAnalyst(small.analyze))
    monkeypatch.setattr(app, "ProcessPainter", InlinePainter)
    monkeypatch.setattr(app, "settle", lambda: None)
    # a client that is closed before discord.py's two seconds for late servers says "ready" too late
    monkeypatch.setattr(app, "Crux", partial(Crux, guild_ready_timeout=0.05))
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    return Settings(
        discord_token_file=file,
        database=str(tmp_path / "crux.db"),
        user_cooldown=0,
        channel_cooldown=0,
    )


@contextlib.asynccontextmanager
async def run(town: Town, settings: Settings):
    """Run the bot as `crux bot` does."""
    with pointed_at(town.bed.base):
        task = asyncio.create_task(app.run(settings))
        town.bed.watch(task)
        try:
            await town.bed.until(lambda: bool(town.bed.gateway.sessions))
            yield task
        finally:
            await asyncio.sleep(0.2)
            town.bed.unwatch(task)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def test_the_bot_starts_without_the_content_intent(town: Town, light: Settings) -> None:
    """Where the portal's switch is off the bot starts all the same, and says what is missing."""
    town.bed.gateway.message_content = False
    async with run(town, light):
        await town.bed.until(lambda: town.bed.gateway.identifies == 2)
        town.talk(town.square)
        town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("Message Content"))


async def test_the_bot_runs_from_its_composition_root(town: Town, light: Settings) -> None:
    """`app.run` builds the parts, answers, and stops in order when it is cancelled."""
    town.talk(town.square)
    async with run(town, light):
        await town.map_of(town.ada)


async def test_a_wrong_token_is_one_clear_line(town: Town, light: Settings) -> None:
    """Discord's refusal names the way to a new token."""
    town.bed.gateway.token = "another"
    with pointed_at(town.bed.base), pytest.raises(CruxError, match="Reset Token"):
        await app.run(light)


async def test_an_unreachable_discord_is_one_clear_line(light: Settings) -> None:
    """Without a network the line says so."""
    with pointed_at("http://127.0.0.1:9"), pytest.raises(CruxError, match="cannot be reached"):
        await app.run(light)


async def test_sync_is_explicit_and_registers_all(town: Town, light: Settings) -> None:
    """Starting registers nothing; `crux bot --sync` does, for all servers or for one."""
    async with run(town, light):
        assert town.bed.commands(town.guild) == []
    with pointed_at(town.bed.base):
        assert set(await app.sync(light, town.guild.id)) >= {"map", "paste", "crux"}
        assert town.bed.commands() == []
        await app.sync(light)
        with pytest.raises(CruxError, match="not in the server"):
            await app.sync(light, 42)
    assert {c["name"] for c in town.bed.commands()} >= {"map", "paste", "crux", "Map this thread"}


async def test_doctor_sees_what_is_wrong_on_discords_side(town: Town) -> None:
    """Intents, permissions, commands and clock are each found, with the cure."""
    with pointed_at(town.bed.base):
        well = {name: ok async for name, ok, _ in checkup.examine(TOKEN)}
        assert well == {
            "Discord login": True,
            "intents": True,
            "permissions": True,
            "commands": False,
            "clock": True,
        }
        town.bed.gateway.message_content = False
        town.guild.everyone.permissions &= ~(1 << 14)
        lines = {name: line async for name, ok, line in checkup.examine(TOKEN) if not ok}
        assert "Privileged Gateway Intents" in lines["intents"]
        assert "Town lacks Embed Links" in lines["permissions"]
        assert "crux bot --sync" in lines["commands"]
        (login,) = [found async for found in checkup.examine("x" * 70)]
        assert "Reset Token" in login[2]


def test_settings_name_every_wrong_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """All wrong values come in one line; a token never shows."""
    monkeypatch.setenv("CRUX_MOST_MESSAGES", "many")
    monkeypatch.setenv("CRUX_QUEUE", "0")
    with pytest.raises(CruxError, match=r"CRUX_MOST_MESSAGES.*CRUX_QUEUE"):
        load()
    monkeypatch.setenv("CRUX_MOST_MESSAGES", "100")
    monkeypatch.setenv("CRUX_QUEUE", "1")
    monkeypatch.setenv("CRUX_DISCORD_TOKEN", TOKEN)
    assert TOKEN not in repr(load())


def test_crux_bot_without_a_token_is_one_clear_line(crux: Command) -> None:
    """No token, a wrong form, a missing file: exit code 2 and the way out."""
    for env, word in (
        ({"CRUX_DISCORD_TOKEN": ""}, "CRUX_DISCORD_TOKEN"),
        ({"CRUX_DISCORD_TOKEN": "secret"}, "form of a bot token"),
        ({"CRUX_DISCORD_TOKEN_FILE": "/no/such/file"}, "cannot be read"),
    ):
        done = crux("bot", **env)
        assert done.returncode == 2, done.stderr
        assert word in done.stderr.decode()
        assert done.stderr.count(b"\n") == 1


def test_the_readme_invites_with_exactly_what_is_needed() -> None:
    """The permissions in the README's link are those that the bot asks for."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"permissions={NEEDS.value}\n" in text


async def test_a_signal_to_end_closes_what_was_opened(town: Town, light: Settings) -> None:
    """SIGTERM, as systemd sends it, ends the bot in order and without an error."""
    with pointed_at(town.bed.base):
        task = asyncio.create_task(app.serve(light))
        await town.bed.until(lambda: bool(town.bed.gateway.sessions))
        await asyncio.sleep(0.2)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 10)
    asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
