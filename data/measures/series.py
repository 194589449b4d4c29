"""Yearly measures of the alliances in view: who, what, how far, how knit; each defined once.

Every function takes the index, a selection and the panel of years, and returns ``Series`` over all years of
coverage. Counts are of dyads; shares are fractions; NaN is of nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.colourings import COLOURING, stacks
from data.filters import own_groups, passing
from data.index import Bools, Floats, Index, Ints, any_listed
from data.kept import kept
from data.measures.definition import (
    HYNDMAN_FAN,
    M49,
    WASSERMAN_FAUST,
    WATTS_STROGATZ,
    Definition,
)
from data.measures.key_figures import FIGURE, KEY_FIGURES, key_figures, quantile, share
from data.measures.structure import structure
from data.panel import Panel, by_year
from data.selection import Selection

LONG_FORM = ("year", "measure", "split", "value")
"""Columns of a file of series."""


@dataclass(frozen=True, eq=False)
class Series:
    """One measure over the years; ``split`` is what it is split by, empty where it is whole."""

    measure: str
    split: str
    label: str
    values: Ints | Floats
    """(Y,): one for each year of coverage."""
    sparse: bool = False
    """Zeros go without saying, in files and answers."""


@dataclass(frozen=True)
class Chart:
    """One chart: its measures with their definitions, and the function that makes its series."""

    key: str
    title: str
    split: str
    """What the series are split by, in words; empty where they are whole."""
    definitions: tuple[Definition, ...]
    series: Callable[[Index, Selection, Panel, Bools], list[Series]]


def _active(index: Index, selection: Selection, panel: Panel, passes: Bools) -> list[Series]:
    colouring = COLOURING[selection.colour]
    leading = panel.leading(passes)
    counts, whole = stacks(index, panel, leading, colouring), panel.count(passes)
    classes = colouring.classes(index)
    used = [i for i in range(len(classes)) if counts[i].any()]
    return [
        Series("alliances", "", "All", whole),
        *(Series("alliances", classes[i].id, classes[i].label, counts[i]) for i in used),
        *(Series("share", classes[i].id, classes[i].label, share(counts[i], whole)) for i in used),
    ]


def _content(index: Index, selection: Selection, panel: Panel, passes: Bools) -> list[Series]:
    ties = index.alliances
    coded = panel.count(passes & ties.coded)
    typed, tangible = panel.count(passes & any_listed(ties.types)), panel.count(passes & ties.tangible)
    terms = index.atlas.dataset.types
    by_type = [panel.count(passes & ties.types[:, i]) for i in range(len(terms))]
    return [
        Series("tangible", "", "Tangible", share(tangible, coded)),
        Series("rhetorical_only", "", "Rhetorical only", share(typed - tangible, coded)),
        *(Series("with_type", term.id, term.label, share(n, coded)) for term, n in zip(terms, by_type, strict=True)),
        Series("coded", "", "Coded alliances", coded),
    ]


def _turnover(index: Index, selection: Selection, panel: Panel, passes: Bools) -> list[Series]:
    code, n = panel.code[panel.leading(passes)], panel.n_windows
    window = code % n
    # Codes ascend: a dyad was there the year before if the code before is the next smaller number.
    formed = np.bincount(window[(np.diff(code, prepend=-2) != 1) | (window == 0)], minlength=n).astype(float)
    ended = np.bincount(window[(np.diff(code, append=-2) != 1) | (window == n - 1)], minlength=n).astype(float)
    formed[0] = ended[-1] = np.nan
    return [Series("formed", "", "Formed", formed), Series("ended", "", "Ended", ended)]


def _reach(index: Index, selection: Selection, panel: Panel, passes: Bools) -> list[Series]:
    ties, groups, n = index.alliances, index.groups, panel.n_windows
    rows = panel.leading(passes)
    tie, window = panel.tie[rows], panel.window[rows]
    a, b, reach = ties.a[tie], ties.b[tie], ties.reach_km[tie]
    located = ~np.isnan(reach)

    def part(of: Bools, known: Bools) -> Floats:
        return share(np.bincount(window[of & known], minlength=n), np.bincount(window[known], minlength=n))

    in_countries = (groups.country[a] >= 0) & (groups.country[b] >= 0)
    in_regions = (groups.region[a] >= 0) & (groups.region[b] >= 0)
    countries = key_figures(index, panel, passes, own_groups(index, selection))["countries"]
    return [
        Series("median_km", "", "Median reach", quantile(reach[located], window[located], n, 0.5)),
        Series("p90_km", "", "90th percentile of reach", quantile(reach[located], window[located], n, 0.9)),
        Series("cross_border", "", "Across borders", part(groups.country[a] != groups.country[b], in_countries)),
        Series("inter_regional", "", "Between regions", part(groups.region[a] != groups.region[b], in_regions)),
        Series("countries", "", "Countries linked", countries),
    ]


def _degree(index: Index, selection: Selection, panel: Panel, passes: Bools) -> list[Series]:
    ties, n = index.alliances, panel.n_windows
    rows = panel.leading(passes)
    tie, window = panel.tie[rows], panel.window[rows]
    allied, place = np.unique(np.concatenate((ties.a[tie], ties.b[tie])), return_inverse=True)
    degree = np.bincount(place * n + np.tile(window, 2), minlength=len(allied) * n)
    table = degree.reshape(len(allied), n)
    names = index.atlas.groups["name"].to_numpy()
    return [
        Series("degree", index.groups.ids[g], str(names[g]), values, sparse=True)
        for g, values in zip(allied.tolist(), table, strict=True)
    ]


def _network(index: Index, selection: Selection, panel: Panel, passes: Bools) -> list[Series]:
    found = structure(index, panel, passes)
    return [Series(key, "", label, found[key]) for key, label in ((d.key, d.label) for d in NETWORK)]


def _figures(index: Index, selection: Selection, panel: Panel, passes: Bools) -> list[Series]:
    found = key_figures(index, panel, passes, own_groups(index, selection))
    return [Series(figure.key, "", figure.label, found[figure.key]) for figure in KEY_FIGURES]


NETWORK = (
    Definition("nodes", "Groups in the network", "count", "Groups with an alliance in the year: the graph's nodes."),
    Definition("edges", "Alliances", "count", "Allied pairs of groups (dyads) in the year: the graph's edges."),
    Definition(
        "density",
        "Density",
        "number",
        "Alliances as a part of all pairs that these groups could form.",
        "2m / (n(n - 1)), n groups, m alliances",
        WASSERMAN_FAUST,
    ),
    Definition(
        "components",
        "Components",
        "count",
        "Separate parts of the network: no chain of alliances joins two of them.",
        "connected components of the undirected graph",
        WASSERMAN_FAUST,
    ),
    Definition(
        "largest_component_share",
        "In the largest component",
        "share",
        "The part of the groups that a chain of alliances joins to the largest number of others.",
        "n of the largest component / n",
    ),
    Definition(
        "clustering",
        "Clustering",
        "number",
        "How often two allies of one group are allied themselves: the mean of the groups' local coefficients, 0 for"
        " groups with one ally (Watts and Strogatz 1998). Not transitivity, which weighs groups by their pairs.",
        "C = (1/n) sum of c_i, c_i = 2t_i / (d_i(d_i - 1)), t_i alliances among the d_i allies of group i",
        WATTS_STROGATZ,
    ),
    Definition(
        "centralisation",
        "Centralisation",
        "number",
        "How far the network hangs on its best connected group: 0 where all have equally many allies, 1 for a star"
        " (degree centralisation, Freeman 1978).",
        "sum of (max d - d_i) / ((n - 1)(n - 2))",
        "L. C. Freeman (1978), Centrality in social networks: conceptual clarification, Social Networks 1 (3), 215-239",
    ),
    Definition(
        "assortativity",
        "Assortativity by ideology",
        "number",
        "How far like allies with like, by primary ideology: 1 where all alliances are within one ideology, 0 as by"
        " chance, below 0 where opposites ally (Newman 2003); over the alliances whose ends both have one recorded.",
        "r = (sum of e_kk - sum of a_k^2) / (1 - sum of a_k^2), e_kl the part of the alliances' ends"
        " between ideologies k and l, a_k the sum of row k",
        "M. E. J. Newman (2003), Mixing patterns in networks, Physical Review E 67, 026126",
    ),
)

CHARTS = (
    Chart(
        "figures",
        "Key figures",
        "",
        KEY_FIGURES,
        _figures,
    ),
    Chart(
        "active",
        "Active alliances",
        "class of the colouring",
        (
            Definition(
                "alliances",
                "Active alliances",
                "count",
                "Dyads with a passing alliance active in the year.",
                FIGURE["alliances"].formula,
            ),
            Definition(
                "share", "Share", "share", "The class's part of the year's active alliances.", "m of the class / m"
            ),
        ),
        _active,
    ),
    Chart(
        "content",
        "Content of co-operation",
        "co-operation type",
        (
            Definition(
                "tangible",
                "Tangible",
                "share",
                "Of the coded active alliances, the part with any tangible type.",
                "c with a tangible type / c, c coded alliances",
            ),
            Definition(
                "rhetorical_only",
                "Rhetorical only",
                "share",
                "Of the coded active alliances, the part with some type of co-operation but no tangible one.",
                "(c with any type - c with a tangible type) / c",
            ),
            Definition(
                "with_type",
                "With each type",
                "share",
                "Of the coded active alliances, the part with that type; one alliance can have several.",
                "c with the type / c",
            ),
            Definition("coded", "Coded alliances", "count", "Active alliances of which the co-operation is coded."),
        ),
        _content,
    ),
    Chart(
        "turnover",
        "Formed and ended",
        "",
        (
            Definition(
                "formed",
                "Formed",
                "count",
                "Alliances active in the year and not in the year before; not known for the first year of coverage."
                " One that pauses is formed again.",
                "|D(y) without D(y - 1)|, D(y) the dyads of year y",
            ),
            Definition(
                "ended",
                "Ended",
                "count",
                "Alliances active in the year and not in the year after; not known for the last year of coverage.",
                "|D(y) without D(y + 1)|",
            ),
        ),
        _turnover,
    ),
    Chart(
        "reach",
        "Reach",
        "",
        (
            Definition(
                "median_km",
                "Median reach",
                "km",
                "Median geodesic distance (WGS84) of the bases, over alliances whose ends are both located.",
                FIGURE["median_reach_km"].formula,
                FIGURE["median_reach_km"].source,
            ),
            Definition(
                "p90_km",
                "90th percentile of reach",
                "km",
                "Nine in ten of those alliances reach no farther than this.",
                "0.9 quantile of the same lengths, linear between two",
                HYNDMAN_FAN,
            ),
            Definition(
                "cross_border",
                "Across borders",
                "share",
                "The part of the alliances with bases in different countries, of those with both countries known.",
                "k with different countries / k, k with both known",
            ),
            Definition(
                "inter_regional",
                "Between regions",
                "share",
                "The part between different regions of the world (M49), of those with both regions known.",
                "k with different regions / k, k with both known",
                M49,
            ),
            Definition("countries", "Countries linked", "count", "Distinct base countries of the groups allied."),
        ),
        _reach,
    ),
    Chart(
        "degree",
        "Most connected groups",
        "group",
        (
            Definition(
                "degree",
                "Allies",
                "count",
                "Degree: distinct groups allied with the group in the year.",
                "d_i = |{j : {i, j} is one of the m dyads}|",
                WASSERMAN_FAUST,
            ),
        ),
        _degree,
    ),
    Chart("network", "Network structure", "", NETWORK, _network),
)
"""Every chart of yearly numbers; the address of its file is `/api/measures/<key>.csv`."""

CHART = {chart.key: chart for chart in CHARTS}


def _made(index: Index, key: str, selection: Selection) -> tuple[Series, ...]:
    return tuple(CHART[key].series(index, selection, by_year(index), passing(index, selection)))


_kept = kept(256)(_made)


def series_of(index: Index, key: str, selection: Selection) -> tuple[Series, ...]:
    """Series of one chart for a selection's *what* half and colouring, kept.

    Parameters
    ----------
    key
        Of ``CHARTS``; KeyError where there is none.
    """
    # The degrees of all groups are not kept: of a large dataset they are a hundred megabytes.
    return _made(index, key, selection) if key == "degree" else _kept(index, key, selection)


def ranks(series: Sequence[Series]) -> NDArray[np.int64]:
    """(series, Y): rank of each by its count in each year, equal ones sharing the better; 0 where it has none."""
    values = np.array([s.values for s in series], dtype=np.int64).reshape(len(series), -1)
    out = np.zeros_like(values)
    for at in range(values.shape[1] if len(values) else 0):
        count = values[:, at]
        above = len(count) - np.cumsum(np.bincount(count))
        out[:, at] = np.where(count > 0, above[count] + 1, 0)
    return out
