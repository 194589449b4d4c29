"""From the text tables of a dataset to an atlas with its report: the rules of the data contract.

Set aside, with the reason: a row without usable id, first year, ends or kind; with a value outside
its vocabulary; with a last year that is none or is before the first; with one group at both ends;
with an id of an earlier usable row; with an end that is itself set aside. An unusable position or
address is left out and counts as an error too, its row is kept. All else that is odd is a warning.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.assemble import group_frame, lineage_frame, relationship_frame, source_frame
from data.model import Atlas, Dataset, Problem, Report
from data.oddities import odd_groups, odd_lineage, odd_relationships, odd_sources
from data.schema import (
    GROUPS,
    HEADER,
    LINEAGE,
    RELATIONSHIPS,
    SOURCES,
    group_rules,
    lineage_rules,
    relationship_rules,
    source_rules,
    usable_rows,
    validate,
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one file as text: the contract's columns and ``line``, one row a record.

    Rows that are not even rows (too few fields, broken quotes) are not in ``frame`` but in
    ``problems``; ``read`` counts both, and ``broken`` has the lines of the latter by what seems to
    be their id.
    """

    file: str
    frame: pd.DataFrame
    problems: tuple[Problem, ...]
    read: int
    broken: Mapping[str, int]


def fingerprint(files: Mapping[str, bytes]) -> str:
    """First 12 hex digits of the SHA-256 over names and bytes of the files read."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()[:12]


def _lives(groups: pd.DataFrame) -> dict[str, tuple[int, float, int]]:
    """First year, last year (infinite while active) and line of each group."""
    last = np.where(groups["ended"], groups["last_year"], np.inf)
    columns = (groups["group_id"], groups["first_year"], last, groups["line"])
    return {id_: (int(first), float(end), int(line)) for id_, first, end, line in zip(*columns, strict=True)}


def build(dataset: Dataset, tables: Mapping[str, Table], problems: Sequence[Problem] = ()) -> Atlas:
    """Validate the tables of a dataset and make the atlas of the rows that can be used.

    Parameters
    ----------
    dataset
        What it says of itself.
    tables
        All four tables by file name; an optional one that is not there is empty.
    problems
        What was found before, in ``dataset.toml``.
    """
    raw = {name: table.frame for name, table in tables.items()}

    group_rows, group_faults = usable_rows(raw[GROUPS], group_rules(dataset.ideologies), GROUPS, "group_id")
    groups = group_frame(group_rows, dataset)
    used = frozenset(group_rows["group_id"])
    every = dict(zip(raw[GROUPS]["group_id"].tolist()[::-1], raw[GROUPS]["line"].tolist()[::-1], strict=True))
    lost = {id_: line for id_, line in {**tables[GROUPS].broken, **every}.items() if id_ not in used}

    rules = relationship_rules(dataset.types, dataset.kinds, used, lost)
    tie_rows, tie_faults = usable_rows(raw[RELATIONSHIPS], rules, RELATIONSHIPS, "relationship_id")
    source_rows, source_faults = usable_rows(raw[SOURCES], source_rules(), SOURCES, "source_id")
    lineage_rows, lineage_faults = usable_rows(raw[LINEAGE], lineage_rules(used, lost), LINEAGE)

    known = frozenset(source_rows["source_id"])
    odd = [
        *validate(group_rows, odd_groups(known), GROUPS)[0],
        *validate(tie_rows, odd_relationships(dataset.cooperative_kinds, _lives(groups), known), RELATIONSHIPS)[0],
        *validate(source_rows, odd_sources(), SOURCES)[0],
        *validate(lineage_rows, odd_lineage(known), LINEAGE)[0],
    ]
    faults = [*problems, *group_faults, *tie_faults, *source_faults, *lineage_faults, *odd]
    rows = {GROUPS: group_rows, RELATIONSHIPS: tie_rows, SOURCES: source_rows, LINEAGE: lineage_rows}
    return Atlas(
        dataset,
        groups,
        relationship_frame(tie_rows, groups, dataset),
        source_frame(source_rows),
        lineage_frame(lineage_rows),
        _report(tables, faults, {name: len(frame) for name, frame in rows.items()}),
    )


def _report(tables: Mapping[str, Table], faults: list[Problem], used: Mapping[str, int]) -> Report:
    """Gather the problems of all stages in the order of files and lines."""
    everything = [*(problem for table in tables.values() for problem in table.problems), *faults]
    order = [HEADER, *tables]
    problems = sorted(everything, key=lambda problem: (order.index(problem.file), problem.line))
    read = {name: table.read for name, table in tables.items()}
    return Report(tuple(problems), read, {name: used[name] for name in read})
