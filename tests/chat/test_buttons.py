"""The buttons of a map: what each shows, to whom, after a restart and after a deletion."""

from __future__ import annotations

import json
from pathlib import Path

from tests.chat.conftest import Town, is_map
from tests.discord_bed import Interaction, Message, User


async def pressed(town: Town, user: User, message: Message, label: str) -> Interaction:
    """Press a button and wait for its answer."""
    made = town.bed.press(user, message, label)
    await town.bed.until(lambda: made.finished, why=label)
    return made


async def test_evidence_shows_who_said_what_and_turns_to_other_points(town: Town) -> None:
    """The crux comes first; a menu leads to the other points; links lead to the messages."""
    said = town.talk(town.square)
    async with town.running():
        found = await town.map_of(town.ada)
        shown = await pressed(town, town.bob, found, "Evidence")
        (answer,) = shown.shown
        assert answer.seen_by == town.bob.id
        assert "two beams are cracked" in answer.text
        assert "For it" in answer.text
        assert "Against it" in answer.text
        assert said[0].jump_url in answer.text
        labels = [o["label"] for o in answer.components[0]["components"][0]["options"]]
        assert labels[0].startswith("◆")
        chosen = town.bed.choose(town.bob, answer, labels[1])
        await town.bed.until(
            lambda: chosen.answered and labels[1][:20] in answer.embeds[0]["title"]
        )
        assert len(town.answers()) == 1


async def test_evidence_of_many_points_has_pages(town: Town) -> None:
    """More than 25 points are reached by pages of 25."""
    rows = [("ada", f"Rule {n} should hold for everybody.", None) for n in range(60)]
    town.talk(town.square, rows)
    async with town.running():
        found = await town.map_of(town.ada)
        (answer,) = (await pressed(town, town.ada, found, "Evidence")).shown
        seen = set()
        for turn in ("More points", "More points", "Earlier points"):
            seen |= {o["value"] for o in answer.components[0]["components"][0]["options"]}
            edits = answer.edits
            town.bed.press(town.ada, answer, turn)
            await town.bed.until(lambda e=edits: answer.edits > e)
        assert len(seen) == 60


async def test_disagreements_and_left_out(town: Town) -> None:
    """Disagreements show both sides; left out shows reasons with an example of each."""
    town.talk(town.square)
    async with town.running():
        found = await town.map_of(town.ada)
        split = await pressed(town, town.bob, found, "Disagreements")
        assert "close the old bridge" in split.text
        assert "must keep it open" in split.text
        rest = await pressed(town, town.bob, found, "Left out")
        assert "too short" in rest.text
        assert "thanks all" in rest.text


async def test_export_gives_every_form(town: Town) -> None:
    """The menu lists the forms, and each one comes as a file."""
    town.talk(town.square)
    async with town.running():
        found = await town.map_of(town.ada)
        (menu,) = (await pressed(town, town.bob, found, "Export")).shown
        forms = [o["value"] for o in menu.components[0]["components"][0]["options"]]
        assert {"markdown", "json", "png", "svg"} <= set(forms)
        for form in forms:
            chosen = town.bed.choose(town.bob, menu, form)
            await town.bed.until(lambda c=chosen: c.finished, why=form)
            assert chosen.shown[0].attachments, form
            assert chosen.shown[0].seen_by == town.bob.id


async def test_delete_is_for_the_requester_and_for_moderators(town: Town) -> None:
    """A stranger is refused; the requester's press takes the message and what was kept."""
    warden = town.bed.person(
        town.guild, "warden", town.bed.role(town.guild, "mods", "manage_messages")
    )
    town.talk(town.square)
    async with town.running():
        found = await town.map_of(town.ada)
        refused = await pressed(town, town.bob, found, "Delete")
        assert "a moderator" in refused.text
        assert not found.deleted
        done = await pressed(town, town.ada, found, "Delete")
        assert "Deleted" in done.text
        assert found.deleted
        assert await town.bot.desk.store.maps.get(key_of(found)) is None
        other = await town.map_of(town.ada)
        await pressed(town, warden, other, "Delete")
        assert other.deleted


def key_of(message: Message) -> str:
    """Give the short id in a message's buttons."""
    return message.custom_ids()[0].split(":")[4]


async def test_buttons_survive_a_restart(town: Town, tmp_path: Path) -> None:
    """After a restart of the bot every button of an old message answers as before."""
    town.store = str(tmp_path / "crux.db")
    town.talk(town.square)
    async with town.running():
        found = await town.map_of(town.ada)
    async with town.running():
        for label, word in (
            ("Evidence", "two beams"),
            ("Disagreements", "keep it open"),
            ("Left out", "thanks all"),
            ("Export", "The whole map"),
            ("Delete", "Deleted"),
        ):
            assert word in (await pressed(town, town.ada, found, label)).text
        assert found.deleted


async def test_buttons_of_a_map_that_is_gone_or_of_an_older_crux(town: Town) -> None:
    """Both are said in a sentence, never "this interaction failed"."""
    town.talk(town.square)
    async with town.running() as bot:
        found = await town.map_of(town.ada)
        await bot.desk.store.maps.delete(key_of(found))
        gone = await pressed(town, town.bob, found, "Evidence")
        assert "This map is gone" in gone.text
        button = found.components[0]["components"][0]
        button["custom_id"] = button["custom_id"].replace("crux:1:", "crux:0:")
        old = await pressed(town, town.bob, found, "Evidence")
        assert "older Crux" in old.text


async def test_buttons_ask_for_the_right_to_read_the_source(town: Town) -> None:
    """A map of a channel is opened only to those who may read that channel, now."""
    other = town.bed.channel(town.guild, "other")
    town.talk(other)
    async with town.running():
        asked = town.bed.slash(town.ada, town.square, "map", channel=other)
        await town.bed.until(lambda: any(is_map(m) for m in asked.shown))
        (found,) = asked.shown
        assert found.seen_by is None
        town.bed.deny(other, town.bob, "view_channel")
        await town.bed.settle()
        refused = await pressed(town, town.bob, found, "Evidence")
        assert "may not read" in refused.text
        assert "bridge" not in refused.text
        assert "two beams" in (await pressed(town, town.cyd, found, "Evidence")).text


async def test_the_attached_map_is_the_whole_map(town: Town) -> None:
    """Markdown and JSON hang on the message; the JSON is Crux's own contract."""
    town.talk(town.square)
    async with town.running():
        found = await town.map_of(town.ada)
        assert found.file(".md").data.startswith(b"#")
        assert json.loads(found.file(".json").data)["schema"] == "crux.map/1"
        assert found.file(".png").data.startswith(b"\x89PNG")
        assert found.embeds[0]["image"]["url"].startswith("attachment://")
