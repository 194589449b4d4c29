"""The map on the bundled data: what the pointer is told, who can be reached, and what moves, hides and stays.

Where something must be is worked out here from the dataset and with plotly.js's own projection, so a mark, its answer
to the pointer and the ground under it are held against each other.
"""

from __future__ import annotations

import json
import math
import re
import urllib.request

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import made
from tests.browser.conftest import keep, ready, running
from tests.browser.test_explorer import at_rest, check, query, view, words

COOPERATIVE = ("ally", "associate", "supporter", "fan")
FIGURES = "() => [...document.querySelectorAll('[data-figure], [data-change]')].map((n) => n.textContent)"
CONFIDENCE = {"high": "High confidence", "medium": "Medium confidence", "low": "Low confidence"}

SHAPES = """(mark) => [...document.querySelectorAll(`#atlas-map [data-mark=${mark}]`)].flatMap((path) => {
  const box = document.querySelector('#atlas-map').getBoundingClientRect();
  return path.getAttribute('d').split(/(?=M)/).map((d) => {
    const one = path.cloneNode();
    one.setAttribute('d', d);
    path.parentNode.append(one);
    const {x, y, width, height} = one.getBBox();
    one.remove();
    return {x: box.left + x + width / 2, y: box.top + y + height / 2, r: width / 2};
  });
})"""
"""Middle and radius, in px of the window, of every closed shape of a mark."""

GROUND = """([lon, lat]) => {
  const plot = document.querySelector('#atlas-map .map-plot'), box = plot.getBoundingClientRect();
  const [x, y] = plot._fullLayout.geo._subplot.projection([lon, lat]);
  return [box.left + x, box.top + y];
}"""
"""Where plotly.js draws a place of the ground, in px of the window."""

LOOKS_AT = """([x, y]) => [...document.querySelectorAll('#atlas-map [data-mark]')].filter((path) => {
  const box = path.ownerSVGElement.getBoundingClientRect();
  path.style.strokeWidth = '4px';
  path.style.strokeDasharray = 'none';
  const hit = path.getAttribute('fill') === 'none' && path.isPointInStroke(new DOMPoint(x - box.left, y - box.top));
  path.style.strokeWidth = path.style.strokeDasharray = '';
  return hit;
}).map((path) => Object.fromEntries(['data-mark', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity'].map((a) => [a, path.getAttribute(a)])))"""
"""Looks of the lines that pass within 2 px of a point of the window."""


def tooltip(page: Page) -> Locator:
    return page.locator(".atlas-tooltip")


def ground(page: Page, lon: float, lat: float) -> tuple[float, float]:
    x, y = page.evaluate(GROUND, [lon, lat])
    return x, y


def shapes(page: Page, mark: str) -> list[dict[str, float]]:
    return page.evaluate(SHAPES, mark)


def settled(page: Page) -> None:
    """Wait until plotly.js has drawn its ground at the panel's present size, and stands."""
    page.wait_for_function("""() => {
      const plot = document.querySelector('#atlas-map .map-plot'), {width, height, geo} = plot._fullLayout ?? {};
      return geo?._subplot?.projection && width === plot.clientWidth && height === plot.clientHeight;
    }""")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def look_at(page: Page, url: str) -> None:
    ready(page, url)
    settled(page)


def middle(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """Longitude and latitude half way between two places, along the great circle."""
    vectors = []
    for lon, lat in (a, b):
        u, v = math.radians(lon), math.radians(lat)
        vectors.append((math.cos(v) * math.cos(u), math.cos(v) * math.sin(u), math.sin(v)))
    x, y, z = (p + q for p, q in zip(*vectors, strict=True))
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


class Facts:
    """The curated dataset as plain rows, for counting by hand."""

    def __init__(self, atlas) -> None:
        self.groups = {
            g.group_id: {
                "name": g.name, "first": g.first_year, "last": g.last_year, "place": g.base_place, "slot": g.slot,
                "at": (g.geometry.x, g.geometry.y),
            }
            for g in atlas.groups.itertuples(index=False)
        }  # fmt: skip
        self.ties = atlas.relationships.to_dict("records")

    def active(self, first: int, last: int | None = None, kinds=COOPERATIVE) -> list[dict]:
        last = first if last is None else last
        return [t for t in self.ties if t["kind"] in kinds and t["first_year"] <= last and t["last_year"] >= first]

    def at_base(self, place: str, first: int, last: int) -> list[str]:
        return [
            id_
            for id_, g in self.groups.items()
            if place in g["place"] and g["first"] <= last and g["last"] >= first
        ]  # fmt: skip

    def partners(self, group: str, year: int) -> set[str]:
        pairs = [{t["group_a"], t["group_b"]} for t in self.active(year)]
        return {other for pair in pairs if group in pair for other in pair - {group}}

    def bases(self, year: int) -> dict[tuple[float, float], list[str]]:
        found: dict[tuple[float, float], list[str]] = {}
        for id_, g in self.groups.items():
            if g["first"] <= year <= g["last"]:
                found.setdefault(g["at"], []).append(id_)
        return found


@pytest.fixture(scope="module")
def facts(curated) -> Facts:
    return Facts(curated)


def lonely_tie(facts: Facts, **wanted) -> tuple[dict, int, tuple[float, float]]:
    """Return a tie like that, a year in which it is its pair's only one, and its middle, which no base is near."""
    for tie in facts.ties:
        a, b, year = facts.groups[tie["group_a"]], facts.groups[tie["group_b"]], int(tie["first_year"])
        if tie["kind"] not in COOPERATIVE or a["slot"] or b["slot"] or not 300 < tie["reach_km"] < 2500:
            continue
        if any(tie[key] != value for key, value in wanted.items()) or not 1945 <= year <= 2020:
            continue
        lon, lat = middle(a["at"], b["at"])
        near = [at for at in facts.bases(year) if abs(at[0] - lon) < 2 and abs(at[1] - lat) < 2]
        alone = sum(t["dyad"] == tie["dyad"] for t in facts.active(year)) == 1
        if alone and not near:
            return tie, year, (lon, lat)
    pytest.fail(f"the dataset has no such tie: {wanted}")


def span(tie: dict) -> str:
    first, last = tie["first_year"], tie["last_year"]
    return f"{first}" if first == last else f"{first}\u2013{last}"


@pytest.mark.parametrize(
    "wanted",
    [
        {"direction": "a_to_b", "confidence": "high"},
        {"direction": "b_to_a", "confidence": "medium"},
        {"direction": "mutual", "confidence": "low"},
        {"kind": "fan", "types": ("rhetorical",)},
        {"types": ("material", "training")},
    ],
    ids=str,
)
def test_the_middle_of_an_arc_names_the_tie(page, app_url, facts, wanted):
    tie, year, (lon, lat) = lonely_tie(facts, **wanted)
    look_at(page, f"{app_url}/?year={year}&map={lon:.2f},{lat:.2f},12")
    x, y = ground(page, lon, lat)
    assert "ties" in [look["data-mark"] for look in page.evaluate(LOOKS_AT, [x, y])]
    page.mouse.move(x + 1, y + 1)
    a, b = facts.groups[tie["group_a"]]["name"], facts.groups[tie["group_b"]]["name"]
    expect(tooltip(page).locator(".tooltip-title")).to_have_text(f"{a} \u2013 {b}")
    lines = tooltip(page).locator(".tooltip-line").all_inner_texts()
    assert lines[0] == f"{tie['kind'].capitalize()}, {span(tie)}"
    assert set(re.findall(r"\w+", lines[1].lower())) == {*tie["types"], "co", "operation"}
    assert (
        lines[2]
        == {"a_to_b": f"{a} gave to {b}", "b_to_a": f"{b} gave to {a}", "mutual": "Both gave"}[tie["direction"]]
    )
    assert lines[3] == CONFIDENCE[tie["confidence"]]
    assert len(lines) == 4


@pytest.mark.parametrize("degree", ["most", "none"])
def test_a_point_names_its_group_and_its_allies(page, app_url, facts, degree):
    alone = [ids[0] for ids in facts.bases(2015).values() if len(ids) == 1 and not facts.groups[ids[0]]["slot"]]
    ranked = sorted(alone, key=lambda id_: len(facts.partners(id_, 2015)))
    group = facts.groups[ranked[-1] if degree == "most" else ranked[0]]
    n = len(facts.partners(ranked[-1], 2015)) if degree == "most" else 0
    assert n > 1 or degree == "none"
    lon, lat = group["at"]
    look_at(page, f"{app_url}/?year=2015&map={lon:.2f},{lat:.2f},32")
    x, y = ground(page, lon, lat)
    drawn = shapes(page, "groups" if n else "unallied")
    assert min(math.hypot(s["x"] - x, s["y"] - y) for s in drawn) < 1.5
    page.mouse.move(x, y)
    expect(tooltip(page).locator(".tooltip-title")).to_have_text(group["name"])
    lines = tooltip(page).locator(".tooltip-line").all_inner_texts()
    assert lines[0] == f"Active {group['first']}\u2013{group['last']}"
    assert lines[1].startswith(group["place"])
    assert lines[2] == f"{f'{n} allies' if n else 'No ally'} in view in 2015"
    page.mouse.click(x, y)
    expect(page.locator(".card-title")).to_have_text(group["name"])


def test_a_ring_names_the_ties_within_its_place(page, app_url, facts):
    year = 2015
    within: dict[tuple[float, float], set[str]] = {}
    for tie in facts.active(year):
        a, b = facts.groups[tie["group_a"]], facts.groups[tie["group_b"]]
        if a["at"] == b["at"]:
            within.setdefault(a["at"], set()).add(f"{a['name']} \u2013 {b['name']}")
    total = sum(len(pairs) for pairs in within.values())
    at, pairs = next((at, pairs) for at, pairs in within.items() if len(pairs) == 1)
    look_at(page, f"{app_url}/?year={year}&map={at[0]:.2f},{at[1]:.2f},40")
    ring_count = page.locator("#atlas-legend li", has_text="within one place").locator(".legend-number")
    expect(ring_count).to_have_text(str(total))
    x, y = ground(page, *at)
    [ring] = [s for s in shapes(page, "places") if math.hypot(s["x"] - x, s["y"] - y) < 1.5]
    points = shapes(page, "groups") + shapes(page, "unallied")

    def rim(turn: float) -> tuple[float, float]:
        return ring["x"] + ring["r"] * math.cos(turn), ring["y"] + ring["r"] * math.sin(turn)

    def room(spot: tuple[float, float]) -> float:
        return min(math.hypot(spot[0] - p["x"], spot[1] - p["y"]) - p["r"] for p in points)

    page.mouse.move(*max((rim(math.tau * i / 48) for i in range(48)), key=room))
    title, line = tooltip(page).locator(".tooltip-title"), tooltip(page).locator(".tooltip-line")
    expect(title).to_have_text(re.compile(": 1 alliance within it$"))
    assert line.all_inner_texts() == list(pairs)


@pytest.mark.parametrize(
    ("place", "search", "least", "scale"),
    [
        ("Beirut", "year=1978", 10, 64),
        ("Baghdad", "year=2014", 8, None),
        ("Beirut", "since=1945&year=2020", 19, None),
        ("Baghdad", "since=1945&year=2020", 18, 64),
    ],
)
def test_every_group_of_a_shared_base_can_be_opened(page, app_url, facts, place, search, least, scale):
    years = [int(year) for year in re.findall(r"\d{4}", search)]
    here = facts.at_base(place, years[0], years[-1])
    assert len(here) >= least
    lon, lat = facts.groups[here[0]]["at"]
    look_at(page, f"{app_url}/?{search}" + (f"&map={lon:.2f},{lat:.2f},{scale}" if scale else ""))
    x, y = ground(page, lon, lat)
    # A person's way: click about the base, and take down who opens or is listed.
    reach = 70 if scale else 16
    points = [s for mark in ("groups", "unallied") for s in shapes(page, mark)]
    spots = [(s["x"], s["y"]) for s in points if math.hypot(s["x"] - x, s["y"] - y) < reach]
    found: dict[str, tuple[tuple[float, float], bool]] = {}
    stack = page.locator("#atlas-stack")
    panel = page.locator(".group-card")
    wanted = {facts.groups[id_]["name"] for id_ in here}
    for spot in spots:
        if wanted <= set(found):
            break
        page.mouse.click(*spot)
        page.wait_for_function(
            "() => !document.querySelector('#atlas-stack').hidden || !document.querySelector('.group-card').hidden"
        )
        if stack.is_visible():
            for name in stack.locator(".group-name").all_inner_texts():
                found.setdefault(name, (spot, True))
        else:
            expect(panel.locator(".card-title")).to_be_focused()
            found.setdefault(panel.locator(".card-title").inner_text(), (spot, False))
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(stack).to_be_hidden()
    assert wanted - set(found) == set()
    listed = [name for name in sorted(wanted) if found[name][1]]
    for name in listed[:: max(1, len(listed) // 3)]:
        page.mouse.click(*found[name][0])
        stack.get_by_role("button").filter(has=page.get_by_text(name, exact=True)).click()
        expect(panel.locator(".card-title")).to_have_text(name)
        expect(stack).to_be_hidden()
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()


# ---- moving the map ---------------------------------------------------------------------------------------------------


def stands(page: Page, facts: Facts, year: int) -> None:
    """Marks and ground agree: groups alone at their base are drawn where plotly.js has that place."""
    settled(page)
    panel = page.locator("#atlas-map").bounding_box()
    drawn = [(s["x"], s["y"]) for mark in ("groups", "unallied") for s in shapes(page, mark)]
    alone = [at for at, ids in facts.bases(year).items() if len(ids) == 1 and not facts.groups[ids[0]]["slot"]]
    tried = 0
    for at in alone:
        x, y = ground(page, *at)
        if not (0 < x - panel["x"] < panel["width"] and 0 < y - panel["y"] < panel["height"]):
            continue
        tried += 1
        assert min(math.hypot(px - x, py - y) for px, py in drawn) < 1.5, at
    assert tried >= 3


def extent_of(page: Page) -> list[float]:
    at_rest(page)
    page.wait_for_function("() => location.search.includes('map=')")
    return [float(n) for n in re.search(r"map=([^&]+)", query(page)).group(1).split(",")]


def place_at(page: Page, lon: float, lat: float) -> tuple[float, float]:
    settled(page)
    return ground(page, lon, lat)


def test_a_drag_takes_ground_and_marks_along(page, app_url, facts):
    look_at(page, f"{app_url}/?year=2015")
    stands(page, facts, 2015)
    assert query(page) == "?year=2015" or query(page) == ""
    home = ground(page, 20, 10)
    page.mouse.move(*home)
    page.mouse.down()
    page.mouse.move(home[0] + 60, home[1] + 30, steps=5)
    now = ground(page, 20, 10)
    assert now == pytest.approx((home[0] + 60, home[1] + 30), abs=3)
    stands(page, facts, 2015)
    expect(page.locator(".group-card")).to_be_hidden()
    page.mouse.up()
    page.wait_for_function("() => location.search.includes('map=')")
    assert place_at(page, 20, 10) == pytest.approx((home[0] + 60, home[1] + 30), abs=3)
    stands(page, facts, 2015)
    expect(page.locator(".group-card")).to_be_hidden()


def test_the_wheel_zooms_about_the_pointer(page, app_url, facts):
    look_at(page, f"{app_url}/?map=30,20,2")
    x, y = place_at(page, 44, 33)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -240)
    page.wait_for_function("() => !/map=30,20,2$/.test(location.search)")
    near = extent_of(page)
    assert near[2] > 2.2
    assert place_at(page, 44, 33) == pytest.approx((x, y), abs=6)
    stands(page, facts, 2015)
    page.mouse.wheel(0, 480)
    page.wait_for_function("scale => Number(location.search.split(',').at(-1)) < scale", arg=near[2])
    stands(page, facts, 2015)


def test_the_buttons_zoom_and_lead_home(page, app_url, facts):
    look_at(page, app_url)
    home = place_at(page, 44, 33), place_at(page, 10, 50)
    page.get_by_role("button", name="Zoom in").click()
    first = extent_of(page)
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function("old => !location.search.includes(old)", arg=f",{first[2]:g}")
    second = extent_of(page)
    assert second == [first[0], first[1], pytest.approx(first[2] * 1.6, rel=0.01)]
    stands(page, facts, 2015)
    page.get_by_role("button", name="Zoom out").click()
    page.wait_for_function("old => !location.search.includes(old)", arg=f",{second[2]:g}")
    assert extent_of(page) == [first[0], first[1], pytest.approx(first[2], rel=0.01)]
    page.get_by_role("button", name="Show the whole world").click()
    page.wait_for_function("() => !location.search.includes('map=')")
    assert (place_at(page, 44, 33), place_at(page, 10, 50)) == (
        pytest.approx(home[0], abs=1),
        pytest.approx(home[1], abs=1),
    )
    stands(page, facts, 2015)


def test_a_double_click_zooms_where_it_falls(page, app_url, facts):
    look_at(page, f"{app_url}/?map=-30,0,2")
    x, y = place_at(page, -20, -20)
    page.mouse.dblclick(x, y)
    page.wait_for_function("() => location.search.endsWith(',4')")
    assert place_at(page, -20, -20) == pytest.approx((x, y), abs=4)


def test_an_address_with_an_extent_starts_there(page, app_url, facts):
    sizes = []
    for scale in (4, 8):
        look_at(page, f"{app_url}/?map=44,33,{scale}")
        box = page.locator("#atlas-map").bounding_box()
        x, y = place_at(page, 44, 33)
        assert (x, y) == pytest.approx((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), abs=1.5)
        assert query(page) == f"?map=44,33,{scale}"
        sizes.append(place_at(page, 46, 33)[0] - x)
        stands(page, facts, 2015)
    assert sizes[1] == pytest.approx(2 * sizes[0], rel=0.01)


def test_the_extent_outlives_year_colouring_filter_and_reload(page, app_url, facts):
    look_at(page, f"{app_url}/?year=2015")
    x, y = place_at(page, 40, 25)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -300)
    page.wait_for_function("() => location.search.includes('map=')")
    page.mouse.down()
    page.mouse.move(x - 50, y + 20, steps=4)
    page.mouse.up()
    page.wait_for_timeout(400)
    extent = extent_of(page)

    def the_same() -> None:
        # The legend's height may differ, and with it the panel's: its middle and the scale are what stays.
        at_rest(page)
        assert extent_of(page) == extent
        box = page.locator("#atlas-map").bounding_box()
        centre = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert place_at(page, extent[0], extent[1]) == pytest.approx(centre, abs=1)
        sphere = min(box["width"] / 5.4707, box["height"] / 2.8478)  # px of the projection's unit at scale 1
        assert place_at(page, extent[0] + 10, 0)[0] - place_at(page, extent[0], 0)[0] == pytest.approx(
            sphere * extent[2] * 0.8707 * math.radians(10), rel=0.01
        )

    page.get_by_role("button", name="One year back").click()
    expect(page.locator("#atlas-year")).to_have_text("2014")
    the_same()
    stands(page, facts, 2014)
    page.locator('.colour-choice input[value="type"]').check(force=True)
    page.wait_for_function("() => location.search.includes('colour=type')")
    the_same()
    check(page, "ideology", "islamist")
    expect(page.locator("#atlas-words")).to_contain_text("of Islamist groups")
    the_same()
    page.reload()
    page.wait_for_selector("html.ready")
    the_same()
    page.get_by_role("button", name="Reset all").click()
    expect(page.locator("#atlas-words")).to_contain_text("All alliances, 2014")
    the_same()
    stands(page, facts, 2014)


def test_back_restores_where_the_map_stood(page, app_url):
    look_at(page, f"{app_url}/?map=44,33,4")
    spot = place_at(page, 44, 33)
    check(page, "ideology", "islamist")
    page.wait_for_function("() => location.search.includes('ideology=islamist')")
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function("() => location.search.endsWith('map=44,33,6.4')")
    east = place_at(page, 54, 33)[0] - spot[0]
    page.go_back()
    page.wait_for_function("() => location.search === '?map=44,33,4'")
    at_rest(page)
    assert (place_at(page, 54, 33)[0] - place_at(page, 44, 33)[0]) * 1.6 == pytest.approx(east, rel=0.01)
    page.go_forward()
    page.wait_for_function("() => location.search.endsWith('map=44,33,6.4')")
    at_rest(page)
    assert place_at(page, 54, 33)[0] - place_at(page, 44, 33)[0] == pytest.approx(east, rel=0.01)


# ---- rivals, legend, styles -----------------------------------------------------------------------------------------------


def looks(page: Page, mark: str) -> list[dict]:
    return page.locator(f"#atlas-map [data-mark={mark}]").evaluate_all(
        "nodes => nodes.map((n) => Object.fromEntries([...n.attributes].filter((a) => a.name !== 'd').map((a) => [a.name, a.value])))"
    )


def test_rivalries_are_marks_of_their_own_and_count_for_nothing(page, app_url, facts):
    look_at(page, f"{app_url}/?year=2015")
    at_rest(page)
    before = page.evaluate(FIGURES), words(page), looks(page, "ties")
    assert looks(page, "rivals") == []
    page.get_by_text("Show rivalries").click()
    page.wait_for_function("() => location.search.includes('rivals=1')")
    assert query(page) == "?rivals=1"
    [rivals] = looks(page, "rivals")
    ties = looks(page, "ties")
    assert rivals["stroke-dasharray"] not in {tie.get("stroke-dasharray") for tie in ties}
    assert rivals["stroke"] not in {tie["stroke"] for tie in ties}
    at_rest(page)
    assert (page.evaluate(FIGURES), words(page), ties) == before
    n = len({t["dyad"] for t in facts.active(2015, kinds=("rival", "competitor"))})
    expect(page.locator("#atlas-legend li", has_text="rivalry").locator(".legend-number")).to_have_text(str(n))
    page.reload()
    page.wait_for_selector("html.ready")
    assert len(looks(page, "rivals")) == 1
    page.get_by_text("Show rivalries").click()
    page.wait_for_function("() => !location.search.includes('rivals')")
    assert looks(page, "rivals") == []


def test_a_rivalry_names_its_two_sides(page, app_url, facts):
    for tie in facts.active(1980, 2015, kinds=("rival",)):
        a, b = facts.groups[tie["group_a"]], facts.groups[tie["group_b"]]
        year = int(tie["last_year"])
        lon, lat = middle(a["at"], b["at"])
        near = [at for at in facts.bases(year) if abs(at[0] - lon) < 2 and abs(at[1] - lat) < 2]
        allied = [t for t in facts.active(year) if t["dyad"] == tie["dyad"]]
        if not (near or allied or a["slot"] or b["slot"]) and 300 < tie["reach_km"] < 2500:
            break
    look_at(page, f"{app_url}/?year={year}&rivals=1&map={lon:.2f},{lat:.2f},12")
    x, y = ground(page, lon, lat)
    assert "rivals" in [look["data-mark"] for look in page.evaluate(LOOKS_AT, [x, y])]
    page.mouse.move(x, y)
    expect(tooltip(page).locator(".tooltip-title")).to_have_text(f"{a['name']} \u2013 {b['name']}")
    expect(tooltip(page)).to_contain_text(f"Rival, {span(tie)}")
    expect(tooltip(page)).to_contain_text(CONFIDENCE[tie["confidence"]])


def test_a_class_of_the_legend_hides_marks_and_layer_and_no_figure(page, app_url, facts):
    look_at(page, f"{app_url}/?year=1985&colour=kind")
    at_rest(page)
    figures, said = page.evaluate(FIGURES), words(page)
    layers = page.locator("#atlas-chart .scatterlayer .trace")
    n_layers, n_points = layers.count(), len(shapes(page, "groups"))
    button = page.locator("#atlas-legend button", has_text="Ally")
    hue = button.locator(".swatch").evaluate("node => getComputedStyle(node).getPropertyValue('--swatch')")
    assert hue in {tie["stroke"] for tie in looks(page, "ties")}
    count = button.locator(".legend-count").inner_text()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert hue not in {mark["stroke"] for mark in looks(page, "ties") + looks(page, "places")}
    assert len(looks(page, "ties")) > 0
    assert len(shapes(page, "groups")) < n_points
    expect(layers).to_have_count(n_layers - 1)
    at_rest(page)
    assert page.evaluate(FIGURES) == figures
    assert words(page) == f"{said} (hidden: Ally)"
    assert button.locator(".legend-count").inner_text() == count
    assert query(page) == "?year=1985&colour=kind&hide=ally"
    button.click()
    expect(layers).to_have_count(n_layers)
    assert hue in {tie["stroke"] for tie in looks(page, "ties")}
    assert words(page) == said


PLACES = {
    "a": (0, 0), "b": (30, 0), "c": (0, -12), "d": (30, -12), "e": (0, -24), "f": (30, -24), "g": (0, -36), "h": (30, -36),
    "i": (0, 12), "j": (30, 12), "k": (0, 24), "l": (30, 24),
}  # fmt: skip
"""Bases of the made-up groups: pairs on one parallel each, their arcs apart."""


@pytest.fixture(scope="module")
def styles_url(tmp_path_factory):
    rows = [
        {"group_id": id_, "lon": str(lon), "lat": str(lat), "base_country": "", "base_place": f"Place {id_}"}
        for id_, (lon, lat) in PLACES.items()
    ]
    rows += [
        {"group_id": "lost", "name": "Nowhere Front", "lat": "", "lon": "", "base_place": "", "precision": ""},
        {"group_id": "idle", "name": "Idle Nowhere", "lat": "", "lon": "", "base_place": "", "precision": ""},
    ]
    ties = [
        made.tie("a", "b", 1990),
        made.tie("a", "b", 1985, 1996, relation="supporter", cooperation="training|rhetorical"),
        made.tie("c", "d", 1990, relation="fan"),
        made.tie("e", "f", 1990, cooperation="rhetorical"),
        made.tie("g", "h", 1990, confidence="low"),
        made.tie("i", "j", 1990, relation="supporter", cooperation="rhetorical", confidence="low"),
        made.tie("k", "l", 1990, cooperation=""),
        made.tie("a", "lost", 1990),
    ]
    folder = made.dataset(tmp_path_factory.mktemp("styles") / "styles", rows, ties)
    with running("--data", str(folder)) as url:
        yield url


def test_width_dashes_and_lightness_tell_kind_content_and_confidence(browser, styles_url):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    look_at(page, f"{styles_url}/?year=1995&map=15,-6,1.5")
    found = {}
    for a, b in ("ab", "cd", "ef", "gh", "ij", "kl"):
        [look] = page.evaluate(LOOKS_AT, ground(page, *middle(PLACES[a], PLACES[b])))
        assert look.pop("data-mark") == "ties"
        found[a + b] = look
    plain = found["ab"]
    widths = {pair: float(look["stroke-width"]) for pair, look in found.items()}
    opacities = {pair: float(look["opacity"]) for pair, look in found.items()}
    assert widths["cd"] < widths["ab"] == widths["ef"] == widths["gh"]
    assert widths["ij"] == widths["cd"]
    assert {pair for pair, look in found.items() if look["stroke-dasharray"]} == {"ef", "ij"}
    assert {pair for pair in found if opacities[pair] < opacities["ab"]} == {"gh", "ij"}
    assert {pair for pair, look in found.items() if look["stroke"] != plain["stroke"]} == {"kl"}
    assert widths["kl"] < widths["ab"]
    # Each look is told in the legend with how many there are.
    for label, n in (("rhetorical only", 2), ("low confidence", 2), ("not coded", 1), ("not drawn: base unknown", 1)):
        expect(page.locator("#atlas-legend li", has_text=label).locator(".legend-number")).to_have_text(str(n))
    keep(page, "styles")
    page.close()


def test_a_pair_with_two_ties_is_one_arc_that_names_both(browser, styles_url):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    look_at(page, f"{styles_url}/?year=1995&map=15,-6,1.5")
    page.mouse.move(*ground(page, *middle(PLACES["a"], PLACES["b"])))
    expect(tooltip(page).locator(".tooltip-title")).to_have_text("A \u2013 B")
    assert tooltip(page).locator(".tooltip-line").all_inner_texts() == [
        "Ally, 1990\u20132000", "Material co-operation", "Both gave", "High confidence",
        "Also: supporter, 1985\u20131996, training, rhetorical co-operation",
    ]  # fmt: skip
    page.close()


def test_the_tooltip_goes_where_nothing_is(browser, styles_url):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    look_at(page, f"{styles_url}/?year=1995&map=15,-6,1.5")
    for away in (ground(page, -40, 3), (5, 5)):  # the empty ocean, and outside the map
        page.mouse.move(*ground(page, *PLACES["c"]))
        expect(tooltip(page).locator(".tooltip-title")).to_have_text("C")
        page.mouse.move(*away)
        expect(tooltip(page)).to_be_hidden()
    page.close()


def test_groups_without_a_position_are_counted_and_listed_beside_the_map(browser, styles_url):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    look_at(page, f"{styles_url}/?year=1995")
    with urllib.request.urlopen(f"{styles_url}/api/view?year=1995") as answer:
        wanted = json.load(answer)["key_figures"]
    assert wanted["alliances"] == 7
    assert words(page).endswith("1995: 7 alliances, 13 groups allied")
    assert len(shapes(page, "groups")) == 12
    assert shapes(page, "unallied") == []
    unlocated = page.locator("#atlas-unlocated")
    expect(unlocated.locator("h2")).to_have_text("Not located (2)")
    assert unlocated.locator(".group-row").all_inner_texts() == ["Nowhere Front\n1", "Idle Nowhere"]
    unlocated.get_by_role("button", name="Idle Nowhere").click()
    expect(page.locator(".card-title")).to_have_text("Idle Nowhere")
    page.close()


def test_everybody_located_means_no_such_list(page, app_url):
    look_at(page, app_url)
    expect(page.locator("#atlas-unlocated")).to_be_hidden()
    assert view(app_url, "")["year"] == 2015
