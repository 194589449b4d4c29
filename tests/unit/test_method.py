"""The method page says every definition, leads to every file of numbers, and agrees with itself."""

from __future__ import annotations

import re

import pytest
from dash import html

import app
from callbacks.settings import Settings
from components.definitions import formula
from components.markup import markup
from components.method import sections
from data.formats import FORMATS, REPORTS, dataset_bibtex
from data.grammar import PARAMETERS, default, parse
from data.index import index
from data.measures.ego import EGO
from data.measures.key_figures import KEY_FIGURES
from data.measures.phases import RULE
from data.measures.series import CHARTS
from data.measures.survival import SURVIVAL
from data.readers import load
from tests import made
from tests.unit.test_routes import callback


@pytest.fixture(scope="module")
def client(curated):
    return app.create_app({"curated": curated}, Settings()).server.test_client()


@pytest.fixture(scope="module")
def page(curated):
    selection, _ = parse("ideology=islamist&year=2006&group=hezbollah", {"curated": curated})
    return {section.anchor: markup(section.children) for section in sections(index(curated), selection)}


def test_every_definition_is_there_with_its_source(page):
    text = "".join(page.values()).replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    definitions = [*KEY_FIGURES, *EGO, *SURVIVAL, *(d for chart in CHARTS for d in chart.definitions)]
    for d in definitions:
        for said in (d.label, d.text, d.source):
            assert said in text, d.key
    assert RULE in text
    assert all(f"<code>{p.key}</code>" in page["address"] for p in PARAMETERS)


def test_the_contents_lead_to_every_section(client):
    assert '"id":"atlas-method"' in callback(client, "page", "/method").text
    text = client.get("/api/method").text
    anchors = re.findall(r'href="#([a-z]+)"', text)
    assert {"data", "limits", "cite"} <= set(anchors)  # other pages lead to these
    for anchor in set(anchors):
        assert text.count(f' id="{anchor}"') == 1, anchor


def test_every_address_of_numbers_is_listed_and_answers(client, page):
    listed = re.findall(r'data-file="([^"]+)"', page["files"])
    wanted = {f"/api/measures/{chart.key}.csv" for chart in CHARTS} | {spec.route for spec in FORMATS}
    wanted |= {"/api/measures/survival.csv", "/api/measures/ego.csv", "/api/view", "/api/payload"} | {
        spec.route for spec in REPORTS
    }
    assert set(listed) == wanted
    for path in wanted:
        if "survival" not in path:  # it takes a second, and its own tests
            assert client.get(f"{path}?group=hezbollah&year=2006").status_code == 200, path


def test_without_a_group_in_view_its_file_is_named_and_not_linked(curated):
    parts = {s.anchor: markup(s.children) for s in sections(index(curated), default("curated", curated))}
    assert 'data-file="/api/measures/ego.csv"' not in parts["files"]
    assert "/api/measures/ego.csv?group=" in parts["files"]


def test_numbers_of_coverage_are_those_of_the_data(page):
    assert "1,283 groups (1,283 located), 1,558 co-operative relationships" in page["data"]
    for said in ("<td>1,283</td>", "<td>1,558</td>", "<td>7,595</td>"):
        assert said in page["coverage"]
    assert "(102 of 1,283)" in page["limits"]


def test_the_view_is_said_for_its_citation(page):
    assert "Alliances of Islamist groups touching Hezbollah, 2006: " in page["cite"]


def test_formulas_are_set():
    assert markup(formula("v^2 = sum of d_u / (n_u - d_kk) <= h_0(t)")) == (
        "v<sup>2</sup> = sum of d<sub>u</sub> / (n<sub>u</sub> \u2212 d<sub>kk</sub>) \u2264 h<sub>0</sub>(t)"
    )
    assert formula("plain words") == ["plain words"]
    assert isinstance(formula("d_i")[1], html.Sub)


def test_the_dataset_is_a_bibtex_entry(curated, tmp_path):
    assert dataset_bibtex(curated.dataset).startswith("@misc{curated-2026.11,\n  title = {{Armed-group alliances,")
    assert "CC BY 4.0" in dataset_bibtex(curated.dataset)
    fake = load(made.dataset(tmp_path / "fake_%", made.groups("a"), [], status="synthetic"))
    entry = dataset_bibtex(fake.dataset)
    assert entry.startswith("@misc{fake")
    assert "SYNTHETIC" in entry
    assert entry.count("{") == entry.count("}")


def test_what_a_file_says_of_itself_stays_text(tmp_path):
    evil = '[[limit]]\ntitle = "<b>bold</b>"\ntext = "</textarea><script>x</script>"'
    atlas = load(made.dataset(tmp_path / "evil", made.groups("a"), [], more=evil))
    text = "".join(markup(s.children) for s in sections(index(atlas), default("evil", atlas)))
    assert "<b>" not in text
    assert "<script>" not in text
