"""Read CSV files to text cells, with the physical line of every row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple

import pandas as pd

from data.contract import Table
from data.errors import DataError, quote
from data.model import Problem, Severity

MOST_RETRIES = 50
"""Rows with broken quotes after which the whole file is taken to be broken."""

CALLED = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may separate the fields of a row."""

_QUOTES = 'put text with commas or quotes in double quotes, and double a quote inside it ("")'
_BOMS = {b"\xff\xfe\0\0": "UTF-32", b"\0\0\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_SAVE = "save the file as UTF-8 text with commas (in a spreadsheet: CSV UTF-8)"


class Record(NamedTuple):
    """One record: its first physical line and fields, or what is wrong with it."""

    line: int
    fields: list[str]
    fault: str = ""
    long: bool = False
    """Whether the fault is a cell that no table has; otherwise it is one of the quotes."""


def decode(data: bytes, where: str) -> str:
    """Text of a UTF-8 file, with or without byte order mark.

    Raises
    ------
    DataError
        Naming the line of the first byte that is no UTF-8 text.
    """
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            raise DataError(what=f"is encoded as {encoding}, not UTF-8", where=where, mend=_SAVE)
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise DataError(what="holds a NUL byte, so it is no text file", where=f"{where}:{line}", mend=_SAVE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        line = data.count(b"\n", 0, why.start) + 1
        raise DataError(
            what=f"is not UTF-8 (byte 0x{data[why.start]:02x})", where=f"{where}:{line}", mend=_SAVE
        ) from why


def records(lines: Sequence[str], where: str, delimiter: str = ",") -> Iterator[Record]:
    """Split physical lines to records; the first is the header and says how wide the others are.

    A record that goes wrong because of its quotes (a csv error, or several lines that do not make
    one row) gives one faulty record of its first line, and reading goes on with the next line: a
    quote that is never closed must not swallow the rest of the file.
    """
    start, retries, width = 0, 0, 0
    while start < len(lines):
        reader = csv.reader(islice(lines, start, None), strict=True, delimiter=delimiter)
        base, line, fault, long = start, start, "", False
        start = len(lines)
        try:
            for fields in reader:
                end = base + reader.line_num
                if end - line > 1 and width and len(fields) != width:
                    fault = f"the row runs over {end - line} lines and has {len(fields)} fields, expected {width}"
                    break
                if any(map(str.strip, fields)):
                    width = width or len(fields)
                    yield Record(line + 1, fields)
                line = end
        except csv.Error as why:
            fault = str(why)
            # An opening quote may have joined many lines to one cell: then the quote is what is wrong.
            long = "field limit" in fault and len(lines[line]) > csv.field_size_limit()
        if fault:
            retries += 1
            if retries > MOST_RETRIES:
                raise DataError(
                    what=f"more than {MOST_RETRIES} rows have broken quotes, this one too ({fault})",
                    where=f"{where}:{line + 1}",
                    mend=_QUOTES,
                )
            yield Record(line + 1, lines[line].rstrip("\r\n").split(delimiter), fault, long)
            start = line + 1


def _header(record: Record, columns: Sequence[str], where: str) -> list[str]:
    """Names of the columns of a file, or DataError where they are not those of the contract."""
    names, place = [name.strip() for name in record.fields], f"{where}:{record.line}"
    known = [name for name in names if name in columns]
    missing = [name for name in columns if name not in names]
    if not missing and len(set(known)) == len(known):
        return names
    expected = "the first line must read " + ",".join(columns)
    joined = ",".join(record.fields)
    for delimiter, called in CALLED.items():
        if delimiter != "," and {part.strip(" \"'") for part in joined.split(delimiter)} & set(columns) and not known:
            raise DataError(what=f"its columns are separated by {called}, not commas", where=place, mend=_SAVE)
    if not known:
        raise DataError(what="has no header: none of its columns is known", where=place, mend=expected)
    if not missing:
        twice = next(name for name in known if known.count(name) > 1)
        raise DataError(what=f"column {twice} stands twice", where=place, mend="leave one of them out")
    spare = [name for name in names if name not in columns]
    near = get_close_matches(missing[0], [name.lower() for name in spare], 1, 0.75)
    written = next((name for name in spare if near and name.lower() == near[0]), None)
    raise DataError(
        what=f"{', '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing from the columns",
        where=place,
        mend=f"rename {quote(written)} to {missing[0]}"
        if written
        else f"add what is missing, empty if unknown; {expected}",
    )


def _spare_columns(names: Sequence[str], columns: Sequence[str], file: str, line: int) -> list[Problem]:
    return [
        Problem(
            file, line, name, name, "unknown-column", f"column {quote(name)} is not read",
            "leave it out, or name it as one of " + ", ".join(columns), Severity.WARNING,
        )
        for name in names
        if name not in columns and name
    ]  # fmt: skip


def broken_header(record: Record) -> str:
    """Say why a record is no header."""
    if record.long:
        return f"its header has a cell of more than {csv.field_size_limit():,} letters"
    return f"its header has broken quotes ({record.fault})"


def ragged(record: Record, n: int, file: str, delimiter: str = ",") -> Problem:
    """Say why a record is no row of n fields."""
    found, called = len(record.fields), CALLED[delimiter]
    text = delimiter.join(record.fields)
    if record.long:
        reason, message = "too-long", f"the line has a cell of more than {csv.field_size_limit():,} letters"
        mend = "check where its rows should end: each row needs a line of its own"
    elif record.fault:
        reason, message = "broken-quotes", f"quotes do not match ({record.fault})"
        mend = _QUOTES
    elif found > n:
        reason, message = "ragged", f"{found} fields, expected {n}"
        mend = f"put text with {called} in double quotes, and take surplus {called} away"
    else:
        reason, message = "ragged", f"{found} fields, expected {n}"
        mend = f"add the missing {called}; an empty value still needs its place between two"
    return Problem(file, record.line, "", text, reason, message, mend, Severity.ERROR_ROW)


def read_table(data: bytes, file: str, where: str, columns: Sequence[str]) -> Table:
    """Read a CSV file to text cells, blanks around them taken away.

    Lines without any text are passed over. A row with too few or too many fields, or with broken
    quotes, is set aside.

    Parameters
    ----------
    data
        The whole file.
    file, where
        Its name for the report, and its whole place for errors.
    columns
        The columns that it must have; others are not read, with a warning.

    Raises
    ------
    DataError
        When it is no UTF-8 text, has no such header, or its quotes are beyond repair.
    """
    lines = list(io.StringIO(decode(data, where), newline=""))
    found = records(lines, where)
    first = next(found, None)
    if first is None:
        raise DataError(what="is empty", where=where, mend="the first line must read " + ",".join(columns))
    if first.fault:
        raise DataError(
            what=broken_header(first),
            where=f"{where}:{first.line}",
            mend="the first line must read " + ",".join(columns),
        )
    names = _header(first, columns, where)
    problems = _spare_columns(names, columns, file, first.line)
    rows: list[list[str]] = []
    at: list[int] = []
    broken: dict[str, int] = {}
    id_at, read = names.index(columns[0]), 0
    for record in found:
        read += 1
        if record.fault or len(record.fields) != len(names):
            problems.append(ragged(record, len(names), file))
            broken.setdefault("".join(record.fields[id_at : id_at + 1]).strip(), record.line)
        else:
            rows.append(list(map(str.strip, record.fields)))
            at.append(record.line)
    return Table(file, _frame(file, rows, at, names, columns), tuple(problems), read, broken)


def empty_table(file: str, columns: Sequence[str]) -> Table:
    """Return the table of an optional file that is not there."""
    return Table(file, _frame(file, [], [], list(columns), columns), (), 0, {})


def _frame(
    file: str, rows: Sequence[list[str]], at: Sequence[int], names: list[str], columns: Sequence[str]
) -> pd.DataFrame:
    picked = [names.index(column) for column in columns]
    whole = list(zip(*rows, strict=True)) or [()] * len(names)
    cells = {column: whole[i] for column, i in zip(columns, picked, strict=True)}
    frame = pd.DataFrame(cells, columns=list(columns), dtype=object)
    return frame.assign(file=file, line=pd.Series(at, dtype="int64"))
