"""The key figures of each window, every one defined once for years and periods alike."""

from __future__ import annotations

import numpy as np

from data.index import Bools, Floats, Index, Ints
from data.measures.definition import HYNDMAN_FAN, KARNEY, Definition
from data.panel import Panel

KEY_FIGURES = (
    Definition(
        "alliances",
        "Active alliances",
        "count",
        "Distinct pairs of groups (dyads) with at least one co-operative relationship that passes the"
        " filters and is active then. Several relationships of one pair count once.",
        "m = |{{i, j} : a passing alliance of i and j has first year <= y <= last year}|",
    ),
    Definition(
        "groups",
        "Active groups",
        "count",
        "Groups active then whose own ideologies and base pass the ideology and region filters,"
        " whatever the other filters, with or without an alliance.",
        "g = |{i : first year <= y <= last year, i passes}|",
    ),
    Definition(
        "allied_groups",
        "Groups allied",
        "count",
        "Groups at either end of those alliances.",
        "n = |{i : i is in one of the m dyads}|",
    ),
    Definition(
        "allied_share",
        "Share with an ally",
        "share",
        "The part of the active groups that is among the groups allied.",
        "(of the g groups, those among the n) / g",
    ),
    Definition(
        "tangible_share",
        "Tangible",
        "share",
        "Of the alliances with a coded relationship, the part with at least one tangible type of"
        " co-operation (rhetorical support alone is not tangible). Not coded ones are left out.",
        "m with a tangible type / m with a coded relationship",
    ),
    Definition(
        "countries",
        "Countries linked",
        "count",
        "Distinct countries of today in which the groups allied have their base.",
    ),
    Definition(
        "median_reach_km",
        "Median reach",
        "km",
        "Median geodesic distance (WGS84) between the two bases, over the alliances whose ends are both located.",
        "median of the lengths of the geodesics on the WGS84 ellipsoid",
        f"{KARNEY}; {HYNDMAN_FAN}",
    ),
)


FIGURE = {definition.key: definition for definition in KEY_FIGURES}


def share(part: Ints | Floats, whole: Ints) -> Floats:
    """Part of whole as a fraction; NaN where the whole is nothing."""
    out = np.full(len(whole), np.nan)
    np.divide(part, whole, out=out, where=whole > 0)
    return out


def quantile(values: Floats, window: Ints, n_windows: int, q: float) -> Floats:
    """Quantile of the values of each window, linear between two; NaN where it has none.

    The seventh kind of Hyndman and Fan (1996), which numpy and spreadsheets use; q = 0.5 is the median.
    """
    order = np.argsort(values)
    order = order[np.argsort(window[order].astype(np.uint16), kind="stable")]  # by radix: a lexsort takes four times it
    values, size = values[order], np.bincount(window, minlength=n_windows)
    start, some = np.cumsum(size) - size, size > 0
    at = q * np.maximum(size - 1, 0)
    low = start + np.floor(at).astype(np.int64)
    high = start + np.ceil(at).astype(np.int64)
    out = np.full(n_windows, np.nan)
    out[some] = values[low[some]] + (at - np.floor(at))[some] * (values[high[some]] - values[low[some]])
    return out


def key_figures(index: Index, panel: Panel, passes: Bools, own: Bools) -> dict[str, Ints | Floats]:
    """Key figures of every window of a panel.

    Parameters
    ----------
    passes
        (N,) mask over ``index.alliances``: the alliances in view.
    own
        (G,) mask over the groups: those whose own ideologies and region pass.

    Returns
    -------
    dict
        Key to an array of shape (n_windows,); shares are fractions, distances km, NaN = of nothing.
    """
    ties, groups = index.alliances, index.groups
    rows = panel.leading(passes)
    tie, window = panel.tie[rows], panel.window[rows]
    ends, windows = np.concatenate((ties.a[tie], ties.b[tie])), np.concatenate((window, window))

    allied = np.zeros((len(groups.ids), panel.n_windows), dtype=bool)
    allied[ends, windows] = True
    linked = np.zeros((len(index.countries), panel.n_windows), dtype=bool)
    country = groups.country[ends]
    linked[country[country >= 0], windows[country >= 0]] = True

    alive = panel.alive & own[:, None]
    located = ~np.isnan(ties.reach_km[tie])
    n_groups = alive.sum(axis=0)
    return {
        "alliances": np.bincount(window, minlength=panel.n_windows),
        "groups": n_groups,
        "allied_groups": allied.sum(axis=0),
        "allied_share": share((allied & alive).sum(axis=0), n_groups),
        "tangible_share": share(panel.count(passes & ties.tangible), panel.count(passes & ties.coded)),
        "countries": linked.sum(axis=0),
        "median_reach_km": quantile(ties.reach_km[tie][located], window[located], panel.n_windows, 0.5),
    }
