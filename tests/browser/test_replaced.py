"""A dataset that is replaced while pages are open: they stay usable, and never show two datasets at once."""

from __future__ import annotations

import json
import shutil
import time
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watch, ready, running
from tests.conftest import TINY

pytestmark = pytest.mark.browser


def health(url: str) -> dict:
    with urllib.request.urlopen(f"{url}/healthz") as answer:
        return json.load(answer)


def until(url: str, holds) -> dict:
    """Wait for /healthz to say something; the server looks at its files every second."""
    for _ in range(200):
        told = health(url)
        if holds(told):
            return told
        time.sleep(0.1)
    pytest.fail(f"/healthz still says {told}")


def test_an_open_page_goes_on_with_the_new_data_and_says_so(browser, tmp_path):
    folder = shutil.copytree(TINY, tmp_path / "tiny")
    with running("--data", str(folder)) as url:
        watch = Watch(url.split("//")[1])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        watch.on(context)
        page = context.new_page()
        ready(page, f"{url}/?year=1993")
        expect(page.locator("#atlas-words")).to_contain_text("6 alliances")

        groups = folder / "groups.csv"
        whole = groups.read_bytes()
        groups.write_bytes(whole[:300])  # a copy that was broken off
        told = until(url, lambda told: told["status"] == "stale")
        assert told["datasets"]["tiny"]["problem"]["what"]
        page.locator('label:has([data-facet="ideology=leftist"])').click()
        expect(page.locator("#atlas-words")).to_contain_text("of Leftist groups, 1993: ")

        groups.write_bytes(whole.replace(b"Alpha Front", b"Alpha Movement"))
        toml = folder / "dataset.toml"
        toml.write_text(
            toml.read_text(encoding="utf-8").replace('version = "1.0"', 'version = "1.1"'), encoding="utf-8"
        )
        until(url, lambda told: told["status"] == "ok" and told["datasets"]["tiny"]["version"] == "1.1")
        expect(page.locator(".tag-version")).to_have_text("version 1.0")  # nothing moves unless asked
        page.locator('label:has([data-facet="ideology=islamist"])').click()
        page.wait_for_url("**/*data=1.0*")
        page.wait_for_selector("html.ready")
        expect(page.locator(".tag-version")).to_have_text("version 1.1")
        expect(page.locator("#atlas-notices")).to_contain_text("made on version '1.0'")
        assert "ideology=islamist,leftist" in page.url
        assert "year=1993" in page.url
        page.locator('label:has([data-facet="ideology=leftist"])').click()  # and it does not load anew again
        expect(page.locator("#atlas-words")).to_contain_text("of Islamist groups, 1993: ")
        assert "data=" not in page.url
        assert watch.faults == []
        context.close()
