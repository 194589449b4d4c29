"""Each claim is judged by its rule, and never where the data cannot bear it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import app
from callbacks.settings import Settings
from data.findings import findings, slow_findings
from data.grammar import default
from data.index import index
from data.published import INSTANCES
from tests import made
from tests.unit.test_routes import callback


def judged(atlas, **changes):
    asked = index(atlas), replace(default(atlas.dataset.slug, atlas), **changes)
    return {f.key: f for f in (*findings(*asked), *slow_findings(*asked))}


def test_there_are_twelve_claims_each_with_its_rule(curated):
    found = judged(curated)
    assert len(found) == 12
    assert all(f.claim and f.figure and f.ours and f.reason and f.definition for f in found.values())


def test_a_sample_cannot_judge_totals_isolation_or_the_unallied(curated):
    found = judged(curated)
    for key in ("groups", "instances", "isolated", "first-year", "outlive"):
        assert found[key].verdict == "cannot be judged"
        assert "sample" in found[key].reason
    assert found["peak"].verdict == "differs"
    assert "2015" in found["peak"].ours


def test_a_set_with_the_articles_totals_and_curve_is_consistent(mgar):
    found = judged(mgar)
    for key in ("groups", "instances", "growth", "rise", "lull", "peak", "isolated"):
        assert found[key].verdict == "consistent", (key, found[key].ours)
    assert "2,613" in found["groups"].ours
    assert INSTANCES == 15_000


def test_instances_are_dyad_years_once_per_direction(tmp_path):
    atlas = made.atlas(
        tmp_path / "two", made.groups(*"abc"), [made.tie("a", "b", 1990, 1999), made.tie("b", "c", 1990, 1990)]
    )
    assert judged(atlas)["instances"].ours.startswith("22: 11 dyad-years")


def test_filters_take_the_totals_away(mgar):
    found = judged(mgar, ideology=("islamist",))
    assert found["groups"].verdict == "cannot be judged"
    assert "filters" in found["groups"].reason


def test_nothing_in_view_is_said_and_judged_nowhere(tmp_path):
    atlas = made.atlas(tmp_path / "none", made.groups("a"), [])
    found = judged(atlas)
    for key in ("growth", "rise", "lull", "peak", "islamist", "tangible", "outlive", "sustains"):
        assert found[key].verdict == "cannot be judged", key


def test_a_vocabulary_without_islamists_cannot_judge_them(tmp_path):
    more = '[[ideology]]\nid = "red"\nlabel = "Red"\n'
    groups = made.groups(*"ab", ideologies="red")
    atlas = made.atlas(tmp_path / "red", groups, [made.tie("a", "b", 1985, 1990)], more=more)
    assert judged(atlas)["islamist"].verdict == "cannot be judged"


@pytest.fixture(scope="module")
def client(curated):
    return app.create_app({"curated": curated}, Settings()).server.test_client()


def worked_out(client, output, address):
    answer = callback(client, output, address)
    assert answer.status_code == 200
    return json.dumps(answer.json)


def test_the_page_works_its_content_out_by_two_callbacks(client):
    claims = worked_out(client, "atlas-findings", "/findings?ideology=leftist")
    for said in ("cannot be judged", "/api/measures/active.csv?ideology=leftist"):
        assert said in claims
    assert "Allied groups outlive" not in claims
    assert "shared ideology sustains" not in claims
    text = worked_out(client, "atlas-survival", "/findings?ideology=leftist&year=1985")
    for said in (
        "Allied groups outlive",
        "shared ideology sustains",
        "immortal time",
        "Hazard ratio",
        "x log(age)",
        '/api/measures/survival.csv?ideology=leftist"',
        "/findings?ideology=leftist&year=1985&everyend=1#survival",
    ):
        assert said in text


def test_every_end_can_be_counted(client):
    text = worked_out(client, "atlas-survival", "/findings?ideology=leftist&everyend=1&data=old")
    assert "/api/measures/survival.csv?ideology=leftist&everyend=1" in text
    assert "/findings?ideology=leftist#survival" in text
    few, many = (
        dict(
            line.rsplit(",", 1)
            for line in client.get(f"/api/measures/survival.csv?{query}").text.splitlines()
            if line.startswith(",cox_")
        )
        for query in ("ideology=leftist", "ideology=leftist&everyend=1")
    )
    assert int(many[",cox_events,alliance"]) > int(few[",cox_events,alliance"])
    assert float(many[",cox_ratio,alliance"]) != float(few[",cox_ratio,alliance"])
    assert ",cox_proportional_coefficient,alliance" in few
    assert "# Every end counts as a failure" in client.get("/api/measures/survival.csv?everyend=1").text


def test_groups_of_no_status_are_said(tmp_path):
    ends = {"start_year": "1985", "end_year": "1995", "end_type": "defeated"}
    atlas = made.atlas(tmp_path / "out", made.groups(*"abcd", **ends), [made.tie("a", "b", 1986, 1990, cooperation="")])
    client = app.create_app({"out": atlas}, Settings()).server.test_client()
    text = worked_out(client, "atlas-survival", "/findings")
    assert "2 groups are left out" in text
    assert "landmark_3_left_out,content,2" in client.get("/api/measures/survival.csv").text


def test_the_survival_file_holds_every_curve(client):
    text = client.get("/api/measures/survival.csv?year=2000").text
    assert "age,measure,split,value" in text
    for said in ("landmark_1_survival", "landmark_5_at_risk", "ever_biased_survival", "cox_ratio", "immortal"):
        assert said in text
    for said in ("Kaplan", "Greenwood", "Mantel", "Anderson", "Efron", "Cox"):
        assert said in text
