"""The command line draws with the machine's Chromium: the same picture as the browser's, and every kind of file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from pptx import Presentation

from tests.conftest import ROOT

pytestmark = pytest.mark.browser
DRAWN = "() => document.getElementById('atlas-brief')?.getAttribute('aria-busy') === 'false'"


def export(*args: object) -> str:
    command = [sys.executable, "app.py", "export", *map(str, args)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_an_svg_is_the_browsers_own_byte_for_byte(page, app_url, tmp_path):
    query = "since=1990&year=1999&shape=square&theme=dark&colour=region&note=A+note+%3Cb%3E"
    page.goto(f"{app_url}/brief?{query}")
    page.wait_for_function(DRAWN)
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("^SVG")).click()
    export("--url", f"{app_url}/?{query}", "--out", tmp_path / "one.svg")
    assert (tmp_path / "one.svg").read_bytes() == Path(download.value.path()).read_bytes()


def test_a_png_has_the_pixels_asked_for_and_says_what_it_is(tmp_path):
    out = tmp_path / "one.png"
    export("--year", 2010, "--size", "1921x1080", "--base", "https://atlas.example.org", "--out", out)
    with Image.open(out) as made:
        assert made.size == (1921, 1080)
        assert made.text["Title"] == "144 active alliances of armed groups, 2010"
        assert "https://atlas.example.org/?year=2010&data=" in made.text["Source"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", made.text["Creation Time"])
        assert len(made.convert("RGB").getcolors(1_000_000)) > 100
    assert [path.name for path in tmp_path.iterdir()] == ["one.png"]


def test_a_pdf_is_one_page_of_the_sheets_size_with_its_title(tmp_path):
    out = tmp_path / "one.pdf"
    export("--year", 1985, "--shape", "standard", "--title", "Mine", "--out", out)
    body = out.read_bytes()
    assert body.startswith(b"%PDF")
    assert re.findall(rb"/MediaBox\s*\[0 0 720 540\]", body)
    assert len(re.findall(rb"/Type\s*/Page\b", body)) == 1
    assert b"/Title (Mine)" in body


def test_a_deck_of_years_is_drawn(tmp_path):
    out = tmp_path / "years.pptx"
    export("--years", "1970,1990", "--ideology", "leftist", "--out", out)
    slides = Presentation(out).slides
    assert [re.search(r"\d{4}", one.shapes.title.text_frame.text)[0] for one in slides] == ["1970", "1990"]
    for one in slides:
        assert one.shapes[0].image.size == (2560, 1440)
        assert "leftist" in one.shapes[0]._element.nvPicPr.cNvPr.get("descr").lower()


def test_a_film_shows_a_year_after_another(tmp_path):
    if not (shutil.which("ffmpeg") and shutil.which("ffprobe")):
        pytest.skip("a film needs ffmpeg, which is not here; mend: apt-get install ffmpeg")
    out = tmp_path / "film.mp4"
    said = export("--animate", "1998:2000", "--fps", 1, "--size", "640x360", "--out", out)
    assert "3 of 3 years drawn" in said
    probe = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(out)]
    found = json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)
    (stream,) = found["streams"]
    assert (stream["codec_name"], stream["pix_fmt"], stream["width"], stream["height"]) == ("h264", "yuv420p", 640, 360)
    assert float(found["format"]["duration"]) == pytest.approx(4.5, abs=0.2)
    assert found["format"]["tags"]["title"] == "All alliances, 1998 to 2000"
