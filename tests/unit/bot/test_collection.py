"""Exports that come as a folder or as many files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import collection
from bot.collection import read_collection
from bot.errors import InputError


def put(folder: Path, name: str, value: object) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return file


def slack(folder: Path) -> None:
    """Write a Slack export: users, and a channel of two days with a thread across them."""
    put(folder, "users.json", [{"id": "U1", "name": "ann", "profile": {"display_name": "Annika"}},
                               {"id": "U2", "name": "bo", "profile": {}}])  # fmt: skip
    put(folder, "channels.json", [{"id": "C1", "name": "ops", "creator": "U1"}])
    put(folder, "ops/2026-01-01.json", [{"user": "U1", "type": "message", "ts": "1767225600.000100", "thread_ts": "1767225600.000100", "text": "Should we page at night?"}])  # fmt: skip
    put(folder, "ops/2026-01-02.json", [{"user": "U2", "type": "message", "ts": "1767312000.000100", "thread_ts": "1767225600.000100", "text": "No, <@U1>, it can wait."}])  # fmt: skip


def test_the_days_of_a_slack_channel_are_one_thread(tmp_path: Path) -> None:
    """Names come from users.json, and an answer of the next day finds what it answers."""
    slack(tmp_path)
    thread = read_collection([str(tmp_path)])
    assert [(p.author, p.text) for p in thread.posts] == [
        ("Annika", "Should we page at night?"),
        ("bo", "No, @Annika, it can wait."),
    ]
    assert thread.posts[1].reply_to == thread.posts[0].id
    assert thread.title == "ops"


def test_a_guild_of_many_files_is_one_thread(tmp_path: Path) -> None:
    """Ids are told apart by the file; notes beside the export are left out by name."""
    for channel in ("lobby", "rules"):
        message = {
            "id": "1",
            "type": "Default",
            "content": f"About {channel}.",
            "author": {"name": "fen"},
        }
        put(
            tmp_path,
            f"{channel}.json",
            {"guild": {}, "channel": {"name": channel}, "messages": [message]},
        )
    put(tmp_path, "README.txt", "These are our channels.")
    put(tmp_path, "rules.png", "no text")
    thread = read_collection([str(tmp_path)])
    assert [p.id for p in thread.posts] == ["lobby/1", "rules/1"]
    assert ("README.txt", "no discussion") in [(f.text, f.reason) for f in thread.furniture]


def test_a_broken_file_is_named_or_left_out(tmp_path: Path) -> None:
    """Without --lenient its name and fault are said; with it the rest is read."""
    put(tmp_path, "a.json", [{"text": "Tea is better.", "author": "ida"}])
    put(tmp_path, "b.json", '{"messages": [ {"text" ')
    with pytest.raises(InputError, match=r"b\.json: This looks like JSON"):
        read_collection([str(tmp_path)])
    thread = read_collection([str(tmp_path)], lenient=True)
    assert [p.text for p in thread.posts] == ["Tea is better."]
    assert ("b.json", "unreadable") in [(f.text, f.reason) for f in thread.furniture]


def test_files_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many files, too many bytes, and nothing at all are refused."""
    with pytest.raises(InputError, match="no file that Crux reads"):
        read_collection([str(tmp_path)])
    for n in range(3):
        put(tmp_path, f"{n}.txt", "ann: yes\nbo: no\n" * 10)
    monkeypatch.setattr(collection, "MAX_TOTAL", 200)
    with pytest.raises(InputError, match="more than"):
        read_collection([str(tmp_path)])
    monkeypatch.setattr(collection, "MAX_FILES", 2)
    with pytest.raises(InputError, match="3 files"):
        read_collection([str(tmp_path)])


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    """A symbolic link in an export does not bring in another file."""
    outside = put(tmp_path, "outside.txt", "ann: secret\nbo: more\nann: again")
    inside = tmp_path / "export"
    put(inside, "talk.txt", "ann: yes\nbo: no\nann: yes")
    (inside / "link.txt").symlink_to(outside)
    assert not any("secret" in p.text for p in read_collection([str(inside)]).posts)
