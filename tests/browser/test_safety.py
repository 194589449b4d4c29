"""Text from files is inert, other datasets work, and every size of window holds its content."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import made
from tests.browser.conftest import SIZES, Watch, holds_its_content, keep, ready, resized, running

EVIL = '<img src=x onerror="window.hacked=1"><b>bold</b><script>window.hacked=1</script>&lt;{{x}}'


@pytest.fixture(scope="module")
def evil_url(tmp_path_factory):
    rows = [
        {"group_id": "a", "name": EVIL, "aliases": EVIL, "base_place": EVIL},
        {"group_id": "b", "name": f"Second {EVIL}"},
        {
            "group_id": "c",
            "name": "Nowhere Front",
            "lat": "",
            "lon": "",
            "precision": "",
            "base_country": "",
            "base_place": "",
        },
        {"group_id": "d", "name": "Far", "lat": "10", "lon": "10", "base_country": "NGA"},
    ]
    ties = [
        made.tie("a", "b", 1990, note=EVIL),
        made.tie("a", "c", 1990),
        made.tie("b", "d", 1990, cooperation=""),
        made.tie("a", "d", 1995, cooperation="rhetorical", confidence="low"),
    ]
    folder = made.dataset(tmp_path_factory.mktemp("evil") / "evil", rows, ties)
    for path in (folder / "sources.csv", folder / "dataset.toml"):
        text = path.read_text()
        path.write_text(
            text.replace("A. Author (2001)", "<b>Author</b>").replace(
                "https://example.org/book", "javascript:window.hacked=1"
            )
        )
    with running("--data", str(folder)) as url:
        yield url


def test_text_from_files_is_inert_wherever_it_is_shown(browser, evil_url):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    watch = Watch(evil_url.split("//")[1])
    watch.on(context)
    page = context.new_page()
    ready(page, f"{evil_url}/?card=a&year=1996")
    expect(page.locator(".card-title")).to_have_text(EVIL)
    expect(page.locator(".sources")).to_contain_text("<b>Author</b>")
    assert page.locator(".sources a").count() == 0
    page.locator(".search-input").fill("bold")
    expect(page.locator("[role=option]").first).to_contain_text("<b>bold</b>")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show only this group's alliances").click()
    expect(page.locator("#atlas-words")).to_contain_text(EVIL)
    keep(page, "evil")
    assert page.evaluate("window.hacked") is None
    assert page.locator("#atlas-words img, .card-title img, #atlas-groups img, .group-card b").count() == 0
    page.goto(f"{evil_url}/brief?group=a&year=1996")
    expect(page.locator(".brief-picture")).to_contain_text("<b>bold</b>")
    assert page.locator(".brief-picture b, .brief-picture script").count() == 0
    assert page.evaluate("window.hacked") is None
    assert watch.faults == []
    context.close()


def test_groups_without_a_position_are_listed_beside_the_map(browser, evil_url):
    page = browser.new_page()
    ready(page, f"{evil_url}/?year=1992")
    unlocated = page.locator("#atlas-unlocated")
    expect(unlocated).to_contain_text("Not located (1)")
    expect(unlocated).to_contain_text("Nowhere Front")
    page.close()


@pytest.mark.parametrize("context", ["phone"], indirect=True)
@pytest.mark.parametrize("path", ["/", "/?card=hezbollah", "/method", "/embed"])
def test_nothing_is_clipped_and_nothing_scrolls_sideways(page, app_url, path):
    page.goto(app_url + path)
    page.wait_for_selector("html.ready" if path != "/method" else "#cite")
    for size in reversed(SIZES):
        resized(page, size)
        keep(page, f"size-{size}-{path}")
        holds_its_content(page)


def test_on_a_phone_the_filters_are_a_drawer(browser, app_url):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    ready(page, app_url)
    rail = page.locator("#atlas-rail")
    expect(rail).not_to_be_visible()
    page.get_by_role("button", name="Filters", exact=True).click()
    expect(rail).to_be_visible()
    page.locator('label:has([data-facet="ideology=leftist"])').click()
    page.get_by_role("button", name="Close the filters").click()
    expect(rail).not_to_be_visible()
    expect(page.locator("#atlas-words")).to_contain_text("of Leftist groups")
    context.close()


@pytest.mark.parametrize(("path", "budget"), [("/", 1_300_000), ("/embed", 1_000_000)])
def test_the_first_visit_stays_within_its_bytes(browser, app_url, path, budget):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    ready(page, app_url + path)
    page.wait_for_load_state("networkidle")
    assert 400_000 < sum(sizes) <= budget
    page.close()


def test_a_failed_request_keeps_the_last_view_and_says_so(browser, app_url):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    ready(page, app_url)
    page.route("**/api/payload*", lambda route: route.abort())
    page.locator('label:has([data-facet="ideology=leftist"])').click()
    expect(page.locator("#atlas-notices")).to_contain_text("could not be loaded")
    expect(page.locator("#atlas-words")).to_contain_text("249 alliances")
    page.close()
