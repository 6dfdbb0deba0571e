"""A stored map as one Discord message: embed, picture, files, buttons."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.jobs.painter import Painter
from bot.views import discord as view
from bot.views.formats import FORMS
from nlp.model import ArgumentMap

EXPORTS = tuple(name for name in FORMS if name != "terminal")
ATTACHED = ("markdown", "json")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A rendered file."""

    name: str
    data: bytes

    def file(self) -> discord.File:
        """Give it as discord.py sends it; a new one for each try."""
        return discord.File(io.BytesIO(self.data), self.name)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What a message shows of a map."""

    card: view.Card
    papers: tuple[Paper, ...]

    def embed(self, *, picture: bool = True) -> discord.Embed:
        """Give the embed, with the picture in it where one is attached."""
        made = embed_of(self.card)
        shown = next((p.name for p in self.papers if p.name.endswith(".png")), None)
        if shown and picture:
            made.set_image(url=f"attachment://{shown}")
        return made

    def files(self) -> list[discord.File]:
        """Give the files, new for each try of sending."""
        return [paper.file() for paper in self.papers]


def embed_of(card: view.Card) -> discord.Embed:
    """Give a card as discord.py's embed."""
    made = discord.Embed(
        title=card.title or None, description=card.description or None, colour=card.colour
    )
    for name, value in card.fields:
        made.add_field(name=name, value=value, inline=False)
    if card.footer:
        made.set_footer(text=card.footer)
    return made


async def draw(painter: Painter, found: ArgumentMap, *, key: str, note: str, room: int) -> Drawn:
    """Render a map for a message; `room` is the most bytes of one file."""
    written = await painter.paint(found, ("png", *ATTACHED))
    large = [form for form, data in written.items() if len(data) > room]
    if large:
        note = f"{note} Too large to attach: {', '.join(large)}."
    papers = [paper(form, data, key) for form, data in written.items() if form not in large]
    card = await asyncio.to_thread(view.card, found, note)
    return Drawn(card=card, papers=tuple(papers))


def paper(form: str, data: bytes, key: str) -> Paper:
    """Name a written map."""
    return Paper(name=f"crux-map-{key.strip('-_')}{FORMS[form].suffix}", data=data)


def exports() -> Sequence[tuple[str, str]]:
    """List the forms of the export menu: name, and what it is for."""
    return [(name, FORMS[name].says) for name in EXPORTS]
