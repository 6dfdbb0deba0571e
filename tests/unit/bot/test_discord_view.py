"""The chat's view of a map fits Discord's limits whatever people write, and shows words as words."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views import discord as view
from nlp.model import Post, Thread
from tests.chat import small
from tests.discord_bed import limits

WORDS = st.text(
    st.one_of(
        st.sampled_from(list("*_~`|>#[]()<>@:\\!-+{} \n.")),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=600,
)
POST = st.tuples(WORDS, st.sampled_from(["should", "must", "because", "No"]), st.integers(0, 8))


def embed(card: view.Card) -> dict[str, object]:
    """Give a card as the client sends it."""
    return {
        "title": card.title,
        "description": card.description,
        "fields": [{"name": n, "value": v} for n, v in card.fields],
        "footer": {"text": card.footer},
    }


def thread(rows: list[tuple[str, str, int]], author: str) -> Thread:
    """Give a thread of these words; numbers say what answers what."""
    posts: list[Post] = []
    for n, (words, cue, above) in enumerate(rows):
        text = f"{'No, it ' if n % 2 else 'It '}{cue} {words} should"
        posts.append(
            Post(
                id=str(n),
                text=text.strip(),
                author=f"{author}{n % 4}" or None,
                reply_to=str(above) if above < n else None,
                url=f"https://discord.com/channels/{'9' * 19}/{'9' * 19}/{'9' * 19}",
            )
        )
    return Thread(id="t", posts=tuple(posts))


@settings(max_examples=60, deadline=None)
@given(st.lists(POST, min_size=1, max_size=40), WORDS)
def test_every_card_is_within_the_limits(rows: list[tuple[str, str, int]], author: str) -> None:
    """Cards pass the same checks as messages on the loopback Discord."""
    found = small.analyze(thread(rows, author[:120]), lambda *_: None)
    cards = [view.card(found, "x" * 2000), view.disagreements(found), view.left_out(found)]
    cards += [view.evidence(found, point.id) for point in found.key_points[:5]]
    for card in cards:
        limits.check_embeds([embed(card)])
        assert len(card) <= view.TOTAL
    for choice in view.choices(found):
        assert 1 <= len(choice.label) <= 100
        assert len(choice.description) <= 100


@settings(max_examples=200, deadline=None)
@given(WORDS, st.integers(10, 300))
def test_escaped_words_are_bounded_and_bare_of_marks(words: str, longest: int) -> None:
    """No mark of Markdown stands unescaped, no @ pings, and the length holds."""
    shown = view.escape(words, longest)
    assert len(shown) <= longest
    bare = re.sub(r"\\[\\`*_{}\[\]<>()#+|~!-]", "", shown)
    assert not re.search(r"[`*_\[\]<>()#|~]", bare)
    assert not re.search(r"@(?!\u2060)", bare)
    assert "://" not in bare


def test_no_argument_has_its_sentence() -> None:
    """A thread without a point gives the honest small answer and no card."""
    found = small.analyze(Thread(id="t", posts=(Post(id="1", text="hello"),)), lambda *_: None)
    assert view.nothing(found) == (
        "No argument here: I read 1 message, and nobody makes a point that others could dispute."
    )
