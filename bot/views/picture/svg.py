"""A sheet drawn as SVG: shapes to elements, roles to colours, the faces shipped inside."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from bot.views.picture.lettering import FAMILIES, Face, Line, Run, subset
from bot.views.picture.palette import Palette, voice_colour
from bot.views.picture.shapes import (
    BAR_HEIGHT,
    MARK_HEIGHT,
    MARK_WIDTH,
    SAMPLE_WIDTH,
    Bar,
    Edge,
    Mark,
    Placed,
    Sample,
    Shape,
    Sheet,
    Voice,
    Words,
)
from bot.views.text import one_line
from nlp.model import RelationType

BEND = 9.0  # radius of an edge's corners
DASH = "7 5"
SIGNS: dict[RelationType, str] = {"support": "+", "attack": "−"}
RADII = {"crux": 16, "large": 13, "medium": 12, "small": 10}


def draw(sheet: Sheet, palette: Palette, *, faces: bool, kind: str = "Argument map") -> str:
    """Give a sheet as one SVG document; `faces` puts the signs of the shipped faces inside.

    `kind` says what it is, to those who hear the picture.
    """
    width, height = _n(sheet.width), _n(sheet.height)
    name = _attr(f"{kind}: {sheet.title}")
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label={name} font-family="Crux">'
    )
    parts = [opening, f"<title>{escape(one_line(sheet.title))}</title>"]
    if faces:
        parts.append(f"<style>{face_rules(runs_of(sheet))}</style>")
    parts.append(_hatch(palette))
    parts.append(f'<rect width="100%" height="100%" fill="{palette.ground}"/>')
    parts += body(sheet, palette)
    parts.append("</svg>\n")
    return "\n".join(parts)


def draw_on_page(sheet: Sheet, palette: Palette, name: str) -> str:
    """Give a sheet as an SVG element for a page: no ground, no faces.

    `name` is the element's class; it keeps apart what several drawings on one page define.
    """
    width, height = _n(sheet.width), _n(sheet.height)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" class="{name}" role="img" font-family="Crux" '
        'aria-label="The map; all that is on it stands in the list of points, too">'
    )
    drawn = "\n".join((opening, _hatch(palette), *body(sheet, palette, on_page=True), "</svg>"))
    return drawn.replace('id="hatch"', f'id="hatch-{name}"').replace(
        'fill="url(#hatch)"', f'fill="url(#hatch-{name})"'
    )


def body(sheet: Sheet, palette: Palette, *, on_page: bool = False) -> Iterator[str]:
    """Give the elements of a sheet, without ground: edges under cards, words on top.

    `on_page` leaves the cards without labels: a list beside the drawing says what is on it.
    """
    longest = {(e.target, e.type, e.corners[-1]): e for e in sheet.edges}
    for y in sheet.rules:
        yield (
            f'<path d="M28 {_n(y)}H{_n(sheet.width - 28)}" stroke="{palette.edge}" fill="none"/>'
        )
    for edge in sheet.edges:
        yield _edge(edge, palette, whole=edge in longest.values())
    for placed in sheet.cards:
        yield _card(placed, palette, chosen_on_page=on_page)
    for edge in sheet.edges:
        yield _badge(edge.badge, edge.type, palette, edge)
    for shape in sheet.loose:
        yield _shape(shape, 0, 0, palette)


def runs_of(sheet: Sheet) -> Iterator[Run]:
    """Give every run of text of a sheet."""
    for shape in (*sheet.loose, *(s for placed in sheet.cards for s in placed.card.shapes)):
        if isinstance(shape, Words):
            yield from shape.line.runs
        elif isinstance(shape, Voice):
            yield from shape.letter.runs
    for face in ("regular", "semibold"):
        yield Run(text="+−0123456789", face=face, x=0, width=0)


def face_rules(runs: Iterator[Run]) -> str:
    """Give CSS that carries the shipped faces, cut to the signs that the runs use."""
    signs: dict[Face, set[str]] = {}
    for run in runs:
        signs.setdefault(run.face, set()).update(run.text)
    rules = []
    for face in sorted(signs.keys() - {"missing"}):
        data = base64.b64encode(subset(face, "".join(sorted(signs[face])))).decode()
        weight = 600 if face == "semibold" else 400
        rules.append(
            f'@font-face{{font-family:"{FAMILIES[face]}";font-weight:{weight};'
            f"src:url(data:font/sfnt;base64,{data})}}"
        )
    return "".join(rules)


def _hatch(palette: Palette) -> str:
    return (
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{palette.card}"/>'
        f'<rect width="3" height="6" fill="{palette.attack}"/></pattern></defs>'
    )


def _card(placed: Placed, palette: Palette, *, chosen_on_page: bool) -> str:
    card = placed.card
    crux = card.tier == "crux"
    fill, stroke = (palette.crux_card, palette.crux) if crux else (palette.card, palette.edge)
    radius = RADII[card.tier]
    box = (
        f'x="{_n(placed.x)}" y="{_n(placed.y)}" width="{_n(card.width)}" '
        f'height="{_n(card.height)}" rx="{radius}"'
    )
    label = "" if chosen_on_page else f" aria-label={_attr(card.label)}"
    parts = [f'<g class="card" data-point={_attr(card.key)}{label}>']
    if crux:  # a second frame sets it off without colour
        outer = (
            f'x="{_n(placed.x - 5)}" y="{_n(placed.y - 5)}" width="{_n(card.width + 10)}" '
            f'height="{_n(card.height + 10)}" rx="{radius + 5}"'
        )
        parts.append(
            f'<rect {outer} fill="none" stroke="{palette.crux}" stroke-width="1.2" '
            'stroke-opacity=".55"/>'
        )
    parts.append(
        f'<rect class="face" {box} fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{3 if crux else 1.4}"/>'
    )
    parts += [_shape(shape, placed.x, placed.y, palette) for shape in card.shapes]
    parts.append("</g>")
    return "".join(parts)


def _shape(shape: Shape, x: float, y: float, palette: Palette) -> str:
    if isinstance(shape, Words):
        return _words(shape.line, x + shape.x, y + shape.y, getattr(palette, shape.role))
    if isinstance(shape, Voice):
        return _voice(shape, x + shape.x, y + shape.y, palette)
    if isinstance(shape, Mark):
        return _mark(shape, x + shape.x, y + shape.y, palette)
    if isinstance(shape, Bar):
        return _bar(shape, x + shape.x, y + shape.y, palette)
    return _sample(shape, palette)


def _words(line: Line, x: float, y: float, fill: str) -> str:
    parts = []
    for run in line.runs:
        weight = ' font-weight="600"' if run.face == "semibold" else ""
        family = "" if FAMILIES[run.face] == "Crux" else f' font-family="{FAMILIES[run.face]}"'
        # a sign that no shipped face has is drawn by the reader's machine, in the room kept for it
        held = (
            f' textLength="{_n(run.width)}" lengthAdjust="spacingAndGlyphs"'
            if run.face == "missing"
            else ""
        )
        parts.append(
            f'<text x="{_n(x + run.x)}" y="{_n(y)}" font-size="{_n(line.size)}" fill="{fill}"'
            f"{weight}{family}{held}>{escape(run.text)}</text>"
        )
    return "".join(parts)


def _voice(shape: Voice, x: float, y: float, palette: Palette) -> str:
    letter = shape.letter
    text = _words(letter, x - letter.width / 2, y + 0.364 * letter.size, palette.voice_ink)
    return (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(shape.radius)}" '
        f'fill="{voice_colour(shape.name, palette)}"/>{text}'
    )


def _mark(shape: Mark, x: float, y: float, palette: Palette) -> str:
    """Draw a sheet with a folded corner: filled with a plus, or outlined with a minus."""
    colour = palette.support if shape.type == "support" else palette.attack
    w, h, fold = MARK_WIDTH, MARK_HEIGHT, 4.0
    outline = (
        f"M{_n(x + 1)} {_n(y + 1)}h{_n(w - 2 - fold)}l{_n(fold)} {_n(fold)}"
        f"v{_n(h - 2 - fold)}h{_n(2 - w)}z"
    )
    cx, cy = x + w / 2, y + h / 2 + 1
    if shape.type == "support":
        sign = f"M{_n(cx - 3)} {_n(cy)}h6M{_n(cx)} {_n(cy - 3)}v6"
        return (
            f'<g class="evidence-mark"><path d="{outline}" fill="{colour}" stroke="{colour}" '
            f'stroke-width="1.4" stroke-linejoin="round"/><path d="{sign}" '
            f'stroke="{palette.card}" stroke-width="1.6" fill="none"/></g>'
        )
    return (
        f'<g class="evidence-mark"><path d="{outline}" fill="none" stroke="{colour}" '
        f'stroke-width="1.4" stroke-linejoin="round"/><path d="M{_n(cx - 3)} {_n(cy)}h6" '
        f'stroke="{colour}" stroke-width="1.8" fill="none"/></g>'
    )


def _bar(shape: Bar, x: float, y: float, palette: Palette) -> str:
    gap = 3.0
    first = (shape.width - gap) * shape.support / (shape.support + shape.attack)
    second = shape.width - gap - first
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(first)}" height="{BAR_HEIGHT}" rx="3" '
        f'fill="{palette.support}"/>'
        f'<rect x="{_n(x + first + gap)}" y="{_n(y)}" width="{_n(second)}" height="{BAR_HEIGHT}" '
        f'rx="3" fill="url(#hatch)" stroke="{palette.attack}" stroke-width="1.2"/>'
    )


def _edge(edge: Edge, palette: Palette, *, whole: bool) -> str:
    """Draw an edge; where several share a trunk the last draws it `whole`, the others their end."""
    data = f'class="edge {edge.type}"{_ends(edge)}'
    if whole:
        head = _head(edge.corners, edge.type, palette)
        return f"<g {data}>{_line(edge.corners, edge.type, palette)}{head}</g>"
    start, bend, _ = edge.corners
    return f"<g {data}>{_line((start, bend, (bend[0], bend[1] - BEND)), edge.type, palette)}</g>"


def _line(corners: tuple[tuple[float, float], ...], kind: RelationType, palette: Palette) -> str:
    steps = [f"M{_n(corners[0][0])} {_n(corners[0][1])}"]
    for before, at, after in zip(corners, corners[1:], corners[2:], strict=False):
        enter, leave = _toward(at, before), _toward(at, after)
        steps.append(
            f"L{_n(enter[0])} {_n(enter[1])}Q{_n(at[0])} {_n(at[1])} {_n(leave[0])} {_n(leave[1])}"
        )
    steps.append(f"L{_n(corners[-1][0])} {_n(corners[-1][1])}")
    colour, dash = _look(kind, palette)
    return f'<path d="{"".join(steps)}" fill="none" stroke="{colour}" stroke-width="2.4"{dash}/>'


def _look(kind: RelationType, palette: Palette) -> tuple[str, str]:
    if kind == "support":
        return palette.support, ""
    return palette.attack, f' stroke-dasharray="{DASH}"'


def _toward(at: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Give the place where the bend at a corner begins, on the way to another corner."""
    dx, dy = other[0] - at[0], other[1] - at[1]
    length = abs(dx) + abs(dy) or 1.0
    reach = min(BEND, length) / length
    return at[0] + dx * reach, at[1] + dy * reach


def _head(corners: tuple[tuple[float, float], ...], kind: RelationType, palette: Palette) -> str:
    """Draw what the edge does to its target: an arrowhead, or a bar across the line."""
    (x0, y0), (x, y) = corners[-2:]
    length = abs(x - x0) + abs(y - y0) or 1.0
    dx, dy = (x - x0) / length, (y - y0) / length
    colour, _ = _look(kind, palette)
    if kind == "support":
        bx, by = x - 9 * dx, y - 9 * dy
        return (
            f'<path d="M{_n(x)} {_n(y)}L{_n(bx - 5.5 * dy)} {_n(by + 5.5 * dx)}'
            f'L{_n(bx + 5.5 * dy)} {_n(by - 5.5 * dx)}z" fill="{colour}"/>'
        )
    bx, by = x - 3.5 * dx, y - 3.5 * dy
    return (
        f'<path d="M{_n(bx - 7 * dy)} {_n(by + 7 * dx)}L{_n(bx + 7 * dy)} {_n(by - 7 * dx)}" '
        f'stroke="{colour}" stroke-width="3.4" fill="none"/>'
    )


def _badge(
    at: tuple[float, float], kind: RelationType, palette: Palette, edge: Edge | None = None
) -> str:
    """Draw the sign of an edge: a filled disc with a plus, an open one with a minus."""
    x, y = at
    colour, _ = _look(kind, palette)
    fill, sign = (colour, palette.card) if kind == "support" else (palette.card, colour)
    strokes = f"M{_n(x - 4.2)} {_n(y)}h8.4"
    if kind == "support":
        strokes += f"M{_n(x)} {_n(y - 4.2)}v8.4"
    data = f'class="sign-mark {kind}"{_ends(edge) if edge else ""}'
    return (
        f'<g {data}><circle cx="{_n(x)}" cy="{_n(y)}" r="8.6" fill="{fill}" '
        f'stroke="{colour}" stroke-width="2"/><path d="{strokes}" stroke="{sign}" '
        'stroke-width="2.2" fill="none"/></g>'
    )


def _sample(shape: Sample, palette: Palette) -> str:
    start, end = (shape.x, shape.y), (shape.x + SAMPLE_WIDTH, shape.y)
    line = _line((start, end), shape.type, palette)
    badge = _badge((shape.x + 9, shape.y), shape.type, palette)
    return line + _head((start, end), shape.type, palette) + badge


def _ends(edge: Edge) -> str:
    return f" data-source={_attr(edge.source)} data-target={_attr(edge.target)}"


def _attr(text: str) -> str:
    return quoteattr(one_line(text))


def _n(number: float) -> str:
    """Write a number with at most two decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".") or "0"
