"""The native format: a folder of ``dataset.toml`` and CSV files (see data/bundled/curated/README.md)."""

from __future__ import annotations

import os
import re
from pathlib import Path

from data.contract import Table, build, fingerprint
from data.errors import DataError, quote
from data.model import Atlas
from data.readers.files import decode, empty_table, read_bytes, read_table
from data.readers.header import read_header
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
    """Reads the native folder."""

    name = f"a folder with {HEADER}, {GROUPS}, {RELATIONSHIPS} and {SOURCES}"

    def sniff(self, path: Path) -> bool:
        """Whether the path is a folder with a ``dataset.toml``, or with both main tables."""
        there = {name for name in (HEADER, GROUPS, RELATIONSHIPS) if os.path.lexists(path / name)}
        return path.is_dir() and (HEADER in there or there == {GROUPS, RELATIONSHIPS})

    def read(self, path: Path) -> Atlas:
        """Read the folder.

        Raises
        ------
        DataError
            When a file is missing or cannot be used at all.
        """
        files = {name: read_bytes(path, name) for name in (HEADER, *TABLES)}
        for name, data in files.items():
            if data is None and name not in OPTIONAL:
                raise DataError(what="is missing", where=str(path / name), mend=f"add it: the format is {self.name}")
        held = {name: data for name, data in files.items() if data is not None}
        where = str(path / HEADER)
        dataset, problems = read_header(decode(held[HEADER], where), where, _slug(path), fingerprint(held))
        tables: dict[str, Table] = {
            name: read_table(held[name], path / name, columns) if name in held else empty_table(name, columns)
            for name, columns in TABLES.items()
        }
        return build(dataset, tables, problems)


def _slug(path: Path) -> str:
    """Name of the folder, as an address can hold it."""
    name = path.resolve().name
    slug = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.")
    if not slug:
        raise DataError(
            what=f"the folder's name {quote(name)} cannot stand in an address", where=str(path),
            mend="rename it: letters, digits, '-', '_' and '.'",
        )  # fmt: skip
    return slug
