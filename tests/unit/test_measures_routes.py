"""The measures by address: the files say what they are and hold the numbers that the page shows."""

from __future__ import annotations

import io

import pandas as pd
import pytest

import app
from callbacks.measures import RANKED
from callbacks.settings import Settings
from data.grammar import default
from data.index import index
from data.measures.definition import described
from data.measures.ego import EGO, ego
from data.measures.series import CHARTS, series_of
from data.readers import load
from tests import made


@pytest.fixture(scope="module")
def client(curated):
    return app.create_app({"curated": curated}, Settings()).server.test_client()


def frame(answer):
    assert answer.status_code == 200
    return pd.read_csv(io.StringIO(answer.text), comment="#", keep_default_na=False, dtype={"value": str})


@pytest.mark.parametrize("name", [chart.key for chart in CHARTS])
def test_every_chart_is_a_file_in_long_form(client, name):
    table = frame(client.get(f"/api/measures/{name}.csv?ideology=islamist&year=2010"))
    assert list(table.columns) == ["year", "measure", "split", "value"]
    whole = table[table["measure"] != "degree"]
    if len(whole):
        assert set(whole["year"]) == set(range(1945, 2021))


def test_the_file_and_the_view_agree(client):
    query = "ideology=islamist&type=material&region=southern-asia&year=2010"
    table = frame(client.get(f"/api/measures/figures.csv?{query}"))
    now = table[table["year"] == 2010].set_index("measure")["value"]
    for key, value in client.get(f"/api/view?{query}").json["key_figures"].items():
        assert now[key] == ("" if value is None else str(value))


def test_the_file_says_what_it_is(client):
    answer = client.get("/api/measures/network.csv?ideology=leftist&year=1985&nonsense=1")
    head = [line for line in answer.text.splitlines() if line.startswith("#")]
    text = "\n".join(head)
    for said in (
        "version 2026.11",
        "Cite as",
        "Licence",
        "Leftist",
        "year=1985",
        "data=2026.11",
        "nonsense",
        "Freeman",
    ):
        assert said in text
    assert 'filename="alliance-atlas-network-2026.11.csv"' in answer.headers["Content-Disposition"]


def test_made_up_data_are_labelled(tmp_path):
    atlas = load(made.dataset(tmp_path / "fake", made.groups("a", "b"), [made.tie("a", "b", 1990)], status="synthetic"))
    answer = app.create_app({"fake": atlas}, Settings()).server.test_client().get("/api/measures/active.csv")
    assert answer.text.startswith("# SYNTHETIC")


def test_colour_changes_the_stack_alone(client):
    by_kind = client.get("/api/measures/active.json?colour=kind").json
    assert {s["split"] for s in by_kind["series"]} >= {"ally", "associate"}
    assert by_kind["phases"][-1]["kind"] == "peak"
    assert [m["value"] for m in by_kind["published"]["marks"]] == [50, 175, None]
    plain, coloured = (client.get(f"/api/measures/reach.json{q}") for q in ("", "?colour=kind"))
    assert plain.json == coloured.json


def test_no_such_measure(client):
    assert client.get("/api/measures/nothing.csv").status_code == 404
    assert client.get("/api/measures/nothing.json").status_code == 404


def test_every_measure_has_words_and_each_formula_of_others_its_source():
    definitions = [*EGO, *(d for chart in CHARTS for d in chart.definitions)]
    assert all(d.text.endswith(".") for d in definitions)
    assert {d.key for d in definitions if not d.formula} <= {
        "countries",
        "nodes",
        "edges",
        "largest_component_share",
        "coded",
    }
    clustering = next(d for d in definitions if d.key == "clustering")
    assert described(clustering).startswith("clustering (number): How often")
    assert "Source: D. J. Watts and S. H. Strogatz (1998)" in described(clustering)
    plain = next(d for d in definitions if d.key == "countries")
    assert described(plain) == f"countries (count): {plain.text}"


def test_a_groups_network_is_a_file_in_the_same_form(client, curated):
    answer = client.get("/api/measures/ego.csv?group=hezbollah&confidence=medium&year=2006")
    table = frame(answer)
    assert list(table.columns) == ["year", "measure", "split", "value"]
    assert len(table) == 3 * 76
    assert set(table["split"]) == {"hezbollah"}
    wanted = ego(index(curated), default("curated", curated), "hezbollah")
    filtered = table[table["measure"] == "degree"]["value"].astype(int).tolist()
    everything = frame(client.get("/api/measures/ego.csv?group=hezbollah"))
    for key, values in wanted.items():
        got = everything[everything["measure"] == key]["value"]
        assert [float(v or "nan") for v in got] == pytest.approx(values.tolist(), nan_ok=True)
    assert sum(filtered) < wanted["degree"].sum()
    head = "\n".join(line for line in answer.text.splitlines() if line.startswith("#"))
    for said in ("density (share)", "Watts", "group=hezbollah", "data=2026.11", "Cite as"):
        assert said in head
    assert 'filename="alliance-atlas-ego-hezbollah-2026.11.csv"' in answer.headers["Content-Disposition"]


def test_without_a_group_there_is_no_network_of_one(client):
    none, unknown = client.get("/api/measures/ego.csv"), client.get("/api/measures/ego.csv?group=nobody")
    assert none.status_code == 400
    assert "ego.csv?group=" in none.text
    assert unknown.status_code == 404
    assert "'nobody'" in unknown.text
    assert "use the id of a group" in unknown.text
    assert unknown.mimetype == "text/plain"


def test_the_page_s_degrees_are_of_the_first_ranks_and_know_their_rank_among_all(client, curated):
    atlas = curated
    every = series_of(index(atlas), "degree", default("curated", atlas))
    shown = client.get("/api/measures/degree.json").json["series"]
    by_group = {series["split"]: series for series in shown}
    assert 0 < len(shown) < len(every)
    for at in range(atlas.dataset.n_years):
        now = sorted((int(s.values[at]) for s in every if s.values[at]), reverse=True)
        for s in every:
            rank = now.index(s.values[at]) + 1 if s.values[at] else 0
            assert not 0 < rank <= RANKED or s.split in by_group
            if s.split in by_group:
                assert by_group[s.split]["ranks"][at] == rank
                assert by_group[s.split]["values"][at] == s.values[at]
