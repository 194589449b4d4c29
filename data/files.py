"""What every file of the atlas begins with: where its numbers come from, for whom, and when."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from data.grammar import Served, to_query
from data.index import index
from data.selection import Selection
from data.words import span, subject


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
    lines = ["SYNTHETIC DATA: made up, no group and no relationship is real"] if d.synthetic else []
    lines += [
        f"{d.title}, version {d.version} ({d.status}), coverage {d.first_year}-{d.last_year}",
        f"Cite as: {d.citation}",
        f"Licence: {d.licence}",
        f"View: {subject(index(atlas), selection)}, {span(selection)}",
        f"Link: {base.rstrip('/')}{path}?{to_query(selection, served, cite=True)}",
        f"Made: {made.isoformat()} with Alliance Atlas",
        d.disclaimer,
        *(f"Notice: {notice}" for notice in notices),
    ]
    return [" ".join(line.split()) for line in lines if line]


def csv_text(comments: Iterable[str], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV (RFC 4180, but for LF line ends) after comment lines that begin with ``#``; None is an empty cell."""
    out = io.StringIO()
    out.writelines(f"# {line}\n" for line in comments)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return out.getvalue()
