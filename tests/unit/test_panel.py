"""Counting by hand: dyads once, years inclusive, open ends, the leading relationship."""

from __future__ import annotations

import numpy as np

from data.colourings import COLOURINGS, classes_of_alliances, stacks
from data.index import index
from data.panel import by_year, period
from tests import made


def everything(index_):
    return np.ones(len(index_.alliances), dtype=bool)


def series(atlas) -> dict[int, int]:
    index_ = index(atlas)
    return dict(zip(index_.years.tolist(), by_year(index_).count(everything(index_)).tolist(), strict=True))


def test_a_dyad_with_two_overlapping_relationships_counts_once(tmp_path):
    ties = [made.tie("a", "b", 1990, 1993), made.tie("a", "b", 1992, 1995, relation="supporter")]
    counted = series(made.atlas(tmp_path, made.groups("a", "b"), ties))
    assert [counted[year] for year in range(1989, 1997)] == [0, 1, 1, 1, 1, 1, 1, 0]


def test_first_and_last_year_are_both_included(tmp_path):
    counted = series(made.atlas(tmp_path, made.groups("a", "b"), [made.tie("a", "b", 1991, 1991)]))
    assert [counted[year] for year in (1990, 1991, 1992)] == [0, 1, 0]


def test_an_open_end_runs_to_the_end_of_coverage_or_of_the_first_group_to_end(tmp_path):
    rows = [*made.groups("a", "b"), {"group_id": "c", "end_year": "1995"}]
    counted = series(made.atlas(tmp_path, rows, [made.tie("a", "b", 1990), made.tie("b", "c", 1990)]))
    assert [counted[year] for year in (1995, 1996, 2000)] == [2, 1, 1]


def test_spells_outside_coverage_are_kept_but_the_series_runs_over_coverage(tmp_path):
    rows = made.groups("a", "b", "c", start_year="1970")
    ties = [made.tie("a", "b", 1970, 1981), made.tie("b", "c", 1970, 1975), made.tie("a", "c", 1999, 2010)]
    atlas = made.atlas(tmp_path, rows, ties)
    counted = series(atlas)
    assert len(atlas.relationships) == 3
    assert (min(counted), max(counted)) == (1980, 2000)
    assert [counted[year] for year in (1980, 1981, 1982, 1998, 1999, 2000)] == [1, 1, 0, 0, 1, 1]


def test_rivalries_are_never_counted(tmp_path):
    ties = [made.tie("a", "b", 1990, 1995, relation="rival", cooperation="")]
    assert set(series(made.atlas(tmp_path, made.groups("a", "b"), ties)).values()) == {0}


def test_a_period_counts_a_dyad_once_however_many_spells_it_has(tmp_path):
    ties = [made.tie("a", "b", 1985, 1986), made.tie("a", "b", 1990, 1991), made.tie("b", "c", 1992, 1993)]
    index_ = index(made.atlas(tmp_path, made.groups("a", "b", "c", start_year="1980"), ties))
    passes = everything(index_)
    assert period(index_, 1985, 1991).count(passes).tolist() == [1]
    assert period(index_, 1986, 1992).count(passes).tolist() == [2]
    assert period(index_, 1987, 1989).count(passes).tolist() == [0]


def test_the_leading_relationship_is_the_strongest_then_the_earliest_then_by_id(tmp_path):
    ties = [
        made.tie("a", "b", 1990, 1999, relation="fan", relationship_id="fan"),
        made.tie("a", "b", 1992, 1995, relation="ally", relationship_id="late"),
        made.tie("a", "b", 1991, 1993, relation="ally", relationship_id="early"),
        made.tie("a", "b", 1991, 1994, relation="ally", relationship_id="also-early"),
    ]
    atlas = made.atlas(tmp_path, made.groups("a", "b"), ties)
    index_ = index(atlas)
    panel = by_year(index_)
    rows = panel.leading(everything(index_))
    ids = atlas.relationships["relationship_id"].iloc[index_.alliances.row[panel.tie[rows]]]
    led = dict(zip((panel.window[rows] + 1980).tolist(), ids, strict=True))
    assert led == {
        1990: "fan", 1991: "also-early", 1992: "also-early", 1993: "also-early", 1994: "also-early", 1995: "late",
        1996: "fan", 1997: "fan", 1998: "fan", 1999: "fan",
    }  # fmt: skip


def test_only_passing_relationships_lead(tmp_path):
    ties = [made.tie("a", "b", 1990, 1999, relation="ally"), made.tie("a", "b", 1991, 1999, relation="fan")]
    index_ = index(made.atlas(tmp_path, made.groups("a", "b"), ties))
    fans = index_.alliances.kind == [kind.id for kind in index_.kinds].index("fan")
    panel = by_year(index_)
    assert panel.count(fans)[[10, 11]].tolist() == [0, 1]


def test_stacks_sum_to_the_series_for_every_colouring(curated):
    index_ = index(curated)
    panel, passes = by_year(index_), everything(index_)
    rows = panel.leading(passes)
    for colouring in COLOURINGS:
        assert (stacks(index_, panel, rows, colouring).sum(axis=0) == panel.count(passes)).all(), colouring.key


def classes(atlas, key) -> list[str]:
    index_ = index(atlas)
    colouring = next(c for c in COLOURINGS if c.key == key)
    names = [term.id for term in colouring.classes(index_)]
    ids = atlas.relationships["relationship_id"].iloc[index_.alliances.row]
    found = classes_of_alliances(index_, colouring)
    return [names[found[list(ids).index(id_)]] for id_ in sorted(ids)]


def test_shared_ideology(tmp_path):
    rows = [
        {"group_id": "a", "ideologies": "islamist|ethnonationalist"},
        {"group_id": "b", "ideologies": "islamist"},
        {"group_id": "c", "ideologies": "leftist|ethnonationalist"},
        {"group_id": "d", "ideologies": "right_wing"},
        {"group_id": "e", "ideologies": ""},
        {"group_id": "f", "ideologies": "ethnonationalist|leftist|islamist"},
    ]
    pairs = ["ab", "ac", "ad", "ae", "af", "cf"]
    atlas = made.atlas(tmp_path, rows, [made.tie(p[0], p[1], 1990) for p in pairs])
    # a-b equal primaries; a-c both list ethnonationalist; a-d nothing shared; a-e not recorded;
    # a-f share islamist and ethnonationalist, c-f leftist and ethnonationalist: the vocabulary's first
    assert classes(atlas, "ideology") == [
        "islamist", "ethnonationalist", "cross-ideological", "not-recorded", "islamist", "leftist",
    ]  # fmt: skip


def test_class_by_type(tmp_path):
    given = ["rhetorical|training|material", "rhetorical", "", "none"]
    rows = made.groups("a", "b", "c", "d", "e")
    atlas = made.atlas(tmp_path, rows, [made.tie("a", "bcde"[i], 1990, cooperation=c) for i, c in enumerate(given)])
    assert classes(atlas, "type") == ["material", "rhetorical", "not-coded", "no-type"]


def test_class_by_region(tmp_path):
    rows = [
        {"group_id": "a", "base_country": "LBN"},
        {"group_id": "b", "base_country": "IND", "lat": "28.6", "lon": "77.2"},
        {"group_id": "c", "base_country": "NGA", "lat": "9", "lon": "7.5"},
        {"group_id": "d", "base_country": ""},
    ]
    atlas = made.atlas(tmp_path, rows, [made.tie("a", other, 1990) for other in "bcd"])
    assert classes(atlas, "region") == ["asia", "inter-regional", "not-recorded"]
