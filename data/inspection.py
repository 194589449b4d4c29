"""What a path holds and what it would give: for a table of pairs, a mapping.toml that can be saved and corrected."""

from __future__ import annotations

from pathlib import Path

from data.errors import DataError, quote
from data.model import Atlas
from data.postgis import is_address
from data.readers import load, reader_of
from data.readers.mapping import COLUMNS, MAPPING, TableMapping, mapping_of, toml_text
from data.readers.pair_rules import kinds_of
from data.readers.pairs import read_pairs
from data.readers.roles import KEEP_OUT, ROLES, Found, Proposal, different, propose
from data.readers.sheets import Sheet
from data.readers.store import Store, open_store
from data.readers.table import table_of
from data.readers.tables import ENDINGS, ending, read_sheet
from data.vocabulary import KINDS
from data.words import count

NEEDED = ("group_a", "group_b", "year")
_HELP = {role.key: role.help for role in ROLES}


def inspect(path: str | Path) -> list[str]:
    """Lines that say what a path holds; those of a table without a mapping are a mapping.toml.

    Raises
    ------
    DataError
        When nothing there can be read.
    """
    if is_address(path):
        atlas = load(path)
        return ["Read from a database.", *gives(atlas), *atlas.report.summary()]
    found = _unmapped(Path(path))
    if found is not None:
        return _proposal(*found)
    reader, store = reader_of(path)
    atlas = reader.read(store)
    return [f"Read as {reader.name}.", *gives(atlas), *atlas.report.summary()]


def gives(atlas: Atlas) -> list[str]:
    """What is in an atlas, in words."""
    d, ties = atlas.dataset, atlas.relationships
    alliances, pairs = ties["cooperative"], len(set(ties["dyad"][ties["cooperative"]]))
    located = int(atlas.groups.geometry.notna().sum())
    return [
        f"{count(len(atlas.groups), 'group', 'groups')}, {located:,} located;"
        f" {count(len(ties), 'relationship', 'relationships')}, {int(alliances.sum()):,} co-operative ones of"
        f" {count(pairs, 'pair', 'pairs')}; {d.first_year} to {d.last_year}."
    ]


def _unmapped(path: Path) -> tuple[Store, str] | None:
    """Files and name of the table of a path where no mapping says what its columns are; None where there is none."""
    try:
        store = open_store(path)
    except (OSError, ValueError):
        return None  # what is wrong with the path is said by whoever reads it
    if store is None:
        return None
    if store.main:
        table = store.main if ending(store.main) in ENDINGS and table_of(store)[1] is None else ""
        return (store, table) if table and not _known(path) else None
    tables = [name for name in store.names() if ending(name) in ENDINGS]
    return (store, tables[0]) if len(tables) == 1 and MAPPING not in store.names() else None


def _known(path: Path) -> bool:
    """Whether a reader other than those of tables knows the file (one of the files of Mapping Militants, say)."""
    from data.readers.mgar import DyadYearReader
    from data.readers.table import TableReader

    return not isinstance(reader_of(path)[0], DyadYearReader | TableReader)


def _proposal(store: Store, table: str) -> list[str]:
    data = store.read(table)
    if data is None:
        raise DataError(what="is missing", where=store.where(table), mend="add it")
    sheet = read_sheet(data, table, store.where(table))
    proposal = propose(sheet)
    mapping = mapping_of(proposal)
    values = different(sheet, mapping.columns["kind"]) if "kind" in mapping.columns else []
    kinds = kinds_of(mapping, values)
    return [
        f"# Mapping proposed for {quote(table)}, {count(sheet.read, 'row', 'rows')}. Correct what is wrong, and save it"
        f" as {MAPPING} beside the file.",
        *(f"# {line}" for line in _outcome(store, table, mapping)),
        "",
        f"file = {toml_text(table)}",
        f"missing = [{', '.join(map(toml_text, mapping.missing))}]",
        "",
        "[columns]",
        *_columns(proposal),
        *_unused(sheet, proposal),
        *(["", "[types]", *(_line(t, f) for t, f in proposal.types.items())] if proposal.types else []),
        *(["", "[kinds]", *_kinds(values, kinds)] if values else []),
        "",
        "[dataset]",
        *(f"# {key} = \"...\"" for key in ("title", "version", "citation", "licence")),
    ]  # fmt: skip


def _outcome(store: Store, table: str, mapping: TableMapping) -> list[str]:
    """What the proposed mapping gives, or why it gives nothing yet."""
    try:
        atlas = read_pairs(store, table, mapping)
    except DataError as why:
        return [f"As it is it cannot be read: {why.what}."]
    return [
        "As it is it gives:",
        *gives(atlas),
        *atlas.report.rows(),
        *atlas.report.notes,
        *map(str, atlas.report.kinds()),
    ]


def _line(key: str, found: Found) -> str:
    return f"{key} = {toml_text(found.column)}  # {found.sureness.value}"


def _columns(proposal: Proposal) -> list[str]:
    """Entries of [columns]: what was found, and what is needed and was not."""
    lines = [_line(key, proposal.columns[key]) for key in COLUMNS if key in proposal.columns]
    years = {"year", "first_year"} & set(proposal.columns)
    lacking = [key for key in NEEDED if key not in proposal.columns and not (key == "year" and years)]
    return [
        *lines,
        *(f'# {key} = "?"  # needed: {_HELP[key.removesuffix("_a").removesuffix("_b")]}' for key in lacking),
    ]


def _unused(sheet: Sheet, proposal: Proposal) -> list[str]:
    taken = {found.column for found in (*proposal.columns.values(), *proposal.types.values())}
    return [f"# not used: column {quote(name)}" for name in sheet.names if name not in taken]


def _kinds(values: list[str], kinds: dict[str, str]) -> list[str]:
    listed = ", ".join(kind.id for kind in KINDS)
    return [
        f"{toml_text(value)} = {toml_text(kinds[value])}"
        if value in kinds
        else f'# {toml_text(value)} = "?"  # not known: write one of {listed}, or "{KEEP_OUT}"'
        for value in values
    ]
