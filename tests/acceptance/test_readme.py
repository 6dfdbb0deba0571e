"""What the README shows is what the code does."""

from __future__ import annotations

import re

from benchmarks.readme import PICTURE, README, sample, sample_map, sample_picture
from tests.conftest import Crux


def test_the_readme_shows_the_map_that_is_drawn() -> None:
    """Run `python -m benchmarks.readme` after a change of the map."""
    found = sample()
    assert sample_map(found) in README.read_text(encoding="utf-8")
    size = slice(16, 24)  # of a PNG: where its width and height stand
    assert PICTURE.read_bytes()[size] == sample_picture(found)[size]


def test_every_command_of_the_readme_is_there(crux: Crux) -> None:
    """A command that the README names answers to --help."""
    named = set(
        re.findall(
            r"crux (map|verify|doctor|bot|digest|worker|serve)\b",
            README.read_text(encoding="utf-8"),
        )
    )
    assert {"map", "verify", "doctor"} <= named
    for command in named:
        assert crux(command, "--help").returncode == 0
