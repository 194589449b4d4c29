"""One group's network by hand and against networkx, and its family."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest

from data.family import family
from data.grammar import default, parse
from data.index import index
from data.measures.ego import EGO, ego
from data.measures.series import series_of
from data.readers import load
from tests import made

YEARS = list(range(1980, 2001))


def of(atlas, group, query=""):
    slug = atlas.dataset.slug
    return ego(index(atlas), parse(query, {slug: atlas})[0], group)


def at(found, year):
    return {key: found[key][YEARS.index(year)] for key in ("degree", "partner_ties", "density")}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """x has a, b and c; a and b are allied from 1992, b and c rivals, c and d allied though d is no ally of x."""
    ties = [
        made.tie("x", "a", 1990, 1995),
        made.tie("x", "a", 1991, 1993, relation="supporter"),
        made.tie("b", "x", 1991, 1995),
        made.tie("c", "x", 1993, 1993, cooperation="rhetorical", confidence="low"),
        made.tie("a", "b", 1992, 1999),
        made.tie("a", "b", 1992, 1994, relation="associate", relationship_id="again"),
        made.tie("b", "c", 1990, 1999, relation="rival"),
        made.tie("c", "d", 1990, 1999),
    ]
    groups = made.groups("a", "b", "c", "d", "e", "x", start_year="1985")
    return made.atlas(tmp_path_factory.mktemp("ego") / "small", groups, ties)


def test_measures_by_hand(small):
    found = of(small, "x")
    assert [len(found[d.key]) for d in EGO] == [21, 21, 21]
    assert at(found, 1989) | {"density": None} == {"degree": 0, "partner_ties": 0, "density": None}
    # Two relationships of one pair are one ally; one ally has no pair.
    assert at(found, 1991)["degree"] == 2
    assert at(found, 1990)["degree"] == 1
    assert math.isnan(at(found, 1990)["density"])
    # a and b are not allied yet, then they are; a rivalry is none, and d is no ally.
    assert at(found, 1991)["density"] == 0
    assert at(found, 1992) == {"degree": 2, "partner_ties": 1, "density": 1}
    assert at(found, 1993) == {"degree": 3, "partner_ties": 1, "density": pytest.approx(1 / 3)}
    assert at(found, 1996)["degree"] == 0
    # The alliance of a and b goes on without x.
    assert at(found, 1996)["partner_ties"] == 0


def test_a_group_without_a_tie_and_one_that_is_not_there(small):
    assert not of(small, "e")["degree"].any()
    assert np.isnan(of(small, "e")["density"]).all()
    with pytest.raises(KeyError):
        of(small, "nobody")


def test_filters_count_and_the_focus_does_not(small):
    assert at(of(small, "x", "confidence=medium"), 1993)["degree"] == 2
    assert at(of(small, "x", "type=rhetorical"), 1993)["degree"] == 1
    for query in ("group=x", "group=d&hops=2"):
        np.testing.assert_array_equal(of(small, "x", query)["density"], of(small, "x")["density"])


def test_made_up_networks_agree_with_networkx(tmp_path):
    random = np.random.default_rng(7)
    ids = [f"g{i:02d}" for i in range(14)]
    ties, spells = [], []
    for n in range(70):
        a, b = sorted(random.choice(14, 2, replace=False).tolist())
        first = int(random.integers(1980, 2000))
        last = int(random.integers(first, 2001))
        spells.append((ids[a], ids[b], first, last))
        ties.append(made.tie(ids[a], ids[b], first, last, relationship_id=f"r{n}"))
    atlas = made.atlas(tmp_path / "random", made.groups(*ids, start_year="1980"), ties)
    for group in ids:
        found = of(atlas, group)
        for i, year in enumerate(YEARS):
            graph = nx.Graph([(a, b) for a, b, first, last in spells if first <= year <= last])
            graph.add_node(group)
            around = nx.ego_graph(graph, group, center=False)
            assert found["degree"][i] == graph.degree(group)
            assert found["partner_ties"][i] == around.number_of_edges()
            if len(around) < 2:
                assert math.isnan(found["density"][i])
            else:
                assert found["density"][i] == pytest.approx(nx.density(around))
                assert found["density"][i] == pytest.approx(nx.clustering(graph, group))


def test_degree_is_that_of_the_chart(curated):
    index_, selection = index(curated), default("curated", curated)
    chart = {series.split: series.values for series in series_of(index_, "degree", selection)}
    for group in ("hezbollah", "al-qaeda", "fatah"):
        np.testing.assert_array_equal(ego(index_, selection, group)["degree"], chart[group])


def kin(a, b, year, kind="split"):
    return {"from_id": a, "to_id": b, "year": str(year), "kind": kind}


def test_the_family_by_generations(tmp_path):
    rows = [
        kin("a", "b", 1981), kin("b", "x", 1983), kin("c", "x", 1984, "merged"), kin("x", "y", 1990, "renamed"),
        kin("y", "z", 1992), kin("a", "s", 1985), kin("0", "a", 1980), kin("00", "0", 1980), kin("000", "00", 1980),
    ]  # fmt: skip
    ids = ("0", "00", "000", "a", "b", "c", "s", "x", "y", "z")
    folder = made.dataset(tmp_path / "kin", made.groups(*ids, start_year="1980"), [], kin=rows)
    atlas = load(folder)
    found = {g.distance: [m.group_id for m in g.members] for g in family(atlas, "x")}
    assert found == {-3: ["0"], -2: ["a"], -1: ["b", "c"], 1: ["y"], 2: ["z"]}
    step = family(atlas, "x")[-1].members[0].steps[0]
    assert (step.from_id, step.to_id, step.year, step.kind) == ("y", "z", 1992, "split")
    assert family(atlas, "s")[0].distance == -3
    assert family(atlas, "z")[-1].distance == -1


def test_a_family_that_comes_back_to_itself_ends(tmp_path):
    rows = [kin("a", "b", 1985, "renamed"), kin("b", "a", 1990, "renamed"), kin("a", "c", 1991), kin("b", "c", 1991)]
    folder = made.dataset(tmp_path / "loop", made.groups("a", "b", "c", start_year="1980"), [], kin=rows)
    found = {g.distance: [m.group_id for m in g.members] for g in family(load(folder), "a")}
    assert found == {-1: ["b"], 1: ["b", "c"]}
