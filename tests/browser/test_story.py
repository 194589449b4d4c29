"""Stories as people use them: played, taken away, made from briefings and edited in the browser alone."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pptx import Presentation

from data.stories import FOLDER as STORIES
from data.stories import bundled, read_story, shown
from tests.browser.conftest import SIZES, keep

pytestmark = pytest.mark.browser
DRAWN = "() => document.getElementById('atlas-story')?.getAttribute('aria-busy') === 'false'"
EVIL = '<img src=x onerror="window.hacked=1">'


def opened(page, url):
    page.goto(url)
    page.wait_for_selector("html.ready")
    page.wait_for_function(DRAWN)
    return page


def downloaded(page, name) -> Path:
    with page.expect_download(timeout=90_000) as download:
        page.get_by_role("button", name=name).click()
    return Path(download.value.path())


def test_a_story_is_found_played_and_taken_away(page, app_url, curated):
    page.goto(f"{app_url}/story/")
    page.wait_for_selector("html.ready")
    page.get_by_role("link", name="The lull after it").click()
    page.wait_for_function(DRAWN)
    views = shown(bundled()["lull"], {"curated": curated})
    picture, heading = page.locator(".story-picture"), page.locator("#atlas-story-heading")
    expect(heading).to_have_text(views[0].title)
    expect(picture).to_contain_text(views[0].title)
    expect(picture).to_contain_text(views[0].text)
    expect(page.get_by_role("button", name="View before")).to_be_disabled()

    page.keyboard.press("ArrowRight")
    expect(page.locator("#atlas-story-at")).to_have_text(f"2 of {len(views)}")
    expect(picture).to_contain_text(views[1].title)
    assert page.url.endswith("/story/lull#2")
    page.get_by_role("slider", name="View").press("End")
    expect(page.get_by_role("button", name="Next view")).to_be_disabled()
    page.go_back()  # the views of a story are one step of the history
    page.wait_for_url(re.compile(r"/story/$"))

    opened(page, f"{app_url}/story/lull#3")
    expect(heading).to_have_text(views[2].title)
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Home")
    expect(page.get_by_role("button", name="Play the story")).to_be_visible()
    expect(heading).to_have_text(views[0].title)

    assert downloaded(page, "The story as a file").read_bytes() == (STORIES / "lull.toml").read_bytes()
    page.locator(".dataset-tag").click()  # the story is of one dataset: the way to another leads to the list
    other = page.get_by_role("link", name=re.compile("Synthetic"))
    assert other.get_attribute("href").startswith("/story/?dataset=synthetic-mgar-scale")


def test_a_story_of_ones_own_is_made_edited_saved_and_opened(page, app_url, watch):
    for query in ("year=1984&theme=dark&note=First", f"year=2010&ideology=islamist&title={EVIL}"):
        page.goto(f"{app_url}/brief?{query}")
        page.wait_for_function("() => document.getElementById('atlas-brief')?.getAttribute('aria-busy') === 'false'")
        page.get_by_role("button", name="Add this view to your own story").click()
    expect(page.locator("#atlas-brief-said")).to_have_text("Added: your story has 2 views. Open it")
    (slide,) = Presentation(downloaded(page, "Slide for PowerPoint")).slides
    assert (slide.shapes.title.text_frame.text, slide.shapes[0].image.size) == (EVIL, (2560, 1440))
    page.get_by_role("button", name="Add this view to your own story").click()
    expect(page.locator("#atlas-brief-said")).to_contain_text("3 views")
    page.evaluate("() => { const story = atlas.story.mine(); story.views.pop(); atlas.story.keep(story); }")
    page.get_by_role("link", name="Open it").click()
    page.wait_for_function(DRAWN)
    heading = page.locator("#atlas-story-heading")
    expect(heading).to_have_text("158 active alliances of armed groups, 1984")
    sentence = page.get_by_label("Sentence of view 1")
    expect(sentence).to_have_value("First")
    sentence.fill("  A {brace}   stays ")
    sentence.press("Enter")
    page.get_by_label("Move view 1 down").click()
    expect(page.get_by_label("Title of view 1")).to_have_value(EVIL)
    expect(page.locator("#atlas-story-at")).to_have_text("2 of 2")
    page.get_by_role("button", name="Show view 1").click()
    page.wait_for_function(DRAWN)
    expect(page.locator(".story-picture")).to_contain_text(EVIL)
    keep(page, "story-mine")
    page.get_by_label("Remove view 2").click()
    expect(page.locator("#atlas-story-at")).to_have_text("1 of 1")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#atlas-story-at")).to_have_text("1 of 2")

    first, second = Presentation(downloaded(page, "Slides for PowerPoint")).slides
    assert (first.shapes.title.text_frame.text, first.shapes[0].image.size) == (EVIL, (1920, 1080))
    assert "A {brace} stays" in second.notes_slide.notes_text_frame.text
    saved = downloaded(page, "The story as a file").read_bytes()
    kept = read_story(saved, "saved.toml")
    assert [view.query for view in kept.views] == ["ideology=islamist&year=2010", "year=1984"]
    assert tomllib.loads(saved.decode())["view"][1]["text"] == "A {{brace}} stays"

    page.reload()
    page.wait_for_function(DRAWN)
    expect(page.get_by_label("Sentence of view 2")).to_have_value("A {brace} stays")
    file = page.get_by_label("Open a story")
    file.set_input_files({"name": "bad.toml", "mimeType": "text/plain", "buffer": b"title = 3"})
    expect(page.locator("#atlas-story-said")).to_contain_text("bad.toml could not be opened: title is not a text")
    # The refusal is meant: the browser tells of it as of every answer that is an error.
    watch.faults[:] = [fault for fault in watch.faults if "400" not in fault]
    other = bundled()["first-wave"]
    file.set_input_files(STORIES / "first-wave.toml")
    expect(page.get_by_role("heading", level=1)).to_have_text(other.title)
    expect(page.locator("#atlas-story-at")).to_have_text(f"1 of {len(other.views)}")
    page.get_by_role("button", name="Undo").click()
    file.set_input_files({"name": "saved.toml", "mimeType": "text/plain", "buffer": saved})
    expect(page.get_by_label("Sentence of view 2")).to_have_value("A {brace} stays")
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("context", list(SIZES), indirect=True)
def test_a_story_fits_every_window(page, app_url):
    opened(page, f"{app_url}/story/second-wave#6")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    words = page.locator("#atlas-story-text").bounding_box()
    assert (words["width"] > 200) == (page.viewport_size["width"] == 390)  # the picture has them in wide windows
    small = page.evaluate(
        """() => [...document.querySelectorAll('.story-main :is(button, a, input):not(svg *)')].map((node) => node.getBoundingClientRect())
          .filter((box) => box.width && (box.width < 24 || box.height < 24)).length"""
    )
    assert small == 0
    keep(page, f"story-{page.viewport_size['width']}")
