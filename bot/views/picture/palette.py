"""The colours of a picture, by day and by night; each meaning also has a form of its own."""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Palette:
    """Colours as #rrggbb. Text stands off its ground by 4.5 to 1 and more (a test measures)."""

    ground: str
    card: str
    edge: str
    ink: str
    soft: str
    faint: str
    support: str
    attack: str
    crux: str
    crux_card: str
    crux_ink: str
    voices: tuple[str, ...]
    voice_ink: str


LIGHT = Palette(
    ground="#f4f3ef",
    card="#ffffff",
    edge="#d9d6cd",
    ink="#1d1d20",
    soft="#4a4a52",
    faint="#66656d",
    support="#0f7a55",
    attack="#c2410c",
    crux="#b7791f",
    crux_card="#fffaf0",
    crux_ink="#7a4a00",
    voices=(  # no greens and no oranges: those say support and attack
        "#3b5bdb",
        "#0b7285",
        "#8a3ffc",
        "#a61e4d",
        "#334e68",
        "#6d4c7d",
        "#5f3dc4",
        "#1f6f8b",
        "#7a2e5d",
        "#364fc7",
        "#86198f",
        "#3f5f6b",
    ),
    voice_ink="#ffffff",
)
DARK = Palette(
    ground="#17181c",
    card="#222329",
    edge="#3a3c45",
    ink="#f1f1f3",
    soft="#c6c7ce",
    faint="#a0a2ad",
    support="#4fd1a0",
    attack="#ff9466",
    crux="#f0b94b",
    crux_card="#2b2720",
    crux_ink="#f7d28a",
    voices=(
        "#91a7ff",
        "#66d9e8",
        "#c4a1ff",
        "#faa2c1",
        "#9fb8d1",
        "#d0b3e0",
        "#b197fc",
        "#7ccfe6",
        "#eaa9cf",
        "#a5b4fc",
        "#f0a6f5",
        "#a9cbd6",
    ),
    voice_ink="#17181c",
)


def voice_colour(name: str, palette: Palette) -> str:
    """Give the colour of a person, the same wherever the name stands."""
    return palette.voices[zlib.crc32(name.encode()) % len(palette.voices)]


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, 1 to 21, as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
