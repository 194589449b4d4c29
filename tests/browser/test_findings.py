"""The findings page in the browser: drawn, in step with the filters, without sideways scroll."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import keep
from tests.browser.test_explorer import ready


def test_claims_and_curves_are_drawn(page, app_url):
    page.goto(f"{app_url}/findings")
    expect(page.locator(".finding")).to_have_count(12)
    page.locator("#survival").scroll_into_view_if_needed()
    expect(page.locator("#survival .plot .main-svg").first).to_be_visible()
    expect(page.locator("#finding-peak .verdict")).to_contain_text("differs")
    expect(page.locator("#finding-rise .plot")).to_contain_text("nearly 175")
    keep(page, "findings")


def test_the_filters_come_along_from_the_explorer_and_back(page, app_url):
    ready(page, f"{app_url}/?ideology=leftist&year=1985")
    page.get_by_role("link", name="Findings").click()
    expect(page.locator(".finding")).to_have_count(12)
    assert "ideology=leftist" in page.url
    expect(page.locator("main")).to_contain_text("Alliances of Leftist groups")
    page.get_by_role("link", name="Change the filters").click()
    page.wait_for_selector("html.ready")
    assert "ideology=leftist" in page.url


@pytest.mark.parametrize("context", ["phone"], indirect=True)
def test_a_phone_needs_no_sideways_scroll(page, app_url):
    page.goto(f"{app_url}/findings")
    expect(page.locator(".finding .main-svg").first).to_be_visible(timeout=20_000)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
