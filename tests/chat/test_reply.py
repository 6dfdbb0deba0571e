"""What the reply says and how soon; nobody is pinged, nothing is over a limit."""

from __future__ import annotations

import re

import pytest

from bot.chat import desk
from bot.jobs.inline import InlineAnalyst
from tests.chat import small
from tests.chat.conftest import Town, is_map, says

NASTY = (
    (
        "ada",
        "We should `ban` @everyone and @here **now** [click](https://evil.example) ||boo||.",
        None,
    ),
    ("bob", "No, you must not <@&123> <#456> # big\n> quoted *stars* _under_ ~~gone~~.", 0),
)


async def test_the_reply_has_what_a_busy_person_needs(town: Town) -> None:
    """Issue, crux, points with who and counts, the best quote with its link, what was read."""
    said = town.talk(town.square)
    async with town.running():
        found = await town.map_of(town.ada)
        embed = found.embeds[0]
        assert embed["title"].startswith("We should close the old bridge")
        assert "Where people divide" in embed["description"]
        assert said[0].jump_url in embed["description"]
        assert "ada" in embed["description"]
        assert "2 for" in embed["description"]
        assert "1 against" in embed["description"]
        assert any("cyd" in f["value"] for f in embed["fields"])
        assert "posts by 3 people" in embed["footer"]["text"]
        assert len(town.answers()) == 1


async def test_a_sign_of_life_comes_before_the_map(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is there at once, says how it stands, and becomes the map."""
    monkeypatch.setattr(desk, "REPORT_EVERY", 0.3)
    town.talk(town.square)
    async with town.running(InlineAnalyst(small.slow(1.2))):
        town.bed.say(town.square, town.ada, town.me)
        first = await town.answer(holds=says("Reading"))
        await town.answer(holds=says("Finding points, 30%"))
        assert await town.answer() is first


async def test_commands_are_acknowledged_at_once(town: Town) -> None:
    """A slash command is deferred well within the deadline while the map is made."""
    town.talk(town.square)
    async with town.running(InlineAnalyst(small.slow(1.0))):
        asked = town.bed.slash(town.ada, town.square, "map")
        await town.bed.until(lambda: asked.answered == 5, within=2)
        await town.bed.until(lambda: any(is_map(m) for m in asked.shown))


async def test_quotes_ping_nobody_and_show_as_they_are(town: Town) -> None:
    """@everyone, roles, links and Markdown in people's words are shown, not obeyed."""
    town.talk(town.square, NASTY)
    async with town.running():
        found = await town.map_of(town.bob)
        assert (found.mentions, found.mention_everyone) == ([], False)
        text = re.sub(r"\\.", "", found.text)  # what is escaped is shown
        for raw in (
            "@everyone",
            "@here",
            "<@&",
            "](https://evil",
            "**now",
            "||boo",
            "~~gone",
            "`ban",
        ):
            assert raw not in text, raw
        for label in ("Evidence", "Disagreements", "Left out"):
            made = town.bed.press(town.ada, found, label)
            await town.bed.until(lambda m=made: m.finished)
            assert "@everyone" not in made.text
            assert not any(m.mentions or m.mention_everyone for m in made.shown)


async def test_honest_small_answers(town: Town) -> None:
    """No argument, one voice, nothing at all: each has its sentence."""
    quiet = town.bed.channel(town.guild, "quiet")
    alone = town.bed.channel(town.guild, "alone")
    empty = town.bed.channel(town.guild, "empty")
    town.talk(quiet, [("ada", "good morning", None), ("bob", "morning", None)])
    town.talk(alone, [("ada", "We should plant trees.", None), ("ada", "They must be oaks.", None)])
    async with town.running():
        town.bed.say(quiet, town.ada, town.me)
        await town.answer(quiet, holds=says("No argument here", "2 messages"))
        found = await town.map_of(town.bob, alone)
        assert "Only one voice here: ada" in found.text
        town.bed.say(empty, town.ada, town.me)
        await town.answer(empty, holds=says("Nothing to read here"))


async def test_two_people_of_one_name_stay_two(town: Town) -> None:
    """Two writers who show the same name are told apart by their user names."""
    town.people["dup"] = town.bed.person(town.guild, "ada")
    rows = [("ada", "We should go.", None), ("dup", "No, we must stay.", 0)]
    town.talk(town.square, rows)
    async with town.running():
        found = await town.map_of(town.bob)
        assert "ada (ada)" in found.text.replace("\\", "")


async def test_private_maps_show_to_one_person(town: Town) -> None:
    """`private` answers only the person; the server's setting makes every map so."""
    owner = town.bed.world.users[town.guild.owner_id]
    town.talk(town.square)
    async with town.running():
        asked = town.bed.slash(town.ada, town.square, "map", private=True)
        await town.bed.until(lambda: any(is_map(m) for m in asked.shown))
        assert asked.shown[0].seen_by == town.ada.id
        assert town.answers() == []
        town.bed.press(town.ada, asked.shown[0], "Evidence")
        changed = town.bed.slash(owner, town.square, "crux settings", private_replies=True)
        await town.bed.until(lambda: changed.finished)
        town.bed.say(town.square, town.ada, town.me)
        ready = await town.answer(holds=says("for you alone"))
        assert "bridge" not in ready.text
        refused = town.bed.press(town.bob, ready, "Show the map")
        await town.bed.until(lambda: refused.finished)
        assert "for the person who asked" in refused.text
        shown = town.bed.press(town.ada, ready, "Show the map")
        await town.bed.until(lambda: any(is_map(m) for m in shown.shown))
        assert shown.shown[0].seen_by == town.ada.id


async def test_cool_down_is_said_once_and_for_a_while(town: Town) -> None:
    """Asking again too soon gets a line with the seconds; commands get it privately."""
    town.talk(town.square)
    async with town.running(user_cooldown=60, channel_cooldown=0):
        await town.map_of(town.ada)
        town.bed.say(town.square, town.ada, town.me)
        await town.answer(holds=says("ask again in"))
        count = len(town.answers())
        town.bed.say(town.square, town.ada, town.me)
        asked = town.bed.slash(town.ada, town.square, "map")
        await town.bed.until(lambda: asked.finished)
        assert "ask again in" in asked.text
        assert asked.shown[0].seen_by == town.ada.id
        await town.bed.settle()
        assert len(town.answers()) == count


async def test_a_channel_has_a_cool_down_of_its_own(town: Town) -> None:
    """Another person in the same channel waits too; another channel does not."""
    other = town.bed.channel(town.guild, "other")
    town.talk(town.square)
    town.talk(other)
    async with town.running(user_cooldown=0, channel_cooldown=60):
        await town.map_of(town.ada)
        town.bed.say(town.square, town.bob, town.me)
        await town.answer(holds=says("ask again in"))
        await town.map_of(town.bob, other)
