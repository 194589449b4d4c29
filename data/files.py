"""What every file of the atlas begins with, and how it is written as CSV.

CSV: UTF-8, comma, after lines that begin with "#". A text cell that begins with = + - @ or a tab would be a formula
to a spreadsheet, so it is given a leading apostrophe: every text cell, as ids, names and notes all come from files.
Numbers are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from data.downloads import SYNTHETIC, clean
from data.grammar import Served, to_query
from data.index import index
from data.selection import Selection
from data.words import span, subject

FORMULA = ("=", "+", "-", "@", "\t")
MOST_NOTICES = 20
"""Notices that a file repeats; a query can have thousands."""


def today() -> date:
    """Day of a file: one clock for all servers."""
    return datetime.now(UTC).date()


def notices_of(known: Sequence[str]) -> list[str]:
    """Notices as a file or a header repeats them: the first, and how many more."""
    more = len(known) - MOST_NOTICES
    return [*known[:MOST_NOTICES], *([f"and {more} more"] if more > 0 else [])]


def preamble(
    selection: Selection, notices: Sequence[str], served: Served, *, base: str, made: date, path: str = "/"
) -> list[str]:
    """Lines that say what a file holds: title, version, citation, licence, the view in words, its link and the date.

    Parameters
    ----------
    base
        Address of the atlas, with a slash at its end, for the link.
    path
        Page that the link leads to.
    """
    atlas = served[selection.dataset]
    d = atlas.dataset
    lines = [SYNTHETIC] if d.synthetic else []
    lines += [
        f"{d.title}, version {d.version} ({d.status}), coverage {d.first_year}-{d.last_year}",
        f"Cite as: {d.citation}",
        f"Licence: {d.licence}",
        f"View: {subject(index(atlas), selection)}, {span(selection)}",
        f"Link: {base.rstrip('/')}{path}?{to_query(selection, served, cite=True)}",
        f"Made: {made.isoformat()} with Alliance Atlas",
        d.disclaimer,
        *(f"Notice: {clean(notice)}" for notice in notices_of(notices)),
    ]
    return [" ".join(line.split()) for line in lines if line]


def cell(value: Any) -> str:
    """One cell of a CSV file; quoted where it holds what would end it, or "#", which begins a comment."""
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, str):
        text = clean(value)
        text = f"'{text}" if text.startswith(FORMULA) else text
        return '"' + text.replace('"', '""') + '"' if re.search(r'[",\n\r#]', text) or text != text.strip() else text
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def raw_line(cells: Iterable[Any]) -> str:
    """One line of CSV as a dataset's own files have it: nothing is defused.

    A cell that holds what would end it is put in quotes; the csv module leaves a lone carriage return bare, on
    which many a reader ends the line.
    """
    texts = map(str, cells)
    return ",".join('"' + t.replace('"', '""') + '"' if re.search(r'[",\r\n]', t) else t for t in texts)


def csv_text(comments: Iterable[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV after comment lines, which are given their ``#``; pandas reads it with ``comment="#"``."""
    lines = [*(f"# {line}" for line in comments), ",".join(columns), *(",".join(map(cell, row)) for row in rows)]
    return "\n".join(lines) + "\n"
