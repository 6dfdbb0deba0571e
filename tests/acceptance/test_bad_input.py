"""What cannot be read gives one line on standard error and exit code 2, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT, Crux


def refused(done: object) -> str:
    code, out, err = done.returncode, done.stdout, done.stderr.decode()  # type: ignore[attr-defined]
    assert (code, out) == (2, b""), err
    assert err.startswith("crux: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t \n", "empty"),
        (bytes(range(256)) * 40, "not text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not text"),
        (b'{"messages": [', "looks like JSON"),
        (b'[{"text": "yes"}, {"text": "no"', "--lenient"),
        (b'[{"text": "yes"}, 7]', "$[1]"),
        (b'{"text": "yes"}\n{"text": "no"}\n{"tex', "line 3"),
        (b'{"a": 1, "b": {"c": []}}', "no messages"),
        (b"[" * 100_000, "looks like JSON"),
    ],
    ids=[
        "empty",
        "blank",
        "bytes",
        "picture",
        "broken json",
        "cut json",
        "odd item",
        "cut line",
        "other json",
        "deep json",
    ],
)
def test_what_is_no_discussion_is_refused(data: bytes, says: str, crux: Crux) -> None:
    """The line names what is wrong."""
    assert says in refused(crux("map", "-", stdin=data))


def test_what_is_not_there_is_refused(crux: Crux, tmp_path: Path) -> None:
    """A missing file, a folder, an address, an unknown platform, a place that cannot be written."""
    sample = ROOT / "data" / "threads" / "hn-no-required-review.txt"
    assert "no file" in refused(crux("map", tmp_path / "gone.txt"))
    assert "no file that Crux reads" in refused(crux("map", tmp_path))
    assert "Hacker News and Reddit only" in refused(crux("map", "https://example.org/thread"))
    assert "there are:" in refused(crux("map", sample, "--platform", "myspace"))
    assert "folder" in refused(crux("map", sample, "-o", tmp_path / "no" / "map.json"))
    assert "cannot be written" in refused(crux("map", sample, "-o", tmp_path / ("x" * 300)))
    assert "No format ends in .pdf" in refused(crux("map", sample, "-o", tmp_path / "map.pdf"))
    assert "--format" in refused(crux("map", sample, "--format", "poem"))
    assert "- alone" in refused(crux("map", sample, "-"))
    assert "Missing argument" in refused(crux("map"))
    assert len(refused(crux("map", "We should ban scooters. " * 300))) < 400


def test_more_than_the_limit_is_refused(crux: Crux) -> None:
    """Input over the limit is not read to its end."""
    assert "larger than" in refused(crux("map", "-", stdin=b"a long talk. " * 1_300_000))


@pytest.mark.parametrize(
    "text",
    [
        "word " * 40_000,
        "x" * 200_000,
        "\u202eשלום\u200f עולם \u200b\u200d\ufeff\U0001f468\u200d\U0001f469",
        "a\x0bb \x1b[31mred\x1b[0m should be banned",
        "(" * 5_000 + ")" * 5_000,
        "> " * 3_000 + "deep quote",
        "¯\\_(ツ)_/¯ " * 500,
    ],
    ids=["one line", "one word", "right to left", "terminal codes", "brackets", "quotes", "signs"],
)
def test_odd_text_gives_a_map_that_verifies(text: str, crux: Crux, tmp_path: Path) -> None:
    """Odd is not bad: it is mapped, and the map holds."""
    file = tmp_path / "map.json"
    done = crux("map", "-", "-f", "json", "-o", file, stdin=text.encode())
    assert done.returncode == 0, done.stderr.decode()
    assert crux("verify", file).returncode == 0


def test_terminal_codes_in_posts_do_not_reach_the_terminal(crux: Crux) -> None:
    """A post cannot colour, clear or retitle a reader's terminal."""
    done = crux(
        "map", "-", stdin=b"Eve: tabs \x1b[31mshould\x1b]0;x\x07 be banned because they break."
    )
    assert b"\x1b" not in done.stdout


def test_other_encodings_are_read(crux: Crux) -> None:
    """UTF-16 with its mark and Windows-1252 give the same text as UTF-8."""
    text = "Café prices should fall because rents fell – we’re sure."
    texts = [
        json.loads(crux("map", "-", "-f", "json", stdin=data).stdout)["thread"]["posts"][0]["text"]
        for data in (
            text.encode(),
            text.encode("utf-16"),
            text.encode("cp1252"),
            text.encode("utf-8-sig"),
        )
    ]
    assert texts == [text] * 4


def test_lone_surrogates_in_an_export_are_replaced(crux: Crux) -> None:
    """JSON can name half a character; the map is still valid UTF-8."""
    data = rb'[{"text": "Tea \ud83d should be free because water is.", "author": "a\udc00"}]'
    done = crux("map", "-", "-f", "json", stdin=data)
    assert done.returncode == 0, done.stderr.decode()
    json.loads(done.stdout.decode("utf-8"))


def test_an_encoder_that_cannot_be_had_is_one_line(crux: Crux) -> None:
    """Whether its library is missing or no model has that name: the line names the way out."""
    data = b"Ann: Tea should be free.\nBo: It should not, water costs money."
    done = crux("map", "-", stdin=data, CRUX_ENCODER="no/such-model", HF_HUB_OFFLINE="1")
    assert done.returncode == 2
    (line,) = [x for x in done.stderr.decode().split("\n") if "CRUX_ENCODER" in x]
    assert "no/such-model" in line
    assert "unset CRUX_ENCODER" in line
    assert "fault of Crux" not in done.stderr.decode()
