"""The whole of a briefing: its words and figures, and where map, chart and legend go between them."""

from __future__ import annotations

from dataclasses import dataclass

from components.brief.chart import chart
from components.brief.legend import LEGEND_ROW, entries, legend, rows_of
from components.brief.map import world
from components.brief.sheet import (
    LEADING,
    MARGIN,
    SMALLEST,
    Box,
    Json,
    Sheet,
)
from components.letters import FAMILY, MEDIUM, NORMAL, STRONG, clip, width, wrap
from components.tokens import tokens
from data.briefing import SHAPES, Briefing
from data.bundles import bundles
from data.index import Index
from data.selection import Selection
from data.words import span

SIDE = {"wide": 196, "standard": 172, "square": 0}
"""px of the column of key figures; on a square they stand in two rows."""
MOST = {"words": (3, 2), "source": (3, 2), "made": (4, 3), "link": (3, 2)}
"""Lines of each part on a broad sheet and on a square, so that the map keeps its room; longer ones are cut."""
CHART = {"wide": 92, "standard": 92, "square": 70}


@dataclass(frozen=True, eq=False)
class Composition:
    """A figure as plotly.js takes it, and where its parts stand."""

    figure: Json
    """``data`` and ``layout``: plain JSON, which ``plotly.graph_objects.Figure`` validates."""
    boxes: tuple[Box, ...]
    slots: dict[str, Box]
    """Where title, note and caveat stand, or would."""


@dataclass(frozen=True)
class Room:
    """Room that is kept free though one sheet alone does not need it: so that the frames of a film do not jump."""

    head: float = 0.0
    """y above which no map begins, px."""
    legend_rows: int = 0


# ---- words ----------------------------------------------------------------------------------------------------------


def _head(sheet: Sheet, b: Briefing, name: str, shape: str) -> tuple[float, dict[str, Box]]:
    """Band, handling, title, note and the view in words; returns the y below them and the slots of a person's words."""
    room, edge = sheet.width - 2 * MARGIN, sheet.width - MARGIN
    top, slots = 14.0, {}
    if b.synthetic:
        sheet.rect(0, 0, sheet.width, 26, sheet.colours["warn-bg"])
        sheet.text("synthetic", b.synthetic, sheet.width / 2, 5, 13, colour="warn-ink", weight=STRONG, anchor="center")
        top = 34.0
    caveat = wrap(b.caveat, 13, room, STRONG)  # never cut: it says how the sheet may be handled
    beside = len(caveat) == 1 and width(b.caveat, 13, STRONG) <= 0.6 * room
    handled = top
    for line in caveat:
        handled = sheet.text("caveat", line, edge, handled, 13, colour="danger", weight=STRONG, anchor="right")
    taken = width(b.caveat, 13, STRONG) + 20 if beside else 0.0
    name = clip(name, SMALLEST, room - taken)
    below = sheet.text("name", name, MARGIN, top if beside or not caveat else handled, SMALLEST, colour="quiet")
    begins = room * 0.4 if caveat and not beside else max(taken, 190)
    slots["caveat"] = Box("caveat", b.caveat, edge - begins, top, edge, max(handled, top + 13 * LEADING), 13)
    size = 26.0 if shape == "wide" else 23.0
    while len(wrap(b.title, size, room, STRONG)) > 2 and size > 16:
        size -= 1
    begins = below + 3
    top = sheet.lines("title", wrap(b.title, size, room, STRONG, most=3), begins, size, weight=STRONG)
    slots["title"] = Box("title", b.title, MARGIN, begins, sheet.width - MARGIN, top, size)
    words = wrap(f"{b.words}.", SMALLEST, room, NORMAL, most=most("words", shape))
    begins = sheet.lines("words", words, top + 2, SMALLEST, colour="quiet") + 1
    note = wrap(b.note, 13, room, MEDIUM, most=2)
    top = max(sheet.lines("note", note, begins, 13, weight=MEDIUM), begins + 13 * LEADING)
    slots["note"] = Box("note", b.note, MARGIN, begins, sheet.width - MARGIN, top, 13)
    return top, slots


def most(part: str, shape: str) -> int:
    """Lines that a part may take."""
    return MOST[part][shape == "square"]


def _foot(sheet: Sheet, b: Briefing, shape: str) -> float:
    """Source, date and link, ending at the lower margin; returns the y above them."""
    room = sheet.width - 2 * MARGIN
    lines = [
        *((line, "ink", "") for line in wrap(b.source, SMALLEST, room, NORMAL, most=most("source", shape))),
        *((line, "quiet", "") for line in wrap(b.made, SMALLEST, room, NORMAL, most=most("made", shape))),
        *((line, "accent", b.link) for line in wrap(b.link, SMALLEST, room, NORMAL, most=most("link", shape))),
    ]
    above = sheet.height - 16 - len(lines) * SMALLEST * LEADING
    top = above
    for line, colour, link in lines:
        top = sheet.text("source", line, MARGIN, top, SMALLEST, colour=colour, link=link)
    return above


def _figures(sheet: Sheet, b: Briefing, shape: str, top: float, bottom: float) -> float:
    """Key figures: a column at the right, with their change where there is room, or two rows on a square.

    Returns the y at which the map begins.
    """
    if shape == "square":
        each, below = (sheet.width - 2 * MARGIN) / 4, top
        for i, f in enumerate(b.figures):
            x, y = MARGIN + i % 4 * each, top + i // 4 * 44
            sheet.text("figure-label", clip(f.label, SMALLEST, each - 8), x, y, SMALLEST, colour="quiet")
            below = sheet.text("figure", clip(f.text, 19, each - 8, STRONG), x, y + 16, 19, weight=STRONG, leading=1.2)
        return below
    x, room = sheet.width - MARGIN - SIDE[shape], SIDE[shape]
    each = (bottom - top) / len(b.figures)
    size = 22 if each >= 46 else 16
    with_change = each >= 62
    y = top + 2
    for f in b.figures:
        y = sheet.text("figure-label", clip(f.label, SMALLEST, room), x, y, SMALLEST, colour="quiet")
        y = sheet.text("figure", clip(f.text, size, room, STRONG), x, y, size, weight=STRONG, leading=1.1)
        if f.change and with_change:
            y = sheet.text("figure-change", clip(f.change, SMALLEST, room), x, y, SMALLEST, colour="quiet")
        y += 5 if size > 16 else 1
    return top


# ---- the whole ------------------------------------------------------------------------------------------------------


def room_of(index: Index, selection: Selection, b: Briefing) -> Room:
    """Room that the head and the legend of a briefing take of themselves."""
    composition = compose(index, selection, b)
    rows = {box.y0 for box in composition.boxes if box.role == "legend"}
    return Room(composition.slots["note"].y1, len(rows))


def compose(index: Index, selection: Selection, b: Briefing, room: Room = Room()) -> Composition:
    """Compose the briefing of a view.

    Parameters
    ----------
    selection
        Its ``shape`` and ``theme`` choose the sheet.
    b
        Words and numbers of the same selection.
    room
        That is kept, at least.
    """
    _, w, h = SHAPES[selection.shape]
    sheet = Sheet(w, h, tokens(selection.theme), selection.theme)
    name = f"Alliance Atlas \N{MIDDLE DOT} {index.atlas.dataset.title}"
    top, slots = _head(sheet, b, name, selection.shape)
    top = max(top, room.head)
    bottom = _foot(sheet, b, selection.shape) - 8
    top = _figures(sheet, b, selection.shape, top + 6, bottom) + (6 if selection.shape == "square" else 0)
    side = SIDE[selection.shape]
    right = w - MARGIN - (side + 22 if side else 0)

    chart_height = CHART[selection.shape] + 3 * SMALLEST * LEADING + 7
    chart_box = Box("chart", "", MARGIN, bottom - chart_height, right, bottom)
    found = bundles(index, selection, b.drawing)
    rows = rows_of(entries(selection, b.drawing, found), right - MARGIN)
    legend_top = chart_box.y0 - 6 - max(len(rows), room.legend_rows) * LEGEND_ROW
    map_box = Box("map", "", MARGIN, top, right, legend_top - 6)
    sheet.boxes.append(map_box)

    geo = world(sheet, index, selection, b.drawing, found, map_box)
    if not len(b.drawing.tie):
        said = clip(f"No alliances under these filters in {span(selection)}", 15, right - MARGIN, MEDIUM)
        middle = ((MARGIN + right) / 2, (map_box.y0 + map_box.y1) / 2 - 10)
        sheet.text("name", said, *middle, 15, weight=MEDIUM, anchor="center", ground=sheet.colours["halo"])
    legend(sheet, b.drawing, rows, legend_top)
    axes = chart(sheet, index, selection, b.drawing, chart_box)
    layout = {
        "width": w, "height": h, "autosize": False, "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "paper_bgcolor": sheet.colours["paper"], "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False,
        "hovermode": False, "dragmode": False,
        "font": {"family": FAMILY, "size": SMALLEST, "color": sheet.colours["ink"]},
        "geo": geo, **axes, "annotations": sheet.annotations, "shapes": sheet.shapes,
    }  # fmt: skip
    # plotly.js would name each trace at random, and the same view shall give the same file.
    traces = [trace | {"uid": f"t{n}"} for n, trace in enumerate(sheet.traces)]
    return Composition({"data": traces, "layout": layout}, tuple(sheet.boxes), slots)
