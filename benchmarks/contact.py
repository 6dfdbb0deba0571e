"""Pictures of every thread in a folder on sheets to look over: `python -m benchmarks.contact`.

    python -m benchmarks.contact FOLDER OUT [--dark] [--wide]

FOLDER holds threads, or maps of crux in JSON; OUT gets contact-1.png, contact-2.png, ... with the
pictures side by side, each under the name of its file.
"""

from __future__ import annotations

import argparse
import base64
import struct
from pathlib import Path
from xml.sax.saxutils import escape

from bot.errors import CruxError
from bot.input import read_source
from bot.maps import is_map, read_map
from bot.sources import read_text
from bot.views import png
from nlp import ArgumentMap, analyze

COLUMNS, CELL, GAP, NAME = 6, 400, 16, 22  # pixels
HIGHEST = 2600  # of a sheet, before the next begins


def maps(folder: Path) -> dict[str, ArgumentMap]:
    """Give the map of each file that can be read, by its name."""
    found = {}
    for file in sorted(folder.iterdir()):
        if file.is_dir() or file.name.endswith(".gold.json") or file.suffix == ".md":
            continue
        try:
            text, name = read_source(str(file))
            made = is_map(text)
            found[file.stem] = read_map(text, file.name) if made else analyze(read_text(text, name))
        except CruxError as error:
            print(f"{file.name}: {error}")
    return found


def sheets(pictures: dict[str, bytes]) -> list[bytes]:
    """Give PNG sheets with the pictures in columns, in the order given."""
    pages: list[list[str]] = [[]]
    tops = [GAP] * COLUMNS
    for name, data in pictures.items():
        width, height = struct.unpack(">II", data[16:24])
        shown = round(height * CELL / width)
        column = tops.index(min(tops))
        if tops[column] + shown > HIGHEST and pages[-1]:
            pages.append([])
            tops = [GAP] * COLUMNS
            column = 0
        x, y = GAP + column * (CELL + GAP), tops[column]
        inside = base64.b64encode(data).decode()
        pages[-1].append(
            f'<text x="{x}" y="{y + 15}" font-size="14">{escape(name)}</text>'
            f'<image x="{x}" y="{y + NAME}" width="{CELL}" height="{shown}" '
            f'href="data:image/png;base64,{inside}"/>'
        )
        tops[column] += NAME + shown + GAP
    return [_sheet(parts) for parts in pages]


def _sheet(parts: list[str]) -> bytes:
    heights = [int(p.split('height="')[1].split('"')[0]) for p in parts]
    tops = [int(p.split('<image x="')[1].split('y="')[1].split('"')[0]) for p in parts]
    high = max(h + t for h, t in zip(heights, tops, strict=True)) + GAP
    across = GAP + COLUMNS * (CELL + GAP)
    return png.rasterise(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{high}" '
        f'font-family="Crux"><rect width="100%" height="100%" fill="#888"/>{"".join(parts)}</svg>'
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--wide", action="store_true")
    given = parser.parse_args()
    pictures = {
        name: png.render(found, dark=given.dark, wide=given.wide)
        for name, found in maps(given.folder).items()
    }
    given.out.mkdir(parents=True, exist_ok=True)
    for number, sheet in enumerate(sheets(pictures), 1):
        (given.out / f"contact-{number}.png").write_bytes(sheet)
    print(f"{len(pictures)} pictures on {number} sheets in {given.out}")


if __name__ == "__main__":
    main()
