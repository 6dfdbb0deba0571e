"""Served maps: read only, on loopback, behind links that nobody can guess and that end."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot.commands.serve import serve_pages
from bot.digest.model import Digest
from bot.serve.app import HOST, build
from bot.serve.links import Kind, Links
from bot.serve.shelf import Folder, Stored
from bot.store import LOCAL, Place, open_store
from bot.views import json as map_json
from tests.conftest import ROOT
from tests.unit.bot.views.made import TEXTS, made_map

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with one map, one file that is none, and a secret outside of it."""
    shelf = tmp_path / "maps"
    shelf.mkdir()
    (shelf / "trams.json").write_text(map_json.render(made_map(TEXTS[:3])), encoding="utf-8")
    (shelf / "other.json").write_text('{"a": 1}', encoding="utf-8")
    (tmp_path / "outside.json").write_text(map_json.render(made_map(TEXTS[:1])), encoding="utf-8")
    return shelf


def asked(
    folder: Path,
    paths: list[str],
    links: Links,
    *,
    now: datetime = NOW,
    method: str = "GET",
    host: str | None = None,
) -> list[tuple[int, str, dict[str, str]]]:
    """Ask a real server on a real socket for each path; give status, body, headers."""

    async def run() -> list[tuple[int, str, dict[str, str]]]:
        runner = web.AppRunner(build(Folder(folder), links, lambda: now))
        await runner.setup()
        site = web.TCPSite(runner, HOST, 0)
        await site.start()
        port = runner.addresses[0][1]
        answers = []
        try:
            async with ClientSession(headers={"Host": host} if host else None) as session:
                for path in paths:
                    url = f"http://{HOST}:{port}{path}"
                    async with session.request(method, url, allow_redirects=False) as answer:
                        answers.append((answer.status, await answer.text(), dict(answer.headers)))
        finally:
            await runner.cleanup()
        return answers

    return asyncio.run(run())


def test_a_link_shows_its_map_until_it_ends(folder: Path) -> None:
    """200 and the page before its time is over, 410 after."""
    links = Links()
    path = links.make("map", "trams.json", NOW + HOUR)
    ((status, body, headers),) = asked(folder, [path], links)
    assert status == 200
    assert "<!doctype html>" in body
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    ((status, body, _),) = asked(folder, [path], links, now=NOW + 2 * HOUR)
    assert status == 410
    assert "trams" not in body


def test_whatever_is_no_link_gets_one_and_the_same_answer(folder: Path) -> None:
    """Nothing tells a guesser what is there: wrong signature, other secret, other file, no file."""
    links = Links()
    good = links.make("map", "trams.json", NOW + HOUR)
    kind, key, end, signature = good.split("/")[1:]
    later = f"{int(end, 16) + 60:x}"
    wrong = [
        "/",
        "/map/trams.json",
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        f"/{kind}/{key}/{later}/{signature}",
        f"/digest/{key}/{end}/{signature}",
        Links().make("map", "trams.json", NOW + HOUR),
        links.make("map", "../outside.json", NOW + HOUR),
        links.make("map", "other.json", NOW + HOUR),
        links.make("map", "gone.json", NOW + HOUR),
        f"{good}/more",
        "/map/%00/0/x",
    ]
    answers = asked(folder, wrong, links)
    assert {(status, body) for status, body, _ in answers} == {(404, "There is nothing here.\n")}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(folder: Path, method: str) -> None:
    """The server answers questions only."""
    links = Links()
    path = links.make("map", "trams.json", NOW + HOUR)
    assert [status for status, _, _ in asked(folder, [path], links, method=method)] == [405]


def test_a_name_that_points_here_from_elsewhere_is_not_served(folder: Path) -> None:
    """A page of another site that resolves to this machine reads nothing (DNS rebinding)."""
    links = Links()
    path = links.make("map", "trams.json", NOW + HOUR)
    assert [s for s, _, _ in asked(folder, [path], links, host="evil.example")] == [404]


def test_a_map_deleted_from_the_folder_is_gone_at_once(folder: Path) -> None:
    """Deletion is respected by links that were given out before."""
    links = Links()
    path = links.make("map", "trams.json", NOW + HOUR)
    (folder / "trams.json").unlink()
    assert [status for status, _, _ in asked(folder, [path], links)] == [404]


async def test_stored_maps_are_shown_until_they_are_deleted() -> None:
    """The store's own maps, by their ids; a deleted one is gone."""
    async with open_store("sqlite://") as store:
        stored = await store.maps.put(made_map(TEXTS[:3]), place=Place(guild_id=LOCAL), now=NOW)
        shelf = Stored(store)
        shown = await shelf.page("map", stored.id)
        assert shown is not None
        assert "<!doctype html>" in shown
        assert await shelf.page("digest", stored.id) is None
        await store.maps.delete(stored.id)
        assert await shelf.page("map", stored.id) is None


async def test_stored_digests_are_shown() -> None:
    """A digest by its number; no other key is one."""
    week = Digest(
        guild_id=LOCAL, start=NOW, end=NOW + HOUR, posts=12, people=3, threads=1, worth=True
    )
    async with open_store("sqlite://") as store:
        kept = await store.digests.add(week)
        shelf = Stored(store)
        shown = await shelf.page("digest", str(kept.id))
        assert shown is not None
        assert "<!doctype html>" in shown
        for key in (str(kept.id + 1), "x", "9" * 40, f"-{kept.id}"):
            assert await shelf.page("digest", key) is None


def test_links_hold_across_processes_only_under_one_secret() -> None:
    """The same secret reads the link; a short one is refused."""
    path = Links(b"s" * 16).make("map", "a", NOW + HOUR)
    target = Links(b"s" * 16).read(path, NOW)
    assert target is not None
    assert (target.kind, target.key, target.is_over) == ("map", "a", False)
    assert Links(b"t" * 16).read(path, NOW) is None
    with pytest.raises(ValueError, match="16 bytes"):
        Links(b"short")


def test_the_command_serves_a_folder_until_it_is_stopped(folder: Path) -> None:
    """`crux serve FOLDER` prints a link a map; the link works, its neighbour does not."""
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "serve", str(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as served:
        assert served.stdout is not None
        try:
            name, _, url = served.stdout.readline().strip().partition(": ")
            assert name == "trams.json"
            assert url.startswith(f"http://{HOST}:")
            with urllib.request.urlopen(url, timeout=60) as answer:
                assert b"<!doctype html>" in answer.read()
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(url[:-2], timeout=60)
            refused.value.close()
            assert refused.value.code == 404
        finally:
            served.terminate()


def test_the_server_ends_with_its_links(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing stays open that nobody has a link to."""
    links: list[tuple[Kind, str]] = [("map", "trams.json")]
    asyncio.run(serve_pages(Folder(folder), Links(), links, 0, 0.5 / 3600))
    assert "The links are over" in capsys.readouterr().out


def test_a_port_in_use_is_one_clear_line(
    folder: Path, crux: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    """Exit 2; the line names the port and the way out."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = crux("serve", str(folder), "--port", str(port))
    assert done.returncode == 2
    wanted = f"crux: Port {port} is in use. Choose another with --port.\n"
    assert done.stderr.decode() == wanted


def test_what_is_not_there_is_not_linked(
    folder: Path, tmp_path: Path, crux: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    """A folder without maps and a name that no map has are said at once, not by a dead link."""
    empty = tmp_path / "empty"
    empty.mkdir()
    for words, says in (
        ([str(empty)], "No map in"),
        ([str(folder), "--map", "gone.json"], "There is no map gone.json"),
        ([str(folder), "--map", "other.json"], "There is no map other.json"),
    ):
        done = crux("serve", *words)
        assert done.returncode == 2
        assert says in done.stderr.decode()
        assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [(["no-such-folder"], "There is no folder"), ([], "Name a folder")],
)
def test_what_cannot_be_served_is_one_clear_line(
    words: list[str], says: str, crux: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    """Exit 2, no traceback."""
    done = crux("serve", *words)
    assert done.returncode == 2
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr
