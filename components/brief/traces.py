"""What both maps of a briefing are drawn with: traces, points by their allies, and names that collide with nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from components.brief.sheet import LEADING, SMALLEST, Box, Sheet
from components.letters import STRONG, width
from components.tokens import faded
from data.index import Floats, Ints
from data.projection import View

LABEL_ROOM = 26_000
"""px squared of map for each group's name."""


def diameter(degree: Any) -> Any:
    """Diameter of a group's point in px: its area is proportional to the number of its allies."""
    return np.minimum(30, 4.6 * np.sqrt(degree))


def geo_trace(sheet: Sheet, lon: Any, lat: Any, **look: Any) -> None:
    """Put one trace of the map on the sheet; ``look`` is plotly.js's."""
    numbers = [[None if v != v else round(float(v), 4) for v in values] for values in (lon, lat)]
    sheet.traces.append(
        {"type": "scattergeo", "lon": numbers[0], "lat": numbers[1], "hoverinfo": "skip", "showlegend": False, **look}
    )


def great_circles(a: Floats, b: Floats) -> Floats:
    """Two-point lines one after the other, with a gap behind each; plotly.js bends them into great circles."""
    return np.stack([a, b, np.full(len(a), np.nan)], axis=1).ravel()


def short_name(name: str, longest: int = 30) -> str:
    """Name without what stands in brackets behind it, cut at a word where it is long; as labels.js has it."""
    plain_name = re.sub(r"\s*\([^()]*\)\s*$", "", name) or name
    if len(plain_name) <= longest:
        return plain_name
    return re.sub(r"\s+\S*$", "", plain_name[: longest - 1]) + "\N{HORIZONTAL ELLIPSIS}"


def put_names(
    sheet: Sheet, names: Sequence[str], rows: Ints, size: Any, at: tuple[Floats, Floats], view: View, box: Box
) -> None:
    """Names of points, where they collide with nothing and stay inside the map.

    Parameters
    ----------
    rows
        The points in order, those with most allies first; ``names``, ``size`` (allies) and ``at`` are of all.
    at
        Degrees (longitudes, latitudes).
    """
    most = int((box.x1 - box.x0) * (box.y1 - box.y0) / LABEL_ROOM)
    rows = rows[: most * 4]
    spots = []
    for g in rows.tolist():
        x, y = view.project(at[0][g], at[1][g])
        r = float(diameter(size[g])) / 2
        spots.append((g, float(x) + box.x0, float(y) + box.y0, r))
    taken = [Box("point", "", x - r, y - r, x + r, y + r) for _, x, y, r in spots[:most]]
    put = 0
    h = SMALLEST * LEADING
    for g, x, y, r in spots:
        text = short_name(str(names[g]))
        w = width(text, SMALLEST, STRONG)
        for left, top in (
            (x - w / 2, y - r - h - 1),
            (x - w / 2, y + r + 1),
            (x + r + 3, y - h / 2),
            (x - r - 3 - w, y - h / 2),
        ):
            label = Box("name", text, left, top, left + w, top + h, SMALLEST)
            inside = left > box.x0 + 2 and left + w < box.x1 - 2 and top > box.y0 + 2 and top + h < box.y1 - 2
            if inside and not any(label.overlaps(other) for other in taken):
                sheet.text("name", text, left, top, SMALLEST, weight=STRONG, ground=faded(sheet.colours["halo"], 0.72))
                taken.append(label)
                put += 1
                break
        if put == most:
            return
