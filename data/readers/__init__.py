"""Readers of datasets: one module a format, registered in ``READERS``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from data.errors import DataError
from data.model import Atlas
from data.postgis import is_address
from data.readers.mgar import DyadYearReader
from data.readers.mmp import MappingMilitantsReader
from data.readers.native import NativeReader
from data.readers.store import Stamp, Store, open_store, stamp
from data.readers.table import TableReader


class Reader(Protocol):
    """One format: says whether it knows a path, and reads it."""

    name: str

    def sniff(self, store: Store) -> bool:
        """Whether the files look like this format; it never raises."""
        ...

    def read(self, store: Store) -> Atlas:
        """Read it whole, with its report, or raise DataError."""
        ...


READERS: tuple[Reader, ...] = (NativeReader(), MappingMilitantsReader(), DyadYearReader(), TableReader())


Stamps = Mapping[Path | str, Stamp | None]
"""Files, or the address of a database, and what they looked like; None where there was none."""


def stamps_of(places: Iterable[Path | str]) -> Stamps:
    """What files and databases look like now."""
    from data.readers.postgis import mark

    return {place: mark(place) if isinstance(place, str) else stamp(place) for place in places}


@dataclass(frozen=True)
class Reading:
    """What came of reading a path: an atlas or why there is none, and the files on which that rests."""

    found: Atlas | DataError
    stamps: Stamps

    def atlas(self) -> Atlas:
        """Return the atlas, or raise the DataError."""
        if isinstance(self.found, DataError):
            raise self.found
        return self.found


def read(path: str | Path) -> Reading:
    """Read a dataset with the first reader that knows its format; it never raises DataError."""
    if is_address(path):
        from data.readers.postgis import read_database

        try:
            atlas, seen = read_database(str(path))
            return Reading(atlas, {str(path): seen})
        except DataError as why:
            return Reading(why, stamps_of([str(path)]))
    at = stamps_of([Path(path)])  # where nothing can be read, whatever changes in the folder may be the mend
    try:
        reader, store = reader_of(path)
    except DataError as why:
        return Reading(why, at)
    try:
        return Reading(reader.read(store), dict(store.stamps))
    except DataError as why:
        return Reading(why, {**at, **store.stamps})


def load(path: str | Path) -> Atlas:
    """Load a dataset with the first reader that knows its format.

    Parameters
    ----------
    path
        A folder or file, or the address of a database.

    Raises
    ------
    DataError
        When nothing is there, no reader knows it, or the reader cannot use it at all.
    """
    return read(path).atlas()


def reader_of(path: str | Path) -> tuple[Reader, Store]:
    """Return the first reader that knows the format of a path, and the files behind it; errors as in ``load``."""
    path = Path(path)
    try:
        exists, store = path.exists(), open_store(path)
    except (OSError, ValueError) as why:
        raise DataError(
            what=f"cannot be looked at ({why})", where=str(path), mend="check the path and its rights"
        ) from why
    expected = " or ".join(reader.name for reader in READERS)
    if not exists:
        raise DataError(what="there is nothing at this path", where=str(path), mend=f"give the path of {expected}")
    if store is not None:
        for reader in READERS:
            if reader.sniff(store):
                return reader, store
    found = "a folder" if path.is_dir() else "a file" if path.is_file() else "neither a file nor a folder"
    raise DataError(
        what=f"found {found} of no known format, expected {expected}",
        where=str(path),
        mend="check the path; data/readers/README.md lists the formats",
    )
