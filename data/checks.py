"""Rules for single cells and rows: what must hold, and what to tell the person where it does not.

Every factory returns a ``Rule``. Predicates work on whole columns of text cells; an empty cell is
"" and passes unless the rule says that it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import quote
from data.model import Severity
from data.vocabulary import FIRST_YEAR, LAST_YEAR

Bools = NDArray[np.bool_]
Row = Mapping[str, Any]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Rule:
    """One thing that must hold in every row of a table.

    Attributes
    ----------
    code
        The reason in the report.
    column
        The column that the report names; "" for the whole row.
    holds
        From the column (from the whole frame, where ``wide``) to one truth value a row.
    explain
        From a row where it does not hold to (message, mend).
    """

    code: str
    column: str
    holds: Callable[[Any], Bools]
    explain: Callable[[Row], tuple[str, str]]
    severity: Severity = Severity.ERROR_ROW
    wide: bool = False


def split(cell: str) -> tuple[str, ...]:
    """Parts of a cell that lists values, separated by "|", without repetitions and empty parts."""
    return tuple(dict.fromkeys(part for part in (p.strip() for p in cell.split("|")) if part))


def year(cell: str) -> int | None:
    """Year of a cell, None where it is empty or is none ("1975.0", as spreadsheets write it, is one)."""
    found = _YEAR.fullmatch(cell)
    return int(found[1]) if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR else None


def number(cell: str) -> float | None:
    """Number of a cell with a decimal point, None where it is empty or is none."""
    return float(cell) if _NUMBER.fullmatch(cell) else None


def near(value: str, allowed: Collection[str]) -> str | None:
    """Return the allowed value that was probably meant."""
    folded: dict[str, str] = {}
    for one in allowed:
        folded.setdefault(one.casefold(), one)
    found = get_close_matches(re.sub(r"[\s-]+", "_", value.casefold()), folded, 1, 0.7) or get_close_matches(
        value.casefold(), folded, 1, 0.7
    )
    return folded[found[0]] if found else None


def each(cells: pd.Series, test: Callable[[str], bool]) -> Bools:
    """Apply a test of one cell to a column, each different value once."""
    values = cells.tolist()
    known = {cell: test(cell) for cell in dict.fromkeys(values)}
    return np.fromiter((known[cell] for cell in values), dtype=bool, count=len(values))


def usable_id(column: str, of: str) -> Rule:
    """The cell is an id: letters, digits, "-", "_" and "."."""

    def explain(row: Row) -> tuple[str, str]:
        cell = row[column]
        if not cell:
            return f"is empty, but is the id of the {of}", "give it a short unique id such as my-group"
        slug = re.sub(r"[^A-Za-z0-9_.]+", "-", cell).strip("-_.")[:200]
        return (
            f"{quote(cell)} is not usable as an id",
            (f"write {quote(slug)}: " if slug else "") + "letters, digits, '-', '_' and '.', 200 at most",
        )

    return Rule("id", column, lambda cells: each(cells, lambda c: bool(_ID.fullmatch(c))), explain)


def usable_year(column: str, *, needed: bool) -> Rule:
    """The cell is a year, or empty where that has a meaning."""

    def explain(row: Row) -> tuple[str, str]:
        if not row[column]:
            return "is empty, but a year is needed", "give the year, or leave the row out until it is known"
        return (
            f"{quote(row[column])} is not a year from {FIRST_YEAR} to {LAST_YEAR}",
            "write four digits" + ("" if needed else ", or leave it empty if it goes on"),
        )

    return Rule("year", column, lambda cells: each(cells, lambda c: year(c) is not None or not (c or needed)), explain)


def years(cells: pd.Series) -> NDArray[np.float64]:
    """Years of a column of cells, NaN where a cell holds none."""
    known = {cell: year(cell) for cell in cells.unique()}
    return np.array([known[cell] for cell in cells], dtype=np.float64)


def in_order(first: str, last: str) -> Rule:
    """The last year is not before the first; not judged where either is no year."""

    def holds(frame: pd.DataFrame) -> Bools:
        return ~(years(frame[last]) < years(frame[first]))

    def explain(row: Row) -> tuple[str, str]:
        return f"{row[last]} is before {first} {row[first]}", f"correct {first} or {last}"

    return Rule("last-before-first", last, holds, explain, wide=True)


def one_of(column: str, allowed: Sequence[str], *, needed: bool = False, hint: Mapping[str, str] | None = None) -> Rule:
    """The cell is a word of a closed list.

    ``hint`` maps casefolded other spellings (names of countries) to the word.
    """
    words = frozenset(allowed)

    def explain(row: Row) -> tuple[str, str]:
        return _not_in(row[column], allowed, hint, needed)

    return Rule("vocabulary", column, lambda cells: each(cells, lambda c: c in words or not (c or needed)), explain)


def list_of(column: str, allowed: Sequence[str], *, alone: str = "") -> Rule:
    """The cell lists words of a closed list, or is the word that stands alone."""
    words = frozenset(allowed)

    def explain(row: Row) -> tuple[str, str]:
        parts = split(row[column])
        if alone and alone in parts:
            return f"{quote(row[column])} says {alone} and names a type too", f"leave out {alone}, or the rest"
        return _not_in(next(part for part in parts if part not in words), allowed, None, False)

    def test(cell: str) -> bool:
        parts = split(cell)
        return words.issuperset(parts) or bool(alone and parts == (alone,))

    return Rule("vocabulary", column, lambda cells: each(cells, test), explain)


def _not_in(value: str, allowed: Sequence[str], hint: Mapping[str, str] | None, needed: bool) -> tuple[str, str]:
    """Message and mend for a value outside its vocabulary."""
    meant = (hint or {}).get(value.casefold()) or near(value, allowed)
    shown = ", ".join(allowed) if len(allowed) <= 20 else f"the {len(allowed)} known ones"
    message = f"{quote(value)} is not one of {shown}" if value else f"is empty, but must be one of {shown}"
    if meant:
        return message, f"write {meant}"
    return message, "write one of them" + ("" if needed else ", or leave it empty if it is not known")


def distinct_ends(column_a: str, column_b: str) -> Rule:
    """The two ends are not one and the same group."""
    return Rule(
        "self-loop",
        column_b,
        lambda f: (f[column_a] != f[column_b]).to_numpy(dtype=bool) | (f[column_a] == "").to_numpy(dtype=bool),
        lambda row: (
            f"{quote(row[column_b])} stands at both ends",
            f"correct {column_a} or {column_b}, or leave the row out",
        ),
        wide=True,
    )


def known_group(column: str, used: Collection[str], lost: Mapping[str, int], file: str) -> Rule:
    """The cell names a group that is used.

    Parameters
    ----------
    used
        Ids of the groups that are used.
    lost
        Line of each group that was itself set aside, by its id.
    file
        The file of the groups.
    """

    def explain(row: Row) -> tuple[str, str]:
        cell = row[column]
        if not cell:
            return "is empty, but a group is needed", f"write a group_id of {file}"
        if cell in lost:
            return (
                f"group {quote(cell)} is itself set aside ({file}:{lost[cell]})",
                f"correct {file}:{lost[cell]}",
            )
        meant = near(cell, used)
        return (
            f"{quote(cell)} is not in {file}",
            f"write {quote(meant)}, or add the group to {file}" if meant else f"add the group to {file}",
        )

    return Rule("end-set-aside", column, lambda cells: cells.isin(used).to_numpy(dtype=bool), explain)


def unique(column: str) -> Rule:
    """The id stands in no row before; for frames of usable rows, of which the first then stays."""

    def explain(row: Row) -> tuple[str, str]:
        return f"{quote(row[column])} stands already in a row before", f"give one of the two another {column}"

    return Rule("repeated-id", column, lambda cells: ~cells.duplicated().to_numpy(dtype=bool), explain)
