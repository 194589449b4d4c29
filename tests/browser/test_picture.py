"""Save picture: what a briefer pastes into a slide."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.browser.conftest import ARTEFACTS, ready


def saved(page, scale: int) -> Path:
    """Save the picture at a scale and return the file."""
    with page.expect_download() as download:
        page.locator(f'#atlas-dialog [data-scale="{scale}"]').click()
    ARTEFACTS.mkdir(exist_ok=True)
    path = ARTEFACTS / f"{scale}x-{download.value.suggested_filename}"
    download.value.save_as(path)
    return path


def size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG."""
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


@pytest.mark.parametrize(
    "search",
    [
        "?year=2010&ideology=islamist",
        "?year=1985&colour=type",
        "?year=2010&ideology=islamist&region=caribbean",
        "?since=1990&year=1999",
    ],
)
def test_it_saves_png_once_and_twice_as_large(page, app_url, search):
    ready(page, app_url + search)
    page.get_by_role("button", name="Save a picture of this view").click()
    page.wait_for_function("() => document.querySelector('.dialog-picture').naturalWidth === 1600")
    one, two = saved(page, 1), saved(page, 2)
    assert size(one) == (1600, 900)
    assert size(two) == (3200, 1800)
    assert one.name.startswith("1x-alliance-atlas-")


def test_the_picture_says_what_it_shows(page, app_url):
    """The canvas' texts are caught as they are drawn: title, figures, source, version, date and link are in it."""
    page.add_init_script("""
      window.drawn = [];
      const fill = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { window.drawn.push(text); return fill.call(this, text, ...rest); };
    """)
    ready(page, f"{app_url}/?year=2010&ideology=islamist")
    page.get_by_role("button", name="Save a picture of this view").click()
    page.wait_for_function("() => document.querySelector('.dialog-picture').naturalWidth === 1600")
    text = " ".join(page.evaluate("drawn"))
    for part in (
        "Alliances of Islamist groups, 2010: ", "Active alliances", "Median reach", "Source: Alliance Atlas curated sample",
        "version 2026.11", "CC BY 4.0", "not a census", "Natural Earth", f"{app_url}/?ideology=islamist&year=2010&data=2026.11",
    ):  # fmt: skip
        assert part in text
    year = page.evaluate("new Date().getFullYear()")
    assert str(year) in text


def test_plotlys_own_camera_is_off(page, app_url):
    ready(page, app_url)
    assert page.locator(".modebar-btn").count() == 0
