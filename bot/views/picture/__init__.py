"""A map as a picture: measured, laid out and drawn by Crux itself, the same bytes every time.

`render_svg` is the stable way in; `bot.views.png.render` gives the same picture as PNG. The parts
(`lettering`, `cards`, `layout`, `svg`) serve other pictures of points as well.
"""

from __future__ import annotations

from bot.views.outline import outline
from bot.views.picture.layout import arrange
from bot.views.picture.palette import DARK, LIGHT
from bot.views.picture.svg import draw
from nlp.model import ArgumentMap

# Shown unless more are asked for: what a phone shows in two screens, and a desk in one.
POINTS, POINTS_WIDE = 8, 12
MOST_POINTS = 60


def render_svg(
    found: ArgumentMap,
    *,
    dark: bool = False,
    wide: bool = False,
    points: int | None = None,
    faces: bool = True,
) -> str:
    """Give the picture of a map as one SVG document that needs nothing else.

    540 pixels across, for a phone, or 1280 in two columns (`wide`). `points` key points are
    shown, from 1 to MOST_POINTS (None: as many as read well), the others folded and counted.
    `faces` carries the shipped faces inside the document; without them it is smaller, and right
    only where they are installed.
    """
    if points is None:
        points = POINTS_WIDE if wide else POINTS
    sheet = arrange(outline(found), wide=wide, most=max(1, min(points, MOST_POINTS)))
    return draw(sheet, DARK if dark else LIGHT, faces=faces)
