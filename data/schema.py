"""The schema of each table, and how its faults become problems of the report.

A schema is a pandera ``DataFrameSchema`` made of rules; it is validated lazily, so that every fault
of every row is found at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.checks import Rule, distinct_ends, in_order, known_group, list_of, one_of, unique, usable_id, usable_year
from data.geography import countries
from data.model import Problem, Severity, Term
from data.vocabulary import (
    CONFIDENCES,
    DIRECTIONS,
    END_TYPES,
    LINEAGE_KINDS,
    NOTHING_FOUND,
    PRECISIONS,
    RELIGIONS,
)

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

HEADER = "dataset.toml"
GROUPS, RELATIONSHIPS, SOURCES, LINEAGE = "groups.csv", "relationships.csv", "sources.csv", "lineage.csv"


def _ids(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(term.id for term in terms)


def group_rules(ideologies: Sequence[Term]) -> tuple[Rule, ...]:
    """What a usable row of groups.csv must hold."""
    table = countries()
    names = dict(zip((name.casefold() for name in table["name"]), table["iso3"], strict=True))
    return (
        usable_id("group_id", "group"),
        usable_year("start_year", needed=True),
        usable_year("end_year", needed=False),
        in_order("start_year", "end_year"),
        one_of("end_type", END_TYPES),
        list_of("ideologies", _ids(ideologies)),
        one_of("religion", RELIGIONS),
        one_of(
            "base_country",
            tuple(table["iso3"]),
            called="a country code of three letters (ISO 3166-1 alpha-3)",
            also=names,
        ),
        one_of("precision", PRECISIONS),
    )


def relationship_rules(
    types: Sequence[Term],
    kinds: Sequence[Term],
    used: Collection[str],
    lost: Mapping[str, str],
    file: str = GROUPS,
) -> tuple[Rule, ...]:
    """What a usable row of relationships.csv must hold.

    Parameters
    ----------
    types, kinds
        The vocabularies of the dataset.
    used
        Ids of the groups that are used.
    lost
        Place (file:line) of each group that is set aside, by its id.
    file
        The file of the groups.
    """
    return (
        usable_id("relationship_id", "relationship"),
        known_group("group_a", used, lost, file),
        known_group("group_b", used, lost, file),
        distinct_ends("group_a", "group_b"),
        usable_year("start_year", needed=True),
        usable_year("end_year", needed=False),
        in_order("start_year", "end_year"),
        one_of("relation", _ids(kinds), needed=True),
        list_of("cooperation", _ids(types), alone=NOTHING_FOUND),
        one_of("direction", DIRECTIONS),
        one_of("confidence", CONFIDENCES),
    )


def source_rules() -> tuple[Rule, ...]:
    """What a usable row of sources.csv must hold."""
    return (usable_id("source_id", "source"),)


def lineage_rules(used: Collection[str], lost: Mapping[str, str], file: str = GROUPS) -> tuple[Rule, ...]:
    """What a usable row of lineage.csv must hold; see ``relationship_rules``."""
    return (
        known_group("from_id", used, lost, file),
        known_group("to_id", used, lost, file),
        distinct_ends("from_id", "to_id"),
        usable_year("year", needed=True),
        one_of("kind", LINEAGE_KINDS, needed=True),
    )


def schema(rules: Sequence[Rule]) -> DataFrameSchema:
    """Build the pandera schema of a table of text cells; a check bears its rule's place as its name."""
    # Imported here: pandera takes 0.4 s, which only validation should pay.
    from pandera.pandas import Check, Column, DataFrameSchema

    columns: dict[str, list[Any]] = {}
    wide = []
    for place, rule in enumerate(rules):
        check = Check(_as_series(rule), name=str(place), error=rule.code, ignore_na=False)
        if rule.wide:
            wide.append(check)
        else:
            columns.setdefault(rule.column, []).append(check)
    return DataFrameSchema({name: Column(object, checks) for name, checks in columns.items()}, checks=wide)


def _as_series(rule: Rule) -> Any:
    return lambda cells: pd.Series(rule.holds(cells), index=cells.index)


def validate(frame: pd.DataFrame, rules: Sequence[Rule]) -> tuple[list[Problem], NDArray[np.bool_]]:
    """Hold a table against rules.

    Parameters
    ----------
    frame
        Text cells, with ``file`` and ``line``, the file and physical line of each row; its index is unique.
    rules
        What must hold.

    Returns
    -------
    Problems, and one truth value a row: whether it may be used.
    """
    usable = np.ones(len(frame), dtype=bool)
    frame = frame.reset_index(drop=True)
    failed = sorted(_failures(frame, rules)) if len(frame) else []
    rows = sorted({row for row, _ in failed})
    cells = dict(zip(rows, frame.iloc[rows].to_dict("records"), strict=True))
    problems = []
    for row, place in failed:
        rule, record = rules[place], cells[row]
        message, mend = rule.explain(record)
        problems.append(
            Problem(
                record["file"], record["line"], rule.column, record.get(rule.column, ""), rule.code, message, mend,
                rule.severity,
            )
        )  # fmt: skip
        if rule.severity in (Severity.ERROR_ROW, Severity.KEPT_OUT):
            usable[row] = False
    return problems, usable


def _failures(frame: pd.DataFrame, rules: Sequence[Rule]) -> list[tuple[int, int]]:
    """Each (row, place of the rule) where a rule does not hold."""
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrorReason, SchemaErrors

    try:
        # The environment can switch pandera off (PANDERA_VALIDATION_ENABLED); these data come from anywhere.
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema(rules).validate(frame, lazy=True)
    except SchemaErrors as errors:
        failed: list[tuple[int, int]] = []
        for error in errors.schema_errors:
            if error.reason_code is SchemaErrorReason.CHECK_ERROR:
                raise  # the rule itself failed: a fault of the program, not of the data
            place = int(error.check.name)
            failed += [(int(row), place) for row in error.failure_cases["index"].unique()]
        return failed
    return []


def usable_rows(frame: pd.DataFrame, rules: Sequence[Rule], id_column: str = "") -> tuple[pd.DataFrame, list[Problem]]:
    """Rows that may be used, in their order, and the problems of the others.

    Repeated ids are looked for among the rows that are usable otherwise, so that the first usable
    row of an id stays.
    """
    problems, usable = validate(frame, rules)
    frame = frame[usable].reset_index(drop=True)
    if id_column:
        repeated, usable = validate(frame, (unique(id_column),))
        problems, frame = problems + repeated, frame[usable].reset_index(drop=True)
    return frame, problems
