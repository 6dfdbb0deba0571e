"""Where the tools are; a missing one is skipped loudly, and under CI it is a failure."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bot.sources import read_text
from nlp import ArgumentMap, analyze
from tests.conftest import ROOT
from tests.unit.bot.views.made import TEXTS, made_map

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
PYTHON = ROOT / ".venv-outside" / "bin" / "python"
GOLD = (
    "hn-no-required-review",
    "linkedin-office-days-juniors",
    "phpbb-staffroom-phone-lockers",
    "reddit-new-leafblower-ban",
    "discord-printer-help",
)


def need(found: str | Path | None, what: str) -> str:
    """Give the path of a tool, or skip the test; under CI=true, fail it."""
    if found is not None and Path(found).exists():
        return str(found)
    message = f"{what} is not here: run make outside, and install chromium, graphviz, nodejs, npm"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def node() -> str:
    """Give node, with the modules of package.json beside it."""
    need(MODULES / ".package-lock.json", "tests/outside/node_modules")
    return need(shutil.which("node"), "node")


def chromium() -> str:
    """Give the distribution's Chromium."""
    return need(os.environ.get("CHROMIUM") or shutil.which("chromium"), "chromium")


def gold_maps() -> dict[str, ArgumentMap]:
    """Give the maps of five sample threads, by name."""
    return {
        name: analyze(
            read_text((ROOT / "data/threads" / f"{name}.txt").read_text(encoding="utf-8"), name)
        )
        for name in GOLD
    }


def hostile_map() -> ArgumentMap:
    """Give a map whose people, title and words all try to be more than words."""
    attacks = [
        "<script>globalThis.ran = 1</script>",
        "<img src=x onerror='globalThis.ran = 2'> is an image",
        "\"><svg onload=globalThis.ran=3> and ' onmouseover=globalThis.ran=4 x='",
        "</style></title></script><script>globalThis.ran = 5</script>",
        "javascript:globalThis.ran=6 {{ 7 * 7 }} {% raw %} ${globalThis.ran = 7}",
        "-->]]></a><iframe srcdoc='<script>parent.ran = 8</script>'></iframe>",
        "<link rel=stylesheet href=https://example.org/x.css><base href=https://example.org/>",
        *TEXTS,
    ]
    ties = [(n, (n * 3 + 1) % len(attacks), "attack" if n % 2 else "support") for n in range(12)]
    return made_map(
        attacks,
        [(a, b, kind) for a, b, kind in ties if a != b],  # type: ignore[misc]
        evidence=[(13, 0, "support"), (14, 1, "attack")],
        title=attacks[3],
        people=[
            "<b onclick=globalThis.ran=9>bold</b>",
            '" autofocus onfocus="globalThis.ran=10',
            "ann",
        ],
    )
