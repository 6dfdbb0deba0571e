"""The form of `/paste`: text and a file, through the same readers as the command line."""

from __future__ import annotations

import io
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.chat import faults

PREFIX = "crux:paste:"
MOST = 4000  # characters that an input of Discord's takes

Send = Callable[[discord.Interaction, str, "list[discord.Attachment]"], Awaitable[None]]


class PasteForm(discord.ui.Modal, title="Map a discussion"):
    """Asks for a discussion; by PREFIX in its id a form from before a restart is known."""

    words: discord.ui.Label[Any] = discord.ui.Label(
        text="The discussion, copied from anywhere",
        description="LinkedIn, Reddit, Hacker News, X, forums, chats: as the browser copies it.",
        component=discord.ui.TextInput(
            custom_id="words",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=MOST,
            placeholder="Longer than 4,000 characters? Put it in a file.",
        ),
    )
    file: discord.ui.Label[Any] = discord.ui.Label(
        text="Or a file",
        description=".txt .json .md .html .csv",
        component=discord.ui.FileUpload(custom_id="file", required=False, max_values=1),
    )

    def __init__(self, send: Send) -> None:
        super().__init__(timeout=3600, custom_id=PREFIX + secrets.token_hex(6))
        self._send = send

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Pass on what was given."""
        words, file = self.words.component, self.file.component
        text = words.value if isinstance(words, discord.ui.TextInput) else ""
        files = list(file.values) if isinstance(file, discord.ui.FileUpload) else []
        await self._send(interaction, text, files)

    async def on_error(  # type: ignore[override] # a modal's has no item
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        """Tell the person, with an id."""
        await faults.answer(interaction, error, "/paste")


def typed(interaction: discord.Interaction) -> str:
    """Give the text that somebody typed in a form, whichever process opened it."""
    data: Any = interaction.data or {}
    for part in data.get("components", []):
        inner = part.get("component") or {}
        if inner.get("custom_id") == "words":
            return str(inner.get("value") or "")
    return ""


async def give_back(interaction: discord.Interaction, text: str, says: str) -> None:
    """Give somebody's text back as a file, with why it could not be used."""
    options: dict[str, Any] = {"content": says, "ephemeral": True}
    if text:
        options["file"] = discord.File(io.BytesIO(text.encode()), "your-text.txt")
    if interaction.response.is_done():
        await interaction.followup.send(**options)
    else:
        await interaction.response.send_message(**options)
