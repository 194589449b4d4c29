"""The legend of a briefing: classes in view with their counts, and what the other looks mean."""

from __future__ import annotations

from dataclasses import dataclass

from components.brief.sheet import (
    LEADING,
    MARGIN,
    SMALLEST,
    Sheet,
    marker,
)
from components.letters import clip, width
from components.tokens import class_colour
from data.bundles import Bundles
from data.drawing import Drawing
from data.selection import Selection


@dataclass(frozen=True)
class Entry:
    """One entry of the legend: a class with its place, or a note without."""

    text: str
    place: int | None = None


SAMPLE = 30
"""px of the line before a class's label."""
MOST_ROWS = 4


def entries(selection: Selection, drawn: Drawing, found: Bundles | None) -> list[Entry]:
    """Classes in view with their counts, then what the other looks mean."""
    n = drawn.counts
    out = [
        Entry(f"{term.label} {n[place]:,}", place)
        for place, term in enumerate(drawn.classes)
        if n[place] and term.id not in selection.hide
    ]
    hidden = [f"{t.label} {n[p]:,}" for p, t in enumerate(drawn.classes) if n[p] and t.id in selection.hide]
    seen = ~drawn.hidden & drawn.located
    lost = int((~drawn.located).sum())
    missing = [f"not on the map: a base is not located {lost:,}"] if lost else []
    unseen = [f"hidden: {', '.join(hidden)}"] if hidden else []
    if found is not None:
        notes = [
            "by country, in the colour of most; wider: more alliances",
            f"ring: within one country {int(found.n[found.within].sum()):,}",
            "point: groups of a country, larger with more alliances",
        ]
        return out + [Entry(note) for note in [*notes, *missing, *unseen]]
    if selection.compare is None:
        looks = (
            ("dashed: rhetorical only", drawn.dashed & ~drawn.grey),
            ("lighter: low confidence", drawn.faint),
            ("thin grey: not coded", drawn.grey),
        )
        notes = [f"{text} {int((mask & seen).sum()):,}" for text, mask in looks if (mask & seen).any()]
    else:
        notes = ["dashed: ended, lighter: kept"] if len(drawn.tie) else []
    within = int((drawn.within & seen).sum())
    notes += [f"ring: within one place {within:,}"] if within else []
    notes += missing
    notes += [f"dotted: rivals {len(drawn.rivals):,}"] if len(drawn.rivals) else []
    notes += ["point: group, larger with more allies"] if seen.any() else []
    notes += (
        [f"small ring: group without an ally in view {int(drawn.unallied.sum()):,}"] if drawn.unallied.any() else []
    )
    notes += unseen
    return out + [Entry(note) for note in notes]


def rows_of(found: list[Entry], room: float) -> list[list[tuple[Entry, float]]]:
    """Entries in rows, each with its x from the left; what does not fit into the rows is counted in the last."""
    rows: list[list[tuple[Entry, float]]] = [[]]
    x = 0.0
    for i, entry in enumerate(found):
        lead = SAMPLE if entry.place is not None else 0
        entry = Entry(clip(entry.text, SMALLEST, room - lead), entry.place)
        w = lead + width(entry.text, SMALLEST) + 18
        if x and x + w - 18 > room:
            if len(rows) == MOST_ROWS:
                more = Entry(f"and {len(found) - i} more")
                while rows[-1] and x + width(more.text, SMALLEST) > room:
                    x = rows[-1].pop()[1]
                    more = Entry(f"and {len(found) - i + 1} more")
                rows[-1].append((more, x))
                return rows
            rows.append([])
            x = 0.0
        rows[-1].append((entry, x))
        x += w
    return rows


LEGEND_ROW = 18.0


def legend(sheet: Sheet, drawn: Drawing, rows: list[list[tuple[Entry, float]]], top: float) -> None:
    """Put the rows on the sheet, from this y downwards."""
    for i, row in enumerate(rows):
        y = top + i * LEGEND_ROW
        for entry, x in row:
            left = MARGIN + x
            if entry.place is not None:
                colour = class_colour(drawn.classes[entry.place], entry.place, sheet.theme)
                mid = y + SMALLEST * LEADING / 2
                sheet.line(left, mid, left + SAMPLE - 8, mid, colour, 2.4)
                marker(sheet, left + (SAMPLE - 8) / 2, mid, entry.place, colour)
                left += SAMPLE
            sheet.text("legend", entry.text, left, y, SMALLEST, colour="ink" if entry.place is not None else "quiet")
