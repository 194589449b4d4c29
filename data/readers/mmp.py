"""Stanford's Mapping Militants (July 2019): a file of groups and a file of pairs, no places, no ideologies.

The pairs are dated events of five types. Read here as the source defines them: a relationship holds until
one of another type begins between the two groups, or one of them becomes inactive.

=====  ===========================================================
type   becomes
=====  ===========================================================
all    relationship of kind ally
aff    relationship of kind supporter (fealty and reliance on support)
riv    relationship of kind rival
mer    lineage: the first group merged into the second
spl    lineage: the second group split from the first
=====  ===========================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from data.checks import Row, Rule, each, one_of, unique
from data.contract import Table, build, fingerprint
from data.errors import DataError, quote
from data.model import Atlas, Dataset, Limit, Problem
from data.readers.derived import OWN_SOURCE, contract_frame, group_ids, made_up
from data.readers.sheets import Sheet, mended, read_text_table
from data.readers.store import Store, slug
from data.schema import GROUPS, LINEAGE, RELATIONSHIPS, SOURCES, validate
from data.vocabulary import (
    GROUP_COLUMNS,
    IDEOLOGIES,
    KINDS,
    LINEAGE_COLUMNS,
    RELATIONSHIP_COLUMNS,
    SOURCE_COLUMNS,
    TYPES,
)

KEY, PAIRS = "militant-group-key", "militant-group-relationships"
"""What the names of the two files begin with, in any case."""
KEY_COLUMNS = ("group_id", "name")
PAIR_COLUMNS = ("unique_id", "type", "group1_id", "group2_id", "date", "description")

RELATIONS = {"all": "ally", "aff": "supporter", "riv": "rival"}
KIN = {"mer": "merged", "spl": "split"}

NEWEST = 2019
"""Last year that a date can mean: the dataset's own year. So 17 is 2017, and 68 is 1968."""

CITATION = (
    'Mapping Militant Organizations. "MMP Dataset and Codebook." Stanford University. Last modified July 2019.'
    " https://cisac.fsi.stanford.edu/mappingmilitants"
)
URL = "https://cisac.fsi.stanford.edu/mappingmilitants"
LIMITS = (
    Limit(
        "Not a systematic sample",
        "Its authors warn that the data were not sampled systematically and are likely to miss observations.",
        "unallied",
    ),
    Limit(
        "No end of a relationship is recorded",
        "A relationship is taken to hold until one of another type begins between the two groups, until one of them"
        " has merged into another group and nothing later is known of it, or until the last year of the data. So the"
        " later years count ties that may long have ended.",
    ),
    Limit(
        "First and last years of groups are not recorded",
        "A group is taken to begin with the first relationship that names it, and to go on unless it merged.",
    ),
    Limit(
        "No places, ideologies or types of co-operation",
        "The files have none: no group is located, no ideology is recorded, and no alliance is coded by type.",
    ),
    Limit("Governments among the groups", "The files do not tell states and their services from armed groups."),
)

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2})", re.ASCII)

Day = tuple[int, int, int]
"""Year, month and day; 0 where the month or the day is not known."""


def day(text: str) -> Day | None:
    """Date of a cell: 2/18/10, 2014-05-00 or 2005-00-00; None where it is none."""
    if found := _ISO.fullmatch(text):
        year, month, day_ = (int(part) for part in found.groups())
    elif found := _AMERICAN.fullmatch(text):
        month, day_, short = (int(part) for part in found.groups())
        year = 2000 + short if 2000 + short <= NEWEST else 1900 + short
    else:
        return None
    try:
        date(year, month or 1, day_ or 1)
    except ValueError:
        return None
    return (year, month, day_) if 1900 <= year <= NEWEST and (month or not day_) else None


@dataclass(frozen=True, slots=True)
class _Event:
    """One usable row of the pairs."""

    line: int
    id: str
    type: str
    first: str
    second: str
    day: Day
    text: str


@dataclass(slots=True)
class _Spell:
    """One relationship or lineage row in the making: the rows that speak of it, the earliest first."""

    events: list[_Event] = field(default_factory=list)
    end: int | None = None


def _date_rule() -> Rule:
    def explain(row: Row) -> tuple[str, str]:
        cell = row["date"]
        what = f"{quote(cell)} is not a date up to {NEWEST}" if cell else "is empty, but a date is needed"
        return what, "write month/day/year such as 2/18/10, or 2014-05-00 with 00 for what is not known"

    return Rule("date", "date", lambda cells: each(cells, lambda c: day(c) is not None), explain)


def _known(column: str, ids: frozenset[str], file: str) -> Rule:
    def explain(row: Row) -> tuple[str, str]:
        name = row.get(column.replace("_id", "_name"), "")
        return f"{quote(row[column])} is not an id of {file}", f"add {quote(name) if name else 'the group'} to {file}"

    return Rule("unknown-group", column, lambda cells: cells.isin(ids).to_numpy(dtype=bool), explain)


def _pair_rules(ids: frozenset[str], file: str) -> tuple[Rule, ...]:
    return (
        one_of("type", (*RELATIONS, *KIN), needed=True),
        _known("group1_id", ids, file),
        _known("group2_id", ids, file),
        Rule("self-loop", "group2_id", lambda f: (f["group1_id"] != f["group2_id"]).to_numpy(dtype=bool),
             lambda row: (f"{quote(row['group2_id'])} stands at both ends", "correct one of the two ids"), wide=True),
        _date_rule(),
    )  # fmt: skip


def _key_rules() -> tuple[Rule, ...]:
    return (
        Rule("id", "group_id", lambda cells: each(cells, lambda c: c.isascii() and c.isdigit()),
             lambda row: (f"{quote(row['group_id'])} is not the id of one group, so no pair can name"
                          f" {quote(mended(row['name']))}", "give the group a number of its own")),
    )  # fmt: skip


def _usable(sheet: Sheet, rules: Sequence[Rule], id_column: str) -> tuple[pd.DataFrame, list[Problem]]:
    problems, usable = validate(sheet.frame, rules)
    frame = sheet.frame[usable].reset_index(drop=True)
    repeated, usable = validate(frame, (unique(id_column),))
    return frame[usable].reset_index(drop=True), [*problems, *repeated]


def _need(sheet: Sheet, columns: Sequence[str], where: str) -> None:
    missing = [name for name in columns if name not in sheet.names]
    if missing:
        raise DataError(
            what=f"{', '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing from the columns",
            where=where,
            mend="the first line must name " + ", ".join(columns),
        )


def spells(events: Sequence[_Event]) -> list[_Spell]:
    """Relationships of one pair of groups from its events, in order of time.

    A second event of a type whose relationship still holds confirms it; one of another type, on a
    later day, ends it. What begins on the same day runs side by side.
    """
    done: list[_Spell] = []
    held: dict[str, _Spell] = {}
    for event in sorted(events, key=lambda e: (e.day, e.line)):
        for type_, spell in list(held.items()):
            if type_ != event.type and spell.events[0].day < event.day:
                spell.end = event.day[0]
                del held[type_]
        if event.type not in RELATIONS:
            continue
        if event.type not in held:
            held[event.type] = _Spell()
            done.append(held[event.type])
        held[event.type].events.append(event)
    return done


def _note(events: Sequence[_Event]) -> str:
    return "; ".join(dict.fromkeys(event.text for event in events if event.text))


def _made_of(events: Sequence[_Event], file: str) -> dict[str, Any]:
    """What every row made of events has: note, source, place, and how many rows it stands for."""
    return {
        "note": _note(events),
        "source_ids": OWN_SOURCE,
        "file": file,
        "line": min(event.line for event in events),
        "rows": len(events),
    }


def _relationships(events: Sequence[_Event], ids: Mapping[str, str], file: str) -> list[dict[str, Any]]:
    pairs: dict[frozenset[str], list[_Event]] = {}
    for event in events:
        pairs.setdefault(frozenset((event.first, event.second)), []).append(event)
    rows = []
    for of_pair in pairs.values():
        for spell in spells(of_pair):
            first = spell.events[0]
            a, b = sorted((ids[first.first], ids[first.second]))
            rows.append(
                {
                    "relationship_id": f"mmp-{first.id}", "group_a": a, "group_b": b,
                    "start_year": str(first.day[0]), "end_year": "" if spell.end is None else str(spell.end),
                    "relation": RELATIONS[first.type], **_made_of(spell.events, file),
                }
            )  # fmt: skip
    return sorted(rows, key=lambda row: row["line"])


def _lineage(events: Sequence[_Event], ids: Mapping[str, str], file: str) -> list[dict[str, Any]]:
    """Mergers and splits; rows of one pair, kind and year are one."""
    same: dict[tuple[str, ...], list[_Event]] = {}
    for event in events:
        if event.type in KIN:
            key = (ids[event.first], ids[event.second], str(event.day[0]), KIN[event.type])
            same.setdefault(key, []).append(event)
    names = ("from_id", "to_id", "year", "kind")
    return [dict(zip(names, key, strict=True)) | _made_of(found, file) for key, found in same.items()]


def _groups(
    key: pd.DataFrame, events: Sequence[_Event], ids: Mapping[str, str]
) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """Rows of the groups that an event names, and the rows of those that none does."""
    dated: dict[str, list[_Event]] = {}
    for event in events:
        for id_ in (event.first, event.second):
            dated.setdefault(id_, []).append(event)
    rows = []
    for row in key[key["group_id"].isin(dated)].to_dict("records"):
        of_group = dated[row["group_id"]]
        last = max(event.day for event in of_group)
        gone = any(e.type == "mer" and e.first == row["group_id"] and e.day == last for e in of_group)
        rows.append(
            {
                "group_id": ids[row["group_id"]], "name": mended(row["name"]), "aliases": "",
                "start_year": str(min(event.day for event in of_group)[0]),
                "end_year": str(last[0]) if gone else "", "end_type": "merged" if gone else "",
                "source_ids": OWN_SOURCE, "file": row["file"], "line": row["line"], "rows": 1,
            }
        )  # fmt: skip
    return rows, key[~key["group_id"].isin(dated)].reset_index(drop=True)


def _undated() -> Rule:
    return Rule(
        "undated",
        "group_id",
        lambda cells: each(cells, lambda c: False),
        lambda row: (
            f"no pair that can be used names {quote(mended(row['name']))}, so its years are not known",
            "add a pair that names it, or leave the group out",
        ),
    )


class MappingMilitantsReader:
    """Reads the folder (or a .zip) with both files of Mapping Militants; other files there are passed over."""

    name = "the folder of Mapping Militants with Militant-Group-Key.csv and Militant-Group-Relationships-clean.csv"

    def sniff(self, store: Store) -> bool:
        """Whether both files are there."""
        found = _files(store)
        return len(found) == 2 and store.main in ("", *found)

    def read(self, store: Store) -> Atlas:
        """Read both files.

        Raises
        ------
        DataError
            When one cannot be used at all.
        """
        names = _files(store)
        files = {name: store.read(name) for name in names}
        held = {name: data for name, data in files.items() if data is not None}
        for name in names:
            if name not in held:
                raise DataError(what="is missing", where=store.where(name), mend="add it: both files are needed")
        key_file, pair_file = names
        key = read_text_table(held[key_file], key_file, store.where(key_file))
        pairs = read_text_table(held[pair_file], pair_file, store.where(pair_file))
        _need(key, KEY_COLUMNS, store.where(key_file))
        _need(pairs, PAIR_COLUMNS, store.where(pair_file))
        passed = [name for name in store.names() if name not in names]
        return _atlas(key, pairs, slug(store), fingerprint(held), [] if store.main else passed)


def _files(store: Store) -> tuple[str, ...]:
    """Names of the file of groups and the file of pairs, as far as they are there."""
    csv = [name for name in store.names() if name.lower().endswith(".csv")]
    found = (next((name for name in csv if name.lower().startswith(start)), "") for start in (KEY, PAIRS))
    return tuple(name for name in found if name)


def _events(frame: pd.DataFrame) -> list[_Event]:
    columns = (frame[name] for name in ("line", *PAIR_COLUMNS))
    return [
        _Event(line, id_, type_, first, second, day(text) or (0, 0, 0), mended(description))
        for line, id_, type_, first, second, text, description in zip(*columns, strict=True)
    ]


def _atlas(key: Sheet, pairs: Sheet, slug_: str, hash_: str, passed: Sequence[str]) -> Atlas:
    groups, key_faults = _usable(key, _key_rules(), "group_id")
    usable, pair_faults = _usable(pairs, _pair_rules(frozenset(groups["group_id"]), key.file), "unique_id")
    events = _events(usable)
    ids = group_ids({id_: mended(name) for id_, name in zip(groups["group_id"], groups["name"], strict=True)})
    group_rows, undated = _groups(groups, events, ids)
    key_faults += validate(undated, (_undated(),))[0]
    ties, kin = _relationships(events, ids, pairs.file), _lineage(events, ids, pairs.file)
    years = [event.day[0] for event in events] or [NEWEST]
    named = {
        "relationship_id": "unique_id", "group_a": "group1_id", "group_b": "group2_id", "start_year": "date",
        "end_year": "date", "relation": "type", "note": "description",
    }  # fmt: skip
    dataset = Dataset(
        slug=slug_,
        title="Mapping Militants",
        version=f"read-{hash_}",
        citation=CITATION,
        licence="Not stated in the files; see the source",
        first_year=min(years),
        last_year=max(years),
        status="observed",
        disclaimer="Pairs of Stanford's Mapping Militants of July 2019 as Alliance Atlas reads them.",
        limits=LIMITS,
        ideologies=IDEOLOGIES,
        types=TYPES,
        kinds=KINDS,
        hash=hash_,
    )
    tables = {
        GROUPS: Table(
            key.file, contract_frame(group_rows, GROUP_COLUMNS), key.problems, key.read,
            columns={"group_id": "group_id", "name": "name"}, cells=key.frame,
        ),
        RELATIONSHIPS: Table(
            pairs.file, contract_frame(ties, RELATIONSHIP_COLUMNS), pairs.problems, pairs.read,
            columns=named, cells=pairs.frame,
        ),
        SOURCES: made_up([{"source_id": OWN_SOURCE, "citation": CITATION, "url": URL}], SOURCE_COLUMNS),
        LINEAGE: Table(
            pairs.file, contract_frame(kin, LINEAGE_COLUMNS),
            columns={"from_id": "group1_id", "to_id": "group2_id", "year": "date", "kind": "type"},
        ),
    }  # fmt: skip
    in_ties, in_kin = sum(row["rows"] for row in ties), sum(row["rows"] for row in kin)
    notes = [
        *key.notes, *pairs.notes,
        f"All {pairs.read:,} rows of {pairs.file} are accounted for: {in_ties:,} in {len(ties):,} relationships,"
        f" {in_kin:,} in {len(kin):,} mergers and splits, {pairs.read - in_ties - in_kin:,} set aside.",
        f"Types: {', '.join(f'{a} = {b}' for a, b in (RELATIONS | KIN).items())}; co-operation is not coded.",
        f"Coverage is that of the dates, {min(years)} to {max(years)}.",
        *([f"Other files there were passed over: {', '.join(map(quote, passed))}."] if passed else []),
    ]  # fmt: skip
    return build(dataset, tables, [*key_faults, *pair_faults], notes)
