"""Every way to ask for a map, and what wakes nobody."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from tests.chat.conftest import Town, is_map, says
from tests.discord_bed import TOKEN

CSV = b"author,text\nann,Trams should be free.\nben,No trams must cost 1 euro.\n"


async def test_mention_in_a_thread_maps_the_thread_and_its_starter(town: Town) -> None:
    """The thread's messages and the starter in the parent channel are on the map."""
    starter = town.bed.say(town.square, town.cyd, "The town should sell the bridge.", quiet=True)
    thread = town.bed.thread(town.square, "Bridge", town.ada, starter=starter)
    town.talk(thread)
    async with town.running():
        found = await town.map_of(town.ada, thread)
        assert "6 messages" in found.text or "6 posts" in found.text
        posts = json.loads(found.file(".json").data)["thread"]["posts"]
        assert posts[0]["author"] == "cyd"
        assert posts[0]["text"] == starter.content
        assert posts[2]["reply_to"] == posts[1]["id"]
        assert posts[0]["url"] == starter.jump_url


async def test_mention_in_a_forum_post_maps_it(town: Town) -> None:
    """A forum post is a thread with its text as the first message and its title as the title."""
    forum = town.bed.forum(town.guild, "ideas")
    post = town.bed.post(forum, town.ada, "Bridge to cars", "We should close the bridge.")
    town.bed.say(post, town.bob, "No, it must stay open.", reply_to=post.messages[post.id])
    async with town.running():
        found = await town.map_of(town.cyd, post)
        thread = json.loads(found.file(".json").data)["thread"]
        assert (thread["title"], len(thread["posts"])) == ("Bridge to cars", 2)


async def test_mention_in_a_reply_maps_the_tree_of_replies(town: Town) -> None:
    """What the message answers and all that answers it, and nothing else."""
    said = town.talk(town.square)
    other = town.bed.say(town.square, town.bob, "Cats should be kings.", quiet=True)
    async with town.running():
        town.bed.say(town.square, town.cyd, f"{town.me}", reply_to=said[2])
        found = await town.answer()
        posts = json.loads(found.file(".json").data)["thread"]["posts"]
        assert [p["id"] for p in posts] == [str(m.id) for m in said[:4]]
        assert str(other.id) not in found.text


async def test_mention_with_pasted_text_maps_the_text(town: Town) -> None:
    """Pasted lines are read by the readers of the command line; the channel is not."""
    town.talk(town.square)
    async with town.running():
        paste = (
            "ann: Trams should be free because the air is bad.\nben: No, they must cost.\ncat: hm"
        )
        found = await town.map_of(town.ada, words=paste)
        posts = json.loads(found.file(".json").data)["thread"]["posts"]
        assert [p["author"] for p in posts][:2] == ["ann", "ben"]
        assert "bridge" not in found.text


async def test_mention_with_files_of_every_kind(town: Town) -> None:
    """.txt, .json, .md, .html and .csv go through their readers."""
    export = json.dumps([{"author": "ann", "text": "Trams should be free."}]).encode()
    page = (
        b"<html><body><p>ann: Trams should be free.</p><p>ben: No they must not.</p></body></html>"
    )
    files = {
        "talk.txt": b"ann: Trams should be free.\nben: No they must not.\n",
        "talk.json": export,
        "talk.md": b"Trams should be free.\n\nNo they must not.",
        "talk.html": page,
        "talk.csv": CSV,
    }
    async with town.running():
        for number, (name, data) in enumerate(files.items(), 1):
            town.bed.say(town.square, town.ada, town.me, files=[(name, data)])
            found = await town.bed.until(
                lambda n=number: (a := [m for m in town.answers() if is_map(m)])[n - 1 :] and a[-1]
            )
            assert "Trams should be free" in found.text, name
            assert name in found.text.replace("\\", "")


async def test_mention_with_a_number_or_a_time(town: Town) -> None:
    """`last 3` takes three messages, `since 2d` those since then; both say what was taken."""
    old = datetime.now(UTC) - timedelta(days=5)
    town.bed.say(town.square, town.bob, "We should never paint it.", quiet=True, at=old)
    town.talk(town.square)
    async with town.running():
        town.bed.say(town.square, town.ada, f"{town.me} last 3")
        found = await town.answer(holds=lambda m: is_map(m) and "last 3 messages" in m.text)
        assert len(json.loads(found.file(".json").data)["thread"]["posts"]) == 3
        town.bed.say(town.square, town.ada, f"{town.me} since 2d")
        found = await town.answer(holds=lambda m: is_map(m) and "since" in m.text)
        posts = json.loads(found.file(".json").data)["thread"]["posts"]
        assert len(posts) == 5
        assert "paint" not in found.text


async def test_mention_alone_maps_recent_talk_and_says_what_it_took(town: Town) -> None:
    """Without words the last messages are taken, the bot's own and calls for it set aside."""
    town.talk(town.square)
    robot = town.bed.person(town.guild, "robot", bot=True)
    town.bed.say(town.square, robot, "Robots should rule.", quiet=True)
    async with town.running():
        found = await town.map_of(town.ada)
        assert "last 6 messages" in found.text
        assert "Robots" not in found.text


async def test_slash_map_of_a_channel_a_thread_and_a_range(town: Town) -> None:
    """`/map` takes this channel, another one, a thread, and a range; a wrong one is explained."""
    other = town.bed.channel(town.guild, "other")
    thread = town.bed.thread(town.square, "Bridge", town.ada)
    town.talk(other)
    town.talk(thread, [("ada", "Dogs should vote.", None), ("bob", "No, they must not.", 0)])
    async with town.running():
        for options, word in (
            ({"channel": other}, "bridge"),
            ({"thread": thread}, "Dogs"),
            ({"channel": other, "range": "last 2"}, "last 2 messages"),
        ):
            asked = town.bed.slash(town.ada, town.square, "map", **options)
            await town.bed.until(lambda a=asked: any(is_map(m) for m in a.shown))
            assert word in asked.text
        wrong = town.bed.slash(town.ada, town.square, "map", range="yes")
        await town.bed.until(lambda: wrong.finished)
        assert "is no range" in wrong.text
        assert wrong.shown[0].seen_by == town.ada.id


async def test_menu_maps_the_thread_of_a_message(town: Town) -> None:
    """The menu takes the thread that hangs on a message, or the replies around it."""
    said = town.talk(town.square)
    starter = town.bed.say(town.square, town.cyd, "Dogs should vote.", quiet=True)
    thread = town.bed.thread(town.square, "Dogs", town.ada, starter=starter)
    town.talk(thread, [("bob", "No, they must not.", None)])
    async with town.running():
        asked = town.bed.menu(town.ada, said[1], "Map this thread")
        await town.bed.until(lambda: any(is_map(m) for m in asked.shown))
        assert "bridge" in asked.text
        asked = town.bed.menu(town.ada, starter, "Map this thread")
        await town.bed.until(lambda: any(is_map(m) for m in asked.shown))
        assert "Dogs" in asked.text


async def test_paste_form_with_text_and_with_a_file(town: Town) -> None:
    """The form takes text or a file; an empty one is explained."""
    async with town.running():
        opened = town.bed.slash(town.ada, town.square, "paste")
        await town.bed.until(lambda: opened.modal)
        sent = town.bed.submit(opened, {"words": "ann: Trams should be free.\nben: No, must not."})
        await town.bed.until(lambda: any(is_map(m) for m in sent.shown))
        opened = town.bed.slash(town.ada, town.square, "paste")
        await town.bed.until(lambda: opened.modal)
        filed = town.bed.submit(opened, {}, {"file": [("talk.csv", CSV)]})
        await town.bed.until(lambda: any(is_map(m) for m in filed.shown))
        opened = town.bed.slash(town.ada, town.square, "paste")
        await town.bed.until(lambda: opened.modal)
        empty = town.bed.submit(opened, {})
        await town.bed.until(lambda: empty.finished)
        assert "nothing in the form" in empty.text
        direct = town.bed.slash(town.ada, town.square, "paste", file=("talk.csv", CSV))
        await town.bed.until(lambda: any(is_map(m) for m in direct.shown))


async def test_direct_messages(town: Town) -> None:
    """Directly the bot maps what it is given, and says so when it is given nothing."""
    async with town.running():
        direct = town.bed.world.direct(town.ada)
        town.bed.say(direct, town.ada, "ann: Trams should be free.\nben: No, must not.\ncy: so?")
        await town.answer(direct)
        town.bed.say(direct, town.ada, "hello")
        await town.answer(direct, holds=says("paste the discussion"))


async def test_what_wakes_nobody(town: Town) -> None:
    """@everyone, a reply with a ping, other bots and webhooks get no answer."""
    owner = town.bed.world.users[town.guild.owner_id]
    robot = town.bed.person(town.guild, "robot", bot=True)
    town.talk(town.square)
    async with town.running():
        found = await town.map_of(town.ada)
        count = len(town.answers())
        loud = town.bed.say(town.square, owner, "@everyone should look at the bridge")
        assert loud.mention_everyone
        town.bed.say(town.square, town.bob, "I disagree with this map", reply_to=found)
        town.bed.say(town.square, robot, f"{town.me} last 5")
        town.bed.say(town.square, robot, f"{town.me} last 5", webhook=True)
        await town.bed.settle(0.4)
        assert len(town.answers()) == count


async def test_words_without_a_meaning_get_a_short_hint(town: Town) -> None:
    """A mention with other words is no order to map; help is help."""
    town.talk(town.square)
    async with town.running():
        town.bed.say(town.square, town.ada, f"{town.me} lovely weather")
        await town.answer(holds=says("I map discussions"))
        town.bed.say(town.square, town.ada, f"{town.me} help")
        await town.answer(holds=says("Mention me", "word for word"))


async def test_crux_commands(town: Town) -> None:
    """Help, privacy, status and settings answer to one person alone; managers alone change."""
    owner = town.bed.world.users[town.guild.owner_id]
    async with town.running():
        for line, words in (
            ("crux help", "Mention me"),
            ("crux privacy", "30 days"),
            ("crux status", "I have all I need here"),
            ("crux settings", "Maps are kept: 30 days"),
        ):
            asked = town.bed.slash(town.ada, town.square, line)
            await town.bed.until(lambda a=asked: a.finished)
            assert words in asked.text
            assert asked.shown[0].seen_by == town.ada.id
        refused = town.bed.slash(town.ada, town.square, "crux settings", keep_days=7)
        await town.bed.until(lambda: refused.finished)
        assert "Manage Server" in refused.text
        changed = town.bed.slash(
            owner, town.square, "crux settings", keep_days=7, leave_out=town.square
        )
        await town.bed.until(lambda: changed.finished)
        assert "7 days" in changed.text
        town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("leave this channel out"))


async def test_every_command_is_described_and_within_limits(town: Town) -> None:
    """Registration passes Discord's checks; there is one menu and no command beside the four."""
    async with town.running():
        names = {(c["name"], c["type"]) for c in town.bed.commands()}
        commands = {("map", 1), ("paste", 1), ("crux", 1), ("digest", 1)}
        assert names == {*commands, ("Map this thread", 3)}
        assert TOKEN not in repr(town.bot.settings)
