"""How the shipped faces were made: `python -m bot.views.fonts.build`.

Needs fonttools and brotli, Debian's fonts-inter, fonts-noto-core and fonts-noto-cjk, and the files
of the npm package @fontsource/noto-emoji (its folder is the command's one argument). Every face is
cut to the scripts that it is there for, loses its hinting (pictures are not drawn at the pixel) and
takes the family name "Crux", so that no face of the same name on a reader's machine steps in.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
INTER = Path("/usr/share/fonts/opentype/inter")
NOTO = Path("/usr/share/fonts/truetype/noto")
NOTO_CJK = Path("/usr/share/fonts/opentype/noto")
SIMPLIFIED = 2  # of the forms that Noto Sans CJK draws a sign in: those that most readers know

LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),  # Latin-1, Extended-A, Extended-B
    *range(0x2B0, 0x370),  # modifiers, combining marks
    *range(0x370, 0x530),  # Greek, Cyrillic
    *range(0x1E00, 0x1F00),  # Vietnamese and other letters with marks
    *range(0x2000, 0x2070),
    *range(0x2070, 0x20D0),  # raised and lowered figures, currencies
    *range(0x2100, 0x2200),  # letterlike, fractions, arrows
    *range(0x2200, 0x2300),
    *range(0x25A0, 0x2600),
    *range(0x2700, 0x27C0),
    0xFFFD,
]


def _cjk() -> list[int]:
    """Give the signs of the level that each country's standard calls common.

    GB 2312 level 1, JIS X 0208 level 1, Big5 level 1, the syllables of KS X 1001; kana, Bopomofo,
    Hangul letters and wide punctuation whole.
    """
    rows = (("gb2312", 16, 55), ("euc_jp", 16, 47), ("euc_kr", 16, 40))
    pairs = [
        *(
            (c, 0xA0 + r, 0xA0 + n)
            for c, a, b in rows
            for r in range(a, b + 1)
            for n in range(1, 95)
        ),
        *(
            ("big5", r, n)
            for r in range(0xA4, 0xC7)
            for n in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        ),
    ]
    signs = {bytes((high, low)).decode(codec, "ignore") for codec, high, low in pairs}
    wide = (*range(0x3000, 0x3190), *range(0x31F0, 0x3200), *range(0xFF00, 0xFFF0))
    return sorted({ord(sign) for sign in signs if len(sign) == 1} | set(wide))


FACES: tuple[tuple[str, str, str, Iterable[int] | None], ...] = (
    ("crux-regular.otf", "Crux", "Inter-Regular.otf", LATIN),
    ("crux-semibold.otf", "Crux", "Inter-SemiBold.otf", LATIN),
    ("crux-hebrew.ttf", "Crux Hebrew", "NotoSansHebrew-Regular.ttf", None),
    ("crux-arabic.ttf", "Crux Arabic", "NotoSansArabic-Regular.ttf", range(0x600, 0x700)),
    ("crux-cjk.otf", "Crux CJK", "NotoSansCJK-Regular.ttc", _cjk()),
    ("crux-emoji.ttf", "Crux Emoji", "noto-emoji-emoji-400-normal.woff2", None),
)
FEATURES = ["kern", "mark", "mkmk", "ccmp", "init", "medi", "fina", "isol", "rlig", "rclt", "locl"]


def build(source: Path, family: str, wanted: Iterable[int] | None) -> bytes:
    """Give a face cut to the wanted code points (all for None) under its new family name."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    # the forms that other countries give a sign would double the face
    options.layout_features = ["kern"] if source.suffix == ".ttc" else FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.flavor = None
    options.drop_tables += ["vhea", "vmtx", "VORG"]  # lines here run level
    options.font_number = SIMPLIFIED if source.suffix == ".ttc" else -1
    font = subset.load_font(str(source), options, lazy=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted if wanted is not None else font.getBestCmap())
    cutter.subset(font)
    _name(font, family)
    font.flavor = None
    out = io.BytesIO()
    assert isinstance(font, TTFont)
    font.save(out)
    return out.getvalue()


def _name(font: Any, family: str) -> None:
    names = font["name"]
    style = names.getDebugName(2) or "Regular"
    bold = font["OS/2"].usWeightClass >= 600
    style = "SemiBold" if bold else style
    post = f"{family.replace(' ', '')}-{style}"
    for row in list(names.names):
        if row.nameID in (16, 17, 21, 22, 25):
            names.removeNames(nameID=row.nameID)
    for number, value in ((1, family), (2, style), (3, post), (4, f"{family} {style}"), (6, post)):
        names.setName(value, number, 3, 1, 0x409)
    if "CFF " in font:
        font["CFF "].cff.fontNames = [post]
        font["CFF "].cff.topDictIndex[0].FamilyName = family


def main() -> None:
    """Run the command line."""
    emoji = Path(sys.argv[1])
    for file, family, source, wanted in FACES:
        places = [place / source for place in (INTER, NOTO, NOTO_CJK, emoji)]
        found = next(place for place in places if place.exists())
        (HERE / file).write_bytes(build(found, family, wanted))
        print(f"{file}: {(HERE / file).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
