"""What a map of one view shows: each dyad once with its look, and the groups at its ends.

The same as assets/js/slice.js and compare.js tell in the browser; a browser test holds the two together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from data.colourings import COLOURING, classes_of_alliances, stacks
from data.filters import own_groups, passing, passing_rivals
from data.index import Bools, Index, Ints
from data.model import Term
from data.panel import Panel, by_year
from data.selection import Selection
from data.view import window_of

FORMED = Term("formed", "Formed", None, False)
KEPT = Term("kept", "Kept", None, False)
ENDED = Term("ended", "Ended", None, False)
CHANGES = (FORMED, KEPT, ENDED)
"""Classes of two years compared, in the order of compare.js."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """Ties of one year, of a period, or of two years compared; n dyads, G groups."""

    classes: tuple[Term, ...]
    tie: Ints
    """(n,): row of ``index.alliances`` that leads its dyad."""
    cls: Ints
    """(n,): place in ``classes``."""
    wide: Bools
    dashed: Bools
    """(n,): coded with rhetorical support alone; of two years compared: ended."""
    faint: Bools
    """(n,): of low confidence; of two years compared: kept."""
    grey: Bools
    """(n,): not coded."""
    hidden: Bools
    located: Bools
    within: Bools
    """(n,): both ends share one point."""
    degree: Ints
    """(G,): allies of each group."""
    unallied: Bools
    """(G,): active, counted, without an ally in view."""
    rivals: Ints
    """(m,): rows of ``index.rivals`` to draw, one a dyad."""

    @property
    def counts(self) -> Ints:
        """(classes,): dyads of each, hidden or not."""
        return np.bincount(self.cls, minlength=len(self.classes))


def wide_kinds(index: Index) -> int:
    """How many co-operative kinds, the strongest first, are drawn wide: the stronger half, ally and associate."""
    return math.ceil(sum(kind.flag for kind in index.kinds) / 2)


def _leading(panel: Panel, window: int, passes: Bools) -> Ints:
    rows = panel.leading(passes)
    tie: Ints = panel.tie[rows[panel.window[rows] == window]]
    return tie


def _degree(index: Index, tie: Ints) -> Ints:
    ends = np.concatenate((index.alliances.a[tie], index.alliances.b[tie]))
    return np.bincount(ends, minlength=len(index.groups.ids))


def _of_ties(index: Index, tie: Ints, selection: Selection) -> Drawing:
    """Look of each dyad in the present colouring; no rivals and no groups without allies."""
    ties, frame = index.alliances, index.atlas.groups
    colouring = COLOURING[selection.colour]
    classes = colouring.classes(index)
    cls = classes_of_alliances(index, colouring)[tie]
    stated = index.atlas.relationships["confidence"].to_numpy(dtype=object)[ties.row[tie]]
    coded = ties.coded[tie]
    lon, lat = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    a, b = ties.a[tie], ties.b[tie]
    hidden = np.array([term.id in selection.hide for term in classes], dtype=bool)
    return Drawing(
        classes=classes,
        tie=tie,
        cls=cls,
        wide=coded & (ties.kind[tie] < wide_kinds(index)),
        dashed=coded & ties.types[tie].any(axis=1) & ~ties.tangible[tie],
        faint=stated == "low",
        grey=~coded,
        hidden=hidden[cls],
        located=~np.isnan(lon[a]) & ~np.isnan(lon[b]),
        within=(lon[a] == lon[b]) & (lat[a] == lat[b]),
        degree=_degree(index, tie),
        unallied=np.zeros(len(index.groups.ids), dtype=bool),
        rivals=np.empty(0, dtype=np.int64),
    )


def _compared(index: Index, selection: Selection, passes: Bools, now: Ints) -> Drawing:
    """Ties of both years, classed by what became of them."""
    assert selection.compare is not None  # noqa: S101
    dyad = index.alliances.dyad
    then = _leading(by_year(index), selection.compare - int(index.years[0]), passes)
    gone = then[~np.isin(dyad[then], dyad[now])]
    tie = np.concatenate((now, gone))
    cls = np.concatenate((np.isin(dyad[now], dyad[then]).astype(np.int64), np.full(len(gone), CHANGES.index(ENDED))))
    drawn = _of_ties(index, tie, replace(selection, hide=()))
    nothing = np.zeros(len(tie), dtype=bool)
    kept, ended = cls == CHANGES.index(KEPT), cls == CHANGES.index(ENDED)
    return replace(drawn, classes=CHANGES, cls=cls, grey=nothing, dashed=ended, faint=kept)


def drawing(index: Index, selection: Selection) -> Drawing:
    """Return what the map of a view shows."""
    passes = passing(index, selection)
    panel, window = window_of(index, selection)
    tie = _leading(panel, window, passes)
    if selection.compare is not None:
        return _compared(index, selection, passes, tie)
    out = _of_ties(index, tie, selection)
    if selection.group is None:
        alive = panel.alive[:, window] & own_groups(index, selection)
        out = replace(out, unallied=alive & (out.degree == 0))
    return replace(out, rivals=_rivals(index, selection)) if selection.rivals else out


def chart_layers(index: Index, selection: Selection) -> list[tuple[int, Term, Ints]]:
    """Return the layers of the time chart that are drawn: place of the class, the class, (Y,) dyads of every year."""
    panel, colouring = by_year(index), COLOURING[selection.colour]
    counts = stacks(index, panel, panel.leading(passing(index, selection)), colouring)
    return [
        (place, term, layer)
        for place, (term, layer) in enumerate(zip(colouring.classes(index), counts, strict=True))
        if term.id not in selection.hide and layer.any()
    ]


def _rivals(index: Index, selection: Selection) -> Ints:
    """Rivalries of the year or period, one a dyad."""
    ties, since = index.rivals, selection.year if selection.since is None else selection.since
    rows = np.flatnonzero(passing_rivals(index, selection) & (ties.first <= selection.year) & (ties.last >= since))
    _, first = np.unique(ties.dyad[rows], return_index=True)
    return rows[np.sort(first)]
