"""The method page in the browser: anchors, files with the view's query, and citations to copy."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import keep


def opened(page, address):
    page.goto(address)
    page.wait_for_function("() => document.documentElement.classList.contains('ready')")
    return page


def test_files_and_citations_carry_the_view(page, context, app_url):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, f"{app_url}/method?ideology=leftist&year=1985&card=fatah#files")
    assert page.evaluate("() => Math.abs(document.getElementById('files').getBoundingClientRect().top) < 40")
    link = page.locator('#files [data-file="/api/measures/network.csv"]')
    assert link.get_attribute("href") == "/api/measures/network.csv?ideology=leftist&year=1985"
    page.locator(".contents").get_by_role("link", name="How to cite").click()
    view = page.locator("[data-citation=view]")
    text = view.input_value()
    assert "Alliances of Leftist groups, 1985: " in text
    assert "/?ideology=leftist&year=1985" in text
    assert "&data=2026.11 (accessed " in text
    page.get_by_role("button", name="Copy: The view").click()
    expect(page.locator(".citation-said", has_text="Copied.")).to_have_count(1)
    assert page.evaluate("() => navigator.clipboard.readText()") == text
    data = page.locator("[data-citation=data]").input_value()
    assert "Leftist" not in data
    assert "year=2015&data=2026.11" in data
    entry = page.locator("[data-citation=bibtex]").input_value()
    assert entry.startswith("@misc{curated-2026.11,")
    assert f"url = {{{app_url}/?year=2015&data=2026.11}}" in entry
    assert entry.endswith("},\n}")
    keep(page, "method")


@pytest.mark.parametrize("context", ["phone"], indirect=True)
def test_a_phone_needs_no_sideways_scroll(page, app_url):
    opened(page, f"{app_url}/method")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    wide = "nodes => nodes.filter((node) => node.getBoundingClientRect().right > innerWidth).length"
    assert page.locator(".method table, .method td, .method p").evaluate_all(wide) == 0
