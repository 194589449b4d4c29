"""Readers of datasets: one module a format, registered in ``READERS``."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from data.errors import DataError
from data.model import Atlas
from data.readers.native import NativeReader


class Reader(Protocol):
    """One format: says whether it knows a path, and reads it."""

    name: str

    def sniff(self, path: Path) -> bool:
        """Whether the path looks like this format; it never raises."""
        ...

    def read(self, path: Path) -> Atlas:
        """Read it whole, with its report, or raise DataError."""
        ...


READERS: tuple[Reader, ...] = (NativeReader(),)


def load(path: str | Path) -> Atlas:
    """Load a dataset with the first reader that knows its format.

    Parameters
    ----------
    path
        A folder or file.

    Raises
    ------
    DataError
        When nothing is there, no reader knows it, or the reader cannot use it at all.
    """
    path = Path(path)
    try:
        found = "a folder" if path.is_dir() else "a file" if path.is_file() else None
        exists = found is not None or path.exists()
    except (OSError, ValueError) as why:
        raise DataError(
            what=f"cannot be looked at ({why})", where=str(path), mend="check the path and its rights"
        ) from why
    expected = " or ".join(reader.name for reader in READERS)
    if not exists:
        raise DataError(what="there is nothing at this path", where=str(path), mend=f"give the path of {expected}")
    for reader in READERS:
        if reader.sniff(path):
            return reader.read(path)
    raise DataError(
        what=f"found {found or 'neither a file nor a folder'} of no known format, expected {expected}",
        where=str(path),
        mend="check the path; data/readers/README.md lists the formats",
    )
