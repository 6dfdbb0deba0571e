"""Threads by their address: the right interface is asked, and nothing else ever is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot import addresses
from bot.addresses import Loopback, fetch_thread, is_address, is_public, known
from bot.errors import InputError
from bot.sources import read_text

HN_ITEM = {
    "id": 101, "author": "quillmoss", "title": "Show: a kettle", "text": None, "parent_id": None,
    "created_at": "2026-01-02T03:04:05Z", "url": "https://kettle.example/",
    "children": [
        {"id": 102, "author": "tarnfen", "text": "Kettles should whistle.<p>Mine does.", "parent_id": 101,
         "created_at": "2026-01-02T03:10:00Z", "children": []},
    ],
}  # fmt: skip
REDDIT = [
    {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": {
        "id": "abc1", "title": "Ban leaf blowers?", "selftext": "They are loud.", "author": "mossgate", "is_self": True}}]}},
    {"kind": "Listing", "data": {"children": [
        {"kind": "t1", "data": {"id": "c1", "parent_id": "t3_abc1", "author": "reedling", "body": "Rakes &amp; brooms work.",
                                "replies": {"kind": "Listing", "data": {"children": [
                                    {"kind": "more", "data": {"count": 7, "children": ["x"]}}]}}}}]}},
]  # fmt: skip

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[Loopback]:
    """Run a server on the loopback that answers every request with the handler."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield Loopback(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def fetched(address: str, handler: Handler) -> str:
    async def run() -> str:
        async with serving(handler) as loopback:
            return await fetch_thread(address, loopback)

    return asyncio.run(run())


async def sites(request: web.Request) -> web.StreamResponse:
    """Answer as the two public interfaces do."""
    if request.host.startswith("hn.algolia.com") and request.path == "/api/v1/items/101":
        return web.json_response(HN_ITEM)
    if request.host.startswith("www.reddit.com") and request.path == "/comments/abc1.json":
        return web.json_response(REDDIT)
    return web.json_response({"status": 404}, status=404)


@pytest.mark.parametrize(
    "address",
    ["https://news.ycombinator.com/item?id=101", "http://news.ycombinator.com/item?p=2&id=101#102"],
)
def test_a_hacker_news_address_gives_its_thread(address: str) -> None:
    """The item is asked of the public interface, and read with its comments."""
    thread = read_text(fetched(address, sites))
    assert [(p.author, p.reply_to) for p in thread.posts] == [
        ("quillmoss", None),
        ("tarnfen", "101"),
    ]
    assert thread.posts[1].text == "Kettles should whistle.\n\nMine does."


@pytest.mark.parametrize(
    "address",
    [
        "https://www.reddit.com/r/garden/comments/abc1/ban_leaf_blowers/",
        "https://old.reddit.com/r/garden/comments/abc1/ban/c1/?context=3",
        "https://redd.it/abc1",
    ],
)
def test_a_reddit_address_gives_its_thread(address: str) -> None:
    """Old, new and short addresses give the same thread; what is not sent is named."""
    thread = read_text(fetched(address, sites))
    assert [p.text for p in thread.posts] == ["They are loud.", "Rakes & brooms work."]
    assert ("7 more replies", "not in the export") in [(f.text, f.reason) for f in thread.furniture]


def test_the_command_line_takes_an_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`crux map ADDRESS` gives the map of the thread that the site sent."""
    import threading

    from bot.cli import main

    ready, stop = threading.Event(), threading.Event()
    ports: list[int] = []

    async def run() -> None:
        async with serving(sites) as loopback:
            ports.append(loopback.port)
            ready.set()
            while not stop.is_set():
                await asyncio.sleep(0.02)

    server = threading.Thread(target=lambda: asyncio.run(run()))
    server.start()
    try:
        assert ready.wait(30)
        real = addresses.fetch
        monkeypatch.setattr(addresses, "fetch", lambda a: real(a, Loopback(ports[0])))
        address = "https://news.ycombinator.com/item?id=101"
        monkeypatch.setattr("sys.argv", ["crux", "map", address, "-f", "json"])
        with pytest.raises(SystemExit) as end:
            main()
    finally:
        stop.set()
        server.join()
    assert end.value.code == 0
    posts = json.loads(capsys.readouterr().out)["thread"]["posts"]
    assert [(p["author"], p["url"]) for p in posts] == [
        ("quillmoss", "https://news.ycombinator.com/item?id=101"),
        ("tarnfen", "https://news.ycombinator.com/item?id=102"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/thread",
        "http://127.0.0.1/item?id=1",
        "http://localhost:8080/",
        "https://news.ycombinator.com.evil.example/item?id=1",
        "https://evil.example/?https://news.ycombinator.com/item?id=1",
        "https://user@evil.example/news.ycombinator.com/item?id=1",
        "https://news.ycombinator.com/user?id=101",
        "https://www.reddit.com/r/garden/",
        "https://169.254.169.254/latest/meta-data",
    ],
)
def test_other_addresses_are_never_asked(address: str) -> None:
    """No server is contacted for an address that is not a thread of a known place."""

    async def never(request: web.Request) -> web.StreamResponse:
        raise AssertionError(f"asked for {request.url}")

    with pytest.raises(InputError, match="Hacker News and Reddit only"):
        fetched(address, never)


@given(st.text(max_size=60))
def test_whatever_is_asked_goes_to_a_known_host(text: str) -> None:
    """The id that an address gives cannot change the host or the path of what is asked."""
    for head in ("https://news.ycombinator.com/item?id=", "https://redd.it/", "https://"):
        try:
            place, key = known(head + text)
        except InputError:
            continue
        assert key.isalnum()
        assert place.api.format(id=key).split("/")[2] in place.hosts


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("https://evil.example/x", "sends elsewhere"),
        ("http://hn.algolia.com/api/v1/items/101", "sends elsewhere"),
        ("https://hn.algolia.com:8443/", "sends elsewhere"),
        ("https://127.0.0.1/", "sends elsewhere"),
        ("/api/v1/items/round", "round in circles"),
    ],
)
def test_redirects_stay_inside_the_known_hosts(target: str, says: str) -> None:
    """A redirect to another host, scheme or port is refused; so is an endless one."""
    asked: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(request.host)
        raise web.HTTPFound(target)

    with pytest.raises(InputError, match=says):
        fetched("https://news.ycombinator.com/item?id=101", handler)
    assert {host.split(":")[0] for host in asked} == {"hn.algolia.com"}


def test_a_redirect_among_known_hosts_is_followed() -> None:
    """Reddit sends from one of its hosts to another."""

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.host.startswith("www."):
            raise web.HTTPFound("https://old.reddit.com/comments/abc1.json")
        return web.json_response(REDDIT)

    assert json.loads(fetched("https://redd.it/abc1", handler)) == REDDIT


@pytest.mark.parametrize(
    ("status", "says"),
    [(404, "no such thread"), (403, "refuses"), (429, "refuses"), (503, "try later")],
)
def test_refusals_name_the_way_out(status: int, says: str) -> None:
    """One line a person understands, which names what to do."""

    async def handler(request: web.Request) -> web.StreamResponse:
        return web.json_response({}, status=status)

    with pytest.raises(InputError, match=says) as refusal:
        fetched("https://redd.it/abc1", handler)
    assert "\n" not in str(refusal.value)


def test_a_page_instead_of_json_is_refused() -> None:
    """A page that asks to log in is no thread."""

    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>log in</html>", content_type="text/html")

    with pytest.raises(InputError, match="a page instead"):
        fetched("https://redd.it/abc1", handler)


def test_what_is_too_large_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The body is counted while it comes, whatever its head says."""
    monkeypatch.setattr(addresses, "MAX_BYTES", 100_000)

    async def handler(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        await answer.prepare(request)
        for _ in range(400):
            await answer.write(b" " * 65_536)
        return answer

    with pytest.raises(InputError, match="larger than"):
        fetched("https://redd.it/abc1", handler)


def test_a_place_that_does_not_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole fetch has one limit of time."""
    monkeypatch.setattr(addresses, "SECONDS", 0.3)

    async def handler(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.json_response({})

    with pytest.raises(InputError, match="did not answer"):
        fetched("https://redd.it/abc1", handler)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:4700::1111", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.9", False), ("169.254.169.254", False),
        ("0.0.0.0", False), ("100.64.0.1", False), ("224.0.0.1", False), ("::1", False), ("fe80::1%eth0", False),
        ("fd00::1", False), ("::ffff:127.0.0.1", False), ("2002:7f00:1::", False), ("not an address", False),
    ],
)  # fmt: skip
def test_inner_networks_are_told(address: str, public: bool) -> None:
    """Loopback, private, link-local, shared and mapped addresses are not public."""
    assert is_public(address) is public


def test_a_known_name_that_resolves_inwards_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers with a private address is not believed."""
    from aiohttp.resolver import ThreadedResolver

    async def inwards(
        self: object, host: str, port: int = 0, family: int = 0
    ) -> list[dict[str, object]]:
        return [
            {
                "hostname": host,
                "host": "10.0.0.7",
                "port": port,
                "family": 2,
                "proto": 0,
                "flags": 0,
            }
        ]

    monkeypatch.setattr(ThreadedResolver, "resolve", inwards)
    with pytest.raises(InputError, match="public addresses"):
        asyncio.run(fetch_thread("https://redd.it/abc1"))


@pytest.mark.parametrize(
    ("source", "is_one"),
    [
        ("https://example.org/any", True),
        ("news.ycombinator.com/item?id=1", True),
        ("www.reddit.com/r/x/comments/abc1/title/", True),
        ("reddit.com.txt", False),
        ("exports/old.reddit.com/comments/abc1.json", False),
    ],
)
def test_addresses_are_told_from_files(source: str, is_one: bool) -> None:
    """A known place needs no `https://`; a file that is named after one is a file."""
    assert is_address(source) is is_one
