"""The page of one group as people use it: from the card, to its partners, on a phone and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests import made
from tests.browser.conftest import SIZES, Watch, holds_its_content, keep, ready, resized, running

EVIL = '<img src=x onerror="window.hacked=1"><b>bold</b>'
MARKS = "#atlas-group-map path[data-mark=ties]"


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    page.wait_for_selector("html.ready")
    return page


def arrived(page: Page, group: str) -> None:
    page.wait_for_url(re.compile(rf"/group/{group}(\?|$)"))
    page.wait_for_selector("html.ready")


def test_the_card_leads_to_the_page_and_the_page_back(page, app_url):
    ready(page, f"{app_url}/?card=hezbollah&ideology=islamist")
    page.get_by_role("link", name="Full record").click()
    arrived(page, "hezbollah")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hezbollah")
    expect(page).to_have_title("Hezbollah - Alliance Atlas")
    # The view goes along, the page does not depend on it.
    assert "ideology=islamist" in page.url
    expect(page.locator("#relationships")).to_contain_text("41 relationships with 34 groups")
    page.get_by_role("link", name="Its alliances in the explorer").click()
    page.wait_for_url("**/?group=hezbollah*")
    page.wait_for_selector("html.ready")
    assert page.evaluate("location.search") == "?group=hezbollah&year=2014"
    expect(page.locator("#atlas-words")).to_contain_text("13 alliances")


def test_it_links_to_partners_and_sources(page, app_url):
    opened(page, f"{app_url}/group/hezbollah")
    keep(page, "group")
    spell = page.locator("[data-relationship]").first
    spell.locator("a.reference").first.click()
    number = re.search(r"#(source-\d+)$", page.url).group(1)
    expect(page.locator(f"#{number}")).to_be_in_viewport()
    page.locator("#relationships").get_by_role("link", name="Hamas", exact=True).click()
    arrived(page, "hamas")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hamas")
    expect(page.locator("#relationships").get_by_role("link", name="Hezbollah", exact=True)).to_be_visible()


def test_the_family_links_to_its_members(page, app_url):
    opened(page, f"{app_url}/group/gia")
    expect(page.locator(".generation h3")).to_have_text(
        ["Predecessors", "This group", "Successors", "Two generations after", "Three generations after"]
    )
    page.locator("#family").get_by_role("link", name="al-Mourabitoun").click()
    arrived(page, "al-mourabitoun")
    expect(page.get_by_role("heading", level=1)).to_have_text("al-Mourabitoun")


def test_charts_and_map_are_drawn(page, app_url):
    opened(page, f"{app_url}/group/hezbollah")
    assert page.locator("[data-ego] .scatterlayer .trace").count() == 2
    assert page.locator(MARKS).count() > 0
    expect(page.locator("#atlas-group-legend")).to_contain_text("rivalry11")
    page.get_by_text("Numbers of the 39 years with an ally").click()
    row = page.locator(".ego-table tr", has_text="2014")
    expect(row.locator("td").first).to_have_text("13")


def test_the_map_answers(page, app_url):
    opened(page, f"{app_url}/group/gia")
    before = page.locator(MARKS).first.get_attribute("d")
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function(f"before => document.querySelector('{MARKS}').getAttribute('d') !== before", arg=before)
    page.get_by_role("button", name="Show all its ties").click()
    page.wait_for_function(f"before => document.querySelector('{MARKS}').getAttribute('d') === before", arg=before)
    page.locator("#atlas-group-legend .legend-class").first.click()
    page.wait_for_function(f"() => document.querySelectorAll('{MARKS}').length === 0")
    page.locator("#atlas-group-legend .legend-class").first.click()
    # A point of a partner leads to its page.
    name = page.locator("#atlas-group-map text").get_by_text("al-Qaeda", exact=True).bounding_box()
    x, y, found = name["x"] + name["width"] / 2, name["y"] + name["height"], None
    for dy in range(-26, 16, 2):
        page.mouse.move(x, y + dy)
        page.wait_for_timeout(40)
        title = page.locator(".tooltip-title")
        if title.count() and title.is_visible() and title.inner_text() == "al-Qaeda":
            found = y + dy
            break
    assert found is not None
    page.mouse.click(x, found)
    arrived(page, "al-qaeda")
    expect(page.get_by_role("heading", level=1)).to_have_text("al-Qaeda")


def test_the_link_can_be_copied(page, app_url):
    opened(page, f"{app_url}/group/hezbollah?year=1985")
    wanted = f"{app_url}/group/hezbollah?data=2026.11"
    expect(page.locator(".permalink")).to_have_text(wanted)
    page.get_by_role("button", name="Copy a link to this record").click()
    assert page.get_by_label("Link to this record").locator("textarea").input_value() == wanted


def test_a_link_of_another_version_says_so(page, app_url):
    opened(page, f"{app_url}/group/hezbollah?data=1999.1")
    expect(page.locator(".group-notices")).to_contain_text("made on version")


def test_the_theme_redraws(page, app_url):
    opened(page, f"{app_url}/group/gia")
    stroke = page.locator(MARKS).first.get_attribute("stroke")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for_function(f"before => document.querySelector('{MARKS}').getAttribute('stroke') !== before", arg=stroke)
    keep(page, "group-dark")


@pytest.mark.parametrize("context", ["phone"], indirect=True)
@pytest.mark.parametrize("group", ["hezbollah", "gia", "communist-party-burma"])
def test_nothing_scrolls_sideways_and_nothing_is_clipped(page, app_url, group):
    opened(page, f"{app_url}/group/{group}")
    for size in reversed(SIZES):
        resized(page, size)
        keep(page, f"group-{group}-{size}")
        holds_its_content(page)


def test_on_paper(page, app_url):
    opened(page, f"{app_url}/group/hezbollah")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})
    page.wait_for_function("() => document.documentElement.classList.contains('printing')")
    keep(page, "group-print")
    for hidden in (".top-bar", ".zoom", ".ways"):
        expect(page.locator(hidden).first).to_be_hidden()
    looks = page.evaluate("""() => {
      const of = (query) => getComputedStyle(document.querySelector(query));
      return [of('.page-group').backgroundColor, of('h1').color, of('.bar').printColorAdjust, of('.partner').breakInside,
        document.documentElement.dataset.bsTheme, document.querySelector('.group-map').clientWidth];
    }""")
    assert looks == ["rgb(255, 255, 255)", "rgb(0, 0, 0)", "exact", "avoid", "light", 658]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    page.emulate_media(media="screen")
    page.wait_for_function("() => document.documentElement.dataset.bsTheme === 'dark'")
    expect(page.locator(".top-bar")).to_be_visible()


def test_pure_parts_of_the_script(page, app_url):
    opened(page, f"{app_url}/group/gia")
    steps = page.evaluate("atlas.group.steps({first: 1990, values: [2, null, 1]})")
    assert steps == {"x": [1989.5, 1990.5, 1990.5, 1991.5, 1991.5, 1992.5], "y": [2, 2, None, None, 1, 1]}
    assert page.evaluate("atlas.group.fitted([], 600, 400)") is None
    # Across the antimeridian, and every place stands within the panel.
    places = [[175, 0], [-175, 20], [170, -10]]
    lon, lat, scale = page.evaluate("places => atlas.group.fitted(places, 600, 400)", places)
    assert lon == pytest.approx(177.5, abs=0.1)
    assert -10 < lat < 20
    for x, y in page.evaluate(
        "([places, extent]) => places.map(p => atlas.projection.view(extent, 600, 400).project(...p))",
        [places, [lon, lat, scale]],
    ):
        assert 0 < x < 600
        assert 0 < y < 400
    assert page.evaluate("atlas.group.fitted([[10, 10]], 600, 400)[2]") == 12


def test_names_that_look_like_markup_stay_text(browser, tmp_path):
    rows = [{"group_id": "a", "name": EVIL, "aliases": EVIL}, {"group_id": "b", "name": EVIL, "lat": "", "lon": ""}]
    kin = [{"from_id": "b", "to_id": "a", "year": "1991", "kind": "split", "note": EVIL}]
    folder = made.dataset(tmp_path / "evil", rows, [made.tie("a", "b", 1990, note=EVIL)], kin=kin, status="synthetic")
    with running("--data", str(folder)) as url:
        watch = Watch(url.split("//")[1])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        watch.on(context)
        page = opened(context.new_page(), f"{url}/group/a")
        expect(page.get_by_role("heading", level=1)).to_have_text(EVIL)
        expect(page.get_by_text("SYNTHETIC DATA: made up")).to_be_visible()
        assert page.locator(".group-record img, .group-record b").count() == 0
        assert page.evaluate("window.hacked") is None
        assert watch.faults == []
        context.close()
