"""What the command line asks for: selections from flags and links, with every fault named before anything is drawn."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from data.briefing import SHAPES
from data.errors import AtlasError, quote
from data.grammar import PARAMETERS, Parameter, Served, reading
from data.selection import Selection

FORMATS = ("png", "svg", "pdf", "pptx", "csv", "mp4")
FLAGS = {"data": "data-version"}
"""Flags that are not named as their parameter: --data names a dataset in every command."""
BASE = "http://127.0.0.1:8050"
"""Where ``serve`` listens if nothing else is said."""
MOST_PIXELS = 7680
"""Width and height of a picture, at most."""


class Misused(Exception):
    """The command line cannot be followed; one AtlasError for each fault."""

    def __init__(self, *faults: AtlasError) -> None:
        self.faults = faults
        super().__init__(*faults)


def fault(flag: str, what: str, mend: str) -> Misused:
    """One fault of a flag."""
    return Misused(AtlasError(what=what, where=f"--{flag}", mend=mend))


def flag_of(parameter: Parameter) -> str:
    """Flag of a parameter of the grammar."""
    return FLAGS.get(parameter.key, parameter.key)


def add_parameters(sub: ArgumentParser) -> None:
    """Add a flag for every parameter of the grammar; one that is only on or off needs no value."""
    group = sub.add_argument_group("the view", "As in the address of a view; they go over --url.")
    for parameter in PARAMETERS:
        switch = parameter.values == "1"
        group.add_argument(
            f"--{flag_of(parameter)}",
            dest=f"view_{parameter.key}",
            metavar=parameter.key.upper(),
            help=f"{parameter.values} (default {parameter.default})".replace("%", "%%"),
            **({"nargs": "?", "const": "1"} if switch else {}),  # type: ignore[arg-type]
        )


def flags(args: Namespace) -> dict[str, str]:
    """Parameters that are given by flags."""
    given = {p.key: getattr(args, f"view_{p.key}") for p in PARAMETERS}
    return {key: value for key, value in given.items() if value is not None}


def link(url: str | None) -> tuple[str, str]:
    """Origin and query of --url; either may be empty, and a bare query will do."""
    if url is None:
        return "", ""
    try:
        parts = urlsplit(url.strip())
    except ValueError as why:
        raise fault("url", f"{quote(url)} is no address", "copy the link of a view") from why
    if parts.scheme and parts.scheme not in ("http", "https"):
        raise fault("url", f"{quote(url)} is no address of a view", "copy the link of a view, with http or https")
    origin = f"{parts.scheme}://{parts.netloc}" if parts.scheme else ""
    return origin, parts.query or ("" if origin or "=" not in url else url.strip().lstrip("?"))


def base_of(args: Namespace) -> str:
    """Address that links lead to."""
    if args.base is None:
        return link(args.url)[0] or BASE
    if not re.fullmatch(r"https?://[^\s?#]+", args.base):
        raise fault("base", f"{quote(args.base)} is no address", "write https://atlas.example.org")
    return str(args.base)


@dataclass(frozen=True)
class Asked:
    """A selection that is asked for, and what is worth saying of it all the same."""

    selection: Selection
    warnings: tuple[str, ...]


def selected(query: str, over: Mapping[str, str], served: Served) -> Asked:
    """Read a query with flags over it.

    Raises
    ------
    Misused
        When something of it cannot be used: one fault each, naming flag, value and mend.
    """
    keys = {parameter.key: flag_of(parameter) for parameter in PARAMETERS}
    pairs = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True, errors="replace") if k not in over]
    selection, notices = reading(urlencode([*pairs, *over.items()]), served)
    faults, warnings = [], []
    for notice in notices:
        flag = f"--{keys[notice.key]}" if notice.key in over else f"--url: {notice.key}"
        wrong = notice.dropped or (notice.key == "data" and "data" in over)
        if wrong:
            what = f"{quote(notice.value)} is not usable" if notice.key in keys else "there is no such parameter"
            faults.append(AtlasError(what=what, where=flag, mend=notice.mend))
        else:
            warnings.append(notice.text)
    if faults:
        raise Misused(*faults)
    return Asked(selection, tuple(warnings))


def format_of(args: Namespace) -> str:
    """Format that is asked for, by --format or the ending of --out."""
    ending = str(args.out).rpartition(".")[2].lower()
    if args.format is None and ending not in FORMATS:
        raise fault("out", f"the ending of {quote(args.out)} is no format", "end it in ." + ", .".join(FORMATS))
    return str(args.format or ending)


def _fits(width: int, height: int, w: int, h: int) -> bool:
    """Whether pixels have the proportion of a sheet within a percent."""
    return abs(width * h - height * w) <= 0.01 * height * w


def _nearest(width: int, w: int, h: int, step: int) -> tuple[int, int]:
    """Pixels in the proportion of a sheet whose width is nearest to one; multiples of the step."""
    start = max(step, min(width, MOST_PIXELS) // step * step)
    for way in range(0, MOST_PIXELS, step):
        for near in (start - way, start + way):
            height = round(near * h / w / step) * step
            if 0 < near <= MOST_PIXELS and height > 0 and _fits(near, height, w, h):
                return near, height
    return w, h


def size_of(text: str | None, shape: str, *, even: bool = False) -> tuple[int, int]:
    """Pixels of a picture: those of --size, or of the sheet itself.

    Raises
    ------
    Misused
        When they have not the proportion of the shape within a percent, or are odd where a film needs them even.
    """
    label, w, h = SHAPES[shape]
    if text is None:
        return w, h
    found = re.fullmatch(r"([1-9][0-9]{0,4})\s*[xX\N{MULTIPLICATION SIGN}]\s*([1-9][0-9]{0,4})", text)
    if not found:
        raise fault("size", f"{quote(text)} is no size", f"write {w}x{h}, or so many times that")
    width, height = int(found[1]), int(found[2])
    nearest = "{}x{}".format(*_nearest(width, w, h, 2 if even else 1))
    if max(width, height) > MOST_PIXELS:
        raise fault("size", f"{text} is larger than {MOST_PIXELS} pixels", f"use {nearest}")
    if not _fits(width, height, w, h):
        raise fault("size", f"{text} is not {label}, the shape of the sheet", f"use {nearest}, or another --shape")
    if even and (width % 2 or height % 2):
        raise fault("size", f"{text} is odd, and a film needs even numbers", f"use {nearest}")
    return width, height


def years_of(flag: str, text: str, pattern: str, served: Served, slug: str, example: str) -> list[int]:
    """Years of a list or span, all within the dataset's coverage."""
    if not re.fullmatch(pattern, text):
        raise fault(flag, f"{quote(text)} is not usable", f"write {example}")
    d = served[slug].dataset
    years = [int(part) for part in re.findall(r"[0-9]{4}", text)]
    beyond = [year for year in years if not d.first_year <= year <= d.last_year]
    if beyond:
        raise fault(flag, f"{beyond[0]} is not covered", f"use years from {d.first_year} to {d.last_year}")
    return years
