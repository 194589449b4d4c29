"""The dyad-year panel: which alliances hold in which year, each dyad counted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.index import Bools, Index, Ints, Ties
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
    start: Ints
    """(N,): first window of each alliance; ``n_windows`` of one that has none."""
    stop: Ints
    """(N,): the window after its last."""
    alone: Bools
    """(N,): the only alliance of its dyad, which needs no run to be counted once."""
    shared: Ints
    """Rows of the panel whose alliance is not alone."""

    def leading(self, passes: Bools) -> Ints:
        """Rows of the panel that lead their dyad and window among the alliances that pass.

        Parameters
        ----------
        passes
            (N,) mask over ``Index.alliances``.
        """
        return self._first_of_runs(np.flatnonzero(passes[self.tie]))

    def _first_of_runs(self, rows: Ints) -> Ints:
        code = self.code[rows]
        return rows[np.concatenate(([True], code[1:] != code[:-1]))] if len(rows) else rows

    def count(self, passes: Bools) -> Ints:
        """(n_windows,): distinct dyads with an alliance that passes.

        Most dyads have one alliance: these are counted by their first and last window alone, as a page's facets
        ask for fifty such counts at once.
        """
        alone = np.flatnonzero(passes & self.alone)
        begun = np.bincount(self.start[alone], minlength=self.n_windows + 1)
        ended = np.bincount(self.stop[alone], minlength=self.n_windows + 1)
        rows = self._first_of_runs(self.shared[passes[self.tie[self.shared]]])
        return np.cumsum(begun - ended)[:-1] + np.bincount(self.window[rows], minlength=self.n_windows)


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
    start = np.where(spell > 0, first - years[0], len(years))
    alone = _alone(ties)
    return Panel(
        tie,
        window,
        ties.dyad[tie] * len(years) + window,
        len(years),
        alive,
        start,
        start + spell,
        alone,
        np.flatnonzero(~alone[tie]),
    )


def _alone(ties: Ties) -> Bools:
    """(N,): whether a relationship is the only one of its dyad."""
    return np.asarray(np.bincount(ties.dyad, minlength=1)[ties.dyad] == 1)


def period(index: Index, since: int, year: int) -> Panel:
    """Panel of one window: active in any year from ``since`` to ``year``, both included."""
    ties, groups = index.alliances, index.groups
    active = (ties.first <= year) & (ties.last >= since)
    tie = np.flatnonzero(active)
    alive = ((groups.first <= year) & (groups.last >= since))[:, None]
    alone = _alone(ties)
    shared = np.flatnonzero(~alone[tie])
    return Panel(
        tie, np.zeros_like(tie), ties.dyad[tie], 1, alive, np.where(active, 0, 1), np.ones_like(ties.row), alone, shared
    )
