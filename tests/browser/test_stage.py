"""A period, two years compared, and the network: what the stage above the time chart shows."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import keep, ready
from tests.browser.test_explorer import at_rest, figure, query, view

POINTS = """() => [...document.querySelectorAll('#atlas-network path[data-mark=groups]')].map((node) => node.getAttribute('d')).join('')"""
ENDS = """() => {
  const ends = new Set();
  for (const path of document.querySelectorAll('#atlas-network path[data-mark=ties]')) {
    for (const [, x, y] of path.getAttribute('d').matchAll(/[ML]([-\\d.]+),([-\\d.]+)/g)) ends.add(`${x},${y}`);
  }
  return [...ends];
}"""


def year_thumb(page: Page):
    return page.get_by_role("slider", name="Year")


def test_a_period_has_two_ends_and_moves_as_a_whole(page, app_url):
    ready(page, f"{app_url}/?year=2010")
    page.get_by_role("button", name="Period", exact=True).click()
    at_rest(page)
    assert query(page) == "?year=2010&since=2001"
    start = page.get_by_role("slider", name="Start of the period")
    start.focus()
    page.keyboard.press("ArrowLeft")
    at_rest(page)
    assert query(page) == "?year=2010&since=2000"
    year_thumb(page).focus()
    page.keyboard.press("ArrowRight")
    at_rest(page)
    assert query(page) == "?year=2011&since=2000"
    page.get_by_role("button", name="One year back").click()
    at_rest(page)
    assert query(page) == "?year=2010&since=1999"
    expect(page.locator("#atlas-year")).to_have_text("1999\u20132010")
    wanted = view(app_url, query(page))["key_figures"]
    expect(page.locator('[data-figure="alliances"]')).to_have_text(str(wanted["alliances"]))
    expect(page.locator("#atlas-figures")).not_to_have_class("figures stale")
    page.get_by_role("button", name="Play the years").click()
    expect(page.locator("#atlas-year")).to_have_text("2001\u20132012")
    page.get_by_role("button", name="Pause").click()
    keep(page, "period")
    start.focus()
    page.keyboard.press("End")
    at_rest(page)
    end, since = (int(part.split("=")[1]) for part in query(page)[1:].split("&"))
    assert since == end - 1, "a period keeps its start before its end"
    page.get_by_role("button", name="Year", exact=True).click()
    expect(start).to_be_hidden()
    assert "since" not in query(page)


def test_two_years_stand_beside_their_difference(page, app_url):
    ready(page, f"{app_url}/?year=2015")
    page.get_by_role("button", name="Compare", exact=True).click()
    at_rest(page)
    assert query(page) == "?compare=2005"
    answer = view(app_url, "?year=2015&compare=2005")
    for change in ("formed", "kept", "ended"):
        expect(page.locator(f"#atlas-change-{change}")).to_have_text(str(answer["compare"][change]))
    expect(page.locator("#atlas-words")).to_contain_text(
        f"against 2005: {answer['compare']['formed']} formed, {answer['compare']['ended']} ended"
    )
    then = answer["compare"]["key_figures"]["alliances"]
    assert figure(page, "alliances") == str(answer["key_figures"]["alliances"])
    assert page.locator('[data-change="alliances"]').inner_text() == (
        f"{then} in 2005, +{answer['key_figures']['alliances'] - then}"
    )
    for part in ("#atlas-map", "#atlas-before", "#atlas-after"):
        page.wait_for_function(
            "(part) => document.querySelectorAll(`${part} path[data-mark=ties]`).length > 0", arg=part
        )
    keep(page, "comparison")
    page.get_by_role("slider", name="Compared with").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#atlas-caption-before")).to_contain_text("2006: ")
    at_rest(page)
    assert query(page) == "?compare=2006"
    page.get_by_role("button", name="Zoom in").click()
    at_rest(page)
    assert page.evaluate("() => atlas.app.context().selection.map[2]") > 1
    page.get_by_title("Remove Compared with: 2006").click()
    expect(page.locator(".stage")).to_have_attribute("data-view", "map")
    assert "compare" not in query(page)


def test_the_network_steps_with_the_year_and_stays_put(page, app_url, watch):
    ready(page, f"{app_url}/?year=2010")
    page.get_by_role("button", name="Network", exact=True).first.click()
    page.wait_for_function("() => document.querySelectorAll('#atlas-network path[data-mark=groups]').length > 0")
    at_rest(page)
    assert query(page) == "?year=2010&view=network"
    before, asked = set(page.evaluate(ENDS)), len(watch.requests)
    page.get_by_role("button", name="One year on").click()
    at_rest(page)
    after = set(page.evaluate(ENDS))
    assert watch.requests[asked:] == []
    assert before != after
    # Who is allied in both years stands where it stood: most places are the same to a tenth of a pixel.
    assert len(before & after) > 0.6 * min(len(before), len(after))
    keep(page, "network")
    # A click on the best connected group's point opens its card, by way of the choice where a partner stands too.
    box = page.locator("#atlas-network").bounding_box()
    top = page.locator(".group-row").first
    name, id_ = top.locator(".group-name").inner_text(), top.get_attribute("data-group")
    x, y = page.evaluate(
        """(id) => {
          const {payload} = atlas.app.context(), element = document.getElementById('atlas-network');
          return fetch('/api/layout').then((answer) => answer.json()).then((layout) => {
            const at = atlas.network.stand(payload, layout), row = payload.groups.id.indexOf(id);
            const view = atlas.network.view(atlas.network.boxOf(layout), element.clientWidth, element.clientHeight, {x: 0.5, y: 0.5, zoom: 1});
            return view.project(at.lon[row], at.lat[row]);
          });
        }""",
        id_,
    )
    page.mouse.click(box["x"] + x, box["y"] + y)
    chooser, title = page.get_by_role("dialog", name="Groups here"), page.locator(".card-title")
    expect(chooser.or_(title)).to_be_visible()
    if chooser.is_visible():
        chooser.get_by_role("button").filter(has=page.get_by_text(name, exact=True)).click()
    expect(title).to_have_text(name)
    page.get_by_role("button", name="Close the card").click()
    page.get_by_role("button", name="Both", exact=True).click()
    page.wait_for_function("() => document.querySelectorAll('#atlas-map path[data-mark=ties]').length > 0")
    at_rest(page)
    assert query(page) == "?year=2011&view=both"
    sides = [page.locator(part).bounding_box() for part in ("#atlas-map", "#atlas-network")]
    assert sides[0]["x"] + sides[0]["width"] <= sides[1]["x"] + 1
    keep(page, "both")
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('#atlas-network path[data-mark=ties]').length > 0")
    assert page.evaluate(POINTS) != ""
