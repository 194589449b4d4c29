"""What a dataset covers, counted once more in the plainest way, and in step with the page's other numbers."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from data.coverage import NOT_LOCATED, NOT_STATED, biases, coverage
from data.geography import countries
from data.index import index
from data.panel import by_year
from tests import made

BASES = {"LBN": ("33.89", "35.5"), "FRA": ("48.9", "2.4"), "KEN": ("-1.3", "36.8"), "": ("", "")}
SPANS = {"1980s": (1980, 1989), "1990s": (1990, 1999), "2000": (2000, 2000), "all": (1980, 2000)}


@pytest.fixture(scope="module")
def random(tmp_path_factory):
    """Thirty groups and 120 relationships at random, some outside coverage, some of nothing known."""
    rng = np.random.default_rng(5)

    def one(*values):
        return str(values[int(rng.integers(len(values)))])

    groups = []
    for n in range(30):
        country = one(*BASES)
        first = int(rng.integers(1970, 2000))
        lat, lon = BASES[country]
        groups.append(
            {
                "group_id": f"g{n:02d}", "start_year": str(first), "end_year": one("", first, min(first + 8, 2000)),
                "base_country": country, "lat": lat, "lon": lon, "precision": one("city", "region", "country", ""),
            }
        )  # fmt: skip
    ties = []
    for n in range(120):
        a, b = sorted(rng.choice(27, 2, replace=False).tolist())  # the last three have none
        first = int(rng.integers(1972, 2001))
        ties.append(
            made.tie(
                f"g{a:02d}", f"g{b:02d}", first, min(2003, first + int(rng.integers(0, 15))), relationship_id=f"r{n}",
                relation=one("ally", "fan", "rival"), cooperation=one("", "none", "material", "rhetorical|training"),
                confidence=one("", "low", "medium", "high"), source_ids=one("s1", "s1|s2"),
            )
        )  # fmt: skip
    return made.atlas(tmp_path_factory.mktemp("coverage") / "random", groups, ties)


def truth(atlas):
    """Alliances as plain dicts with their region, and groups likewise."""
    table = dict(zip(countries()["iso3"], countries()["region"], strict=True))
    region = {g["group_id"]: table.get(g["base_country"], "not-recorded") for g in atlas.groups.to_dict("records")}
    groups = [{**g, "class": region[g["group_id"]]} for g in atlas.groups.to_dict("records")]
    ties = []
    for r in atlas.relationships.to_dict("records"):
        ends = {region[r["group_a"]], region[r["group_b"]]}
        place = "not-recorded" if "not-recorded" in ends else next(iter(ends)) if len(ends) == 1 else "inter-regional"
        if r["cooperative"]:
            ties.append({**r, "class": place})
    return groups, ties


def active(rows, span):
    first, last = span
    return [r for r in rows if r["first_year"] <= last and r["last_year"] >= first]


def test_the_tables_are_those_of_a_plain_count(random):
    known = coverage(index(random))
    groups, ties = truth(random)
    assert [d.label for d in known.decades] == list(SPANS)[:-1]
    for row, span in enumerate(SPANS.values()):
        counted = Counter(g["class"] for g in active(groups, span))
        assert known.groups[row].tolist() == [counted[term.id] for term in known.regions]
        there = active(ties, span)
        counted = Counter(t["class"] for t in there)
        assert known.relationships[row].tolist() == [counted[term.id] for term in known.regions]
        pairs = Counter()
        for year in range(span[0], span[1] + 1):
            of_year = active(ties, (year, year))
            pairs.update(dict.fromkeys(((t["group_a"], t["group_b"], t["class"]) for t in of_year), 0))
            for dyad in {(t["group_a"], t["group_b"], t["class"]) for t in of_year}:
                pairs[dyad] += 1
        counted = Counter()
        for (_, _, place), n in pairs.items():
            counted[place] += n
        assert known.dyad_years[row].tolist() == [counted[term.id] for term in known.regions]
        for name, values in known.confidence.items():
            assert values[row] == sum((t["confidence"] or NOT_STATED) == name for t in there)
        assert known.coded[row] == sum(t["coded"] for t in there)
        assert known.one_source[row] == sum(len(t["source_ids"]) <= 1 for t in there)
    within = active(ties, SPANS["all"])
    types = {term.id: n for term, n in known.types}
    for key in ("material", "training"):
        assert types[key] == sum(key in t["types"] for t in within)
    assert types["no-type"] == sum(t["coded"] and not t["types"] for t in within)
    assert types["not-coded"] == sum(not t["coded"] for t in within)
    assert known.outside == (len(groups) - len(active(groups, SPANS["all"])), len(ties) - len(within))
    assert known.outside[0] > 0
    assert known.outside[1] > 0


@pytest.mark.parametrize("name", ["random", "tiny_atlas", "curated"])
def test_totals_agree_with_each_other_and_with_the_series(name, request):
    atlas = request.getfixturevalue(name)
    ix = index(atlas)
    known = coverage(ix)
    series = by_year(ix).count(np.ones(len(ix.alliances), dtype=bool))
    years = ix.years
    for decade, row in zip(known.decades, known.dyad_years, strict=False):
        assert row.sum() == series[(years >= decade.first_year) & (years <= decade.last_year)].sum()
    assert known.dyad_years[:-1].sum() == known.dyad_years[-1].sum() == series.sum()
    assert known.groups[-1].sum() + known.outside[0] == len(atlas.groups) == sum(known.precision.values())
    assert known.relationships[-1].sum() + known.outside[1] == len(ix.alliances)
    assert np.array_equal(sum(known.confidence.values()), known.relationships.sum(axis=1))
    coded = {term.id: n for term, n in known.types}
    assert known.coded[-1] + coded["not-coded"] == known.relationships[-1].sum()
    inter = [i for i, term in enumerate(known.regions) if term.id == "inter-regional"]
    assert not known.groups[:, inter].any()


def test_precision_counts_what_has_a_point(random):
    found = coverage(index(random)).precision
    frame = random.groups
    located = frame.geometry.notna()
    assert found[NOT_LOCATED] == (~located).sum()
    assert found["city"] == (located & (frame["precision"] == "city")).sum()
    assert found[NOT_STATED] == (located & (frame["precision"] == "")).sum()


def test_biases_by_hand(tmp_path):
    groups = made.groups("a", "b", "c", start_year="1980") + made.groups("d", "e", base_country="", lat="", lon="")
    ties = [
        made.tie("a", "b", 1980, 1985), made.tie("a", "b", 1991), made.tie("b", "c", 1990, 1990, source_ids="s1|s2"),
        made.tie("c", "d", 1990, 1999, relation="rival"),
    ]  # fmt: skip
    found = {b.key: (b.part, b.whole) for b in biases(index(made.atlas(tmp_path / "few", groups, ties)))}
    # Coverage is 1980 to 2000, so its second half begins in 1991; a and b: 6 and 10 years, b and c one, all in Asia.
    assert found == {
        "region": (17, 17), "late": (1, 3), "one-source": (2, 3), "most-cited": (3, 3), "open": (1, 3),
        "alone": (1, 5), "shared-point": (3, 3),
    }  # fmt: skip


def test_a_dataset_without_relationships_has_its_coverage_too(tmp_path):
    ix = index(made.atlas(tmp_path / "none", made.groups("a"), []))
    known = coverage(ix)
    assert known.groups[-1].tolist() == [1]
    assert not known.relationships.any()
    assert {b.key: b.part for b in biases(ix)}["alone"] == 1
