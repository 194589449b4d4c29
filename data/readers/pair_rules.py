"""What a row of a table of pairs must hold to be used, in the words of its own columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from data.checks import Bools, Row, Rule, each, one_of, usable_year
from data.errors import quote
from data.model import Severity
from data.readers.mapping import MAPPING, TableMapping
from data.readers.roles import KEEP_OUT, KIND_OF, date_year, flag, is_state, letters
from data.vocabulary import CONFIDENCES, DIRECTIONS, KINDS

KEY_A, KEY_B = "\0a", "\0b"
"""Columns of a sheet's frame for the keys of both groups: no column of a file is called so."""


def _year_rule(column: str, *, needed: bool) -> Rule:
    """A year, also as the year of a date."""
    return replace(
        usable_year(column, needed=needed),
        holds=lambda cells: each(cells, lambda c: date_year(c) is not None or not (c or needed)),
    )


def _order_rule(first: str, last: str) -> Rule:
    def holds(frame: pd.DataFrame) -> Bools:
        begin, end = (
            frame[name].map(lambda c: date_year(c) or np.nan).to_numpy(dtype=np.float64) for name in (first, last)
        )
        return np.asarray(~(end < begin))

    return Rule("last-before-first", last, holds,
                lambda row: (f"{quote(row[last])} is before {first} {quote(row[first])}", f"correct {first} or {last}"),
                wide=True)  # fmt: skip


def _end_rule(column: str, key: str) -> Rule:
    return Rule("no-group", column, lambda f: (f[key] != "").to_numpy(dtype=bool),
                lambda row: ("is empty, but a group is needed", "name the group, or leave the row out"),
                wide=True)  # fmt: skip


def _distinct_rule(column: str) -> Rule:
    return Rule("self-loop", column, lambda f: ((f[KEY_A] != f[KEY_B]) | (f[KEY_A] == "")).to_numpy(dtype=bool),
                lambda row: (f"{quote(row[column])} stands at both ends", "correct one of them, or leave the row out"),
                wide=True)  # fmt: skip


def _kind_rules(column: str, kinds: Mapping[str, str]) -> tuple[Rule, Rule]:
    listed = ", ".join(k.id for k in KINDS)

    def explain(row: Row) -> tuple[str, str]:
        cell = row[column]
        if not cell:
            return f"is empty, but must stand for one of {listed}", "write the kind, or leave the row out"
        return (
            f"{quote(cell)} is not known as a kind of relationship",
            f'write what it stands for under [kinds] of {MAPPING}: one of {listed}, or "{KEEP_OUT}"',
        )

    return (
        Rule("vocabulary", column, lambda cells: each(cells, lambda c: c in kinds), explain),
        Rule("no-tie-of-groups", column, lambda cells: each(cells, lambda c: kinds.get(c) != KEEP_OUT),
             lambda row: (f"{quote(row[column])} is no relationship between two armed groups",
                          f"if it is one, say so under [kinds] of {MAPPING}"), Severity.KEPT_OUT),
    )  # fmt: skip


def _flag_rule(column: str) -> Rule:
    return Rule("not-0-or-1", column, lambda cells: each(cells, lambda c: not c or flag(c) is not None),
                lambda row: (f"{quote(row[column])} is neither 0 nor 1",
                             "write 1, 0, or nothing where it is not coded"))  # fmt: skip


def _state_rule(column: str, states: Sequence[str]) -> Rule:
    known = {word.casefold() for word in states}

    def holds(cells: pd.Series) -> Bools:
        return each(cells, lambda c: c.casefold() not in known if known else not is_state(c))

    return Rule("state", column, holds,
                lambda row: (f"{quote(row[column])}: one side is a state, so it is no tie between two armed groups",
                             f"if it is none, name the values that mean a state as states in {MAPPING}"),
                Severity.KEPT_OUT)  # fmt: skip


def pair_rules(mapping: TableMapping, kinds: Mapping[str, str]) -> tuple[Rule, ...]:
    """What a usable row must hold, with the keys of both groups in ``KEY_A`` and ``KEY_B``.

    Parameters
    ----------
    mapping
        What the columns stand for; groups and years are named.
    kinds
        Kind of each value that is known.
    """
    has = mapping.columns
    years = (
        (_year_rule(has["year"], needed=True),)
        if "year" in has
        else (_year_rule(has["first_year"], needed=True),)
        + ((_year_rule(has["last_year"], needed=False), _order_rule(has["first_year"], has["last_year"]))
           if "last_year" in has else ())
    )  # fmt: skip
    return (
        _end_rule(has["group_a"], KEY_A),
        _end_rule(has["group_b"], KEY_B),
        _distinct_rule(has["group_b"]),
        *years,
        *(_kind_rules(has["kind"], kinds) if "kind" in has else ()),
        *map(_flag_rule, mapping.types.values()),
        *(one_of(has[key], allowed) for key, allowed in (("direction", DIRECTIONS), ("confidence", CONFIDENCES))
          if key in has),
        *(_state_rule(has[key], mapping.states) for key in ("actor_a", "actor_b") if key in has),
    )  # fmt: skip


def kinds_of(mapping: TableMapping, values: Sequence[str]) -> dict[str, str]:
    """Kind of each value that is known: as the mapping says, else by the word."""
    by_word = {value: KIND_OF[letters(value)] for value in values if letters(value) in KIND_OF}
    return {**by_word, **{value: kind for value, kind in mapping.kinds.items() if value}}
