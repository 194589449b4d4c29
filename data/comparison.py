"""Two years compared: which alliances formed, ended and were kept between them, and the figures of the other year."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.index import Bools, Index, Ints
from data.selection import Selection


def dyads_in(index: Index, passes: Bools, year: int) -> Ints:
    """Distinct dyads with a passing alliance that is active in a year, ascending."""
    ties = index.alliances
    return np.unique(ties.dyad[passes & (ties.first <= year) & (ties.last >= year)])


def comparison(index: Index, passes: Bools, selection: Selection) -> dict[str, Any] | None:
    """Dyads of the selection's year against those of the year that it is compared with; None where there is none.

    Parameters
    ----------
    passes
        (N,) mask over ``index.alliances``: the alliances in view.

    Returns
    -------
    dict
        ``year`` compared with, and the number of dyads ``formed`` (active in the selection's year alone), ``ended``
        (in the other year alone) and ``kept`` (in both). What happened in between, or before and after, counts
        nothing: a dyad that paused is kept.
    """
    if selection.compare is None:
        return None
    now, then = (dyads_in(index, passes, year) for year in (selection.year, selection.compare))
    kept = len(np.intersect1d(now, then, assume_unique=True))
    return {"year": selection.compare, "formed": len(now) - kept, "ended": len(then) - kept, "kept": kept}
