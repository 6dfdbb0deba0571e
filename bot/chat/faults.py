"""What people are told when something goes wrong: one sentence, an id, and the rest in the log."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

import discord
from discord import app_commands

from bot.errors import CruxError, places_of

_log = logging.getLogger("crux.chat")

GONE = (10062, 10015, 50027, 40060)  # codes of an interaction that can no longer be answered


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What a person reads of an error; `number` is in the log beside its kind and places."""

    text: str
    number: str | None = None


def explain(error: BaseException, where: str) -> Fault:
    """Turn an error to a sentence. What is no fault of the reader's is logged with an id."""
    error = getattr(error, "original", error)
    if isinstance(error, CruxError):
        return Fault(text=str(error))
    if isinstance(error, app_commands.CheckFailure):
        return Fault(text="You may not use that here.")
    number = secrets.token_hex(4)
    _log.error("error %s in %s: %s", number, where, places_of(error))
    if isinstance(error, discord.Forbidden):
        said = (
            "Discord does not let me do that here: I need **View Channel**, **Read Message "
            "History**, **Send Messages**, **Embed Links** and **Attach Files**."
        )
    elif isinstance(error, discord.RateLimited):
        said = f"Discord asks me to wait {error.retry_after:.0f} seconds: try again after that."
    elif isinstance(error, discord.DiscordServerError):
        said = "Discord has trouble answering: try again in a minute."
    elif isinstance(error, discord.NotFound):
        said = "What I was working on is gone: it was deleted meanwhile."
    else:
        said = "Something went wrong on my side. Nothing of yours is lost; try once more."
    return Fault(text=f"{said} (error {number})", number=number)


async def answer(interaction: discord.Interaction, error: BaseException, where: str) -> None:
    """Tell the person of an interaction, by whichever way is still open; never raises."""
    original = getattr(error, "original", error)
    if isinstance(original, discord.HTTPException) and original.code in GONE:
        _log.warning("%s: the interaction could no longer be answered (%s)", where, original.code)
        return
    fault = explain(error, where)
    await say(interaction, fault.text)


async def say(interaction: discord.Interaction, text: str) -> None:
    """Answer so that only the person sees it, as a first answer or a further one; never raises."""
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text[:2000], ephemeral=True)
        else:
            await interaction.response.send_message(text[:2000], ephemeral=True)
    except discord.HTTPException as failed:
        _log.warning("an answer could not be given: %s", failed.code)
