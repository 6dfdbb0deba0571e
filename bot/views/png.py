"""A map as a PNG picture: the SVG of `bot.views.picture`, drawn by resvg with the shipped faces."""

from __future__ import annotations

import re

from bot.views.picture import render_svg
from bot.views.picture.lettering import FAMILIES, FILES, FONTS
from nlp.model import ArgumentMap

# a sign that no shipped face has: drawn as a box rather than left out
_MISSING = re.compile(r'font-family="sans-serif" textLength="[^"]*" lengthAdjust="\w+">([^<]*)<')


def render(
    found: ArgumentMap,
    *,
    scale: float = 1.0,
    dark: bool = False,
    wide: bool = False,
    points: int | None = None,
) -> bytes:
    """Give the picture of a map as PNG bytes; `scale` 1 is 540 pixels across, or 1280 if `wide`.

    The other words are those of `bot.views.picture.render_svg`. A stable function: the chat
    client and the digest attach what it gives.
    """
    svg = render_svg(found, dark=dark, wide=wide, points=points, faces=False)
    return rasterise(svg, scale)


def rasterise(svg: str, scale: float = 1.0) -> bytes:
    """Draw an SVG that `bot.views.picture.svg` made."""
    import resvg_py

    # a face is read only where it is used: the largest holds ten thousand signs
    used = {n for f, n in FILES.items() if FAMILIES[f] == "Crux" or f'"{FAMILIES[f]}"' in svg}
    boxed = _MISSING.sub(lambda m: f">{'□' * len(m[1])}<", svg)
    return resvg_py.svg_to_bytes(
        svg_string=boxed,
        zoom=scale,
        skip_system_fonts=True,
        font_files=[str(FONTS / name) for name in sorted(used)],
        font_family="Crux",
    )
