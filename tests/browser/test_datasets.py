"""The menu of datasets: on every page and screen, and what of a view it keeps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import keep, ready

pytestmark = pytest.mark.browser
SYNTHETIC = "synthetic-mgar-scale"
WIDE = "() => document.documentElement.scrollWidth <= innerWidth"


def choose(page, title):
    page.locator(".dataset-tag").click()
    panel = page.locator(".dataset-panel")
    box = panel.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
    panel.get_by_role("link", name=title).click()


def test_the_menu_changes_the_dataset_and_keeps_what_makes_sense(app_url, page):
    ready(page, f"{app_url}/?ideology=islamist&year=2005&colour=kind&hide=fan&card=al-qaeda&map=40,20,3")
    assert "Synthetic" not in page.title()
    choose(page, re.compile("Synthetic"))
    page.wait_for_url(re.compile(SYNTHETIC))
    page.wait_for_selector("html.ready")
    assert set(page.url.partition("?")[2].split("&")) == {
        f"dataset={SYNTHETIC}", "ideology=islamist", "year=2005", "colour=kind", "map=40,20,3",
    }  # fmt: skip
    expect(page.locator(".synthetic-band")).to_have_text("SYNTHETIC DATA: made up, no real groups")
    expect(page.locator(".notices")).to_be_hidden()
    assert page.title().startswith("Synthetic data")
    assert page.locator(".page-explorer").evaluate("(n) => n.scrollHeight <= innerHeight")
    keep(page, "datasets-synthetic")
    # Everything on the way stays with the dataset: its limits, the brand, the other pages.
    page.get_by_role("link", name="Limits of the data").click()
    page.wait_for_url(re.compile(f"/method\\?.*{SYNTHETIC}.*#limits"))
    expect(page.get_by_text("Nothing in it is real")).to_be_visible()
    page.get_by_role("link", name="Alliance Atlas", exact=True).click()
    page.wait_for_url(f"{app_url}/?dataset={SYNTHETIC}")
    choose(page, re.compile("curated"))
    page.wait_for_url(f"{app_url}/")


@pytest.mark.parametrize("context", ["phone"], indirect=True)
def test_the_menu_is_there_on_every_page_of_a_phone(app_url, page):
    for path in ("/data", "/findings", "/method", "/group/al-qaeda"):
        page.goto(f"{app_url}{path}?dataset={SYNTHETIC}" if "group" not in path else f"{app_url}{path}")
        tag = page.locator(".dataset-tag")
        expect(tag).to_be_visible()
        box = tag.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        if "group" not in path:
            expect(page.locator(".synthetic-band")).to_be_visible()
    choose(page, re.compile("Synthetic"))
    page.wait_for_url(f"{app_url}/?dataset={SYNTHETIC}")  # the group is not there
    page.wait_for_selector("html.ready")
    page.wait_for_function(WIDE)
    page.locator(".dataset-tag").click()
    page.keyboard.press("Escape")
    expect(page.locator(".dataset-panel")).to_be_hidden()
    keep(page, "datasets-phone")


def test_what_of_a_selection_stays_in_another_dataset(app_url, page):
    ready(page, app_url)
    script = """([now, dataset]) => {
      const parameters = ['dataset', 'ideology', 'group', 'hops', 'year', 'since', 'compare', 'card', 'hide', 'data']
        .map((key) => ({key, default: {dataset: 'a', ideology: [], hops: 1, year: 1985, hide: []}[key] ?? null}));
      return atlas.datasets.selection(now, parameters, dataset);
    }"""
    now = {
        "dataset": "a", "ideology": ["x"], "group": "g", "hops": 2, "year": 1990, "since": 1980, "compare": None,
        "card": "g", "hide": ["y"], "data": "1",
    }  # fmt: skip
    other = {"slug": "b", "first_year": 1985, "last_year": 2000}
    kept = {"dataset": "b", "ideology": ["x"], "group": None, "hops": 1, "card": None, "hide": [], "data": None}
    assert page.evaluate(script, [now, other]) == kept | {"year": 1990, "since": None, "compare": None}
    assert page.evaluate(script, [now | {"since": 1986}, other]) == kept | {
        "year": 1990,
        "since": 1986,
        "compare": None,
    }
    assert page.evaluate(script, [now | {"year": 1975, "compare": 1990, "since": None}, other]) == kept | {
        "year": 1985, "since": None, "compare": None,
    }  # fmt: skip
