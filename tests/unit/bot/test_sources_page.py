"""docs/sources.md says what the readers are, and its example works."""

from __future__ import annotations

import re
import types
from pathlib import Path

from bot.sources.base import Document
from bot.sources.detect import SOURCES
from tests.conftest import ROOT
from tests.unit.bot.reading import lost

PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")


def test_every_reader_has_its_row() -> None:
    """A row a reader, by its platform and its label, and no row without a reader."""
    rows = re.findall(r"(?m)^\| `(\w+)` \| (.*?) \|", PAGE)
    assert len(rows) == len(SOURCES)
    for source in SOURCES:
        assert any(name == source.name and what.startswith(source.label) for name, what in rows), (
            source.label
        )


def test_the_example_of_a_new_reader_reads() -> None:
    """The file that the page shows is a whole reader."""
    code = PAGE.split("One file and one row.", 1)[1].split("For a JSON export", 1)[0]
    lines = [line[4:] for line in code.split("\n") if line.startswith("    ") or not line.strip()]
    module = types.ModuleType("guestbook")
    exec("\n".join(lines), module.__dict__)
    text = "Our guests\nEntry by Ann Reed\nLovely kettle.\nEntry by Bo\nIt whistles."
    thread = module.SOURCE.read(Document(text))
    assert [(p.author, p.text) for p in thread.posts] == [
        ("Ann Reed", "Lovely kettle."),
        ("Bo", "It whistles."),
    ]
    assert lost(text, thread) == ""
    assert module.SOURCE.sniff(Document(text)) > 0.3


def test_the_limits_are_those_of_the_code() -> None:
    """The page names the limits that hold."""
    from bot import addresses, collection
    from bot.input import MAX_BYTES
    from bot.sources.detect import MAX_POSTS

    assert f"{MAX_BYTES // 1_000_000} MB a file" in PAGE
    assert (
        f"{collection.MAX_TOTAL // 1_000_000} MB and {collection.MAX_FILES:,} files a folder"
        in PAGE
    )
    assert f"{MAX_POSTS:,} posts" in PAGE
    assert (
        f"within {addresses.SECONDS:.0f} seconds and {addresses.MAX_BYTES // 1_000_000} MB" in PAGE
    )
    assert Path(ROOT / "tests" / "data" / "reading").is_dir()
