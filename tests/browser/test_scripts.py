"""The page's scripts one by one, in Chromium on a served page; and names that look like markup wherever they are shown."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect
from pyproj import Geod, Proj

from tests import made
from tests.browser.conftest import PATIENCE_MS, Watch, ready, running


@pytest.fixture(scope="module")
def scripts(browser, app_url):
    """A served page with all scripts."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    ready(page, app_url)
    yield page
    page.close()


# ---- slice ---------------------------------------------------------------------------------------------------------------

ALLY, ASSOCIATE, SUPPORTER = 0, 1, 2
MATERIAL, RHETORICAL = 1, 2
HIGH, LOW = 2, 0


def tie(a: int, b: int, first: int, last: int, **more: int) -> dict[str, int]:
    row = {"a": a, "b": b, "first_year": first, "last_year": last, "kind": ALLY, "types": MATERIAL, "coded": 1}
    return {**row, "confidence": HIGH, "ideology": 0, **more}


def columns(rows: list[dict]) -> dict[str, list]:
    keys = rows[0] if rows else tie(0, 0, 0, 0)
    return {key: [row[key] for row in rows] for key in keys}


def payload(ties: list[dict], rivals: list[dict] = (), n: int = 5, focus: dict | None = None, **groups: list) -> dict:
    """The parts of a payload that the slice reads; groups stand apart on the equator unless told otherwise."""
    base = {
        "id": [f"g{i}" for i in range(n)], "lon": [10 * i for i in range(n)], "lat": [0] * n, "own": [1] * n,
        "first_year": [1980] * n, "last_year": [2000] * n, "slot": [0] * n,
    }  # fmt: skip
    return {
        "groups": {**base, **groups},
        "relationships": columns(ties),
        "rivals": columns(list(rivals)),
        "focus": focus,
        "vocabulary": {
            "ideology": [{"key": "x"}, {"key": "y"}],
            "types": [{"tangible": True}, {"tangible": False}],
            "kinds": [{"wide": True}, {"wide": True}, {"wide": False}],
            "confidences": ["low", "medium", "high", ""],
        },
    }


def sliced(page, data: dict, year: int, since: int | None = None, hidden=(), rivals=False) -> dict:
    return page.evaluate(
        """({data, hidden, ...when}) => {
          const {degree, counts, ...rest} = atlas.slice(data, {...when, colouring: 'ideology', hidden: new Set(hidden)});
          return {...rest, degree: [...degree], counts: [...counts]};
        }""",
        {"data": data, "year": year, "since": since, "hidden": list(hidden), "rivals": rivals},
    )


@pytest.mark.parametrize(
    ("since", "year", "there"),
    [
        (None, 1989, False), (None, 1990, True), (None, 1991, True), (None, 1992, True), (None, 1993, False),
        (1980, 1989, False), (1980, 1990, True), (1991, 1991, True), (1992, 2000, True), (1993, 2000, False), (1980, 2000, True),
    ],
)  # fmt: skip
def test_a_tie_is_there_from_its_first_year_to_its_last(scripts, since, year, there):
    got = sliced(scripts, payload([tie(0, 1, 1990, 1992)]), year, since)
    assert len(got["ties"]) == there
    assert got["degree"] == [int(there), int(there), 0, 0, 0]
    assert got["allied"] == ([0, 1] if there else [])


def test_a_pair_is_one_tie_led_by_its_strongest_active_row(scripts):
    data = payload(
        [
            tie(0, 1, 1995, 1997, kind=ALLY, ideology=1),
            tie(0, 1, 1990, 2000, kind=SUPPORTER),
            tie(0, 1, 1994, 1996, kind=SUPPORTER),
            tie(0, 2, 1990, 2000),
        ]
    )
    led = {}
    for year in (1990, 1994, 1995, 1997, 1998):
        got = sliced(scripts, data, year)
        first, second = got["ties"]
        led[year] = (first["row"], first["also"], first["cls"], first["wide"])
        assert (second["row"], second["also"]) == (3, [])
        assert got["degree"] == [2, 1, 1, 0, 0]
        assert sum(got["counts"]) == 2
    assert led == {
        1990: (1, [], 0, False), 1994: (1, [2], 0, False), 1995: (0, [1, 2], 1, True), 1997: (0, [1], 1, True), 1998: (1, [], 0, False),
    }  # fmt: skip


def test_looks_follow_kind_content_and_confidence(scripts):
    data = payload(
        [
            tie(0, 1, 1990, 1990),
            tie(0, 2, 1990, 1990, kind=ASSOCIATE, types=RHETORICAL),
            tie(0, 3, 1990, 1990, kind=SUPPORTER, types=MATERIAL | RHETORICAL, confidence=LOW),
            tie(1, 2, 1990, 1990, types=0),
            tie(1, 3, 1990, 1990, types=0, coded=0),
        ]
    )
    got = sliced(scripts, data, 1990)
    looks = [tuple(int(one[key]) for key in ("wide", "dashed", "faint", "grey")) for one in got["ties"]]
    assert looks == [(1, 0, 0, 0), (1, 1, 0, 0), (0, 0, 1, 0), (1, 0, 0, 0), (0, 0, 0, 1)]
    assert (got["dashedCount"], got["faintCount"], got["greyCount"]) == (1, 1, 1)


def test_a_hidden_class_loses_its_marks_and_keeps_its_counts(scripts):
    data = payload([tie(0, 1, 1990, 1990), tie(0, 2, 1990, 1990, ideology=1), tie(3, 4, 1990, 1990, ideology=1)])
    shown, hidden = sliced(scripts, data, 1990), sliced(scripts, data, 1990, hidden=["y"])
    for key in ("degree", "counts", "allied", "unallied"):
        assert shown[key] == hidden[key]
    assert hidden["counts"] == [1, 2]
    assert shown["marked"] == [0, 1, 2, 3, 4]
    assert hidden["marked"] == [0, 1]
    assert [one["hidden"] for one in hidden["ties"]] == [False, True, True]


def test_rings_gather_ties_within_one_place_by_class(scripts):
    data = payload(
        [tie(0, 1, 1990, 1990), tie(0, 2, 1990, 1990), tie(1, 2, 1990, 1990, ideology=1), tie(2, 3, 1990, 1990)],
        lon=[7, 7, 7, 8, 9],
    )
    got = sliced(scripts, data, 1990)
    assert [(ring["lon"], ring["cls"], ring["ties"]) for ring in got["places"]] == [(7, 0, [0, 1]), (7, 1, [2])]
    assert got["withinCount"] == 3
    assert [(ring["cls"], ring["ties"]) for ring in sliced(scripts, data, 1990, hidden=["x"])["places"]] == [(1, [2])]


def test_groups_without_a_position_count_and_get_no_point(scripts):
    data = payload([tie(0, 1, 1990, 1990)], n=4, lon=[0, None, None, 30], lat=[0, None, None, 0])
    got = sliced(scripts, data, 1990)
    assert got["allied"] == [0, 1]
    assert got["marked"] == [0]
    assert got["unlocated"] == [1, 2]
    assert got["unallied"] == [3]
    assert got["notDrawnCount"] == 1


def test_rivals_come_apart_and_only_when_wanted(scripts):
    data = payload(
        [tie(0, 1, 1990, 1992)], [tie(0, 3, 1991, 1991), tie(3, 4, 1991, 1991)], own=[1, 1, 1, 0, 1], last_year=[2000, 2000, 1990, 2000, 2000]
    )  # fmt: skip
    without, got = sliced(scripts, data, 1991), sliced(scripts, data, 1991, rivals=True)
    assert without["rivals"] == []
    assert [(one["a"], one["b"]) for one in got["rivals"]] == [(0, 3), (3, 4)]
    for key in ("ties", "degree", "counts", "allied", "unallied", "marked"):
        assert got[key] == without[key]
    assert got["unallied"] == [4]  # group 2 is gone by then, group 3 does not pass the filters
    assert got["rivalEnds"] == [3]
    assert sliced(scripts, data, 1992, rivals=True)["rivals"] == []


def test_a_focus_leaves_the_worlds_other_groups_out(scripts):
    ties = [tie(0, 1, 1990, 1990)]
    assert sliced(scripts, payload(ties), 1990)["unallied"] == [2, 3, 4]
    assert sliced(scripts, payload(ties, focus={"id": "g0"}), 1990)["unallied"] == []


# ---- spread, projection, arcs ------------------------------------------------------------------------------------------------


def spread(page, groups: dict, pixels: float) -> list[list[float]]:
    return page.evaluate(
        """([groups, pixels]) => {
          const {lon, lat} = atlas.spread.positions(groups, pixels);
          return [...lon].map((x, i) => [x, lat[i]]);
        }""",
        [groups, pixels],
    )


@pytest.mark.parametrize("pixels", [60, 150, 1200, 9600])
@pytest.mark.parametrize("at", [(35.5, 33.89), (-74.1, 4.6), (179.95, 66), (0, -79)])
def test_groups_of_one_base_stand_apart_and_near_it(scripts, at, pixels):
    n = 20
    groups = {"lon": [at[0]] * n, "lat": [at[1]] * n, "slot": list(range(n))}
    got = spread(scripts, groups, pixels)
    assert got[0] == list(at)
    assert got == spread(scripts, groups, pixels)
    here = scripts.evaluate(
        """([at, spots, pixels]) => {
          const {width, height, wrap} = atlas.projection;
          return spots.map(([lon, lat]) => [pixels * wrap(lon - at[0]) * width(at[1]), pixels * (height(lat) - height(at[1]))]);
        }""",
        [list(at), got, pixels],
    )
    apart = [math.dist(p, q) for i, p in enumerate(here) for q in here[:i]]
    assert min(apart) > 2
    assert max(math.hypot(*p) for p in here) <= 13 * math.sqrt(n)


def test_nearer_groups_of_one_base_stand_further_apart_and_nearer_to_it(scripts):
    groups = {"lon": [35.5, 35.5], "lat": [33.89, 33.89], "slot": [0, 7]}
    degrees, pixels = [], []
    for scale in (150, 600, 2400, 9600):
        (x, y), (lon, lat) = spread(scripts, groups, scale)
        degrees.append(math.hypot(lon - x, lat - y))
        pixels.append(scripts.evaluate("scale => atlas.spread.radius(7, scale)", scale))
    assert degrees == sorted(degrees, reverse=True)
    assert degrees[0] > degrees[-1]
    assert pixels == sorted(pixels)
    assert pixels[0] < pixels[-1]


def test_single_groups_stay_and_the_unlocated_are_nowhere(scripts):
    got = spread(scripts, {"lon": [12.5, None, -3], "lat": [41.9, None, 40.4], "slot": [0, 0, 0]}, 150)
    assert got[0] == [12.5, 41.9]
    assert got[2] == [-3, 40.4]
    assert all(math.isnan(n) for n in got[1])


EXTENTS = [(0, 0, 1), (44, 33, 8), (-160, 60, 2.5), (179.5, -41, 20), (12, -75, 64)]
PANELS = [(852, 416), (390, 500), (1600, 300)]


@pytest.mark.parametrize("panel", PANELS, ids=str)
@pytest.mark.parametrize("extent", EXTENTS, ids=str)
def test_places_survive_the_way_to_the_screen_and_back(scripts, extent, panel):
    places = [[lon, lat] for lon in (-179, -100, -20.25, 0, 33, 120, 179) for lat in (-85, -60, -10.5, 0, 23, 47.3, 85)]
    there, back = scripts.evaluate(
        """([extent, panel, places]) => {
          const view = atlas.projection.view(extent, ...panel);
          const there = places.map((p) => view.project(...p));
          return [there, there.map((p) => view.invert(...p))];
        }""",
        [list(extent), list(panel), places],
    )
    for (lon, lat), (lon2, lat2) in zip(places, back, strict=True):
        assert lat2 == pytest.approx(lat, abs=1e-6)
        assert math.remainder(lon2 - lon, 360) == pytest.approx(0, abs=1e-6)
    # PROJ's own Natural Earth, a sphere of radius 1 about this meridian, says the same.
    proj = Proj(proj="natearth", R=1, lon_0=extent[0])
    unit = extent[2] * min(panel[0] / (2 * proj(extent[0] + 180 - 1e-9, 0)[0]), panel[1] / (2 * proj(extent[0], 90)[1]))
    middle = proj(extent[0], extent[1])[1]
    for (lon, lat), (x, y) in zip(places, there, strict=True):
        px, py = proj(lon, lat)
        wanted = (panel[0] / 2 + unit * px, panel[1] / 2 + unit * (middle - py))
        # pyproj takes the coefficients that d3 has, to five digits.
        assert (x, y) == pytest.approx(wanted, abs=1e-4 * unit)


@pytest.mark.parametrize("panel", PANELS, ids=str)
@pytest.mark.parametrize("extent", EXTENTS, ids=str)
def test_an_extent_survives_the_way_to_plotly_and_back(scripts, extent, panel):
    got = scripts.evaluate(
        """([extent, panel]) => {
          const layout = atlas.projection.toLayout(extent, ...panel);
          const geo = {
            projection: {scale: layout['projection.scale'], rotation: {lon: layout['projection.rotation.lon']}},
            center: {lat: layout['center.lat']},
          };
          return [atlas.projection.fromLayout(geo, ...panel), layout];
        }""",
        [list(extent), list(panel)],
    )
    assert got[0] == pytest.approx(list(extent))
    layout = got[1]
    assert layout["projection.minscale"] <= layout["projection.scale"] * (1 + 1e-9)
    assert layout["projection.scale"] <= layout["projection.maxscale"] * (1 + 1e-9)
    assert layout["projection.maxscale"] == pytest.approx(64 * layout["projection.minscale"])


def test_an_extent_is_brought_onto_the_sphere_and_to_two_decimals(scripts):
    rounded = "extent => atlas.projection.rounded(extent)"
    assert scripts.evaluate(rounded, [44.1234, 33.999, 2.005001]) == [44.12, 34, 2.01]
    assert scripts.evaluate(rounded, [190, 95, 0.2]) == [-170, 80, 1]
    assert scripts.evaluate(rounded, [-541, -95, 900]) == [179, -80, 64]
    for extent in EXTENTS:
        assert scripts.evaluate(rounded, list(extent)) == list(extent)
    for panel in PANELS:
        home = scripts.evaluate("panel => atlas.projection.home(...panel)", list(panel))
        assert scripts.evaluate(rounded, home) == home


@pytest.mark.parametrize(
    ("a", "b"), [((35.5, 33.9), (69.2, 34.5)), ((-77, -12), (151, -34)), ((0, 80), (170, 75)), ((10, 0), (10, 1))]
)
def test_arcs_are_great_circles(scripts, a, b):
    step = 0.1
    points = scripts.evaluate("([a, b, step]) => atlas.arcs.greatCircle(...a, ...b, step)", [list(a), list(b), step])
    assert points[0] == list(a)
    assert points[-1] == list(b)
    sphere = Geod(a=1, b=1)
    whole = sphere.inv(*a, *b)[2]
    pieces = [sphere.inv(*p, *q)[2] for p, q in pairwise(points)]
    assert max(pieces) <= step + 1e-9
    assert sum(pieces) == pytest.approx(whole)


def test_an_arc_that_leaves_the_map_comes_back_at_its_other_side(scripts):
    pieces = scripts.evaluate("""() => {
      const at = {lon: [170, -170, 20], lat: [10, 20, 10]};
      const arcs = atlas.arcs.create(at, atlas.projection.view([0, 0, 1], 800, 400));
      return [arcs.pieces(0, 1), arcs.pieces(0, 2), arcs.path(0, 1)];
    }""")
    across, within, path = pieces
    assert len(across) == 2
    assert len(within) == 1
    assert path.count("M") == 2
    left, right = sorted((piece[0::2] for piece in across), key=min)
    assert max(left) < 100
    assert min(right) > 700
    assert across[0][-1] == pytest.approx(across[1][1], abs=0.01)  # at the same height on both edges


# ---- time ---------------------------------------------------------------------------------------------------------------------

TIMELINE = """async ({options, steps}) => {
  let [t, n, queue] = [0, 0, []];
  const log = [];
  const drawings = [];
  const clock = {
    now: () => t,
    wait(ms, call) { queue.push({id: n += 1, due: t + ms, call}); return n; },
    cancel(id) { queue = queue.filter((one) => one.id !== id); },
  };
  const {slow, ...rest} = options;
  const timeline = atlas.timeline.create({
    ...rest, clock, onPlaying: (on) => log.push(on ? 'play' : 'pause'),
    onYear(year) {
      log.push(year);
      return slow ? new Promise((done) => drawings.push(done)) : undefined;
    },
  });
  const acts = {
    run(ms) {
      const until = t + ms;
      for (;;) {
        const [next] = queue.filter((one) => one.due <= until).sort((p, q) => p.due - q.due);
        if (!next) break;
        clock.cancel(next.id);
        t = Math.max(t, next.due);
        next.call();
      }
      t = until;
    },
    drawn() { drawings.shift()(); },
    key(key) { log.push(timeline.key({key}) ? 'ours' : 'not ours'); },
    waits() { log.push(`${queue.length} waiting`); },
  };
  for (const [name, argument] of steps) {
    (acts[name] ?? timeline[name])(argument);
    for (let i = 0; i < 4; i += 1) await null;
  }
  return log;
}"""


def timeline(page, *steps, first=2000, last=2020, year=2010, slow=False) -> list:
    options = {"first": first, "last": last, "year": year, "slow": slow}
    return page.evaluate(
        TIMELINE, {"options": options, "steps": [step if isinstance(step, tuple) else (step,) for step in steps]}
    )


def test_play_takes_every_year_in_turn_at_two_a_second(scripts):
    assert timeline(scripts, "play", ("run", 499)) == ["play"]
    assert timeline(scripts, "play", ("run", 500)) == ["play", 2011]
    assert timeline(scripts, "play", ("run", 2000)) == ["play", 2011, 2012, 2013, 2014]


def test_pause_stops_and_play_goes_on_from_there(scripts):
    steps = ("play", ("run", 700), "pause", ("run", 5000), "waits", "play", ("run", 500))
    assert timeline(scripts, *steps) == ["play", 2011, "pause", "0 waiting", "play", 2012]
    assert timeline(scripts, "toggle", ("run", 500), "toggle", "toggle", "waits") == [
        "play",
        2011,
        "pause",
        "play",
        "1 waiting",
    ]
    assert timeline(scripts, "play", "play", "waits", "pause", "pause", ("run", 900)) == ["play", "1 waiting", "pause"]


def test_play_ends_at_the_last_year_and_begins_anew_from_the_first(scripts):
    assert timeline(scripts, "play", ("run", 9000), year=2018) == ["play", 2019, 2020, "pause"]
    assert timeline(scripts, "play", ("run", 600), year=2020) == ["play", 2000, 2001]
    assert timeline(scripts, "play", ("run", 600), first=2020, year=2020) == []


def test_a_loop_goes_round(scripts):
    steps = (("loop", True), "play", ("run", 2500))
    assert timeline(scripts, *steps, first=2018, year=2019) == ["play", 2020, 2018, 2019, 2020, 2018]
    steps = (("loop", True), "play", ("run", 1500), ("loop", False), ("run", 5000))
    assert timeline(scripts, *steps, first=2018, year=2019) == ["play", 2020, 2018, 2019, 2020, "pause"]


def test_speed_is_in_years_a_second_and_changes_at_once(scripts):
    assert timeline(scripts, ("speed", 8), "play", ("run", 500)) == ["play", 2011, 2012, 2013, 2014]
    assert timeline(scripts, ("speed", 1), "play", ("run", 999), ("run", 1)) == ["play", 2011]
    steps = (("speed", 1), "play", ("run", 900), ("speed", 4), ("run", 250), "waits")
    assert timeline(scripts, *steps) == ["play", 2011, "1 waiting"]
    assert timeline(scripts, ("speed", 4), "waits") == ["0 waiting"]


def test_a_step_moves_pauses_and_stays_within_coverage(scripts):
    assert timeline(scripts, ("step", 1), ("step", -2)) == [2011, 2009]
    assert timeline(scripts, "play", ("run", 500), ("step", 1), ("run", 5000)) == ["play", 2011, "pause", 2012]
    assert timeline(scripts, ("step", 100), ("step", 1), ("step", -100), ("step", -1)) == [2020, 2000]


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("ArrowLeft", [2009, "ours"]), ("ArrowRight", [2011, "ours"]), ("PageDown", [2000, "ours"]), ("PageUp", [2020, "ours"]),
        ("Home", [2000, "ours"]), ("End", [2020, "ours"]), (" ", ["play", "ours"]), ("a", ["not ours"]), ("Enter", ["not ours"]),
    ],
)  # fmt: skip
def test_keys(scripts, key, wanted):
    assert timeline(scripts, ("key", key)) == wanted


def test_keys_pause_the_play_and_space_ends_it(scripts):
    steps = ("play", ("run", 500), ("key", "PageUp"), ("run", 2000))
    assert timeline(scripts, *steps, last=2050) == ["play", 2011, "pause", 2021, "ours"]
    assert timeline(scripts, ("key", " "), ("run", 500), ("key", " "), ("run", 2000)) == [
        "play",
        "ours",
        2011,
        "pause",
        "ours",
    ]


def test_a_year_set_from_outside_is_where_play_goes_on_and_is_not_told_back(scripts):
    assert timeline(scripts, ("set", 2005), "play", ("run", 500)) == ["play", 2006]
    assert timeline(scripts, ("set", 1900), ("step", 1)) == [2001]


def test_slow_drawing_slows_play_down_and_piles_nothing_up(scripts):
    steps = ("play", ("run", 500), ("run", 9000), "waits", "drawn", "waits", ("run", 0), "waits")
    assert timeline(scripts, *steps, slow=True) == ["play", 2011, "0 waiting", "1 waiting", 2012, "0 waiting"]
    # A drawing that ends within the interval costs no time.
    steps = ("play", ("run", 500), ("run", 300), "drawn", ("run", 199), "waits", ("run", 1))
    assert timeline(scripts, *steps, slow=True) == ["play", 2011, "1 waiting", 2012]


def test_a_play_begun_while_an_old_step_is_drawn_runs_once(scripts):
    steps = ("play", ("run", 500), "pause", "play", "drawn", "waits", ("run", 500), "drawn", "waits")
    assert timeline(scripts, *steps, slow=True) == ["play", 2011, "pause", "play", "1 waiting", 2012, "1 waiting"]


def test_a_period_moves_as_one_and_stays_within_coverage(scripts):
    move = "([s, year]) => { const {since, year: y} = atlas.state.moveYear(s, year, 1945, 2020); return [since, y]; }"
    assert scripts.evaluate(move, [{"since": None, "year": 2000}, 2031]) == [None, 2020]
    assert scripts.evaluate(move, [{"since": 1990, "year": 2000}, 2001]) == [1991, 2001]
    assert scripts.evaluate(move, [{"since": 1990, "year": 2000}, 2031]) == [2010, 2020]
    assert scripts.evaluate(move, [{"since": 1990, "year": 2000}, 1900]) == [1945, 1955]


def test_every_year_of_the_chart_is_found_where_it_stands(scripts):
    wrong = scripts.evaluate("""() => {
      const payload = {dataset: {first_year: 1945, last_year: 2020}};
      const wrong = [];
      for (const width of [320, 800, 1433]) {
        const {left, step} = atlas.chart.axis(width, payload);
        for (let year = 1945; year <= 2020; year += 1) {
          for (const off of [-0.49, 0, 0.49]) {
            const got = atlas.chart.yearAt(left + (year - 1945 + off) * step, width, payload);
            if (got !== year) wrong.push([width, year, off, got]);
          }
        }
        if (atlas.chart.yearAt(-50, width, payload) !== 1945 || atlas.chart.yearAt(width + 50, width, payload) !== 2020) wrong.push(width);
      }
      return wrong;
    }""")
    assert wrong == []


# ---- words and numbers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "wanted"),
    [
        (0, "count", "0"), (1234567, "count", "1,234,567"), (None, "count", "\u2013"), (None, "share", "\u2013"), (0, "share", "0%"),
        (0.584, "share", "58%"), (0.585001, "share", "59%"), (1, "share", "100%"), (1499.6, "km", "1,500 km"), (None, "km", "\u2013"),
    ],
)  # fmt: skip
def test_figures(scripts, value, unit, wanted):
    assert scripts.evaluate("([value, unit]) => atlas.format.figure(value, unit)", [value, unit]) == wanted


@pytest.mark.parametrize(
    ("now", "before", "unit", "wanted"),
    [
        (249, 138, "count", "+111 since 2005"), (10, 12, "count", "\u22122 since 2005"), (5, 5, "count", "as in 2005"),
        (1500, 200, "count", "+1,300 since 2005"), (0.58, 0.40, "share", "+18 pts since 2005"), (0.40, 0.41, "share", "\u22121 pt since 2005"),
        (0.404, 0.396, "share", "as in 2005"), (1300.4, 100.2, "km", "+1,200 km since 2005"), (None, 5, "count", ""), (5, None, "count", ""),
    ],
)  # fmt: skip
def test_changes(scripts, now, before, unit, wanted):
    got = scripts.evaluate(
        "([now, before, unit]) => atlas.format.change(now, before, unit, '2005')", [now, before, unit]
    )
    assert got == wanted


def test_counts_and_hidden_classes_in_words(scripts):
    counts = scripts.evaluate("() => [0, 1, 2, 1000].map((n) => atlas.format.count(n, 'group', 'groups'))")
    assert counts == ["0 groups", "1 group", "2 groups", "1,000 groups"]
    got = scripts.evaluate("() => atlas.format.sentence('All alliances', {since: 1990, year: 1995}, 1, 2, ['A', 'B'])")
    assert got == "All alliances, 1990\u20131995: 1 alliance, 2 groups allied (hidden: A, B)"


def test_names_on_the_map_are_short_and_cut_between_words(scripts):
    short = "name => atlas.labels.short(name)"
    assert scripts.evaluate(short, "Fatah (Palestine)") == "Fatah"
    assert scripts.evaluate(short, "(Only) brackets (here)") == "(Only) brackets"
    assert scripts.evaluate(short, "(all)") == "(all)"
    long = "Popular Front for the Liberation of Everything"
    got = scripts.evaluate(short, long)
    assert got == "Popular Front for the\u2026"


def test_names_on_the_map_neither_overlap_nor_leave_it(scripts):
    got = scripts.evaluate("""() => {
      const n = 60, at = {lon: [], lat: []};
      for (let i = 0; i < n; i += 1) { at.lon.push(-170 + ((i * 53) % 340)); at.lat.push(-80 + ((i * 29) % 160)); }
      const payload = {groups: {name: at.lon.map((_, i) => `Some name ${i}`)}};
      const slice = {marked: at.lon.map((_, i) => i), degree: at.lon.map((_, i) => n - i)};
      const view = atlas.projection.view([0, 0, 1.4], 900, 420);
      return atlas.labels.place({payload, slice, at, view, measure: (text) => 6 * text.length});
    }""")
    boxes = [
        (one["x"] - 3 * len(one["text"]), one["y"] - 10, one["x"] + 3 * len(one["text"]), one["y"] + 3) for one in got
    ]
    assert len(boxes) >= 5
    for i, p in enumerate(boxes):
        assert min(p) >= 0
        assert p[2] <= 900
        assert p[3] <= 420
        assert not any(p[0] < q[2] and q[0] < p[2] and p[1] < q[3] and q[1] < p[3] for q in boxes[:i])


def test_the_tooltip_stays_in_the_window_and_off_the_pointer(scripts):
    wrong = scripts.evaluate("""() => {
      const wrong = [];
      for (const [w, h, width, height] of [[200, 90, 1440, 900], [300, 120, 320, 640]]) {
        for (let x = 0; x <= width; x += 20) {
          for (let y = 0; y <= height; y += 20) {
            const [left, top] = atlas.tooltip.position(x, y, w, h, width, height);
            const inside = left >= 0 && top >= 0 && left + w <= width && top + h <= height;
            const covers = x >= left && x <= left + w && y >= top && y <= top + h;
            if (!inside || covers) wrong.push([w, h, x, y, left, top]);
          }
        }
      }
      return wrong;
    }""")
    assert wrong == []


# ---- names that look like markup ------------------------------------------------------------------------------------------------------

IMAGE = "<img src=x onerror=alert(1)>"
BOLD = "<b>bold</b>"
VOCABULARY = f"""
[[ideology]]
id = "islamist"
label = "{BOLD} creed"

[[ideology]]
id = "leftist"
label = "{IMAGE}"
"""
LOOKS_LIKE_MARKUP = """() => [...document.querySelectorAll('*')].filter((e) =>
  e.matches('img[src="x"], img[src$="/x"], [onerror]') || (e.matches('b, i, strong, em') && e.textContent.trim() === 'bold')
).map((e) => `${e.outerHTML} in ${e.parentNode.outerHTML.slice(0, 200)}`)"""


@pytest.fixture(scope="module")
def markup_url(tmp_path_factory):
    rows = [
        {"group_id": "a", "name": IMAGE, "lon": "0", "lat": "0", "base_place": IMAGE, "aliases": BOLD},
        {"group_id": "b", "name": f"{BOLD} Front", "lon": "30", "lat": "0", "base_place": BOLD},
        {"group_id": "c", "name": f"Third {BOLD}", "lon": "30", "lat": "0", "base_place": BOLD},
        {"group_id": "d", "name": f"Lost {IMAGE}", "lon": "", "lat": "", "base_place": "", "precision": ""},
        {"group_id": "e", "name": f"Foe {BOLD}", "lon": "0", "lat": "30", "ideologies": "leftist"},
        {"group_id": "f", "name": f"Friend {IMAGE}", "lon": "0", "lat": "-30", "ideologies": "leftist"},
    ]
    rows = [{"base_country": "", **row} for row in rows]
    ties = [
        made.tie("a", "b", 1990, note=IMAGE),
        made.tie("b", "c", 1990),
        made.tie("a", "d", 1990),
        made.tie("a", "f", 1990, direction="a_to_b"),
        made.tie("e", "f", 1990),
        made.tie("a", "e", 1990, relation="rival", cooperation=""),
    ]
    folder = made.dataset(tmp_path_factory.mktemp("markup") / "markup", rows, ties, more=VOCABULARY)
    with running("--data", str(folder)) as url:
        yield url


@pytest.fixture
def marked_up(browser, markup_url):
    """Page of that dataset; at its end no name has become an element and nothing ran."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    watch = Watch(markup_url.split("//")[1])
    watch.on(context)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield page
    assert page.evaluate(LOOKS_LIKE_MARKUP) == []
    assert dialogs == []
    assert watch.faults == []
    context.close()


def spot(page, lon: float, lat: float) -> tuple[float, float]:
    x, y = page.evaluate(
        """([lon, lat]) => {
          const map = document.querySelector('#atlas-map'), box = map.getBoundingClientRect();
          const {map: extent} = atlas.app.context().selection;
          const [x, y] = atlas.projection.view(extent, map.clientWidth, map.clientHeight).project(lon, lat);
          return [box.left + x, box.top + y];
        }""",
        [lon, lat],
    )
    return x, y


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_names_are_text_under_the_pointer(marked_up, markup_url, path):
    page = marked_up
    ready(page, f"{markup_url}{path}?year=1995&rivals=1&map=15,0,1.6")
    title = page.locator(".atlas-tooltip .tooltip-title")
    for at, wanted in (
        ((0, 0), IMAGE),
        ((15, 0), f"{IMAGE} \u2013 {BOLD} Front"),
        ((0, 15), f"{IMAGE} \u2013 Foe {BOLD}"),
        ((0, -15), f"{IMAGE} \u2013 Friend {IMAGE}"),
    ):
        page.mouse.move(*spot(page, *at))
        expect(title).to_have_text(wanted)
        assert page.evaluate(LOOKS_LIKE_MARKUP) == []
    expect(page.locator(".tooltip-line", has_text="gave to")).to_have_text(f"{IMAGE} gave to Friend {IMAGE}")
    # Names on the map are one element each, of text alone.
    names = page.locator("#atlas-map .map-marks text")
    assert IMAGE in names.all_text_contents()
    assert names.evaluate_all("nodes => nodes.reduce((n, node) => n + node.childElementCount, 0)") == 0


def test_a_ring_of_such_names_is_text(marked_up, markup_url):
    page = marked_up
    ready(page, f"{markup_url}/?year=1995&map=30,0,40")
    ring = page.locator("#atlas-map [data-mark=places]").bounding_box()
    title = page.locator(".atlas-tooltip .tooltip-title")
    page.mouse.move(ring["x"] + 0.7, ring["y"] + ring["height"] / 2)
    expect(title).to_have_text(f"{BOLD}: 1 alliance within it")
    expect(page.locator(".tooltip-line")).to_have_text([f"{BOLD} Front \u2013 Third {BOLD}"])


def test_names_are_text_in_card_list_search_and_stack(marked_up, markup_url):
    page = marked_up
    ready(page, f"{markup_url}/?year=1995&map=30,0,1.6")
    names = page.locator("#atlas-groups .group-name").all_inner_texts()
    assert sorted(names) == sorted(
        [IMAGE, f"{BOLD} Front", f"Third {BOLD}", f"Lost {IMAGE}", f"Foe {BOLD}", f"Friend {IMAGE}"]
    )
    assert page.locator("#atlas-unlocated .group-name").all_inner_texts() == [f"Lost {IMAGE}"]
    page.locator("#atlas-groups .group-row").first.click()
    expect(page.locator(".card-title")).to_have_text(IMAGE)
    expect(page.locator(".group-card")).to_contain_text(f"Friend {IMAGE}")
    expect(page.locator(".group-card")).to_contain_text(f"{BOLD} creed")
    assert page.evaluate(LOOKS_LIKE_MARKUP) == []
    page.keyboard.press("Escape")
    page.locator(".search-input").fill("bold")
    expect(page.locator("[role=option]", has_text=IMAGE)).to_contain_text(f"also {BOLD}")
    assert page.evaluate(LOOKS_LIKE_MARKUP) == []
    page.keyboard.press("Escape")
    page.mouse.click(*spot(page, 30, 0))
    assert page.locator("#atlas-stack .group-name").all_inner_texts() == [f"{BOLD} Front", f"Third {BOLD}"]


def test_labels_of_the_vocabulary_are_text_in_legend_filters_chips_and_chart(marked_up, markup_url):
    page = marked_up
    ready(page, f"{markup_url}/?year=1995&map=15,0,1.6")
    labels = page.locator("#atlas-legend .legend-label").all_inner_texts()
    assert labels[:2] == [f"{BOLD} creed", IMAGE]
    page.locator("#atlas-legend button").first.click()
    expect(page.locator("#atlas-words")).to_contain_text(f"(hidden: {BOLD} creed)")
    box = page.locator("#atlas-chart").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
    expect(page.locator(".tooltip-row").first).to_contain_text(f"{BOLD} creed (hidden)")
    assert page.evaluate(LOOKS_LIKE_MARKUP) == []
    page.locator('label:has([data-facet="ideology=leftist"])').click()
    expect(page.locator("#atlas-words")).to_contain_text(f"of {IMAGE} groups")
    expect(page.locator("#atlas-chips .chip").first).to_contain_text(f"Ideology: {IMAGE}")


def test_names_and_labels_are_text_in_the_charts_beside_the_map(marked_up, markup_url):
    page = marked_up
    ready(page, f"{markup_url}/?year=1995")
    for chart in ("active", "content", "turnover", "reach", "degree", "network"):
        page.locator(f'.side-tab[data-chart="{chart}"]').click()
        page.wait_for_function("(chart) => location.search.includes(`chart=${chart}`)", arg=chart)
        expect(page.locator("#atlas-side-chart .side-plot").first).to_be_visible()
        if chart == "active":
            expect(page.locator("#atlas-side-chart")).to_contain_text(f"{BOLD} creed")
        if chart == "degree":
            expect(page.locator("#atlas-side-chart")).to_contain_text(f"Friend {IMAGE}")
        assert page.evaluate(LOOKS_LIKE_MARKUP) == []


@pytest.mark.parametrize("path", ["/data", "/data?table=groups", "/method"])
def test_names_are_text_on_the_other_pages(marked_up, markup_url, path):
    page = marked_up
    page.goto(f"{markup_url}{path}")
    page.wait_for_load_state("networkidle")
    if path.startswith("/data"):
        expect(page.locator("body")).to_contain_text(re.compile(re.escape(BOLD)))
