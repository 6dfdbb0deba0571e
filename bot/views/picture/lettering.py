"""Text as it will stand in a picture: which face draws what, how wide it is, where lines break.

Everything is measured with the shipped faces and the shaper that browsers use, so that what fits
here fits there. A line is cut to runs of one face and one direction, in the order in which they
stand on the page; each run is drawn where it was measured.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from bot.views.text import one_line

Weight = Literal["regular", "semibold"]
Face = Literal["regular", "semibold", "hebrew", "arabic", "cjk", "emoji", "missing"]

FONTS = Path(__file__).resolve().parents[1] / "fonts"
FILES: dict[Face, str] = {
    "regular": "crux-regular.otf",
    "semibold": "crux-semibold.otf",
    "hebrew": "crux-hebrew.ttf",
    "arabic": "crux-arabic.ttf",
    "cjk": "crux-cjk.otf",
    "emoji": "crux-emoji.ttf",
}
FAMILIES: dict[Face, str] = {
    "regular": "Crux",
    "semibold": "Crux",
    "hebrew": "Crux Hebrew",
    "arabic": "Crux Arabic",
    "cjk": "Crux CJK",
    "emoji": "Crux Emoji",
    "missing": "sans-serif",
}
_EMOJI_STYLE, _JOINER, _KEYCAP = "\ufe0f", "\u200d", "\u20e3"
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_ELLIPSIS = "…"
# Signs that no line of Chinese or Japanese begins with, and those that none ends with.
_NO_START = frozenset(
    "、。，．・：；？！ー」』）】〉》〕］｝％…”’ゝゞ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ,.;:!?)"
)
_NO_END = frozenset("「『（【〈《〔［｛“‘(")
_MIN_PIECE = 4  # a word too long for its line is cut to pieces of at least so many characters


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Text of one face in one direction; `x` counts from the line's left edge. Widths in pixels."""

    text: str
    face: Face
    x: float
    width: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line: its runs from left to right, its width, and whether it begins at the right."""

    text: str
    runs: tuple[Run, ...]
    width: float
    size: float
    rtl: bool


def line(text: str, size: float, weight: Weight = "regular", *, rtl: bool | None = None) -> Line:
    """Set text on one line, however long; `rtl` None reads the direction off the text."""
    text = _whole(text)
    rtl = is_rtl(text) if rtl is None else rtl
    runs: list[Run] = []
    x = 0.0
    for words, face in _visual(text, weight, rtl):
        lead = len(words) - len(words.lstrip(" "))
        body = words.strip(" ")
        space = _advance(" ", weight) * size
        if face in ("regular", "semibold"):
            whole = _advance(words, face) * size
        else:
            whole = _advance(body, face) * size + space * (len(words) - len(body))
        if body:
            width = _advance(body, face) * size
            runs.append(Run(text=body, face=face, x=x + lead * space, width=width))
        x += whole
    return Line(text=text, runs=tuple(runs), width=x, size=size, rtl=rtl)


def fit(text: str, size: float, width: float, weight: Weight = "regular") -> Line:
    """Set text on one line of at most `width`; what does not fit is cut, ending in "…"."""
    return paragraph(text, size, width, 1, weight)[0]


def paragraph(
    text: str, size: float, width: float, most: int, weight: Weight = "regular"
) -> tuple[Line, ...]:
    """Break text to at most `most` lines no wider than `width`; a cut is marked by "…".

    A quotation mark that closes the text is kept behind the cut.
    """
    text = _whole(text)
    rtl = is_rtl(text)
    rows = _broken(text, size, width, weight)
    kept: list[str] = []
    for row in rows:
        if len(kept) == most:
            kept[-1] = _cut(kept[-1], "”" if text.endswith("”") else "", size, width, weight)
            break
        kept.append(row)
    return tuple(line(row, size, weight, rtl=rtl) for row in kept or [""])


def _whole(text: str) -> str:
    """Give text on one line, its letters and marks joined: the faces have letters, not parts."""
    return unicodedata.normalize("NFC", one_line(text))


def is_rtl(text: str) -> bool:
    """Tell whether the first letter that has a direction runs right to left."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


def _broken(text: str, size: float, width: float, weight: Weight) -> Iterator[str]:
    row = ""
    for piece, gap in _pieces(text):
        longer = f"{row}{gap}{piece}" if row else piece
        if _width(longer, size, weight) <= width:
            row = longer
            continue
        if row and (_width(piece, size, weight) <= width or len(row) > 3 * _MIN_PIECE):
            yield row
            row = piece
        else:
            row = longer
        while _width(row, size, weight) > width:
            head = _prefix(row, size, width, weight)
            yield head
            row = row[len(head) :]
    if row:
        yield row


def _cut(row: str, closing: str, size: float, width: float, weight: Weight) -> str:
    """Cut a full line at a word so that "…" and what closes the text still fit."""
    tail = _ELLIPSIS + closing
    while row and _width(row + tail, size, weight) > width:
        *kept, _ = _pieces(row)
        if kept:
            row = "".join(gap + piece for piece, gap in kept)
        else:
            clusters = list(_clusters(row))
            row = "".join(clusters[:-1])
    return row.rstrip(" ,;:.–—-、。，") + tail


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Cut text where a line may end, at spaces and between signs of Chinese and Japanese.

    Each piece comes with the space before it.
    """
    for number, word in enumerate(text.split(" ")):
        gap, piece = " " if number else "", ""
        for sign in _clusters(word) if not word.isascii() else (word,):
            if (
                piece
                and (_is_wide(sign) or _is_wide(piece[-1]))
                and sign[0] not in _NO_START
                and piece[-1] not in _NO_END
            ):
                yield piece, gap
                gap, piece = "", ""
            piece += sign
        yield piece, gap


def _is_wide(sign: str) -> bool:
    """Tell whether a sign is one of Chinese or Japanese, which lines may be broken beside."""
    at = ord(sign[0])
    return (
        0x2E80 <= at <= 0x9FFF
        or 0xF900 <= at <= 0xFAFF
        or 0xFF00 <= at <= 0xFFEF
        or (0x20000 <= at <= 0x3FFFF)
    )


def _prefix(row: str, size: float, width: float, weight: Weight) -> str:
    head = ""
    for cluster in _clusters(row):
        if head and _width(head + cluster, size, weight) > width:
            break
        head += cluster
    return head


def _width(text: str, size: float, weight: Weight) -> float:
    return line(text, size, weight).width


def _clusters(text: str) -> Iterator[str]:
    """Cut text to what is drawn as one sign: a letter with its marks, an emoji with its parts."""
    held = ""
    joined = False
    for char in text:
        flags = held and _is_flag(char) and _is_flag(held[-1]) and len(held) % 2 == 1
        if held and (
            joined
            or unicodedata.combining(char)
            or unicodedata.category(char) in ("Mn", "Me")
            or char in (_EMOJI_STYLE, _JOINER, _KEYCAP)
            or 0x1F3FB <= ord(char) <= 0x1F3FF
            or 0xE0020 <= ord(char) <= 0xE007F
            or flags
        ):
            held += char
        else:
            if held:
                yield held
            held = char
        joined = char == _JOINER
    if held:
        yield held


def _is_flag(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _face(cluster: str, weight: Weight) -> Face:
    first = ord(cluster[0])
    in_text = cluster == " " or first in _covered(weight)
    if first in _covered("emoji") and (
        not in_text or _EMOJI_STYLE in cluster or _KEYCAP in cluster
    ):
        return "emoji"
    if in_text:
        return weight
    for face in ("hebrew", "arabic", "cjk"):
        if first in _covered(face):
            return face
    return "missing"


def _visual(text: str, weight: Weight, rtl: bool) -> list[tuple[str, Face]]:
    """Order a line as it stands on the page: runs of one face and level, left to right."""
    if text.isascii() and not rtl:
        return [(text, weight)] if text else []
    clusters = list(_clusters(text))
    faces = [_face(c, weight) for c in clusters]
    levels = _levels(clusters, rtl)
    runs: list[tuple[str, Face, int]] = []
    for cluster, face, level in zip(clusters, faces, levels, strict=True):
        turned = level % 2 == 1 and face not in ("hebrew", "arabic")
        sign = cluster.translate(_MIRRORED) if turned else cluster
        if runs and runs[-1][1] == face and runs[-1][2] == level:
            before = runs[-1][0]
            runs[-1] = (sign + before if turned else before + sign, face, level)
        else:
            runs.append((sign, face, level))
    return [(words, face) for words, face, _ in _reordered(runs)]


def _levels(clusters: list[str], rtl: bool) -> list[int]:
    """Give each sign its level: 0 left to right, 1 right to left, 2 left to right inside of 1.

    The rules of Unicode's algorithm that matter without explicit marks: figures follow the letter
    before them, signs between two letters of one direction take it, others the line's own.
    """
    base = "R" if rtl else "L"
    kinds: list[str] = []
    strong = base
    for cluster in clusters:
        kind = unicodedata.bidirectional(cluster[0])
        if kind in ("L", "R", "AL"):
            strong = "L" if kind == "L" else "R"
            kinds.append(strong)
        elif kind in ("EN", "AN"):
            kinds.append("N" if strong == "R" or kind == "AN" else "L")
        else:
            kinds.append(" ")
    out = list(kinds)
    at = 0
    while at < len(kinds):
        if kinds[at] != " ":
            at += 1
            continue
        end = at
        while end < len(kinds) and kinds[end] == " ":
            end += 1
        before = kinds[at - 1] if at else base
        after = kinds[end] if end < len(kinds) else base
        left, right = ("R" if k == "N" else k for k in (before, after))
        out[at:end] = [left if left == right else base] * (end - at)
        at = end
    level = {"L": 2 if rtl else 0, "R": 1, "N": 2}
    return [level[k] for k in out]


def _reordered(runs: list[tuple[str, Face, int]]) -> list[tuple[str, Face, int]]:
    for least in (2, 1):
        at = 0
        while at < len(runs):
            end = at
            while end < len(runs) and runs[end][2] >= least:
                end += 1
            if end > at:
                runs[at:end] = runs[at:end][::-1]
            at = max(end, at + 1)
    return runs


@cache
def _loaded(face: Face) -> Any:
    import uharfbuzz

    return uharfbuzz.Face((FONTS / FILES[face]).read_bytes())


@cache
def _font(face: Face) -> Any:
    import uharfbuzz

    return uharfbuzz.Font(_loaded(face))


@cache
def _covered(face: Face) -> frozenset[int]:
    # an emoji face has figures and a space of its own, for keycaps: text never takes them
    return frozenset(int(c) for c in _loaded(face).unicodes if c > 0x20)


@lru_cache(maxsize=20_000)
def _advance(text: str, face: Face) -> float:
    """Give the width of text in one face, in units of its size."""
    if face == "missing":
        return float(len(list(_clusters(text))))
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(_font(face), buffer)
    return float(sum(p.x_advance for p in buffer.glyph_positions) / _loaded(face).upem)


def has(face: Face, sign: str) -> bool:
    """Tell whether a face draws a sign (one code point)."""
    return ord(sign) in _covered(face)


def subset(face: Face, text: str) -> bytes:
    """Give a face cut to the signs of `text`, to stand inside a picture."""
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update({ord(c) for c in text} | {0x20})
    return bytes(uharfbuzz.subset(_loaded(face), wanted).blob.data)
