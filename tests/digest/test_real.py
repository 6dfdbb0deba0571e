"""Four weeks of a server's life with the shipped weights, each line of each digest looked up.

What the models find may change with every training; that a digest tells what was said, by whom,
where and how often may not.
"""

from __future__ import annotations

from datetime import timedelta

from bot.digest.model import Digest
from bot.sources import read_text
from nlp.pipeline import analyze
from tests.conftest import ROOT
from tests.digest.conftest import MONDAY, WEEK, Life, Row, tick
from tests.digest.lines import Checker, Read

REVIEW = "Review is how a second person finds out the code exists."
FIRST = "fennelqueue"  # who says it in the sample thread


def talk_of(name: str) -> list[Row]:
    """Give a sample thread as rows of talk."""
    text = (ROOT / "data" / "threads" / f"{name}.txt").read_text(encoding="utf-8")
    thread = read_text(text, f"{name}.txt")
    place = {post.id: i for i, post in enumerate(thread.posts)}
    return [
        (
            (post.author or "somebody")[:30],
            post.text[:2000] or "(nothing)",
            place[post.reply_to] if post.reply_to else None,
        )
        for post in thread.posts
    ]


async def test_four_weeks_of_sample_threads_and_invented_talk(life: Life) -> None:
    """Debates in two channels and a thread, chatter, points that come back, a week of nothing."""
    green = life.bed.channel(life.guild, "green")
    second = MONDAY + WEEK
    third, fourth = second + WEEK, second + 2 * WEEK
    review = talk_of("hn-no-required-review")
    life.talk(review, MONDAY + timedelta(days=1))
    life.talk(talk_of("reddit-new-leafblower-ban"), MONDAY + timedelta(days=2), green)
    # somebody says a point of the first week again, word for word, and somebody disputes it
    again: list[Row] = [
        ("newcomer", REVIEW, None),
        ("greywicket", "I disagree, nobody learns a system by reading other people's diffs.", 0),
        ("quaylinter", "How many reviewers does a typo fix really need in a small team?", None),
    ]
    life.talk(again, second + timedelta(days=1))
    life.talk(talk_of("linkedin-mandatory-code-review"), second + timedelta(days=2), green)
    life.talk([("ada", "lunch?", None), ("bob", "on my way", 0)], third + timedelta(days=1))
    phones = talk_of("phpbb-staffroom-phone-lockers")
    starter = life.talk(phones[:1], fourth + timedelta(days=1))[0]
    thread = life.bed.thread(life.square, "Phones", life.person(phones[0][0]), starter=starter)
    rest: list[Row] = [
        (who, words, above - 1 if above else None) for who, words, above in phones[1:]
    ]
    life.talk(rest, fourth + timedelta(days=1, hours=1), thread)
    life.talk(talk_of("t4-plain-school-phone-ban"), fourth + timedelta(days=2), green)
    life.talk([("latecomer", REVIEW, None)], fourth + timedelta(days=3), green)
    read: list[Read] = []
    digests: list[Digest] = []
    async with life.running(analyze) as bot:
        store = bot.desk.store
        await life.set_up(store, when_empty="line")
        for week in (1, 2, 3, 4):
            life.now = MONDAY + week * WEEK
            assert await tick(bot) == 1
            (kept, *_), message = await store.digests.history(life.guild.id), life.digests()[-1]
            if week == 3:
                assert message.text.startswith("Nothing worth a digest: nobody made a point")
                assert "Read: 2 messages by 2 people in 1 thread." in message.text
                continue
            digests.append(kept.digest)
            read.append(await Checker(life, store, kept, message).all())
    assert len(life.digests()) == 4
    first, _, last = read
    assert (first.numbers["posts"], first.numbers["threads"]) == (len(review) + 32, 2)
    assert first.numbers["new"] > 10
    assert first.numbers["back"] == 0
    assert all(any(s.section == "Where people divided" for s in one.shown) for one in read)
    # said word for word again, it is the same point, told with who said it first
    for kept in digests[1:]:
        assert [line for line in kept.lines() if line.first and line.first.speaker == FIRST]
    assert last.numbers["threads"] == 3
