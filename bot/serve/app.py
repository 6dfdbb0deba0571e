"""The small web server behind `crux serve`: one page a link, on loopback, nothing to change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from aiohttp import web

from bot.serve.links import Links
from bot.serve.shelf import Shelf

HOST = "127.0.0.1"
# names under which a browser on this machine asks; others are a page elsewhere that was made to
# point here
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
NOT_HERE = "There is nothing here.\n"
OVER = "This link is over. Ask for a new one.\n"


def utc_now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


def build(shelf: Shelf, links: Links, clock: Callable[[], datetime] = utc_now) -> web.Application:
    """Give the server's application. Whatever is no valid link gets one and the same answer."""

    async def show(request: web.Request) -> web.Response:
        if request.host.rpartition(":")[0] not in LOCAL_NAMES and request.host not in LOCAL_NAMES:
            return _plain(NOT_HERE, 404)
        target = links.read(request.raw_path.partition("?")[0], clock())
        if target is None:
            return _plain(NOT_HERE, 404)
        if target.is_over:
            return _plain(OVER, 410)
        text = await shelf.page(target.kind, target.key)
        if text is None:
            return _plain(NOT_HERE, 404)
        return web.Response(text=text, content_type="text/html", headers=HEADERS)

    app = web.Application()
    app.router.add_get("/{path:.*}", show)
    return app


def _plain(text: str, status: int) -> web.Response:
    return web.Response(text=text, status=status, headers=HEADERS)
