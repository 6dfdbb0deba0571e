"""What `/crux status` and `/crux settings` say."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import TYPE_CHECKING

import discord

from bot.chat.audience import NAMES, plain
from bot.store.values import GuildSettings

if TYPE_CHECKING:
    from bot.chat.client import Crux


def describe(bot: Crux, interaction: discord.Interaction[Crux]) -> str:
    """Say whether the bot is well and what it may do in the channel of an interaction."""
    waiting = bot.desk.analyst.waiting()
    latency = bot.latency
    lines = [
        f"**Crux {version('crux-map')}**",
        f"Maps waiting or being made: {waiting}",
        f"Line to Discord: {latency * 1000:.0f} ms" if math.isfinite(latency) else "Line: down",
    ]
    if bot.intents.message_content:
        lines.append("Message Content intent: on")
    else:
        lines.append(
            "Message Content intent: **off**. Mentions with pasted text, files, `/paste` and the "
            "message menu work; threads and channels cannot be read. Whoever runs me turns it on "
            "in the Developer Portal: Bot, Privileged Gateway Intents."
        )
    if interaction.guild is not None:
        have = interaction.app_permissions
        thread = isinstance(interaction.channel, discord.Thread)
        skipped = "send_messages" if thread else "send_messages_in_threads"
        lacking = [n for key, n in NAMES.items() if key != skipped and not getattr(have, key)]
        lines.append(
            f"In this channel I lack {plain(lacking)}." if lacking else "I have all I need here."
        )
    return "\n".join(lines)


def settings(values: GuildSettings) -> str:
    """Say what a server has set."""
    channels = ", ".join(f"<#{key}>" for key in values.left_out) or "none"
    roles = ", ".join(f"<@&{key}>" for key in values.roles) or "everybody"
    shown = "to the person who asks alone" if values.private_replies else "to the channel"
    return "\n".join(
        [
            "**Settings of this server**",
            f"Maps are shown: {shown} (`private_replies`)",
            f"Who may ask: {roles} (`only_role`, `any_role`)",
            f"Channels left out: {channels} (`leave_out`, `take_in`)",
            f"Maps are kept: {values.retention_days} days (`keep_days`)",
        ]
    )
