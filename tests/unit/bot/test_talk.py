"""Chats: bots, thoughts in several messages, and links that Crux finds itself."""

from __future__ import annotations

import json

import pytest

from bot.errors import InputError
from bot.sources import read_text
from bot.verify import problems
from bot.views.json import as_dict
from nlp import analyze

WHATSAPP = (
    "6/28/25, 6:04 PM - Wren: Practice should move to Sundays, because the field is free\n"
    "6/28/25, 6:04 PM - Wren: and the coach has time.\n"
    "6/28/25, 6:09 PM - Abel: Sundays are for church.\n"
)


def test_one_thought_in_two_messages_is_one_post() -> None:
    """A sentence that goes on in the next message is one post, its offsets exact."""
    thread = read_text(WHATSAPP)
    assert [p.text for p in thread.posts] == [
        "Practice should move to Sundays, because the field is free and the coach has time.",
        "Sundays are for church.",
    ]
    found = analyze(thread)
    assert problems(as_dict(found)) == []
    texts = {p.id: p.text for p in found.thread.posts}
    assert all(texts[u.post][u.start : u.end] == u.text for u in found.units)


@pytest.mark.parametrize(
    "second", ["6/28/25, 6:30 PM - Wren: and the coach has time.", "6/28/25, 6:05 PM - Abel: and the coach has time.", "6/28/25, 6:05 PM - Wren: The coach has time."]
)  # fmt: skip
def test_two_thoughts_stay_two_posts(second: str) -> None:
    """Later, by somebody else, or a sentence of its own: not the same thought."""
    first = "6/28/25, 6:04 PM - Wren: Sundays are better because the field is free\n"
    assert len(read_text(first + second).posts) == 2


def test_links_of_a_chat_without_marks_are_marked_as_found() -> None:
    """What Crux judged is not shown as what the platform said."""
    lines = ["[10:01] <fen> how do i get sound to work after the upgrade?", "[10:02] <moss> fen: is the card listed in lspci?"]  # fmt: skip
    thread = read_text("\n".join(lines))
    assert (thread.posts[1].reply_to, thread.posts[1].reply_inferred) == ("1", True)
    assert thread.posts[0].created_at is None  # the log names no day


def test_marks_that_are_there_are_kept_alone() -> None:
    """Where a chat shows whom messages answer, nothing is made up beside it."""
    messages = [
        {"id": "1", "content": "Durability should go.", "author": {"name": "fen"}},
        {"id": "2", "content": "It should not.", "author": {"name": "moss"}, "reference": {"messageId": "1"}},
        {"id": "3", "content": "lunch?", "author": {"name": "tarn"}},
    ]  # fmt: skip
    thread = read_text(json.dumps({"guild": {}, "channel": {}, "messages": messages}))
    assert [p.reply_to for p in thread.posts] == [None, "1", None]
    assert not any(p.reply_inferred for p in thread.posts)


def test_bots_are_left_out_unless_they_are_wanted() -> None:
    """By default a bot's message is in the furniture, once; with keep_bots it is a post."""
    text = "brinecart — Today at 14:03\nDurability should go.\nCarbonbot APP — Today at 14:04\nLevel up!\nTwo lines.\nfen — Today at 14:05\nno"
    thread = read_text(text)
    assert [p.author for p in thread.posts] == ["brinecart", "fen"]
    assert [f.text for f in thread.furniture if f.reason == "bot"] == [
        "Carbonbot\nLevel up!\nTwo lines."
    ]
    assert [p.author for p in read_text(text, keep_bots=True).posts] == [
        "brinecart",
        "Carbonbot",
        "fen",
    ]


@pytest.mark.parametrize(
    ("text", "says", "posts"),
    [
        ('{"messages": [{"id": 1, "from": "ann", "text": "Yes."}, {"id": 2, "from": "bo", "text": 7}]}', r"\$\.messages\[1\]\.text", 1),
        ('[{"text": "Yes."}, {"txet": "No."}]', r"\$\[1\]", 1),
        ('[{"text": "Yes."}, {"text": "No."}, {"te', "line 1, column", 2),
        ('{"text": "Yes."}\n{"text": "No."}\n{"te', "line 3", 2),
        ("text,author\nYes.,ann\nNo,bo,or,so\n", "line 3", 2),
    ],
    ids=["telegram", "list", "cut", "lines", "csv"],
)  # fmt: skip
def test_a_broken_export_is_refused_by_its_place_or_read_leniently(
    text: str, says: str, posts: int
) -> None:
    """The refusal names the place and the way out; lenient reading keeps what was understood."""
    with pytest.raises(InputError, match=says) as refusal:
        read_text(text)
    assert "--lenient" in str(refusal.value)
    assert len(read_text(text, lenient=True).posts) == posts
