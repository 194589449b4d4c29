"""Two years compared, against counting by hand and by sets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.comparison import comparison
from data.filters import passing
from data.grammar import parse
from data.index import index
from data.view import view


def pairs(atlas, ids):
    """Dyads of relationships by their ids."""
    rows = atlas.relationships.set_index("relationship_id")
    return {frozenset(rows.loc[id_, ["group_a", "group_b"]]) for id_ in ids}


@pytest.mark.parametrize("query", ["", "ideology=islamist", "group=hezbollah&hops=2", "type=rhetorical&types=only"])
@pytest.mark.parametrize(("year", "other"), [(2015, 2005), (1985, 1995), (1970, 1970)])
def test_formed_ended_and_kept_are_differences_of_sets(curated, query, year, other):
    served = {"curated": curated}
    selection, _ = parse(f"{query}&year={year}&compare={other}", served)
    answer = view(selection, (), served)
    now, then = (
        pairs(curated, view(replace(selection, year=y, compare=None), (), served)["relationships"])
        for y in (year, other)
    )
    got = answer["compare"]
    assert (got["formed"], got["ended"], got["kept"]) == (len(now - then), len(then - now), len(now & then))
    assert got["formed"] + got["kept"] == answer["key_figures"]["alliances"]
    assert got["key_figures"] == view(replace(selection, year=other, compare=None), (), served)["key_figures"]


def test_a_dyad_with_two_spells_counts_once(tiny_atlas):
    served = {"tiny": tiny_atlas}
    for year in range(1990, 2001):
        selection, _ = parse(f"year={year}&compare=1995", served)
        index_ = index(tiny_atlas)
        found = comparison(index_, passing(index_, selection), selection)
        series = view(selection, (), served)["series"]
        assert found["formed"] + found["kept"] == series[str(year)]
        assert found["ended"] + found["kept"] == series["1995"]


def test_without_another_year_there_is_no_comparison(curated):
    assert view(parse("year=2010", {"curated": curated})[0], (), {"curated": curated})["compare"] is None


def test_a_period_is_not_compared(curated):
    selection, notices = parse("year=2010&since=2001&compare=1990", {"curated": curated})
    assert (selection.since, selection.compare) == (2001, None)
    assert notices == (
        "compare: '1990' is not usable and was ignored; a period is not compared: leave since out, or compare.",
    )
