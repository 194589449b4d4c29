"""What must hold for any selection and any query."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data.colourings import COLOURINGS, stacks
from data.filters import FILTERS, own_groups, passing
from data.grammar import KEYS, parse, to_query, what
from data.index import index
from data.measures.facets import facet_counts, loosened
from data.measures.key_figures import key_figures
from data.panel import by_year, period
from data.selection import Selection
from data.view import view
from data.words import chips, sentence


def subsets(ids):
    """Lists in the order of the vocabulary."""
    return st.lists(st.sampled_from(ids), unique=True, max_size=4).map(lambda v: tuple(i for i in ids if i in v))


@st.composite
def selections(draw, atlas, slug):
    """Any selection of an atlas, as the grammar would give it."""
    index_ = index(atlas)
    ids = {spec.key: [id_ for id_, _ in spec.choices(index_)] for spec in FILTERS}
    d = atlas.dataset
    year = draw(st.integers(d.first_year, d.last_year))
    since = draw(st.none() | st.integers(d.first_year, year - 1)) if year > d.first_year else None
    colouring = draw(st.sampled_from(COLOURINGS))
    group = st.none() | st.sampled_from(index_.groups.ids)
    degrees = st.integers(-9000, 9000).map(lambda n: n / 100)
    return Selection(
        dataset=slug,
        **{key: draw(subsets(ids[key])) for key in ("ideology", "type", "kind", "region")},
        ends=draw(st.sampled_from(("either", "both"))),
        types=draw(st.sampled_from(("any", "all", "only"))),
        confidence=draw(st.sampled_from(ids["confidence"])),
        crossborder=draw(st.booleans()),
        group=draw(group),
        hops=draw(st.sampled_from((1, 2))),
        year=year,
        since=since,
        compare=draw(st.none() | st.integers(d.first_year, d.last_year)) if since is None else None,
        rivals=draw(st.booleans()),
        colour=colouring.key,
        hide=draw(subsets([term.id for term in colouring.classes(index_)])),
        card=draw(group),
        view=draw(st.sampled_from(("map", "network", "both"))),
        chart=draw(st.sampled_from([None, "active", "network"])),
        map=draw(st.none() | st.tuples(degrees, degrees, st.integers(100, 6400).map(lambda n: n / 100))),
        data=draw(
            st.none() | st.text(min_size=1, max_size=20).filter(lambda s: s.encode("utf-8", "ignore").decode() == s)
        ),
    )


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_selection_survives_its_url(data, curated):
    served = {"curated": curated}
    selection = data.draw(selections(curated, "curated"))
    again, notices = parse(to_query(selection, served), served)
    assert again == selection
    assert [n for n in notices if not n.startswith("data:")] == []


@settings(max_examples=300, deadline=None)
@given(
    query=st.text(max_size=200)
    | st.binary(max_size=200)
    | st.lists(st.tuples(st.sampled_from([*KEYS, "x"]), st.text(max_size=30)), max_size=8).map(
        lambda p: "&".join("=".join(x) for x in p)
    )
)
def test_reading_never_raises_and_gives_a_selection_that_reads_back(query, tiny_atlas):
    served = {"tiny": tiny_atlas}
    selection, notices = parse(query, served)
    assert all(isinstance(n, str) and n.isprintable() for n in notices)
    assert parse(to_query(selection, served), served)[0] == selection
    assert view(selection, notices, served)["key_figures"]["alliances"] >= 0


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_narrowing_a_filter_never_adds_a_relationship(data, curated):
    index_ = index(curated)
    selection = replace(data.draw(selections(curated, "curated")), hops=1)
    before = passing(index_, selection)
    spec = data.draw(st.sampled_from(FILTERS))
    value, _ = data.draw(st.sampled_from(spec.choices(index_)))
    now = getattr(selection, spec.key)
    if spec.control == "many":
        if not now:
            narrower = spec.set(selection, value)
        elif spec.key == "type" and selection.types == "all":
            ids = [id_ for id_, _ in spec.choices(index_)]
            narrower = replace(selection, type=tuple(i for i in ids if i in (*now, value)))
        else:
            narrower = replace(selection, **{spec.key: now[:1]})
    elif spec.control == "one":
        levels = [id_ for id_, _ in spec.choices(index_)]
        narrower = spec.set(selection, levels[max(levels.index(value), levels.index(now))])
    else:
        narrower = spec.set(selection, value)
    assert not (passing(index_, narrower) & ~before).any()


def brute_force_series(atlas, passes) -> list[int]:
    """Distinct dyads of each year, by looking at every relationship in every year."""
    index_ = index(atlas)
    frame = atlas.relationships.iloc[index_.alliances.row[passes]]
    rows = list(zip(frame["group_a"], frame["group_b"], frame["first_year"], frame["last_year"], strict=True))
    return [len({(a, b) for a, b, first, last in rows if first <= year <= last}) for year in index_.years]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_series_equals_a_brute_force_count_and_its_stacks(data, curated):
    index_ = index(curated)
    passes = passing(index_, data.draw(selections(curated, "curated")))
    panel = by_year(index_)
    series = panel.count(passes)
    assert series.tolist() == brute_force_series(curated, passes)
    for colouring in COLOURINGS:
        assert (stacks(index_, panel, panel.leading(passes), colouring).sum(axis=0) == series).all()


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_period_of_one_year_has_the_figures_of_that_year(data, curated):
    index_ = index(curated)
    selection = data.draw(selections(curated, "curated"))
    passes, own = passing(index_, selection), own_groups(index_, selection)
    years = key_figures(index_, by_year(index_), passes, own)
    alone = key_figures(index_, period(index_, selection.year, selection.year), passes, own)
    at = selection.year - int(index_.years[0])
    for key, values in alone.items():
        np.testing.assert_array_equal(values, years[key][at : at + 1], err_msg=key)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_facets_and_loosened_filters_are_the_counts_of_those_selections(data, curated):
    index_ = index(curated)
    selection = data.draw(selections(curated, "curated"))
    panel = by_year(index_)
    facets = facet_counts(index_, panel, selection)
    spec = data.draw(st.sampled_from(FILTERS))
    value, _ = data.draw(st.sampled_from(spec.choices(index_)))
    assert facets[spec.key][value].tolist() == panel.count(passing(index_, spec.set(selection, value))).tolist()
    for key, counts in loosened(index_, panel, selection).items():
        without = replace(selection, **{key: getattr(Selection(dataset="curated", year=2000), key)})
        assert counts.tolist() == panel.count(passing(index_, without)).tolist()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_words_name_every_active_filter(data, curated):
    index_ = index(curated)
    selection = data.draw(selections(curated, "curated"))
    said = sentence(index_, selection, 3, 4)
    assert said.endswith(": 3 alliances, 4 groups allied")
    active = [spec.key for spec in FILTERS if spec.active(selection)] + (["group"] if selection.group else [])
    assert list(dict.fromkeys(chip.key for chip in chips(index_, selection))) == active
    assert said.startswith("All alliances,") == (not active)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_payload_depends_on_what_alone(data, curated):
    served = {"curated": curated}
    selection = data.draw(selections(curated, "curated"))
    other = replace(what(selection, served), year=1950, colour="kind", rivals=True)
    assert what(other, served) == what(selection, served)
