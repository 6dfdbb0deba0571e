"""One request, as a route's handler gets it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.discord_bed.limits import ApiError

Json = dict[str, Any]
Answer = Json | list[Any] | None


class Call:
    """One request being answered: its path's parts, body and files."""

    def __init__(self, request: web.Request, body: Any, files: list[tuple[str, bytes]]) -> None:
        self.request, self.body, self.files = request, body, files
        self.query = request.query

    def id(self, name: str) -> int:
        """Give a path's part as an id."""
        try:
            return int(self.request.match_info[name])
        except ValueError:
            raise ApiError(400, 50035, f"Invalid Form Body: {name} is no snowflake") from None

    def part(self, name: str) -> str:
        """Give a path's part as text."""
        return self.request.match_info[name]
