"""The map of a briefing by country, where its alliances are too many for arcs of their own."""

from __future__ import annotations

import numpy as np

from components.brief.sheet import Box, Sheet
from components.brief.traces import diameter, geo_trace, great_circles, put_names
from components.tokens import class_colour
from data.bundles import Bundles
from data.drawing import Drawing
from data.projection import View

WIDTHS = (0.5, 1, 1.8, 2.8, 4.2, 6)
OPACITIES = (0.3, 0.42, 0.54, 0.64, 0.72, 0.8)
"""By a bundle's weight, as in assets/js/marks.js."""


def by_country(sheet: Sheet, drawn: Drawing, found: Bundles, view: View, box: Box) -> None:
    """Put arcs, rings, points and names of countries on the sheet, the widest arcs lowest."""
    lon, lat = found.lon, found.lat
    hollow, quiet = np.flatnonzero(found.hollow), sheet.colours["quiet"]
    geo_trace(
        sheet, lon[hollow], lat[hollow], mode="markers",
        marker={"symbol": "circle-open", "size": 4.5, "color": quiet, "opacity": 0.6, "line": {"width": 0.9}},
    )  # fmt: skip
    colours = [class_colour(term, place, sheet.theme) for place, term in enumerate(drawn.classes)]
    looks = sorted(set(zip((-found.weight).tolist(), found.cls.tolist(), strict=True)))
    for minus, cls in looks:
        rows = np.flatnonzero((found.weight == -minus) & (found.cls == cls) & ~found.within)
        if len(rows):
            a, b = found.a[rows], found.b[rows]
            geo_trace(
                sheet, great_circles(lon[a], lon[b]), great_circles(lat[a], lat[b]), mode="lines",
                opacity=OPACITIES[-minus], line={"color": colours[cls], "width": WIDTHS[-minus]},
            )  # fmt: skip
    for minus, cls in looks:
        rows = np.flatnonzero((found.weight == -minus) & (found.cls == cls) & found.within)
        if len(rows):
            at = found.a[rows]
            geo_trace(
                sheet, lon[at], lat[at], mode="markers",
                marker={
                    "symbol": "circle-open", "size": np.round(diameter(found.size[at]) + 5, 2).tolist(),
                    "color": colours[cls], "line": {"width": max(1.0, WIDTHS[-minus] * 0.7)},
                },
            )  # fmt: skip
    marked = np.flatnonzero(found.ends)
    marked = marked[np.argsort(-found.size[marked], kind="stable")]
    geo_trace(
        sheet, lon[marked], lat[marked], mode="markers",
        marker={
            "size": np.round(diameter(found.size[marked]), 2).tolist(), "opacity": 1, "color": sheet.colours["ink"],
            "line": {"width": 1, "color": sheet.colours["halo"]},
        },
    )  # fmt: skip
    put_names(sheet, found.name, marked, found.size, (lon, lat), view, box)
