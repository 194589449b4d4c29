"""The dyad-year panel: which alliances hold in which year, each dyad counted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.index import Bools, Index, Ints
from data.kept import kept


@dataclass(frozen=True, eq=False)
class Panel:
    """Pairs of (alliance, window) in which the alliance is active.

    A window is one year of coverage, or one whole period. Rows are sorted by dyad, window and
    leading order, so that in any subset the first row of a run of one (dyad, window) is the
    dyad's leading relationship there: counting runs counts dyads once.
    """

    tie: Ints
    """(P,): row in ``Index.alliances``."""
    window: Ints
    code: Ints
    """(P,): one number for each (dyad, window), ascending."""
    n_windows: int
    alive: Bools
    """(G, n_windows): groups active in each window."""

    def leading(self, passes: Bools) -> Ints:
        """Rows of the panel that lead their dyad and window among the alliances that pass.

        Parameters
        ----------
        passes
            (N,) mask over ``Index.alliances``.
        """
        rows = np.flatnonzero(passes[self.tie])
        code = self.code[rows]
        return rows[np.concatenate(([True], code[1:] != code[:-1]))] if len(rows) else rows

    def count(self, passes: Bools) -> Ints:
        """(n_windows,): distinct dyads with an alliance that passes."""
        return np.bincount(self.window[self.leading(passes)], minlength=self.n_windows)


@kept(16)
def by_year(index: Index) -> Panel:
    """Panel of every year of coverage: the dyad-years of the atlas."""
    ties, years = index.alliances, index.years
    first = np.maximum(ties.first, years[0])
    spell = np.maximum(np.minimum(ties.last, years[-1]) - first + 1, 0)
    tie = np.repeat(np.arange(len(ties)), spell)
    offset = np.arange(len(tie)) - np.repeat(np.cumsum(spell) - spell, spell)
    window = first[tie] - years[0] + offset
    order = np.lexsort((tie, window, ties.dyad[tie]))
    tie, window = tie[order], window[order]
    groups = index.groups
    alive = (groups.first[:, None] <= years) & (groups.last[:, None] >= years)
    return Panel(tie, window, ties.dyad[tie] * len(years) + window, len(years), alive)


def period(index: Index, since: int, year: int) -> Panel:
    """Panel of one window: active in any year from ``since`` to ``year``, both included."""
    ties, groups = index.alliances, index.groups
    tie = np.flatnonzero((ties.first <= year) & (ties.last >= since))
    alive = ((groups.first <= year) & (groups.last >= since))[:, None]
    return Panel(tie, np.zeros_like(tie), ties.dyad[tie], 1, alive)
