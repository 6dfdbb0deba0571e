"""The page in a real browser: every feature used, nothing asked of anybody, no word of a thread run."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.views import page
from tests.outside.tools import GOLD, HERE, chromium, gold_maps, hostile_map, node

NAMES = (*GOLD, "hostile")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Open all pages in one browser; CRUX_SHOTS names a folder for pictures of them."""
    tools = [node(), str(HERE / "browser.mjs")]
    env = {**os.environ, "CHROMIUM": chromium()}
    folder = tmp_path_factory.mktemp("pages")
    maps = {**gold_maps(), "hostile": hostile_map()}
    for name, found in maps.items():
        (folder / f"{name}.html").write_text(page.render(found), encoding="utf-8")
    shots = os.environ.get("CRUX_SHOTS")
    if shots:
        Path(shots).mkdir(parents=True, exist_ok=True)
    pages = [{"name": name, "file": str(folder / f"{name}.html")} for name in maps]
    job = folder / "job.json"
    job.write_text(json.dumps({"pages": pages, "shots": shots}), encoding="utf-8")
    done = subprocess.run([*tools, str(job)], capture_output=True, check=False, env=env)
    assert done.returncode == 0, done.stderr.decode()
    found_report: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return found_report


@pytest.mark.parametrize("name", NAMES)
def test_every_feature_of_the_page_works(
    name: str, report: dict[str, list[dict[str, Any]]]
) -> None:
    """Choosing, linking, filters, search, keyboard, phone, night, print; no error, no request."""
    steps = report[name]
    assert len(steps) >= (7 if name == "discord-printer-help" else 28)
    assert not [f"{s['step']}: {s['detail']}" for s in steps if not s["holds"]]
