"""What `crux doctor` looks at on Discord's side: token, intents, rights, commands, clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import discord
from discord import app_commands
from discord.http import Route

from bot.chat.audience import NAMES
from bot.chat.client import NEEDS, invite_link

PORTAL = "Developer Portal, your application"
CLOCK_OFF = 3.0  # seconds: with more, answers within Discord's deadlines are judged wrongly
LISTED = 5  # servers named one by one

Found = tuple[str, bool, str]


async def examine(token: str) -> AsyncIterator[Found]:
    """Look at one thing after the other: name, whether it is well, what was seen or the cure."""
    client = discord.Client(intents=discord.Intents.none())
    async with client:
        try:
            await client.login(token)
        except discord.LoginFailure:
            yield "Discord login", False, f"the token is not known: {PORTAL}, Bot, Reset Token"
            return
        except (aiohttp.ClientError, OSError) as error:
            name = type(error).__name__
            yield "Discord login", False, f"discord.com cannot be reached ({name}): the network?"
            return
        yield "Discord login", True, f"as {client.user}"
        yield _intents(client)
        for found in await _rights(client):
            yield found
        yield await _commands(client)
        yield await _clock()


def _intents(client: discord.Client) -> Found:
    flags = client.application_flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return "intents", True, "Message Content is on"
    return (
        "intents",
        False,
        (
            f"Message Content is off: {PORTAL}, Bot, Privileged Gateway Intents. Without it "
            "threads and channels cannot be read; mentions, pasted text and files work."
        ),
    )


async def _rights(client: discord.Client) -> list[Found]:
    """Look at the rights that each server gives the bot, before channels' own settings."""
    assert client.application_id is not None
    link = invite_link(client.application_id)
    guilds = await client.http.get_guilds(200)
    if not guilds:
        return [("servers", False, f"in none: invite the bot with {link}")]
    lacking = {
        str(guild["name"]): names
        for guild in guilds
        if (names := _lacking(discord.Permissions(int(guild.get("permissions", 0)))))
    }
    if not lacking:
        return [("permissions", True, f"all that is needed, in {len(guilds)} servers")]
    return [
        ("permissions", False, f"{name} lacks {', '.join(names)}: invite again with {link}")
        for name, names in list(lacking.items())[:LISTED]
    ]


def _lacking(have: discord.Permissions) -> list[str]:
    if have.administrator:
        return []
    return [NAMES[name] for name, needed in NEEDS if needed and not getattr(have, name)]


async def _commands(client: discord.Client) -> Found:
    names = _sorted(await app_commands.CommandTree(client).fetch_commands())
    if not names:
        return "commands", False, "none is registered: run crux bot --sync once"
    return "commands", True, ", ".join(names)


def _sorted(commands: Iterable[app_commands.AppCommand]) -> list[str]:
    return sorted(command.name for command in commands)


async def _clock() -> Found:
    """Compare this machine's clock with Discord's."""
    async with aiohttp.ClientSession() as session, session.get(f"{Route.BASE}/gateway") as answer:
        theirs = parsedate_to_datetime(answer.headers["Date"])
    off = (datetime.now(UTC) - theirs).total_seconds() - 0.5  # the header has whole seconds
    if abs(off) > CLOCK_OFF:
        return "clock", False, f"{off:+.0f} s off Discord's: set it by NTP"
    return "clock", True, "agrees with Discord's"
