"""A dataset of ten times MGAR's size: taken packed, and drawn by country where its alliances are too many for arcs."""

from __future__ import annotations

import re
import urllib.request

import pytest

from data import synthetic
from tests.browser.conftest import Watch, ready, running

MARKED = """() => [...document.querySelectorAll('.map-marks text')].map((node) => node.textContent)"""
# Where the largest point lies, in px of the page: the widest of the paths of groups is drawn first.
LARGEST = """() => {
  const {payload, slice} = atlas.coarse.of(atlas.app.context().payload, atlas.slice(atlas.app.context().payload,
    {since: 1990, year: 2010, colouring: 'ideology', hidden: new Set(), rivals: false}));
  const place = slice.degree.indexOf(Math.max(...slice.degree));
  const element = document.getElementById('atlas-map');
  const {width, height, left, top} = element.getBoundingClientRect();
  const view = atlas.projection.view(atlas.projection.home(width, height), width, height);
  const [x, y] = view.project(payload.groups.lon[place], payload.groups.lat[place]);
  return {x: left + x, y: top + y, name: payload.groups.name[place], ends: slice.coarse.ends[place]};
}"""


@pytest.fixture(scope="module")
def large(curated, tmp_path_factory):
    with running(
        "--data", str(synthetic.write(tmp_path_factory.mktemp("large") / "tenfold", curated, scale=10))
    ) as url:
        yield url


def test_many_alliances_are_drawn_by_country_and_few_one_by_one(browser, large):
    watch = Watch(large.removeprefix("http://"))
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    watch.on(context)
    page = ready(context.new_page(), f"{large}/?since=1990&year=2010")
    asked = [url.removeprefix(large) for url in watch.requests if "/api/" in url]
    assert asked[0] == "/api/packed"
    assert not any("/api/payload" in url for url in asked)
    # With it the first visit of the embed stays within its megabyte, and the explorer's within 1.3 (test_safety.py).
    question = urllib.request.Request(f"{large}/api/packed", headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(question) as answer:
        assert 100_000 < len(answer.read()) < 215_000
    view = context.request.get(f"{large}/api/view?since=1990&year=2010").json()

    said = page.locator("#atlas-coarse").inner_text()
    whole, arcs, rings = (int(n.replace(",", "")) for n in re.findall(r"([\d,]+) (?:alliances|arcs|rings)", said))
    assert whole == view["key_figures"]["alliances"] > 2500
    assert 50 < arcs < whole / 3
    assert 10 < rings < 200
    assert f"{whole:,} alliances" in page.locator("#atlas-words").inner_text()
    assert "all alliances between two countries" in page.locator("#atlas-legend").inner_text()
    classes = page.locator(".legend-count").all_inner_texts()
    assert sum(int(n.replace(",", "")) for n in classes) == whole

    place = page.evaluate(LARGEST)
    assert place["name"] in page.evaluate(MARKED)
    page.mouse.move(place["x"] - 1, place["y"])
    page.mouse.move(place["x"], place["y"])
    page.wait_for_function(
        "(name) => document.querySelector('.tooltip-title')?.textContent === name", arg=place["name"]
    )
    assert f"{place['ends']:,} ends of alliances" in page.locator(".atlas-tooltip").inner_text()
    page.mouse.click(place["x"], place["y"])
    first = page.locator("#atlas-stack .group-row").first
    assert re.search(r"\w+ \u2013 .*\w+, \d{4}", first.inner_text())  # by name, which came with a question of its own
    assert page.locator("#atlas-stack a").get_attribute("href").startswith("/data?")
    first.click()
    page.wait_for_selector(".group-card:not([hidden])")

    assert sum("/api/names" in url for url in watch.requests) == 1
    page.evaluate("() => document.querySelector('[data-action=mode][data-mode=year]').click()")
    page.wait_for_selector("#atlas-coarse", state="hidden")
    assert "rhetorical only" in page.locator("#atlas-legend").inner_text()
    context.close()
    assert watch.faults == []
