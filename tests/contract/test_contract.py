"""The browser's slice of a payload equals Python's answer, and both write the same query."""

from __future__ import annotations

import base64
import itertools
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.bundles import bundles
from data.colourings import COLOURINGS, stacks
from data.drawing import drawing
from data.filters import passing
from data.grammar import PARAMETERS, as_json, default, parse, to_query
from data.index import index
from data.packed import names, packed
from data.panel import by_year, period
from data.payload import payload
from data.view import view
from tests import made

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = Path(__file__).with_name("example.json")
SCRIPTS = ("dom", "format", "state", "columns", "names", "slice", "coarse", "compare")

GROUPS = [
    {"group_id": "a", "ideologies": "islamist|ethnonationalist", "end_year": "1998", "end_type": "defeated"},
    {"group_id": "b", "ideologies": "islamist", "base_country": "SYR", "lat": "33.51", "lon": "36.29"},
    {
        "group_id": "c",
        "ideologies": "leftist",
        "base_country": "IND",
        "lat": "28.6",
        "lon": "77.2",
        "precision": "region",
    },
    {"group_id": "d", "ideologies": "", "base_country": "", "lat": "", "lon": "", "precision": ""},
    {"group_id": "e", "ideologies": "islamist"},
    {"group_id": "f", "ideologies": "right_wing", "start_year": "1980"},
]
TIES = [
    made.tie("a", "b", 1990, 1995, cooperation="rhetorical"),
    made.tie("a", "b", 1993, 1997, relation="supporter", cooperation="material|training", direction="a_to_b"),
    made.tie("a", "e", 1991, cooperation="training", confidence="low"),
    made.tie("b", "c", 1992, 1992, cooperation="none", relation="associate"),
    made.tie("c", "d", 1990, 2000, cooperation="", confidence=""),
    made.tie("b", "e", 1990, 1994, relation="fan", cooperation="rhetorical"),
    made.tie("a", "c", 1990, 1996, relation="rival", cooperation=""),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    return {"example": made.atlas(tmp_path_factory.mktemp("contract") / "example", GROUPS, TIES)}


def answers(served, since: int | None) -> dict[str, dict[str, object]]:
    """What Python says of every year, or of every period from ``since``: ids in view and stacks by colouring."""
    (slug, atlas), *_ = served.items()
    index_, base = index(atlas), default(slug, atlas)
    passes = np.ones(len(index_.alliances), dtype=bool)
    out = {}
    for year in index_.years.tolist():
        if since is not None and year <= since:
            continue
        selection = replace(base, year=year, since=since)
        got = view(selection, (), served)
        panel = by_year(index_) if since is None else period(index_, since, year)
        window = year - int(index_.years[0]) if since is None else 0
        rows = panel.leading(passes)
        ids = atlas.relationships["relationship_id"].iloc[
            index_.alliances.row[panel.tie[rows[panel.window[rows] == window]]]
        ]
        out[str(year)] = {
            "relationships": got["relationships"],
            "leading": sorted(ids),
            "allied_groups": got["key_figures"]["allied_groups"],
            "stacks": {c.key: stacks(index_, panel, rows, c)[:, window].tolist() for c in COLOURINGS},
        }
    return out


def example(served) -> dict[str, object]:
    selection, notices = parse("", served)
    shown = payload(selection, notices, served)
    shown["dataset"]["hash"] = "left out"
    return {"payload": shown, "years": answers(served, None), "periods_since_1991": answers(served, 1991)}


def test_the_example_is_what_python_gives(served):
    now = json.loads(json.dumps(example(served)))
    if os.environ.get("ATLAS_WRITE_DOCS"):
        EXAMPLE.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert json.loads(EXAMPLE.read_text(encoding="utf-8")) == now


SLICES = """({payload, periods}) => {
  const ids = (slice) => slice.ties.flatMap((tie) => [tie.row, ...tie.also]).map((row) => payload.relationships.id[row]).sort();
  const out = {};
  for (const [since, year] of periods) {
    const stacks = {};
    let last = null;
    for (const colouring of ['ideology', 'type', 'region', 'kind']) {
      last = atlas.slice(payload, {since, year, colouring, hidden: new Set(['leftist', 'ally']), rivals: true});
      stacks[colouring] = [...last.counts];
    }
    out[year] = {
      relationships: ids(last), leading: last.ties.map((tie) => payload.relationships.id[tie.row]).sort(),
      allied_groups: last.allied.length, stacks,
    };
  }
  return out;
}"""


@pytest.fixture(scope="module")
def scripts(browser):
    """A blank page with the scripts that draw nothing."""
    page = browser.new_page()
    for name in SCRIPTS:
        page.add_script_tag(path=ROOT / f"assets/js/{name}.js")
    yield page
    page.close()


@pytest.mark.browser
def test_the_browsers_slice_of_the_example_is_pythons_answer(scripts):
    shared = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    for key, since in (("years", None), ("periods_since_1991", 1991)):
        wanted = shared[key]
        periods = [[since, int(year)] for year in wanted]
        assert scripts.evaluate(SLICES, {"payload": shared["payload"], "periods": periods}) == wanted


@pytest.mark.browser
@pytest.mark.parametrize("query", ["", "ideology=islamist&ends=both&region=western-asia", "group=hezbollah&hops=2"])
def test_the_browsers_slice_of_the_curated_data_is_pythons_answer(scripts, curated, query):
    served = {"curated": curated}
    selection, notices = parse(query, served)
    index_ = index(curated)
    passes = passing(index_, selection)
    panel = by_year(index_)
    rows = panel.leading(passes)
    shown = json.loads(json.dumps(payload(selection, notices, served)))
    years = list(range(1945, 2021, 5))
    got = scripts.evaluate(SLICES, {"payload": shown, "periods": [[None, year] for year in years]})
    for year in years:
        answer = view(replace(selection, year=year), (), served)
        mine = got[str(year)]
        assert mine["relationships"] == answer["relationships"]
        assert mine["allied_groups"] == answer["key_figures"]["allied_groups"]
        for colouring in COLOURINGS:
            assert mine["stacks"][colouring.key] == stacks(index_, panel, rows, colouring)[:, year - 1945].tolist()


DIFFERENCE = """({payload, year, other}) => {
  const at = (y) => atlas.slice(payload, {since: null, year: y, colouring: 'kind', hidden: new Set(), rivals: false});
  return atlas.compare.tally(atlas.compare.difference(at(year), at(other), payload.groups), other);
}"""


@pytest.mark.browser
@pytest.mark.parametrize("query", ["", "ideology=leftist", "group=hezbollah&hops=2"])
def test_the_browsers_comparison_is_pythons_answer(scripts, curated, query):
    from data.words import comparison

    served = {"curated": curated}
    selection, notices = parse(query, served)
    shown = json.loads(json.dumps(payload(selection, notices, served)))
    for year, other in ((2015, 2005), (1975, 1990), (1985, 1985)):
        wanted = view(replace(selection, year=year, compare=other), (), served)["compare"]
        del wanted["key_figures"]
        got = scripts.evaluate(DIFFERENCE, {"payload": shown, "year": year, "other": other})
        assert got == wanted
        assert scripts.evaluate("(changes) => atlas.format.comparison(changes)", got) == comparison(**wanted)


MOVES = """([selection, mode, end, year]) => {
  const next = atlas.state.inMode(selection, mode, 1945, 2020);
  return [atlas.state.modeOf(next), end ? atlas.state.moveEnd(next, end, year, 1945, 2020) : next].map((s) => s.year ? [s.year, s.since, s.compare] : s);
}"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("year", "mode", "end", "to", "wanted"),
    [
        (2010, "period", None, None, [2010, 2001, None]), (1945, "period", None, None, [1946, 1945, None]),
        (1950, "period", None, None, [1950, 1945, None]), (2010, "period", "since", 2015, [2010, 2009, None]),
        (2010, "period", "year", 1990, [2002, 2001, None]), (2010, "period", "year", 2030, [2020, 2001, None]),
        (2010, "compare", None, None, [2010, None, 2000]), (1945, "compare", None, None, [1945, None, 1955]),
        (2010, "compare", "compare", 2015, [2010, None, 2015]), (2010, "compare", "year", 1999, [1999, None, 2000]),
        (2010, "year", None, None, [2010, None, None]),
    ],
)  # fmt: skip
def test_ends_move_within_coverage_and_a_period_keeps_its_order(scripts, year, mode, end, to, wanted):
    selection = {"year": year, "since": None, "compare": None}
    assert scripts.evaluate(MOVES, [selection, mode, end, to]) == [mode, wanted]


QUERIES = [
    "", "ideology=islamist,leftist&ends=both&year=1985", "type=material&types=only&kind=ally,fan&confidence=high&crossborder=1",
    "group=hezbollah&hops=2&year=2010&since=2000&rivals=1&colour=type&hide=material,not-coded",
    "card=fatah&chart=network&map=-20.5,10,2.25&data=a b%26c'(é)!*", "region=western-asia,southern-asia&year=1999", "year=1999&compare=2004&view=both",
]  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("query", QUERIES)
def test_both_write_the_same_query(scripts, curated, query):
    served = {"curated": curated}
    selection, _ = parse(query, served)
    defaults = as_json(default("curated", curated))
    parameters = [{"key": p.key, "half": p.half, "default": defaults[p.key]} for p in PARAMETERS]
    got = scripts.evaluate(
        "([s, p, v]) => [atlas.state.toQuery(s, p), atlas.state.toQuery(s, p, 'what'), atlas.state.citedQuery(s, p, v)]",
        [as_json(selection), parameters, curated.dataset.version],
    )
    assert got == [
        to_query(selection, served),
        to_query(selection, served, half="what"),
        to_query(selection, served, cite=True),
    ]


@pytest.mark.browser
def test_both_say_the_same_sentence(scripts, curated):
    from data.words import sentence, subject

    served = {"curated": curated}
    for query in ("", "ideology=leftist&year=1985", "since=1990&year=1995&group=hezbollah"):
        selection, _ = parse(query, served)
        for n, groups in ((0, 0), (1, 2), (1234, 1)):
            got = scripts.evaluate(
                "([subject, s, n, g]) => atlas.format.sentence(subject, s, n, g)",
                [subject(index(curated), selection), as_json(selection), n, groups],
            )
            assert got == sentence(index(curated), selection, n, groups)


# ---- large datasets ----------------------------------------------------------------------------------------------------

UNPACK = """async ({packed, every}) => {
  const payload = atlas.columns.read((await (await fetch(`data:application/octet-stream;base64,${packed}`)).arrayBuffer()));
  const names = atlas.names.create(async () => every);
  const before = names.lacking(payload);
  await names.want(payload);
  const plain = (columns) => Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, [...column]]));
  const {groups, relationships, rivals, ...head} = payload;
  return {
    ...head, groups: plain(groups), relationships: plain(relationships), rivals: plain(rivals),
    lacking: [before, names.lacking(payload)],
  };
}"""


@pytest.mark.parametrize("query", ["", "ideology=islamist"])
def test_the_browser_makes_the_payload_of_the_packed_one(scripts, served, mgar, query):
    for atlases in (served, {"mgar": mgar}):
        selection, notices = parse(query, atlases)
        wanted = json.loads(json.dumps(payload(selection, notices, atlases)))
        body = base64.b64encode(packed(selection, notices, atlases)).decode()
        every = names(index(next(iter(atlases.values()))))
        got = scripts.evaluate(UNPACK, {"packed": body, "every": every})
        assert got.pop("lacking") == [True, False]
        got["groups"].pop("row")
        for side in ("relationships", "rivals"):
            wanted[side].pop("id")
        assert got == wanted


BY_COUNTRY = """({payload, hidden, years, since}) => {
  const out = [];
  for (const colouring of ['ideology', 'type', 'region', 'kind']) {
    for (const year of years) {
      const slice = atlas.slice(payload, {since, year, colouring, hidden: new Set(hidden), rivals: true});
      const {slice: coarse, payload: places} = atlas.coarse.draw(payload, slice);
      const counts = slice.counts.map((_, cls) => coarse.ties.reduce((sum, tie) => sum + tie.counts[cls], 0));
      const country = (g) => payload.vocabulary.countries[payload.groups.country[g]]?.key ?? `${payload.groups.lon[g]},${payload.groups.lat[g]}`;
      const wrong = coarse.ties.filter(({a, b, rows}) => rows.some((row) => {
        const {a: p, b: q} = slice.ties[row];
        return [country(p), country(q)].sort().join() !== [places.groups.id[a], places.groups.id[b]].sort().join();
      }));
      out.push({
        bundles: coarse.ties.map(({a, b, n, cls, weight}) => [[places.groups.id[a], places.groups.id[b]].sort().join(), n, cls, weight]).sort(),
        sizes: Object.fromEntries(places.groups.id.map((id, place) => [id, coarse.degree[place]])),
        hollow_at: coarse.unallied.map((place) => places.groups.id[place]).sort(),
        rows: coarse.ties.flatMap(({rows}) => rows).sort((p, q) => p - q),
        drawn: slice.ties.flatMap((tie, row) => (tie.located && !tie.hidden ? [row] : [])),
        n: coarse.ties.reduce((sum, tie) => sum + tie.n, 0), left: slice.ties.filter((tie) => tie.hidden || !tie.located).length,
        all: slice.ties.length, counts: [...counts], whole: [...slice.counts], sameCounts: [...coarse.counts],
        unlocated: [...slice.counts].map((_, cls) => slice.ties.filter((tie) => tie.cls === cls && (tie.hidden || !tie.located)).length),
        ends: coarse.coarse.ends.reduce((sum, n) => sum + n, 0), rivals: coarse.rivals.reduce((sum, {n}) => sum + n, 0),
        unallied: coarse.coarse.unallied.reduce((sum, n) => sum + n, 0), hollow: slice.unallied.length, wrong: wrong.length,
        within: coarse.withinCount, rings: coarse.places.reduce((sum, {n}) => sum + n, 0), arcs: coarse.coarse.arcs,
        pairs: new Set(coarse.ties.filter(({place}) => !place).map(({a, b}) => `${a},${b}`)).size,
        fights: slice.rivals.filter(({a, b}) => payload.groups.lon[a] !== null && payload.groups.lon[b] !== null).length,
      });
    }
  }
  return out;
}"""


@pytest.mark.parametrize(("hidden", "since"), [([], None), (["leftist", "ally", "africa"], None), ([], 1990)])
def test_a_drawing_by_country_counts_every_alliance_once(scripts, served, mgar, hidden, since):
    for atlases, years in ((served, [1991, 1992, 1995, 2000]), ({"mgar": mgar}, [1995, 2010])):
        selection, notices = parse("", atlases)
        shown = json.loads(json.dumps(payload(selection, notices, atlases)))
        asked = {"payload": shown, "hidden": hidden, "years": years, "since": since}
        views = itertools.product(("ideology", "type", "region", "kind"), years)
        for found, (colour, year) in zip(scripts.evaluate(BY_COUNTRY, asked), views, strict=True):
            # A briefing, which the server draws, shows the same.
            now, index_ = (
                replace(selection, year=year, since=since, colour=colour, hide=tuple(hidden)),
                index(atlases[selection.dataset]),
            )
            same = bundles(index_, now, drawing(index_, now), most=-1)
            ends = zip(same.a, same.b, same.n.tolist(), same.cls.tolist(), same.weight.tolist(), strict=True)
            assert (
                sorted([",".join(sorted((same.key[a], same.key[b]))), *rest] for a, b, *rest in ends)
                == found["bundles"]
            )
            sizes = dict(zip(same.key, same.size.tolist(), strict=True))
            assert {key: sizes[key] for key in found["sizes"]} == pytest.approx(found["sizes"])
            assert (
                sorted(key for key, hollow in zip(same.key, same.hollow, strict=True) if hollow) == found["hollow_at"]
            )
            assert found["rows"] == found["drawn"]
            assert found["n"] + found["left"] == found["all"] > 0
            assert [n + m for n, m in zip(found["counts"], found["unlocated"], strict=True)] == found["whole"]
            assert found["sameCounts"] == found["whole"]
            assert found["ends"] == 2 * found["n"]
            assert found["within"] == found["rings"]
            assert found["pairs"] == found["arcs"]
            assert (found["unallied"], found["rivals"], found["wrong"]) == (found["hollow"], found["fights"], 0)
