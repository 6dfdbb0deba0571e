"""The buttons and menus of a map: they hold a short id, and work after any restart."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import discord

from bot.chat import faults
from bot.chat.audience import may_read
from bot.chat.drawing import draw, embed_of, exports, paper
from bot.chat.taken import source_channel
from bot.errors import CruxError
from bot.store.values import StoredMap
from bot.views import discord as view

if TYPE_CHECKING:
    from bot.chat.client import Crux


VERSION = "1"  # grows when what a custom id means changes
GONE = "This map is gone: it was deleted, or its time is over. Ask for a new one."
OLD = "This button is from an older Crux. Ask for a new map, and use the buttons of that one."

_BUTTON = re.compile(
    r"crux:(?P<version>\d{1,3}):b:(?P<action>[a-z]{1,20}):(?P<key>[\w-]{4,40}):(?P<page>\d{1,3})"
)
_MENU = re.compile(
    r"crux:(?P<version>\d{1,3}):m:(?P<action>[a-z]{1,20}):(?P<key>[\w-]{4,40}):(?P<page>\d{1,3})"
)

Interaction: TypeAlias = "discord.Interaction[Crux]"
Act = Callable[[Interaction, StoredMap, int], Awaitable[None]]


def map_view(key: str) -> discord.ui.View:
    """Give the buttons of a map."""
    grey, red = discord.ButtonStyle.secondary, discord.ButtonStyle.danger
    return _view(
        _button("Evidence", "evidence", key, discord.ButtonStyle.primary),
        _button("Disagreements", "split", key, grey),
        _button("Left out", "leftout", key, grey),
        _button("Export", "export", key, grey),
        _button("Delete", "delete", key, red),
    )


def show_view(key: str) -> discord.ui.View:
    """Give the button that shows a private map to who asked for it."""
    return _view(_button("Show the map", "show", key, discord.ButtonStyle.primary))


def _view(*items: discord.ui.Item[Any]) -> discord.ui.View:
    made = discord.ui.View(timeout=None)
    for item in items:
        made.add_item(item)
    return made


def _button(
    label: str, action: str, key: str, style: discord.ButtonStyle, page: int = 0
) -> MapButton:
    custom_id = f"crux:{VERSION}:b:{action}:{key}:{page}"
    return MapButton(discord.ui.Button(label=label, style=style, custom_id=custom_id))


def _menu(
    action: str, key: str, placeholder: str, options: list[discord.SelectOption], page: int = 0
) -> MapMenu:
    custom_id = f"crux:{VERSION}:m:{action}:{key}:{page}"
    return MapMenu(discord.ui.Select(custom_id=custom_id, placeholder=placeholder, options=options))


class _Pressed:
    """What a button and a menu have in common: rights, errors, and who acts."""

    def __init__(self, match: re.Match[str] | None) -> None:
        assert match is not None  # discord.py has matched it already
        self._version, self._action = match["version"], match["action"]
        self._key, self._page = match["key"], int(match["page"])

    async def run(self, interaction: Interaction, acts: dict[str, Act]) -> None:
        """Check who presses, and act; every error is answered here, nothing else does."""
        try:
            await self._checked(interaction, acts)
        except Exception as error:
            await faults.answer(interaction, error, f"button {self._action}")

    async def _checked(self, interaction: Interaction, acts: dict[str, Act]) -> None:
        act = acts.get(self._action)
        if self._version != VERSION or act is None:
            await faults.say(interaction, OLD)
            return
        await _acknowledge(interaction, self._action)
        stored = await interaction.client.desk.store.maps.get(self._key)
        if stored is None:
            raise CruxError(GONE)
        await check(interaction, stored)
        await act(interaction, stored, self._page)


async def _acknowledge(interaction: Interaction, action: str) -> None:
    """Answer within the deadline; a menu's choice and a turned page change their own message."""
    if action in ("point", "page"):
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


async def check(interaction: Interaction, stored: StoredMap) -> None:
    """Let only those at a map who may read what it is of. Raises CruxError."""
    requester = stored.requester
    asked = requester is not None and requester.id == str(interaction.user.id)
    if stored.place.message_id is None and not asked:
        raise CruxError("This map is for the person who asked for it.")
    source = source_channel(stored.found.thread)
    if source is None or (interaction.channel is not None and interaction.channel.id == source):
        return
    guild, user = interaction.guild, interaction.user
    if guild is None or not isinstance(user, discord.Member):
        raise CruxError("Open this in the server that the map is from.")
    channel = guild.get_channel_or_thread(source)
    if channel is None:
        try:
            channel = await guild.fetch_channel(source)
        except discord.HTTPException:
            raise CruxError("What this map is of is gone, or closed to me.") from None
    if isinstance(channel, discord.CategoryChannel) or not await may_read(channel, user):
        raise CruxError("You may not read what this map is of.")


class MapButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_BUTTON):
    """A button of a map."""

    def __init__(self, item: discord.ui.Button[Any]) -> None:
        super().__init__(item)
        self._pressed = _Pressed(_BUTTON.fullmatch(item.custom_id or ""))

    @classmethod
    async def from_custom_id(  # type: ignore[override]
        cls, _: Interaction, item: discord.ui.Button[Any], __: re.Match[str], /
    ) -> MapButton:
        """Give the button that a custom id stands for."""
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Act."""
        await self._pressed.run(interaction, _BUTTONS)


class MapMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=_MENU):
    """A menu of a map."""

    def __init__(self, item: discord.ui.Select[Any]) -> None:
        super().__init__(item)
        self._pressed = _Pressed(_MENU.fullmatch(item.custom_id or ""))

    @classmethod
    async def from_custom_id(  # type: ignore[override]
        cls, _: Interaction, item: discord.ui.Select[Any], __: re.Match[str], /
    ) -> MapMenu:
        """Give the menu that a custom id stands for."""
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Act on what was chosen."""
        await self._pressed.run(interaction, _MENUS)


ITEMS = (MapButton, MapMenu)


# what each does


async def _evidence(interaction: Interaction, stored: StoredMap, page: int) -> None:
    embed, items = await asyncio.to_thread(_evidence_page, stored, page, None)
    await interaction.edit_original_response(embed=embed, view=_view(*items))


async def _point(interaction: Interaction, stored: StoredMap, page: int) -> None:
    embed, items = await asyncio.to_thread(_evidence_page, stored, page, _chosen(interaction))
    await interaction.edit_original_response(embed=embed, view=_view(*items))


def _evidence_page(
    stored: StoredMap, page: int, point: str | None
) -> tuple[discord.Embed, list[discord.ui.Item[Any]]]:
    options = view.choices(stored.found, page)
    chosen = point or (options[0].value if options else None)
    menu = _menu(
        "point",
        stored.id,
        "Another point",
        [
            discord.SelectOption(
                label=o.label, value=o.value, description=o.description, default=o.value == chosen
            )
            for o in options
        ],
        page,
    )
    items: list[discord.ui.Item[Any]] = [menu]
    if page > 0:
        items.append(_turn("Earlier points", stored.id, page - 1))
    if view.choices(stored.found, page + 1):
        items.append(_turn("More points", stored.id, page + 1))
    return embed_of(view.evidence(stored.found, chosen)), items


def _turn(label: str, key: str, page: int) -> MapButton:
    return _button(label, "page", key, discord.ButtonStyle.secondary, page)


def _chosen(interaction: Interaction) -> str:
    data: Any = interaction.data or {}
    values = data.get("values") or [""]
    return str(values[0])


async def _split(interaction: Interaction, stored: StoredMap, _: int) -> None:
    card = await asyncio.to_thread(view.disagreements, stored.found)
    await interaction.edit_original_response(embed=embed_of(card))


async def _left_out(interaction: Interaction, stored: StoredMap, _: int) -> None:
    card = await asyncio.to_thread(view.left_out, stored.found)
    await interaction.edit_original_response(embed=embed_of(card))


async def _export(interaction: Interaction, stored: StoredMap, _: int) -> None:
    options = [
        discord.SelectOption(label=name, value=name, description=says[:100])
        for name, says in exports()
    ]
    menu = _menu("format", stored.id, "Which form?", options)
    await interaction.edit_original_response(content="The whole map, as", view=_view(menu))


async def _format(interaction: Interaction, stored: StoredMap, _: int) -> None:
    form = _chosen(interaction)
    if form not in dict(exports()):
        raise CruxError(OLD)
    data = (await interaction.client.desk.painter.paint(stored.found, (form,))).get(form)
    if data is None:
        raise CruxError("That form could not be made of this map: take another.")
    if len(data) > interaction.filesize_limit:
        raise CruxError(f"As {form} the map is larger than Discord takes: take Markdown.")
    await interaction.edit_original_response(attachments=[paper(form, data, stored.id).file()])


async def _delete(interaction: Interaction, stored: StoredMap, _: int) -> None:
    requester = stored.requester
    asked = requester is not None and requester.id == str(interaction.user.id)
    if not asked and not interaction.permissions.manage_messages:
        raise CruxError("Only the person who asked for the map, or a moderator, can delete it.")
    await interaction.client.desk.store.maps.delete(stored.id)
    message = interaction.message
    if message is not None and not message.flags.ephemeral:
        with contextlib.suppress(discord.NotFound):
            await message.delete()
    await interaction.edit_original_response(content="Deleted: the map, and what was kept of it.")


async def _show(interaction: Interaction, stored: StoredMap, _: int) -> None:
    requester = stored.requester
    if requester is None or requester.id != str(interaction.user.id):
        raise CruxError("This map is for the person who asked for it.")
    drawn = await draw(
        interaction.client.desk.painter,
        stored.found,
        key=stored.id,
        note="",
        room=interaction.filesize_limit - 4096,
    )
    await interaction.edit_original_response(
        embed=drawn.embed(), attachments=drawn.files(), view=map_view(stored.id)
    )


_BUTTONS: dict[str, Act] = {
    "evidence": _evidence,
    "page": _evidence,
    "split": _split,
    "leftout": _left_out,
    "export": _export,
    "delete": _delete,
    "show": _show,
}
_MENUS: dict[str, Act] = {"point": _point, "format": _format}
