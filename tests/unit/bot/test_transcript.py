"""Discussions written down by hand: every form of head, and what only looks like one."""

from __future__ import annotations

import pytest

from bot.sources import read_text
from bot.sources.base import Document
from bot.sources.detect import detect

TURNS = [
    ("mira_k", "Remote work should stay. I get twice as much done at home."),
    ("otto77", "It should not. New hires learn nothing from a screen."),
    ("Carol", "otto77 is right about new hires, but that is a mentoring problem."),
    ("mira_k", "Exactly. We pair juniors with a senior every day."),
    ("Dmitri", "An office is where trust is built.\n\nYou cannot build it in a chat."),
    ("otto77", "This. Nobody was ever promoted by an emoji."),
]
FORMS: dict[str, str] = {
    "colon": "{who}: {said}\n",
    "colon, words below": "{who}:\n{said}\n\n",
    "bold": "**{who}**: {said}\n\n",
    "bold with its colon": "**{who}:** {said}\n\n",
    "bold above": "**{who}** (3 hours ago)\n{said}\n\n",
    "heading": "### {who}\n{said}\n\n",
    "bare above": "{who}\n{said}\n\n",
    "at": "@{who} {said}\n",
    "at above": "@{who}\n{said}\n\n",
    "user above": "u/{who} · 3h · 12 points\n{said}\n\n",
    "user": "/u/{who}: {said}\n",
    "item": "- {who}: {said}\n",
    "numbered": "{number}. {who}: {said}\n",
    "brackets": "[{who}] {said}\n",
    "arrow": "{who}> {said}\n",
    "dash": "{who} — {said}\n",
    "bar": "{who} | {said}\n",
    "clock": "[10:0{number}] {who}: {said}\n",
    "clock behind": "{who}, 10:0{number}: {said}\n",
    "says": "{who} says: {said}\n",
    "number and name": "Comment {number} ({who}): {said}\n\n",
    "by": "Post {number} by {who}:\n{said}\n\n",
    "fields": "Author: {who}\nText: {said}\n\n",
    "rules between": "{who}: {said}\n---\n",
}
TARGETS: dict[str, str] = {
    "answering": "{who} (replying to {whom}): {said}\n",
    "arrow": "{who} -> {whom}: {said}\n",
    "verb": "{who} replied to {whom}:\n{said}\n\n",
}
DEEPER: dict[str, str] = {
    "items": "{indent}- {who}: {said}\n",
    "quote marks": "{quotes}u/{who}: {said}\n",
    "levels": "level {number}\nu/{who}\n{said}\n\n",
}
PROSE = {
    "an essay in bold parts": "**Decided:** we build it here.\n\n**Why:** it is ours.\n\n**Next:** ship it soon.",
    "settings": "color: red\nsize: 12\ncolor: blue\nsize: 14\n",
    "headings": "Introduction\nThis paper asks why.\n\nMethods\nWe asked forty people.\n\nResults\nMost agreed.",
    "a list": "- buy some milk\n- call the landlord\n- go to bed early",
    "notes": "Note: the shop is shut.\n\nWe went there twice this week and both times nobody came.\n\nEdit: it is open again.",
    "prose": "I think so. It was the best of times.\n\nNobody asked me - but I said it anyway.\n\nWell, yes.",
}  # fmt: skip


def _written(form: str, turns: list[tuple[str, str]], first: str | None = None) -> str:
    """Write turns down in a form; the first of them in another, if it is given."""
    before = ["", *(who for who, _ in turns)]
    return "".join(
        (first if first and not i else form).format(
            number=i + 1, indent="  " * i, quotes="> " * i, who=who, whom=before[i], said=said
        )
        for i, (who, said) in enumerate(turns)
    )


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_gives_who_said_what(form: str) -> None:
    """Names without their marks, words without their head, also over several paragraphs."""
    thread = read_text(_written(form, TURNS))
    assert [(post.author, post.text) for post in thread.posts] == TURNS
    assert all(post.reply_inferred for post in thread.posts[1:])


@pytest.mark.parametrize("form", TARGETS.values(), ids=TARGETS)
def test_a_head_says_whom_it_answers(form: str) -> None:
    """The last turn of whom it names; that is no guess."""
    thread = read_text(_written(form, TURNS, FORMS["colon"]))
    assert [(post.author, post.text) for post in thread.posts] == TURNS
    assert [post.reply_to for post in thread.posts] == [None, "1", "2", "3", "4", "5"]
    assert not any(post.reply_inferred for post in thread.posts)


@pytest.mark.parametrize("form", DEEPER.values(), ids=DEEPER)
def test_a_deeper_turn_answers_the_one_above(form: str) -> None:
    """Depth by indentation, by quote marks, or in words."""
    turns = [(who, said.replace("\n\n", " ")) for who, said in TURNS]
    thread = read_text(_written(form, turns))
    assert [(post.author, post.text) for post in thread.posts] == turns
    assert [post.reply_to for post in thread.posts] == [None, "1", "2", "3", "4", "5"]


@pytest.mark.parametrize("text", PROSE.values(), ids=PROSE)
def test_what_only_looks_like_turns_is_one_text(text: str) -> None:
    """Bold parts, settings, headings, lists and asides are no people."""
    assert detect(Document(text)).name == "plain"


def test_what_stands_before_the_first_turn_is_a_title_or_a_post() -> None:
    """A short line is the title; a text without a name is the post that all turns answer."""
    titled = read_text("Thread: Offices or not?\n\n" + _written(FORMS["colon"], TURNS))
    assert titled.title == "Offices or not?"
    assert [post.author for post in titled.posts] == [who for who, _ in TURNS]
    story = "Offices or not?\n\nWe gave up our office last May and nobody wants it back.\n\n"
    told = read_text(story + _written(DEEPER["items"], TURNS[:3]))
    assert told.title == "Offices or not?"
    assert told.posts[0].author is None
    assert told.posts[0].text == "We gave up our office last May and nobody wants it back."
    assert [post.reply_to for post in told.posts] == [None, "1", "2", "3"]


def test_reddits_heads_by_hand() -> None:
    """Who posted it, and level by level who answered."""
    text = (
        "r/Cooking\nPosted by u/saltfirst 3 hours ago\nI threw out all my pans last year.\n\n"
        "level 1\nu/eggsarehard\nHave you ever made an omelette in steel?\n\n"
        "level 2\nu/saltfirst\nIt sticks because it is not seasoned.\n\n"
        "level 1\nu/oldchef\nSteel for everything but eggs.\n"
    )
    thread = read_text(text)
    assert [post.author for post in thread.posts] == [
        "saltfirst",
        "eggsarehard",
        "saltfirst",
        "oldchef",
    ]
    assert [post.reply_to for post in thread.posts] == [None, "1", "2", "1"]
