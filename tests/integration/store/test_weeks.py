"""Digests of what is kept: what they tell, and that what is gone is told no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.digest.compose import compose
from bot.digest.model import Digest, as_dict, pack, unpack
from bot.store import GuildSettings, Store
from bot.views.digests import discord, html, markdown, terminal
from bot.views.digests.telling import tell, words
from tests.integration.store.talk import (
    BENCH,
    CHANNEL,
    GUILD,
    MONDAY,
    Line,
    map_of,
    people_of,
    person,
    remember,
)

WEEK = timedelta(days=7)
SECOND = MONDAY + WEEK

RETURN = [
    Line("80", "bob", "Park benches should be painted green", "x"),
    Line("81", "fay", "Green park benches look cheap", "y", ("attack", "80")),
    Line("82", "gus", "Green benches hide the dirt well", "z", ("support", "80")),
    Line("83", "hal", "How often are the benches cleaned by the city?"),
    Line("84", "ann", "you changed my mind, green is wrong.", None, ("attack", "81")),
]


async def digest_of(store: Store, start: datetime) -> Digest:
    return compose(await store.weeks.facts(GUILD, start, start + WEEK))


async def two_weeks(store: Store) -> None:
    await remember(store, map_of(BENCH))
    await remember(store, map_of(RETURN, start=SECOND), channel=CHANNEL + 1, now=SECOND)


async def test_the_first_week_has_only_new_points(store: Store) -> None:
    """Its crux, the points beside it, who gave way, and the question that nobody answered."""
    await two_weeks(store)
    found = await digest_of(store, MONDAY)
    assert (found.posts, found.people, found.threads) == (5, 4, 1)
    assert found.worth
    assert found.crux is not None
    assert found.crux.headline == BENCH[0].text
    assert found.crux.names("for") == ("ann", "cho")
    assert found.crux.names("against") == ("bob",)
    # the words of the second stand under the crux already
    assert [line.headline for line in found.new] == [BENCH[2].text, BENCH[1].text]
    assert found.returning == ()
    (moved,) = found.moved
    assert (moved.change, moved.headline) == ("conceded", BENCH[2].text)
    assert moved.voices[0].text == "fair point, the paint is cheap"
    assert [voice.text for voice in found.questions] == [BENCH[4].text]


async def test_a_point_that_returns_is_told_with_its_past(store: Store) -> None:
    """Said before by whom and when, who changed sides, what it gained and what attacked it."""
    await two_weeks(store)
    found = await digest_of(store, SECOND)
    crux = found.crux
    assert crux is not None
    assert crux.headline == BENCH[0].text
    assert crux.first is not None
    assert (crux.first.speaker, crux.times) == ("ann", 1)
    moved = {(m.change, v.speaker) for m in found.moved for v in m.voices}
    assert moved == {
        ("conceded", "ann"),
        ("switched", "bob"),
        ("gained", "gus"),
        ("attacked", "fay"),
    }
    assert [voice.speaker for voice in found.questions] == ["hal"]


async def test_a_question_that_somebody_takes_up_is_answered(store: Store) -> None:
    """By a reply, or by others talking on within the hour; the asker talking on is no answer."""
    lines = [
        Line("1", "ann", "Who waters the trees in summer?"),
        Line("2", "ann", "Trees should be watered daily", "t", at=MONDAY + timedelta(minutes=5)),
        Line("3", "bob", "Who prunes the trees then?", at=MONDAY + timedelta(hours=5)),
        Line("4", "cho", "Pruning is up to us", "p", at=MONDAY + timedelta(hours=5, minutes=2)),
        Line("5", "dee", "Which trees fell last night?", at=MONDAY + timedelta(hours=9)),
        Line("6", "eve", "None of them fell", "n", ("attack", "5"), MONDAY + timedelta(days=2)),
    ]
    await remember(store, map_of(lines))
    found = await digest_of(store, MONDAY)
    assert [voice.speaker for voice in found.questions] == ["ann"]


async def test_posts_without_a_name_are_no_people(store: Store) -> None:
    """However many there are, they make no side longer than one; nor do they change sides."""
    lines = [
        Line("1", "", "The benches in the park should be painted green", "green"),
        Line("2", "", "Green benches vanish among trees at night", "vanish", ("attack", "1")),
        Line("3", "", "Green park benches look cheap in summer", "cheap", ("attack", "1")),
        Line("4", "", "Park benches belong to the birds anyway", "birds", ("attack", "1")),
        Line("5", "ann", "The park should close at ten", "ten"),
        Line("6", "bob", "The park must stay open all night", "open", ("attack", "5")),
        Line("7", "cho", "A park that is closed helps nobody", "helps", ("attack", "5")),
    ]
    names = map_of(lines)
    mute = replace(
        names.thread,
        posts=tuple(replace(p, author=p.author or None) for p in names.thread.posts),
    )
    people = {key: who for key, who in people_of(names).items() if who.name}
    await remember(store, replace(names, thread=mute), people=people)
    found = await digest_of(store, MONDAY)
    assert (found.posts, found.people, found.nameless) == (7, 3, 4)
    assert found.crux is not None
    assert found.crux.headline == "The park should close at ten"
    assert "7 messages by 3 people and 4 without a name in 1 thread" in markdown.render(found)
    again = [
        Line("80", "", lines[0].text, "x"),
        Line("81", "", lines[1].text, "y", ("support", "80")),
    ]
    later = replace(
        map_of(again, start=SECOND).thread,
        posts=tuple(replace(p, author=None) for p in map_of(again, start=SECOND).thread.posts),
    )
    await remember(
        store, replace(map_of(again, start=SECOND), thread=later), channel=CHANNEL + 1, people={}
    )
    second = await digest_of(store, SECOND)
    assert len(second.returning) + bool(second.crux) == 2
    assert second.moved == ()
    assert "2 messages without names in 1 thread" in markdown.render(second)


async def test_an_empty_week_is_worth_no_digest(store: Store) -> None:
    """Nobody spoke, too few spoke, or nobody made a point: one honest line."""
    await remember(store, map_of(BENCH))
    empty = await digest_of(store, MONDAY + 4 * WEEK)
    assert not empty.worth
    few = compose(await store.weeks.facts(GUILD, MONDAY, SECOND), least_posts=6)
    assert not few.worth
    for found in (empty, few):
        assert tell(found, short=True).sections == ()
        assert "Nothing worth a digest" in discord.line(found)


async def test_a_digest_is_kept_once_for_a_window(store: Store) -> None:
    """Composing again gives the first one back, with the same nonce."""
    await two_weeks(store)
    found = await digest_of(store, MONDAY)
    assert unpack(pack(found)) == found
    first = await store.digests.add(found)
    again = await store.digests.add(replace(found, posts=99))
    assert (again.id, again.nonce, again.digest) == (first.id, first.nonce, found)
    assert len(first.nonce) <= 25
    other = await store.digests.add(replace(found, start=SECOND))
    assert other.nonce != first.nonce
    assert [kept.id for kept in await store.digests.history(GUILD)] == [other.id, first.id]


async def test_what_is_erased_is_in_no_digest(store: Store) -> None:
    """A person's name and words go from every digest that told of them; the rest stays."""
    await two_weeks(store)
    kept = await store.digests.add(await digest_of(store, SECOND))
    erased = await store.privacy.erase_person("discord", person("bob").id, now=SECOND)
    assert [(c.kind, c.id) for c in erased.shown] == [("digest", str(kept.id))]
    left = await store.digests.get(kept.id)
    assert left is not None
    told = markdown.render(left.digest)
    assert "bob" not in told
    assert "Park benches should be painted green" not in told
    assert "gus" in told


async def test_counts_follow_every_deletion(store: Store) -> None:
    """After each post that goes, every digest counts as if it were composed now."""
    await two_weeks(store)
    third = [
        Line("90", "ann", "Park benches should be painted green", "x"),
        Line("91", "bob", "Green park benches look cheap", "y", ("attack", "90")),
        Line("92", "cho", "Nothing is as cheap as green paint", None),
    ]
    for channel in (CHANNEL, CHANNEL + 1):
        lines = [replace(one, id=f"{one.id}{channel}", on=None) for one in third]
        await remember(store, map_of(lines, start=SECOND + WEEK), channel=channel)
    weeks = [MONDAY, SECOND, SECOND + WEEK]
    kept = [await store.digests.add(await digest_of(store, week)) for week in weeks]
    assert kept[2].digest.posts == 6
    assert kept[2].digest.lines()[0].threads == 2
    assert max(line.times for line in kept[2].digest.lines()) == 2
    ids = [line.id for line in (*BENCH, *RETURN)]
    ids += [f"{line.id}{channel}" for channel in (CHANNEL, CHANNEL + 1) for line in third]
    compared = 0
    for post in ids:
        erased = await store.privacy.forget_posts(GUILD, [post], now=SECOND)
        assert erased.shown, post  # it was at least counted
        for week, one in zip(weeks, kept, strict=True):
            now, left = await digest_of(store, week), await store.digests.get(one.id)
            assert left is not None
            told = left.digest
            assert (told.posts, told.people, told.threads) == (now.posts, now.people, now.threads)
            fresh = {line.point: line for line in now.lines()}
            for line in told.lines():
                assert replace(line, voices=()) == replace(fresh[line.point], voices=())
                assert set(line.voices) <= set(fresh[line.point].voices)
                compared += 1
    assert compared > 40
    for one in kept:
        left = await store.digests.get(one.id)
        assert left is not None
        assert not left.digest.worth
        assert left.digest.posts == 0


async def test_what_goes_of_old_age_was_counted_rightly(store: Store) -> None:
    """The end of the history changes no later digest's numbers."""
    await store.guilds.set(GUILD, GuildSettings(history_days=7, retention_days=7))
    await two_weeks(store)
    kept = await store.digests.add(await digest_of(store, SECOND))
    await store.privacy.retain(MONDAY + timedelta(days=7, hours=1))
    left = await store.digests.get(kept.id)
    assert left is not None
    assert left.digest.crux is not None
    assert left.digest.crux.times == 1


async def test_words_end_with_the_retention_and_links_stay(store: Store) -> None:
    """An old digest tells who and where, with a link in the place of the words."""
    await two_weeks(store)
    kept = await store.digests.add(await digest_of(store, MONDAY))
    await store.privacy.retain(MONDAY + timedelta(days=60))
    left = await store.digests.get(kept.id)
    assert left is not None
    assert all(voice.text is None for voice in left.digest.voices())
    assert "channels/100/200/1" in markdown.render(left.digest)
    assert "said in a message" in markdown.render(left.digest)


async def test_every_form_tells_the_same_and_lets_no_mark_through(store: Store) -> None:
    """Markdown, HTML, terminal and Discord: quotes escaped, nobody pinged, under the limits."""
    evil = "@everyone **green** benches <script>alert(1)</script> should win \x1b[31mnow"
    lines = [
        Line("1", "a@here`x`", evil, "e"),
        Line("2", "bob", "Benches like that never win anything", "n", ("attack", "1")),
    ]
    await remember(store, map_of(lines))
    found = await digest_of(store, MONDAY)
    card = discord.card(found, "mark")
    shown = card.title + card.description + "".join(n + v for n, v in card.fields)
    assert len(card) <= 6000
    assert all(len(value) <= 1024 for _, value in card.fields)
    for text in (shown, markdown.render(found)):
        assert "@everyone" not in text
        assert "**green**" not in text
    page = html.render(found)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in terminal.render(found)
    assert as_dict(found)["schema"] == "crux.digest/1"


async def test_a_busy_week_is_still_read_in_a_minute(store: Store) -> None:
    """Eighty points by twenty people: the short form stays under 260 words and Discord's limits."""
    lines = [
        Line(
            f"{i}",
            f"person{i % 20}",
            f"Word{i} should thing{i} because matter{i} and other{i} are what{i} " + "we say " * 9,
            f"p{i}",
            ("attack", f"{i - 1}") if i % 3 == 1 else None,
        )
        for i in range(80)
    ]
    await remember(store, map_of(lines))
    found = await digest_of(store, MONDAY)
    assert len(list(words(tell(found, short=True)))) < 400
    card = discord.card(found, "mark")
    assert len(card) <= 6000
    assert all(0 < len(value) <= 1024 for _, value in card.fields)
    assert "more in the file" in "".join(value for _, value in card.fields)
