"""A comparison of two maps, for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.views.outline import Point, Tie, names_line
from bot.views.text import count, one_line

if TYPE_CHECKING:
    from bot.compare import Comparison, Gain

LONGEST_QUOTE = 140


def render(found: Comparison) -> str:
    """Give a comparison as plain text; nothing changed is one line."""
    if found.is_empty:
        same = count(found.kept, "point")
        return f"Nothing changed: the same {same}, supported and attacked alike.\n"
    return "\n".join(_lines(found)).rstrip("\n") + "\n"


def _lines(found: Comparison) -> Iterator[str]:
    if found.crux_moved:
        yield f"◆ Crux: {_named(found.crux_before)} → {_named(found.crux_after)}"
        yield ""
    for title, points, sign in (("New", found.new, "+"), ("Gone", found.gone, "−")):
        if points:
            yield f"{title}, {count(len(points), 'point')}"
            yield from (f"  {sign} {_point(point)}" for point in points)
            yield ""
    for title, gains in (
        ("Newly supported", found.supported),
        ("Newly attacked", found.attacked),
    ):
        if gains:
            yield f"{title}, {count(len(gains), 'point')}"
            for gain in gains:
                yield from _gain(gain)
            yield ""
    if found.joined:
        yield "Now said by more people"
        for point, names in found.joined:
            yield f"  {one_line(point.headline)}: {one_line(names_line(names, 5))}"
        yield ""
    yield f"{count(found.kept, 'point')} on both maps."


def _gain(gain: Gain) -> Iterator[str]:
    yield f"  {_point(gain.after)}"
    for tie in gain.ties:
        sign = "+" if tie.type == "support" else "−"
        yield f"    {sign} {_tie(tie)}"


def _point(point: Point) -> str:
    return f"{one_line(point.headline)}  ({one_line(names_line(point.speakers))})"


def _tie(tie: Tie) -> str:
    if tie.key_point is not None:
        return f"{one_line(tie.headline)}  ({one_line(names_line(tie.speakers))})"
    return f"“{one_line(tie.quotes[0].text, LONGEST_QUOTE)}”  ({one_line(tie.speakers[0])})"


def _named(point: Point | None) -> str:
    return one_line(point.headline) if point else "none"


def render_json(found: Comparison) -> str:
    """Give a comparison as JSON (schema "crux.diff/1"); points by the ids of their own map."""

    def gains(rows: tuple[Gain, ...]) -> list[dict[str, Any]]:
        return [
            {
                "before": gain.before.id,
                "after": gain.after.id,
                "headline": gain.after.headline,
                "by": [
                    {"point": t.key_point, "units": [q.unit for q in t.quotes]} for t in gain.ties
                ],
            }
            for gain in rows
        ]

    rows = {
        "schema": "crux.diff/1",
        "crux": {
            "before": found.crux_before.id if found.crux_before else None,
            "after": found.crux_after.id if found.crux_after else None,
            "moved": found.crux_moved,
        },
        "new": [{"id": p.id, "headline": p.headline} for p in found.new],
        "gone": [{"id": p.id, "headline": p.headline} for p in found.gone],
        "supported": gains(found.supported),
        "attacked": gains(found.attacked),
        "joined": [{"id": p.id, "people": list(names)} for p, names in found.joined],
        "kept": found.kept,
    }
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
