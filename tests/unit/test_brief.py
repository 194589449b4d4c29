"""The briefing's composition: nothing overlaps, nothing is too small, whatever is asked for."""

from __future__ import annotations

import dataclasses
from datetime import date
from itertools import combinations

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import letters
from components.brief import SHAPES, compose
from components.brief.chart import nice_step
from components.tokens import channels, contrast, tokens
from data.briefing import briefing
from data.colourings import COLOURINGS
from data.drawing import drawing
from data.filters import FILTERS
from data.grammar import default, parse
from data.index import index
from data.model import Atlas
from data.numbers import against, change, figure
from data.view import view

DAY = date(2026, 11, 27)
BASE = "https://atlas.example.org/"
LONG = "Popular Revolutionary Front for the Complete Liberation of Everything " * 3


@pytest.fixture(scope="module")
def served(curated, mgar):
    return {"curated": curated, "synthetic-mgar-scale": mgar}


def composed(selection, served):
    atlas = served[selection.dataset]
    return compose(index(atlas), selection, briefing(selection, served, base=BASE, day=DAY))


def assert_sound(composition, shape):
    """All text is on the sheet, apart and large enough; the map has room."""
    _, w, h = SHAPES[shape]
    text = [box for box in composition.boxes if box.size]
    for box in text:
        assert box.size >= 12, box
        assert box.x0 >= 0, box
        assert box.y0 >= 0, box
        assert box.x1 <= w + 0.01, box
        assert box.y1 <= h, box
    assert [(a.text, b.text) for a, b in combinations(text, 2) if a.overlaps(b)] == []
    world = next(box for box in composition.boxes if box.role == "map")
    assert world.y1 - world.y0 >= 90
    over = [box for box in text if box.role != "name" and box.overlaps(world)]
    assert over == []
    drawn = composition.figure["layout"]["annotations"]
    assert [note["font"]["size"] for note in drawn] == [box.size for box in text]


@st.composite
def selections(draw, served):
    slug = draw(st.sampled_from(list(served)))
    atlas = served[slug]
    found, base = index(atlas), default(slug, atlas)
    first, last = atlas.dataset.first_year, atlas.dataset.last_year
    chosen = {}
    for spec in FILTERS:
        ids = [id_ for id_, _ in spec.choices(found)]
        if spec.control == "many":
            chosen[spec.key] = tuple(i for i in ids if draw(st.booleans())) if draw(st.booleans()) else ()
        elif spec.control == "flag":
            chosen[spec.key] = draw(st.booleans())
    year = draw(st.integers(first + 1, last))
    when = draw(st.sampled_from(("year", "since", "compare")))
    colour = draw(st.sampled_from([c.key for c in COLOURINGS]))
    classes = [t.id for t in next(c for c in COLOURINGS if c.key == colour).classes(found)]
    return dataclasses.replace(
        base,
        **chosen,
        year=year,
        since=draw(st.integers(first, year - 1)) if when == "since" else None,
        compare=draw(st.integers(first, last)) if when == "compare" else None,
        colour=colour,
        hide=tuple(c for c in classes if draw(st.booleans())) if draw(st.booleans()) else (),
        rivals=draw(st.booleans()),
        group=draw(st.none() | st.sampled_from(found.groups.ids)),
        map=draw(st.none() | st.just((40.0, 30.0, 4.0))),
        shape=draw(st.sampled_from(list(SHAPES))),
        theme=draw(st.sampled_from(("light", "dark"))),
        title=draw(st.none() | st.text("abMW \u0416", min_size=1, max_size=120).filter(str.strip)),
        note=draw(st.none() | st.just("W" * 80 + " " + "m" * 79)),
        caveat=draw(st.none() | st.just("W" * 60)),
    )


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_text_overlaps_or_is_small_whatever_is_asked(data, served):
    selection = data.draw(selections(served))
    assert_sound(composed(selection, served), selection.shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_longest_words_of_a_dataset_fit(shape, served, curated):
    """Every filter set to all but one value, the longest names and a long licence: the fullest sheet there can be."""
    found = index(curated)
    every = {spec.key: tuple(id_ for id_, _ in spec.choices(found))[1:] for spec in FILTERS if spec.control == "many"}
    groups = curated.groups.assign(name=LONG)
    dataset = dataclasses.replace(curated.dataset, citation=LONG, licence=LONG, title=LONG, disclaimer=LONG)
    atlas = Atlas(dataset, groups, curated.relationships, curated.sources, curated.lineage, curated.report)
    selection = dataclasses.replace(
        default("curated", atlas), **every, shape=shape, colour="region",
        title="W" * 120, note="W" * 160, caveat="W" * 60, hide=("africa", "asia"),
    )  # fmt: skip
    composition = composed(selection, {"curated": atlas})
    assert_sound(composition, shape)
    assert {box.role for box in composition.boxes} >= {"title", "note", "caveat", "words", "source", "figure", "legend"}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_empty_result_says_so(shape, served):
    selection, _ = parse(f"year=1946&region=caribbean&shape={shape}", served)
    composition = composed(selection, served)
    assert_sound(composition, shape)
    assert "No alliances under these filters in 1946" in [box.text for box in composition.boxes]


@pytest.mark.parametrize(
    "query", ["", "since=1990&year=1999&theme=dark", "compare=2000&year=2010&shape=square", "colour=type&rivals=1"]
)
def test_plotly_takes_the_figure(query, served):
    selection, notices = parse(query, served)
    assert notices == ()
    made = composed(selection, served).figure
    kept = go.Figure(made).to_plotly_json()
    assert len(kept["data"]) == len(made["data"])
    assert kept["layout"]["geo"]["projection"]["type"] == "natural earth"


def test_the_numbers_are_those_of_the_view(served):
    for query in ("year=2010&ideology=islamist", "since=1990&year=1999", "year=2010&compare=2000"):
        selection, _ = parse(query, served)
        told, asked = briefing(selection, served, base=BASE, day=DAY), view(selection, (), served)
        assert {f.key: f.value for f in told.figures} == asked["key_figures"]
        drawn = told.drawing
        if selection.compare is None:
            assert len(drawn.tie) == drawn.counts.sum() == asked["key_figures"]["alliances"]
        else:
            assert drawn.counts.tolist() == [asked["compare"][k] for k in ("formed", "kept", "ended")]


def test_everything_that_makes_it_stand_alone_is_in_it(served):
    selection, _ = parse("year=2010&ideology=islamist&note=A+note&caveat=HANDLE+WITH+CARE", served)
    composition = composed(selection, served)
    texts = [box.text for box in composition.boxes]
    said = " ".join(texts)
    for part in (
        "94 alliances of Islamist groups, 2010", "Alliances of Islamist groups, 2010: 94 alliances, 67 groups allied.",
        "A note", "HANDLE WITH CARE", "version 2026.11", "CC BY 4.0", "exported 27 November 2026",
        "coverage 1945\u20132020", "Natural Earth", f"{BASE}?ideology=islamist&year=2010&data=2026.11", "2010: 94",
    ):  # fmt: skip
        assert part in said
    assert next(t for t in texts if t.startswith("Source: "))
    assert "SYNTHETIC" not in said
    made_up, _ = parse("dataset=synthetic-mgar-scale", served)
    assert any(b.text.startswith("SYNTHETIC DATA") for b in composed(made_up, served).boxes)
    assert briefing(made_up, served, base=BASE, day=DAY).alt.startswith("SYNTHETIC DATA")


def test_words_are_never_markup(served):
    selection, _ = parse("title=%3Cb%3Ebold%3C/b%3E+%26amp;", served)
    shown = [note["text"] for note in composed(selection, served).figure["layout"]["annotations"]]
    assert "&lt;b&gt;bold&lt;/b&gt; &amp;amp;" in shown


def test_hidden_classes_lose_their_marks_and_stay_counted(served):
    shown, hidden = (parse(f"year=2015{q}", served)[0] for q in ("", "&hide=islamist"))
    a, b = composed(shown, served), composed(hidden, served)

    def arcs(c):
        lines = (t for t in c.figure["data"] if t["type"] == "scattergeo" and t.get("mode") == "lines")
        return sum(len(t["lon"]) for t in lines)

    assert arcs(b) < arcs(a)
    legend = [box.text for box in b.boxes if box.role == "legend"]
    assert not any(text.startswith("Islamist") for text in legend)
    assert any(text.startswith("hidden: Islamist 144") for text in legend)


def test_classes_can_be_told_apart_without_colour(served):
    selection, _ = parse("year=2015", served)
    legend = [t for t in composed(selection, served).figure["data"] if t.get("xaxis") == "x2"]
    symbols = [
        t["marker"]["symbol"]
        for t in legend
        if t["marker"]["size"] == 8 and t["marker"]["color"] != tokens("light")["paper"]
    ]
    assert len(symbols) == len(set(symbols)) == 7
    for theme in ("light", "dark"):
        known = tokens(theme)
        paper = channels(known["paper"])
        assert all(contrast(channels(known[c]), paper) >= 4.5 for c in ("ink", "quiet", "danger", "accent")), theme


def test_focus_shows_only_what_touches_the_group(served):
    selection, _ = parse("group=al-qaeda&year=2010", served)
    drawn = drawing(index(served["curated"]), selection)
    g = index(served["curated"]).groups.position["al-qaeda"]
    ties = index(served["curated"]).alliances
    assert ((ties.a[drawn.tie] == g) | (ties.b[drawn.tie] == g)).all()
    assert not drawn.unallied.any()
    told = {f.key: f for f in briefing(selection, served, base=BASE, day=DAY).figures}
    assert told["allied_share"].label == "Allies of the group"
    assert told["allied_share"].value == drawn.degree[g] == len(drawn.tie)


@given(st.text(max_size=80), st.floats(60, 600), st.integers(1, 4))
def test_lines_fit_their_room(text, room, most):
    for line in letters.wrap(text, 12, room, most=most):
        assert letters.width(line, 12) <= room or len(line) <= 2
    assert len(letters.wrap(text, 12, room, most=most)) <= most
    assert "".join("".join(letters.wrap(text, 12, room)).split()) == "".join(text.split())


def test_a_grid_has_few_lines():
    for top in np.geomspace(4, 1e6, 50):
        assert 1 <= top / nice_step(top) < 8
    assert nice_step(4.16) == 2


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (figure(None, "count"), "\u2013"),
        (figure(0.125, "share"), "13%"),
        (figure(1234.5, "km"), "1,235 km"),
        (change(5, 5, "count", "2000"), "as in 2000"),
        (change(0.41, 0.40, "share", "2000"), "+1 pt since 2000"),
        (change(1, None, "km", "2000"), ""),
        (against(10, 1300, "km", 2000), "1,300 km in 2000, \u22121,290 km"),
        (against(2, 2, "count", 2000), "2 in 2000, the same"),
    ],
)
def test_numbers_are_rounded_once(told, said):
    assert told == said
