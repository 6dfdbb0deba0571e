"""What a picture is made of, before anything is drawn: values with places and sizes in pixels.

A place is the distance from the left and the top of what holds the shape: of its card for a shape
on a card, of the sheet for a card, an edge or a loose shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.views.picture.lettering import Line, Weight
from nlp.model import RelationType

Role = Literal["ink", "soft", "faint", "support", "attack", "crux", "crux_ink", "edge"]
Tier = Literal["crux", "large", "medium", "small"]

ASCENT, DESCENT = 0.97, 0.25  # of the size: how far the faces reach over and under the baseline


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def moved(self, x: float, y: float) -> Box:
        """Give the box moved right and down."""
        return Box(x=self.x + x, y=self.y + y, width=self.width, height=self.height)

    def holds(self, other: Box, slack: float = 0.5) -> bool:
        """Tell whether another box lies inside."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other: Box) -> bool:
        """Tell whether the boxes have ground in common."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    line: Line
    role: Role
    weight: Weight = "regular"

    @property
    def box(self) -> Box:
        """The room that the text takes."""
        size = self.line.size
        return Box(
            x=self.x,
            y=self.y - ASCENT * size,
            width=self.line.width,
            height=(ASCENT + DESCENT) * size,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """A person as a disc with the first letter of the name; `x`, `y` is the middle."""

    x: float
    y: float
    radius: float
    name: str
    letter: Line

    @property
    def box(self) -> Box:
        """The room that the disc takes."""
        r = self.radius
        return Box(x=self.x - r, y=self.y - r, width=2 * r, height=2 * r)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A piece of evidence: a small sheet, filled for support, outlined with a stroke for attack."""

    x: float
    y: float
    type: RelationType

    @property
    def box(self) -> Box:
        """The room that the mark takes."""
        return Box(x=self.x, y=self.y, width=MARK_WIDTH, height=MARK_HEIGHT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """How many people stand for (filled) and against (hatched), as lengths of one bar."""

    x: float
    y: float
    width: float
    support: int
    attack: int

    @property
    def box(self) -> Box:
        """The room that the bar takes."""
        return Box(x=self.x, y=self.y, width=self.width, height=BAR_HEIGHT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A short level edge, to say in the legend what edges of its type mean."""

    x: float
    y: float
    type: RelationType

    @property
    def box(self) -> Box:
        """The room that the sample takes."""
        return Box(x=self.x, y=self.y - 9, width=SAMPLE_WIDTH, height=18)


MARK_WIDTH, MARK_HEIGHT, BAR_HEIGHT, SAMPLE_WIDTH = 13.0, 16.0, 10.0, 46.0
Shape = Words | Voice | Mark | Bar | Sample


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A key point as it will be drawn: its size, and its shapes counted from its corner."""

    key: str
    tier: Tier
    width: float
    height: float
    shapes: tuple[Shape, ...]
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A card and where it stands."""

    card: Card
    x: float
    y: float

    @property
    def box(self) -> Box:
        """The room that the card takes."""
        return Box(x=self.x, y=self.y, width=self.card.width, height=self.card.height)


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """What one point does to another: a line of corners from source to target.

    Its last stretch ends at the target, in an arrowhead (support) or a bar (attack); `badge` is
    the middle of the sign.
    """

    source: str
    target: str
    type: RelationType
    corners: tuple[tuple[float, float], ...]
    badge: tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A whole picture: every card, edge and loose text in place."""

    width: float
    height: float
    cards: tuple[Placed, ...]
    edges: tuple[Edge, ...]
    loose: tuple[Shape, ...]
    rules: tuple[float, ...]
    title: str
