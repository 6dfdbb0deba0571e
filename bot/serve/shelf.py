"""Where the served maps are: a folder of JSON files, or the store."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.errors import CruxError
from bot.input import read_source
from bot.maps import is_map, read_map
from bot.serve.links import Kind
from bot.views import page
from bot.views.digests import html as digest_page

if TYPE_CHECKING:
    from bot.store.store import Store


DIGITS = 18  # of a digest's number, at most


class Shelf(Protocol):
    """Pages by kind and key; made at each request, so that what is deleted is no longer shown."""

    async def page(self, kind: Kind, key: str) -> str | None:
        """Give a page as HTML, or None where there is nothing (any more)."""
        ...


class Folder:
    """A folder of maps as `crux map --format json` writes them; a key is a file's name."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CruxError(f"There is no folder {folder}: name one that holds maps in JSON.")
        self._folder = folder

    def keys(self) -> list[str]:
        """Name the maps in the folder, in order."""
        return [
            file.name
            for file in sorted(self._folder.glob("*.json"))
            if file.is_file() and _begins_as_map(file)
        ]

    async def page(self, kind: Kind, key: str) -> str | None:
        """Give the page of a file's map; only a plain name of this folder is one."""
        file = self._folder / key
        if kind != "map" or file.name != key or not key.endswith(".json") or not file.is_file():
            return None
        return await asyncio.to_thread(self._page, file)

    def _page(self, file: Path) -> str | None:
        try:
            text, _ = read_source(str(file))
            return page.render(read_map(text, file.name)) if is_map(text) else None
        except CruxError:
            return None


class Stored:
    """The maps and digests that the bot keeps."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, kind: Kind, key: str) -> str | None:
        """Give the page of a stored map or digest, until it is deleted or its time is over."""
        if kind == "map":
            stored = await self._store.maps.get(key)
            return await asyncio.to_thread(page.render, stored.found) if stored else None
        number = int(key) if key.isdecimal() and len(key) <= DIGITS else None
        kept = await self._store.digests.get(number) if number is not None else None
        return await asyncio.to_thread(digest_page.render, kept.digest) if kept else None


def _begins_as_map(file: Path) -> bool:
    with file.open(encoding="utf-8", errors="replace") as stream:
        return is_map(stream.read(1000))
