"""The data page: rows of its tables, what it says, where corrections go."""

from __future__ import annotations

import json
import re

import pytest

import app
from callbacks.settings import Settings, corrections, from_environment
from components.data_page import TABLES, data_page
from components.markup import markup
from components.quality import MOST_OF_A_KIND
from data.downloads import extract
from data.errors import AtlasError
from data.grammar import parse
from data.index import index
from data.readers import load
from data.view import view
from tests import made


@pytest.fixture(scope="module")
def served(curated):
    return {"curated": curated}


@pytest.fixture(scope="module")
def client(served):
    return app.create_app(served, Settings(corrections="mailto:data@example.org")).server.test_client()


def nodes(atlas, query: str = ""):
    selection, _ = parse(query, {atlas.dataset.slug: atlas})
    return list(data_page(index(atlas), selection)._traverse())


def grids(atlas, query: str = "") -> dict[str, list[dict]]:
    return {str(n.id).split("-")[-1]: n.rowData for n in nodes(atlas, query) if type(n).__name__ == "AgGrid"}


def words(atlas, query: str = "") -> str:
    """Text of the page outside its tables."""
    texts = [getattr(node, "children", None) for node in nodes(atlas, query)]
    inside = [part for children in texts for part in (children if isinstance(children, list) else [children])]
    return " ".join(part for part in inside if isinstance(part, str))


@pytest.mark.parametrize(
    "query", ["", "year=1985&ideology=leftist", "since=1990&year=1999&group=hezbollah", "year=1946&region=caribbean"]
)
def test_the_tables_hold_the_rows_of_the_view(query, curated, served):
    found, wanted = grids(curated, query), view(*parse(query, served), served)
    assert sorted(row["id"] for row in found["relationships"]) == wanted["relationships"]
    assert sum(row["degree"] > 0 for row in found["groups"]) == wanted["key_figures"]["allied_groups"]
    of = extract(*parse(query, served), served)
    assert (len(found["groups"]), len(found["sources"])) == (len(of.groups), len(of.sources))
    json.dumps(found)


def test_every_column_is_a_field_of_the_rows(curated):
    found = grids(curated)
    for table in TABLES:
        fields = {column["field"] for column in table.columns if "field" in column}
        named = {
            id_
            for column in table.columns
            for key, id_ in column.get("cellRendererParams", {}).items()
            if key != "about"
        }
        assert fields | named <= set(found[table.key][0]), table.key
        assert not any("function" in str(column) for column in table.columns)


def test_what_is_missing_is_said(tiny_atlas):
    found = grids(tiny_atlas, "year=1993")
    ties = {row["id"]: row for row in found["relationships"]}
    assert (ties["alpha--echo--1990"]["types"], ties["alpha--echo--1990"]["reach"]) == ("Not coded", None)
    assert ties["alpha--echo--1990"]["ideology"] == "Not recorded"
    assert ties["bravo--delta--1991"]["types"] == "No type"
    groups = {row["id"]: row for row in found["groups"]}
    assert (groups["echo"]["ideologies"], groups["echo"]["precision"], groups["echo"]["country"]) == (
        "Not recorded",
        "not located",
        "",
    )
    assert grids(tiny_atlas, "year=1996")["relationships"]


def test_the_words_of_the_view_and_its_filters_stand_above(curated):
    said = words(curated, "year=1985&ideology=leftist&group=hezbollah")
    assert "Alliances of Leftist groups touching Hezbollah, 1985" in said
    assert "No filter" not in said
    assert "No filter" in words(curated)


def quality_of(atlas):
    return next(n for n in nodes(atlas) if getattr(n, "className", "") == "quality")


def test_problems_are_listed_by_kind_up_to_a_bound(tmp_path):
    ties = [made.tie("a", f"gone{n}", 1990) for n in range(MOST_OF_A_KIND + 20)]
    ties += [made.tie("a", "a", 1990), made.tie("a", "b", 1985)]
    atlas = made.atlas(tmp_path / "made", made.groups("a", "b"), [made.tie("a", "b", 1990), *ties])
    said = words(atlas)
    assert f"{MOST_OF_A_KIND + 21} rows set aside, 0 values not used, 1 warning" in said
    assert f"relationships.csv: 2 of {MOST_OF_A_KIND + 23} rows used" in said
    listed = [n for n in quality_of(atlas)._traverse() if getattr(n, "data-problem", None)]
    assert len(listed) == MOST_OF_A_KIND + 2
    assert "And 20 more of this kind in the report." in said
    for kind in ("end set aside", "self loop", "spell before group"):
        assert kind in said


def test_a_problem_of_a_row_that_is_kept_leads_to_it_and_each_to_itself(tmp_path):
    ties = [made.tie("a", "b", 1985), made.tie("a", "a", 1990)]
    atlas = made.atlas(tmp_path / "made", made.groups("a", "b"), ties)
    links = [n.href for n in quality_of(atlas)._traverse() if type(n).__name__ == "A" and "api" not in n.href]
    assert sorted(links) == ["#problem-1", "#problem-2", "/group/a"]


def test_what_the_reader_says_and_the_rows_not_used_are_there(tmp_path, tiny_atlas):
    path = tmp_path / "pairs.csv"
    path.write_text("group_a,group_b,year,kind\nA,B,1990,ally\nA,State,1990,host\n", encoding="utf-8")
    atlas = load(path)
    said = words(atlas)
    assert "group_a is column 'group_a'" in said
    assert "0 rows set aside, 0 values not used, 1 row kept out" in said
    assert "/api/set-aside.csv" in markup(quality_of(atlas))
    assert "/api/set-aside.csv" not in markup(quality_of(tiny_atlas))
    assert "Nothing was found to report." in words(tiny_atlas)


def test_the_quality_of_odd_text_is_inert(tmp_path):
    ties = [made.tie("a", "b", 1990), made.tie("a", "<img src=x onerror=alert(1)>", 1990)]
    atlas = made.atlas(tmp_path / "made", made.groups("a", "b"), ties)
    quality = next(n for n in nodes(atlas) if getattr(n, "className", "") == "quality")
    assert "<img" not in markup(quality)


def test_only_the_data_page_loads_the_grid_and_its_script(client):
    for path, loads in (("/data", True), ("/", False), ("/method", False), ("/embed", False)):
        text = client.get(path).text
        assert ("/dash_ag_grid/" in text) == loads, path
        assert ("js/tables.js" in text) == loads, path


def test_the_address_of_corrections_reaches_the_scripts_only_when_set(client, served):
    def boot(client) -> dict:
        return json.loads(re.search(r'id="atlas-boot">(.*?)</script>', client.get("/data").text)[1])

    assert boot(client)["corrections"] == "mailto:data@example.org"
    assert boot(app.create_app(served, Settings()).server.test_client())["corrections"] == ""


@pytest.mark.parametrize(
    "text", ["", " https://example.org ", "https://example.org/new?labels=data&x=%20", "mailto:data.team@example.org"]
)
def test_addresses_for_corrections_are_read(text):
    assert corrections(text) == text.strip()
    assert from_environment({"ATLAS_CORRECTIONS": text}).corrections == text.strip()


@pytest.mark.parametrize(
    "text",
    ["http://example.org", "javascript:alert(1)", "https://", "https://a b", "https://example.org/#x", 'https://example.org/"><x',
     "mailto:x", "mailto:a@b?cc=c@d", "//example.org", "data:text/html,x"],
)  # fmt: skip
def test_other_addresses_for_corrections_are_refused(text):
    with pytest.raises(
        AtlasError, match=r"ATLAS_CORRECTIONS: .* is not an address for corrections; mend: write an https"
    ):
        from_environment({"ATLAS_CORRECTIONS": text})


def test_synthetic_data_are_marked(tmp_path):
    atlas = made.atlas(tmp_path / "made", made.groups("a", "b"), [made.tie("a", "b", 1990)], status="synthetic")
    assert "SYNTHETIC DATA" in words(atlas)
