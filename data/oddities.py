"""Rules for what is kept although something in it is odd or unusable: warnings and positions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.checks import Bools, Row, Rule, Suggest, by_value, each, number, split, years
from data.errors import quote
from data.geography import TOLERANCE_KM, far_from_country
from data.model import Severity

Floats = NDArray[np.float64]

HALF_TURN = {"lat": 90.0, "lon": 180.0}
"""Degrees that a coordinate may reach either side of zero."""


def coordinate(cell: str, column: str) -> float:
    """Degrees of a cell, NaN where it is empty, no number or out of range."""
    value = number(cell)
    return value if value is not None and abs(value) <= HALF_TURN[column] else np.nan


def coordinates(cells: pd.Series, column: str) -> Floats:
    """Degrees of a column of cells, as ``coordinate``."""
    return by_value(cells, lambda cell: coordinate(cell, column), float)


def _usable_coordinate(column: str) -> Rule:
    limit = int(HALF_TURN[column])

    def explain(row: Row) -> tuple[str, str]:
        cell, left = row[column], "the group is not located"
        if number(cell) is None:
            comma = cell.replace(",", ".")
            mend = (
                f"write {comma}" if number(comma) is not None else "write degrees with a decimal point, such as 33.35"
            )
            return f"{quote(cell)} is not a number, {left}", mend
        swapped = column == "lat" and number(row["lon"]) is not None and abs(number(row["lon"]) or 0.0) <= 90
        return (
            f"{quote(cell)} is not within -{limit} and {limit}, {left}",
            "exchange lat and lon" if swapped and abs(number(cell) or 0.0) <= 180 else "correct the degrees",
        )

    return Rule(
        "position", column, lambda cells: each(cells, lambda c: not c or not np.isnan(coordinate(c, column))), explain,
        Severity.ERROR_VALUE,
    )  # fmt: skip


def _half_position(column: str, other: str) -> Rule:
    """A coordinate is not empty where the other is given."""
    return Rule(
        "position",
        column,
        lambda f: ((f[column] != "") | (f[other] == "")).to_numpy(dtype=bool),
        lambda row: (f"is empty, but {other} is not: the group is not located", f"add {column}, or leave out {other}"),
        Severity.ERROR_VALUE,
        wide=True,
    )


_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ufeff\\ufff9-\\ufffb]"
)
"""Control characters, and those that turn the direction of all text after them: not seen, but changing what is seen."""


def seen(text: str) -> str:
    """Text without characters that are not seen themselves but change how others are shown."""
    return _UNSEEN.sub("", text).strip()  # a blank beside one would go when the text is written and read again


def _seen(column: str) -> Rule:
    def explain(row: Row) -> tuple[str, str]:
        found = sorted({f"U+{ord(c):04X}" for c in _UNSEEN.findall(row[column])})
        return (
            f"{quote(row[column])} holds characters that are not seen ({', '.join(found)}), left out",
            "take them out",
        )

    return _warning("unseen-characters", column, lambda cells: each(cells, lambda c: not _UNSEEN.search(c)), explain)


def _warning(code: str, column: str, holds: Any, explain: Any, *, wide: bool = False) -> Rule:
    return Rule(code, column, holds, explain, Severity.WARNING, wide)


def _near_country() -> Rule:
    def holds(frame: pd.DataFrame) -> Bools:
        return ~far_from_country(
            coordinates(frame["lon"], "lon"), coordinates(frame["lat"], "lat"), frame["base_country"]
        )

    def explain(row: Row) -> tuple[str, str]:
        turned = pd.DataFrame([{**row, "lat": row["lon"], "lon": row["lat"]}])
        swapped = not np.isnan(coordinate(row["lon"], "lat")) and bool(holds(turned)[0])
        return (
            f"{row['base_country']} is more than {TOLERANCE_KM:.0f} km from lat {row['lat']}, lon {row['lon']}",
            f"exchange lat and lon: then the point is in {row['base_country']}"
            if swapped
            else "check lat, lon and base_country; on a small island that the basemap leaves out, nothing is wrong",
        )

    return _warning("far-from-country", "base_country", holds, explain, wide=True)


def _sources(known: Collection[str]) -> tuple[Rule, Rule]:
    """Every row names a source, and every source named is known."""
    suggest = Suggest(known)

    def explain(row: Row) -> tuple[str, str]:
        missing = [id_ for id_ in split(row["source_ids"]) if id_ not in known]
        meant = suggest(missing[0])
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        return (
            f"source {quote(missing[0])}{more} is not in sources.csv",
            f"write {quote(meant)}, or add it to sources.csv" if meant else "add it to sources.csv",
        )

    return (
        _warning("no-source", "source_ids", lambda cells: each(cells, lambda c: bool(split(c))),
                 lambda row: ("names no source", "name the works that the row rests on")),
        _warning("unknown-source", "source_ids",
                 lambda cells: each(cells, lambda c: all(id_ in known for id_ in split(c))), explain),
    )  # fmt: skip


def odd_groups(sources: Collection[str]) -> tuple[Rule, ...]:
    """Rules for groups that are kept in any case; ``sources`` are the known source ids."""
    return (
        _usable_coordinate("lat"),
        _usable_coordinate("lon"),
        _half_position("lat", "lon"),
        _half_position("lon", "lat"),
        _near_country(),
        *map(_seen, ("name", "aliases", "base_place")),
        _warning("no-name", "name", lambda cells: (cells != "").to_numpy(dtype=bool),
                 lambda row: (f"is empty, {quote(row['group_id'])} is shown instead", "give the group's common name")),
        _warning("end-type-while-active", "end_type",
                 lambda f: ((f["end_type"] == "") | (f["end_year"] != "")).to_numpy(dtype=bool),
                 lambda row: (f"{quote(row['end_type'])} is not used: without end_year the group is still active",
                              "add end_year, or leave out end_type"), wide=True),
        *_sources(sources),
    )  # fmt: skip


Lives = Mapping[str, tuple[int, float, str]]
"""Of each group: first year, last year (infinite while active), place as file:line."""


def _within_lives(lives: Lives) -> tuple[Rule, Rule]:
    """A spell neither begins before both groups exist nor ends after one of them."""

    def born(row: Row) -> str:
        return max(str(row["group_a"]), str(row["group_b"]), key=lambda id_: lives[id_][0])

    def gone(row: Row) -> str:
        return min(str(row["group_a"]), str(row["group_b"]), key=lambda id_: lives[id_][1])

    def of_both(frame: pd.DataFrame, at: int) -> tuple[Floats, Floats]:
        a, b = (by_value(frame[end], lambda id_: lives[id_][at], float) for end in ("group_a", "group_b"))
        return a, b

    def begins(frame: pd.DataFrame) -> Bools:
        return np.asarray(years(frame["start_year"]) >= np.maximum(*of_both(frame, 0)))

    def ends(frame: pd.DataFrame) -> Bools:
        last = np.minimum(*of_both(frame, 1))
        own = years(frame["end_year"])
        return np.asarray(np.where(np.isnan(own), years(frame["start_year"]), own) <= last)

    def explain_begin(row: Row) -> tuple[str, str]:
        id_ = born(row)
        first, _, place = lives[id_]
        return (
            f"{row['start_year']} is before the first year of {quote(id_)}, {first} ({place})",
            "correct the one or the other",
        )

    def explain_end(row: Row) -> tuple[str, str]:
        id_ = gone(row)
        _, last, place = lives[id_]
        spell = row["end_year"] or f"{row['start_year']} (and still going on)"
        return (
            f"{spell} is after the last year of {quote(id_)}, {last:.0f} ({place})",
            "correct the one or the other",
        )

    return (
        _warning("spell-before-group", "start_year", begins, explain_begin, wide=True),
        _warning("spell-outlives-group", "end_year", ends, explain_end, wide=True),
    )


def odd_relationships(cooperative: Collection[str], lives: Lives, sources: Collection[str]) -> tuple[Rule, ...]:
    """Rules for relationships that are kept in any case.

    Parameters
    ----------
    cooperative
        Ids of the kinds that are alliances.
    lives
        Years of the groups that are used.
    sources
        The known source ids.
    """
    return (
        _warning("swapped", "group_a", lambda f: (f["group_a"] < f["group_b"]).to_numpy(dtype=bool),
                 lambda row: (f"{quote(row['group_a'])} comes after {quote(row['group_b'])}: the ends are swapped"
                              + (", and the direction with them" if row["direction"] in ("a_to_b", "b_to_a") else ""),
                              "put the id that sorts first into group_a, and turn the direction"), wide=True),
        _warning("type-on-rival", "cooperation",
                 lambda f: ((f["cooperation"] == "") | f["relation"].isin(cooperative)).to_numpy(dtype=bool),
                 lambda row: (f"{quote(row['cooperation'])} is not used: {row['relation']} is not co-operative",
                              "leave it empty, or correct the relation"), wide=True),
        *_within_lives(lives),
        _seen("note"),
        *_sources(sources),
    )  # fmt: skip


def odd_sources() -> tuple[Rule, ...]:
    """Rules for sources that are kept in any case."""
    return (
        _warning("no-citation", "citation", lambda cells: (cells != "").to_numpy(dtype=bool),
                 lambda row: ("is empty", "write author, year and title")),
        _seen("citation"),
        Rule("address", "url", lambda cells: each(cells, usable_address),
             lambda row: (f"{quote(row['url'])} is not a web address, and is left out",
                          "write it in full, with https://, or leave it empty"), Severity.ERROR_VALUE),
    )  # fmt: skip


def usable_address(cell: str) -> bool:
    """Whether a cell is empty or a plain web address: a link of the page must not run a script."""
    return not cell or (cell.startswith(("https://", "http://")) and not any(c.isspace() for c in cell))


def odd_lineage(sources: Collection[str]) -> tuple[Rule, ...]:
    """Rules for lineage rows that are kept in any case; ``sources`` are the known source ids."""
    return (_seen("note"), *_sources(sources))
