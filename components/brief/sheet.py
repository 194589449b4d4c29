"""The sheet of a briefing: its shapes and letters, and what has been put on it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

from components.letters import FAMILY, NORMAL, width

SMALLEST = 12
"""px: 9 pt in print."""
MARGIN = 32
LEADING = 1.3
"""Height of a line of text, of its letters' size."""
SYMBOLS = (
    "circle", "square", "triangle-up", "diamond", "cross", "x", "triangle-down", "star", "pentagon", "hourglass",
    "star-diamond", "bowtie", "hexagon2", "star-triangle-up",
)  # fmt: skip
"""One for each class; a longer vocabulary begins again, hollow."""
Anchor = Literal["left", "center", "right"]
Json = dict[str, Any]


@dataclass(frozen=True)
class Box:
    """Where something stands on the sheet, in px from its upper left corner."""

    role: str
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float = 0.0
    """Of its letters, in px; 0 for what is no text."""

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


def plain(text: str) -> str:
    """Text that plotly.js shows as it is: it reads markup in every text."""
    return escape(text, quote=False)


@dataclass
class Sheet:
    """What has been put on the sheet so far."""

    width: int
    height: int
    colours: dict[str, str]
    theme: str
    annotations: list[Json] = field(default_factory=list)
    shapes: list[Json] = field(default_factory=list)
    traces: list[Json] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def text(
        self, role: str, text: str, x: float, top: float, size: float, *, colour: str = "ink", weight: int = NORMAL,
        anchor: Anchor = "left", link: str = "", ground: str = "", leading: float = LEADING,
    ) -> float:  # fmt: skip
        """Put a line of text; returns the y below it. ``x`` is its left, middle or right, by the anchor."""
        w, h = width(text, size, weight), size * leading
        left = x - {"left": 0.0, "center": w / 2, "right": w}[anchor]
        said = plain(text)
        self.annotations.append(
            {
                "text": f'<a href="{escape(link)}" style="color:{self.colours[colour]}">{said}</a>' if link else said,
                "xref": "paper", "yref": "paper", "showarrow": False, "borderpad": 0, "borderwidth": 0,
                "align": anchor, "x": x / self.width, "xanchor": anchor,
                "y": 1 - (top + h / 2) / self.height, "yanchor": "middle",
                "font": {"size": size, "color": self.colours[colour], "weight": weight, "family": FAMILY},
                **({"bgcolor": ground} if ground else {}),
            }
        )  # fmt: skip
        self.boxes.append(Box(role, text, left, top, left + w, top + h, size))
        return top + h

    def lines(self, role: str, lines: list[str], top: float, size: float, **look: Any) -> float:
        """Put lines below each other at the left margin; returns the y below them."""
        for line in lines:
            top = self.text(role, line, MARGIN, top, size, **look)
        return top

    def rect(self, x0: float, y0: float, x1: float, y1: float, fill: str) -> None:
        """Put a filled rectangle."""
        self._shape("rect", x0, y0, x1, y1, fillcolor=fill, line={"width": 0})

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: str, wide: float, dash: str = "solid") -> None:
        """Put a straight line."""
        self._shape("line", x0, y0, x1, y1, line={"color": colour, "width": wide, "dash": dash})

    def _shape(self, kind: str, x0: float, y0: float, x1: float, y1: float, **look: Any) -> None:
        ends = {
            "x0": x0 / self.width,
            "x1": x1 / self.width,
            "y0": 1 - y0 / self.height,
            "y1": 1 - y1 / self.height,
        }
        self.shapes.append({"type": kind, "xref": "paper", "yref": "paper", "layer": "above", **ends, **look})

    def domain(self, box: Box) -> Json:
        """Return a box as the domain of a subplot."""
        return {
            "x": [box.x0 / self.width, box.x1 / self.width],
            "y": [1 - box.y1 / self.height, 1 - box.y0 / self.height],
        }


def symbol(place: int) -> str:
    """Symbol of a class."""
    return SYMBOLS[place % len(SYMBOLS)] + ("-open" if place // len(SYMBOLS) % 2 else "")


def marker(sheet: Sheet, x: float, y: float, place: int, colour: str) -> None:
    """Symbol of a class in the legend, on axes that measure the sheet in px."""
    sheet.traces.append(
        {
            "type": "scatter", "mode": "markers", "x": [x], "y": [y], "xaxis": "x2", "yaxis": "y2", "hoverinfo": "skip",
            "marker": {
                "symbol": symbol(place), "size": 8, "color": colour, "opacity": 1,
                "line": {"width": 1, "color": sheet.colours["paper"]},
            },
        }
    )  # fmt: skip
