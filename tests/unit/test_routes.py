"""Routes, headers, caching and refusals, through the WSGI app."""

from __future__ import annotations

import gzip
import json
import logging
import re
from urllib.parse import quote

import brotli
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import app
from callbacks.settings import Settings, embed_hosts
from components import ids
from data.errors import AtlasError
from data.grammar import parse
from data.payload import payload
from data.view import view
from tests import made

HOST = "https://policy.example.org"


class Whole(FlaskClient):
    """Reads every answer to its end and closes it, as a server does: files that were served do not stay open."""

    def open(self, *args, **kwargs):
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture(scope="module")
def served(curated):
    return {"curated": curated}


@pytest.fixture(scope="module")
def client(served):
    server = app.create_app(served, Settings(embed_hosts=(HOST,))).server
    server.test_client_class = Whole
    return server.test_client()


def test_healthz(client, curated):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    assert answer.json["datasets"]["curated"]["hash"] == curated.dataset.hash


@pytest.mark.parametrize(
    "path", ["/", "/data", "/method", "/embed", "/?year=1985&ideology=islamist", "/embed?colour=kind"]
)
def test_pages_answer(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Alliance Atlas" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/group/x",
        "/api/nothing",
        "/assets/nothing.css",
        "/assets/../app.py",
        "/%00",
        "/assets/%00",
        "/_dash-component-suites/nothing/x.js",
        "/_dash-component-suites/dash/../dash.py",
        "/embed/x",
        "/method/x",
    ],
)
def test_unknown_paths_answer_404(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_read_only(client, method):
    for path in ("/", "/embed", "/api/view", "/api/payload"):
        assert getattr(client, method)(path).status_code == 405


def rules(answer) -> dict[str, str]:
    policy = answer.headers["Content-Security-Policy"]
    return dict(rule.strip().split(" ", 1) for rule in policy.split(";"))


def test_framing_is_for_configured_hosts_on_the_embed_and_for_self_elsewhere(client):
    assert rules(client.get("/embed"))["frame-ancestors"] == f"'self' {HOST}"
    assert "X-Frame-Options" not in client.get("/embed").headers
    for path in ("/", "/method", "/api/view", "/nothing", "/assets/css/tokens.css"):
        assert rules(client.get(path))["frame-ancestors"] == "'self'"
        assert client.get(path).headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_policy_allows_no_inline_script_and_no_eval(client):
    for path in ("/", "/embed", "/method"):
        scripts = rules(client.get(path))["script-src"]
        assert "unsafe" not in scripts
        assert "http" not in scripts


def test_no_cookie_is_ever_set(client):
    for path in ("/", "/embed", "/method", "/api/view", "/api/payload", "/healthz"):
        assert "Set-Cookie" not in client.get(path).headers


@pytest.mark.parametrize("text", ["https://a.example", "http://127.0.0.1:8099 https://*.b.example, https://c.example/"])
def test_embed_hosts_are_read(text):
    assert all(host in text for host in embed_hosts(text))


@pytest.mark.parametrize(
    "text", ["*", "a.example", "https://a.example; script-src *", "javascript:x", "https://a/path"]
)
def test_embed_hosts_that_could_break_the_policy_are_refused(text):
    with pytest.raises(AtlasError, match=r"ATLAS_EMBED_HOSTS.*mend"):
        embed_hosts(text)


@pytest.mark.parametrize(("encoding", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_answers_are_compressed(client, encoding, decode):
    for path in ("/", "/api/payload", "/api/view", "/assets/vendor/plotly-geo.min.js", "/assets/css/tokens.css"):
        answer = client.get(path, headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding, path
        assert decode(answer.data)
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_the_payload_is_a_pure_function_of_what(client, served):
    selection, notices = parse("kind=ally", served)
    wanted = json.loads(json.dumps(payload(selection, notices, served)))
    assert client.get("/api/payload?kind=ally").json == wanted
    assert client.get("/api/payload?kind=ally&year=1980&colour=kind&rivals=1").json == wanted


def test_the_payload_has_an_entity_tag_that_holds(client):
    first = client.get("/api/payload?kind=ally", headers={"Accept-Encoding": "br"})
    tag = first.headers["ETag"]
    again = client.get("/api/payload?kind=ally", headers={"Accept-Encoding": "br", "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/api/payload?kind=fan", headers={"Accept-Encoding": "br", "If-None-Match": tag})
    assert other.status_code == 200
    assert "public" in first.headers["Cache-Control"]


def test_the_view_answers_with_the_contract(client, served):
    answer = client.get("/api/view?year=1985&ideology=leftist&foo=1").json
    keys = ("dataset", "selection", "notices", "year", "since", "key_figures", "series", "relationships")
    assert set(keys) <= set(answer)
    assert (answer["year"], answer["since"], len(answer["notices"])) == (1985, None, 1)
    assert list(answer["series"]) == [str(year) for year in range(1945, 2021)]
    assert answer["series"]["1985"] == answer["key_figures"]["alliances"]
    selection, _ = parse("year=1985&ideology=leftist", served)
    assert answer["relationships"] == view(selection, (), served)["relationships"]


def test_view_and_payload_have_the_same_numbers(client):
    for query in ("", "region=western-asia", "group=hezbollah&hops=2"):
        shown = client.get(f"/api/payload?{query}").json
        for year in (1950, 1985, 2015):
            answer = client.get(f"/api/view?{query}&year={year}").json
            at = year - 1945
            assert answer["key_figures"] == {key: values[at] for key, values in shown["key_figures"].items()}
            assert answer["facets"] == {
                key: {value: counts[at] for value, counts in values.items()} for key, values in shown["facets"].items()
            }
            assert list(answer["series"].values()) == shown["key_figures"]["alliances"]


def test_browsers_keep_assets_whose_address_changes_with_them(client):
    text = client.get("/").text
    scripts = re.findall(r'src="(/assets/[^"]+)"', text)
    assert len(scripts) > 20
    for address in (scripts[0], scripts[-1]):
        assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for address in ("/assets/js/dom.js", "/assets/none.js?m=1", "/api/view?m=1", "/"):
        assert "immutable" not in client.get(address).headers.get("Cache-Control", "")


def test_search_finds_names_and_aliases(client):
    found = client.get("/api/search?q=hizballah").json["groups"]
    assert (found[0]["id"], found[0]["alias"]) == ("hezbollah", "Hizballah")
    assert client.get("/api/search").json == {"groups": []}
    assert client.get("/api/search?q=" + "x" * 5000).json == {"groups": []}


def callback(client, id_: str, address: object):
    """Answer of the callback that writes to an id for the address of a page, called as the page calls it."""
    known = client.get("/_dash-dependencies").json
    output = next(c["output"] for c in known if c["output"].strip(".") == f"{id_}.children")
    body = {
        "output": output,
        "outputs": [{"id": id_, "property": "children"}],
        "inputs": [{"id": ids.PATH, "property": ids.ADDRESS, "value": address}],
        "changedPropIds": [f"{ids.PATH}.{ids.ADDRESS}"],
    }
    return client.post("/_dash-update-component", json=body)


def test_the_card_answers_for_a_group_alone(client):
    answer = client.get("/api/card?dataset=curated&card=hezbollah")
    assert (answer.status_code, "Hezbollah" in answer.text) == (200, True)
    for query in ("", "card=nobody", "dataset=nothing&card=", "card=%00"):
        assert client.get(f"/api/card?{query}").status_code == 404


OUTPUTS = ["..page.children..", "page.children", "nothing.children"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "property",
                    "value",
                    "output",
                    "outputs",
                    "inputs",
                    "state",
                    "changedPropIds",
                    "dataset",
                    "group",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=VALUES
    | st.fixed_dictionaries({"output": st.sampled_from(["page.children", "..page.children.."]), "inputs": VALUES})
)
def test_malformed_bodies_answer_400_and_nothing_answers_5xx(client, body):
    logging.getLogger("atlas").setLevel(logging.CRITICAL)
    answer = client.post("/_dash-update-component", data=json.dumps(body), content_type="application/json")
    assert answer.status_code in (200, 204, 400)


def test_a_body_that_does_not_say_that_it_is_json_answers_400(client):
    assert client.post("/_dash-update-component", data=b"{}", content_type="text/plain").status_code == 400


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"\xff", b"{", b'{"output": "nothing.children"}'])
def test_bodies_that_are_no_callback_answer_400(client, body):
    logging.getLogger("atlas").setLevel(logging.CRITICAL)
    assert client.post("/_dash-update-component", data=body, content_type="application/json").status_code == 400


def test_a_large_body_is_refused(client):
    assert (
        client.post("/_dash-update-component", data=b"x" * 100_000, content_type="application/json").status_code == 413
    )


@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.binary(max_size=80))
def test_any_query_answers_200(client, query):
    for path in ("/api/view", "/api/payload", "/embed", "/"):
        assert client.get(f"{path}?{quote(query)}").status_code == 200


def test_text_from_files_cannot_leave_the_script_that_it_stands_in(tmp_path):
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    rows = [{"group_id": "a", "name": evil, "aliases": evil}, {"group_id": "b"}]
    atlas = made.atlas(tmp_path / "made", rows, [made.tie("a", "b", 1990, note=evil)])
    client = app.create_app({"made": atlas}, Settings()).server.test_client()
    for path in ("/?group=a&card=a", "/embed?group=a", "/embed?ideology=" + evil, "/?" + evil):
        assert "<script>alert" not in client.get(path).text
        assert "<img src=x" not in client.get(path).text


def test_synthetic_data_are_marked_on_every_page(tmp_path):
    atlas = made.atlas(tmp_path / "made", made.groups("a", "b"), [made.tie("a", "b", 1990)], status="synthetic")
    client = app.create_app({"made": atlas}, Settings()).server.test_client()
    assert "SYNTHETIC DATA" in client.get("/embed").text
    for path in ("/", "/method"):
        assert "SYNTHETIC DATA" in callback(client, "page", path).text
