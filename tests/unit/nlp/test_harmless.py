"""Who does not attack whom, whatever is alike in their words."""

from __future__ import annotations

import numpy as np
import pytest

from bot.sources.detect import SOURCES
from nlp import Post, Thread, analyze
from nlp.harmless import TALK, agreed, side_by_side
from nlp.thread_view import Draft, ThreadView

OPENING = Post(id="1", author="ana", text="Should we have hot desks? They save rent.")


def _view(*posts: Post, platform: str = "plain") -> ThreadView:
    """Give a view in which each post is one claim."""
    drafts = tuple(
        Draft(
            post=post.id,
            start=0,
            end=len(post.text),
            text=post.text,
            kind="claim",
            holder="author",
            confidence=0.9,
        )
        for post in posts
    )
    thread = Thread(id="t", posts=posts, platform=platform)
    return ThreadView(thread, drafts, np.eye(len(drafts), 8, dtype=np.float32))


def _comments(inferred: bool = False) -> tuple[Post, ...]:
    return (
        OPENING,
        Post(id="2", author="ben", text="Most desks are empty."),
        Post(id="3", author="cy", text="We pay rent for empty desks."),
        Post(id="4", author="di", text="Not mine.", reply_to="3", reply_inferred=inferred),
    )


def test_comments_side_by_side_speak_of_the_first_post() -> None:
    """And a reply of what it answers."""
    pairs = [(2, 1), (1, 2), (2, 0), (3, 2), (3, 1)]
    assert side_by_side(_view(*_comments()), pairs).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize("platform", sorted(TALK))
def test_in_a_chat_who_answers_nobody_may_mean_who_spoke_last(platform: str) -> None:
    """So it may where no reader saw a link, and in a thread without any."""
    pairs = [(2, 1)]
    assert not side_by_side(_view(*_comments(), platform=platform), pairs).any()
    assert not side_by_side(_view(*_comments(inferred=True)), pairs).any()
    assert not side_by_side(_view(*_comments()[:3]), pairs).any()


def test_talk_is_what_readers_of_chats_read() -> None:
    """A new reader of a chat belongs to both."""
    assert {source.name for source in SOURCES if source.chat} == TALK


@pytest.mark.parametrize(
    ("answer", "agrees"),
    [
        ("Same. I hunt for a desk every day.", True),
        ("+1, they are never cleaned", True),
        ("Exactly! Nobody asked us.", True),
        ("Same, but only on Mondays.", False),
        ("Yes. No. It depends on the day.", False),
        ("This is wrong.", False),
        ("True story: they moved my chair.", False),
        ("Same", False),
    ],
)
def test_who_agrees_and_takes_nothing_back_attacks_nothing(answer: str, agrees: bool) -> None:
    """Mere agreement is no unit: it is `nlp.agreement` that carries it."""
    posts = (OPENING, Post(id="2", author="ben", text=answer, reply_to="1"))
    assert agreed(_view(*posts), [(1, 0), (0, 1)]).tolist() == [agrees, False]
    loose = (OPENING, Post(id="2", author="ben", text=answer))
    assert not agreed(_view(*loose), [(1, 0)]).any()


def test_people_who_say_the_same_below_a_question_are_not_against_each_other() -> None:
    """The whole pipeline: no attack among comments that all want the same."""
    texts = (
        "No thanks, I don't want to hunt for a seat every morning.",
        "Please no, I'd spend twenty minutes each morning looking for a place to sit.",
        "Hygiene is my worry. Who is going to clean the keyboards?",
        "I share a keyboard with strangers? Nobody cleans those desks.",
    )
    comments = [Post(id=str(i), author=f"p{i}", text=t) for i, t in enumerate(texts, 2)]
    same = Post(
        id="9", author="zoe", text="Same. Searching for a desk is a waste of time.", reply_to="2"
    )
    question = Post(id="1", author="ana", text="Should we switch the office to hot desking?")
    found = analyze(Thread(id="t", posts=(question, *comments, same)))
    assert len(found.units) >= 4
    assert not [relation for relation in found.relations if relation.type == "attack"]
