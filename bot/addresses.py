"""Addresses of threads: which are known, and how each is fetched through its public JSON.

Only the hosts of PLACES are ever contacted, by HTTPS, and only when their names resolve to public
addresses; redirects are followed among the hosts of the same place alone.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from bot.errors import InputError

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from aiohttp.abc import AbstractResolver

MAX_BYTES = 16_000_000
SECONDS = 30.0  # for everything: names, redirects, the body
REDIRECTS = 3


@dataclass(frozen=True, kw_only=True)
class Place:
    """A site whose threads can be fetched.

    `address` matches a thread's address without its scheme and gives `id`; `api` is the address
    of its JSON; `hosts` may be contacted for it; `by_hand` says how a person gets the same JSON.
    """

    name: str
    address: re.Pattern[str]
    api: str
    hosts: frozenset[str]
    by_hand: str


PLACES = (
    Place(
        name="Hacker News",
        address=re.compile(
            r"(?:news\.ycombinator\.com/item\?(?:[\w=&]*&)?id=|hn\.algolia\.com/api/v1/items/)(?P<id>\d{1,12})\b"
        ),
        api="https://hn.algolia.com/api/v1/items/{id}",
        hosts=frozenset({"hn.algolia.com"}),
        by_hand="copy the page and give its text, or save https://hn.algolia.com/api/v1/items/{id}",
    ),
    Place(
        name="Reddit",
        address=re.compile(
            r"(?:(?:(?:www|old|new|np|m|i|sh)\.)?reddit\.com/(?:r/\w{1,30}/|user/[\w-]{1,30}/)?comments/|redd\.it/)(?P<id>[a-z0-9]{1,12})\b",
            re.IGNORECASE,
        ),
        api="https://www.reddit.com/comments/{id}.json?limit=500",
        hosts=frozenset({"www.reddit.com", "old.reddit.com", "reddit.com"}),
        by_hand="open https://www.reddit.com/comments/{id}.json, save it and give that file",
    ),
)


@dataclass(frozen=True)
class Loopback:
    """A server on this machine that stands in for every place: for tests alone.

    It is the only way in which an address that is not public is ever contacted.
    """

    port: int


def is_address(source: str) -> bool:
    """Tell an address from the name of a file; one of PLACES needs no `https://` before it."""
    words = source.strip()
    return re.match(r"https?://", words, re.IGNORECASE) is not None or any(
        place.address.match(words) for place in PLACES
    )


def known(address: str) -> tuple[Place, str]:
    """Give the place of an address and the thread's id; raise InputError for any other address."""
    rest = re.sub(r"^https?://", "", address.strip(), flags=re.IGNORECASE)
    for place in PLACES:
        found = place.address.match(rest)
        if found:
            return place, found["id"]
    names = " and ".join(place.name for place in PLACES)
    raise InputError(
        f"Crux fetches threads of {names} only: copy the page of {address[:80]} and give its text."
    )


def fetch(address: str, loopback: Loopback | None = None) -> str:
    """Fetch the JSON of a thread; see `fetch_thread`."""
    return asyncio.run(fetch_thread(address, loopback))


async def fetch_thread(address: str, loopback: Loopback | None = None) -> str:
    """Fetch the JSON of a thread whose address is of one of PLACES.

    Raises InputError for other addresses, and where the place does not answer, refuses, sends
    something else, or takes more than SECONDS or MAX_BYTES.
    """
    place, key = known(address)
    import aiohttp

    connector = aiohttp.TCPConnector(resolver=_resolver(loopback), limit=2)
    session = aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": f"crux-map/{version('crux-map')}", "Accept": "application/json"},
        trust_env=False,
    )
    by_hand = place.by_hand.format(id=key)
    try:
        async with session:
            return await _get(session, place, place.api.format(id=key), by_hand, loopback)
    except TimeoutError:
        raise InputError(
            f"{place.name} did not answer within {SECONDS:.0f} seconds; try again, or {by_hand}."
        ) from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        reason = str(error).split("\n", 1)[0][:120] or type(error).__name__
        raise InputError(f"{place.name} cannot be reached ({reason}); {by_hand}.") from None


async def _get(
    session: ClientSession, place: Place, url: str, by_hand: str, loopback: Loopback | None
) -> str:
    from yarl import URL

    for _ in range(REDIRECTS + 1):
        parts = urlsplit(url)
        if (
            parts.scheme != "https"
            or parts.hostname not in place.hosts
            or parts.port not in (None, 443)
        ):
            raise InputError(
                f"{place.name} sends elsewhere, which Crux does not follow; {by_hand}."
            )
        asked = URL(url)
        if loopback is not None:
            asked = asked.with_scheme("http").with_port(loopback.port)
        async with session.get(asked, allow_redirects=False) as answer:
            if answer.status in (301, 302, 303, 307, 308):
                url = urljoin(url, answer.headers.get("Location", ""))
                continue
            _refuse(answer.status, place, by_hand)
            return await _body(answer, place, by_hand)
    raise InputError(f"{place.name} sends round in circles; {by_hand}.")


def _refuse(status: int, place: Place, by_hand: str) -> None:
    if status == 404:
        raise InputError(f"{place.name} has no such thread: check the address.")
    if status in (401, 403, 429):
        raise InputError(f"{place.name} refuses to answer programs now ({status}); {by_hand}.")
    if status != 200:
        raise InputError(f"{place.name} answers with an error ({status}); try later, or {by_hand}.")


async def _body(answer: ClientResponse, place: Place, by_hand: str) -> str:
    if "json" not in answer.headers.get("Content-Type", ""):
        raise InputError(f"{place.name} sent a page instead of the thread; {by_hand}.")
    parts = bytearray()
    async for part in answer.content.iter_chunked(65_536):
        parts += part
        if len(parts) > MAX_BYTES:
            raise InputError(
                f"The thread is larger than {MAX_BYTES // 1_000_000} MB; take a part of it."
            )
    return parts.decode("utf-8", "replace")


def is_public(address: str) -> bool:
    """Tell an IP address that belongs to nobody's inner network."""
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if inner is not None:
        ip = inner
    return ip.is_global and not ip.is_multicast


def _resolver(loopback: Loopback | None) -> AbstractResolver:
    """Make a resolver that gives public addresses only; the loopback alone, where one is given."""
    from aiohttp.abc import AbstractResolver, ResolveResult
    from aiohttp.resolver import ThreadedResolver

    def result(host: str, address: str, port: int) -> ResolveResult:
        return ResolveResult(
            hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0
        )

    class PublicOnly(AbstractResolver):
        def __init__(self) -> None:
            self._inner = ThreadedResolver()

        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            if loopback is not None:
                return [result(host, "127.0.0.1", port)]
            found = await self._inner.resolve(host, port, family)
            if not found or not all(is_public(str(one["host"])) for one in found):
                raise InputError(
                    f"{host} does not resolve to public addresses here: Crux contacts no inner "
                    "network. Copy the page and give its text."
                )
            return found

        async def close(self) -> None:
            await self._inner.close()

    return PublicOnly()
