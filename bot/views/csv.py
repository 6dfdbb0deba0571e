"""A map as CSV, for a spreadsheet: one row a unit, with its point and what it bears on."""

from __future__ import annotations

import csv
import io

from bot.views.text import one_line
from nlp.model import ArgumentMap

COLUMNS = (
    "unit", "kind", "holder", "speaker", "text", "point", "headline", "crux",
    "supports", "attacks", "confidence", "post", "start", "end",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(found: ArgumentMap) -> str:
    """Give the units as CSV with a row of names; `supports` and `attacks` list unit ids.

    A cell that a spreadsheet would compute gets an apostrophe before it.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    posts = {post.id: post for post in found.thread.posts}
    point_of = {unit: point for point in found.key_points for unit in point.units}
    for unit in found.units:
        point = point_of.get(unit.id)
        bears = {
            kind: " ".join(
                r.target for r in found.relations if r.source == unit.id and r.type == kind
            )
            for kind in ("support", "attack")
        }
        rows.writerow(
            _safe(cell)
            for cell in (
                unit.id, unit.kind, unit.holder, posts[unit.post].speaker,
                one_line(unit.text), point.id if point else "",
                one_line(point.headline if point else unit.headline),
                "yes" if point and point.id == found.crux else "",
                bears["support"], bears["attack"],
                f"{unit.confidence:.2f}", unit.post, str(unit.start), str(unit.end),
            )
        )  # fmt: skip
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
