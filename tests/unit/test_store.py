"""The files behind a path: what a .zip may hold, and that nothing outside is ever read."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data.errors import DataError
from data.readers import load, reader_of, store
from tests.conftest import TINY


def packed(path: Path, top: str = "", **more: str | bytes) -> Path:
    """A .zip of the tiny dataset, its files below a folder if one is named, and further files by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(TINY.iterdir()):
            archive.write(file, top + file.name)
        for name, text in more.items():
            archive.writestr(name, text)
    return path


def refused(path: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        load(path)
    assert str(caught.value).isprintable()
    return caught.value


@pytest.mark.parametrize("top", ["", "tiny/"])
def test_a_zip_is_read_as_its_folder_is(tmp_path, tiny_atlas, top):
    atlas = load(packed(tmp_path / "tiny.zip", top, **{f"{top}.DS_Store": "x", "__MACOSX/._a": "x"}))
    for name in ("groups", "relationships", "sources", "lineage"):
        pd.testing.assert_frame_equal(pd.DataFrame(getattr(atlas, name)), pd.DataFrame(getattr(tiny_atlas, name)))
    assert (atlas.dataset, atlas.report) == (tiny_atlas.dataset, tiny_atlas.report)


def test_places_of_a_zip_name_the_file_inside_it(tmp_path):
    path = packed(tmp_path / "d.zip", "tiny/")
    with zipfile.ZipFile(tmp_path / "broken.zip", "w") as archive, zipfile.ZipFile(path) as whole:
        for info in whole.infolist():
            if info.filename != "tiny/groups.csv":
                archive.writestr(info.filename, whole.read(info))
    error = refused(tmp_path / "broken.zip")
    assert (error.where, error.what) == (f"{tmp_path}/broken.zip/tiny/groups.csv", "is missing")


def bomb(path: Path) -> None:
    packed(path, big=b"0" * 5_000_000)


def many(path: Path) -> None:
    packed(path, **{f"f{n}": "x" for n in range(store.MOST_ENTRIES)})


def large(path: Path) -> None:
    """Says that it holds more than it may; no such file has to be made for it."""
    packed(path, small=b"0" * 100)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 2_000_000_000)
    path.write_bytes(bytes(data))


def liar(path: Path) -> None:
    """Holds more than it says."""
    packed(path)
    data = bytearray(path.read_bytes())
    at = data.index(b"groups.csv", data.index(b"PK\x01\x02")) - 46
    data[at + 24 : at + 28] = struct.pack("<I", 40)
    path.write_bytes(bytes(data))


def link(path: Path) -> None:
    packed(path)
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, "/etc/passwd")


def twice(path: Path) -> None:
    packed(path, double="x", doublf="x")
    path.write_bytes(path.read_bytes().replace(b"doublf", b"double"))


def encrypted(path: Path) -> None:
    packed(path)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))


def cut(path: Path) -> None:
    packed(path)
    path.write_bytes(path.read_bytes()[:-40])


def damaged(path: Path) -> None:
    """Its bytes were changed, so that a checksum fails."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in TINY.iterdir():
            archive.write(file, file.name)
    path.write_bytes(path.read_bytes().replace(b"Alpha Front", b"Alpha Frond"))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (bomb, "file 'big' unpacks to more than 150 times its size"),
        (many, "holds 205 files, 200 are the most"),
        (large, "bytes unpacked, 200,000,000 are the most"),
        (liar, "cannot be read (Bad CRC-32"),
        (link, "file 'link' is a link"),
        (twice, "file 'double' stands in it twice"),
        (encrypted, "is encrypted"),
        (cut, "cannot be read as .zip"),
        (damaged, "cannot be read (Bad CRC-32"),
        (lambda path: packed(path, **{"../up.csv": "x"}), "file '../up.csv' names a place outside the .zip"),
        (lambda path: packed(path, **{"/etc/x": "x"}), "file '/etc/x' names a place outside the .zip"),
        (lambda path: packed(path, **{"c:x": "x"}), "file 'c:x' names a place outside the .zip"),
        (lambda path: path.write_bytes(b"no zip"), "cannot be read as .zip"),
        (lambda path: path.write_bytes(b""), "cannot be read as .zip"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_cannot_be_trusted_is_refused_with_one_message(tmp_path, make: Callable[[Path], None], what):
    path = tmp_path / "d.zip"
    make(path)
    error = refused(path)
    assert what in error.what
    assert error.where.startswith(str(path))
    assert error.mend


def test_a_zip_of_something_else_is_of_no_known_format(tmp_path):
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("notes.txt", "x")
    assert refused(tmp_path / "d.zip").what.startswith("found a file of no known format")


def test_a_file_deleted_while_it_is_read_is_named(tiny_dir):
    reader, files = reader_of(tiny_dir)
    (tiny_dir / "sources.csv").unlink()
    with pytest.raises(DataError, match=r"sources\.csv: is missing"):
        reader.read(files)


def test_a_folder_deleted_while_it_is_read_is_named(tiny_dir):
    reader, files = reader_of(tiny_dir)
    tiny_dir.rename(tiny_dir.parent / "elsewhere")
    with pytest.raises(DataError, match=r"dataset\.toml: is missing"):
        reader.read(files)


def test_a_file_given_by_name_may_be_a_link_but_what_stands_beside_it_may_not(tmp_path):
    (tmp_path / "a").mkdir()
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
        (tmp_path / "a" / name).symlink_to(tmp_path / name)
    files = store.open_store(tmp_path / "a" / "one.csv")
    assert files is not None
    assert files.read("one.csv") == b"x"
    with pytest.raises(DataError, match="is a link that leaves the folder"):
        files.read("two.csv")


@pytest.mark.parametrize(("name", "slug"), [("my data.zip", "my-data"), ("a.b.csv", "a.b"), ("v2.1", "v2.1")])
def test_the_slug_is_the_name_of_the_path(tmp_path, name, slug):
    path = tmp_path / name
    if name == "v2.1":
        path.mkdir()
    elif name.endswith(".zip"):
        packed(path)
    else:
        path.write_text("x", encoding="utf-8")
    found = store.open_store(path)
    assert found is not None
    assert store.slug(found) == slug
