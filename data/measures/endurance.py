"""How long tangible co-operation lasts between groups of one ideology, and between groups of two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.colourings import COLOURINGS, classes_of_alliances
from data.filters import passing
from data.index import Bools, Index, Ints
from data.kept import kept
from data.panel import by_year
from data.selection import Selection


@dataclass(frozen=True, eq=False)
class Spells:
    """Unbroken runs of years in which a dyad co-operates tangibly."""

    duration: Ints
    """(S,): years, both ends counted."""
    ended: Bools
    """(S,): False where the run still holds in the last year of coverage (censored)."""
    shared: Bools
    """(S,): the leading relationship of its first year is of one shared ideology."""


@kept(64)
def tangible_spells(index: Index, selection: Selection) -> Spells:
    """Runs of tangible co-operation among the passing alliances whose ends both have a recorded ideology.

    A run that begins in the first year of coverage may be older: it is left out.
    """
    ties, panel = index.alliances, by_year(index)
    rows = panel.leading(passing(index, selection) & ties.tangible)
    code, n = panel.code[rows], panel.n_windows
    dyad, window = code // n, code % n
    starts = np.flatnonzero(
        np.concatenate(([True], (code[1:] != code[:-1] + 1) | (dyad[1:] != dyad[:-1])))[: len(code)]
    )
    ends = np.concatenate((starts[1:], [len(code)]))[: len(starts)] - 1
    ideology = COLOURINGS[0]
    classes = classes_of_alliances(index, ideology)[panel.tie[rows[starts]]]
    names = [term.id for term in ideology.classes(index)]
    recorded = np.array([name != "not-recorded" for name in names] or [True])[classes]
    whole = recorded & (window[starts] > 0)
    shared = np.array([name != "cross-ideological" for name in names] or [True])[classes]
    duration = window[ends] - window[starts] + 1
    return Spells(duration[whole], (window[ends] < n - 1)[whole], shared[whole])
