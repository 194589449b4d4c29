"""The files of a view: what they hold, how they read back, and their routes."""

from __future__ import annotations

import csv
import io
import json
import re
import urllib.parse
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pyogrio
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import app
from callbacks.downloads import Shelf
from callbacks.settings import Settings
from data import downloads
from data.downloads import GROUP_DERIVED, RELATIONSHIP_DERIVED, SOURCE_DERIVED, Extract, extract
from data.files import cell
from data.formats import FORMATS, REPORT, REPORTS, tex
from data.grammar import parse
from data.quality import MOST_LETTERS
from data.readers import load
from data.view import view
from data.vocabulary import GROUP_COLUMNS, RELATIONSHIP_COLUMNS, SOURCE_COLUMNS
from tests import made
from tests.conftest import CURATED

DAY = "2026-11-27"
QUERIES = (
    "",
    "year=1985&ideology=islamist,leftist&ends=both",
    "since=1990&year=1999&type=material&types=only",
    "group=hezbollah&hops=2&year=2006&rivals=1&hide=islamist",
    "region=caribbean&year=1946",
    "since=1945&year=2020",
)
EVIL = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def served(curated):
    return {"curated": curated}


@pytest.fixture(scope="module")
def client(served):
    return app.create_app(served, Settings()).server.test_client()


def tables(query: str, served) -> Extract:
    return extract(*parse(query, served), served)


def made_file(route: str, of: Extract) -> bytes:
    report = next((spec for spec in REPORTS if spec.route == route), None)
    return report.make(of.atlas, DAY) if report else next(s for s in FORMATS if s.route == route).make(of, DAY)


def read_csv(body: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(body), comment="#", keep_default_na=False, na_values={"reach_km": [""]})


def comments(body: bytes) -> list[str]:
    return [line for line in body.decode().splitlines() if line.startswith("# ")]


@pytest.mark.parametrize("query", QUERIES)
def test_the_rows_are_those_of_the_view_and_give_its_key_figures(query, served):
    of, wanted = tables(query, served), view(*parse(query, served), served)
    assert of.relationships["relationship_id"].tolist() == wanted["relationships"]
    figures = wanted["key_figures"]
    assert int(of.relationships["leads"].sum()) == figures["alliances"]
    assert int(of.groups["counted"].sum()) == figures["groups"]
    assert int((of.groups["degree"] > 0).sum()) == figures["allied_groups"]
    ends = set(of.relationships["group_a"]) | set(of.relationships["group_b"])
    assert set(of.groups.loc[of.groups["degree"] > 0, "group_id"]) == ends
    assert (of.groups["counted"] | (of.groups["degree"] > 0)).all()
    leading = of.relationships[of.relationships["leads"]]
    median = figures["median_reach_km"]
    assert leading["reach_km"].median() == pytest.approx(np.nan if median is None else median, nan_ok=True)


@pytest.mark.parametrize("query", QUERIES)
def test_every_file_holds_the_same_ids(query, served, tmp_path):
    of = tables(query, served)
    ids, groups = of.relationships["relationship_id"].tolist(), of.groups["group_id"].tolist()
    assert read_csv(made_file("/api/relationships.csv", of))["relationship_id"].tolist() == ids
    assert read_csv(made_file("/api/groups.csv", of))["group_id"].tolist() == groups
    lines = json.loads(made_file("/api/relationships.geojson", of))
    assert [feature["id"] for feature in lines["features"]] == ids
    assert [f["id"] for f in json.loads(made_file("/api/groups.geojson", of))["features"]] == groups
    path = tmp_path / "view.gpkg"
    path.write_bytes(made_file("/api/view.gpkg", of))
    assert gpd.read_file(path, layer="relationships")["relationship_id"].tolist() == ids
    assert gpd.read_file(path, layer="groups")["group_id"].tolist() == groups
    graph = nx.read_graphml(io.BytesIO(made_file("/api/view.graphml", of)))
    assert sorted(graph.nodes) == groups
    assert sorted(i for *_, own in graph.edges(data="relationships") for i in own.split("|")) == ids
    assert graph.number_of_edges() == int(of.relationships["leads"].sum())
    keys = re.findall(r"^@misc\{(.+),$", made_file("/api/sources.bib", of).decode(), flags=re.M)
    assert keys == of.sources["source_id"].tolist()


def test_the_columns_of_the_contract_come_first(served):
    of = tables("", served)
    for route, columns in [
        ("/api/relationships.csv", (*RELATIONSHIP_COLUMNS, *RELATIONSHIP_DERIVED)),
        ("/api/groups.csv", (*GROUP_COLUMNS, *GROUP_DERIVED)),
        ("/api/sources.csv", (*SOURCE_COLUMNS, *SOURCE_DERIVED)),
    ]:
        assert tuple(read_csv(made_file(route, of)).columns) == columns
    readme = (CURATED / "README.md").read_text(encoding="utf-8")
    assert all(name in readme for name in (*RELATIONSHIP_COLUMNS, *GROUP_COLUMNS, *SOURCE_COLUMNS))


def file_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def csv_rows(body: bytes) -> list[dict[str, str]]:
    text = "".join(line for line in body.decode().splitlines(keepends=True) if not line.startswith("# "))
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(("name", "id_"), [("relationships", "relationship_id"), ("groups", "group_id")])
def test_the_whole_period_gives_back_the_files_of_the_dataset(name, id_, served):
    body = made_file(f"/api/{name}.csv", tables("since=1945&year=2020", served))
    wanted = {row[id_]: row for row in file_rows(CURATED / f"{name}.csv")}
    got = {row[id_]: row for row in csv_rows(body)}
    if name == "relationships":
        wanted = {key: row for key, row in wanted.items() if row["relation"] not in ("rival", "competitor")}
    assert set(got) == set(wanted)
    for key, row in wanted.items():
        for column, text in row.items():
            if column in ("lat", "lon"):
                assert (float(text) if text else None) == (float(got[key][column]) if got[key][column] else None)
            else:
                assert got[key][column] == text, (key, column)


def test_the_tiny_dataset_by_hand(tiny_atlas):
    served = {"tiny": tiny_atlas}
    of = tables("year=1993", served)
    rows = of.relationships.set_index("relationship_id")
    assert list(rows.index) == sorted(rows.index)
    assert rows.loc["bravo--delta--1991", "cooperation"] == "none"
    assert rows.loc["alpha--echo--1990", "cooperation"] == ""
    assert rows.loc["bravo--delta--1991", "tangible"] is np.False_ or not rows.loc["bravo--delta--1991", "tangible"]
    assert pd.isna(rows.loc["alpha--echo--1990", "tangible"])
    assert pd.isna(rows.loc["alpha--echo--1990", "cross_border"])
    assert pd.isna(rows.loc["alpha--echo--1990", "reach_km"])
    assert rows.loc["alpha--echo--1990", "shared_ideology"] == "not-recorded"
    assert rows.loc["foxtrot--golf--1985", ["start_year", "last_year", "region"]].tolist() == [1985, 2000, "oceania"]
    assert pd.isna(rows.loc["foxtrot--golf--1985", "end_year"])
    assert rows.loc[["alpha--bravo--1990", "alpha--bravo--1993"], "leads"].tolist() == [True, False]
    groups = of.groups.set_index("group_id")
    assert groups.loc["alpha", "degree"] == 4
    assert groups.loc["golf", "counted"]
    assert "hotel" not in groups.index


def test_the_lines_above_a_csv_say_what_it_is(served):
    of = tables("year=1985&ideology=islamist&foo=1", served)
    lines = comments(made_file("/api/relationships.csv", of))
    d = of.atlas.dataset
    for said in (
        f"# title: {d.title}",
        f"# version: {d.version}",
        f"# citation: {d.citation}",
        f"# licence: {d.licence}",
        f"# view: {of.words}",
        "# query: /?ideology=islamist&year=1985&data=2026.11",
        f"# made: {DAY}",
        "# notice: Unknown parameter 'foo' was ignored: see the list of parameters on the method page.",
    ):
        assert said in lines
    assert "SYNTHETIC" not in "".join(lines)
    again, notices = parse(of.query, served)
    assert (view(again, (), served)["relationships"], notices) == (of.relationships["relationship_id"].tolist(), ())


def odd_atlas(tmp_path, **more: str):
    rows = [
        {"group_id": "a", "name": EVIL, "aliases": "-x|#y", "base_place": "+1, \x07#2", "source_ids": "s1|@odd"},
        {"group_id": "b", "name": " \t=1+1\nx", "lat": "", "lon": ""},
        {"group_id": "c", "name": "@sum", "lat": "-33.5", "lon": "-70.5"},
    ]
    ties = [
        made.tie("a", "b", 1990, note='# no comment, "quoted"', source_ids="=1|s1"),
        made.tie("a", "c", 1990, note="-2+3"),
    ]
    return made.atlas(tmp_path / "made", rows, ties, **more)


def test_cells_that_a_spreadsheet_would_run_are_text(tmp_path):
    of = tables("year=1990", {"made": odd_atlas(tmp_path)})
    for route in ("/api/relationships.csv", "/api/groups.csv", "/api/sources.csv"):
        for row in csv_rows(made_file(route, of)):
            for column, text in row.items():
                assert column in ("lat", "lon") or not text.startswith(("=", "+", "-", "@", "\t")), (route, text)
    groups = {row["group_id"]: row for row in csv_rows(made_file("/api/groups.csv", of))}
    assert groups["a"]["name"] == f"'{EVIL}"
    assert (groups["c"]["lat"], groups["c"]["lon"]) == ("-33.5", "-70.5")
    frame = read_csv(made_file("/api/relationships.csv", of))
    assert frame["note"].tolist() == ['# no comment, "quoted"', "'-2+3"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1", "'=1"), ("\t=1", "'\t=1"), ("a,b", '"a,b"'), ('a"b', '"a""b"'), ("a#b", '"a#b"'), (-1.5, "-1.5"),
        (None, ""), (pd.NA, ""), (float("nan"), ""), (True, "true"), (3, "3"), ("", ""), ("x\x00y", "x\N{REPLACEMENT CHARACTER}y"),
    ],
)  # fmt: skip
def test_cells(value, written):
    assert cell(value) == written


def test_geojson_reads_back_with_nulls_where_an_end_is_not_located(tiny_atlas, tmp_path):
    of = tables("year=1993", {"tiny": tiny_atlas})
    body = made_file("/api/relationships.geojson", of)
    value = json.loads(body)
    assert value["type"] == "FeatureCollection"
    assert value["metadata"]["citation"] == "Made up for the tests"
    assert value["metadata"]["query"] == "/?year=1993&data=1.0"
    shapes = {feature["id"]: feature["geometry"] for feature in value["features"]}
    assert shapes["alpha--echo--1990"] is None
    assert shapes["foxtrot--golf--1985"]["type"] == "MultiLineString"
    assert [p[-1][0] for p in shapes["foxtrot--golf--1985"]["coordinates"][:1]] == [180.0]
    assert shapes["alpha--bravo--1990"]["coordinates"] == [[35.5, 33.89], [35.5, 33.89]]
    (tmp_path / "x.geojson").write_bytes(body)
    frame = gpd.read_file(tmp_path / "x.geojson").set_index("relationship_id")
    assert frame.geometry.isna().sum() == 1
    assert frame.loc["alpha--charlie--1992", "source_ids"] == "s2"
    points = json.loads(made_file("/api/groups.geojson", of))["features"]
    assert {f["id"]: f["geometry"] for f in points}["echo"] is None
    assert {f["id"]: f["properties"]["end_year"] for f in points}["alpha"] is None


@pytest.mark.parametrize("query", ["year=1993", "ideology=right_wing"])
def test_a_geopackage_reads_back(query, tiny_atlas, tmp_path):
    of = tables(query, {"tiny": tiny_atlas})
    path = tmp_path / "view.gpkg"
    path.write_bytes(made_file("/api/view.gpkg", of))
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["relationships", "groups", "sources", "about"]
    lines, points = gpd.read_file(path, layer="relationships"), gpd.read_file(path, layer="groups")
    assert (len(lines), len(points)) == (len(of.relationships), len(of.groups))
    assert lines.crs == points.crs == "EPSG:4326"
    assert [c for c in lines.columns if c != "geometry"] == list(of.relationships.columns)
    assert lines["end_year"].isna().tolist() == of.relationships["end_year"].isna().tolist()
    about = gpd.read_file(path, layer="about").set_index("key")["value"]
    assert about["citation"] == "Made up for the tests"
    assert about["view"] == of.words
    assert of.words in pyogrio.read_info(path, layer="groups")["layer_metadata"]["DESCRIPTION"]


def test_a_geopackage_leaves_nothing_behind(tiny_atlas, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made_file("/api/view.gpkg", tables("", {"tiny": tiny_atlas}))
    assert list(tmp_path.iterdir()) == []


def test_graphml_has_a_node_for_each_group_and_an_edge_for_each_pair(tiny_atlas):
    of = tables("year=1993", {"tiny": tiny_atlas})
    graph = nx.read_graphml(io.BytesIO(made_file("/api/view.graphml", of)))
    assert (graph.graph["citation"], graph.graph["view"]) == ("Made up for the tests", of.words)
    assert graph.graph["query"] == "/?year=1993&data=1.0"
    edge = graph.edges["alpha", "bravo"]
    assert (edge["relation"], edge["spells"], edge["relations"]) == ("ally", 2, "ally|associate")
    assert edge["relationships"] == "alpha--bravo--1990|alpha--bravo--1993"
    assert edge["cooperations"] == "material|training|operational"
    assert "reach_km" not in graph.edges["alpha", "echo"]
    assert graph.nodes["alpha"]["degree"] == 4
    assert graph.nodes["alpha"]["label"] == "Alpha Front"


def test_files_of_odd_text_can_be_read(tmp_path):
    of = tables("year=1990", {"made": odd_atlas(tmp_path)})
    graph = nx.read_graphml(io.BytesIO(made_file("/api/view.graphml", of)))
    assert graph.nodes["a"]["name"] == EVIL
    assert json.loads(made_file("/api/groups.geojson", of))["features"][0]["properties"]["name"] == EVIL
    path = tmp_path / "view.gpkg"
    path.write_bytes(made_file("/api/view.gpkg", of))
    assert gpd.read_file(path, layer="groups")["name"].tolist()[0] == EVIL
    keys = re.findall(r"^@misc\{(.+),$", made_file("/api/sources.bib", of).decode(), flags=re.M)
    assert len(keys) == len(set(keys)) == len(of.sources) == 3


def balanced(text: str) -> bool:
    """Whether braces close as BibTeX counts them: an escaped one too."""
    depth = 0
    for c in text:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0


@given(st.text())
def test_tex_is_balanced_and_has_no_bare_special(text):
    written = tex(text)
    assert balanced(written)
    assert not re.search(r"(?<!\\)[&%$#_]", written)
    assert "\n" not in written


def test_bibtex_escapes(tmp_path):
    folder = made.dataset(tmp_path / "made", made.groups("a", "b"), [made.tie("a", "b", 1990, source_ids="s1|S1|s.2")])
    rows = [
        {"source_id": "s1", "citation": r"R&D {50%} of $x_1 #2 ~ ^ \input{x} }", "url": "https://example.org/a_b?c={d}&e=%20"},
        {"source_id": "S1", "citation": "Other", "url": "javascript:alert(1)"},
    ]  # fmt: skip
    made.write(folder / "sources.csv", rows, list(made.SOURCE))
    (folder / "dataset.toml").write_text(
        made.TOML.format(status="observed", more="").replace("Made up for tests", "A @misc{x} citation")
    )
    of = tables("year=1990", {"made": made.load(folder)})
    text = made_file("/api/sources.bib", of).decode()
    assert balanced(text)
    assert r"R\&D \textbraceleft{}50\%\textbraceright{} of \$x\_1 \#2 \textasciitilde{} \textasciicircum{}" in text
    assert r"\textbackslash{}input" in text
    assert "url = {https://example.org/a_b?c=%7Bd%7D&e=%20}" in text
    assert "javascript" not in text
    assert re.findall(r"@misc\{(.+),", text) == ["S1", "s.2", "s1-2"]
    assert "% citation: A (at)misc{x} citation" in text
    assert "% synthetic" not in text


def test_synthetic_data_are_marked_in_every_file(tmp_path, tiny_atlas):
    served = {"made": odd_atlas(tmp_path, status="synthetic")}
    of = tables("year=1990", served)
    for spec in FORMATS:
        assert b"SYNTHETIC DATA" in spec.make(of, DAY), spec.route
        assert downloads.file_name(of, spec.what, spec.ending).endswith(f"-synthetic.{spec.ending}")
    for report in REPORTS:
        assert b"synthetic" in report.make(of.atlas, DAY).lower(), report.route
        assert downloads.report_name(of.atlas.dataset, report.what, "csv").endswith("-synthetic.csv")
    for spec in FORMATS:
        assert b"SYNTHETIC" not in spec.make(tables("", {"tiny": tiny_atlas}), DAY)


def test_the_report_names_every_problem(tmp_path):
    atlas = made.atlas(
        tmp_path / "made", made.groups("a", "b"), [made.tie("a", "b", 1990), made.tie("a", "=cmd()", 1990)]
    )
    of = tables("", {"made": atlas})
    body = made_file("/api/report.csv", of)
    rows = csv_rows(body)
    assert len(rows) == len(atlas.report.problems) > 0
    assert {row["severity"] for row in rows} >= {"set aside"}
    assert any(row["value"] == "'=cmd()" for row in rows)
    assert "# relationships.csv: 1 of 2 rows used" in comments(body)


def test_rows_that_are_not_used_are_a_file_with_their_own_text(tmp_path):
    ties = [
        made.tie("a", "b", 1990),
        made.tie("a", "a", 1990, note='said "no", left', relationship_id="r1"),
        made.tie("a", "=cmd()", 1990, relationship_id="r2"),
    ]
    folder = made.dataset(tmp_path / "made", [*made.groups("a", "b"), {"group_id": "=1+1"}], ties)
    with (folder / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("=s2,surplus,x,y\n")
    served = {"made": load(folder)}
    body = made_file("/api/set-aside.csv", tables("", served))
    rows = csv_rows(body)
    assert [(row["file"], row["line"], row["kind"], row["column"]) for row in rows] == [
        ("groups.csv", "4", "id", "group_id"),
        ("relationships.csv", "3", "self-loop", "group_b"),
        ("relationships.csv", "4", "end-set-aside", "group_b"),
        ("sources.csv", "3", "ragged", ""),
    ]
    assert rows[0]["value"] == "'=1+1"
    assert rows[0]["row"].startswith("'=1+1,=1+1,")
    assert rows[1]["row"] == 'r1,a,a,1990,,ally,material,mutual,high,"said ""no"", left",s1'
    assert rows[3]["row"] == "'=s2,surplus,x,y"
    assert all(row["mend"] and row["severity"] == "set aside" for row in rows)
    assert "# relationships.csv: 1 of 3 rows used" in comments(body)


def test_a_line_of_megabytes_is_cut_in_the_files_of_the_report(tmp_path):
    folder = made.dataset(tmp_path / "made", made.groups("a", "b"), [made.tie("a", "b", 1990)])
    with (folder / "groups.csv").open("a", encoding="utf-8") as file:
        file.write("x" * 1_000_000 + "\n")
    of = tables("", {"made": load(folder)})
    for spec in REPORTS:
        assert len(spec.make(of.atlas, DAY)) < 3 * MOST_LETTERS


@pytest.mark.parametrize("spec", REPORTS, ids=lambda spec: spec.route)
def test_reports_answer_for_any_size_of_dataset_with_a_named_file(client, monkeypatch, spec):
    monkeypatch.setattr(downloads, "MOST_ROWS", 1)
    answer = client.get(f"{spec.route}?since=1990&year=1999&nonsense=1")
    assert (answer.status_code, answer.content_type) == (200, spec.mimetype)
    named = f'attachment; filename="alliance-atlas-curated-{spec.what}-v2026.11.{spec.ending}"'
    assert answer.headers["Content-Disposition"] == named
    again = client.get(spec.route, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


# ---- routes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", FORMATS, ids=lambda spec: spec.route)
def test_routes_answer_with_a_named_file(client, spec):
    answer = client.get(f"{spec.route}?since=1990&year=1999")
    assert (answer.status_code, answer.content_type) == (200, spec.mimetype)
    named = f'attachment; filename="alliance-atlas-curated-{spec.what}-1990-1999-v2026.11.{spec.ending}"'
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "X-Atlas-Notices" not in answer.headers


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
@pytest.mark.parametrize("route", ["/api/relationships.csv", "/api/view.gpkg"])
def test_an_entity_tag_holds_in_every_encoding(client, route, encoding):
    sent = {"Accept-Encoding": encoding}
    first = client.get(f"{route}?year=1985", headers=sent)
    again = client.get(f"{route}?year=1985", headers=sent | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"{route}?year=1986", headers=sent | {"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_what_was_dropped_is_in_a_header_and_in_the_file(client):
    answer = client.get("/api/groups.csv?ideology=martian&year=1985&é=1")
    assert len(json.loads(answer.headers["X-Atlas-Notices"])) == 2
    assert sum(line.startswith("# notice:") for line in comments(answer.data)) == 2
    many = "&".join(f"p{n}=1" for n in range(900))
    answer = client.get(f"/api/groups.csv?{many}")
    assert answer.status_code == 200
    assert len(answer.headers["X-Atlas-Notices"]) < 8_000
    assert "# notice: and 880 more" in comments(answer.data)


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.binary(max_size=60))
def test_any_query_gives_a_file(client, query):
    for spec in (FORMATS[0], FORMATS[-1], REPORT):
        assert client.get(f"{spec.route}?{urllib.parse.quote(query)}").status_code == 200


def test_files_are_read_only(client):
    for spec in (*FORMATS, *REPORTS):
        assert client.post(spec.route).status_code == 405


def test_a_view_that_is_too_large_is_refused_with_a_way_out(client, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_ROWS", 10)
    answer = client.get("/api/groups.csv?year=1950")
    assert answer.status_code == 413
    assert "Narrow the view" in answer.text


def test_files_are_kept_within_bounds():
    shelf = Shelf(most_bytes=10)
    assert shelf.get("a", lambda: b"12345678") == shelf.get("a", lambda: b"never") == b"12345678"
    shelf.get("b", lambda: b"1234")
    assert (shelf.get("a", lambda: b"anew"), shelf.made) == (b"anew", 3)
    assert shelf.get("c", lambda: b"x" * 11) == b"x" * 11
