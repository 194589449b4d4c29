"""The embed, as a web editor puts it into a page of another host."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watch, keep, ready, running

FRAME = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<script>window.heights = []; addEventListener('message', e => heights.push([e.origin, e.data]));</script>
<iframe id="frame" src="{src}" width="{width}" height="{height}" style="border:0"></iframe>"""


@contextmanager
def site() -> Iterator[tuple[str, dict[str, str]]]:
    """Another host: serves the pages that the test puts into the dictionary."""
    pages: dict[str, str] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 204)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def hosts() -> Iterator[tuple[str, str, dict[str, str]]]:
    """The app with one allowed site, and that site."""
    with site() as (origin, pages), running(ATLAS_EMBED_HOSTS=origin) as app:
        yield app, origin, pages


@pytest.mark.parametrize(("width", "height"), [(800, 600), (360, 640), (320, 480)])
def test_it_works_in_the_frame_of_an_allowed_site(browser, hosts, width, height):
    app, origin, pages = hosts
    pages["/page"] = FRAME.format(src=f"{app}/embed?year=2010&ideology=islamist", width=width, height=height)
    context = browser.new_context(viewport={"width": max(width, 800), "height": 700})
    watch = Watch(app.split("//")[1], origin.split("//")[1])
    watch.on(context)
    page = context.new_page()
    page.goto(f"{origin}/page")
    frame = page.frames[1]
    frame.wait_for_selector("html.ready")
    frame.wait_for_function("() => document.querySelectorAll('#atlas-map path').length > 0")
    page.wait_for_timeout(300)
    keep(page, f"embed-{width}")
    for part in ("#atlas-map", "#atlas-slider input", "[data-action=play]", "#atlas-legend", ".source-lines"):
        box = frame.locator(part).bounding_box()
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width + 1, part
        assert box["y"] + box["height"] <= height + 1, part
    assert frame.locator("#atlas-map").bounding_box()["height"] >= 120
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame.locator("#atlas-slider input").focus()
    page.keyboard.press("ArrowLeft")
    expect(frame.locator("#atlas-year")).to_have_text("2009")
    expect(frame.locator(".source-lines")).to_contain_text("Source: Alliance Atlas curated sample")
    assert context.cookies() == []
    assert frame.evaluate("localStorage.length + sessionStorage.length") == 0
    assert watch.faults == []
    context.close()


def test_its_height_depends_on_its_width_alone(browser, hosts):
    app, origin, pages = hosts
    told = {}
    for width, height in [(320, 400), (320, 900), (800, 300), (800, 1200)]:
        path = f"/page-{width}-{height}"
        pages[path] = FRAME.format(src=f"{app}/embed", width=width, height=height)
        page = browser.new_page()
        page.goto(origin + path)
        page.wait_for_function("() => heights.length > 0")
        page.frames[1].wait_for_selector("html.ready")
        messages = page.evaluate("heights")
        assert {origin for origin, _ in messages} == {app}
        assert {data["type"] for _, data in messages} == {"alliance-atlas:height"}
        told.setdefault(width, set()).update(data["height"] for _, data in messages)
        page.close()
    assert {width: len(heights) for width, heights in told.items()} == {320: 1, 800: 1}
    assert told[320] != told[800]


def test_the_code_of_the_dialog_works_as_pasted(browser, hosts):
    app, origin, pages = hosts
    page = browser.new_page()
    ready(page, f"{app}/?kind=ally&year=1999")
    page.get_by_role("button", name="Embed this view in a web page").click()
    code = page.locator("#atlas-dialog textarea").input_value()
    assert f'src="{app}/embed?kind=ally&amp;year=1999&amp;data=2026.11"' in code
    pages["/pasted"] = f"<!doctype html><body>{code}"
    page.goto(f"{origin}/pasted")
    page.frames[1].wait_for_selector("html.ready")
    page.wait_for_function("() => Number(document.querySelector('iframe').height) !== 600")
    height = page.evaluate("document.querySelector('iframe').getBoundingClientRect().height")
    assert page.frames[1].evaluate("innerHeight") == height
    page.close()


def test_other_sites_cannot_frame_it_and_no_site_can_frame_the_rest(browser, hosts):
    app, origin, pages = hosts
    with site() as (stranger, theirs):
        theirs["/page"] = FRAME.format(src=f"{app}/embed", width=800, height=600)
        pages["/explorer"] = FRAME.format(src=f"{app}/", width=800, height=600)
        for address in (f"{stranger}/page", f"{origin}/explorer"):
            page = browser.new_page()
            refused = []
            page.on("console", lambda message, refused=refused: refused.append(message.text))
            page.goto(address)
            page.wait_for_timeout(500)
            assert any("frame-ancestors" in text for text in refused), refused
            assert page.evaluate("heights") == []
            page.close()


def test_it_leads_to_the_same_view_in_the_explorer(page, app_url):
    ready(page, f"{app_url}/embed?kind=ally&year=1999")
    page.keyboard.press("ArrowRight")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open in Alliance Atlas").click()
    opened.value.wait_for_selector("html.ready")
    assert opened.value.url == f"{app_url}/?kind=ally&year=2000"


@pytest.mark.parametrize("context", ["phone"], indirect=True)
def test_nothing_of_the_filters_lies_over_the_embeds_map(page, app_url):
    ready(page, f"{app_url}/embed?ideology=islamist&type=material&year=2010")
    expect(page.locator("#atlas-words")).to_contain_text("Islamist groups with material")
    assert page.locator(".chip:visible").count() == 0
