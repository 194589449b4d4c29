"""The map of a briefing: ground, arcs, rings, groups and names."""

from __future__ import annotations

import numpy as np

from components.brief.countries import by_country
from components.brief.sheet import (
    Box,
    Json,
    Sheet,
    symbol,
)
from components.brief.traces import diameter, geo_trace, great_circles, put_names
from components.tokens import class_colour
from data.bundles import Bundles
from data.colourings import COLOURING
from data.drawing import Drawing
from data.index import Floats, Index, Ints
from data.projection import View, home, midpoint, spread, spread_radius, to_layout
from data.selection import Selection

PRECISIONS = {"region": "diamond", "country": "square"}
"""How a base is drawn that is not known to the place, as on the map of the explorer."""
WIDE, THIN, GREY = 1.9, 1.05, 0.8
DASH, DOTS = "5px,3px", "1px,3.5px"


def _ties(sheet: Sheet, index: Index, drawn: Drawing, at: tuple[Floats, Floats], view: View) -> None:
    """One trace for each look, grey lowest, faint below firm, thin below wide; a symbol in the middle of each arc."""
    a, b = index.alliances.a[drawn.tie], index.alliances.b[drawn.tie]
    lon, lat = at
    seen = ~drawn.hidden & drawn.located & ~drawn.within
    ranked = -4 * drawn.grey + 2 * ~drawn.faint + drawn.wide
    looks = {
        (int(r), -1 if g else int(c), bool(w), bool(d and not g), bool(f))
        for r, c, w, d, f, g, s in zip(
            ranked, drawn.cls, drawn.wide, drawn.dashed, drawn.faint, drawn.grey, seen, strict=True
        )
        if s
    }
    for _, cls, wide, dashed, faint in sorted(looks):
        grey = cls < 0
        of_class = drawn.grey if grey else (drawn.cls == cls) & ~drawn.grey
        rows = np.flatnonzero(seen & of_class & (drawn.wide == wide) & (drawn.faint == faint)
                              & (grey | (drawn.dashed == dashed)))  # fmt: skip
        colour = sheet.colours["class-none"] if grey else class_colour(drawn.classes[cls], cls, sheet.theme)
        thick = GREY if grey else WIDE if wide else THIN
        geo_trace(
            sheet, great_circles(lon[a[rows]], lon[b[rows]]), great_circles(lat[a[rows]], lat[b[rows]]),
            mode="lines", opacity=0.42 if faint else 0.82,
            line={"color": colour, "width": thick, "dash": DASH if dashed else "solid"},
        )  # fmt: skip
    (xa, ya), (xb, yb) = view.project(lon[a], lat[a]), view.project(lon[b], lat[b])
    long_enough = np.hypot(xa - xb, ya - yb) >= 18
    for cls in np.unique(drawn.cls[seen & ~drawn.grey]).tolist():
        rows = np.flatnonzero(seen & ~drawn.grey & (drawn.cls == cls) & long_enough)
        if len(rows):
            geo_trace(
                sheet, *midpoint(lon[a[rows]], lat[a[rows]], lon[b[rows]], lat[b[rows]]), mode="markers",
                marker={
                    "symbol": symbol(cls), "size": 6.5, "opacity": 1,
                    "color": class_colour(drawn.classes[cls], cls, sheet.theme),
                    "line": {"width": 0.8, "color": sheet.colours["halo"]},
                },
            )  # fmt: skip


def _rings(sheet: Sheet, index: Index, drawn: Drawing, view: View, marked: Ints) -> None:
    """Ties within one place: a ring about the base for each class, outside all groups that stand there."""
    frame = index.atlas.groups
    lon, lat, slot = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy(), frame["slot"].to_numpy()
    a = index.alliances.a[drawn.tie]
    seen = ~drawn.hidden & drawn.within
    rim = spread_radius(slot, view.pixels) + diameter(drawn.degree) / 2
    extent: dict[tuple[float, float], float] = {}
    for g in marked:
        place = (float(lon[g]), float(lat[g]))
        extent[place] = max(extent.get(place, 0.0), float(rim[g]))
    rings: dict[tuple[float, float, int], float] = {}
    nth: dict[tuple[float, float], int] = {}
    for row in np.flatnonzero(seen):
        place, cls = (float(lon[a[row]]), float(lat[a[row]])), -1 if drawn.grey[row] else int(drawn.cls[row])
        if (*place, cls) not in rings:
            rings[(*place, cls)] = extent[place] + 2.5 + 3 * nth.get(place, 0)
            nth[place] = nth.get(place, 0) + 1
    for (x, y, cls), radius in rings.items():
        colour = sheet.colours["class-none"] if cls < 0 else class_colour(drawn.classes[cls], cls, sheet.theme)
        geo_trace(
            sheet, [x], [y], mode="markers",
            marker={"symbol": "circle-open", "size": 2 * radius, "color": colour, "line": {"width": 1.4}},
        )  # fmt: skip


def _marked(index: Index, drawn: Drawing) -> Ints:
    """Rows of the located groups with a tie that is not hidden, those with most allies first."""
    out = np.zeros(len(drawn.degree), dtype=bool)
    rows = drawn.tie[~drawn.hidden]
    out[index.alliances.a[rows]] = out[index.alliances.b[rows]] = True
    rows = np.flatnonzero(out & ~np.isnan(index.atlas.groups.geometry.x.to_numpy()))
    return rows[np.argsort(-drawn.degree[rows], kind="stable")]


def _points(
    sheet: Sheet, index: Index, selection: Selection, drawn: Drawing, at: tuple[Floats, Floats], rows: Ints
) -> None:
    """Groups with an ally, the largest below, so that no small one is buried."""
    lon, lat = at
    precision = index.atlas.groups["precision"].to_numpy(dtype=object)
    shapes = np.array([PRECISIONS.get(p, "circle") for p in precision], dtype=object)
    colouring = COLOURING[selection.colour]
    if selection.compare is None and colouring.of_groups:
        known = [class_colour(t, i, sheet.theme) for i, t in enumerate(colouring.classes(index))]
        colours = np.array(known, dtype=object)[colouring.of_groups(index)]
    else:
        colours = np.full(len(lon), sheet.colours["ink"], dtype=object)
    geo_trace(
        sheet, lon[rows], lat[rows], mode="markers",
        marker={
            "symbol": shapes[rows].tolist(), "size": np.round(diameter(drawn.degree[rows]), 2).tolist(), "opacity": 1,
            "color": colours[rows].tolist(), "line": {"width": 1, "color": sheet.colours["halo"]},
        },
    )  # fmt: skip


def _alone(sheet: Sheet, drawn: Drawing, at: tuple[Floats, Floats]) -> None:
    rows = np.flatnonzero(drawn.unallied & ~np.isnan(at[0]))
    if len(rows):
        quiet = sheet.colours["quiet"]
        geo_trace(
            sheet, at[0][rows], at[1][rows], mode="markers",
            marker={"symbol": "circle-open", "size": 4.5, "color": quiet, "opacity": 0.6, "line": {"width": 0.9}},
        )  # fmt: skip


def _rivalries(sheet: Sheet, index: Index, drawn: Drawing, at: tuple[Floats, Floats]) -> None:
    lon, lat = at
    a, b = index.rivals.a[drawn.rivals], index.rivals.b[drawn.rivals]
    rows = np.flatnonzero(~np.isnan(lon[a] + lon[b]))
    if len(rows):
        geo_trace(
            sheet, great_circles(lon[a[rows]], lon[b[rows]]), great_circles(lat[a[rows]], lat[b[rows]]),
            mode="lines", opacity=0.75, line={"color": sheet.colours["rival"], "width": 1.1, "dash": DOTS},
        )  # fmt: skip


def world(sheet: Sheet, index: Index, selection: Selection, drawn: Drawing, found: Bundles | None, box: Box) -> Json:
    """Put the map's traces and names on the sheet, of countries where ``found`` gathers them; returns its ``geo``."""
    w, h = box.x1 - box.x0, box.y1 - box.y0
    view = View(selection.map or home(w, h), w, h)
    geo_trace(sheet, [], [], mode="markers")  # plotly.js draws no ground without a trace
    if found is not None:
        by_country(sheet, drawn, found, view, box)
    else:
        _groups(sheet, index, selection, drawn, view, box)
    return _ground(sheet, box, view)


def _groups(sheet: Sheet, index: Index, selection: Selection, drawn: Drawing, view: View, box: Box) -> None:
    """Put every alliance and group on the sheet, groups without an ally lowest of all."""
    frame = index.atlas.groups
    at = spread(
        frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy(), frame["slot"].to_numpy(dtype=np.int64), view.pixels
    )
    marked = _marked(index, drawn)
    _alone(sheet, drawn, at)
    _rivalries(sheet, index, drawn, at)
    _ties(sheet, index, drawn, at, view)
    _rings(sheet, index, drawn, view, marked)
    _points(sheet, index, selection, drawn, at, marked)
    put_names(sheet, frame["name"].to_numpy(dtype=object), marked, drawn.degree, at, view, box)


def _ground(sheet: Sheet, box: Box, view: View) -> Json:
    """Return the ``geo`` of the sheet's layout."""
    w, h = box.x1 - box.x0, box.y1 - box.y0
    c = sheet.colours
    return {
        "domain": sheet.domain(box), "bgcolor": c["sea"], "resolution": 110, "showframe": False, "showland": True,
        "landcolor": c["land"], "showcountries": True, "countrycolor": c["border"], "countrywidth": 0.6,
        "showcoastlines": False, "showocean": False, "showlakes": False, **to_layout(view.extent, w, h),
    }  # fmt: skip
