"""A week with the shipped weights: sample threads as a server's talk, every quote somebody's words."""

from __future__ import annotations

from datetime import timedelta

from bot.sources import read_text
from bot.store.identity import bar
from nlp.pipeline import analyze
from tests.conftest import ROOT
from tests.digest.conftest import MONDAY, WEEK, Life, Row, tick


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


async def test_two_weeks_of_sample_threads(life: Life) -> None:
    """A review debate in two channels; the next week somebody says one of its points again."""
    review = talk_of("hn-no-required-review")
    life.talk(review, MONDAY + timedelta(days=1))
    point = "Review is how a second person finds out the code exists, bugs were never the point."
    again: list[Row] = [
        ("newcomer", point, None),
        ("greywicket", "How many reviewers does a typo fix really need in a small team?", None),
    ]
    life.talk(again, MONDAY + WEEK + timedelta(days=1))
    async with life.running(analyze) as bot:
        await life.set_up(bot.desk.store)
        for week in (1, 2):
            life.now = MONDAY + week * WEEK
            assert await tick(bot) == 1
        first, second = await bot.desk.store.digests.history(life.guild.id)
        first, second = second, first
        said = [text for _, text, _ in (*review, *again)]
        for kept in (first, second):
            for voice in kept.digest.voices():
                assert voice.text
                assert any(voice.text in text for text in said)
        assert first.digest.crux is not None
        assert len(first.digest.crux.names("against")) >= 1
        assert len(first.digest.new) > 10
        back = [line for line in second.digest.returning if line.first]
        assert [line.first.speaker for line in back if line.first] == ["fennelqueue"]
        assert 0.5 < bar() < 0.9
    assert len(life.digests()) == 2
    assert all(message.file(".md").data for message in life.digests())
