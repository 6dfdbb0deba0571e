"""Pictures: nothing overlaps, nothing is clipped, whatever people write and however much."""

from __future__ import annotations

import random
import struct
import unicodedata
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest

from bot.views import png
from bot.views.outline import outline
from bot.views.picture import MOST_POINTS, render_svg
from bot.views.picture.layout import TALL, WIDE, arrange
from bot.views.picture.lettering import line, paragraph
from bot.views.picture.palette import DARK, LIGHT, Palette, contrast
from bot.views.picture.shapes import Box, Edge, Sheet, Words
from nlp.model import ArgumentMap
from tests.unit.bot.views.boxes import check, ink
from tests.unit.bot.views.made import PEOPLE, TEXTS, Tie, made_map

COUNTS = (1, 2, 3, 7, 20, 60, 75)


def many(count: int, seed: int = 1) -> ArgumentMap:
    """Give a map of `count` points in all of the odd texts, with ties at random."""
    chance = random.Random(f"{count}-{seed}")
    texts = [TEXTS[n % len(TEXTS)] for n in range(count)]
    ties: list[Tie] = [
        (n, chance.randrange(count), chance.choice(("support", "attack")))
        for n in range(count)
        for _ in range(chance.choice((0, 1, 1, 2)))
    ]
    return made_map(texts, [t for t in ties if t[0] != t[1]], title=chance.choice(TEXTS))


def sheet_of(found: ArgumentMap, *, wide: bool, most: int = MOST_POINTS) -> Sheet:
    return arrange(outline(found), wide=wide, most=most)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("count", COUNTS)
def test_nothing_overlaps_and_nothing_is_clipped(count: int, wide: bool) -> None:
    """Cards stand apart and on the sheet; what stands on a card stays on it, apart from the rest."""
    for seed in range(3):
        check(sheet_of(many(count, seed), wide=wide))


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("count", COUNTS)
def test_no_edge_runs_over_a_card_and_no_sign_over_words(count: int, wide: bool) -> None:
    """An edge meets cards at its two ends only; signs stand apart."""
    for seed in range(3):
        sheet = sheet_of(many(count, seed), wide=wide)
        for edge in sheet.edges:
            _check_edge(edge, sheet)
        for one, other in combinations(sheet.edges, 2):
            (x0, y0), (x1, y1) = one.badge, other.badge
            assert abs(x0 - x1) > 18 or abs(y0 - y1) > 18, "two signs lie on each other"


def _check_edge(edge: Edge, sheet: Sheet) -> None:
    ground = Box(x=0, y=0, width=sheet.width, height=sheet.height)
    sign = Box(x=edge.badge[0] - 9, y=edge.badge[1] - 9, width=18, height=18)
    assert ground.holds(sign)
    for (x0, y0), (x1, y1) in pairwise(edge.corners):
        assert x0 == x1 or y0 == y1, "edges run level or upright"
        stretch = Box(x=min(x0, x1), y=min(y0, y1), width=abs(x1 - x0), height=abs(y1 - y0))
        assert ground.holds(stretch)
        for placed in sheet.cards:
            assert not _within(placed.box).meets(stretch), (edge, placed.card.label)
    ends = {edge.source: edge.corners[0], edge.target: edge.corners[-1]}
    for placed in sheet.cards:
        if placed.card.key in ends:
            x, y = ends[placed.card.key]
            assert placed.box.holds(Box(x=x, y=y, width=0, height=0))
        words = [s.box.moved(placed.x, placed.y) for s in placed.card.shapes]
        assert not any(ink(box).meets(sign) for box in words)


def _within(box: Box) -> Box:
    return Box(x=box.x + 1, y=box.y + 1, width=box.width - 2, height=box.height - 2)


@pytest.mark.parametrize("wide", [False, True])
def test_every_tie_between_shown_points_is_drawn_or_counted(wide: bool) -> None:
    """No support and no attack vanishes: it is an edge, or in the number on its target's card."""
    for seed in range(6):
        found = many(24, seed)
        sheet = sheet_of(found, wide=wide, most=12)
        shown = {placed.card.key for placed in sheet.cards}
        drawn: dict[str, int] = {}
        for edge in sheet.edges:
            drawn[edge.target] = drawn.get(edge.target, 0) + 1
        assert len(shown) == 12
        for point in outline(found).points:
            if point.id not in shown:
                continue
            ties = sum(t.key_point is not None for t in (*point.supports, *point.attacks))
            card = next(p.card for p in sheet.cards if p.card.key == point.id)
            notes = " ".join(
                s.line.text for s in card.shapes if isinstance(s, Words) and " more" in s.line.text
            )
            if ties != drawn.get(point.id, 0):
                assert " more" in notes, point.headline
            assert drawn.get(point.id, 0) <= ties


def test_points_beyond_the_room_are_folded_and_counted() -> None:
    """75 points: 60 are drawn, 15 are counted."""
    svg = render_svg(many(75), points=100, faces=False)
    assert svg.count('class="card"') == MOST_POINTS
    assert "+ 15 more points of less weight" in svg


def test_support_and_attack_differ_in_form_not_only_in_colour() -> None:
    """An attack is dashed and ends in a bar; a support is whole and ends in an arrowhead."""
    found = made_map(TEXTS[:1] * 3, [(1, 0, "support"), (2, 0, "attack")])
    edges = render_svg(found, faces=False).split('<g class="edge ')[1:]
    looks = {('data-source="k2"' in edge): edge.split("</g>")[0] for edge in edges}
    assert "stroke-dasharray" in looks[True]
    assert "z" not in looks[True]
    assert "stroke-dasharray" not in looks[False]
    assert "z" in looks[False]


def test_the_crux_is_first_and_set_off() -> None:
    """The crux's card stands on top, is named, and has a frame of its own."""
    found = made_map(TEXTS[:1] * 4, [(1, 2, "attack")], crux=2)
    sheet = sheet_of(found, wide=False)
    first = min(sheet.cards, key=lambda p: p.y)
    assert first.card.key == "k2"
    assert first.card.tier == "crux"
    assert "THE CRUX" in render_svg(found)


def test_evidence_is_a_mark_of_its_kind_with_its_words() -> None:
    """Evidence for and evidence against are small sheets of two forms, the first is quoted."""
    found = made_map(
        ["Trams are cheap", "ours cost 4 a head", "theirs cost 19 a head"],
        evidence=[(1, 0, "support"), (2, 0, "attack")],
    )
    (placed,) = sheet_of(found, wide=False).cards
    kinds = [s.type for s in placed.card.shapes if type(s).__name__ == "Mark"]
    assert kinds == ["support", "attack"]
    assert "ours cost 4 a head" in render_svg(found, faces=False)


def test_a_card_says_nothing_twice() -> None:
    """A quote that only repeats its headline gives way; evidence is quoted on one card alone."""
    found = made_map(
        [
            "Trams are cheap",
            "They are quiet as well and the drivers like them",
            "ours cost 4 a head",
        ],
        [(1, 0, "support")],
        evidence=[(2, 0, "support"), (2, 1, "support")],
    )
    svg = render_svg(found, faces=False)
    assert "“Trams are cheap”" not in svg
    assert svg.count("ours cost 4 a head") == 1
    assert svg.count("the same evidence as above") == 1
    assert svg.count('class="evidence-mark"') == 3, "two on the cards, one in the legend"


def test_ties_beside_the_cards_cross_no_other_where_they_leave_a_card() -> None:
    """Of two ties that run down from one card the outer leaves above the inner."""
    ties: list[Tie] = [(1, 0, "support"), (2, 1, "attack"), (3, 2, "attack"), (1, 2, "attack")]
    found = made_map(TEXTS[:1] * 4, [*ties, (1, 3, "support")])
    sheet = sheet_of(found, wide=False)
    cards = {placed.card.key: placed for placed in sheet.cards}
    beside = [e for e in sheet.edges if e.badge[0] > max(p.box.right for p in sheet.cards)]
    assert len(beside) == 2
    inner, outer = sorted(beside, key=lambda e: e.badge[0])
    assert inner.source == outer.source == "k1"
    assert cards["k1"].y < outer.corners[0][1] < inner.corners[0][1] < outer.corners[-1][1]


def test_the_smallest_words_can_be_read_on_a_phone() -> None:
    """A phone of 390 points shows the narrow picture whole: no word there is under 9.5 points."""
    sheet = sheet_of(many(20), wide=False)
    words = [*sheet.loose, *(s for p in sheet.cards for s in p.card.shapes)]
    smallest = min(s.line.size for s in words if isinstance(s, Words))
    assert smallest * 390 / TALL >= 9.5


def test_a_thread_without_argument_says_so() -> None:
    """No points: a small picture that says it."""
    svg = render_svg(made_map([]), faces=False)
    assert "No argument here" in svg


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("wide", [False, True])
def test_the_same_map_gives_the_same_bytes_and_well_formed_svg(wide: bool, dark: bool) -> None:
    """SVG that an XML parser takes, the same each time, with no word of a thread as mark-up."""
    svg = render_svg(many(20), wide=wide, dark=dark)
    assert svg == render_svg(many(20), wide=wide, dark=dark)
    root = ET.fromstring(svg)
    assert {e.tag.rpartition("}")[2] for e in root.iter()} <= {
        "svg", "title", "style", "defs", "pattern", "rect", "path", "g", "text", "circle",
    }  # fmt: skip
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "").replace(
        "https://example.org", ""
    )


def test_png_has_the_size_asked_for() -> None:
    """1x and 2x, a phone's width and a desk's."""
    found = many(5)
    for wide, scale in ((False, 1.0), (False, 2.0), (True, 1.0)):
        data = png.render(found, wide=wide, scale=scale)
        assert data.startswith(b"\x89PNG")
        assert struct.unpack(">I", data[16:20])[0] == (WIDE if wide else TALL) * scale
    assert png.render(found) == png.render(found)


def test_letters_of_the_shipped_faces_are_drawn() -> None:
    """Latin, Hebrew, Arabic, emoji, Chinese, Japanese and Korean leave ink, each its own."""
    seen = set()
    texts = ("Ward", "שלום", "عادل", "🚀", "漢", "汉", "かな", "가")
    for text in texts:
        assert "missing" not in {run.face for run in line(text, 10).runs}, text
        seen.add(png.render(made_map([text], people=["a"])))
    assert len(seen) == len(texts)
    assert {run.face for run in line("龘", 10).runs} == {"missing"}


def test_letters_that_came_in_parts_are_drawn_whole() -> None:
    """A Korean syllable from a Mac, in three letters, is the syllable."""
    assert line(unicodedata.normalize("NFD", "각"), 10).runs == line("각", 10).runs


def test_lines_of_chinese_and_japanese_break_between_signs_but_not_before_a_stop() -> None:
    """No line begins with a stop or a small kana, none ends with an opening bracket."""
    text = (
        "市中心应该禁止私人汽车通行，因为空气质量每年都在变差。「歩行者天国」はちょっと、どうかな？"
        * 3
    )
    for width in range(60, 300, 7):
        rows = paragraph(text, 17, width, 1000)
        assert "".join(row.text for row in rows) == text
        assert all(row.width <= width for row in rows)
        assert not [row.text for row in rows[1:] if row.text[0] in "，。、」？っょ"]
        assert not [row.text for row in rows if row.text[-1] == "「"]
    (row,) = paragraph("汉字 " + "长" * 60, 17, 200, 1)
    assert row.width > 150
    assert row.text.endswith("长…")


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_words_stand_off_their_ground(palette: Palette) -> None:
    """4.5 to 1 for every role of text on every ground it stands on, 3 to 1 for lines."""
    for ground in (palette.card, palette.crux_card, palette.ground):
        for role in (palette.ink, palette.soft, palette.faint, palette.support, palette.attack):
            assert contrast(role, ground) >= 4.5
        assert contrast(palette.crux, ground) >= 3
    assert contrast(palette.crux_ink, palette.crux_card) >= 4.5
    for colour in palette.voices:
        assert contrast(palette.voice_ink, colour) >= 4.5


@pytest.mark.parametrize("text", [*TEXTS, *PEOPLE])
def test_broken_lines_fit_and_lose_nothing(text: str) -> None:
    """With room for all lines, every sign stands on one of them, none is too wide."""
    rows = paragraph(text, 17, 180, 1000)
    assert all(row.width <= 180.5 for row in rows)
    assert "".join("".join(r.text for r in rows).split()) == "".join(line(text, 17).text.split())


def test_a_cut_is_marked_and_keeps_the_closing_quotation_mark() -> None:
    """What does not fit ends in “…”."""
    (row,) = paragraph("“It is cheaper and it is faster and it is better”", 17, 180, 1)
    assert row.text.endswith("…”")
    assert row.width <= 180


def test_right_to_left_lines_are_ordered_by_the_rules_of_bidi() -> None:
    """The first Hebrew word stands rightmost; figures and Latin inside read left to right."""
    row = line("אבג 12 abc דהו", 10)
    assert row.rtl
    assert [run.text for run in row.runs][::-1] == ["אבג", "12", "abc", "דהו"]
    turned = line("(שלום)", 10)
    assert [run.text for run in turned.runs] == ["(", "שלום", ")"]
