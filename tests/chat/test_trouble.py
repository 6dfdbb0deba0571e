"""What Discord and people do in the middle: the answer is right, or says in a sentence why not."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.chat import desk
from bot.jobs.inline import InlineAnalyst
from tests.chat import small
from tests.chat.conftest import Town, is_map, says
from tests.discord_bed import Message


def posts_of(found: Message) -> list[dict[str, str]]:
    """Give the posts of the map attached to a message."""
    posts: list[dict[str, str]] = json.loads(found.file(".json").data)["thread"]["posts"]
    return posts


async def test_without_the_content_intent(town: Town) -> None:
    """Channels are said to be unreadable, with the way to mend it; all else works."""
    town.bed.gateway.message_content = False
    said = town.talk(town.square)
    async with town.running(content=False):
        town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("Message Content", "Developer Portal", "/paste"))
        await town.map_of(town.ada, words="ann: Trams should go.\nben: No, must not.\ncy: so?")
        file = ("talk.txt", b"ann: Trams should be free.\nben: No they must not.\n")
        town.bed.say(town.square, town.ada, town.me, files=[file])
        await town.answer(holds=lambda m: is_map(m) and "talk.txt" in m.text)
        asked = town.bed.menu(town.ada, said[0], "Map this thread")
        await town.bed.until(lambda: any(is_map(m) for m in asked.shown))
        assert "this message alone" in asked.text
        opened = town.bed.slash(town.ada, town.square, "paste")
        await town.bed.until(lambda: opened.modal)
        sent = town.bed.submit(opened, {"words": "ann: Trams should go.\nben: No, must not."})
        await town.bed.until(lambda: any(is_map(m) for m in sent.shown))
        status = town.bed.slash(town.ada, town.square, "crux status")
        await town.bed.until(lambda: status.finished)
        assert "intent: **off**" in status.text


async def test_missing_permissions_are_named(town: Town) -> None:
    """The reply names what the bot lacks; where it may not write it says so directly."""
    other = town.bed.channel(town.guild, "other")
    town.bed.deny(town.square, town.guild.everyone, "embed_links", "read_message_history")
    town.bed.deny(other, town.bed.bot, "send_messages")
    async with town.running():
        town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("Read Message History", "Embed Links"))
        town.bed.say(other, town.ada, town.me)
        await town.answer(town.bed.world.direct(town.ada), holds=says("Send Messages"))
        status = town.bed.slash(town.ada, town.square, "crux status")
        await town.bed.until(lambda: status.finished)
        assert "I lack **Read Message History**, **Embed Links**" in status.text


async def test_without_the_right_to_attach_the_map_comes_without_files(town: Town) -> None:
    """Files are the one thing a map can do without."""
    town.talk(town.square)
    town.bed.deny(town.square, town.bed.bot, "attach_files")
    async with town.running():
        found = await town.map_of(town.ada)
        assert found.attachments == []
        assert "image" not in found.embeds[0]


@pytest.mark.parametrize("status", [429, 500])
async def test_a_passing_error_is_got_over(town: Town, status: int) -> None:
    """A rate limit and a server's error in the middle end in the map all the same."""
    town.talk(town.square)
    async with town.running():
        for method, path in (
            ("GET", "/messages$"),
            ("POST", "/messages$"),
            ("PATCH", "/messages/"),
        ):
            town.bed.fail(method, path, status)
        await town.map_of(town.ada)


async def test_forbidden_in_the_middle_is_said(town: Town) -> None:
    """A 403 while reading ends in a sentence with what is needed and an error's id."""
    town.talk(town.square)
    async with town.running():
        town.bed.fail("GET", "/messages$", 403, code=50013)
        town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("Read Message History", "error"))


async def test_a_deleted_sign_of_life_is_made_anew(town: Town) -> None:
    """When somebody deletes the bot's first answer the map comes as a new message."""
    town.talk(town.square)
    async with town.running(InlineAnalyst(small.slow(0.8))):
        town.bed.say(town.square, town.ada, town.me)
        first = await town.answer(holds=says("Reading"))
        town.bed.delete(first)
        found = await town.answer()
        assert found is not first


async def test_a_deleted_request_is_cancelled(town: Town) -> None:
    """Who deletes the request gets no map, and the sign of life goes."""
    town.talk(town.square)
    async with town.running(InlineAnalyst(small.slow(5))) as bot:
        asked = town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("Reading"))
        town.bed.delete(asked)
        await town.bed.until(lambda: not town.answers())
        await town.bed.until(lambda: bot.desk.analyst.waiting() == 0)


async def test_edits_and_deletions_while_mapping_are_followed(town: Town) -> None:
    """What is deleted meanwhile is on no map, what is edited is there as it now stands."""
    said = town.talk(town.square)
    async with town.running(InlineAnalyst(small.slow(0.6))):
        town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("Reading"))
        await asyncio.sleep(0.2)
        town.bed.edit(said[0], "We should paint the old bridge red.")
        town.bed.delete(said[1])
        found = await town.answer()
        texts = [p["text"] for p in posts_of(found)]
        assert "We should paint the old bridge red." in texts
        assert not any("keep it open" in text for text in texts)
        assert "keep it open" not in found.text


async def test_bulk_deletion_of_all_while_mapping(town: Town) -> None:
    """When nothing is left the answer says so."""
    said = town.talk(town.square)
    async with town.running(InlineAnalyst(small.slow(0.6))):
        town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("Reading"))
        await asyncio.sleep(0.2)
        town.bed.delete(*said, bulk=True)
        await town.answer(holds=says("deleted meanwhile"))


async def test_a_deleted_thread_ends_its_map(town: Town) -> None:
    """A thread that goes away in the middle leaves no job behind."""
    thread = town.bed.thread(town.square, "Bridge", town.ada)
    town.talk(thread)
    async with town.running(InlineAnalyst(small.slow(5))) as bot:
        town.bed.say(thread, town.ada, town.me)
        await town.answer(thread, holds=says("Reading"))
        town.bed.remove_channel(thread)
        await town.bed.until(lambda: bot.desk.analyst.waiting() == 0)


async def test_a_forum_post_whose_first_message_was_deleted(town: Town) -> None:
    """The rest is mapped, and the reply says that the first message is gone."""
    forum = town.bed.forum(town.guild, "ideas")
    post = town.bed.post(forum, town.ada, "Bridge", "We should close it.")
    town.talk(post)
    town.bed.delete(post.messages[post.id])
    async with town.running():
        found = await town.map_of(town.bob, post)
        assert "first message was deleted" in found.text


async def test_two_requests_at_once_wait_in_line(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One job at a time: the second shows its place in the queue, both get their map."""
    monkeypatch.setattr(desk, "REPORT_EVERY", 0.3)
    town.talk(town.square)
    async with town.running(InlineAnalyst(small.slow(1.5))):
        town.bed.say(town.square, town.ada, town.me)
        town.bed.say(town.square, town.bob, town.me)
        await town.bed.until(
            lambda: any("In the queue: 1 map goes first" in m.text for m in town.answers())
        )
        await town.bed.until(lambda: sum(map(is_map, town.answers())) == 2)


async def test_a_dropped_socket_in_the_middle(town: Town) -> None:
    """The line drops while a map is made: the session is resumed, the map comes, none is doubled."""
    town.talk(town.square)
    async with town.running(InlineAnalyst(small.slow(1.0))):
        town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("Reading"))
        town.bed.drop_sockets()
        asked = town.bed.say(town.square, town.bob, f"{town.me} help")
        await town.bed.until(lambda: town.bed.gateway.resumes == 1)
        await town.bed.until(lambda: sum(map(is_map, town.answers())) == 1)
        await town.bed.until(
            lambda: any(m.reply_to == asked.id and "Mention me" in m.text for m in town.answers())
        )
        assert town.bed.gateway.identifies == 1


async def test_a_paste_of_4001_characters_comes_as_a_file(town: Town) -> None:
    """The form takes 4,000; what is longer the client sends as message.txt, and that is read."""
    line = "ann: Trams should be free.\nben: No they must not.\n"
    text = (line * 90)[:4001]
    async with town.running():
        town.bed.say(town.square, town.ada, town.me, files=[("message.txt", text.encode())])
        await town.answer()
        opened = town.bed.slash(town.ada, town.square, "paste")
        await town.bed.until(lambda: opened.modal)
        sent = town.bed.submit(opened, {"words": text[:4000]})
        await town.bed.until(lambda: any(is_map(m) for m in sent.shown))


async def test_files_that_are_too_much_or_no_text(town: Town) -> None:
    """9 MB of talk, a binary in disguise and a picture are each refused in a sentence."""
    line = b"ann: Trams should be free because the air is bad.\n"
    async with town.running():
        for name, data, words in (
            ("talk.txt", line * (9_000_000 // len(line)), "the most here"),
            ("talk.txt", bytes(range(256)) * 400, "is not text"),
            ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(500), "cannot read photo.png"),
            ("talk.json", b'{"messages": [', "looks like JSON"),
        ):
            town.bed.say(town.square, town.ada, town.me, files=[(name, data)])
            await town.answer(holds=says(words), within=30)


async def test_an_unreadable_paste_is_given_back(town: Town) -> None:
    """Text that cannot be read comes back as a file: nothing typed is lost."""
    async with town.running():
        opened = town.bed.slash(town.ada, town.square, "paste")
        await town.bed.until(lambda: opened.modal)
        sent = town.bed.submit(opened, {"words": '{"messages": ['})
        await town.bed.until(lambda: any(m.attachments for m in sent.shown))
        kept = next(m for m in sent.shown if m.attachments)
        assert kept.attachments[0].data == b'{"messages": ['
        assert kept.seen_by == town.ada.id


async def test_a_form_from_before_a_restart_gives_the_text_back(town: Town) -> None:
    """What was typed while the bot restarted comes back with a word of what happened."""
    async with town.running():
        opened = town.bed.slash(town.ada, town.square, "paste")
        await town.bed.until(lambda: opened.modal)
    async with town.running():
        sent = town.bed.submit(opened, {"words": "ann: Trams should be free."})
        await town.bed.until(lambda: sent.finished)
        assert "restarted" in sent.text
        assert sent.shown[0].attachments[0].data == b"ann: Trams should be free."


async def test_a_map_that_takes_longer_than_fifteen_minutes(town: Town) -> None:
    """The token is dead by then: an open map comes as a message, a private one by a button."""
    town.talk(town.square)
    async with town.running(InlineAnalyst(small.slow(0.8))):
        for private in (False, True):
            asked = town.bed.slash(town.ada, town.square, "map", private=private)
            await town.bed.until(lambda a=asked: a.answered == 5)
            town.bed.move_clock(16 * 60)
            wanted = says("for you alone") if private else is_map
            found = await town.answer(holds=wanted)
            assert found.metadata is None
        shown = town.bed.press(town.ada, found, "Show the map")
        await town.bed.until(lambda: any(is_map(m) for m in shown.shown))


async def test_the_requester_must_be_able_to_read(town: Town) -> None:
    """Neither `/map` nor a mention maps what the person may not read, whatever the bot may."""
    vault = town.bed.channel(town.guild, "vault")
    town.talk(vault)
    async with town.running():
        town.bed.deny(vault, town.bob, "read_message_history")
        await town.bed.settle()
        asked = town.bed.slash(town.bob, town.square, "map", channel=vault)
        await town.bed.until(lambda: asked.finished)
        assert "may not read" in asked.text
        assert "bridge" not in asked.text


async def test_nothing_private_shows_in_a_more_public_channel(town: Town) -> None:
    """A map of a channel that not everyone here can read is shown to the person alone."""
    vault = town.bed.channel(town.guild, "vault")
    town.bed.deny(vault, town.guild.everyone, "view_channel")
    for user in (town.ada, town.bed.bot):
        town.bed.allow(vault, user, "view_channel", "read_message_history", "send_messages")
    secret = town.bed.thread(town.square, "Secret", town.ada, private=True)
    secret.members.add(town.bed.bot.id)
    staff = town.bed.channel(town.guild, "staff")
    newcomers = town.bed.role(town.guild, "newcomers")
    town.bed.deny(staff, newcomers, "view_channel")
    for place in (vault, secret, staff):
        town.bed.say(place, town.ada, "We should sell.", quiet=True)
    async with town.running():
        asked = town.bed.slash(town.ada, town.square, "map", channel=vault)
        await town.bed.until(lambda: any(is_map(m) for m in asked.shown))
        assert asked.shown[0].seen_by == town.ada.id
        assert town.answers() == []
        for place in (secret, staff):
            option = {"thread" if place.is_thread else "channel": place}
            hidden = town.bed.slash(town.ada, town.square, "map", **option)
            await town.bed.until(lambda h=hidden: any(is_map(m) for m in h.shown))
            assert hidden.shown[0].seen_by == town.ada.id, place.name
        here = town.bed.slash(town.ada, vault, "map", channel=town.square)
        await town.bed.until(lambda: here.finished)
        assert here.shown[0].seen_by is None


async def test_a_failing_analysis_is_said_with_an_id(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours gets a sentence and an id that is in the log; the log has no words of people."""

    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    town.talk(town.square)
    async with town.running(InlineAnalyst(broken)):
        town.bed.say(town.square, town.ada, town.me)
        found = await town.answer(holds=says("went wrong on my side"))
        number = found.text.split("error ")[1].rstrip(")")
        asked = town.bed.slash(town.ada, town.square, "map")
        await town.bed.until(lambda: "went wrong" in asked.text)
    assert number in caplog.text
    assert "bridge" not in caplog.text


async def test_a_new_session_works_as_the_old_one(town: Town) -> None:
    """After INVALID_SESSION the bot identifies anew and answers; nothing is registered twice."""
    town.talk(town.square)
    async with town.running():
        town.bed.invalidate_sessions()
        await town.bed.until(lambda: town.bed.gateway.identifies == 2)
        await town.bed.until(lambda: bool(town.bed.gateway.sessions))
        await town.map_of(town.ada)
        assert len(town.answers()) == 1


async def test_a_sharded_bot_answers(town: Town) -> None:
    """With CRUX_SHARDED the same bot runs on shards."""
    town.talk(town.square)
    async with town.running(sharded=True):
        await town.map_of(town.ada)
