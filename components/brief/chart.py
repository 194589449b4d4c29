"""The time chart of a briefing: alliances a year, stacked by class, with the year's cursor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.brief.sheet import (
    LEADING,
    SMALLEST,
    Box,
    Json,
    Sheet,
    marker,
)
from components.letters import MEDIUM, STRONG, clip, width
from components.tokens import class_colour, faded
from data.colourings import COLOURING
from data.drawing import Drawing, chart_layers
from data.filters import passing
from data.index import Index, Ints
from data.panel import by_year
from data.selection import Selection
from data.words import span


def _marks(selection: Selection, drawn: Drawing, total: Ints, first: int) -> list[tuple[int, str]]:
    """Years with what stands over them in the chart, the view's own first."""
    if selection.since is not None:
        return [(selection.year, f"{span(selection)}: {len(drawn.tie):,}")]
    years = [selection.year] if selection.compare is None else [selection.year, selection.compare]
    return [(year, f"{year}: {total[year - first]:,}") for year in years]


def nice_step(top: float, most: int = 3) -> int:
    """Smallest of 1, 2, 5, 10, 20 ... that leaves at most so many grid lines below the top."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if top / step <= most + 0.999:
                return step
        power *= 10


@dataclass(frozen=True)
class Scale:
    """Where years and numbers stand in the chart, in px of the sheet."""

    left: float
    right: float
    upper: float
    lower: float
    first: int
    n_years: int
    top: float

    def x(self, year: float) -> float:
        """Middle of a year."""
        return self.left + (year - self.first + 0.5) / self.n_years * (self.right - self.left)

    def y(self, n: float) -> float:
        """Height of a number of alliances."""
        return self.lower - n / self.top * (self.lower - self.upper)


def _axes(sheet: Sheet, scale: Scale) -> None:
    """Grid with its numbers at the left, years below."""
    quiet, half = sheet.colours["line-strong"], SMALLEST * LEADING / 2
    for n in range(0, int(scale.top) + 1, nice_step(scale.top)):
        y = scale.y(n)
        sheet.line(scale.left, y, scale.right, y, sheet.colours["line"] if n else quiet, 1)
        sheet.text("axis", f"{n:,}", scale.left - 6, y - half, SMALLEST, colour="quiet", anchor="right")
    room = (scale.right - scale.left) / scale.n_years
    every = next(n for n in (5, 10, 20, 25, 50, 100, 10_000) if room * n > 46)
    for year in range(-(-scale.first // every) * every, scale.first + scale.n_years, every):
        w, x = width(str(year), SMALLEST) / 2, scale.x(year)
        sheet.line(x, scale.lower, x, scale.lower + 3, quiet, 1)
        at = min(max(x, scale.left + w), scale.right - w)
        sheet.text("axis", str(year), at, scale.lower + 5, SMALLEST, colour="quiet", anchor="center")


def chart(sheet: Sheet, index: Index, selection: Selection, drawn: Drawing, box: Box) -> Json:
    """Active alliances a year, stacked by class, with the year's cursor; returns its axes.

    The box holds a heading, a line for the cursor's number, the steps and the years below them.
    """
    years = index.years
    first, last = int(years[0]), int(years[-1])
    total = by_year(index).count(passing(index, selection))
    top = max(4, int(total.max(initial=0))) * 1.04

    gutter = max(width(f"{int(top):,}", SMALLEST), 14) + 8
    line = SMALLEST * LEADING
    scale = Scale(box.x0 + gutter, box.x1, box.y0 + 2 * line + 2, box.y1 - line - 5, first, len(years), top)
    heading = clip(f"Active alliances a year, {COLOURING[selection.colour].words}", SMALLEST, box.x1 - box.x0, MEDIUM)
    sheet.text("heading", heading, box.x0, box.y0, SMALLEST, weight=MEDIUM)
    _axes(sheet, scale)

    steps = [first - 0.5, *years.tolist(), last + 0.5]
    base = np.zeros(len(years))
    for place, term, layer in chart_layers(index, selection):
        n = layer.tolist()
        sheet.traces.append(
            {
                "type": "scatter", "mode": "lines", "x": steps, "y": [n[0], *n, n[-1]], "stackgroup": "alliances",
                "hoverinfo": "skip", "fillcolor": class_colour(term, place, sheet.theme),
                "line": {"shape": "hvh", "width": 0.6, "color": sheet.colours["paper"]},
            }
        )  # fmt: skip
        at = int(layer.argmax())
        if scale.lower - scale.y(layer[at]) >= 11:
            marker(sheet, scale.x(first + at), scale.y(base[at] + layer[at] / 2), place, sheet.colours["paper"])
        base = base + layer
    _cursor(sheet, _marks(selection, drawn, total, first), scale, selection.since)
    domain = sheet.domain(Box("", "", scale.left, scale.upper, scale.right, scale.lower))
    hidden = {"visible": False, "fixedrange": True}
    return {
        "xaxis": {"domain": domain["x"], "range": [first - 0.5, last + 0.5], "anchor": "y", **hidden},
        "yaxis": {"domain": domain["y"], "range": [0, top], "anchor": "x", **hidden},
        "xaxis2": {"domain": [0, 1], "range": [0, sheet.width], "anchor": "y2", **hidden},
        "yaxis2": {"domain": [0, 1], "range": [sheet.height, 0], "anchor": "x2", **hidden},
    }


def _cursor(sheet: Sheet, marks: list[tuple[int, str]], scale: Scale, since: int | None) -> None:
    """Year, period or the two years compared, each with its number of alliances over the chart."""
    ink, row = sheet.colours["ink"], scale.upper - SMALLEST * LEADING
    if since is not None:
        half = (scale.x(scale.first + 1) - scale.x(scale.first)) / 2
        sheet.rect(scale.x(since) - half, scale.upper, scale.x(marks[0][0]) + half, scale.lower, faded(ink, 0.16))
    taken: list[Box] = []
    for nth, (year, text) in enumerate(marks):
        if since is None:
            sheet.line(scale.x(year), scale.upper - 2, scale.x(year), scale.lower, ink, 1.6, "dot" if nth else "solid")
        w = width(text, SMALLEST, STRONG)
        over = scale.x(year if since is None else (year + since) / 2)
        x = min(max(over - w / 2, scale.left), scale.right - w)
        for other in taken:
            if x < other.x1 + 8 and other.x0 - 8 < x + w:
                x = other.x1 + 8 if other.x1 + 8 + w <= scale.right else other.x0 - 8 - w
        sheet.text("cursor", text, x, row, SMALLEST, weight=STRONG)
        taken.append(sheet.boxes[-1])
