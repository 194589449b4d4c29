"""Slides: what can be edited stands where the picture leaves room, and posted pictures are what they say."""

from __future__ import annotations

import contextlib
import io
import zipfile
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation
from pptx.util import Emu

from components.brief import SHAPES, Box, compose, slide
from components.brief.slide import EDITABLE, without_editable
from data.briefing import briefing
from data.errors import AtlasError
from data.grammar import parse
from data.index import index
from data.slides import MOST_BYTES, deck, picture

DAY = date(2026, 11, 27)
QUERIES = {
    "wide": "year=2010&ideology=islamist&note=A+note&caveat=NOT+FOR+RELEASE",
    "standard": "year=2010&compare=2000&theme=dark&title=" + "W" * 120,
    "square": "dataset=synthetic-mgar-scale&note=%3Cb%3Ebold",
}


def drawn(width: int, height: int, kind: str = "PNG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind)
    return out.getvalue()


@pytest.fixture(scope="module")
def served(curated, mgar):
    return {"curated": curated, "synthetic-mgar-scale": mgar}


@pytest.fixture(scope="module")
def parts(served):
    """Of each shape: the briefing, its composition and its slide."""

    def of(shape, query):
        selection, notices = parse(f"{query}&shape={shape}", served)
        assert notices == ()
        told = briefing(selection, served, base="https://atlas.example.org", day=DAY)
        composition = compose(index(served[selection.dataset]), selection, told)
        return told, composition, slide(composition, selection, told, drawn(*SHAPES[shape][1:]))

    return {shape: of(shape, query) for shape, query in QUERIES.items()}


def opened(body: bytes):
    return Presentation(io.BytesIO(body))


def box(shape) -> Box:
    px = [Emu(n).inches * 96 for n in (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)]
    return Box(shape.name, "", *px)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_slide_can_be_edited_and_says_nothing_twice(parts, shape):
    told, composition, made = parts[shape]
    (only,) = opened(deck([made])).slides
    assert only.shapes.title.is_placeholder
    assert only.shapes.title.text_frame.text == told.title
    (table,) = (s.table for s in only.shapes if s.has_table)
    cells = [c.text_frame.text for row in table.rows for c in row.cells]
    for figure in told.figures:
        assert any(figure.label in cell for cell in cells)
        assert any(figure.text in cell.splitlines() for cell in cells)
    left = [note["text"] for note in without_editable(composition)["layout"]["annotations"]]
    said = [b for b in composition.boxes if b.size and b.role in EDITABLE]
    assert len(left) == len([b for b in composition.boxes if b.size]) - len(said)
    assert told.title not in left
    assert {"title", "figure", "figure-label"} <= {b.role for b in said}
    for kept in (told.synthetic, told.caveat):
        assert not kept or kept in left


@pytest.mark.parametrize("shape", SHAPES)
def test_what_can_be_edited_stands_where_the_picture_has_room(parts, shape):
    _, composition, made = parts[shape]
    presentation = opened(deck([made]))
    (only,) = presentation.slides
    seen, *text = (box(s) for s in only.shapes)
    _, w, h = SHAPES[shape]
    assert (Emu(presentation.slide_width).inches * 96, Emu(presentation.slide_height).inches * 96) == (w, h)
    assert (seen.x0, seen.y0, seen.x1, seen.y1) == (0, 0, w, h)
    inside = [b for b in composition.boxes if b.role not in EDITABLE and b.role != "name"]
    for one in text:
        assert 0 <= one.x0 <= one.x1 <= w
        assert 0 <= one.y0 <= one.y1 <= h
        assert [b for b in inside if b.overlaps(one)] == [], one
    assert [(a, b) for a, b in combinations(text, 2) if a.overlaps(b)] == []
    for layout in presentation.slide_layouts:
        for place in layout.placeholders:
            assert place.left + place.width <= presentation.slide_width


def test_the_picture_is_told_and_the_notes_have_what_is_cited(parts):
    told, _, made = parts["wide"]
    (only,) = opened(deck([replace(made, lead="What to see.")])).slides
    assert only.shapes[0]._element.nvPicPr.cNvPr.get("descr") == told.alt
    notes = only.notes_slide.notes_text_frame.text
    for part in ("What to see.", told.words, told.source, told.made, told.link, "NOT FOR RELEASE", "A note"):
        assert part in notes
    assert "Active alliances: 94" in notes


def test_a_deck_says_what_it_is(parts):
    told, _, made = parts["wide"]
    core = opened(deck([made])).core_properties
    assert (core.title, core.category, core.author) == (told.title, "", "Alliance Atlas")
    for part in (told.source, told.link, "27 November 2026"):
        assert part in core.comments
    assert core.created.date() == core.modified.date() == DAY
    told, _, made = parts["square"]
    core = opened(deck([made], title="Several")).core_properties
    assert (core.title, core.category) == ("Several", "SYNTHETIC DATA")
    assert "SYNTHETIC DATA" in core.keywords


def test_the_same_slides_are_the_same_bytes_of_the_day(parts):
    made = parts["wide"][2]
    one = deck([made, made])
    assert one == deck([made, made])
    with zipfile.ZipFile(io.BytesIO(one)) as package:
        assert {entry.date_time[:3] for entry in package.infolist()} == {(2026, 11, 27)}


def test_a_deck_has_slides_and_one_shape(parts):
    made = parts["wide"][2]
    with pytest.raises(AtlasError, match="differ in shape"):
        deck([made, parts["square"][2]])
    for slides in ([], [made] * 61):
        with pytest.raises(AtlasError, match="choose 1 to 60"):
            deck(slides)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB")])
def test_a_posted_picture_is_made_anew(kind, mode):
    body = picture(drawn(2560, 1440, kind, mode), "wide")
    assert body.startswith(b"\x89PNG")
    assert Image.open(io.BytesIO(body)).size == (2560, 1440)


def test_nothing_rides_along_in_a_posted_picture():
    body = drawn(1280, 720) + b"<script>alert(1)</script>"
    assert b"script" not in picture(body, "wide")


@pytest.mark.parametrize(
    ("body", "shape", "what"),
    [
        (drawn(4001, 2250), "wide", "more than 4000 x 2250"),
        (drawn(2300, 2300, mode="1"), "square", "more than 4000 x 2250"),
        (drawn(16_000, 9_000, mode="1"), "wide", "more than 4000 x 2250"),
        (drawn(1280, 960), "wide", "are not 16:9"),
        (drawn(720, 720, "GIF", "P"), "square", "no PNG or JPEG"),
        (drawn(1280, 720)[:-40], "wide", "no PNG or JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wide", "no PNG or JPEG"),
        (b"", "wide", "no PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(MOST_BYTES), "wide", "bytes, more than"),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused(body, shape, what):
    with pytest.raises(AtlasError, match=what) as why:
        picture(body, shape)
    assert why.value.mend


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 200), st.sampled_from(["PNG", "JPEG"]), st.sampled_from(list(SHAPES)))
def test_whatever_is_posted_is_a_picture_or_a_message(noise, at, kind, shape):
    whole = drawn(64, 36, kind)
    body = whole[:at] + noise + whole[at + len(noise) :]
    with contextlib.suppress(AtlasError):
        assert picture(body, shape).startswith(b"\x89PNG")
