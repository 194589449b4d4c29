"""``app.py export``: one view, several years or a story as a picture, deck, table or film."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from components.brief import Composition, compose, slide
from components.brief.slide import without_editable
from components.exports.film import MOST_FPS, film
from components.exports.render import Drawn, draw
from components.exports.request import (
    FORMATS,
    Misused,
    add_parameters,
    base_of,
    fault,
    flags,
    format_of,
    link,
    selected,
    size_of,
    years_of,
)
from data.briefing import SHAPES, Briefing, as_csv, briefing, facts
from data.errors import AtlasError, quote
from data.files import today
from data.grammar import Served
from data.index import index
from data.selection import Selection
from data.slides import MOST_SLIDES, deck
from data.stories import bundled, find_story, shown

DECK_SCALE = 2.0
"""Pixels of a slide's picture to the px of its sheet."""


def add_arguments(sub: ArgumentParser) -> None:
    """Add the flags of ``export``."""
    sub.add_argument("--out", required=True, metavar="FILE", help="the file to write")
    sub.add_argument(
        "--format", choices=FORMATS, help="of the file (default from the ending of --out); mp4 needs --animate"
    )
    sub.add_argument("--force", action="store_true", help="replace a file that is there already")
    sub.add_argument("--url", metavar="LINK", help="link of a view, or its query; other flags go over it")
    sub.add_argument(
        "--base", metavar="ADDRESS",
        help="address of the atlas that links in the file lead to (default that of --url, else of serve)",
    )  # fmt: skip
    sub.add_argument(
        "--data", action="append", default=[], metavar="PATH", help="a dataset, as for serve; may be given again"
    )
    sub.add_argument("--size", metavar="WxH", help="pixels of a png or mp4, such as 1920x1080 (default the sheet's)")
    many = sub.add_mutually_exclusive_group()
    many.add_argument("--years", metavar="Y,Y,...", help="a slide for each of these years (pptx)")
    many.add_argument(
        "--story", metavar="NAME", help=f"a slide for each view of a story (pptx): {', '.join(bundled())}, or a file"
    )
    many.add_argument("--animate", metavar="FROM:TO", help="a film of these years (mp4)")
    sub.add_argument("--fps", metavar="N", help=f"years a second of a film, 0.2 to {MOST_FPS} (default 2)")
    add_parameters(sub)


# ---- what is drawn --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Sheet:
    """One view to be drawn."""

    selection: Selection
    told: Briefing
    composition: Composition
    lead: str = ""


def _sheet(selection: Selection, served: Served, base: str, day: date, lead: str = "") -> Sheet:
    told = briefing(selection, served, base=base, day=day)
    return Sheet(selection, told, compose(index(served[selection.dataset]), selection, told), lead)


def _deck(sheets: Sequence[Sheet], title: str) -> bytes:
    drawn = []
    for s in sheets:
        _, w, h = SHAPES[s.selection.shape]
        drawn.append(Drawn(without_editable(s.composition), facts(s.told), w, h, "png", DECK_SCALE))
    pictures = draw(drawn)
    slides = [
        replace(slide(s.composition, s.selection, s.told, picture), lead=s.lead)
        for s, picture in zip(sheets, pictures, strict=True)
    ]
    return deck(slides, title=title)


def _picture(sheet: Sheet, kind: str, size: tuple[int, int]) -> bytes:
    _, w, h = SHAPES[sheet.selection.shape]
    scale = size[0] / w
    # The scale gives the size in print; width and height are such that the pixels are those asked for, to the last.
    width, height = (size[0] / scale, size[1] / scale) if kind == "png" else (w, h)
    only = Drawn(sheet.composition.figure, facts(sheet.told), width, height, kind, scale)  # type: ignore[arg-type]
    return draw([only])[0]


# ---- the file -------------------------------------------------------------------------------------------------------


@contextmanager
def _beside(out: Path, *, force: bool) -> Iterator[Path]:
    """Give a path beside the file to write to; it becomes the file once all is written, and goes otherwise."""
    if out.is_dir():
        raise AtlasError(what="is a folder", where=str(out), mend="name a file in it with --out")
    if out.exists() and not force:
        raise AtlasError(what="is there already", where=str(out), mend="name another file, or add --force")
    part = out.with_name(f".{out.stem}.{os.getpid()}{out.suffix}")
    try:
        part.touch(exist_ok=False)  # before anything is drawn: whether the folder can be written to is known now
        yield part
        part.replace(out)
    except OSError as why:
        raise AtlasError(
            what=f"cannot be written: {why.strerror or why}", where=str(out), mend="name a file in a folder of yours"
        ) from why
    finally:
        part.unlink(missing_ok=True)


# ---- the command ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Order:
    """What is to be made, settled and checked."""

    kind: str
    selections: tuple[Selection, ...]
    leads: tuple[str, ...]
    title: str
    size: tuple[int, int]
    years: tuple[int, ...]
    fps: float
    base: str
    warnings: tuple[str, ...]


def _fit(args: Namespace, kind: str) -> None:
    """Refuse flags that do not go together."""
    for flag, wanted in (("years", "pptx"), ("story", "pptx"), ("animate", "mp4")):
        if getattr(args, flag) is not None and kind != wanted:
            raise fault(flag, f"does not give {kind}", f"add --format {wanted}, and end --out in .{wanted}")
    if kind == "mp4" and args.animate is None:
        raise fault("animate", "a film needs its years", "add --animate 1960:2015")
    if args.size is not None and kind not in ("png", "mp4"):
        raise fault("size", f"a {kind} has no pixels of its own", "leave it out, or choose --shape")
    if args.fps is not None and kind != "mp4":
        raise fault("fps", f"a {kind} does not move", "leave it out, or add --animate 1960:2015")
    if args.story is not None and (args.url is not None or args.view_year is not None):
        raise fault("story", "its views have years and queries of their own", "leave --url and --year out")
    if args.animate is not None and (args.view_since is not None or args.view_compare is not None):
        raise fault("animate", "a film shows one year after another", "leave --since and --compare out")


def _fps(text: str | None) -> float:
    try:
        fps = 2.0 if text is None else float(text)
    except ValueError:
        fps = -1.0
    if not 0.2 <= fps <= MOST_FPS:
        raise fault("fps", f"{quote(text)} is not usable", f"write a number from 0.2 to {MOST_FPS}")
    return fps


def _story(args: Namespace, served: Served) -> tuple[str, list[Selection], list[str]]:
    """Title, selections and sentences of a story, flags over every view."""
    story, over = find_story(args.story), flags(args)
    selections, leads = [], []
    for view in shown(story, served):
        asked = selected(view.query, {"dataset": story.dataset, **over}, served).selection
        title = asked.title if "title" in over else view.title
        selections.append(replace(asked, title=title, note=asked.note if "note" in over else view.text))
        leads.append(view.text)
    return story.title, selections, leads


def order(args: Namespace, served: Served) -> Order:
    """Settle what is asked for.

    Raises
    ------
    Misused
        When something of it cannot be used.
    """
    kind = format_of(args)
    _fit(args, kind)
    base, fps = base_of(args), _fps(args.fps)
    title, leads, years = "", [""], list[int]()
    warnings: tuple[str, ...] = ()
    if args.story is not None:
        title, selections, leads = _story(args, served)
    else:
        asked = selected(link(args.url)[1], flags(args), served)
        selections, warnings = [asked.selection], asked.warnings
    first = selections[0]
    size = size_of(args.size, first.shape, even=kind == "mp4")
    if args.years is not None:
        years = years_of(
            "years", args.years, r"\s*[0-9]{4}(\s*,\s*[0-9]{4})*\s*", served, first.dataset, "--years 1970,1980,1990"
        )
        if len(years) > MOST_SLIDES:
            raise fault("years", f"there are {len(years)}", f"give {MOST_SLIDES} at most")
        if first.since is not None or first.compare is not None:
            raise fault("years", "a slide of each year shows that year alone", "leave since and compare out")
        selections, leads = [replace(first, year=year) for year in years], [""] * len(years)
    if args.animate is not None:
        low, high = years_of(
            "animate", args.animate, r"[0-9]{4}:[0-9]{4}", served, first.dataset, "--animate 1960:2015"
        )
        if low >= high:
            raise fault("animate", f"{low} is not before {high}", "write the earlier year first")
        if first.since is not None or first.compare is not None:
            raise fault("animate", "a film shows one year after another", "leave since and compare out of the link")
        years = list(range(low, high + 1))
    return Order(
        kind, tuple(selections), tuple(leads), title, size, tuple(years), fps, base, warnings
    )  # fmt: skip


def make(asked: Order, served: Served, part: Path, day: date) -> None:
    """Make what is asked for and write it to a path."""
    first = asked.selections[0]
    if asked.kind == "csv":
        told = briefing(first, served, base=asked.base, day=day)
        body = as_csv(told, first, (), served, base=asked.base, day=day)
        part.write_text(body, encoding="utf-8", newline="")
    elif asked.kind == "mp4":
        film(first, asked.years, served, part, size=asked.size, fps=asked.fps, base=asked.base, day=day)
    elif asked.kind == "pptx":
        pairs = zip(asked.selections, asked.leads, strict=True)
        part.write_bytes(_deck([_sheet(s, served, asked.base, day, lead) for s, lead in pairs], asked.title))
    else:
        part.write_bytes(_picture(_sheet(first, served, asked.base, day), asked.kind, asked.size))


def run(args: Namespace, served: Served) -> int:
    """Write the file; 2 with one message for each flag that cannot be used."""
    try:
        asked = order(args, served)
    except Misused as why:
        for problem in why.faults:
            print(problem, file=sys.stderr)
        return 2
    for warning in asked.warnings:
        print(warning, file=sys.stderr)
    out = Path(args.out)
    with _beside(out, force=args.force) as part:
        make(asked, served, part, today())
    print(f"Written: {out}")
    return 0
