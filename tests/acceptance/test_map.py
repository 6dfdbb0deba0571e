"""A thread in, its map out, through the command line as people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES, Crux

HN = ROOT / "data" / "threads" / "hn-no-required-review.txt"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.stem)
def test_every_sample_gives_a_map_that_verifies(sample: Path, crux: Crux, tmp_path: Path) -> None:
    """Each sample gives JSON that `crux verify` accepts."""
    made = crux("map", sample, "--format", "json", "--output", tmp_path / "map.json")
    assert (made.returncode, made.stdout) == (0, b"")
    assert all(b"of this step" in line for line in made.stderr.splitlines()), made.stderr
    checked = crux("verify", tmp_path / "map.json")
    assert checked.returncode == 0, checked.stdout.decode()


def test_two_runs_give_the_same_bytes(crux: Crux) -> None:
    """No clock, no chance, no order of threads is in the result."""
    first, second = (crux("map", HN, "-f", "json").stdout for _ in range(2))
    assert first == second
    assert len(json.loads(first)["units"]) > 20


def test_mapping_loads_neither_torch_nor_transformers(crux: Crux) -> None:
    """The core runs on onnxruntime alone."""
    import subprocess
    import sys

    code = (
        "import sys; sys.argv = ['crux', 'map', sys.argv[1], '-f', 'json']\n"
        "from bot.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "loaded = {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
        "sys.stderr.write(repr(sorted(loaded)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(HN)], capture_output=True, cwd=ROOT, check=True
    )
    assert done.stderr == b"[]"


def test_help_loads_nothing_heavy() -> None:
    """`crux --help` answers at once because numpy and the models are not loaded for it."""
    import subprocess
    import sys

    code = (
        "import sys; sys.argv = ['crux', '--help']\n"
        "from bot.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'onnxruntime', 'spacy', 'scipy', 'rich.console'} & set(sys.modules)\n"
        "sys.stderr.write(repr(sorted(heavy)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    assert done.stderr == b"[]"
    assert b"map" in done.stdout


def test_the_terminal_map_is_plain_when_piped(crux: Crux) -> None:
    """No colour codes reach a file; the crux and the account of what was read are there."""
    shown = crux("map", HN).stdout.decode()
    assert "\x1b" not in shown
    assert "CRUX" in shown
    assert "attacked by" in shown
    assert "Read 45 posts by" in shown
    assert max(map(len, shown.splitlines())) <= 100
    assert not [line for line in shown.splitlines() if line != line.rstrip()]


def test_a_narrow_terminal_is_kept_to(crux: Crux) -> None:
    """Lines fit 50 columns."""
    shown = crux("map", HN, COLUMNS="50").stdout.decode()
    assert max(map(len, shown.splitlines())) <= 50


def test_everything_is_shown_when_asked(crux: Crux) -> None:
    """`--all` shows each key point of the JSON map."""
    points = json.loads(crux("map", HN, "-f", "json").stdout)["key_points"]
    shown = crux("map", HN, "--all", COLUMNS="100").stdout.decode()
    assert shown.count("\n● ") + shown.count("◆ CRUX") == len(points)


def test_markdown_names_every_point_and_pings_nobody(crux: Crux) -> None:
    """Each key point has a heading; an @ is never followed by a name."""
    text = (
        b"Alice: Tabs break *alignment* in every diff that @everyone reads, so spaces are better.\n"
        b"Bob: I disagree."
    )
    shown = crux("map", "-", "-f", "markdown", stdin=text).stdout.decode()
    assert "@everyone" not in shown
    assert "\\*alignment\\*" in shown
    assert "## " in shown


def test_standard_input_is_read(crux: Crux) -> None:
    """One message gives a map."""
    done = crux("map", "-", "-f", "json", stdin=b"Remote work is better because people can focus.")
    found = json.loads(done.stdout)
    assert [p["text"] for p in found["thread"]["posts"]] == [
        "Remote work is better because people can focus."
    ]
    assert found["units"]


def test_a_thread_without_argument_says_so(crux: Crux) -> None:
    """Greetings give an honest short answer, not a map."""
    shown = crux("map", "-", stdin="Hi all!\nThanks, see you at 5pm 👋".encode()).stdout.decode()
    assert "No argument here" in shown
