"""Key figures on cases that can be counted by hand."""

from __future__ import annotations

import math

import pytest
from pyproj import Geod

from data.filters import own_groups, passing
from data.grammar import parse
from data.index import index
from data.measures.key_figures import KEY_FIGURES, key_figures
from data.panel import by_year
from data.view import view
from tests import made

PLACES = {
    "a": {"base_country": "LBN", "lat": "33.89", "lon": "35.5"},
    "b": {"base_country": "SYR", "lat": "33.51", "lon": "36.29"},
    "c": {"base_country": "IRQ", "lat": "33.31", "lon": "44.37", "ideologies": "leftist"},
    "d": {"base_country": "", "lat": "", "lon": "", "precision": "", "base_place": ""},
    "e": {"base_country": "LBN", "lat": "33.89", "lon": "35.5"},
}


@pytest.fixture
def served(tmp_path):
    rows = [{"group_id": id_, "start_year": "1980", **place} for id_, place in PLACES.items()]
    ties = [
        made.tie("a", "b", 1990, 1995),
        made.tie("a", "b", 1993, 1995, relation="fan", cooperation="rhetorical"),
        made.tie("a", "c", 1992, 1995, cooperation="rhetorical"),
        made.tie("b", "d", 1994, 1995, cooperation=""),
    ]
    return {"made": made.atlas(tmp_path / "made", rows, ties)}


def figures(query, served):
    selection, notices = parse(query, served)
    assert notices == ()
    return view(selection, notices, served)["key_figures"]


def reach(a, b):
    lon_a, lat_a, lon_b, lat_b = (float(PLACES[g][k]) for g in (a, b) for k in ("lon", "lat"))
    return Geod(ellps="WGS84").inv(lon_a, lat_a, lon_b, lat_b)[2] / 1000


def test_a_year_counted_by_hand(served):
    got = figures("year=1994", served)
    assert got == {
        "alliances": 3,
        "groups": 5,
        "allied_groups": 4,
        "allied_share": 4 / 5,
        "tangible_share": 1 / 2,  # a-b material; a-c rhetorical; b-d not coded is in neither part
        "countries": 3,
        "median_reach_km": pytest.approx((reach("a", "b") + reach("a", "c")) / 2),
    }


def test_shares_and_medians_of_nothing_are_null(served):
    got = figures("year=1985", served)
    assert (got["alliances"], got["allied_groups"], got["countries"], got["groups"]) == (0, 0, 0, 5)
    assert (got["tangible_share"], got["median_reach_km"]) == (None, None)
    assert got["allied_share"] == 0


def test_groups_answers_to_ideology_and_region_alone(served):
    assert figures("year=1994&ideology=leftist", served)["groups"] == 1
    assert figures("year=1994&ideology=leftist", served)["allied_groups"] == 2
    assert figures("year=1994&ideology=leftist", served)["allied_share"] == 1
    assert figures("year=1994&type=training", served)["groups"] == 5
    assert figures("year=1994&group=a", served)["groups"] == 5
    assert figures("year=1994&region=western-asia", served)["groups"] == 4  # d has no country


def test_none_is_in_the_denominator_of_shares_by_type_and_in_no_type(tmp_path):
    ties = [made.tie("a", "b", 1990, cooperation="none"), made.tie("a", "c", 1990, cooperation="material")]
    served = {"made": made.atlas(tmp_path / "made", made.groups("a", "b", "c"), ties)}
    assert figures("year=1995", served)["tangible_share"] == 1 / 2


def test_a_period_of_one_more_year_than_the_year_equals_a_direct_count(served):
    got = figures("year=1994&since=1990", served)
    assert (got["alliances"], got["allied_groups"], got["tangible_share"]) == (3, 4, 1 / 2)
    assert figures("year=1993&since=1980", served)["alliances"] == 2


def test_ties_within_one_place_have_reach_nothing_not_null(tmp_path):
    served = {"made": made.atlas(tmp_path / "made", made.groups("a", "b"), [made.tie("a", "b", 1990)])}
    assert figures("year=1995", served)["median_reach_km"] == 0


def test_medians_of_curated_years_equal_a_plain_computation(curated):
    index_ = index(curated)
    selection, _ = parse("", {"curated": curated})
    passes, panel = passing(index_, selection), by_year(index_)
    got = key_figures(index_, panel, passes, own_groups(index_, selection))
    frame = curated.relationships[curated.relationships["cooperative"]]
    for window in range(0, panel.n_windows, 7):
        year = int(index_.years[window])
        active = frame[(frame["first_year"] <= year) & (frame["last_year"] >= year)]
        assert got["alliances"][window] == active["dyad"].nunique()
        assert got["median_reach_km"][window] == pytest.approx(active.drop_duplicates("dyad")["reach_km"].median())
        ends = set(active["group_a"]) | set(active["group_b"])
        assert got["allied_groups"][window] == len(ends)
        bases = curated.groups.set_index("group_id")["base_country"]
        assert got["countries"][window] == len(set(bases[list(ends)]) - {""})


def test_every_key_figure_is_defined_and_computed(served):
    selection, notices = parse("", served)
    assert [spec.key for spec in KEY_FIGURES] == list(view(selection, notices, served)["key_figures"])
    assert all(spec.text.endswith(".") for spec in KEY_FIGURES)
    assert not any(isinstance(v, float) and math.isnan(v) for v in figures("", served).values())
