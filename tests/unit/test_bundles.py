"""A drawing by country counts every alliance that has a mark once, in years, periods and comparisons."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from components.brief import compose
from data import bundles as module
from data.briefing import briefing
from data.bundles import WEIGHTS, bundles
from data.drawing import drawing
from data.grammar import parse
from data.index import index
from tests import made

QUERIES = ("year=2010", "since=1980&year=2010", "year=2010&compare=1983", "year=1983&colour=type&hide=material")


@pytest.mark.parametrize("query", QUERIES)
def test_the_bundles_sum_to_the_whole(mgar, query):
    selection, _ = parse(query, {"mgar": mgar})
    index_ = index(mgar)
    drawn = drawing(index_, selection)
    assert bundles(index_, selection, drawn) is None
    found = bundles(index_, selection, drawn, most=0)
    shown = ~drawn.hidden & drawn.located
    assert found.n.sum() == shown.sum() > 20
    assert found.ends.sum() == 2 * found.n.sum()
    assert len(found.n) < shown.sum()
    assert len(set(zip(found.a.tolist(), found.b.tolist(), strict=True))) == len(found.n)
    assert all(WEIGHTS[w] <= n for w, n in zip(found.weight, found.n, strict=True))
    countries = mgar.groups["base_country"].to_numpy()
    ties = index_.alliances
    a, b = countries[ties.a[drawn.tie]], countries[ties.b[drawn.tie]]
    for at in np.argsort(-found.n)[:5]:
        ends = {found.key[found.a[at]], found.key[found.b[at]]}
        of_pair = shown & np.array([{p, q} == ends for p, q in zip(a, b, strict=True)])
        assert of_pair.sum() == found.n[at]
        assert np.bincount(drawn.cls[of_pair]).max() == (drawn.cls[of_pair] == found.cls[at]).sum()
    assert found.size[found.ends > 0].min() >= 0.5
    assert found.size.max() <= 40


def test_a_group_without_a_country_is_a_place_of_its_own(tmp_path):
    groups = made.groups("a", "b", "c")
    groups[0] |= {"base_country": "", "base_place": "Somewhere", "lat": "10", "lon": "20"}
    groups[1] |= {"lat": "", "lon": ""}
    atlas = made.atlas(tmp_path / "lone", groups, [made.tie("a", "c", 1990), made.tie("b", "c", 1990)])
    selection, _ = parse("year=1990", {"lone": atlas})
    found = bundles(index(atlas), selection, drawing(index(atlas), selection), most=0)
    assert found.n.tolist() == [1]
    assert "Somewhere" in (found.name[found.a[0]], found.name[found.b[0]])
    at = found.name.index("Somewhere")
    assert (found.lon[at], found.lat[at]) == (20, 10)


def test_a_briefing_of_many_alliances_is_drawn_by_country(mgar, monkeypatch):
    served = {mgar.dataset.slug: mgar}
    selection, _ = parse("year=2010", served)
    index_ = index(mgar)
    b = briefing(selection, served, base="https://atlas.example.org/", day=date(2026, 11, 27))
    single = compose(index_, selection, b)
    monkeypatch.setattr(module.bundles, "__defaults__", (100,))
    whole = compose(index_, selection, b)
    said = [[box.text for box in made_.boxes if box.role == "legend"] for made_ in (single, whole)]
    assert any("one place" in text for text in said[0])
    assert any(text.startswith("by country") for text in said[1])
    found = bundles(index_, selection, b.drawing)
    lines = [trace for trace in whole.figure["data"] if trace.get("mode") == "lines" and trace["type"] == "scattergeo"]
    assert sum(len(trace["lon"]) // 3 for trace in lines) == (~found.within).sum()
    countries = [box.text for box in whole.boxes if box.role == "name" and "Alliance Atlas" not in box.text]
    assert countries
    assert set(countries) <= set(found.name)
