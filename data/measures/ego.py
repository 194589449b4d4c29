"""One group's own network over the years: how many allies it has, and how far these are allied among themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.filters import passing
from data.index import Floats, Index, Ints
from data.measures.definition import WASSERMAN_FAUST, WATTS_STROGATZ, Definition
from data.measures.key_figures import share
from data.measures.series import Series
from data.panel import by_year
from data.selection import Selection

EGO = (
    Definition(
        "degree",
        "Allies",
        "count",
        "Distinct groups allied with the group in the year (degree).",
        "d = |{j : {i, j} is a dyad of the year}|",
        WASSERMAN_FAUST,
    ),
    Definition(
        "partner_ties",
        "Alliances among its allies",
        "count",
        "Pairs of its allies of the year that are allied themselves in that year.",
        "t = |{{j, k} : i, j and k are all allied with one another}|",
    ),
    Definition(
        "density",
        "Density among its allies",
        "share",
        "Those pairs as a part of all pairs that its allies of the year could form, the group itself left out;"
        " of nothing with fewer than two allies.",
        "2t / (d(d - 1)), which is the group's local clustering coefficient",
        WATTS_STROGATZ,
    ),
)


def ego(index: Index, selection: Selection, group: str) -> dict[str, Ints | Floats]:
    """Return the measures of one group's network in each year of coverage.

    Parameters
    ----------
    selection
        Its filters say which alliances count; its focus (``group`` and ``hops``) does not, or nothing
        could be known of the alliances among the partners.
    group
        Id of the group; KeyError where there is none.

    Returns
    -------
    dict
        Key of ``EGO`` to an array of shape (Y,), one for each year of coverage: ``degree``, the distinct groups
        with a passing alliance to the group that is active in the year, each counted once; ``partner_ties``,
        the distinct dyads among these with a passing alliance active in that year; ``density``, these divided
        by the d(d - 1) / 2 dyads that d partners can form, NaN where d is below 2 (the density of the ego
        network without ego, which for an undirected graph is the local clustering coefficient of the group).
    """
    place = index.groups.position[group]
    panel, ties = by_year(index), index.alliances
    rows = panel.leading(passing(index, replace(selection, group=None, hops=1)))
    a, b, window = ties.a[panel.tie[rows]], ties.b[panel.tie[rows]], panel.window[rows]

    own = (a == place) | (b == place)
    partner = np.zeros((len(index.groups.ids), panel.n_windows), dtype=bool)
    partner[np.where(a[own] == place, b[own], a[own]), window[own]] = True
    among = partner[a, window] & partner[b, window]

    degree = partner.sum(axis=0)
    between = np.bincount(window[among], minlength=panel.n_windows)
    return {"degree": degree, "partner_ties": between, "density": share(between, degree * (degree - 1) // 2)}


def ego_series(index: Index, selection: Selection, group: str) -> tuple[Series, ...]:
    """Return the same as series, split by the group's id; KeyError where there is no such group."""
    found = ego(index, selection, group)
    return tuple(Series(d.key, group, d.label, found[d.key]) for d in EGO)
