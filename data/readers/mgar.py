"""Tables of dyad-years such as those of Militant Group Alliances and Relationships (MGAR): no mapping needed.

The project has never seen an MGAR file: its column names are not known. So the columns are found by
documented words and by content (``roles.py``), the report says what was taken for what, and a mapping.toml
beside the file settles it (then ``table.py`` reads it).
"""

from __future__ import annotations

from data.errors import DataError, quote
from data.model import Atlas
from data.readers.mapping import MAPPING, mapping_of
from data.readers.pair_rules import kinds_of
from data.readers.pairs import read_pairs
from data.readers.roles import Proposal, different, propose
from data.readers.sheets import Sheet
from data.readers.store import Store
from data.readers.table import table_of
from data.readers.tables import read_sheet

ENDINGS = (".csv", ".tab", ".tsv", ".dta", ".xlsx")


def proposed(store: Store) -> tuple[Sheet, Proposal] | None:
    """Return the table of a path without a mapping, and what its columns seem to be; None where there is none."""
    if not store.main.lower().endswith(ENDINGS) or table_of(store)[1]:
        return None
    data = store.read(store.main)
    if data is None:
        return None
    sheet = read_sheet(data, store.main, store.where(store.main))
    return sheet, propose(sheet)


class DyadYearReader:
    """Reads a table with a row for each pair of groups and year, its columns found by name and content."""

    name = (
        "a table of dyad-years (.csv, .tab, .dta, .xlsx) with both groups, the year, and kind or types of co-operation"
    )

    def sniff(self, store: Store) -> bool:
        """Whether the columns of a dyad-year table are found, and nothing beside the file says what they are."""
        try:
            found = proposed(store)
        except DataError:  # the reader of tables says what is wrong with the file
            return False
        return found is not None and found[1].dyad_years

    def read(self, store: Store) -> Atlas:
        """Read the table.

        Raises
        ------
        DataError
            When it cannot be read, or its kinds are codes whose meaning nobody states.
        """
        found = proposed(store)
        assert found is not None  # noqa: S101 - sniff said so
        sheet, proposal = found
        mapping = mapping_of(proposal)
        if "kind" in mapping.columns:
            column = mapping.columns["kind"]
            values = different(sheet, column)
            if not kinds_of(mapping, values):
                raise DataError(
                    what=f"the values of column {quote(column)} are not known as kinds of relationship:"
                    f" {', '.join(map(quote, values[:12]))}",
                    where=store.where(store.main),
                    mend=f"python app.py inspect {store.main} > {MAPPING}, and write there what each stands for",
                )
        notes = [
            f"{role} is column {quote(found.column)} ({found.sureness.value})."
            for role, found in (*proposal.columns.items(), *proposal.types.items())
        ]
        return read_pairs(store, store.main, mapping, notes)
