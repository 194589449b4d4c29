"""Tables of any origin as text cells: each row with its place in its file, nothing judged yet."""

from __future__ import annotations

import html
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from data.errors import DataError, quote
from data.model import Problem, Severity
from data.readers.files import CALLED, broken_header, decode, ragged, records

OWN = ("file", "line", "rows")
"""Columns that a sheet's frame has of its own; a column of the file with such a name is given a "_"."""

_C1 = re.compile(r"[\x80-\x9f]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Sheet:
    """Rows of one table as text.

    Attributes
    ----------
    frame
        The columns of the file, and ``file`` and ``line``: the place of each row. A line is the
        physical line of a text file, else the number of the row, the header being row 1.
    problems
        Rows that are not even rows.
    read
        Rows of the file, those of ``problems`` too.
    notes
        What had to be done to read it.
    """

    file: str
    frame: pd.DataFrame
    problems: tuple[Problem, ...]
    read: int
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Names of the columns of the file."""
        return [name for name in self.frame.columns if name not in OWN]


def mended(text: str) -> str:
    """Text without the traces of being moved about.

    Windows' quotes and dashes that were taken for control characters (U+0080 to U+009F) are put
    right, escaped quotes and HTML entities are written out, blanks are single.
    """
    text = html.unescape(re.sub(r"\\+(?=&#|['\"])", "", text))
    text = _C1.sub(lambda c: bytes([ord(c[0])]).decode("cp1252", "ignore"), text)
    return " ".join(text.split())


def decoded(data: bytes, where: str) -> tuple[str, tuple[str, ...]]:
    """Text of a file of somebody else's making, and what had to be assumed.

    UTF-8, UTF-16 with its mark, else Windows-1252, in which nearly all bytes are letters.

    Raises
    ------
    DataError
        When it holds NUL bytes, so is no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError:
                break
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as why:
        if b"\0" not in data:
            line = data.count(b"\n", 0, why.start) + 1
            note = f"It is not UTF-8 (line {line}, byte 0x{data[why.start]:02x}), so it was read as Windows-1252."
            return data.decode("cp1252", "replace"), (note,)
    return decode(data, where), ()


def _names(fields: Sequence[str]) -> list[str]:
    """Names of columns, made different from each other and from ``OWN``."""
    seen: Counter[str] = Counter(OWN)
    names = []
    for place, field in enumerate(fields, 1):
        name = mended(field) or f"column {place}"
        while seen[name]:
            name += "_"
        seen[name] += 1
        names.append(name)
    return names


def sheet(
    file: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    lines: Sequence[int],
    problems: Sequence[Problem] = (),
    notes: Sequence[str] = (),
) -> Sheet:
    """Make a sheet of rows as wide as the header; blanks around cells are taken away."""
    names = _names(header)
    cells = {name: [row[i].strip() for row in rows] for i, name in enumerate(names)}
    frame = pd.DataFrame(cells, columns=names, dtype=object).assign(file=file, line=pd.Series(lines, dtype="int64"))
    renamed = [
        Problem(
            file, lines[0] - 1 if lines else 1, name, field, "column-name",
            f"column {quote(field)} is called {quote(name)} here: the name is taken, or there is none",
            "give each column a name of its own", Severity.WARNING,
        )
        for field, name in zip(header, names, strict=True)
        if mended(field) not in (name, "")
    ]  # fmt: skip
    return Sheet(file, frame, (*renamed, *problems), len(rows) + len(problems), tuple(notes))


def _delimiter(first: str) -> str:
    """What separates the fields of a header: what it has most of, quoted text left out."""
    bare = re.sub(r'"[^"]*"', "", first)
    return max(CALLED, key=bare.count)


def read_text_table(data: bytes, file: str, where: str) -> Sheet:
    """Read a text table whose first line with any text is its header.

    Parameters
    ----------
    data
        The whole file; commas, semicolons, tabs or bars separate its fields.
    file, where
        Its name for the report, and its whole place for errors.

    Raises
    ------
    DataError
        When it is no text, is empty, or its quotes are beyond repair.
    """
    text, notes = decoded(data, where)
    lines = list(io.StringIO(text, newline=""))
    delimiter = _delimiter(next((line for line in lines if line.strip()), ""))
    found = records(lines, where, delimiter)
    first = next(found, None)
    if first is None:
        raise DataError(what="is empty", where=where, mend="the first line must name the columns")
    if first.fault:
        raise DataError(
            what=broken_header(first), where=f"{where}:{first.line}",
            mend="the first line must name the columns",
        )  # fmt: skip
    rows, at, problems = [], [], []
    for record in found:
        if record.fault or len(record.fields) != len(first.fields):
            problems.append(ragged(record, len(first.fields), file, delimiter))
        else:
            rows.append(record.fields)
            at.append(record.line)
    return sheet(file, first.fields, rows, at, problems, notes)
