"""The data page as an analyst uses it: the same rows as the view, sorted, searched, saved and found on the map."""

from __future__ import annotations

import csv
import json
import re
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch, keep, resized, running
from tests.conftest import CURATED

QUERY = "?ideology=islamist&since=1990&year=1999"


def tables(page: Page, url: str) -> Page:
    page.goto(url)
    page.wait_for_selector("html.ready")
    page.wait_for_selector("#panel-relationships .ag-center-cols-container .ag-row, .ag-overlay-no-rows-center")
    return page


def view(url: str, search: str = "") -> dict:
    with urllib.request.urlopen(f"{url}/api/view{search}") as answer:
        return json.load(answer)


def tab_count(page: Page, name: str) -> str:
    return page.get_by_role("tab", name=name).locator(".tab-count").inner_text()


def column(page: Page, name: str, panel: str = "relationships") -> list[str]:
    """Cells of a column in the order of the rows on the screen."""
    cells = page.locator(f"#panel-{panel} .ag-center-cols-container .ag-row [col-id={name}]")
    return cells.all_inner_texts()


def shown(page: Page, key: str) -> int:
    return page.evaluate("(key) => dash_ag_grid.getApi(`atlas-grid-${key}`).getDisplayedRowCount()", key)


@pytest.mark.parametrize("search", ["", QUERY, "?year=1985&kind=ally"])
def test_the_tables_show_what_the_view_says(page, app_url, search):
    tables(page, f"{app_url}/data{search}")
    wanted = view(app_url, search)
    assert tab_count(page, "Relationships") == str(len(wanted["relationships"]))
    assert shown(page, "relationships") == len(wanted["relationships"])
    words = page.locator("h1").inner_text()
    assert (
        f"{wanted['key_figures']['alliances']} alliances, {wanted['key_figures']['allied_groups']} groups allied"
        in words
    )
    assert str(wanted["year"]) in words
    for name in ("Groups", "Sources"):
        page.get_by_role("tab", name=name).click()
        assert tab_count(page, name).replace(",", "") == str(shown(page, name.lower()))
    keep(page, f"data-{search}")


def test_an_empty_view_says_so(page, app_url):
    tables(page, f"{app_url}/data?year=1946&region=caribbean")
    expect(page.locator("#panel-relationships")).to_contain_text("No rows in this view")
    expect(page.locator("h1")).to_contain_text("0 alliances")


def test_what_could_not_be_read_is_noticed(page, app_url):
    tables(page, f"{app_url}/data?foo=1")
    expect(page.locator("#atlas-data-notices")).to_contain_text("foo")


def test_sort_filter_and_search(page, app_url):
    tables(page, f"{app_url}/data")
    head = page.locator("#panel-relationships [role=columnheader][col-id=first]")
    head.click()
    page.wait_for_timeout(200)
    years = [int(text) for text in column(page, "first")]
    assert years == sorted(years)
    head.click()
    page.wait_for_timeout(200)
    years = [int(text) for text in column(page, "first")]
    assert years == sorted(years, reverse=True)
    page.get_by_label("Search relationships").fill("hezbollah")
    said = page.locator("#panel-relationships .quick-count")
    expect(said).to_have_text(re.compile(r"^\d+ of 249$"))
    n = int(said.inner_text().split()[0])
    assert 0 < n < 249
    page.get_by_label("Kind Filter Input").fill("supporter")
    expect(said).not_to_have_text(f"{n} of 249")
    assert set(column(page, "kind")) == {"Supporter"}


def test_tabs_by_keys(page, app_url):
    tables(page, f"{app_url}/data")
    page.get_by_role("tab", name="Relationships").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Groups")).to_be_focused()
    expect(page.locator("#panel-groups")).to_be_visible()
    expect(page.locator("#panel-relationships")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Relationships")).to_have_attribute("aria-selected", "true")


def test_a_file_comes_by_its_button(page, app_url):
    tables(page, f"{app_url}/data{QUERY}")
    with page.expect_download() as started:
        page.locator("#panel-relationships").get_by_role("link", name="CSV").click()
    file = started.value
    assert file.suggested_filename == "alliance-atlas-curated-relationships-1990-1999-v2026.11.csv"
    lines = file.path().read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert [row["relationship_id"] for row in rows] == view(app_url, QUERY)["relationships"]
    for link in page.locator("[data-file]").all():
        assert parse_qs(urlsplit(link.get_attribute("href")).query)["ideology"] == ["islamist"]


def test_a_row_leads_to_the_map(page, app_url):
    tables(page, f"{app_url}/data?year=1985")
    page.get_by_role("tab", name="Groups").click()
    page.get_by_label("Search groups").fill("hezbollah")
    page.get_by_role("link", name="Hezbollah on the map", exact=True).click()
    page.wait_for_selector("html.ready")
    expect(page.locator(".card-title")).to_have_text("Hezbollah")
    assert parse_qs(urlsplit(page.url).query) == {"year": ["1985"], "card": ["hezbollah"]}


def test_a_relationship_leads_to_its_pair(page, app_url):
    tables(page, f"{app_url}/data?year=1985")
    page.get_by_label("Search relationships").fill("hezbollah")
    expect(page.locator("#panel-relationships .quick-count")).to_contain_text("of")
    link = page.locator("#panel-relationships").get_by_role("link", name="on the map").first
    query = parse_qs(urlsplit(link.get_attribute("href")).query)
    group = page.locator("#panel-relationships .ag-row [col-id=name_a] a").first
    assert group.get_attribute("href") == f"/group/{query['group'][0]}?year=1985"
    link.click()
    page.wait_for_selector("html.ready")
    expect(page.locator(".card-title")).to_be_visible()
    assert set(query) == {"year", "group", "card"}


def test_the_way_back_and_the_pages_keep_the_view(page, app_url):
    tables(page, f"{app_url}/data{QUERY}")
    assert parse_qs(urlsplit(page.get_by_role("link", name="Open in the explorer").get_attribute("href")).query) == {
        "ideology": ["islamist"], "since": ["1990"], "year": ["1999"],
    }  # fmt: skip
    page.get_by_role("link", name="Explore", exact=True).click()
    page.wait_for_selector("html.ready")
    expect(page.locator("#atlas-words")).to_contain_text("Islamist")


def test_sources_lead_to_their_address_alone(page, app_url):
    tables(page, f"{app_url}/data")
    page.get_by_role("tab", name="Sources").click()
    page.get_by_label("Address Filter Input").fill("http")
    page.wait_for_timeout(400)
    links = page.locator("#panel-sources .ag-cell a")
    assert links.count() > 5
    for link in links.all():
        assert re.match(r"https?://", link.get_attribute("href"))
        assert link.get_attribute("rel") == "noopener noreferrer"


@pytest.mark.parametrize("context", ["phone"], indirect=True)
def test_the_page_never_scrolls_sideways(page, app_url):
    tables(page, f"{app_url}/data{QUERY}")
    for theme, size in (("light", "phone"), ("light", "desk"), ("dark", "desk"), ("dark", "phone")):
        if page.evaluate("document.documentElement.dataset.bsTheme") != theme:
            page.get_by_role("button", name="Switch between light and dark").click()
        resized(page, size)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        panel, ground = page.evaluate(
            "[getComputedStyle(document.querySelector('.ag-root-wrapper')).backgroundColor, "
            "getComputedStyle(document.querySelector('.top-bar')).backgroundColor]"
        )
        assert panel == ground
        keep(page, f"data-{theme}-{size}")


def test_data_quality_opens_and_is_a_file(page, app_url):
    tables(page, f"{app_url}/data")
    page.get_by_text("Data quality").click()
    expect(page.locator(".quality")).to_contain_text("groups.csv: 1,283 of 1,283 rows used")
    with page.expect_download() as started:
        page.get_by_role("link", name="Report, CSV").click()
    assert "far-from-country" in started.value.path().read_text(encoding="utf-8")
    page.get_by_text("far from country").click()
    page.get_by_role("link", name="Link to problem 1", exact=True).click()
    expect(page).to_have_url(re.compile("#problem-1$"))
    expect(page.locator("[data-problem='1']")).to_have_attribute("aria-current", "true")
    tables(page, page.url)  # the address alone opens what the problem is folded into
    first = page.locator("[data-problem='1']")
    expect(first).to_be_in_viewport()
    first.get_by_role("link", name=re.compile("groups.csv:")).click()
    expect(page.locator("h1")).to_be_visible()
    assert "/group/" in page.url


def test_without_an_address_no_row_asks_for_a_correction(page, app_url):
    tables(page, f"{app_url}/data?year=1950")
    assert "Report a correction" not in page.content()
    assert not page.evaluate("dash_ag_grid.getApi('atlas-grid-relationships').getColumn('correction').isVisible()")


def test_corrections_name_the_row_and_evil_text_is_inert(browser, tmp_path):
    folder = tmp_path / "odd"
    folder.mkdir()
    for name in ("dataset.toml", "relationships.csv", "sources.csv", "lineage.csv", "groups.csv"):
        text = (CURATED / name).read_text(encoding="utf-8")
        if name == "groups.csv":
            text = text.replace(",Hezbollah,", ',"<img src=x onerror=alert(1)> [x](javascript:alert(1)) **b**",', 1)
        (folder / name).write_text(text, encoding="utf-8")
    with running("--data", str(folder), ATLAS_CORRECTIONS="https://example.org/new?kind=data") as url:
        watch = Watch(urlsplit(url).netloc)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        watch.on(context)
        page = tables(context.new_page(), f"{url}/data?year=1985&group=hezbollah")
        page.get_by_role("tab", name="Groups").click()
        page.get_by_label("Search groups").fill("onerror")
        expect(page.locator("#panel-groups .ag-cell[col-id=name]").first).to_contain_text(
            "<img src=x onerror=alert(1)>"
        )
        assert page.locator("#panel-groups img, #panel-groups a[href^=javascript]").count() == 0
        page.evaluate("dash_ag_grid.getApi('atlas-grid-groups').ensureColumnVisible('correction')")
        link = page.locator("#panel-groups").get_by_role("link", name="Report a correction").first
        query = parse_qs(urlsplit(link.get_attribute("href")).query)
        assert query == {"kind": ["data"], "title": ["Correction: group hezbollah (odd, version 2026.11)"]}
        context.close()
        assert watch.faults == []
