"""Bad input, case by case: what is said of it, and that nothing valid is lost.

Each case changes a copy of the tiny dataset (or a table of pairs) in one way. It is either refused with one message
that names the place and the mend, or read with exactly these problems, and every row that is not named stays.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import app
from callbacks.settings import Settings
from components.markup import markup
from components.quality import quality
from data.convert import convert
from data.errors import DataError
from data.formats import REPORTS
from data.model import Atlas
from data.readers import load, native

Make = Callable[[Path], Path | None]
GROUPS, TIES, SOURCES = "groups.csv", "relationships.csv", "sources.csv"
WHOLE = {GROUPS: 8, TIES: 12, SOURCES: 3, "lineage.csv": 1}

HYPERLINK = '=HYPERLINK("https://example.org","x")'
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def edit(name: str, change: Callable[[bytes], bytes]) -> Make:
    """Change the bytes of one file, which must make a difference."""

    def make(folder: Path) -> None:
        path = folder / name
        before = path.read_bytes()
        path.write_bytes(change(before))
        assert path.read_bytes() != before

    return make


def replace(name: str, old: str, new: str) -> Make:
    return edit(name, lambda data: data.replace(old.encode(), new.encode(), 1))


def append(name: str, row: str) -> Make:
    return edit(name, lambda data: data + row.encode() + b"\n")


def cell(text: str) -> str:
    """Text as one cell of a CSV file."""
    return '"' + text.replace('"', '""') + '"'


def bomb(folder: Path) -> Path:
    path = folder.parent / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
        archive.writestr("more.csv", b"0" * 5_000_000)
    return path


def unknown(folder: Path) -> Path:
    for file in folder.iterdir():
        file.rename(file.with_suffix(".txt"))
    return folder


def linked(folder: Path) -> None:
    (folder / SOURCES).rename(folder.parent / "elsewhere.csv")
    (folder / SOURCES).symlink_to(folder.parent / "elsewhere.csv")


@dataclass(frozen=True)
class Case:
    """One sort of bad input; ``refused`` is part of the message, ``found`` are the problems as (file:line, reason)."""

    make: Make
    refused: str = ""
    found: tuple[tuple[str, str], ...] = ()
    lost: dict[str, int] = field(default_factory=dict)
    """Rows that are not used, by file."""


CASES = {
    "empty file": Case(edit(GROUPS, lambda data: b""), "groups.csv: is empty"),
    "header only": Case(
        edit(TIES, lambda data: data.splitlines(keepends=True)[0]), lost={TIES: 0}
    ),  # no row is no fault: such a file is what somebody starts with
    "wrong delimiter": Case(
        edit(GROUPS, lambda data: data.replace(b",", b";")), "groups.csv:1: its columns are separated by semicolons"
    ),
    "tabs": Case(edit(TIES, lambda data: data.replace(b",", b"\t")), "its columns are separated by tabs, not commas"),
    "byte order mark": Case(edit(GROUPS, lambda data: b"\xef\xbb\xbf" + data)),
    "UTF-16": Case(edit(GROUPS, lambda data: data.decode().encode("utf-16")), "is encoded as UTF-16, not UTF-8"),
    "UTF-16 without mark": Case(edit(GROUPS, lambda data: data.decode().encode("utf-16-le")), "holds a NUL byte"),
    "UTF-32": Case(edit(GROUPS, lambda data: data.decode().encode("utf-32")), "is encoded as UTF-32, not UTF-8"),
    "Latin-1": Case(
        edit(GROUPS, lambda data: data.replace(b"Bravo Brigade", b"Bogot\xe1 Brigade")),
        "groups.csv:3: is not UTF-8 (byte 0xe1)",
    ),
    "mixed line ends": Case(
        edit(GROUPS, lambda data: data.replace(b"\n", b"\r\n", 3).replace(b"s1\nfox", b"s1\rfox"))
    ),
    "a line of 10 MB": Case(append(GROUPS, "x" * 10_000_000), found=(("groups.csv:10", "too-long"),), lost={GROUPS: 1}),
    "a file that is one line of 10 MB": Case(edit(GROUPS, lambda data: b"x" * 10_000_000), "header has a cell of more"),
    "a row of 5 million cells": Case(
        append(GROUPS, "x," * 5_000_000), found=(("groups.csv:10", "ragged"),), lost={GROUPS: 1}
    ),
    "a quote that is never closed": Case(
        replace(TIES, "Shared camps", '"Shared camps'), found=(("relationships.csv:2", "broken-quotes"),), lost={TIES: 1}
    ),
    "duplicate id": Case(
        append(GROUPS, "alpha,Another Alpha,,1991,,,,,,,,,,s1"),
        found=(("groups.csv:10", "repeated-id"),),
        lost={GROUPS: 1},
    ),
    "unknown group": Case(
        replace(TIES, ",alpha,echo,", ",alpha,ehco,"), found=(("relationships.csv:7", "end-set-aside"),), lost={TIES: 1}
    ),
    "self-loop": Case(
        replace(TIES, ",alpha,echo,", ",alpha,alpha,"), found=(("relationships.csv:7", "self-loop"),), lost={TIES: 1}
    ),
    "last before first": Case(
        replace(TIES, "1990,1999,ally", "1999,1990,ally"),
        found=(("relationships.csv:7", "last-before-first"),),
        lost={TIES: 1},
    ),
    "years as floats": Case(edit(TIES, lambda data: data.replace(b",1990,", b",1990.0,"))),
    "years as dates": Case(
        replace(TIES, ",1990,1999,ally", ",1990-05-01,1999,ally"), found=(("relationships.csv:7", "year"),), lost={TIES: 1}
    ),
    "years as words": Case(
        replace(TIES, ",1990,1999,ally", ",nineties,1999,ally"), found=(("relationships.csv:7", "year"),), lost={TIES: 1}
    ),
    "coordinates swapped": Case(
        replace(GROUPS, "33.51,36.29", "36.29,33.51"), found=(("groups.csv:4", "far-from-country"),)
    ),
    "coordinates swapped and out of range": Case(
        replace(GROUPS, "-18.14,178.44", "178.44,-18.14"), found=(("groups.csv:7", "position"),)
    ),
    "coordinates out of range": Case(replace(GROUPS, "33.51", "933.51"), found=(("groups.csv:4", "position"),)),
    "unknown vocabulary": Case(
        replace(TIES, "alpha,echo,1990,1999,ally", "alpha,echo,1990,1999,friend"),
        found=(("relationships.csv:7", "vocabulary"),),
        lost={TIES: 1},
    ),
    "formula in a name": Case(replace(GROUPS, "Alpha Front", cell(HYPERLINK))),
    "formula in an id": Case(
        append(GROUPS, f"{cell(HYPERLINK)},Formula,,1990,,,,,,,,,,s1"), found=(("groups.csv:10", "id"),), lost={GROUPS: 1}
    ),
    "script in a name": Case(replace(GROUPS, "Alpha Front", cell(SCRIPT))),
    "script in a note": Case(replace(TIES, "Shared camps", cell(SCRIPT))),
    "script in a year": Case(
        replace(TIES, ",1990,1999,ally", f",{cell(SCRIPT)},1999,ally"), found=(("relationships.csv:7", "year"),), lost={TIES: 1}
    ),
    "script in an address": Case(
        replace(SOURCES, "https://example.org/", "javascript:alert(1)//"), found=(("sources.csv:2", "address"),)
    ),
    "absurd unicode that is seen": Case(replace(GROUPS, "Alpha Front", "Z" + "\u0301" * 300 + "😀\u200dالجبهة\u200f")),
    "absurd unicode that is not seen": Case(
        replace(GROUPS, "Alpha Front", "\u202eevil\x1b[31m\ufeff"), found=(("groups.csv:2", "unseen-characters"),)
    ),
    "zip bomb": Case(bomb, "unpacks to more than 150 times its size"),
    "a folder that no reader knows": Case(unknown, "found a folder of no known format"),
    "a link that leaves the folder": Case(linked, "sources.csv: is a link that leaves the folder"),
}  # fmt: skip


def printable(text: str) -> bool:
    return text.isprintable() and len(text) < 1000


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_named_and_nothing_valid_is_lost(tiny_dir, tiny_atlas, capsys, name):
    case = CASES[name]
    path = case.make(tiny_dir) or tiny_dir
    if case.refused:
        with pytest.raises(DataError) as caught:
            load(path)
        assert case.refused in str(caught.value)
        assert caught.value.mend
        assert caught.value.where.startswith(str(path))
        assert printable(str(caught.value))
        return
    atlas = load(path)
    report = atlas.report
    assert tuple((f"{p.file}:{p.line}", p.reason) for p in report.problems) == case.found
    assert all(p.mend and printable(line) for p, line in zip(report.problems, report.lines(), strict=True))
    assert all(map(printable, report.summary()))
    unused = {file: read - report.used[file] for file, read in report.read.items()}
    assert unused == {**dict.fromkeys(WHOLE, 0), **case.lost}
    assert len(report.away) == sum(case.lost.values())
    if name != "header only":
        # A row that was changed so that it cannot be used is one of the whole, one that was added is not.
        added = {file: int(report.read[file] > n) for file, n in WHOLE.items()}
        assert report.used == {file: n - case.lost.get(file, 0) + added[file] for file, n in WHOLE.items()}
    assert app.main(["check", str(path)]) == int(any(p.severity.value != "warning" for p in report.problems))
    assert capsys.readouterr().out.splitlines() == [*report.lines(), *report.summary()]
    inert_in_the_report(atlas)


def inert_in_the_report(atlas: Atlas) -> None:
    """No text of the files is markup on the page, or a formula in a file of the report."""
    shown = markup(quality(atlas))
    assert "<script" not in shown
    assert "<img" not in shown
    for spec in REPORTS:
        body = spec.make(atlas, "2026-11-27").decode()
        if spec.ending == "csv":
            assert not any(line.startswith(("=", "+", "@", "\t")) or ",=" in line for line in body.splitlines())


def test_bad_text_is_inert_on_every_page(tiny_dir):
    for make in (
        CASES["script in a name"].make,
        CASES["script in a note"].make,
        replace(GROUPS, "Bravo Brigade", cell(SCRIPT)),
        replace(SOURCES, "A Book.", f"{SCRIPT}A Book."),
    ):
        make(tiny_dir)
    client = app.create_app({"tiny": load(tiny_dir)}, Settings()).server.test_client()
    for path in (
        "/",
        "/data",
        "/group/alpha",
        "/embed",
        "/api/card?card=alpha",
        "/api/record?group=alpha",
        "/api/method",
    ):
        text = client.get(path).text
        assert "alert(1)</script>" not in text, path
        assert "<img src=x" not in text, path


def test_a_swapped_position_is_told_from_one_that_is_wrong(tiny_dir):
    CASES["coordinates swapped"].make(tiny_dir)
    assert load(tiny_dir).report.problems[0].mend == "exchange lat and lon: then the point is in SYR"
    replace(GROUPS, "36.29,33.51", "36.29,-133.51")(tiny_dir)
    assert load(tiny_dir).report.problems[0].mend.startswith("check lat, lon and base_country")


def test_characters_that_are_not_seen_are_left_out_of_what_is_shown(tiny_dir):
    replace(GROUPS, "Alpha Front,AF|Front A", "\u202eAlpha\u2066 Front,A\x07F|Fron\u202et A")(tiny_dir)
    replace(TIES, "Shared camps", "Shared\u202d camps")(tiny_dir)
    atlas = load(tiny_dir)
    assert (atlas.groups["name"][0], atlas.groups["aliases"][0]) == ("Alpha Front", ("AF", "Front A"))
    assert atlas.relationships["note"][0] == "Shared camps"
    assert "(U+202E, U+2066), left out" in atlas.report.lines()[0]
    assert not atlas.report.failed


@pytest.mark.parametrize("name", ["\u202e Alpha", "Alpha \ufeff", "\u202e \u202c"])
def test_text_without_its_unseen_characters_is_the_same_when_it_is_written_and_read(tiny_dir, tmp_path, name):
    replace(GROUPS, "Alpha Front", name)(tiny_dir)
    atlas = load(tiny_dir)
    convert(atlas, tmp_path / "out")
    assert load(tmp_path / "out").groups["name"].tolist() == atlas.groups["name"].tolist()


def test_a_name_of_which_nothing_is_seen_gives_way_to_the_id(tiny_dir):
    replace(GROUPS, "Alpha Front,AF|Front A", "\ufeff,")(tiny_dir)
    atlas = load(tiny_dir)
    assert atlas.groups["name"][0] == atlas.groups["group_id"][0]


@pytest.mark.parametrize("name", [GROUPS, "dataset.toml"])
def test_a_file_that_is_deleted_while_the_dataset_is_read_is_refused(tiny_dir, monkeypatch, name):
    whole = Path.read_bytes

    def vanish(path: Path) -> bytes:
        if path.name == name:
            os.unlink(path)
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", vanish)
    with pytest.raises(DataError, match=rf"{name}: cannot be read \(.*No such file.*; mend: "):
        load(tiny_dir)


def test_every_file_of_the_format_is_covered_by_a_case():
    assert {GROUPS, TIES, SOURCES, "lineage.csv"} == set(native.TABLES) == set(WHOLE)
