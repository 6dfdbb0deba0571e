"""The memory on the command line: keep a thread, read the digest, look after the store."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import ROOT, Crux

SAMPLE = ROOT / "data" / "threads" / "linkedin-mandatory-code-review.txt"


def test_a_thread_is_kept_once_and_told(crux: Crux, tmp_path: Path) -> None:
    """Kept twice, told once: every quote is in the thread; all four forms are written."""
    place = {"CRUX_DATABASE": str(tmp_path / "deep" / "crux.db")}
    for _ in range(2):
        done = crux("remember", SAMPLE, **place)
        assert done.returncode == 0, done.stderr.decode()
    found = json.loads(crux("digest", "-f", "json", **place).stdout)
    assert found["schema"] == "crux.digest/1"
    assert found["threads"] == 1
    assert found["posts"] == 17
    flat = " ".join(SAMPLE.read_text(encoding="utf-8").split())
    for line in (*found["new"], found["crux"]):
        for voice in line["voices"]:
            assert " ".join(voice["text"].split()) in flat
    assert b"Where people divided" in crux("digest", **place).stdout
    for name, start in (
        ("week.html", "<!doctype html>"),
        ("week.md", "# What was argued"),
        ("week.json", "{"),
        ("week.txt", "What was argued"),
        ("week.svg", "<svg"),
        ("week.png", "\x89PNG"),
    ):
        file = tmp_path / name
        assert crux("digest", "-o", file, **place).returncode == 0
        assert file.read_text(encoding="latin-1").startswith(start)
    for words, said in (
        (("-o", tmp_path / "week.docx"), b"No format ends in .docx"),
        (("-f", "argdown"), b"There is no format 'argdown'"),
    ):
        wrong = crux("digest", *words, **place)
        assert (wrong.returncode, said in wrong.stderr) == (2, True)


def test_a_folder_and_a_broken_export_are_kept(crux: Crux, tmp_path: Path) -> None:
    """As `crux map` reads them: files together, and with --lenient what can be read."""
    place = {"CRUX_DATABASE": str(tmp_path / "crux.db")}
    folder = tmp_path / "talk"
    folder.mkdir()
    for i, name in enumerate(("ann", "bob")):
        (folder / f"{name}.csv").write_text(
            "id,author,text,reply_to\n"
            f"{i}1,{name},We should close the old bridge to cars because it is cracked.,\n"
            f"{i}2,cyd,No. We must keep the bridge open for the bakers in town.,{i}1\n",
            encoding="utf-8",
        )
    done = crux("remember", folder, **place)
    assert done.returncode == 0, done.stderr.decode()
    assert b"of 4 posts" in done.stdout
    assert json.loads(crux("digest", "-f", "json", **place).stdout)["posts"] == 4
    (folder / "ann.csv").write_bytes(b"\x00\x01\x02" * 400)
    (folder / "bob.json").write_text('{"messages": [{"nothing": 1}', encoding="utf-8")
    strict = crux("remember", folder, **place)
    assert strict.returncode == 2
    assert b"Traceback" not in strict.stderr
    done = crux("remember", "--lenient", folder, **place)
    assert done.returncode == 0, done.stderr.decode()
    assert b"of 2 posts" in done.stdout


def test_the_store_is_looked_at_and_brought_up_to_date(crux: Crux, tmp_path: Path) -> None:
    """Status says how it stands, upgrade mends it, and what is no store is refused in a line."""
    file = tmp_path / "crux.db"
    place = {"CRUX_DATABASE": str(file)}
    first = crux("db", "status", **place)
    assert (first.returncode, first.stdout.count(b"not there yet")) == (1, 1)
    assert not file.exists()
    assert b"from nothing to" in crux("db", "upgrade", **place).stdout
    assert b"up to date" in crux("db", "upgrade", **place).stdout
    assert crux("db", "status", **place).returncode == 0
    file.write_bytes(b"no store at all " * 1000)
    for words in (("digest",), ("db", "upgrade"), ("db", "status"), ("remember", SAMPLE)):
        done = crux(*words, **place)
        assert done.returncode == 2
        assert done.stderr.decode().strip().splitlines()[-1].startswith("crux: ")
        assert b"Traceback" not in done.stderr
    wrong = crux("digest", "--since", "soon", **place)
    assert (wrong.returncode, b"7d, 12h or 2w" in wrong.stderr) == (2, True)
