"""The Thread of each fixture, as a golden file; run this module to write them anew.

The fixtures hold invented people; who wrote one looked at its golden file before it was kept.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.sources import read_text
from bot.sources.detect import SOURCES
from nlp.model import Thread
from tests.conftest import SAMPLES
from tests.unit.bot.reading import lost

FOLDER = Path(__file__).resolve().parents[2] / "data" / "reading"
FIXTURES = sorted(p for p in FOLDER.iterdir() if not p.name.endswith(".thread.json"))
ALL = [*FIXTURES, *SAMPLES]


def as_dict(thread: Thread) -> dict[str, Any]:
    """Give what is compared: the posts whole, the furniture by reason with its words."""
    furniture: dict[str, list[str]] = {}
    for item in thread.furniture:
        furniture.setdefault(item.reason, []).append(f"{item.post}@{item.at} {item.text}")
    return {
        "platform": thread.platform,
        "title": thread.title,
        "posts": [
            {
                "id": p.id, "author": p.author, "reply_to": p.reply_to, "inferred": p.reply_inferred,
                "time": p.created_at.isoformat() if p.created_at else None, "text": p.text,
                "quotes": [p.text[a:b] for a, b in p.quotes],
            }
            for p in thread.posts
        ],
        "furniture": furniture,
    }  # fmt: skip


def golden(fixture: Path) -> Path:
    return FOLDER / f"{fixture.stem}.thread.json"


def read(fixture: Path) -> Thread:
    return read_text(fixture.read_text(encoding="utf-8"), fixture.name)


@pytest.mark.parametrize("fixture", ALL, ids=lambda p: p.stem)
def test_a_fixture_gives_its_golden_thread(fixture: Path) -> None:
    """Posts, authors, links, times, quotes and furniture are as they were when last looked at."""
    assert as_dict(read(fixture)) == json.loads(golden(fixture).read_text(encoding="utf-8"))


@pytest.mark.parametrize("fixture", [f for f in ALL if f.suffix == ".txt"], ids=lambda p: p.stem)
def test_a_fixture_loses_nothing(fixture: Path) -> None:
    """Every character of a paste is in a post, the furniture, a name or the title."""
    assert lost(fixture.read_text(encoding="utf-8"), read(fixture)) == ""


def test_every_platform_has_a_fixture() -> None:
    """A reader without a fixture is not finished."""
    labels = set()
    from bot.sources.base import Document
    from bot.sources.detect import detect

    for fixture in ALL:
        labels.add(detect(Document(fixture.read_text(encoding="utf-8"), fixture.name)).label)
    assert {s.label for s in SOURCES} - labels == {"Plain text"}


def main() -> None:
    for fixture in ALL:
        text = json.dumps(as_dict(read(fixture)), ensure_ascii=False, indent=1)
        golden(fixture).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
