"""Components as plain HTML, in the document or put in by the scripts."""

from __future__ import annotations

import pytest
from dash import dcc, html

from components.markup import markup, still

EVIL = '<img src=x onerror="alert(1)"> & "more"'
BAR = html.Header(
    [html.Button(EVIL, hidden=True, **{"data-action": "x", "aria-label": EVIL}), html.Br(), None, "end"],
    id="bar",
    className="top",
)


def test_a_still_component_is_one_for_dash_and_the_same_html():
    one = still(BAR)
    props = one.to_plotly_json()["props"]
    assert (type(one), props["id"], props["className"], props.get("children")) == (html.Header, "bar", "top", None)
    assert markup(one) == markup(BAR)
    assert markup(html.Main([one])) == f"<main>{markup(BAR)}</main>"
    assert props["data-markup"].startswith("<button hidden")


def test_its_text_stays_text():
    assert "<img" not in still(BAR).to_plotly_json()["props"]["data-markup"]


def test_what_needs_dash_cannot_be_still():
    with pytest.raises(TypeError, match="Store cannot be plain HTML; mend"):
        still(html.Div(dcc.Store(id="kept")))
