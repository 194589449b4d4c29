"""The briefing: the page, what stands on the sheet, and every file that it is handed out as."""

from __future__ import annotations

import io
import json
import re
import struct
import zlib
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import expect

from components.brief import compose
from data.briefing import briefing
from data.files import today
from data.grammar import parse
from data.index import index
from data.numbers import against, change, figure
from data.projection import View, home, spread, to_layout
from tests.browser.conftest import ARTEFACTS, SIZES, keep, ready

pytestmark = pytest.mark.browser
REFERENCE = Path(__file__).parents[1] / "fixtures" / "brief"
DRAWN = "() => document.getElementById('atlas-brief')?.getAttribute('aria-busy') === 'false'"
SHEETS = (
    "year=2010&ideology=islamist&note=A+note&caveat=HANDLE+WITH+CARE",
    "year=2015&shape=standard&theme=dark&colour=region&rivals=1",
    "compare=2000&year=2010&shape=square&title=" + "W" * 100,
    "dataset=synthetic-mgar-scale&since=1995&year=2010&colour=type",
)


@pytest.fixture(scope="module")
def brief(browser, app_url):
    """A page of the briefing, for tests that draw sheets of their own on it."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(20_000)
    page.goto(f"{app_url}/brief?year=2010")
    page.wait_for_function(DRAWN)
    yield page
    page.close()


def sheet(page, query: str) -> dict:
    """Composition of a view with the SVG that is drawn of it."""
    return page.evaluate(
        """async (query) => {
          const sheet = await (await fetch(`/api/brief?${query}`)).json();
          return {...sheet, svg: await atlas.figure.svg(sheet.figure, sheet.facts)};
        }""",
        query,
    )


# ---- the page ------------------------------------------------------------------------------------------------------------


def test_the_explorers_view_becomes_a_sheet_whose_words_are_edited_in_place(page, app_url):
    ready(page, f"{app_url}/?year=2010&ideology=islamist")
    page.get_by_role("button", name="Brief").click()
    page.wait_for_url(re.compile(r"/brief\?"))
    page.wait_for_function(DRAWN)
    assert page.url.endswith("/brief?ideology=islamist&year=2010")
    picture = page.locator(".brief-picture")
    expect(picture).to_have_attribute("aria-label", re.compile("94 alliances, 67 groups allied"))
    expect(picture).to_contain_text("94 alliances of Islamist groups, 2010")
    keep(page, "brief")

    title = page.get_by_label("Edit the title on the sheet")
    title.fill("  What the   room needs ")
    title.press("Enter")
    expect(picture).to_contain_text("What the room needs")
    page.get_by_label("Handling caveat", exact=True).fill("FOR OFFICIAL USE")
    page.get_by_label("Handling caveat", exact=True).press("Enter")
    expect(picture).to_contain_text("FOR OFFICIAL USE")
    note = page.get_by_label("Edit a note on the sheet")
    note.fill("never kept")
    note.press("Escape")
    page.get_by_role("button", name="1:1", exact=True).click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("#atlas-brief")).to_have_attribute("data-shape", "square")
    address = "/brief?ideology=islamist&year=2010&shape=square&theme=dark&title=What%20the%20room%20needs&caveat=FOR%20OFFICIAL%20USE"
    assert page.url.endswith(address)
    page.wait_for_function(DRAWN)
    expect(picture).not_to_contain_text("never kept")

    page.reload()
    page.wait_for_function(DRAWN)
    expect(picture).to_contain_text("What the room needs")
    expect(page.get_by_role("button", name="Dark", exact=True)).to_have_attribute("aria-pressed", "true")
    # The words of the briefing stay with the view when it is looked at elsewhere.
    page.get_by_role("link", name="Back to the explorer").click()
    page.wait_for_url(lambda url: url.endswith(address.replace("/brief", "/")))


@pytest.mark.parametrize("context", list(SIZES), indirect=True)
def test_the_sheet_fits_every_window(page, app_url):
    page.goto(f"{app_url}/brief?year=1985")
    page.wait_for_function(DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("#atlas-brief").bounding_box()
    assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.02)
    keep(page, f"brief-{page.viewport_size['width']}")


# ---- the sheet -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", SHEETS)
def test_text_stands_apart_and_where_it_was_measured(brief, served, query):
    made = sheet(brief, query)
    told = brief.evaluate(
        """(svg) => {
          const root = document.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true);
          root.querySelector('style').remove(); // the page has the font, and has loaded it
          root.classList.add('brief-picture');
          Object.assign(root.style, {position: 'fixed', left: 0, top: 0, width: `${root.getAttribute('width')}px`, height: `${root.getAttribute('height')}px`});
          document.body.append(root);
          const boxes = [...root.querySelectorAll('text')].filter((node) => node.textContent)
            .map((node) => { const b = node.getBoundingClientRect(); return [node.textContent, b.left, b.top, b.right, b.bottom]; });
          root.remove();
          return boxes;
        }""",
        made["svg"],
    )
    selection, _ = parse(query, served)
    atlas = served[selection.dataset]
    wanted = compose(index(atlas), selection, briefing(selection, served, base="http://127.0.0.1:1/", day=today()))
    boxes = [box for box in wanted.boxes if box.size]
    assert len(told) == len(boxes)
    for (text, left, top, right, bottom), box in zip(told, boxes, strict=True):
        if box.role == "source" and "http" in text:
            continue  # the port differs
        assert text == box.text
        assert left >= box.x0 - 2, text
        assert right <= box.x1 + 2, text
        assert right - left >= 0.97 * (box.x1 - box.x0), text
        assert (top + bottom) / 2 == pytest.approx((box.y0 + box.y1) / 2, abs=2.5), text


def test_the_same_view_gives_the_same_svg(brief):
    one, two = (sheet(brief, SHEETS[0])["svg"] for _ in range(2))
    assert one == two
    assert "<text" in one
    assert "94 alliances of Islamist groups, 2010</text>" in one
    assert "font/woff2;base64," in one
    assert "<dc:source>Source: Alliance Atlas curated sample" in one
    assert re.search(
        r"<dc:identifier>http://[^<]*\?ideology=islamist&amp;year=2010&amp;data=2026.11</dc:identifier>", one
    )


def test_words_never_become_markup(brief):
    made = sheet(brief, "year=2010&title=%3Cb%3Ebold%3C/b%3E+%24x%5E2%24+%26amp%3B+%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<b>" not in made["svg"]
    assert "&lt;b&gt;bold&lt;/b&gt; $x^2$ &amp;amp; &lt;script&gt;" in made["svg"]


def grey(picture: bytes) -> np.ndarray:
    """Picture as an eye at a distance sees it: small, soft and without colour."""
    image = Image.open(io.BytesIO(picture)).convert("L").filter(ImageFilter.GaussianBlur(3)).resize((320, 180))
    return np.asarray(image, dtype=float)


@pytest.mark.parametrize(
    ("name", "query"), [("light", "year=2010&ideology=islamist"), ("dark", "year=1985&theme=dark&colour=kind")]
)
def test_the_picture_looks_as_it_did(brief, name, query):
    """A change that is meant: look at artefacts/brief-<name>.png, then copy it over the reference."""
    made = brief.evaluate(
        """async (query) => {
          const sheet = await (await fetch(`/api/brief?${query}`)).json();
          const svg = await atlas.figure.svg(sheet.figure, sheet.facts);
          const png = await atlas.figure.png(svg, sheet.width, sheet.height, 1, sheet.facts);
          return [...new Uint8Array(await png.arrayBuffer())];
        }""",
        query,
    )
    ARTEFACTS.mkdir(exist_ok=True)
    (ARTEFACTS / f"brief-{name}.png").write_bytes(bytes(made))
    difference = np.abs(grey(bytes(made)) - grey((REFERENCE / f"{name}.png").read_bytes()))
    # The day and the port of the link change from run to run: a line of small letters.
    assert difference.mean() < 0.8
    assert np.percentile(difference, 99.5) < 24


# ---- files ---------------------------------------------------------------------------------------------------------------


def saved(page, button: str) -> Path:
    """File that a button hands out."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    path = ARTEFACTS / download.value.suggested_filename
    ARTEFACTS.mkdir(exist_ok=True)
    download.value.save_as(path)
    return path


def texts(png: bytes) -> dict[str, str]:
    """Text chunks of a PNG; every chunk's checksum is right."""
    at, found = 8, {}
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        if kind == b"iTXt":
            key, _, rest = body.partition(b"\0")
            found[key.decode()] = rest[4:].decode()
        at += 12 + size
    return found


def test_every_file_says_what_it_is(page, app_url):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=app_url)
    page.goto(f"{app_url}/brief?dataset=synthetic-mgar-scale&year=2010&ideology=islamist")
    page.wait_for_function(DRAWN)
    for scale, button in (
        (1, "PNG at the sheet's own size"),
        (2, "PNG of twice that size, for slides"),
        (3, "PNG of three times that size, 3840 x 2160 where it is 16:9"),
    ):
        path = saved(page, button)
        assert "synthetic" in path.name
        with Image.open(path) as image:
            assert image.size == (1280 * scale, 720 * scale)
            assert image.info["dpi"][0] == pytest.approx(96 * scale, abs=0.1)
        said = texts(path.read_bytes())
        assert "alliances of Islamist groups, 2010" in said["Title"]
        assert said["Source"].startswith("Source: Synthetic data at MGAR's scale")
        assert "?dataset=synthetic-mgar-scale&ideology=islamist&year=2010&data=scale-1-seed-1" in said["Source"]
        assert said["Creation Time"] == today().isoformat()
        assert said["Warning"].startswith("SYNTHETIC DATA")
    svg = saved(page, "SVG with real text").read_text("utf-8")
    assert "SYNTHETIC DATA" in svg
    pdf = saved(page, "PDF of one page, all vectors").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert b"/Subtype /Image" not in pdf
    assert pdf.count(b"/FontFile2") == 2
    assert b"/MediaBox [0 0 960. 540.]" in pdf
    rows = saved(page, "The numbers that are drawn").read_text("utf-8-sig")
    assert "# SYNTHETIC DATA" in rows
    page.get_by_role("button", name="Copy the picture").click()
    expect(page.locator("#atlas-brief-said")).to_have_text("Copied.")
    kinds = page.evaluate("navigator.clipboard.read().then((items) => items.flatMap(({types}) => types))")
    assert kinds == ["image/png"]


# ---- Python and the scripts say the same ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(curated, mgar):
    return {"curated": curated, "synthetic-mgar-scale": mgar}


@pytest.fixture(scope="module")
def scripts(browser, app_url):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    ready(page, app_url)
    yield page
    page.close()


def test_the_projection_is_that_of_the_explorer(scripts):
    for extent, (w, h) in (
        ((20.0, 15.0, 1.4), (998, 330)),
        ((-70.0, -10.0, 6.0), (656, 240)),
        ((175.0, 40.0, 2.0), (300, 700)),
    ):
        told = scripts.evaluate(
            """([extent, w, h]) => {
              const view = atlas.projection.view(extent, w, h), groups = {lon: [0, 10, 10, 179], lat: [0, 50, 50, -60], slot: [0, 1, 7, 3]};
              const at = atlas.spread.positions(groups, view.pixels);
              return [view.pixels, groups.lon.map((lon, i) => view.project(lon, groups.lat[i])), [...at.lon], [...at.lat],
                atlas.projection.home(w, h), atlas.projection.toLayout(extent, w, h)];
            }""",
            [list(extent), w, h],
        )
        view = View(extent, w, h)
        lon, lat, slot = np.array([0.0, 10, 10, 179]), np.array([0.0, 50, 50, -60]), np.array([0, 1, 7, 3])
        assert view.pixels == pytest.approx(told[0])
        assert np.stack(view.project(lon, lat), axis=1) == pytest.approx(np.array(told[1]))
        moved = spread(lon, lat, slot, view.pixels)
        assert moved[0] == pytest.approx(np.array(told[2]))
        assert moved[1] == pytest.approx(np.array(told[3]))
        assert home(w, h) == pytest.approx(told[4], abs=0.011)
        layout, flat = to_layout(extent, w, h), told[5]
        assert layout["projection"]["scale"] == pytest.approx(flat["projection.scale"])
        assert layout["lonaxis"]["range"] == pytest.approx(flat["lonaxis.range"])
        assert layout["lataxis"]["range"] == pytest.approx(flat["lataxis.range"])


@pytest.mark.parametrize(
    "query", ["year=2015", "since=1990&year=1999&colour=type", "year=1985&hide=leftist&confidence=medium"]
)
def test_the_marks_are_those_of_the_explorer(scripts, app_url, served, query):
    told = scripts.evaluate(
        """async ([query, colouring, since, year, hidden]) => {
          const payload = await (await fetch(`/api/payload?${query}`)).json();
          const slice = atlas.slice(payload, {since, year, colouring, hidden: new Set(hidden), rivals: false});
          const id = (rows) => rows.map((row) => payload.relationships.id[row]);
          return {lead: id(slice.ties.map(({row}) => row)), counts: [...slice.counts], unallied: slice.unallied.length,
            dashed: slice.dashedCount, faint: slice.faintCount, grey: slice.greyCount, within: slice.withinCount, lost: slice.notDrawnCount,
            hidden: slice.ties.filter((tie) => tie.hidden).length, wide: slice.ties.filter((tie) => tie.wide).length};
        }""",
        [query, *(lambda s: (s.colour, s.since, s.year, list(s.hide)))(parse(query, served)[0])],
    )
    selection, _ = parse(query, served)
    atlas = served["curated"]
    drawn = briefing(selection, served, base=app_url, day=today()).drawing
    ids = atlas.relationships["relationship_id"].to_numpy()[index(atlas).alliances.row[drawn.tie]]
    assert sorted(ids) == sorted(told["lead"])
    assert drawn.counts.tolist() == told["counts"]
    for key, mask in (
        ("dashed", drawn.dashed),
        ("faint", drawn.faint),
        ("grey", drawn.grey),
        ("within", drawn.within),
        ("lost", ~drawn.located),
        ("hidden", drawn.hidden),
        ("wide", drawn.wide),
    ):
        assert int(mask.sum()) == told[key], key
    located = ~np.isnan(atlas.groups.geometry.x.to_numpy())
    assert int((drawn.unallied & located).sum()) == told["unallied"]


def test_numbers_are_written_as_the_explorer_writes_them(scripts):
    cases = [
        (5, 3, "count"),
        (1234567, 1200000, "count"),
        (0.125, 0.5, "share"),
        (0.666, 0.666, "share"),
        (1999.5, 3.2, "km"),
        (None, 4, "km"),
        (3, None, "count"),
    ]
    told = scripts.evaluate(
        "(cases) => cases.map(([now, before, unit]) => [atlas.format.figure(now, unit), atlas.format.change(now, before, unit, '2000'), atlas.format.against(now, before, unit, 2000)])",
        cases,
    )
    assert told == [[figure(n, u), change(n, b, u, "2000"), against(n, b, u, 2000)] for n, b, u in cases]


def test_the_numbers_that_are_drawn_come_as_csv(app_url, served):
    with urlopen(f"{app_url}/api/brief.csv?year=2010&ideology=islamist") as answer:
        assert (
            answer.headers["Content-Disposition"]
            == 'attachment; filename="alliance-atlas-94-alliances-of-islamist-groups-2010.csv"'
        )
        lines = answer.read().decode("utf-8-sig").splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert "94 alliances of Islamist groups, 2010" in head[0]
    table = [line for line in lines if not line.startswith("#")]
    parts = [line.split(",")[0] for line in table[1:]]
    assert parts.count("figure") == 7
    assert parts.count("map") == 94
    with urlopen(f"{app_url}/api/payload?ideology=islamist") as answer:
        series = json.loads(answer.read())["series"]["ideology"]
    chart = [line.split(",") for line in table if line.startswith("chart,2010,")]
    at = 2010 - 1945
    assert sum(int(row[4]) for row in chart) == sum(layer[at] for layer in series) == 94
