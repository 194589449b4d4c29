"""Mapping Militants: the real files where they are there, and made-up rows for each of their faults."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from data.errors import DataError
from data.model import Atlas, Severity
from data.readers import load
from data.readers.mmp import day
from tests.conftest import ROOT

REAL = ROOT.parent / "shared" / "data" / "mmp"
KEY, PAIRS = "Militant-Group-Key.csv", "Militant-Group-Relationships-clean.csv"
HEADER = "unique_id,type,group1_id,group2_id,date,description,group1_name,group2_name"
GROUPS = ("1,Alpha,", "2,Bravo ,", "3,Charlie,", "4,Delta,")


def folder(path: Path, *pairs: str, groups: tuple[str, ...] = GROUPS) -> Path:
    """Files with the real ones' mark, line ends and empty third column."""
    path.mkdir(parents=True, exist_ok=True)
    for name, lines in ((KEY, ("group_id,name,", *groups)), (PAIRS, (HEADER, *pairs))):
        (path / name).write_bytes("\r\n".join([*lines, ""]).encode("utf-8-sig"))
    return path


def read(path: Path, *pairs: str, **more: tuple[str, ...]) -> Atlas:
    return load(folder(path / "mmp", *pairs, **more))


def spells(atlas: Atlas) -> list[tuple[str, str, str, int, int | None]]:
    frame = atlas.relationships.sort_values("line")
    return [
        (r["group_a"], r["group_b"], r["kind"], r["first_year"], None if r["open"] else r["last_year"])
        for r in frame.to_dict("records")
    ]


def test_types_become_kinds_and_lineage(tmp_path):
    atlas = read(
        tmp_path,
        "10,all,1,2,2001-00-00,Worked together,Alpha,Bravo ",
        "11,aff,3,1,2002-05-00,Pledged,Charlie,Alpha",
        "12,riv,2,3,3/4/98,Fought,Bravo ,Charlie",
        "13,spl,1,4,1999-00-00,Broke away,Alpha,Delta",
        "14,mer,3,2,2010-00-00,Joined,Charlie,Bravo ",
    )
    assert spells(atlas) == [
        ("alpha", "bravo", "ally", 2001, None),
        ("alpha", "charlie", "supporter", 2002, None),
        ("bravo", "charlie", "rival", 1998, 2010),
    ]
    assert not atlas.relationships["coded"].any()
    assert set(atlas.relationships["direction"]) == {""}
    kin = atlas.lineage[["from_id", "to_id", "year", "kind", "note"]].to_numpy().tolist()
    assert kin == [["alpha", "delta", 1999, "split", "Broke away"], ["charlie", "bravo", 2010, "merged", "Joined"]]
    assert (atlas.dataset.first_year, atlas.dataset.last_year) == (1998, 2010)
    assert atlas.groups["name"].tolist() == ["Alpha", "Bravo", "Charlie", "Delta"]
    assert atlas.groups.geometry.isna().all()
    assert atlas.report.problems == ()
    assert atlas.sources["source_id"].tolist() == ["dataset"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2/18/10", (2010, 2, 18)),
        ("1/1/68", (1968, 1, 1)),
        ("12/31/19", (2019, 12, 31)),
        ("1/1/20", (1920, 1, 1)),
        ("2014-05-00", (2014, 5, 0)),
        ("2005-00-00", (2005, 0, 0)),
        ("2005-00-12", None),
        ("2005-13-00", None),
        ("2/30/10", None),
        ("0/0/10", (2010, 0, 0)),
        ("2005", None),
        ("2031-01-00", None),
        ("", None),
        ("٢/١٨/١٠", None),
    ],
)
def test_dates_of_three_styles(cell, expected):
    assert day(cell) == expected


def test_a_relationship_holds_until_another_type_begins(tmp_path):
    atlas = read(
        tmp_path,
        "1,riv,1,2,2009-03-00,c,,",
        "2,all,2,1,2001-00-00,a,,",
        "3,all,1,2,2004-00-00,b,,",
        "4,all,1,2,2012-00-00,d,,",
    )
    assert spells(atlas) == [
        ("alpha", "bravo", "rival", 2009, 2012),
        ("alpha", "bravo", "ally", 2001, 2009),
        ("alpha", "bravo", "ally", 2012, None),
    ]
    first = atlas.relationships.set_index("relationship_id").loc["mmp-2"]
    assert first["note"] == "a; b"
    assert atlas.report.used[PAIRS] == atlas.report.read[PAIRS] == 4


def test_types_that_begin_on_one_day_run_side_by_side(tmp_path):
    atlas = read(tmp_path, "1,all,1,2,2001-00-00,,,", "2,aff,1,2,2001-00-00,,,", "3,riv,1,2,2005-00-00,,,")
    assert [(kind, last) for _, _, kind, _, last in spells(atlas)] == [
        ("ally", 2005),
        ("supporter", 2005),
        ("rival", None),
    ]


def test_a_merged_group_of_which_nothing_is_known_later_has_ended(tmp_path):
    atlas = read(
        tmp_path,
        "1,all,1,3,2001-00-00,,,",
        "2,mer,1,2,2005-00-00,,,",
        "3,mer,3,4,2002-00-00,,,",
        "4,riv,3,4,2008-00-00,,,",
    )
    ends = atlas.groups.set_index("group_id")[["ended", "last_year", "end_type"]]
    assert ends.loc["alpha"].tolist() == [True, 2005, "merged"]
    assert not ends.loc["charlie", "ended"]
    assert spells(atlas)[0] == ("alpha", "charlie", "ally", 2001, None)
    assert atlas.relationships["last_year"].tolist()[0] == 2005


def test_traces_of_being_moved_about_are_mended(tmp_path):
    text = r'"Al-Zarqawi\&#039;s men\x92s  group\'s ""base"" "'.replace(r"\x92", "\x92")
    atlas = read(tmp_path, f"1,all,1,2,2001-00-00,{text},,", groups=("1,Kata\x92ib  Al ,", "2,Jama\x92a\x96X,"))
    assert atlas.relationships["note"].tolist() == ["Al-Zarqawi's men’s group's \"base\""]
    assert atlas.groups["name"].tolist() == ["Kata’ib Al", "Jama’a–X"]


@pytest.mark.parametrize(
    ("pair", "column", "message"),
    [
        ("9,ally,1,2,2001-00-00,,,", "type", "'ally' is not one of all, aff, riv, mer, spl"),
        ("9,all,1,77,2001-00-00,,,Zulu", "group2_id", "'77' is not an id of Militant-Group-Key.csv"),
        ("9,all,1,1,2001-00-00,,,", "group2_id", "'1' stands at both ends"),
        ("9,all,1,2,2001,,,", "date", "'2001' is not a date up to 2019"),
        ("9,all,1,2,,,,", "date", "is empty, but a date is needed"),
        ("1,riv,3,4,2002-00-00,,,", "unique_id", "'1' stands already in a row before"),
        ("9,all,1,2", "", "4 fields, expected 8"),
    ],
)
def test_a_pair_that_cannot_be_used_is_listed_with_its_place_and_mend(tmp_path, pair, column, message):
    good = ("1,all,1,2,2000-00-00,,,", "2,all,3,4,2000-00-00,,,")
    atlas = read(tmp_path, *good, pair)
    (problem,) = atlas.report.problems
    assert (problem.file, problem.line, problem.column, problem.severity) == (PAIRS, 4, column, Severity.ERROR_ROW)
    assert problem.message.startswith(message)
    assert problem.mend
    assert (atlas.report.read[PAIRS], atlas.report.used[PAIRS]) == (3, 2)
    assert "All 3 rows of Militant-Group-Relationships-clean.csv are accounted for: 2 in 2 relationships, 0 in 0 mergers and splits, 1 set aside." in atlas.report.notes  # fmt: skip
    (away,) = atlas.report.away
    assert (away.file, away.line) == (PAIRS, 4)
    assert pair.split(",")[0] in (away.cells.get("unique_id"), away.cells.get("row", "").split(",")[0])


def test_a_group_without_number_or_dated_pair_is_listed(tmp_path):
    atlas = read(tmp_path, "1,all,1,2,2000-00-00,,,", groups=("1,A,", "2,B,", "-99,C,", "-99,D,", "5,E,"))
    assert [(p.line, p.reason) for p in atlas.report.problems] == [(4, "id"), (5, "id"), (6, "undated")]
    assert atlas.report.used[KEY] == 2


def test_of_two_groups_with_one_name_both_stay(tmp_path):
    atlas = read(tmp_path, "1,all,1,2,2000-00-00,,,", groups=("1,Alpha,", "2,alpha,"))
    assert atlas.groups["group_id"].tolist() == ["alpha", "alpha-2"]


def test_files_that_lack_a_column_or_have_no_row_are_named(tmp_path):
    path = folder(tmp_path / "mmp")
    (path / PAIRS).write_text("unique_id,type\n1,all\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"clean\.csv: group1_id, group2_id, date, description are missing"):
        load(path)
    (path / PAIRS).write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="is empty"):
        load(path)
    atlas = load(folder(path))
    assert len(atlas.relationships) == 0


def test_other_files_are_passed_over_with_a_note(tmp_path):
    path = folder(tmp_path / "mmp", "1,all,1,2,2000-00-00,,,")
    (path / "README.md").write_text("x", encoding="utf-8")
    assert "Other files there were passed over: 'README.md'." in load(path).report.notes
    assert len(load(path / PAIRS).relationships) == 1


@pytest.mark.skipif(not REAL.is_dir(), reason=f"Mapping Militants is not at {REAL}")
def test_all_rows_of_the_real_files_are_accounted_for():
    atlas = load(REAL)
    report = atlas.report
    away = Counter(p.file for p in report.problems if p.set_aside)
    assert report.read == {KEY: 263, PAIRS: 638}
    assert {file: report.used[file] + away[file] for file in report.read} == report.read
    assert len(report.away) == sum(away.values())
    (line,) = [note for note in report.notes if note.startswith("All 638 rows")]
    assert line.endswith(f"{away[PAIRS]} set aside.")
    assert set(atlas.relationships["kind"]) == {"ally", "supporter", "rival"}
    assert not atlas.relationships["coded"].any()
    text = "".join([*atlas.groups["name"], *atlas.relationships["note"], *atlas.lineage["note"]])
    assert not any(trace in text for trace in ("&#", "\\'", "\ufeff", "  ", *map(chr, range(0x80, 0xA0))))
