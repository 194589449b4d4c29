"""From the text tables of a dataset to an atlas with its report: the rules of the data contract.

Set aside, with the reason: a row without usable id, first year, ends or kind; with a value outside
its vocabulary; with a last year that is none or is before the first; with one group at both ends;
with an id of an earlier usable row; with an end that is itself set aside. An unusable position or
address is left out and counts as an error too, its row is kept. All else that is odd is a warning.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from data.assemble import group_frame, lineage_frame, relationship_frame, source_frame
from data.checks import Rule
from data.model import Atlas, Away, Dataset, Problem, Report, Severity
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
    """Rows of one file as text: the contract's columns, ``file`` and ``line``, one row a record.

    Rows that are not even rows (too few fields, broken quotes) are not in ``frame`` but in
    ``problems``; ``read`` counts both, and ``broken`` has the lines of the latter by what seems to
    be their id.

    Readers of other formats make their rows of those of the file, so they may say more:

    Attributes
    ----------
    columns
        What the file calls a column of the contract; a column that it lacks is not named in the report.
    cells
        The rows of the file as they stand there, with ``file`` and ``line``.
    frame
        May have ``rows``: of how many rows of the file each row is made (1 where it has not).
    also
        The other lines of rows that are made of several, by the first.
    """

    file: str
    frame: pd.DataFrame
    problems: tuple[Problem, ...] = ()
    read: int = 0
    broken: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, str] | None = None
    cells: pd.DataFrame | None = None
    also: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def named(self, problem: Problem) -> list[Problem]:
        """Return a problem of this table as the file has it: with its own column, once for each row set aside."""
        if self.columns is None:
            return [problem]
        own = replace(problem, column=self.columns.get(problem.column, ""))
        others = self.also.get(own.line, ()) if own.set_aside else ()
        return [own, *(replace(own, line=line) for line in others)]


def fingerprint(files: Mapping[str, bytes]) -> str:
    """First 12 hex digits of the SHA-256 over names and bytes of the files read."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()[:12]


def _places(rows: pd.DataFrame) -> list[str]:
    return [f"{file}:{line}" for file, line in zip(rows["file"].tolist(), rows["line"].tolist(), strict=True)]


def _lives(groups: pd.DataFrame, places: Sequence[str]) -> dict[str, tuple[int, float, str]]:
    """First year, last year (infinite while active) and place of each group."""
    last = np.where(groups["ended"], groups["last_year"], np.inf)
    columns = (groups["group_id"].tolist(), groups["first_year"].tolist(), last.tolist(), places)
    return {id_: (first, end, place) for id_, first, end, place in zip(*columns, strict=True)}


def build(
    dataset: Dataset, tables: Mapping[str, Table], problems: Sequence[Problem] = (), notes: Sequence[str] = ()
) -> Atlas:
    """Validate the tables of a dataset and make the atlas of the rows that can be used.

    Parameters
    ----------
    dataset
        What it says of itself.
    tables
        All four tables by the file name of the native format; an optional one that is not there is empty.
    problems
        What was found before, in ``dataset.toml`` or in the rows of which the tables were made.
    notes
        What else the reader has to say.
    """
    raw, faults = {name: table.frame for name, table in tables.items()}, list(problems)
    group_file = tables[GROUPS].file

    def usable(name: str, rules: Sequence[Rule], id_column: str = "") -> pd.DataFrame:
        rows, found = usable_rows(raw[name], rules, id_column)
        faults.extend(named for problem in found for named in tables[name].named(problem))
        return rows

    def odd(name: str, rows: pd.DataFrame, rules: Sequence[Rule]) -> None:
        faults.extend(named for problem in validate(rows, rules)[0] for named in tables[name].named(problem))

    group_rows = usable(GROUPS, group_rules(dataset.ideologies), "group_id")
    groups = group_frame(group_rows, dataset)
    used = frozenset(group_rows["group_id"])
    aside = raw[GROUPS][~raw[GROUPS]["group_id"].isin(used)]
    broken = {id_: f"{group_file}:{line}" for id_, line in tables[GROUPS].broken.items() if id_ not in used}
    lost = {**broken, **dict(zip(aside["group_id"].tolist()[::-1], _places(aside)[::-1], strict=True))}

    tie_rows = usable(
        RELATIONSHIPS, relationship_rules(dataset.types, dataset.kinds, used, lost, group_file), "relationship_id"
    )
    source_rows = usable(SOURCES, source_rules(), "source_id")
    lineage_rows = usable(LINEAGE, lineage_rules(used, lost, group_file))

    known = frozenset(source_rows["source_id"])
    odd(GROUPS, group_rows, odd_groups(known))
    lives = _lives(groups, _places(group_rows))
    odd(RELATIONSHIPS, tie_rows, odd_relationships(dataset.cooperative_kinds, lives, known))
    odd(SOURCES, source_rows, odd_sources())
    odd(LINEAGE, lineage_rows, odd_lineage(known))
    rows = {GROUPS: group_rows, RELATIONSHIPS: tie_rows, SOURCES: source_rows, LINEAGE: lineage_rows}
    return Atlas(
        dataset,
        groups,
        relationship_frame(tie_rows, groups, dataset),
        source_frame(source_rows),
        lineage_frame(lineage_rows),
        _report(tables, faults, rows, notes),
    )


def _report(
    tables: Mapping[str, Table], faults: Sequence[Problem], used: Mapping[str, pd.DataFrame], notes: Sequence[str]
) -> Report:
    """Gather the problems of all stages in the order of files and lines, and count rows by file."""
    everything = [*(problem for table in tables.values() for problem in table.problems), *faults]
    files = list(dict.fromkeys([HEADER, *(table.file for table in tables.values())]))
    order = {file: place for place, file in enumerate(files)}
    problems = sorted(everything, key=lambda problem: (order.get(problem.file, len(order)), problem.line))
    read: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for name, table in tables.items():
        read[table.file] += table.read
        rows = used[name]
        made_of = rows["rows"] if "rows" in rows else pd.Series(1, index=rows.index)
        counted.update(made_of.groupby(rows["file"]).sum().to_dict())
    del read[""]  # tables that the reader made up itself: no file has their rows
    return Report(
        tuple(problems),
        dict(read),
        {file: int(counted[file]) for file in read},
        _away(tables, problems),
        tuple(notes),
    )


def _away(tables: Mapping[str, Table], problems: Sequence[Problem]) -> tuple[Away, ...]:
    """Rows that are not used, as they stand in their files."""
    texts = {(p.file, p.line): p.value for p in problems if p.severity in (Severity.ERROR_ROW, Severity.KEPT_OUT)}
    whole: dict[tuple[str, int], dict[str, str]] = {}
    for table in tables.values():
        cells = table.frame if table.cells is None and table.columns is None else table.cells
        if cells is None:
            continue
        missed = [place in texts for place in zip(cells["file"].tolist(), cells["line"].tolist(), strict=True)]
        for row in cells[missed].to_dict("records"):
            place = row.pop("file"), row.pop("line")
            whole[place] = {str(name): str(cell) for name, cell in row.items()}
    return tuple(Away(*place, whole.get(place, {"row": text})) for place, text in texts.items())
