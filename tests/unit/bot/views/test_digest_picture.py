"""The picture of a week: nothing overlaps, nothing is clipped, whatever people write."""

from __future__ import annotations

import random
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.digest.model import Digest, Line, Side, Voice
from bot.views.digests.forms import FORMS
from bot.views.digests.picture import ACROSS, MOST, arrange, render_svg
from bot.views.formats import Look
from bot.views.picture.shapes import Sheet, Words
from tests.unit.bot.views.boxes import check
from tests.unit.bot.views.made import PEOPLE, TEXTS

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def voice(text: str | None, speaker: str, side: Side = "for") -> Voice:
    return Voice(post="1", speaker=speaker, said_at=MONDAY, text=text, side=side)


def made_line(number: int, chance: random.Random, *, divided: bool, back: bool) -> Line:
    """Invent a line of odd texts and names, long and short."""
    sides: list[Side] = ["for", "against"] if divided else ["for"]
    voices = [
        voice(chance.choice([*TEXTS, None]), chance.choice(PEOPLE), side)
        for side in sides
        for _ in range(chance.randrange(1, 5))
    ]
    first = voice(None, chance.choice(PEOPLE)) if back else None
    return Line(
        point=number,
        headline=chance.choice(TEXTS),
        voices=tuple(voices),
        threads=chance.randrange(1, 4),
        supports=chance.choice([0, 3, 1000]),
        attacks=chance.choice([0, 12, 10**6]) if divided else 0,
        first=first,
        last=first,
        times=chance.choice([1, 2000]) if back else 0,
        pro=chance.choice([0, 250]),
        con=chance.choice([0, 99_000]) if divided else 0,
    )


def made_digest(seed: int, new: int = 9, back: int = 5, *, crux: bool = True) -> Digest:
    chance = random.Random(seed)
    made = [
        made_line(n, chance, divided=n == 0 or chance.random() < 0.3, back=n > new)
        for n in range(new + back + 1)
    ]
    return Digest(
        guild_id=1,
        start=MONDAY,
        end=MONDAY + timedelta(days=7),
        posts=10**5,
        people=4000,
        nameless=7,
        threads=300,
        worth=True,
        crux=made[0] if crux else None,
        new=tuple(made[1 : new + 1]),
        returning=tuple(made[new + 1 :]),
    )


def words_of(sheet: Sheet) -> str:
    shapes = [*sheet.loose, *(s for placed in sheet.cards for s in placed.card.shapes)]
    return " ".join(s.line.text for s in shapes if isinstance(s, Words))


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_nothing_overlaps_and_nothing_is_clipped(seed: int, everything: bool) -> None:
    """Whatever texts, names and numbers, with a crux and without one, few points and many."""
    chance = random.Random(seed)
    made = made_digest(seed, chance.randrange(40), chance.randrange(40), crux=seed % 4 > 0)
    check(arrange(made, everything=everything))


def test_the_crux_stands_first_with_its_two_sides() -> None:
    """Both quotes, the people of each side by number, and how often it was said before."""
    crux = Line(
        point=1,
        headline="We should close the bridge",
        voices=(
            voice("Close it, it is cracked.", "ann"),
            voice("The bakers need it.", "bob", "against"),
        ),
        threads=1,
        first=voice("Close it", "eve"),
        times=3,
        pro=14,
        con=1,
    )
    sheet = arrange(replace(made_digest(1), crux=crux))
    top = min(sheet.cards, key=lambda placed: placed.y)
    assert (top.card.key, top.card.tier) == ("1", "crux")
    shown = words_of(replace(sheet, cards=(top,), loose=()))
    for part in (
        "We should close the bridge",
        "+ 14 for",
        "− 1 against",
        "“Close it, it is cracked.”",
        "“The bakers need it.”",
        "said 3 times before, first by eve on 2 March 2026",
    ):
        assert part in shown
    assert "+13" in shown  # the people on her side who are not named


def test_what_is_not_drawn_is_counted() -> None:
    """The first of each kind are drawn, the others are a number; nothing twice."""
    plain = [made_line(n, random.Random(n), divided=False, back=False) for n in range(20)]
    made = replace(made_digest(3), crux=None, new=tuple(plain), returning=())
    sheet = arrange(made)
    assert [placed.card.key for placed in sheet.cards] == [str(n) for n in range(MOST["new"])]
    assert f"NEW POINTS · {20 - MOST['new']} more not drawn" in words_of(sheet)
    everything = arrange(made, everything=True)
    assert len(everything.cards) == 20
    assert "more not drawn" not in words_of(everything)


def test_an_empty_week_is_a_small_picture_that_says_so() -> None:
    """No card, one sentence."""
    made = replace(made_digest(1), worth=False)
    sheet = arrange(made)
    assert sheet.cards == ()
    assert "Nothing worth a digest" in words_of(sheet)


@pytest.mark.parametrize("dark", [False, True])
def test_the_same_week_gives_the_same_bytes_and_well_formed_svg(dark: bool) -> None:
    """SVG that an XML parser takes, with no word of anybody as mark-up and nothing to fetch."""
    look = Look(dark=dark)
    svg = render_svg(made_digest(5), look)
    assert svg == render_svg(made_digest(5), look)
    root = ET.fromstring(svg)
    assert {e.tag.rpartition("}")[2] for e in root.iter()} <= {
        "svg", "title", "style", "defs", "pattern", "rect", "path", "g", "text", "circle",
    }  # fmt: skip
    outside = svg.replace("http://www.w3.org/2000/svg", "").replace("https://example.org", "")
    assert "http" not in outside


def test_png_has_the_size_asked_for() -> None:
    """A phone's width, once and twice."""
    made = made_digest(2)
    for scale in (1.0, 2.0):
        data = FORMS["png"].write(made, Look(scale=scale))
        assert isinstance(data, bytes)
        assert data.startswith(b"\x89PNG")
        assert struct.unpack(">I", data[16:20])[0] == ACROSS * scale
