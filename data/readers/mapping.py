"""``mapping.toml``: what the columns and values of a table stand for, settled by a person.

All of it is optional but the columns of both groups and of the years::

    file = "pairs.csv"                  # the table; needed only where the folder is given
    sheet = "Sheet1"                    # of an Excel file; layer of a GeoPackage
    missing = ["NA", "."]               # words for a missing value, besides the empty cell
    states = ["state"]                  # values of actor_a and actor_b that mean a state
    directed = false                    # true: group_a of a row gives to group_b

    [columns]                           # roles as in roles.py
    group_a = "side1"
    group_b = "side2"
    year = "year"
    kind = "relationship"

    [types]                             # co-operation types coded by 0 and 1
    material = "material_support"

    [kinds]                             # values of kind: a kind of the atlas, or "keep out"
    "Allies" = "ally"

    [ideologies]                        # values of ideology: ids, several separated by |
    "Left" = "leftist"

    [groups]                            # a file of groups beside the table
    file = "groups.csv"
    id = "group"

    [dataset]                           # what dataset.toml of the native format says
    title = "..."
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from data.errors import DataError, quote
from data.model import Term
from data.readers.header import Toml
from data.readers.roles import GROUP_ROLES, KEEP_OUT, MISSING, ROLES, Proposal
from data.readers.sheets import Sheet
from data.vocabulary import FIRST_YEAR, KINDS, LAST_YEAR, STATUSES

MAPPING = "mapping.toml"
DATASET_TEXTS = ("title", "version", "citation", "licence", "disclaimer", "status")
DATASET_YEARS = ("first_year", "last_year")
KEYS = (
    "file",
    "sheet",
    "missing",
    "states",
    "directed",
    "columns",
    "types",
    "kinds",
    "ideologies",
    "groups",
    "dataset",
)

COLUMNS = tuple(key for role in ROLES for key in ((f"{role.key}_a", f"{role.key}_b") if role.sided else (role.key,)))
"""Keys of [columns]."""
GROUP_KEYS = ("file", "sheet", *(role.key for role in GROUP_ROLES))
"""Keys of [groups]."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")


@dataclass(frozen=True)
class TableMapping:
    """What a mapping.toml says; see the module. ``groups`` has the columns of the file of groups by role."""

    columns: Mapping[str, str]
    types: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    ideologies: Mapping[str, str] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    missing: tuple[str, ...] = MISSING
    directed: bool = False
    file: str = ""
    sheet: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    dataset: Mapping[str, str | int] = field(default_factory=dict)
    settled: bool = True
    """Whether a person wrote it; else it was found by name and content."""


def _table(toml: Toml, key: str) -> dict[str, Any]:
    value = toml.table.get(key, {})
    if not isinstance(value, dict):
        raise toml.fail(key, "is not a table", f"write [{key}] on a line of its own, and its entries below")
    return value


def _text(toml: Toml, table: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise toml.fail(key, f"{quote(value)} of {table or 'the file'} is not a text", f'write {key} = "..."')
    return value.strip()


def _texts(toml: Toml, table: str, allowed: Sequence[str] = ()) -> dict[str, str]:
    out = {}
    for key, value in _table(toml, table).items():
        if allowed and key not in allowed:
            raise _unknown(toml, f"[{table}]", key, allowed)
        out[key] = _text(toml, f"[{table}]", key, value)
    return out


def _unknown(toml: Toml, table: str, key: str, allowed: Sequence[str]) -> DataError:
    near = get_close_matches(key, allowed, 1)
    mend = f"write {near[0]}" if near else "use one of " + ", ".join(allowed)
    return toml.fail(key, f"{quote(key)} is not known in {table}", mend)


def _list(toml: Toml, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = toml.table.get(key)
    if value is None:
        return default
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise toml.fail(key, "is not a list of texts", f'write {key} = ["...", "..."]')
    return tuple(value)


def _dataset(toml: Toml) -> dict[str, str | int]:
    out: dict[str, str | int] = {}
    for key, value in _table(toml, "dataset").items():
        if key in DATASET_YEARS:
            if type(value) is not int or not FIRST_YEAR <= value <= LAST_YEAR:
                raise toml.fail(key, f"{quote(value)} is not a year", f"write {key} = 1945, without quotes")
            out[key] = value
        elif key in DATASET_TEXTS:
            out[key] = _text(toml, "[dataset]", key, value)
        else:
            raise _unknown(toml, "[dataset]", key, (*DATASET_TEXTS, *DATASET_YEARS))
    if out.get("status", "observed") not in STATUSES:
        raise toml.fail("status", f"{quote(out['status'])} is not known", "write one of " + ", ".join(STATUSES))
    return out


def read_mapping(text: str, where: str) -> TableMapping:
    """Read a mapping.toml.

    Raises
    ------
    DataError
        When it is not TOML, or says something that is not known; with its line.
    """
    toml = Toml(text, where, MAPPING)
    for key in toml.table:
        if key not in KEYS:
            raise _unknown(toml, MAPPING, key, KEYS)
    kinds = _texts(toml, "kinds")
    for value, kind in kinds.items():
        if kind not in (*(term.id for term in KINDS), KEEP_OUT):
            raise toml.fail(
                value, f"{quote(kind)} is no kind",
                "write one of " + ", ".join(term.id for term in KINDS) + f', or "{KEEP_OUT}"',
            )  # fmt: skip
    ideologies = _texts(toml, "ideologies")
    types = _texts(toml, "types")
    for key, ids in (*ideologies.items(), *((key, key) for key in types)):
        if not all(_ID.fullmatch(id_.strip()) for id_ in ids.split("|")):
            raise toml.fail(key, f"{quote(ids)} is not usable as an id", "letters, digits, '-', '_' and '.'")
    directed = toml.table.get("directed", False)
    if not isinstance(directed, bool):
        raise toml.fail("directed", f"is {quote(directed)}", "write directed = true or false")
    return TableMapping(
        columns=_texts(toml, "columns", COLUMNS),
        types=types,
        kinds=kinds,
        ideologies=ideologies,
        states=_list(toml, "states", ()),
        missing=_list(toml, "missing", MISSING),
        directed=directed,
        file=_text(toml, "", "file", toml.table["file"]) if "file" in toml.table else "",
        sheet=_text(toml, "", "sheet", toml.table["sheet"]) if "sheet" in toml.table else "",
        groups=_texts(toml, "groups", GROUP_KEYS),
        dataset=_dataset(toml),
    )


def hold(mapping: TableMapping, sheet: Sheet, where: str) -> None:
    """Hold a mapping against the table that it is for.

    Raises
    ------
    DataError
        When a column that it names is not there, or the groups or years are not named.
    """
    for key, column in {**mapping.columns, **mapping.types}.items():
        if column not in sheet.names:
            near = get_close_matches(column, sheet.names, 1)
            raise DataError(
                what=f"{key} is column {quote(column)}, which {sheet.file} does not have",
                where=where,
                mend=f"write {quote(near[0])}" if near else "name one of " + ", ".join(map(quote, sheet.names[:40])),
            )
    has = mapping.columns
    missing = [key for key in ("group_a", "group_b") if key not in has]
    if missing or not {"year", "first_year"} & set(has):
        what = " and ".join([*missing, *([] if {"year", "first_year"} & set(has) else ["year (or first_year)"])])
        raise DataError(
            what=f"no column of {sheet.file} is known to be {what}",
            where=where,
            mend=f"python app.py inspect {sheet.file} proposes a mapping: save it as {MAPPING} beside the file, and"
            " name them there under [columns]",
        )


def mapping_of(proposal: Proposal) -> TableMapping:
    """Return a proposal as the mapping that it is."""
    return TableMapping(
        {role: found.column for role, found in proposal.columns.items()},
        {type_: found.column for type_, found in proposal.types.items()},
        settled=False,
    )


def toml_text(text: str) -> str:
    """Text as TOML writes it, in double quotes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def term(value: str, known: Sequence[Term]) -> str:
    """Id of the term whose id or label a value is, in any case; empty where there is none."""
    bare = re.sub(r"[^a-z0-9]+", "", value.lower())
    for entry in known:
        if bare in (re.sub(r"[^a-z0-9]+", "", text.lower()) for text in (entry.id, entry.label)):
            return entry.id
    return ""
