"""Two maps compared: what is new, gone, newly supported, newly attacked; nothing else is said."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.compare import CHOSEN, bar, compare, encoded_closeness
from bot.views import comparison
from nlp.weights import fingerprints
from tests.unit.bot.views.made import made_map

PEOPLE = ["ann", "bo"]
BEFORE = ["Trams pay for themselves", "Nobody rides trams", "Buses are enough for us"]


def apart(one: Sequence[str], other: Sequence[str]) -> list[list[float]]:
    """No two different wordings are close."""
    return [[0.0] * len(other) for _ in one]


def test_a_map_compared_with_itself_has_not_changed() -> None:
    """One line says so."""
    found = made_map(BEFORE, [(1, 0, "attack")], people=PEOPLE)
    same = compare(found, found, apart)
    assert same.is_empty
    assert comparison.render(same).startswith("Nothing changed: the same 3 points")


def test_new_gone_supported_attacked_and_the_crux_are_told() -> None:
    """Each change once, under its own name."""
    old = made_map(BEFORE, [(1, 0, "attack")], people=PEOPLE)
    texts = [BEFORE[0], BEFORE[1], "Lorries belong on rails", "Last month trams were full"]
    new = made_map(
        texts,
        [(1, 0, "attack"), (2, 0, "attack")],
        evidence=[(3, 1, "attack")],
        people=PEOPLE,
        crux=1,
    )
    found = compare(old, new, apart)
    assert [p.headline for p in found.new] == [texts[2]]
    assert [p.headline for p in found.gone] == [BEFORE[2]]
    assert [(g.after.headline, [t.headline for t in g.ties]) for g in found.attacked] == [
        (BEFORE[1], [texts[3]]),
        (BEFORE[0], [texts[2]]),
    ]
    assert not found.supported
    assert found.crux_moved
    text = comparison.render(found)
    for line in (
        "◆ Crux: Trams pay for themselves → Nobody rides trams",
        "  + Lorries belong on rails  (ann)",
        "  − Buses are enough for us  (ann)",
        "    − “Last month trams were full”  (bo)",
        "2 points on both maps.",
    ):
        assert line in text.splitlines()
    rows = json.loads(comparison.render_json(found))
    assert rows["schema"] == "crux.diff/1"
    assert [row["id"] for row in rows["new"]] == ["k2"]


def test_a_tie_that_was_there_before_is_not_news() -> None:
    """Ids may change between maps: a tie is known by the point it comes from."""
    old = made_map(BEFORE, [(1, 0, "attack"), (2, 0, "support")], people=PEOPLE)
    new = made_map(
        [BEFORE[2], BEFORE[1], BEFORE[0]],
        [(1, 2, "attack"), (0, 2, "support")],
        people=PEOPLE[::-1],
        crux=2,
    )
    found = compare(old, new, apart)
    assert not found.supported
    assert not found.attacked
    assert not found.crux_moved


def test_points_of_other_words_are_the_same_when_they_mean_the_same() -> None:
    """The shipped encoder pairs a restatement, and no point with what argues against it."""
    old = made_map(["Remote work makes people more productive.", "Meetings waste time."])
    new = made_map(
        ["People are more productive when they work remotely.", "Remote work hurts the young."]
    )
    found = compare(old, new)
    assert found.kept == 1
    assert [p.headline for p in found.gone] == ["Meetings waste time."]
    assert [p.headline for p in found.new] == ["Remote work hurts the young."]
    assert encoded_closeness(["Meetings waste time."], ["Meetings waste time."])[0][0] > bar()


def test_the_bar_belongs_to_the_shipped_encoder() -> None:
    """Vectors of two encoders are not alike to the same degree: a new one needs a new bar."""
    row = json.loads(CHOSEN.read_text(encoding="utf-8"))
    assert row["encoder"] == dict(fingerprints())["encoder.onnx"], (
        "bot/compare.json is of another encoder: python -m benchmarks.difference "
        "--gold ../shared/gold --write"
    )


def test_a_point_that_was_cut_short_is_the_same_point() -> None:
    """The pair that the gold would make, though the words differ; what is left is new and gone."""
    old = made_map(
        ["Remote work is better for people who have small children at home.", "Desks are ugly."],
        people=PEOPLE,
    )
    new = made_map(
        ["Remote work is better for people who have small children", "Commuting costs two hours."],
        people=PEOPLE,
    )
    found = compare(old, new)
    assert found.kept == 1
    assert [p.headline for p in found.gone] == ["Desks are ugly."]
    assert [p.headline for p in found.new] == ["Commuting costs two hours."]
