"""The files behind a path: those of a folder, of a .zip, or one file and what stands beside it."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from data.errors import DataError, quote

MOST_ENTRIES = 200
"""Files that a .zip may hold."""
MOST_BYTES = 200_000_000
"""Bytes that a .zip may hold, unpacked."""
MOST_RATIO = 150
"""How many times a file of a .zip may shrink by packing; tables shrink about ten times, a bomb a thousand."""
SMALL = 1_000_000
"""Bytes up to which the ratio does not matter."""

BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)
"""What the zipfile module raises on a .zip that is broken, encrypted or packed in a way it does not know."""

_NOT_OURS = ("__MACOSX/",)  # what macOS puts into every .zip


Stamp = tuple[int | str, ...]
"""What tells that a file is another or has been written: device, inode, size, times of content and of status, ns."""


def stamp(path: Path) -> Stamp | None:
    """What a file or folder looks like now; links are followed."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


class Store(Protocol):
    """The files that a reader may read."""

    path: Path
    stamps: dict[Path | str, Stamp | None]
    """The files that were read or looked for, as they were at the first time."""
    main: str
    """Name of the one file that the path names; empty for a folder or a .zip."""

    def names(self) -> tuple[str, ...]:
        """Names of the files, sorted; hidden files and folders are left out."""
        ...

    def read(self, name: str) -> bytes | None:
        """Bytes of a file, None where there is none; DataError where it cannot or must not be read."""
        ...

    def where(self, name: str) -> str:
        """Place of a file, for messages."""
        ...


class Folder:
    """The files of a folder."""

    stamps: dict[Path | str, Stamp | None]

    def __init__(self, path: Path, main: str = "") -> None:
        self.path = path / main
        self.main = main
        self.stamps = {}
        self._folder = path

    def names(self) -> tuple[str, ...]:
        """Names of the plain files."""
        try:
            with os.scandir(self._folder) as entries:
                return tuple(sorted(e.name for e in entries if not e.name.startswith(".") and e.is_file()))
        except OSError:  # gone, or not ours to list: whoever asks for a file by name is told why
            return ()

    def read(self, name: str) -> bytes | None:
        """Bytes of a file; see ``Store``.

        Raises
        ------
        DataError
            When it is not a plain file, cannot be read, or is a link that leaves the folder (the
            file that the path itself names may be such a link).
        """
        path, folder = self._folder / name, self._folder
        self.stamps.setdefault(path, stamp(path))
        try:
            leaves = path.is_symlink() and not path.resolve().is_relative_to(folder.resolve())
            if leaves and name != self.main:
                raise DataError(
                    what="is a link that leaves the folder", where=str(path), mend="put the file itself into the folder"
                )
            if not path.exists():
                if path.is_symlink():
                    raise DataError(what="is a link to nothing", where=str(path), mend="put the file itself there")
                return None
            if not path.is_file():
                raise DataError(what="is not a plain file", where=str(path), mend=f"put a file named {name} there")
            return path.read_bytes()
        except (OSError, RuntimeError) as why:  # RuntimeError: Python 3.11 raises it for a loop of links
            raise DataError(
                what=f"cannot be read ({why})", where=str(path), mend="check its rights and its disk"
            ) from why

    def where(self, name: str) -> str:
        """Path of a file."""
        return str(self._folder / name)


def check_archive(infos: Sequence[zipfile.ZipInfo], where: str) -> None:
    """Refuse an archive by what it says of itself; what it really holds must be bounded again in reading.

    Raises
    ------
    DataError
        When it is larger than the bounds, names a place outside itself, or cannot be opened by anybody.
    """

    def fail(what: str, mend: str) -> DataError:
        return DataError(what=what, where=where, mend=mend)

    if len(infos) > MOST_ENTRIES:
        raise fail(f"holds {len(infos):,} files, {MOST_ENTRIES} are the most", "pack the dataset alone")
    total = sum(info.file_size for info in infos)
    if total > MOST_BYTES:
        raise fail(
            f"holds {total:,} bytes unpacked, {MOST_BYTES:,} are the most", "give the folder instead of the .zip"
        )
    names: set[str] = set()
    for info in infos:
        path = PurePosixPath(info.filename)
        outside = path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in info.filename
        link = (info.external_attr >> 16) & 0o170000 == 0o120000
        if outside or link:
            what = "is a link" if link else "names a place outside the .zip"
            raise fail(f"file {quote(info.filename)} {what}", "pack the files themselves, with plain names")
        if info.filename in names:
            raise fail(f"file {quote(info.filename)} stands in it twice", "pack the folder anew")
        if info.flag_bits & 1:
            raise fail(f"file {quote(info.filename)} is encrypted", "pack it without a password")
        if info.file_size > SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise fail(
                f"file {quote(info.filename)} unpacks to more than {MOST_RATIO} times its size",
                "give the folder instead of the .zip",
            )
        names.add(info.filename)


class Zip:
    """The files of a .zip, read into memory within bounds; nothing is ever unpacked to disk.

    All files stand at its root, or all in one folder.

    Raises
    ------
    DataError
        When it is no .zip, is larger than the bounds, or names a place outside itself.
    """

    main = ""
    stamps: dict[Path | str, Stamp | None]

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamps = {path: stamp(path)}
        self._archive = str(path)
        infos = self._listed()
        check_archive(infos, self._archive)
        tops = {PurePosixPath(info.filename).parts[0] for info in infos}
        deep = all(len(PurePosixPath(info.filename).parts) > 1 for info in infos)
        self._top = f"{next(iter(tops))}/" if len(tops) == 1 and deep else ""
        self._infos = {
            name: info
            for info in infos
            for name in (info.filename.removeprefix(self._top),)
            if "/" not in name and not name.startswith(".")
        }

    def _fail(self, what: str, mend: str, name: str = "") -> DataError:
        return DataError(what=what, where=self.where(name) if name else self._archive, mend=mend)

    def _listed(self) -> list[zipfile.ZipInfo]:
        try:
            with zipfile.ZipFile(self.path) as archive:
                every = archive.infolist()
        except BROKEN as why:
            raise self._fail(f"cannot be read as .zip ({why})", "pack the folder anew, or give the folder") from why
        return [i for i in every if not i.is_dir() and not i.filename.startswith(_NOT_OURS)]

    def names(self) -> tuple[str, ...]:
        """Names of the files at its root."""
        return tuple(sorted(self._infos))

    def read(self, name: str) -> bytes | None:
        """Bytes of a file; see ``Store``."""
        info = self._infos.get(name)
        if info is None:
            return None
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(info) as file:
                data = file.read(info.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as why:
            raise self._fail(f"cannot be read ({why})", "pack the folder anew, or give the folder", name) from why
        if len(data) > info.file_size:
            raise self._fail("holds more than the .zip says", "pack the folder anew, or give the folder", name)
        return data

    def where(self, name: str) -> str:
        """Path of the .zip and of the file inside it."""
        return f"{self._archive}/{self._top}{name}"


def open_store(path: Path) -> Store | None:
    """Files behind a path; None where it is neither a folder nor a file.

    Raises
    ------
    DataError
        When it is a .zip that cannot be used.
    """
    if path.is_dir():
        return Folder(path)
    if path.is_file():
        return Zip(path) if path.suffix.lower() == ".zip" else Folder(path.parent, path.name)
    return None


def slug(store: Store) -> str:
    """Name of the path as an address can hold it: of a folder, or of a file without its ending.

    Raises
    ------
    DataError
        When nothing of the name can stand in an address.
    """
    path = Path(os.path.abspath(store.path))  # of a link its own name: what it leads to may be replaced
    name = path.name if path.is_dir() else path.stem
    usable = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.")
    if not usable:
        called = "folder" if path.is_dir() else "file"
        raise DataError(
            what=f"the {called}'s name {quote(name)} cannot stand in an address", where=str(store.path),
            mend="rename it: letters, digits, '-', '_' and '.'",
        )  # fmt: skip
    return usable
