"""`/crux privacy`: what is held of a person, given to that person, and erased when they say so."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Literal

import discord

from bot.chat.forget import redraw
from bot.chat.taken import PLATFORM

if TYPE_CHECKING:
    from bot.chat.client import Crux

Action = Literal["export", "erase", "erase and opt out", "opt in again"]


async def act(interaction: discord.Interaction[Crux], action: Action) -> None:
    """Do what a person asks about their own data; the answer is for them alone."""
    bot, me = interaction.client, str(interaction.user.id)
    privacy = bot.desk.store.privacy
    await interaction.response.defer(ephemeral=True, thinking=True)
    if action == "export":
        found = await privacy.export(PLATFORM, me)
        data = json.dumps(found, ensure_ascii=False, indent=2).encode()
        await interaction.edit_original_response(
            content=f"This is all that I hold of you, {len(found['posts']):,} messages in all.",
            attachments=[discord.File(io.BytesIO(data), "crux-my-data.json")],
        )
        return
    if action == "opt in again":
        await privacy.opt_in(PLATFORM, me)
        await interaction.edit_original_response(content="I read your messages again from now on.")
        return
    out = action == "erase and opt out"
    erased = await privacy.erase_person(PLATFORM, me, now=bot.desk.clock(), opt_out=out)
    await redraw(bot, erased)
    posts = erased.counts.get("posts", 0)
    said = f"Erased: {posts:,} of your messages, and all that rested on them"
    shown = len(erased.shown)
    said += f"; {shown:,} maps and digests were edited." if shown else "."
    if out:
        said += " From now on I leave out what you write; your id is kept to know that."
    await interaction.edit_original_response(content=said)
