"""The page of one group: it is there for the groups of the dataset alone, and holds the whole record."""

from __future__ import annotations

import json
from html import escape

import pytest

import app
from callbacks.settings import Settings
from components.group_page import axis_of, group_page, group_record, ruled, ticks, whole
from components.markup import markup
from data.grammar import default
from data.index import index
from data.readers import load
from data.record import record
from tests import made
from tests.unit.test_routes import callback

EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


@pytest.fixture(scope="module")
def client(curated):
    return app.create_app({"curated": curated}, Settings()).server.test_client()


def shown(atlas, group: str):
    return group_record(index(atlas), default(atlas.dataset.slug, atlas), group)


def text_of(node) -> str:
    if isinstance(node, list | tuple):
        return "".join(text_of(child) for child in node)
    return text_of(node.children) if hasattr(node, "to_plotly_json") and hasattr(node, "children") else str(node or "")


def nodes(component, **attributes):
    """Parts of the page that have these attributes; a value of None stands for any."""
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    for node in component._traverse():
        props = node.to_plotly_json()["props"] if hasattr(node, "to_plotly_json") else {}
        if all(name in props and value in (None, props[name]) for name, value in wanted.items()):
            yield node


def test_only_groups_of_the_dataset_have_a_page(client):
    assert client.get("/group/hezbollah").status_code == 200
    for path in ("/group/", "/group", "/group/nobody", "/group/hezbollah/", "/group/%00", "/group/<b>"):
        assert client.get(path).status_code == 404, path


def test_the_title_is_the_group_s(client):
    text = client.get("/group/hezbollah?year=1985").text
    assert "<title>Hezbollah - Alliance Atlas</title>" in text
    assert "js/group.js" in text
    assert "vendor/plotly-geo.min.js" in text
    assert "js/group.js" not in client.get("/").text


def test_the_router_answers_the_page(client):
    answer = callback(client, "page", "/group/hezbollah?ideology=leftist")
    assert '"data-group":"hezbollah"' in answer.text
    assert "Party of God" in client.get("/api/record?group=hezbollah&ideology=leftist").text
    for query in ("", "group=nobody", "group=%00"):
        assert client.get(f"/api/record?{query}").status_code == 404


@pytest.mark.parametrize("group", ["hezbollah", "al-qaeda", "gia", "abu-salim-martyrs-brigade"])
def test_every_relationship_is_there_with_its_sources(curated, group):
    page, r = shown(curated, group), record(curated, group)
    html, whole = markup(page), text_of(page)
    cites = {
        node.id: text_of(node.children[0])
        for node in page._traverse()
        if str(getattr(node, "id", "")).startswith("source-")
    }
    known = dict(zip(curated.sources["source_id"], curated.sources["citation"], strict=True))
    spells = {node.to_plotly_json()["props"]["data-relationship"]: node for node in nodes(page, data_relationship=None)}
    assert set(spells) == {x.relationship_id for x in (*r.alliances, *r.rivalries)}
    for x in (*r.alliances, *r.rivalries):
        node = spells[x.relationship_id]
        assert x.kind in text_of(node)
        assert x.note in text_of(node)
        assert f"Confidence {x.confidence}" in text_of(node)
        assert all(type_.lower() in text_of(node) for type_ in x.types)
        leads = [
            part.href.removeprefix("#") for part in node._traverse() if getattr(part, "className", "") == "reference"
        ]
        assert [cites[id_] for id_ in leads] == [known[id_] for id_ in x.source_ids]
        assert f'href="/group/{x.partner_id}"' in html
    for source in r.sources:
        assert source.citation in whole
        assert not source.url or f'href="{escape(source.url)}"' in html


def test_bars_say_what_they_stand_for(tmp_path):
    ties = [
        made.tie("a", "b", 1985, 1989),
        made.tie("a", "b", 1990, 1990, relation="rival"),
        made.tie("c", "a", 1986, 1990, cooperation="rhetorical", confidence="low", direction="a_to_b"),
        made.tie("a", "d", 1990, cooperation=""),
    ]
    atlas = made.atlas(tmp_path / "bars", made.groups("a", "b", "c", "d", start_year="1985"), ties)
    page = shown(atlas, "a")
    looks = {
        node.to_plotly_json()["props"]["data-relationship"]: (node.children[0].children.className, text_of(node))
        for node in nodes(page, data_relationship=None)
    }
    assert looks["a--b--1985"][0] == "bar bar-alliance"
    assert looks["a--b--1990"][0] == "bar bar-rivalry"
    assert looks["c--a--1986"][0] == "bar bar-alliance bar-rhetorical bar-faint"
    assert looks["a--d--1990"][0] == "bar bar-alliance bar-uncoded bar-open"
    assert "this group received" in looks["c--a--1986"][1]
    # Both relationships with b stand together.
    assert [text_of(node.children[0]) for node in nodes(page, className="partner")] == ["B", "C", "D"]
    assert "4 relationships with 3 groups: 3 alliances, 1 rivalry" in text_of(page)


def test_charts_hold_the_measures_and_the_table_says_them(tmp_path):
    ties = [made.tie("x", "a", 1990, 1992), made.tie("x", "b", 1991, 1992), made.tie("a", "b", 1992, 1994)]
    atlas = made.atlas(tmp_path / "ego", made.groups("a", "b", "x", start_year="1985", end_year="1995"), ties)
    page = shown(atlas, "x")
    degree, density = (json.loads(node.to_plotly_json()["props"]["data-ego"]) for node in nodes(page, data_ego=None))
    assert (degree["axis"], degree["first"]) == ([1985, 1995], 1985)
    assert degree["values"] == [0, 0, 0, 0, 0, 1, 2, 2, 0, 0, 0]
    assert density["values"] == [None] * 6 + [0.0, 1.0] + [None] * 3
    rows = [[text_of(cell) for cell in row.children] for row in nodes(page) if type(row).__name__ == "Tr"]
    assert rows[1:] == [["1990", "1", "0", "\u2013"], ["1991", "2", "0", "0%"], ["1992", "2", "1", "100%"]]
    assert next(nodes(page, data_keep="dataset")).href == "/?group=x&year=1992"


def test_the_family_leads_to_its_members_with_their_sources(tmp_path):
    kin = [
        {"from_id": "a", "to_id": "b", "year": "1986", "kind": "split"},
        {"from_id": "b", "to_id": "x", "year": "1990", "kind": "renamed"},
        {"from_id": "x", "to_id": "y", "year": "1995", "kind": "merged", "note": "A merger"},
    ]
    folder = made.dataset(tmp_path / "kin", made.groups("a", "b", "x", "y", start_year="1985"), [], kin=kin)
    page = shown(load(folder), "x")
    said = [text_of(node) for node in nodes(page) if "generation" in str(getattr(node, "className", "")).split()]
    assert [text.split("1985")[0] for text in said] == [
        "Two generations beforeA ", "PredecessorsB ", "This groupX ", "SuccessorsY ",
    ]  # fmt: skip
    assert "1986: B split from it. Sources 1" in said[0]
    assert "1990: renamed X. Sources 1" in said[1]
    assert "1995: X merged into it. A merger. Sources 1" in said[3]
    assert "None in this dataset" in text_of(page)
    assert not list(nodes(page, data_ego=None))


def test_names_that_look_like_markup_stay_text(tmp_path):
    groups = [
        {"group_id": "a", "name": EVIL, "aliases": EVIL, "base_place": EVIL},
        {"group_id": "b", "name": f"{{}}{EVIL}"},
    ]
    kin = [{"from_id": "b", "to_id": "a", "year": "1991", "kind": "split", "note": EVIL}]
    folder = made.dataset(tmp_path / "evil", groups, [made.tie("a", "b", 1990, note=EVIL)], kin=kin)
    atlas = load(folder)
    client = app.create_app({"evil": atlas}, Settings()).server.test_client()
    assert "<script>window" not in client.get("/group/a").text
    assert "<img src=x" not in client.get("/group/a").text
    html = client.get("/api/record?group=a").text
    assert "<img" not in html
    assert html.count(escape(EVIL)) >= 6


def test_made_up_data_are_labelled(tmp_path):
    atlas = made.atlas(tmp_path / "made", made.groups("a", "b"), [made.tie("a", "b", 1990)], status="synthetic")
    assert "SYNTHETIC DATA" in text_of(shown(atlas, "a"))
    assert "SYNTHETIC DATA" in text_of(group_page(index(atlas), default(atlas.dataset.slug, atlas), "a"))


def test_a_group_that_is_not_there_is_refused(curated):
    with pytest.raises(KeyError):
        whole(index(curated), default("curated", curated), "nobody")


def test_axes():
    assert axis_of((1990, 1990)) == (1987, 1994)
    assert axis_of((1945, 2020), (1921, 1990)) == (1921, 2020)
    assert ticks((1987, 1994)) == [1988, 1990, 1992, 1994]
    assert ticks((1921, 2020)) == [1940, 1960, 1980, 2000, 2020]
    # The ruling begins in the middle of 1988, the second of eight years, and has a line every two.
    assert ruled((1987, 1994)) == {"--from": "18.750%", "--step": f"{100 * 2 / 6.5:.3f}%"}


@pytest.mark.parametrize("group", ["hezbollah", "gia"])
def test_the_card_leads_to_the_page(client, group):
    assert f'href="/group/{group}"' in client.get(f"/api/card?card={group}").text


def test_the_charts_numbers_are_a_file(client, curated):
    (link,) = nodes(shown(curated, "hezbollah"), download="")
    address = link.to_plotly_json()["props"]["href"]
    assert address == "/api/measures/ego.csv?group=hezbollah"
    assert client.get(address).status_code == 200
