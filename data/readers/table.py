"""Any table of pairs of groups, with a mapping.toml beside it that says what its columns stand for."""

from __future__ import annotations

from data.errors import DataError
from data.model import Atlas
from data.readers.files import decode
from data.readers.mapping import MAPPING, TableMapping, read_mapping
from data.readers.pairs import read_pairs
from data.readers.store import Store
from data.readers.tables import ENDINGS, ending


def table_of(store: Store) -> tuple[str, TableMapping | None]:
    """Name of the table behind a path, and the mapping beside it, if there is one.

    For a file named pairs.csv that is pairs.csv.mapping.toml, else mapping.toml unless it names another
    file; for a folder the table is the one that its mapping.toml names.

    Raises
    ------
    DataError
        When the mapping cannot be used.
    """
    own = f"{store.main}.{MAPPING}"
    for name in (own, MAPPING) if store.main else (MAPPING,):
        data = store.read(name)
        if data is None:
            continue
        where = store.where(name)
        mapping = read_mapping(decode(data, where), where)
        if store.main and (name == own or mapping.file in ("", store.main)):
            return store.main, mapping
        if not store.main:
            if not mapping.file:
                raise DataError(what="does not name its table", where=where, mend='add file = "..." at its top')
            return mapping.file, mapping
    return store.main, None


class TableReader:
    """Reads a table of pairs as its mapping says."""

    name = f"a table of pairs ({', '.join(ENDINGS)}) with a {MAPPING} beside it"

    def sniff(self, store: Store) -> bool:
        """Whether the path is a table file, or a folder with a mapping."""
        return ending(store.main) in ENDINGS or (not store.main and MAPPING in store.names())

    def read(self, store: Store) -> Atlas:
        """Read the table.

        Raises
        ------
        DataError
            When there is no mapping, or table or mapping cannot be used at all.
        """
        name, mapping = table_of(store)
        if mapping is None:
            raise DataError(
                what="nothing says what its columns stand for, and they are not those of a table of dyad-years",
                where=store.where(name),
                mend=f"python app.py inspect {name} > {MAPPING} proposes it; correct it, and keep it beside the file",
            )
        return read_pairs(store, name, mapping)
