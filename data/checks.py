"""Rules for single cells and rows: what must hold, and what to tell the person where it does not.

Every factory returns a ``Rule``. Predicates work on whole columns of text cells; an empty cell is
"" and passes unless the rule says that it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
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


def joined(lists: pd.Series) -> list[str]:
    """Cells that list values, which ``split`` takes apart."""
    return ["|".join(values) for values in lists]


def year(cell: str) -> int | None:
    """Year of a cell, None where it is empty or is none ("1975.0", as spreadsheets write it, is one)."""
    found = _YEAR.fullmatch(cell)
    return int(found[1]) if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR else None


def number(cell: str) -> float | None:
    """Number of a cell with a decimal point, None where it is empty or is none."""
    return float(cell) if _NUMBER.fullmatch(cell) else None


class Suggest:
    """Finds the allowed value that was probably meant.

    Comparing with a thousand ids takes milliseconds, so after ``MOST_SUGGESTIONS`` different values
    it stops looking: whoever has that many wrong ones does not mend them one by one.
    """

    MOST_SUGGESTIONS = 200

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = allowed
        self._known: dict[str, str | None] = {}

    @cached_property
    def _folded(self) -> dict[str, str]:
        """Allowed values by their folded form; made at the first wrong value, as most tables have none."""
        out: dict[str, str] = {}
        for one in sorted(self._allowed):
            out.setdefault(self._fold(one), one)
        return out

    @staticmethod
    def _fold(value: str) -> str:
        return re.sub(r"[\W_]+", "-", value[:200].casefold())

    def __call__(self, value: str) -> str | None:
        """Return the nearest allowed value, None where none is near."""
        if value not in self._known and len(self._known) < self.MOST_SUGGESTIONS:
            found = get_close_matches(self._fold(value), self._folded, 1, 0.7)
            self._known[value] = self._folded[found[0]] if found else None
        return self._known.get(value)


def by_value(cells: pd.Series, function: Callable[[str], Any], dtype: type) -> NDArray[Any]:
    """Apply a function of one cell to a column, to each different value once."""
    codes, values = pd.factorize(cells, use_na_sentinel=False)
    found: NDArray[Any] = np.empty(len(values), dtype=dtype)  # filled, as numpy would take tuples for a table
    found[:] = [function(value) for value in values.tolist()]
    return np.asarray(found[codes])


def each(cells: pd.Series, test: Callable[[str], bool]) -> Bools:
    """Apply a test of one cell to a column."""
    return by_value(cells, test, bool)


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
        within = re.findall(r"(?<!\d)\d{4}(?!\d)", row[column], re.ASCII)  # such as that of a date
        return (
            f"{quote(row[column])} is not a year from {FIRST_YEAR} to {LAST_YEAR}",
            (f"write {within[0]}" if len(within) == 1 and year(within[0]) else "write four digits")
            + ("" if needed else ", or leave it empty if it goes on"),
        )

    return Rule("year", column, lambda cells: each(cells, lambda c: year(c) is not None or not (c or needed)), explain)


def years(cells: pd.Series) -> NDArray[np.float64]:
    """Years of a column of cells, NaN where a cell holds none."""
    return by_value(cells, lambda cell: np.nan if (found := year(cell)) is None else found, float)


def in_order(first: str, last: str) -> Rule:
    """The last year is not before the first; not judged where either is no year."""

    def holds(frame: pd.DataFrame) -> Bools:
        return ~(years(frame[last]) < years(frame[first]))

    def explain(row: Row) -> tuple[str, str]:
        return f"{row[last]} is before {first} {row[first]}", f"correct {first} or {last}"

    return Rule("last-before-first", last, holds, explain, wide=True)


def one_of(
    column: str,
    allowed: Sequence[str],
    *,
    needed: bool = False,
    called: str = "",
    also: Mapping[str, str] | None = None,
) -> Rule:
    """The cell is a word of a closed list.

    Parameters
    ----------
    column
        The column.
    allowed
        The list.
    needed
        Whether the cell may not be empty.
    called
        What to call the list where it is too long to be shown.
    also
        Other casefolded spellings (names of countries), and the word that each stands for.
    """
    words, suggest = frozenset(allowed), Suggest(allowed)
    listed = f"is not {called}" if called else f"is not one of {', '.join(allowed)}"

    def explain(row: Row) -> tuple[str, str]:
        value = row[column]
        if not value:
            return f"is empty, but must be one of {', '.join(allowed)}", "write one of them"
        meant = (also or {}).get(value.casefold()) or suggest(value)
        either = "write one of them" if needed else "write one of them, or leave it empty if it is not known"
        return f"{quote(value)} {listed}", f"write {meant}" if meant else either

    return Rule("vocabulary", column, lambda cells: each(cells, lambda c: c in words or not (c or needed)), explain)


def list_of(column: str, allowed: Sequence[str], *, alone: str = "") -> Rule:
    """The cell lists words of a closed list, separated by "|", or is the word that stands alone."""
    words, suggest = frozenset(allowed), Suggest(allowed)

    def explain(row: Row) -> tuple[str, str]:
        parts = split(row[column])
        if alone in parts:
            return f"{quote(row[column])} says {alone} and something else too", f"leave out {alone}, or the rest"
        wrong = next(part for part in parts if part not in words)
        pieces = [piece.strip() for piece in re.split(r"[,;/&+]", wrong) if piece.strip()]
        if len(pieces) > 1 and words.issuperset(pieces):
            return f"{quote(wrong)} is not one of {', '.join(allowed)}", f"write {'|'.join(pieces)}"
        meant = suggest(wrong)
        either = "write one of them, or leave the value empty if it is not known"
        return f"{quote(wrong)} is not one of {', '.join(allowed)}", f"write {meant}" if meant else either

    def test(cell: str) -> bool:
        parts = split(cell)
        return words.issuperset(parts) or bool(alone and parts == (alone,))

    return Rule("vocabulary", column, lambda cells: each(cells, test), explain)


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


def known_group(column: str, used: Collection[str], lost: Mapping[str, str], file: str) -> Rule:
    """The cell names a group that is used.

    Parameters
    ----------
    used
        Ids of the groups that are used.
    lost
        Place (file:line) of each group that was itself set aside, by its id.
    file
        The file of the groups.
    """
    suggest = Suggest(used)

    def explain(row: Row) -> tuple[str, str]:
        cell = row[column]
        if not cell:
            return "is empty, but a group is needed", f"write a group_id of {file}"
        if cell in lost:
            return (
                f"group {quote(cell)} is itself set aside ({lost[cell]})",
                f"correct {lost[cell]}",
            )
        meant = suggest(cell)
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
