"""The loopback Discord keeps Discord's rules: an unmodified discord.py client finds them kept."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.discord_bed import Bed, BedError, pointed_at


@pytest.fixture
def bed() -> Iterator[Bed]:
    with Bed() as made:
        yield made


class Client(discord.Client):
    """A client that keeps what it hears."""

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", discord.Intents(guilds=True, messages=True))
        super().__init__(intents=intents, guild_ready_timeout=0.05, **options)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.resumed = 0

    async def on_message(self, message: discord.Message) -> None:
        """Keep it."""
        self.heard.append(message)

    async def on_resumed(self) -> None:
        """Count it."""
        self.resumed += 1

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds before a second IDENTIFY."""


WITH_CONTENT = discord.Intents(guilds=True, messages=True, message_content=True)


async def test_words_come_only_with_the_intent_or_an_exception(bed: Bed) -> None:
    """Without the intent a message's words are empty, unless it mentions the bot or is direct."""
    town = bed.guild()
    square, ada = bed.channel(town, "square"), bed.person(town, "ada")
    async with bed.running(Client()) as client:
        bed.say(square, ada, "nobody reads this")
        bed.say(square, ada, f"<@{bed.bot.id}> you read this")
        bed.say(bed.world.direct(ada), ada, "and this")
        await bed.until(lambda: len(client.heard) == 3)
        assert [m.content for m in client.heard] == [
            "",
            f"<@{bed.bot.id}> you read this",
            "and this",
        ]


async def test_an_intent_that_the_portal_has_off_is_refused(bed: Bed) -> None:
    """Asking for message content with the switch off ends the session with 4014."""
    bed.gateway.message_content = False
    with pointed_at(bed.base), pytest.raises(discord.PrivilegedIntentsRequired):
        async with Client(intents=WITH_CONTENT) as client:
            await client.start(bed.token)


async def test_a_wrong_token_is_refused(bed: Bed) -> None:
    """Logging in with another token fails."""
    with pointed_at(bed.base), pytest.raises(discord.LoginFailure):
        async with Client() as client:
            await client.start("not-the-token")


async def test_history_pages_in_both_directions(bed: Bed) -> None:
    """253 messages come whole and in order, forwards, backwards, after, before and around."""
    town = bed.guild()
    square, ada = bed.channel(town, "square"), bed.person(town, "ada")
    start = datetime.now(UTC) - timedelta(days=2)
    said = [
        bed.say(square, ada, str(n), quiet=True, at=start + timedelta(minutes=n)).id
        for n in range(253)
    ]
    async with bed.running(Client(intents=WITH_CONTENT)) as client:
        place = client.get_channel(square.id)
        forwards = [m.id async for m in place.history(limit=None, oldest_first=True)]
        backwards = [m.id async for m in place.history(limit=None)]
        after = place.history(limit=120, after=discord.Object(said[99]), oldest_first=True)
        before = place.history(limit=120, before=discord.Object(said[200]))
        around = [m.id async for m in place.history(limit=11, around=discord.Object(said[50]))]
        late = place.history(limit=None, after=start + timedelta(minutes=200, seconds=1))
        assert forwards == said
        assert backwards == said[::-1]
        assert [m.id async for m in after] == said[100:220]
        assert [m.id async for m in before] == said[80:200][::-1]
        assert sorted(around) == said[45:56]
        assert len([m async for m in late]) == 52


async def test_limits_are_enforced(bed: Bed) -> None:
    """What is over a limit is refused with 50035 and shows nowhere."""
    town = bed.guild()
    square = bed.channel(town, "square")
    async with bed.running(Client()) as client:
        place = client.get_channel(square.id)
        long_embed = discord.Embed(description="x" * 4000)
        long_embed.add_field(name="n", value="v" * 1000).add_field(name="n", value="v" * 1000)
        wide = discord.ui.View()
        wide.add_item(discord.ui.Button(label="x" * 81, custom_id="a"))
        twice = discord.ui.View()
        twice.add_item(discord.ui.Button(label="1", custom_id="a"))
        twice.add_item(discord.ui.Button(label="2", custom_id="a"))
        for options in (
            {"content": "x" * 2001},
            {"embed": long_embed},
            {"embed": discord.Embed(title="x" * 257)},
            {"content": "x", "view": wide},
            {"content": "x", "view": twice},
        ):
            with pytest.raises(discord.HTTPException) as refused:
                await place.send(**options)
            assert refused.value.code == 50035
        with pytest.raises(discord.HTTPException) as empty:
            await place.send("   ")
        assert empty.value.code == 50006
        with pytest.raises(discord.HTTPException) as heavy:
            await place.send(file=discord.File(io.BytesIO(b"x" * 10_500_000), "big.bin"))
        assert heavy.value.status == 413
        assert square.shown() == []


async def test_permissions_are_enforced(bed: Bed) -> None:
    """Unseen channels give 50001, missing rights 50013, an unreadable history is empty."""
    town = bed.guild()
    square, vault = bed.channel(town, "square"), bed.channel(town, "vault")
    ada = bed.person(town, "ada")
    old = bed.say(square, ada, "old")
    bed.deny(vault, town.everyone, "view_channel")
    bed.deny(square, bed.bot, "send_messages", "read_message_history")
    async with bed.running(Client()) as client:
        assert client.get_channel(vault.id) is None
        with pytest.raises(discord.Forbidden) as unseen:
            await client.fetch_channel(vault.id)
        place = client.get_channel(square.id)
        with pytest.raises(discord.Forbidden) as mute:
            await place.send("x")
        assert (unseen.value.code, mute.value.code) == (50001, 50013)
        assert [m async for m in place.history()] == []
        with pytest.raises(discord.Forbidden):
            await place.fetch_message(old.id)
        bed.say(vault, town.members[town.owner_id].user, "secret")
        await bed.settle()
        assert client.heard == []


async def test_missing_things_have_their_codes(bed: Bed) -> None:
    """An unknown message is 10008, an unknown channel 10003."""
    town = bed.guild()
    square = bed.channel(town, "square")
    async with bed.running(Client()) as client:
        with pytest.raises(discord.NotFound) as message:
            await client.get_channel(square.id).fetch_message(42)
        with pytest.raises(discord.NotFound) as channel:
            await client.fetch_channel(42)
        assert (message.value.code, channel.value.code) == (10008, 10003)


async def test_rate_limits_pace_the_client(bed: Bed) -> None:
    """Twelve sends at once all arrive, in three windows of five."""
    town = bed.guild()
    square = bed.channel(town, "square")
    bed.traffic.rates["send"] = (5, 0.25)
    async with bed.running(Client()) as client:
        place = client.get_channel(square.id)
        await asyncio.gather(*(place.send(str(n)) for n in range(12)))
        assert len(square.shown()) == 12
        times = [r.at for r in bed.traffic.requests if r.method == "POST" and r.status == 200]
        assert times[-1] - times[0] > 0.3


async def test_injected_errors_reach_the_client(bed: Bed) -> None:
    """A 429 is waited for, a 500 tried again, a 403 raised, a 429 without Via is a ban."""
    town = bed.guild()
    square = bed.channel(town, "square")
    async with bed.running(Client()) as client:
        place = client.get_channel(square.id)
        bed.fail("POST", "/messages$", 429)
        bed.fail("POST", "/messages$", 500)
        await place.send("arrives")
        bed.fail("POST", "/messages$", 403, code=50013)
        with pytest.raises(discord.Forbidden):
            await place.send("x")
        bed.fail("POST", "/messages$", 429, via=False)
        with pytest.raises(discord.HTTPException) as banned:
            await place.send("x")
        assert banned.value.status == 429
        assert [m.content for m in square.shown()] == ["arrives"]


async def test_a_dropped_socket_is_resumed_and_nothing_is_missed(bed: Bed) -> None:
    """What was said while the line was down is replayed, once."""
    town = bed.guild()
    square, ada = bed.channel(town, "square"), bed.person(town, "ada")
    async with bed.running(Client()) as client:
        bed.say(square, ada, "one")
        await bed.until(lambda: len(client.heard) == 1)
        bed.drop_sockets()
        bed.say(square, ada, "two")
        await bed.until(lambda: client.resumed == 1)
        bed.say(square, ada, "three")
        await bed.until(lambda: len(client.heard) == 3)
        assert bed.gateway.identifies == 1


async def test_an_invalidated_session_identifies_anew(bed: Bed) -> None:
    """After INVALID_SESSION the client starts a fresh session and hears again."""
    town = bed.guild()
    square, ada = bed.channel(town, "square"), bed.person(town, "ada")
    async with bed.running(Client()) as client:
        bed.invalidate_sessions()
        await bed.until(lambda: bed.gateway.identifies == 2)
        await bed.until(lambda: bool(bed.gateway.sessions))
        bed.say(square, ada, "again")
        await bed.until(lambda: [m.channel.id for m in client.heard] == [square.id])


async def test_interactions_of_every_kind(bed: Bed) -> None:
    """Slash, menu, modal with text and file, button, select; hidden answers show to one alone."""
    town = bed.guild()
    square, ada = bed.channel(town, "square"), bed.person(town, "ada")
    bob = bed.person(town, "bob")
    client = Client()

    class Form(discord.ui.Modal, title="Paste"):
        words = discord.ui.Label(
            text="Words", component=discord.ui.TextInput(custom_id="words", required=False)
        )
        file = discord.ui.Label(
            text="File", component=discord.ui.FileUpload(custom_id="file", required=False)
        )

        async def on_submit(self, interaction: discord.Interaction) -> None:
            (upload,) = self.file.component.values
            data = await upload.read()
            await interaction.response.send_message(
                f"{self.words.component.value} {data.decode()}", ephemeral=True
            )

    class Buttons(discord.ui.View):
        @discord.ui.button(label="Open", custom_id="open")
        async def open(self, interaction: discord.Interaction, _: Any) -> None:
            await interaction.response.send_modal(Form())

        @discord.ui.select(custom_id="pick", options=[discord.SelectOption(label="Tea")])
        async def pick(self, interaction: discord.Interaction, select: Any) -> None:
            await interaction.response.edit_message(content=select.values[0])

    @client.tree.command(description="show buttons")
    async def show(interaction: discord.Interaction, where: discord.TextChannel) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send(
            f"in {where.name}", view=Buttons(), file=discord.File(io.BytesIO(b"data"), "a.txt")
        )

    @client.tree.context_menu(name="Count words")
    async def count(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(str(len(message.content.split())), ephemeral=True)

    async with bed.running(client):
        await client.tree.sync()
        with pytest.raises(BedError, match="no command"):
            bed.slash(ada, square, "other")
        with pytest.raises(BedError, match="needs where"):
            bed.slash(ada, square, "show")
        shown = bed.slash(ada, square, "show", where=square)
        await bed.until(lambda: shown.finished)
        (message,) = square.shown()
        assert (message.content, message.file(".txt").data) == ("in square", b"data")
        counted = bed.menu(ada, bed.say(square, bob, "three words here"), "Count words")
        await bed.until(lambda: counted.finished)
        assert (counted.text, counted.shown[0].seen_by) == ("3", ada.id)
        assert len(square.shown()) == 2
        with pytest.raises(BedError, match="does not see"):
            bed.press(bob, counted.shown[0], "x")
        opened = bed.press(ada, message, "Open")
        await bed.until(lambda: opened.modal)
        sent = bed.submit(opened, {"words": "hello"}, {"file": [("w.txt", b"world")]})
        await bed.until(lambda: sent.finished)
        assert sent.text == "hello world"
        chosen = bed.choose(ada, message, "Tea")
        await bed.until(lambda: chosen.answered)
        assert message.content == "Tea"


async def test_menus_of_people_and_completion(bed: Bed) -> None:
    """A person's menu gets the member; what is typed is completed with at most 25 choices."""
    town = bed.guild()
    square, ada = bed.channel(town, "square"), bed.person(town, "ada")
    bob = bed.person(town, "bob")
    client = Client()

    @client.tree.context_menu(name="Greet")
    async def greet(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"hello {member.display_name}")

    @client.tree.command(description="pick a fruit")
    async def fruit(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(name)

    @fruit.autocomplete("name")
    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = [f"{typed}{n}" for n in range(26 if typed == "many" else 3)]
        return [app_commands.Choice(name=n, value=n) for n in names]

    async with bed.running(client):
        await client.tree.sync()
        greeted = bed.menu_of(ada, bob, square, "Greet")
        await bed.until(lambda: greeted.finished)
        assert greeted.text == "hello bob"
        offered = bed.typing(ada, square, "fruit", "name", "ap")
        await bed.until(lambda: offered.finished)
        assert [c["value"] for c in offered.choices or []] == ["ap0", "ap1", "ap2"]
        bed.interactions.expect_failures = True
        refused = bed.typing(ada, square, "fruit", "name", "many")
        await bed.settle()
        assert refused.choices is None


async def test_deadlines_of_interactions(bed: Bed) -> None:
    """After 3 s the token is dead, a second answer is refused, after 15 min so is a follow-up."""
    town = bed.guild()
    square, ada = bed.channel(town, "square"), bed.person(town, "ada")
    client, codes = Client(), []
    bed.interactions.expect_failures = True

    @client.tree.command(description="late")
    async def late(interaction: discord.Interaction) -> None:
        await asyncio.sleep(3.1)
        try:
            await interaction.response.send_message("x")
        except discord.NotFound as error:
            codes.append(error.code)

    @client.tree.command(description="twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("x")
        interaction.response._response_type = None
        try:
            await interaction.response.send_message("y")
        except discord.HTTPException as error:
            codes.append(error.code)
        bed.move_clock(15 * 60 + 1)
        try:
            await interaction.followup.send("z")
        except discord.HTTPException as error:
            codes.append(error.code)

    async with bed.running(client):
        await client.tree.sync()
        first = bed.slash(ada, square, "late")
        bed.slash(ada, square, "twice")
        await bed.until(lambda: len(codes) == 3)
        assert sorted(codes) == [10062, 40060, 50027]
        assert first.failed


async def test_an_unknown_route_is_a_problem(bed: Bed) -> None:
    """A request that the bed does not know fails the test that made it."""
    town = bed.guild()
    async with bed.running(Client()) as client:
        with pytest.raises(discord.NotFound):
            await client.get_guild(town.id).fetch_emojis()
        assert len(bed.problems) == 1
        bed.problems.clear()


async def test_mentions_ping_only_as_allowed(bed: Bed) -> None:
    """Who is pinged hangs on the allowed mentions of the message."""
    town = bed.guild()
    square, ada = bed.channel(town, "square"), bed.person(town, "ada")
    async with bed.running(Client()) as client:
        place = client.get_channel(square.id)
        await place.send(f"{ada.mention} @everyone")
        await place.send(
            f"{ada.mention} @everyone", allowed_mentions=discord.AllowedMentions.none()
        )
        loud, silent = square.shown()
        assert (loud.mentions, loud.mention_everyone) == ([ada.id], True)
        assert (silent.mentions, silent.mention_everyone) == ([], False)


async def test_a_nonce_makes_a_second_send_give_the_first_message(bed: Bed) -> None:
    """The same enforced nonce in the same channel posts once."""
    town = bed.guild()
    square = bed.channel(town, "square")
    async with bed.running(Client()) as client:
        place = client.get_channel(square.id)
        first = await place.send("x", nonce="week-1")
        again = await place.send("x", nonce="week-1")
        assert (first.id, len(square.shown())) == (again.id, 1)


async def test_an_edit_keeps_the_files_it_names(bed: Bed) -> None:
    """The attachment list of an edit says what stays; new files come with it."""
    town = bed.guild()
    square = bed.channel(town, "square")
    async with bed.running(Client()) as client:
        place = client.get_channel(square.id)
        sent = await place.send(files=[discord.File(io.BytesIO(b"a"), n) for n in ("1", "2")])
        fresh = discord.File(io.BytesIO(b"c"), "3")
        await sent.edit(content="x", attachments=[sent.attachments[1], fresh])
        (message,) = square.shown()
        assert [a.filename for a in message.attachments] == ["2", "3"]


async def test_threads_and_their_starters(bed: Bed) -> None:
    """A thread has its starter's id, whose text is in the parent; a second one is refused."""
    town = bed.guild()
    square, ada = bed.channel(town, "square"), bed.person(town, "ada")
    starter = bed.say(square, ada, "starter")
    async with bed.running(Client(intents=WITH_CONTENT)) as client:
        place = client.get_channel(square.id)
        message = await place.fetch_message(starter.id)
        made = await message.create_thread(name="talk")
        assert made.id == starter.id
        with pytest.raises(discord.HTTPException) as second:
            await message.create_thread(name="talk")
        assert second.value.code == 160004
        await made.send("inside")
        await bed.until(lambda: client.get_channel(made.id))
        assert (await place.fetch_message(made.id)).content == "starter"


async def test_a_sharded_client_runs(bed: Bed) -> None:
    """AutoShardedClient asks for the gateway and connects."""

    class Sharded(Client, discord.AutoShardedClient):
        pass

    town = bed.guild()
    square, ada = bed.channel(town, "square"), bed.person(town, "ada")
    async with bed.running(Sharded()) as client:
        bed.say(square, ada, "one")
        await bed.until(lambda: len(client.heard) == 1)


def test_only_loopback_is_allowed() -> None:
    """The client cannot be pointed at another machine."""
    with pytest.raises(ValueError, match="not on this machine"), pointed_at("http://example.org"):
        pass
