"""Yearly measures on cases that can be counted by hand, and against networkx and brute force."""

from __future__ import annotations

import math
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from data.colourings import COLOURINGS
from data.filters import passing
from data.grammar import default
from data.index import index
from data.measures.phases import PROMINENCE, phases, smoothed
from data.measures.series import CHARTS, series_of
from data.panel import by_year
from tests import made

YEARS = range(1980, 2001)


def values(atlas, key, measure, split="", **changes):
    selection = replace(default(atlas.dataset.slug, atlas), **changes)
    for series in series_of(index(atlas), key, selection):
        if (series.measure, series.split) == (measure, split):
            return dict(
                zip(
                    YEARS if atlas.dataset.first_year == 1980 else index(atlas).years.tolist(),
                    series.values.tolist(),
                    strict=True,
                )
            )
    raise AssertionError(f"no series {measure} {split}")


def nothing(value):
    return math.isnan(value)


@pytest.fixture
def pauses(tmp_path):
    """a-b in 1985-1986 and 1990; a-c 1986-1988 twice over, once rhetorical; b-c not coded in 1986."""
    ties = [
        made.tie("a", "b", 1985, 1986),
        made.tie("a", "b", 1990, 1990, cooperation="rhetorical"),
        made.tie("a", "c", 1986, 1988, cooperation="rhetorical|training", relationship_id="r1"),
        made.tie("a", "c", 1987, 1988, cooperation="rhetorical", relation="fan", relationship_id="r2"),
        made.tie("b", "c", 1986, 1986, cooperation=""),
    ]
    groups = [
        *made.groups("a", "b"),
        *made.groups("c", base_country="AFG", lat="34.5", lon="69.2", ideologies="leftist"),
    ]
    return made.atlas(tmp_path / "pauses", groups, ties)


def test_a_pause_ends_an_alliance_and_forms_it_again(pauses):
    formed, ended = values(pauses, "turnover", "formed"), values(pauses, "turnover", "ended")
    assert {y: n for y, n in formed.items() if n and not nothing(n)} == {1985: 1, 1986: 2, 1990: 1}
    assert {y: n for y, n in ended.items() if n and not nothing(n)} == {1986: 2, 1988: 1, 1990: 1}
    assert nothing(formed[1980])
    assert not nothing(formed[1981])
    assert nothing(ended[2000])


def test_content_is_of_coded_dyads_and_overlaps(pauses):
    assert values(pauses, "content", "coded")[1986] == 2
    assert values(pauses, "content", "with_type", "training")[1986] == 0.5
    assert values(pauses, "content", "tangible")[1986] == 1.0
    assert values(pauses, "content", "rhetorical_only")[1990] == 1.0
    assert values(pauses, "content", "with_type", "rhetorical")[1987] == 1.0
    assert nothing(values(pauses, "content", "tangible")[1984])


def test_reach_shares_know_borders_and_regions(pauses):
    assert values(pauses, "reach", "cross_border")[1986] == pytest.approx(2 / 3)
    assert values(pauses, "reach", "inter_regional")[1986] == 0.0
    far = values(pauses, "reach", "p90_km")[1988]
    assert values(pauses, "reach", "median_km")[1986] == pytest.approx(far)
    assert values(pauses, "reach", "p90_km")[1985] == 0.0
    assert values(pauses, "reach", "countries")[1985] == 1


def test_degree_counts_partners_once(pauses):
    assert values(pauses, "degree", "degree", "a")[1987] == 1
    assert values(pauses, "degree", "degree", "a")[1986] == 2
    assert values(pauses, "degree", "degree", "b")[1988] == 0


def test_stacks_and_shares_follow_the_colouring(pauses):
    assert values(pauses, "active", "alliances", "cross-ideological")[1986] == 2
    assert values(pauses, "active", "share", "cross-ideological")[1986] == pytest.approx(2 / 3)
    assert values(pauses, "active", "alliances", "ally", colour="kind")[1987] == 1


def graph_of(atlas, year):
    """The year's graph, built the plain way."""
    graph, ids = nx.Graph(), atlas.groups["group_id"].tolist()
    ideologies = atlas.groups["ideologies"].tolist()
    for row in atlas.relationships.itertuples():
        if row.cooperative and row.first_year <= year <= row.last_year:
            graph.add_edge(ids[row.a], ids[row.b])
            for end in (row.a, row.b):
                graph.nodes[ids[end]]["primary"] = ideologies[end][0] if ideologies[end] else None
    return graph


def expected(graph):
    n = len(graph)
    if n == 0:
        return {"nodes": 0, "edges": 0, "components": 0}
    most, total = max(d for _, d in graph.degree), 2 * graph.number_of_edges()
    known = nx.Graph(
        graph.edge_subgraph([(u, v) for u, v in graph.edges if graph.nodes[u]["primary"] and graph.nodes[v]["primary"]])
    )
    out = {
        "nodes": n,
        "edges": graph.number_of_edges(),
        "density": nx.density(graph),
        "components": nx.number_connected_components(graph),
        "largest_component_share": len(max(nx.connected_components(graph), key=len)) / n,
        "clustering": nx.average_clustering(graph),
    }
    if n > 2:
        out["centralisation"] = (n * most - total) / ((n - 1) * (n - 2))
    if len({graph.nodes[g]["primary"] for g in known}) > 1:
        out["assortativity"] = nx.attribute_assortativity_coefficient(known, "primary")
    return out


@pytest.mark.parametrize("year", [1946, 1968, 1985, 2001, 2015, 2020])
def test_structure_is_what_networkx_says(curated, year):
    wanted = expected(graph_of(curated, year))
    assert wanted["nodes"] > 0
    for measure, value in wanted.items():
        assert values(curated, "network", measure)[year] == pytest.approx(value), measure


def test_structure_of_small_graphs(tmp_path):
    star = [made.tie("a", other, 1990, 1990) for other in "bcd"]
    triangle = [made.tie(*pair, 1995, 1995) for pair in ("ab", "bc", "ac")]
    atlas = made.atlas(tmp_path / "small", made.groups(*"abcd"), [*star, *triangle, made.tie("a", "b", 1999, 1999)])
    assert values(atlas, "network", "centralisation")[1990] == 1.0
    assert values(atlas, "network", "clustering")[1990] == 0.0
    assert values(atlas, "network", "clustering")[1995] == 1.0
    assert values(atlas, "network", "centralisation")[1995] == 0.0
    assert nothing(values(atlas, "network", "centralisation")[1999])
    assert values(atlas, "network", "density")[1999] == 1.0
    assert nothing(values(atlas, "network", "density")[1997])
    assert nothing(values(atlas, "network", "assortativity")[1995])
    assert nothing(values(atlas, "network", "largest_component_share")[1997])


def test_every_chart_has_a_value_for_every_year_and_defines_each_measure(curated):
    for chart in CHARTS:
        found = series_of(index(curated), chart.key, default(curated.dataset.slug, curated))
        assert {series.measure for series in found} <= {d.key for d in chart.definitions}
        assert all(len(series.values) == 76 for series in found)


@pytest.mark.parametrize("colour", [c.key for c in COLOURINGS])
def test_stacks_sum_to_the_series(curated, colour):
    selection = replace(default(curated.dataset.slug, curated), colour=colour, region=("western-asia",))
    found = series_of(index(curated), "active", selection)
    stacked = sum(s.values for s in found if s.measure == "alliances" and s.split)
    whole = by_year(index(curated)).count(passing(index(curated), selection))
    assert np.array_equal(stacked, whole)
    assert np.array_equal(found[0].values, whole)


def test_no_alliances_at_all(tmp_path):
    atlas = made.atlas(tmp_path / "none", made.groups("a"), [])
    for chart in CHARTS:
        series_of(index(atlas), chart.key, default(atlas.dataset.slug, atlas))
    assert phases(np.zeros(21), 1980) == []


def test_phases_of_two_humps():
    first = [0, 0, *range(0, 50, 5), *range(50, 20, -5)]
    series = np.array([*first, 20, 20, *range(20, 80, 6), 70, 60, 50])
    found = phases(series, 1950)
    assert [phase.kind for phase in found] == ["rise", "peak", "lull", "rise", "peak"]
    rise, peak, lull, again, last = found
    assert rise.last_year == peak.first_year
    assert again.first_year == lull.first_year
    assert again.last_year == last.first_year
    assert 1950 + int(smoothed(series)[:18].argmax()) == peak.first_year


def test_a_small_ripple_is_no_phase():
    series = np.array([0, 20, 40, 60, 80, 100, 99, 98, 99, 100, 101, 80, 60, 40, 20, 0])
    assert [p.kind for p in phases(series, 1950)] == ["rise", "peak"]
    assert 3 / 101 < PROMINENCE
