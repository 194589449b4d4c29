"""Slides for PowerPoint: each a briefing's picture with a title, a note and key figures that can be edited.

Places are in px of the sheet, 96 to the inch, from its upper left corner: the sheet has the size of the slide.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Protocol

from data.briefing import SHAPES, Briefing
from data.downloads import clean
from data.errors import AtlasError
from data.words import count

MIMETYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MOST_BYTES = 12_000_000
"""Of one posted picture."""
MOST_SIZE = (4000, 2250)
"""Width and height of one posted picture, px."""
MOST_SLIDES = 60
PAD = 4
"""px within a cell of a table."""
FONT = "Arial"
"""Every office has it, and its letters are no wider than those that the places were measured with."""
EMU = 9525
"""English metric units to the px."""
POINTS = 0.75
"""pt to the px."""
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""Office's own name for a table without colours and lines."""


class Place(Protocol):
    """Where something stands, and the size of its letters, in px."""

    @property
    def x0(self) -> float: ...  # noqa: D102
    @property
    def y0(self) -> float: ...  # noqa: D102
    @property
    def x1(self) -> float: ...  # noqa: D102
    @property
    def y1(self) -> float: ...  # noqa: D102
    @property
    def size(self) -> float: ...  # noqa: D102


@dataclass(frozen=True)
class Grid:
    """The table of key figures.

    ``across`` is 1 for a row to each figure, its label left of its value, which has ``value`` px; else so many
    figures stand side by side, each label above its value. ``change`` says whether there is room for the change.
    """

    place: Place
    across: int
    value: float
    change: bool


@dataclass(frozen=True, eq=False)
class Slide:
    """One briefing as a slide; ``picture`` is a PNG that fills it and has neither title nor note nor figures."""

    briefing: Briefing
    picture: bytes
    size: tuple[int, int]
    title: Place
    note: Place
    figures: Grid
    colours: Mapping[str, str]
    """Of ``paper``, ``ink``, ``quiet`` and ``line``: #rrggbb."""
    lead: str = ""
    """A sentence that the notes begin with."""


# ---- posted pictures ------------------------------------------------------------------------------------------------


def _unusable(what: str, mend: str) -> AtlasError:
    return AtlasError(what=what, where="picture", mend=mend)


def _too_large() -> AtlasError:
    most = "{} x {}".format(*MOST_SIZE)
    return _unusable(f"it has more than {most} pixels", "export at a smaller scale")


def picture(body: bytes, shape: str) -> bytes:
    """Return a posted picture as a PNG of our own making, with nothing in it but its pixels.

    Parameters
    ----------
    body
        A PNG or JPEG; at most ``MOST_BYTES`` and ``MOST_SIZE``.
    shape
        Of ``SHAPES``: the picture has its proportion, within a percent.

    Raises
    ------
    AtlasError
        When it is anything else. Its size is read before a pixel is: no picture unfolds into more memory than that.
    """
    from PIL import Image

    w, h = SHAPES[shape][1:]
    if len(body) > MOST_BYTES:
        raise _unusable(f"it has {len(body):,} bytes, more than {MOST_BYTES:,}", "export at a smaller scale")
    try:
        with Image.open(io.BytesIO(body), formats=("PNG", "JPEG")) as found:
            width, height = found.size
            if width > MOST_SIZE[0] or height > MOST_SIZE[1]:
                raise _too_large()
            if abs(width * h - height * w) > 0.01 * height * w:
                raise _unusable(
                    f"{width} x {height} pixels are not {SHAPES[shape][0]}",
                    f"send the picture of the same shape, as {w} x {h}",
                )
            out = io.BytesIO()
            found.convert("RGB").save(out, "PNG", compress_level=6)
    except AtlasError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as why:
        raise _too_large() from why
    except Exception as why:  # Pillow's decoders raise what they like on what they cannot read
        raise _unusable("it is no PNG or JPEG that can be read", "send the picture as the page draws it") from why
    return out.getvalue()


# ---- parts of a slide -----------------------------------------------------------------------------------------------


def _box(shape: Any, place: Place) -> None:
    """Move a shape to a place; its letters keep to the place's edges, and shrink where longer words are written."""
    from pptx.enum.text import MSO_AUTO_SIZE

    shape.left, shape.top = round(place.x0 * EMU), round(place.y0 * EMU)
    shape.width, shape.height = round((place.x1 - place.x0) * EMU), round((place.y1 - place.y0) * EMU)
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE


def _write(paragraph: Any, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    """Set a paragraph's one run: ``size`` in px."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    paragraph.line_spacing = 1.0
    paragraph.space_before = paragraph.space_after = Pt(0)
    run = paragraph.add_run()
    run.text = clean(text)
    run.font.name, run.font.size, run.font.bold = FONT, Pt(round(size * POINTS, 1)), bold
    run.font.color.rgb = RGBColor.from_string(colour[1:].upper())


def _line(cell: Any, colour: str) -> None:
    """Draw a hairline below a cell, which python-pptx has no word for."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    edge = f'<a:lnB {nsdecls("a")} w="9525"><a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill></a:lnB>'
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(edge))


def _cell(cell: Any, *, right: bool = False) -> Any:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = PAD * EMU
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame = cell.text_frame
    frame.word_wrap = True
    if right:
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    return frame


def _table(shapes: Any, s: Slide) -> None:
    """Put the key figures as a table."""
    grid, figures, place = s.figures, s.briefing.figures, s.figures.place
    rows = -(-len(figures) // grid.across)
    columns = 2 if grid.across == 1 else grid.across
    x, y, w, h = (
        round(n * EMU) for n in (place.x0 - PAD, place.y0, place.x1 - place.x0 + 2 * PAD, place.y1 - place.y0)
    )
    frame = shapes.add_table(rows, columns, x, y, w, h)
    frame.name = "Key figures"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", "Key figures of the view")
    table = frame.table
    table.first_row = table.horz_banding = False
    table.first_col = grid.across == 1
    table._tbl.tblPr.find("{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId").text = NO_STYLE
    if grid.across == 1:
        table.columns[1].width = round((grid.value + PAD) * EMU)
        table.columns[0].width = w - table.columns[1].width
    ink, quiet = s.colours["ink"], s.colours["quiet"]
    for i, f in enumerate(figures):
        if grid.across == 1:
            label, value = table.cell(i, 0), table.cell(i, 1)
            frame = _cell(label)
            _write(frame.paragraphs[0], f.label, 12, ink)
            if grid.change and f.change:
                _write(frame.add_paragraph(), f.change, 12, quiet)
            _write(_cell(value, right=True).paragraphs[0], f.text, 16, ink, bold=True)
            for cell in (label, value):
                _line(cell, s.colours["line"])
        else:
            frame = _cell(table.cell(i // grid.across, i % grid.across))
            _write(frame.paragraphs[0], f.label, 12, quiet)
            _write(frame.add_paragraph(), f.text, 16, ink, bold=True)


def notes_of(s: Slide) -> str:
    """Notes of a slide: what is seen, its numbers, source and link."""
    b = s.briefing
    figures = [f"{f.label}: {f.text}{f' ({f.change})' if f.change else ''}" for f in b.figures]
    parts = [b.synthetic, b.caveat, s.lead, f"{b.words}.", b.note, "\n".join(figures), b.source, b.made, b.link]
    return "\n\n".join(clean(part) for part in parts if part)


def _slide(presentation: Any, s: Slide) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR

    b = s.briefing
    made = presentation.slides.add_slide(presentation.slide_layouts.get_by_name("Title Only"))
    made.background.fill.solid()
    made.background.fill.fore_color.rgb = RGBColor.from_string(s.colours["paper"][1:].upper())
    seen = made.shapes.add_picture(io.BytesIO(s.picture), 0, 0, s.size[0] * EMU, s.size[1] * EMU)
    seen.name = "Map and time chart"
    seen._element.nvPicPr.cNvPr.set("descr", clean(b.alt))
    made.shapes._spTree.remove(seen._element)
    made.shapes._spTree.insert(2, seen._element)  # below all else: behind the two that every tree begins with

    title = made.shapes.title
    _box(title, s.title)
    title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    title.text_frame.paragraphs[0].alignment = 1
    _write(title.text_frame.paragraphs[0], b.title, s.title.size, s.colours["ink"], bold=True)
    if b.note:
        note = made.shapes.add_textbox(0, 0, 0, 0)
        note.name = "Note"
        _box(note, s.note)
        _write(note.text_frame.paragraphs[0], b.note, s.note.size, s.colours["ink"])
    _table(made.shapes, s)
    made.notes_slide.notes_text_frame.text = notes_of(s)


# ---- the deck -------------------------------------------------------------------------------------------------------


def _fit(presentation: Any, size: tuple[int, int]) -> None:
    """Give the deck its size, and its layouts too, so that a slide added by hand fits."""
    wide, high = size[0] * EMU / presentation.slide_width, size[1] * EMU / presentation.slide_height
    master = presentation.slide_master
    for shape in [*master.shapes, *(shape for layout in master.slide_layouts for shape in layout.shapes)]:
        if shape._element.xpath("./p:spPr/a:xfrm"):  # else it stands where the master has it
            left, width = round(shape.left * wide), round(shape.width * wide)
            top, height = round(shape.top * high), round(shape.height * high)
            shape.left, shape.width, shape.top, shape.height = left, width, top, height
    presentation.slide_width, presentation.slide_height = size[0] * EMU, size[1] * EMU


def _properties(core: Any, slides: Sequence[Slide], title: str) -> None:
    b = slides[0].briefing
    made = datetime.combine(date.fromisoformat(b.day), datetime.min.time())
    synthetic = next((s.briefing.synthetic for s in slides if s.briefing.synthetic), "")
    core.title, core.subject = clean(title)[:255], clean(b.words)[:255]
    core.author = core.last_modified_by = "Alliance Atlas"
    core.keywords = ", ".join(["armed groups", "alliances", *(["SYNTHETIC DATA"] if synthetic else [])])
    # Past python-pptx's own check: its 255 letters are the library's, not the format's, and would cut the link.
    core._element.get_or_add_description().text = clean(f"{b.source} {b.made} {b.link}")
    core.category = "SYNTHETIC DATA" if synthetic else ""
    core.created = core.modified = made
    core.revision = 1


def _dated(body: bytes, day: date) -> bytes:
    """Zip with one date for all its files, so that one view gives one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as made, zipfile.ZipFile(out, "w") as dated:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            dated.writestr(entry, made.read(name))
    return out.getvalue()


def deck(slides: Sequence[Slide], *, title: str = "") -> bytes:
    """Return slides as a .pptx file; the same slides give the same bytes.

    Parameters
    ----------
    title
        Of the deck; else that of the first slide.

    Raises
    ------
    AtlasError
        When there is no slide, there are too many, or they differ in size: a deck has one.
    """
    from pptx import Presentation

    if not slides or len(slides) > MOST_SLIDES:
        raise AtlasError(
            what=f"a deck of {count(len(slides), 'slide', 'slides')} cannot be made",
            where="slides",
            mend=f"choose 1 to {MOST_SLIDES}",
        )
    if any(one.size != other.size for one, other in pairwise(slides)):
        raise AtlasError(
            what="they differ in shape, and a deck has one", where="slides", mend="give each the same shape"
        )
    presentation = Presentation()
    _fit(presentation, slides[0].size)
    for each in slides:
        _slide(presentation, each)
    _properties(presentation.core_properties, slides, title or slides[0].briefing.title)
    out = io.BytesIO()
    presentation.save(out)
    return _dated(out.getvalue(), date.fromisoformat(slides[0].briefing.day))
