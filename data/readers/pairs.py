"""From a table of pairs and a mapping of its columns to an atlas: what ``mgar.py`` and ``table.py`` share.

A row is a pair of groups in one year (dyad-year) or over a spell of years. Both orders of a pair are one
dyad. Dyad-years that follow each other and agree in kind, content, direction and confidence become one spell;
a gap starts a new one.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.contract import Table, build, fingerprint
from data.errors import DataError, quote
from data.model import Atlas, Dataset, Limit, Problem, Severity, Term
from data.readers.derived import OWN_SOURCE, contract_frame, group_ids, made_up, slug_of
from data.readers.facts import FACTS, Facts, Group, ideologies_of, parts
from data.readers.mapping import MAPPING, TableMapping, hold
from data.readers.pair_rules import KEY_A, KEY_B, kinds_of, pair_rules
from data.readers.roles import date_year, flag, propose_groups
from data.readers.sheets import Sheet, mended
from data.readers.spells import Key, Tie, cooperation, spells
from data.readers.store import Store, slug
from data.readers.tables import read_sheet
from data.schema import GROUPS, LINEAGE, RELATIONSHIPS, SOURCES, validate
from data.vocabulary import (
    GROUP_COLUMNS,
    KINDS,
    LINEAGE_COLUMNS,
    RELATIONSHIP_COLUMNS,
    SOURCE_COLUMNS,
    TYPES,
)

ASSUMED_KIND = "associate"
"""Kind of every relationship of a table that has no column for it."""

_TURNED = {"a_to_b": "b_to_a", "b_to_a": "a_to_b", "mutual": "mutual", "": ""}


def _keys(frame: pd.DataFrame, mapping: TableMapping, side: str) -> list[str]:
    """Key of the group of one side of each row: its id where there is one, else the slug of its name."""
    names = frame[mapping.columns[f"group_{side}"]]
    if f"id_{side}" in mapping.columns:
        ids = frame[mapping.columns[f"id_{side}"]]
        return [
            slug_of(id_) if id_ else slug_of(mended(name)) if name else "" for id_, name in zip(ids, names, strict=True)
        ]
    return [slug_of(mended(name)) if name else "" for name in names]


def _named(frame: pd.DataFrame, mapping: TableMapping) -> tuple[dict[str, Group], list[Problem]]:
    """Groups of the usable rows by key, with the facts that stand in the table itself, and where these disagree."""
    groups: dict[str, Group] = {}
    problems = []
    for side, key_column in (("a", KEY_A), ("b", KEY_B)):
        facts = [(fact, mapping.columns[f"{fact}_{side}"]) for fact in FACTS if f"{fact}_{side}" in mapping.columns]
        for row in frame.to_dict("records"):
            name = mended(row[mapping.columns[f"group_{side}"]])
            group = groups.setdefault(row[key_column], Group(name, row["file"], row["line"]))
            group.spellings.setdefault(name)
            for fact, column in facts:
                if row[column] and (kept := group.facts.setdefault(fact, row[column])) != row[column]:
                    problems.append(
                        Problem(
                            row["file"], row["line"], column, row[column], "disagrees",
                            f"{quote(row[column])} is not what an earlier row says of {quote(name)}, {quote(kept)},"
                            " which is kept",
                            "say one thing of a group in all rows", Severity.WARNING,
                        )
                    )  # fmt: skip
    return groups, problems


def _group_file(store: Store, mapping: TableMapping) -> tuple[Sheet, dict[str, str]] | None:
    """Return the file of groups and the columns of its roles, None where the mapping names none."""
    name = mapping.groups.get("file")
    if not name:
        return None
    data = store.read(name)
    if data is None:
        raise DataError(
            what="is missing, but stands under [groups]", where=store.where(name), mend=f"add it, or correct {MAPPING}"
        )
    sheet = read_sheet(data, name, store.where(name), mapping.groups.get("sheet", ""))
    given = {role: column for role, column in mapping.groups.items() if role not in ("file", "sheet")}
    missing = [column for column in given.values() if column not in sheet.names]
    if missing:
        raise DataError(
            what=f"column {quote(missing[0])} of [groups] is not in {name}", where=store.where(MAPPING),
            mend="name one of " + ", ".join(map(quote, sheet.names[:40])),
        )  # fmt: skip
    columns = {role: found.column for role, found in propose_groups(sheet).items()} | given
    if not {"id", "name"} & set(columns):
        raise DataError(
            what=f"no column of {name} is known to name the groups", where=store.where(name),
            mend=f"write id = or name = under [groups] of {MAPPING}",
        )  # fmt: skip
    return sheet, columns


def _listed(sheet: Sheet, columns: Mapping[str, str], missing: frozenset[str]) -> list[tuple[str, Group]]:
    """Groups of a file of groups with their keys, one a row."""
    out = []
    for row in sheet.frame.to_dict("records"):
        cells = {role: "" if row[column] in missing else row[column] for role, column in columns.items()}
        id_, name = cells.pop("id", ""), mended(cells.pop("name", ""))
        facts = {fact: cell for fact, cell in cells.items() if cell}
        out.append(
            (slug_of(id_ or name) if id_ or name else "", Group(name or id_, row["file"], row["line"], 1, facts))
        )
    return out


def _ties(
    frame: pd.DataFrame, mapping: TableMapping, kinds: Mapping[str, str], ids: Mapping[str, str]
) -> dict[Key, list[Tie]]:
    """Relationships by pair and kind: years joined to spells, rows that say the same folded."""
    has = mapping.columns
    same: dict[tuple[Key, int, int | None], Tie] = {}
    for row in frame.to_dict("records"):
        a, b = ids[row[KEY_A]], ids[row[KEY_B]]
        swap = a > b
        first = date_year(row[has.get("year", has.get("first_year", ""))]) or 0
        last = first if "year" in has else date_year(row[has["last_year"]]) if "last_year" in has else None
        direction = row[has["direction"]] if "direction" in has else "a_to_b" if mapping.directed else ""
        tie = Tie(
            first, last,
            tuple(flag(row[column]) for column in mapping.types.values()),
            _TURNED[direction] if swap else direction,
            row[has["confidence"]] if "confidence" in has else "",
            [row["line"]],
            [mended(row[has["note"]])] if "note" in has else [],
            parts(row[has["source"]]) if "source" in has else [],
        )  # fmt: skip
        key = ((b, a) if swap else (a, b)) + (kinds[row[has["kind"]]] if "kind" in has else ASSUMED_KIND,)
        known = same.setdefault((key, first, last), tie)
        if known is not tie:
            known.take(tie)
    out: dict[Key, list[Tie]] = {}
    for (key, _, _), tie in same.items():
        out.setdefault(key, []).append(tie)
    return {key: spells(ties) for key, ties in out.items()} if "year" in has else out


def _tie_rows(
    ties: Mapping[Key, Sequence[Tie]],
    types: Sequence[str],
    file: str,
    open_year: int | None,
    sources: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Rows of relationships.csv; spells that reach ``open_year`` are left open."""
    cooperative = {kind.id for kind in KINDS if kind.flag}
    rows, taken = [], set()
    for (a, b, kind), of_pair in sorted(ties.items(), key=lambda item: min(t.lines[0] for t in item[1])):
        for tie in of_pair:
            id_ = f"{a}--{b}--{tie.first}"
            numbered = (f"{id_}-{kind}-{n}" for n in itertools.count(2))
            id_ = next(i for i in itertools.chain((id_, f"{id_}-{kind}"), numbered) if i not in taken)
            taken.add(id_)
            rows.append(
                {
                    "relationship_id": id_, "group_a": a, "group_b": b, "start_year": str(tie.first),
                    "end_year": "" if tie.last is None or tie.last == open_year else str(tie.last),
                    "relation": kind, "cooperation": cooperation(tie.coding, types) if kind in cooperative else "",
                    "direction": tie.direction, "confidence": tie.confidence,
                    "note": "; ".join(dict.fromkeys(note for note in tie.notes if note)),
                    "source_ids": "|".join(dict.fromkeys([*(sources[s] for s in tie.sources), OWN_SOURCE])),
                    "file": file, "line": min(tie.lines), "rows": len(tie.lines),
                    "lines": tuple(sorted(tie.lines)[1:]),
                }
            )  # fmt: skip
    return rows


def _lives(ties: Mapping[Key, Sequence[Tie]], last_year: int) -> dict[str, tuple[int, int]]:
    """First and last year of the relationships of each group; an open one runs to the end of coverage."""
    out: dict[str, tuple[int, int]] = {}
    for (a, b, _), of_pair in ties.items():
        first = min(tie.first for tie in of_pair)
        last = max(last_year if tie.last is None else tie.last for tie in of_pair)
        for id_ in (a, b):
            known = out.get(id_, (first, last))
            out[id_] = min(first, known[0]), max(last, known[1])
    return out


def _limits(mapping: TableMapping, derived: int, placed: int, groups: int) -> tuple[Limit, ...]:
    """What had to be assumed, as limits of the dataset."""
    out = []
    if "kind" not in mapping.columns:
        out.append(
            Limit("Kinds are assumed", f"The file has no kind of relationship: all are taken as {ASSUMED_KIND}.")
        )
    if derived:
        out.append(
            Limit(
                "First and last years of groups are taken from their relationships",
                f"Of {derived:,} of {groups:,} groups the file states no first or last year: they are taken to"
                " live from their first relationship to their last, so nothing can be said of how long groups last.",
                "unallied",
            )
        )
    if placed:
        out.append(
            Limit(
                "Groups placed at their country",
                f"Of {placed:,} of {groups:,} groups only the country is known: they stand at one point inside it, and"
                " reach between them is that between these points.",
            )
        )
    return tuple(out)


def read_pairs(store: Store, name: str, mapping: TableMapping, found: Sequence[str] = ()) -> Atlas:
    """Read a table of pairs.

    Parameters
    ----------
    store
        The files.
    name
        Name of the table among them.
    mapping
        What its columns and values stand for.
    found
        Notes on how the mapping was found.

    Raises
    ------
    DataError
        When the table or the mapping cannot be used at all.
    """
    data = store.read(name)
    if data is None:
        raise DataError(what="is missing", where=store.where(name), mend="add it, or correct file in " + MAPPING)
    sheet = read_sheet(data, name, store.where(name), mapping.sheet)
    hold(mapping, sheet, store.where(MAPPING if mapping.settled else name))
    used = [column for key, column in mapping.columns.items()] + list(mapping.types.values())
    missing = frozenset(mapping.missing)
    frame = sheet.frame.assign(
        **{c: sheet.frame[c].mask(sheet.frame[c].isin(missing), "") for c in dict.fromkeys(used)}
    )
    frame[KEY_A], frame[KEY_B] = _keys(frame, mapping, "a"), _keys(frame, mapping, "b")
    kinds = kinds_of(mapping, list(frame[mapping.columns["kind"]].unique())) if "kind" in mapping.columns else {}
    faults, usable = validate(frame, pair_rules(mapping, kinds))
    rows = frame[usable].reset_index(drop=True)
    group_file = _group_file(store, mapping)
    held = {name: data, **({MAPPING: _bytes(store)} if mapping.settled else {})}
    if group_file:
        held[group_file[0].file] = store.read(group_file[0].file) or b""
    return _Reading(sheet, mapping, rows, kinds, group_file, slug(store), fingerprint(held)).atlas(faults, found)


def _bytes(store: Store) -> bytes:
    return store.read(f"{store.main}.{MAPPING}") or store.read(MAPPING) or b""


@dataclass
class _Reading:
    """One table, its mapping and usable rows, on the way to an atlas."""

    sheet: Sheet
    mapping: TableMapping
    rows: pd.DataFrame
    kinds: Mapping[str, str]
    group_file: tuple[Sheet, dict[str, str]] | None
    slug: str
    hash: str

    def atlas(self, faults: Sequence[Problem], found: Sequence[str]) -> Atlas:
        """Make the tables of the contract, and the atlas of them."""
        mapping, sheet = self.mapping, self.sheet
        groups, disagreeing = _named(self.rows, mapping)
        listed = _listed(*self.group_file, frozenset(mapping.missing)) if self.group_file else []
        for key, group in listed:
            if key in groups:
                group.facts = {**groups[key].facts, **group.facts}
        ids = group_ids(_names(listed, groups))
        ties = _ties(self.rows, mapping, self.kinds, ids)
        first_year, last_year = self._coverage(ties)
        citations = dict.fromkeys(s for of_pair in ties.values() for tie in of_pair for s in tie.sources)
        sources = {text: f"source-{n}" for n, text in enumerate(citations, 1)}
        tie_rows = _tie_rows(
            ties, list(mapping.types), sheet.file, last_year if "year" in mapping.columns else None, sources
        )
        group_rows, turned, derived, ideologies = self._groups(groups, listed, ids, _lives(ties, last_year), last_year)
        partly = sum(
            True not in t.coding and None in t.coding and False in t.coding for of in ties.values() for t in of
        )
        dataset = self._dataset(
            ideologies, first_year, last_year, _limits(mapping, derived, turned.placed, len(group_rows))
        )
        notes = [
            *sheet.notes,
            *(self.group_file[0].notes if self.group_file else ()),
            *found,
            *self._notes(len(tie_rows), derived, turned.placed, partly),
        ]
        cite = {"source_id": OWN_SOURCE, "citation": dataset.citation}
        tables = {
            GROUPS: self._group_table(group_rows),
            RELATIONSHIPS: Table(
                sheet.file, contract_frame(tie_rows, RELATIONSHIP_COLUMNS), sheet.problems, sheet.read,
                columns=self._columns(), cells=sheet.frame, also={row["line"]: row["lines"] for row in tie_rows},
            ),
            SOURCES: made_up(
                [cite, *({"source_id": id_, "citation": text} for text, id_ in sources.items())], SOURCE_COLUMNS
            ),
            LINEAGE: made_up([], LINEAGE_COLUMNS),
        }  # fmt: skip
        return build(dataset, tables, [*faults, *disagreeing, *turned.problems], notes)

    def _coverage(self, ties: Mapping[Key, Sequence[Tie]]) -> tuple[int, int]:
        years = [y for of_pair in ties.values() for t in of_pair for y in (t.first, t.last) if y is not None]
        first, last = min(years, default=2000), max(years, default=2000)  # of no year at all any will do
        own = self.mapping.dataset
        return int(own.get("first_year", first)), int(own.get("last_year", last))

    def _columns(self) -> dict[str, str]:
        has = self.mapping.columns
        first = has.get("year") or has["first_year"]
        named = {"start_year": first, "end_year": has.get("last_year", first), "relation": has.get("kind", "")}
        return named | {key: has.get(key, "") for key in ("group_a", "group_b", "direction", "confidence", "note")}

    def _groups(
        self,
        groups: Mapping[str, Group],
        listed: Sequence[tuple[str, Group]],
        ids: Mapping[str, str],
        lives: Mapping[str, tuple[int, int]],
        last_year: int,
    ) -> tuple[list[dict[str, Any]], Facts, int, tuple[Term, ...]]:
        """Rows of groups.csv: those of the file of groups, then those that only the table names."""
        there = {key for key, _ in listed}
        every = [*listed, *((key, group) for key, group in groups.items() if key not in there)]
        values = dict.fromkeys(part for _, group in every for part in parts(group.facts.get("ideology", "")))
        known, ideologies = ideologies_of(list(values), self.mapping.ideologies)
        columns = self.group_file[1] if self.group_file else {f: self.mapping.columns.get(f"{f}_a", "") for f in FACTS}
        facts = Facts(known, columns)
        rows, derived = [], 0
        for key, group in every:
            id_ = ids.get(key, "")
            cells = facts.cells(group)
            if id_ in lives and not cells["start_year"]:
                first, last = lives[id_]
                derived += 1
                cells["start_year"] = str(first)
                cells["end_year"] = cells["end_year"] or ("" if last >= last_year else str(last))
            rows.append({"group_id": id_, **cells, "file": group.file, "line": group.line, "rows": group.rows})
        return rows, facts, derived, ideologies

    def _group_table(self, rows: Sequence[Mapping[str, Any]]) -> Table:
        frame = contract_frame(rows, GROUP_COLUMNS)
        if not self.group_file:
            has = self.mapping.columns
            named = {"group_id": has["group_a"], "name": has["group_a"], "lat": "lat_a", "lon": "lon_a"}
            return Table(
                "", frame, columns={k: has.get(v, v if k in ("group_id", "name") else "") for k, v in named.items()}
            )
        sheet, roles = self.group_file
        named = {
            "group_id": roles.get("id") or roles["name"], "name": roles.get("name", ""), "lat": roles.get("lat", ""),
            "lon": roles.get("lon", ""), "start_year": roles.get("born", ""), "end_year": roles.get("died", ""),
            "base_country": roles.get("country", ""),
        }  # fmt: skip
        return Table(sheet.file, frame, sheet.problems, sheet.read, columns=named, cells=sheet.frame)

    def _dataset(self, ideologies: tuple[Term, ...], first: int, last: int, limits: tuple[Limit, ...]) -> Dataset:
        own = {key: str(value) for key, value in self.mapping.dataset.items()}
        types = self.mapping.types
        known = {t.id: t for t in TYPES}
        return Dataset(
            slug=self.slug,
            title=own.get("title", self.slug),
            version=own.get("version", f"read-{self.hash}"),
            citation=own.get("citation", f"{self.sheet.file}, as given; its source is not stated"),
            licence=own.get("licence", "Not stated; ask whoever made the data"),
            first_year=first,
            last_year=last,
            status=own.get("status", "observed"),
            disclaimer=own.get("disclaimer", ""),
            limits=limits,
            ideologies=ideologies,
            types=tuple(known.get(id_, Term(id_, id_.replace("_", " ").capitalize(), flag=True)) for id_ in types)
            or TYPES,
            kinds=KINDS,
            hash=self.hash,
        )

    def _notes(self, spells_: int, derived: int, placed: int, partly: int) -> list[str]:
        has, rows = self.mapping.columns, len(self.rows)
        unit = "dyad-years" if "year" in has else "relationships"
        dates = [has[k] for k in ("year", "first_year", "last_year") if k in has]
        cut = sum(int(self.rows[c].str.contains(r"\d[-/]\d", regex=True).sum()) for c in dates)
        said = [
            (True, f"{rows:,} rows of {unit} became {spells_:,} relationships; both orders of a pair are one."),
            ("kind" not in has, f"No column has the kind of relationship: all are assumed to be {ASSUMED_KIND}."),
            (not self.mapping.types, "No column codes types of co-operation: all are not coded."),
            (partly, f"{partly:,} relationships are coded for some types and have none of these: taken as not coded."),
            (derived, f"{derived:,} groups have no first year in the file: they live as long as their relationships."),
            (placed, f"{placed:,} groups are placed at a point inside their country (precision = country)."),
            (cut, f"{cut:,} dates were read for their year."),
        ]  # fmt: skip
        return [text for holds, text in said if holds]


def _names(listed: Sequence[tuple[str, Group]], groups: Mapping[str, Group]) -> dict[Any, str]:
    """Name of each group by key; that of the file of groups goes first, and the first of several."""
    out: dict[Any, str] = {}
    for key, group in [*listed, *groups.items()]:
        if key:
            out.setdefault(key, group.name)
    return out
