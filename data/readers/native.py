"""The native format: a folder of ``dataset.toml`` and CSV files (see data/bundled/curated/README.md)."""

from __future__ import annotations

import os

from data.contract import Table, build, fingerprint
from data.errors import DataError
from data.model import Atlas
from data.readers.files import decode, empty_table, read_table
from data.readers.header import read_header
from data.readers.store import Folder, Store, slug
from data.schema import GROUPS, HEADER, LINEAGE, RELATIONSHIPS, SOURCES
from data.vocabulary import GROUP_COLUMNS, LINEAGE_COLUMNS, RELATIONSHIP_COLUMNS, SOURCE_COLUMNS

TABLES = {
    GROUPS: GROUP_COLUMNS,
    RELATIONSHIPS: RELATIONSHIP_COLUMNS,
    SOURCES: SOURCE_COLUMNS,
    LINEAGE: LINEAGE_COLUMNS,
}
OPTIONAL = frozenset({LINEAGE})


class NativeReader:
    """Reads the native folder, or a .zip of it."""

    name = f"a folder with {HEADER}, {GROUPS}, {RELATIONSHIPS} and {SOURCES} (or a .zip of it)"

    def sniff(self, store: Store) -> bool:
        """Whether there is a ``dataset.toml``, or both main tables."""
        there = {name for name in (HEADER, GROUPS, RELATIONSHIPS) if name in store.names() or _dangles(store, name)}
        return not store.main and (HEADER in there or there == {GROUPS, RELATIONSHIPS})

    def read(self, store: Store) -> Atlas:
        """Read the dataset.

        Raises
        ------
        DataError
            When a file is missing or cannot be used at all.
        """
        files = {name: store.read(name) for name in (HEADER, *TABLES)}
        for name, data in files.items():
            if data is None and name not in OPTIONAL:
                raise DataError(what="is missing", where=store.where(name), mend=f"add it: the format is {self.name}")
        held = {name: data for name, data in files.items() if data is not None}
        where = store.where(HEADER)
        dataset, problems = read_header(decode(held[HEADER], where), where, slug(store), fingerprint(held))
        tables: dict[str, Table] = {
            name: read_table(held[name], name, store.where(name), columns)
            if name in held
            else empty_table(name, columns)
            for name, columns in TABLES.items()
        }
        return build(dataset, tables, problems)


def _dangles(store: Store, name: str) -> bool:
    """Whether a folder has something of that name that is no plain file: reading it says what is wrong."""
    return isinstance(store, Folder) and os.path.lexists(store.where(name))
