"""A briefing as a slide: its picture without title, note and key figures, and these as text that can be edited."""

from __future__ import annotations

from components.brief.composition import Composition
from components.brief.sheet import LEADING, MARGIN, SMALLEST, Box, Json
from components.letters import STRONG, width, wrap
from components.tokens import tokens
from data.briefing import SHAPES, Briefing
from data.selection import Selection
from data.slides import PAD, Grid, Slide

FIGURES = ("figure", "figure-label", "figure-change")
EDITABLE = ("title", "note", *FIGURES)
"""Roles of the texts that a slide has as text of its own.

The caveat, the band of made-up data, the words and the source stay in the picture: they go where it goes.
"""
VALUE = 16
"""px of a key figure's letters in a table: 12 pt."""


def without_editable(composition: Composition) -> Json:
    """Figure of a composition without the texts that a slide has as its own; their places stay empty."""
    drawn = composition.figure["layout"]["annotations"]
    text = [box for box in composition.boxes if box.size]
    kept = [note for note, box in zip(drawn, text, strict=True) if box.role not in EDITABLE]
    return composition.figure | {"layout": composition.figure["layout"] | {"annotations": kept}}


def _height(b: Briefing, label: float, change: bool) -> float:
    """Height in px that the figures of a column take, with label and change in lines of this width."""
    room = label - 2 * PAD
    lines = [
        len(wrap(f.label, SMALLEST, room)) + (len(wrap(f.change, SMALLEST, room)) if change and f.change else 0)
        for f in b.figures
    ]
    return sum(max(n * SMALLEST, VALUE) * LEADING + 2 * PAD for n in lines)


def _grid(b: Briefing, place: Box, shape: str) -> Grid:
    """Table of the key figures: a column of rows at the right, or two rows of four on a square."""
    if shape == "square":
        return Grid(place, 4, 0.0, False)
    value = max(width(f.text, VALUE, STRONG) for f in b.figures) + 2 * PAD + 2
    label = place.x1 - place.x0 - value
    return Grid(place, 1, value, _height(b, label, True) <= place.y1 - place.y0)


def slide(composition: Composition, selection: Selection, b: Briefing, picture: bytes) -> Slide:
    """Return a briefing as a slide.

    Parameters
    ----------
    picture
        PNG of ``without_editable(composition)``.
    """
    _, w, h = SHAPES[selection.shape]
    figures = [box for box in composition.boxes if box.role in FIGURES]
    foot = next(box.y0 for box in composition.boxes if box.role == "source")
    left = min(box.x0 for box in figures)
    top, low = min(box.y0 for box in figures), max(box.y1 for box in figures)
    place = Box("figures", "", left, top, w - MARGIN, low if selection.shape == "square" else foot - 8)
    title = composition.slots["title"]
    return Slide(
        briefing=b,
        picture=picture,
        size=(w, h),
        title=title,
        note=composition.slots["note"],
        figures=_grid(b, place, selection.shape),
        colours=tokens(selection.theme),
    )
