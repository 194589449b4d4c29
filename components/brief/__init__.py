"""The briefing: one Plotly figure with map, time chart, key figures, legend, source and link, for slides and print.

Everything is placed in px of a sheet that is 7.5 inches high in print, so that 12 px are 9 pt, the smallest letters
there are. Text is set line by line, as annotations whose width is measured beforehand: so nothing overlaps, whatever
the filters, and ``Composition.boxes`` tells where everything stands. Colours are those of tokens.css; every class
has a symbol as well, on its arcs, its layer of the chart and in the legend, so that a grey print can be read.

``sheet`` has what the parts share; ``map``, ``chart`` and ``legend`` are the parts; ``composition`` puts them together,
and ``slide`` makes a slide of it whose title, note and figures can be edited.
"""

from components.brief.composition import Composition, Room, compose, room_of
from components.brief.sheet import Box
from components.brief.slide import slide
from data.briefing import SHAPES

__all__ = ["SHAPES", "Box", "Composition", "Room", "compose", "room_of", "slide"]
