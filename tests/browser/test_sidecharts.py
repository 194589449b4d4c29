"""Charts beside the map: chosen by tabs, kept in the address, in step with year and filters, with their numbers."""

from __future__ import annotations

import json
import urllib.request

from playwright.sync_api import expect

from tests.browser.test_explorer import ready


def answer(app_url, path):
    with urllib.request.urlopen(f"{app_url}{path}") as found:
        return json.load(found)


def tab(page, name):
    page.locator(".side-tab", has_text=name).click()


CHARTS = [
    ("Over time", "active", 2),
    ("Content", "content", 3),
    ("Turnover", "turnover", 1),
    ("Reach", "reach", 3),
    ("Groups", "degree", 1),
    ("Network", "network", 8),
]
"""Name of each tab, its key in the address, and how many plots it shows."""


def test_a_tab_shows_its_chart_and_is_part_of_the_address(page, app_url):
    ready(page, app_url)
    for name, key, plots in CHARTS:
        tab(page, name)
        expect(page.locator("#atlas-side-chart .side-plot")).to_have_count(plots)
        expect(page.locator("#atlas-side-chart .side-plot .main-svg").first).to_be_visible()
        expect(page.locator("#atlas-overview")).to_be_hidden()
        assert f"chart={key}" in page.url
        page.go_back()
        expect(page.locator("#atlas-overview")).to_be_visible()
    page.go_forward()
    page.reload()
    expect(page.locator("#atlas-side-chart .side-plot")).to_have_count(CHARTS[-1][2])


def test_values_follow_the_year_without_a_request(page, app_url, watch):
    ready(page, f"{app_url}/?chart=network&year=2010")
    data = answer(app_url, "/api/measures/network.json")
    nodes = next(s for s in data["series"] if s["measure"] == "nodes")["values"]
    expect(page.locator("#atlas-side-chart .side-value").first).to_have_text(str(nodes[2010 - data["first_year"]]))
    watch.requests.clear()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#atlas-side-chart .side-value").first).to_have_text(str(nodes[2009 - data["first_year"]]))
    assert watch.requests == []


def test_the_chart_follows_the_filters(page, app_url):
    ready(page, f"{app_url}/?chart=turnover&year=2010&ideology=leftist")
    data = answer(app_url, "/api/measures/turnover.json?ideology=leftist")
    formed = next(s for s in data["series"] if s["measure"] == "formed")["values"][2010 - data["first_year"]]
    expect(page.locator("#atlas-side-chart .side-value").first).to_have_text(str(int(formed)))
    link = page.locator(".side-source a")
    assert link.get_attribute("href") == "/api/measures/turnover.csv?ideology=leftist"


def test_a_click_in_a_chart_moves_the_year(page, app_url):
    ready(page, f"{app_url}/?chart=reach")
    plot = page.locator("#atlas-side-chart .side-plot").first
    expect(plot.locator(".main-svg").first).to_be_visible()
    box = plot.bounding_box()
    page.mouse.click(box["x"] + 6 + (box["width"] - 20) * (1980 - 1945) / 75, box["y"] + 40)
    expect(page.locator("#atlas-year")).to_have_text("1980")


def test_the_ranks_open_cards(page, app_url):
    ready(page, f"{app_url}/?chart=degree&year=2015")
    row = page.locator(".side-ranks tbody tr").first
    assert row.locator("td").nth(2).inner_text() == "21"
    name = row.locator("button").inner_text()
    row.locator("button").click()
    expect(page.locator(".card-title")).to_have_text(name)


def test_the_colouring_changes_the_stack(page, app_url):
    ready(page, f"{app_url}/?chart=active")
    expect(page.locator("#atlas-side-chart .side-legend").first).to_contain_text("Islamist")
    page.locator('.colour-choice input[value="kind"]').check()
    expect(page.locator("#atlas-side-chart .side-legend").first).to_contain_text("Associate")
    expect(page.locator(".side-phases")).to_contain_text("peak")


def test_the_articles_figures_lie_over_the_chart_when_asked(page, app_url):
    ready(page, f"{app_url}/?chart=active&year=1990")
    plot = page.locator("#atlas-side-chart .side-plot").first
    expect(plot.locator(".main-svg").first).to_be_visible()
    expect(plot).not_to_contain_text("article")
    switch = page.get_by_label("Figures of the article")
    switch.check()
    for said in ("article: just under 50", "article: nearly 175", "article: peak, about 2010"):
        expect(plot).to_contain_text(said)
    expect(page.locator("#atlas-side-chart")).to_contain_text("Nothing is drawn between them")
    expect(switch).to_be_focused()
    page.keyboard.press("Space")
    expect(plot).not_to_contain_text("article")
    assert page.url.endswith("?year=1990&chart=active")
