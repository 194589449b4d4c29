"""The data contract: what is kept, what is set aside, and what the person is told."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.errors import DataError
from data.model import Atlas, Problem, Severity
from data.readers import load
from data.vocabulary import GROUP_COLUMNS, LINEAGE_COLUMNS, RELATIONSHIP_COLUMNS, SOURCE_COLUMNS
from tests import made

TABLES = {
    "groups.csv": GROUP_COLUMNS,
    "relationships.csv": RELATIONSHIP_COLUMNS,
    "sources.csv": SOURCE_COLUMNS,
    "lineage.csv": LINEAGE_COLUMNS,
}


def sole(atlas: Atlas) -> Problem:
    """The one problem of the report, which must read as one line of a compiler does."""
    assert len(atlas.report.problems) == 1, atlas.report.lines()
    problem = atlas.report.problems[0]
    assert atlas.report.lines()[0].isprintable()
    assert str(problem).startswith(f"{problem.file}:{problem.line}: ")
    assert re.search(r"; mend: \S", str(problem))
    return problem


def place(problem: Problem) -> tuple[str, int, str, str]:
    return problem.file, problem.line, problem.column, problem.value


def reasons(atlas: Atlas) -> list[str]:
    return [problem.reason for problem in atlas.report.problems]


def group(tmp_path: Path, **cells: str) -> tuple[Atlas, pd.Series]:
    """An atlas of one group, which must have been kept, and its row."""
    atlas = made.atlas(tmp_path / "d", [{"group_id": "a", **cells}], [])
    assert len(atlas.groups) == 1
    return atlas, atlas.groups.iloc[0]


def tie(tmp_path: Path, **cells: str) -> tuple[Atlas, pd.Series]:
    """An atlas of two groups and one relationship, which must have been kept, and its row."""
    row = {"group_a": "a", "group_b": "b", **cells}
    atlas = made.atlas(tmp_path / "d", made.groups("a", "b"), [row])
    assert len(atlas.relationships) == 1
    return atlas, atlas.relationships.iloc[0]


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def refused(folder: Path) -> DataError:
    """The error of a dataset that cannot be loaded at all; it is one line too."""
    with pytest.raises(DataError) as caught:
        load(folder)
    assert str(caught.value).isprintable()
    assert caught.value.mend
    return caught.value


# What may be missing


@pytest.mark.parametrize("cells", [{"lat": "", "lon": ""}, {"lat": " ", "lon": " "}])
def test_a_group_without_position_is_kept_not_located_and_has_no_reach(tmp_path, cells):
    rows = [{"group_id": "a", **cells}, {"group_id": "b"}]
    atlas = made.atlas(tmp_path, rows, [made.tie("a", "b", 1990)])
    assert atlas.groups.geometry.isna().tolist() == [True, False]
    assert np.isnan(atlas.relationships["reach_km"].iloc[0])
    assert atlas.report.problems == ()


def test_a_group_without_country_has_no_region(tmp_path):
    atlas, row = group(tmp_path, base_country="")
    assert (row["base_country"], row["region"], row["sub_region"]) == ("", "", "")
    assert atlas.report.problems == ()


def test_region_and_sub_region_come_from_the_country(tmp_path):
    _, row = group(tmp_path, base_country="NAM", lat="-22.56", lon="17.08")
    assert (row["region"], row["sub_region"]) == ("africa", "southern-africa")


def test_a_group_without_ideologies_is_not_recorded(tmp_path):
    atlas, row = group(tmp_path, ideologies="")
    assert row["ideologies"] == ()
    assert atlas.report.problems == ()


def test_lists_keep_their_order_without_blanks_and_repetitions(tmp_path):
    _, row = group(tmp_path, ideologies=" leftist | islamist||leftist", aliases="X|Y Z")
    assert row["ideologies"] == ("leftist", "islamist")
    assert row["aliases"] == ("X", "Y Z")


@pytest.mark.parametrize(
    ("cell", "types", "coded"),
    [
        ("", (), False),
        ("none", (), True),
        ("material", ("material",), True),
        ("rhetorical|material", ("rhetorical", "material"), True),
    ],
)
def test_empty_cooperation_is_not_coded_and_none_is_coded_with_nothing_found(tmp_path, cell, types, coded):
    atlas, row = tie(tmp_path, cooperation=cell)
    assert (row["types"], bool(row["coded"])) == (types, coded)
    assert atlas.report.problems == ()


def test_cooperation_of_a_rivalry_is_not_used(tmp_path):
    atlas, row = tie(tmp_path, relation="rival", cooperation="material")
    assert (row["types"], bool(row["coded"]), bool(row["cooperative"])) == ((), False, False)
    assert place(sole(atlas)) == ("relationships.csv", 2, "cooperation", "material")
    assert not atlas.report.failed


def test_empty_confidence_and_direction_stay_empty(tmp_path):
    atlas, row = tie(tmp_path, confidence="", direction="")
    assert (row["confidence"], row["direction"]) == ("", "")
    assert atlas.report.problems == ()


@pytest.mark.parametrize(
    ("end_year", "end_type", "expected", "ended"),
    [
        ("1995", "", "unknown", True),
        ("1995", "merged", "merged", True),
        ("", "", "", False),
    ],
)
def test_an_end_without_its_type_is_unknown(tmp_path, end_year, end_type, expected, ended):
    atlas, row = group(tmp_path, end_year=end_year, end_type=end_type)
    assert (row["end_type"], bool(row["ended"])) == (expected, ended)
    assert atlas.report.problems == ()


def test_an_end_type_without_end_is_not_used(tmp_path):
    atlas, row = group(tmp_path, end_type="defeated")
    assert (row["end_type"], bool(row["ended"])) == ("", False)
    assert sole(atlas).severity is Severity.WARNING


def test_a_group_without_name_is_shown_by_its_id(tmp_path):
    atlas, row = group(tmp_path, name="")
    assert row["name"] == "a"
    assert sole(atlas).severity is Severity.WARNING


# Years


def test_an_open_group_lasts_to_the_end_of_coverage(tmp_path):
    rows = [{"group_id": "a"}, {"group_id": "late", "start_year": "2010"}, {"group_id": "old", "end_year": "1995"}]
    assert made.atlas(tmp_path, rows, []).groups["last_year"].tolist() == [2000, 2010, 1995]


def test_an_open_spell_runs_to_the_end_of_coverage_or_of_the_first_group_to_end(tmp_path):
    rows = [*made.groups("a", "b"), {"group_id": "c", "end_year": "1995"}, {"group_id": "d", "end_year": "1993"}]
    ties = [
        made.tie("a", "b", 1991),
        made.tie("a", "c", 1991),
        made.tie("c", "d", 1991),
        made.tie("b", "c", 1991, 1992),
    ]
    frame = made.atlas(tmp_path, rows, ties).relationships.set_index("relationship_id")
    assert frame["last_year"].to_dict() == {
        "a--b--1991": 2000,
        "a--c--1991": 1995,
        "c--d--1991": 1993,
        "b--c--1991": 1992,
    }
    assert frame["open"].to_dict() == {"a--b--1991": True, "a--c--1991": True, "c--d--1991": True, "b--c--1991": False}


def test_spells_and_groups_outside_coverage_are_kept_as_they_are(tmp_path):
    rows = made.groups("a", "b", start_year="1950")
    ties = [made.tie("a", "b", 1950, 1960), made.tie("a", "b", 2005, 2010), made.tie("a", "b", 1975, 2015)]
    atlas = made.atlas(tmp_path, rows, ties)
    years = atlas.relationships[["first_year", "last_year"]].to_numpy().tolist()
    assert years == [[1950, 1960], [1975, 2015], [2005, 2010]]
    assert atlas.report.problems == ()


def test_a_spell_that_outlives_a_group_is_kept_with_a_warning(tmp_path):
    rows = [{"group_id": "a"}, {"group_id": "b", "end_year": "1995"}]
    atlas = made.atlas(tmp_path, rows, [made.tie("a", "b", 1990, 1998)])
    assert atlas.relationships["last_year"].tolist() == [1998]
    problem = sole(atlas)
    assert place(problem) == ("relationships.csv", 2, "end_year", "1998")
    assert problem.message == "1998 is after the last year of 'b', 1995 (groups.csv:3)"
    assert not atlas.report.failed


def test_an_open_spell_that_begins_after_a_group_ended_lasts_its_first_year(tmp_path):
    rows = [{"group_id": "a"}, {"group_id": "b", "end_year": "1995"}]
    atlas = made.atlas(tmp_path, rows, [made.tie("a", "b", 1997)])
    assert atlas.relationships["last_year"].tolist() == [1997]
    assert sole(atlas).reason == "spell-outlives-group"


def test_a_spell_that_begins_before_a_group_is_kept_with_a_warning(tmp_path):
    atlas = made.atlas(tmp_path, made.groups("a", "b"), [made.tie("a", "b", 1985, 1995)])
    assert atlas.relationships["first_year"].tolist() == [1985]
    assert place(sole(atlas)) == ("relationships.csv", 2, "start_year", "1985")
    assert not atlas.report.failed


def test_a_year_as_spreadsheets_write_it_is_a_year(tmp_path):
    atlas, row = group(tmp_path, start_year="1985.0", end_year=" 1990 ")
    assert (row["first_year"], row["last_year"]) == (1985, 1990)
    assert atlas.report.problems == ()


# What is set aside


@pytest.mark.parametrize(
    ("column", "cell", "reason", "message", "mend"),
    [
        ("group_id", "", "id", "is empty, but is the id of the group", "give it a short unique id"),
        ("group_id", "my group", "id", "'my group' is not usable as an id", "write 'my-group'"),
        ("start_year", "", "year", "is empty, but a year is needed", "give the year"),
        ("start_year", "199", "year", "'199' is not a year from 1000 to 2999", "write four digits"),
        ("start_year", "2 May 1991", "year", "'2 May 1991' is not a year", "write 1991"),
        ("end_year", "9999", "year", "'9999' is not a year from 1000 to 2999", "leave it empty if it goes on"),
        ("end_year", "1989", "last-before-first", "1989 is before start_year 1990", "correct start_year or end_year"),
        ("end_type", "won", "vocabulary", "'won' is not one of defeated, ", "write one of them, or leave it empty"),
        ("ideologies", "other|leftists", "vocabulary", "'leftists' is not one of islamist, ", "write leftist"),
        ("ideologies", "islamist,other", "vocabulary", "'islamist,other' is not one of", "write islamist|other"),
        ("religion", "Sunni", "vocabulary", "'Sunni' is not one of sunni, ", "write sunni"),
        ("base_country", "lebanon", "vocabulary", "'lebanon' is not a country code of three letters", "write LBN"),
        ("precision", "town", "vocabulary", "'town' is not one of city, region, country", "write one of them"),
    ],
)
def test_groups_that_are_set_aside(tmp_path, column, cell, reason, message, mend):
    atlas = made.atlas(tmp_path, [{"group_id": "a"}, {"group_id": "b", column: cell}, {"group_id": "c"}], [])
    problem = sole(atlas)
    assert place(problem) == ("groups.csv", 3, column, cell)
    assert (problem.reason, problem.severity) == (reason, Severity.ERROR_ROW)
    assert problem.message.startswith(message)
    assert mend in problem.mend
    assert atlas.groups["group_id"].tolist() == ["a", "c"]
    assert (atlas.report.read["groups.csv"], atlas.report.used["groups.csv"]) == (3, 2)
    assert atlas.report.failed


@pytest.mark.parametrize(
    ("column", "cell", "reason", "message", "mend"),
    [
        ("relationship_id", "a/b", "id", "'a/b' is not usable as an id", "write 'a-b'"),
        ("group_a", "", "end-set-aside", "is empty, but a group is needed", "write a group_id of groups.csv"),
        ("group_b", "zulu", "end-set-aside", "'zulu' is not in groups.csv", "add the group to groups.csv"),
        ("group_b", "Brovo", "end-set-aside", "'Brovo' is not in groups.csv", "write 'bravo'"),
        ("group_b", "alpha", "self-loop", "'alpha' stands at both ends", "correct group_a or group_b"),
        ("start_year", "", "year", "is empty, but a year is needed", "give the year"),
        ("start_year", "-5", "year", "'-5' is not a year", "write four digits"),
        ("end_year", "now", "year", "'now' is not a year", "leave it empty if it goes on"),
        ("end_year", "1989", "last-before-first", "1989 is before start_year 1990", "correct start_year or end_year"),
        ("relation", "", "vocabulary", "is empty, but must be one of ally, ", "write one of them"),
        ("relation", "allly", "vocabulary", "'allly' is not one of ally, ", "write ally"),
        ("cooperation", "moral", "vocabulary", "'moral' is not one of operational, ", "write one of them"),
        ("cooperation", "none|material", "vocabulary", "'none|material' says none and something else too", "leave out none"),
        ("cooperation", "training & material", "vocabulary", "'training & material' is not", "write training|material"),
        ("direction", "both", "vocabulary", "'both' is not one of mutual, a_to_b, b_to_a", "write one of them"),
        ("confidence", "hi", "vocabulary", "'hi' is not one of low, medium, high", "write one of them"),
    ],
)  # fmt: skip
def test_relationships_that_are_set_aside(tmp_path, column, cell, reason, message, mend):
    good, bad = made.tie("alpha", "charlie", 1990), made.tie("alpha", "bravo", 1990, relationship_id="bad")
    rows = made.groups("alpha", "bravo", "charlie")
    atlas = made.atlas(tmp_path, rows, [good, {**bad, column: cell}, made.tie("bravo", "charlie", 1990)])
    problem = sole(atlas)
    assert place(problem) == ("relationships.csv", 3, column, cell)
    assert (problem.reason, problem.severity) == (reason, Severity.ERROR_ROW)
    assert problem.message.startswith(message)
    assert mend in problem.mend
    assert atlas.relationships["relationship_id"].tolist() == ["alpha--charlie--1990", "bravo--charlie--1990"]
    assert (atlas.report.read["relationships.csv"], atlas.report.used["relationships.csv"]) == (3, 2)
    assert atlas.report.failed


def test_a_relationship_without_id_is_set_aside(tmp_path):
    atlas = made.atlas(tmp_path, made.groups("a", "b"), [made.tie("a", "b", 1990, relationship_id=" ")])
    assert place(sole(atlas)) == ("relationships.csv", 2, "relationship_id", "")
    assert len(atlas.relationships) == 0


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("from_id", "zulu", "end-set-aside"),
        ("to_id", "", "end-set-aside"),
        ("to_id", "a", "self-loop"),
        ("year", "", "year"),
        ("kind", "", "vocabulary"),
        ("kind", "divorced", "vocabulary"),
    ],
)
def test_lineage_that_is_set_aside(tmp_path, column, cell, reason):
    good = {"from_id": "a", "to_id": "b"}
    atlas = made.atlas(tmp_path, made.groups("a", "b"), [], kin=[good, {**good, column: cell}])
    problem = sole(atlas)
    assert (*place(problem), problem.reason) == ("lineage.csv", 3, column, cell, reason)
    assert len(atlas.lineage) == 1
    assert atlas.report.failed


def test_a_source_without_id_is_set_aside(tiny_dir):
    edit(tiny_dir / "sources.csv", "s2,", ",")
    atlas = load(tiny_dir)
    assert atlas.sources["source_id"].tolist() == ["s1", "s3"]
    problem = next(p for p in atlas.report.problems if p.file == "sources.csv")
    assert place(problem) == ("sources.csv", 3, "source_id", "")
    assert problem.set_aside
    others = [p for p in atlas.report.problems if p is not problem]
    assert others
    assert {p.reason for p in others} == {"unknown-source"}
    assert len(atlas.groups) == 8


@pytest.mark.parametrize(
    ("table", "column"),
    [("groups.csv", "group_id"), ("relationships.csv", "relationship_id"), ("sources.csv", "source_id")],
)
def test_the_first_row_of_a_repeated_id_stays(tiny_dir, table, column):
    before = load(tiny_dir)
    lines = (tiny_dir / table).read_text(encoding="utf-8").splitlines()
    repeated = (
        lines[1].replace("Alpha Front", "Impostor").replace("Shared camps", "Impostor").replace("Book", "Impostor")
    )
    (tiny_dir / table).write_text("\n".join([*lines, repeated, ""]), encoding="utf-8")
    atlas = load(tiny_dir)
    problem = sole(atlas)
    assert place(problem) == (table, len(lines) + 1, column, lines[1].split(",")[0])
    assert (problem.reason, problem.set_aside) == ("repeated-id", True)
    for name in ("groups", "relationships", "sources"):
        pd.testing.assert_frame_equal(pd.DataFrame(getattr(atlas, name)), pd.DataFrame(getattr(before, name)))


def test_of_a_repeated_id_the_first_usable_row_stays(tmp_path):
    rows = [
        {"group_id": "a", "name": "Unusable", "start_year": ""},
        {"group_id": "a", "name": "Second"},
        {"group_id": "a", "name": "Third"},
    ]
    atlas = made.atlas(tmp_path, rows, [])
    assert atlas.groups["name"].tolist() == ["Second"]
    assert [(p.line, p.reason) for p in atlas.report.problems] == [(2, "year"), (4, "repeated-id")]


def test_an_end_that_was_set_aside_takes_its_relationships_and_lineage_along(tmp_path):
    rows = [*made.groups("a", "b"), {"group_id": "c", "start_year": "?"}]
    ties = [made.tie("a", "b", 1990), made.tie("b", "c", 1990)]
    atlas = made.atlas(tmp_path, rows, ties, kin=[{"from_id": "c", "to_id": "a"}])
    assert [place(p) for p in atlas.report.problems] == [
        ("groups.csv", 4, "start_year", "?"),
        ("relationships.csv", 3, "group_b", "c"),
        ("lineage.csv", 2, "from_id", "c"),
    ]
    assert atlas.report.problems[1].message == "group 'c' is itself set aside (groups.csv:4)"
    assert (len(atlas.relationships), len(atlas.lineage)) == (1, 0)


def test_an_end_whose_row_is_broken_is_named_too(tiny_dir):
    edit(tiny_dir / "groups.csv", "golf,Golf Guard,,", "golf,Golf Guard,")
    ragged, end = load(tiny_dir).report.problems
    assert (ragged.file, ragged.line, ragged.message) == ("groups.csv", 8, "13 fields, expected 14")
    assert end.message == "group 'golf' is itself set aside (groups.csv:8)"


def test_every_fault_of_a_row_is_named_and_its_row_is_counted_once(tmp_path):
    bad = made.tie("a", "b", 1990, relation="friend", cooperation="moral", confidence="sure")
    atlas = made.atlas(tmp_path, made.groups("a", "b"), [bad])
    assert sorted(p.column for p in atlas.report.problems) == ["confidence", "cooperation", "relation"]
    assert {p.line for p in atlas.report.problems} == {2}
    assert "relationships.csv: 0 of 1 rows used, 1 set aside" in atlas.report.summary()


# What is kept although it is odd


@pytest.mark.parametrize(
    ("lat", "lon", "column", "message", "mend"),
    [
        ("north", "35.5", "lat", "'north' is not a number", "write degrees with a decimal point"),
        ("33,89", "35.5", "lat", "'33,89' is not a number", "write 33.89"),
        ("33.89", "nan", "lon", "'nan' is not a number", "write degrees"),
        ("33.89", "inf", "lon", "'inf' is not a number", "write degrees"),
        ("90.5", "135.5", "lat", "'90.5' is not within -90 and 90", "correct the degrees"),
        ("135.5", "35.5", "lat", "'135.5' is not within -90 and 90", "exchange lat and lon"),
        ("33.89", "1e999", "lon", "'1e999' is not within -180 and 180", "correct the degrees"),
        ("33.89", "", "lon", "is empty, but lat is not", "add lon"),
        ("", "35.5", "lat", "is empty, but lon is not", "add lat"),
    ],
)
def test_an_unusable_position_is_reported_and_its_group_kept(tmp_path, lat, lon, column, message, mend):
    atlas, row = group(tmp_path, lat=lat, lon=lon)
    assert row["geometry"] is None
    problem = sole(atlas)
    assert place(problem) == ("groups.csv", 2, column, {"lat": lat, "lon": lon}[column])
    assert problem.message.startswith(message)
    assert "the group is not located" in problem.message
    assert mend in problem.mend
    assert problem.severity is Severity.ERROR_VALUE
    assert atlas.report.failed
    assert atlas.report.used["groups.csv"] == 1


@pytest.mark.parametrize(("lat", "lon"), [("90", "180"), ("-90", "-180"), ("0", "0"), ("+1.5e1", ".5")])
def test_positions_at_the_limits_are_positions(tmp_path, lat, lon):
    atlas, row = group(tmp_path, lat=lat, lon=lon, base_country="")
    assert (row["geometry"].y, row["geometry"].x) == (float(lat), float(lon))
    assert atlas.report.problems == ()


@pytest.mark.parametrize(
    ("given", "kept"), [("a_to_b", "b_to_a"), ("b_to_a", "a_to_b"), ("mutual", "mutual"), ("", "")]
)
def test_ends_in_the_wrong_order_are_swapped_with_their_direction(tmp_path, given, kept):
    atlas = made.atlas(tmp_path, made.groups("a", "b"), [made.tie("b", "a", 1990, direction=given)])
    row = atlas.relationships.iloc[0]
    assert (row["group_a"], row["group_b"], row["direction"]) == ("a", "b", kept)
    assert (row["a"], row["b"]) == (0, 1)
    problem = sole(atlas)
    assert place(problem) == ("relationships.csv", 2, "group_a", "b")
    assert ("the direction with them" in problem.message) == (given != kept)
    assert not atlas.report.failed


def test_both_orders_of_a_pair_are_one_dyad(tmp_path):
    ties = [made.tie("b", "a", 1990, 1991), made.tie("a", "b", 1995, 1996), made.tie("a", "c", 1990)]
    atlas = made.atlas(tmp_path, made.groups("c", "b", "a"), ties)
    dyads = atlas.relationships.groupby("dyad")["relationship_id"].apply(set).tolist()
    assert sorted(map(sorted, dyads)) == [["a--b--1995", "b--a--1990"], ["a--c--1990"]]


@pytest.mark.parametrize("cell", ["", "s1|missing"])
def test_rows_without_known_source_are_kept_with_a_warning(tmp_path, cell):
    atlas, row = tie(tmp_path, source_ids=cell)
    assert row["source_ids"] == tuple(cell.split("|")) if cell else row["source_ids"] == ()
    assert place(sole(atlas)) == ("relationships.csv", 2, "source_ids", cell)
    assert not atlas.report.failed


@pytest.mark.parametrize("url", ["javascript:alert(1)", "www.example.org", "https://a b"])
def test_an_address_that_is_none_is_left_out(tiny_dir, url):
    edit(tiny_dir / "sources.csv", "https://example.org/book", url)
    atlas = load(tiny_dir)
    assert atlas.sources["url"].tolist() == ["", "", "https://example.org/report"]
    assert place(sole(atlas)) == ("sources.csv", 2, "url", url)
    assert atlas.report.failed


def test_a_base_far_from_its_country_is_kept_where_it_is(tmp_path):
    atlas, row = group(tmp_path, base_country="COL")
    assert (row["geometry"].x, row["geometry"].y) == (35.5, 33.89)
    assert (sole(atlas).reason, sole(atlas).severity) == ("far-from-country", Severity.WARNING)
    assert not atlas.report.failed


# Lines, fields and encodings


def test_the_tiny_dataset_has_nothing_to_report(tiny_atlas):
    assert tiny_atlas.report.problems == ()
    assert tiny_atlas.report.read == {"groups.csv": 8, "relationships.csv": 12, "sources.csv": 3, "lineage.csv": 1}
    assert tiny_atlas.report.used == tiny_atlas.report.read


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_the_file_after_quoted_newlines_and_blank_lines(tiny_dir, newline):
    path = tiny_dir / "relationships.csv"
    edit(path, "Shared camps", '"Shared\n\ncamps"')
    edit(path, "bravo--charlie--1993,", "\n ,,\nbravo--charlie--1993,")
    edit(path, "rhetorical,b_to_a", "moral,b_to_a")
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.replace("\n", newline).encode())
    atlas = load(tiny_dir)
    physical = text.split("\n")
    expected = next(i for i, line in enumerate(physical, 1) if "moral" in line)
    assert [(p.line, p.reason) for p in atlas.report.problems] == [(expected, "vocabulary")]
    lines = atlas.relationships.set_index("relationship_id")["line"]
    assert lines["alpha--bravo--1990"] == 2
    assert lines["alpha--bravo--1993"] == 5
    assert atlas.report.read["relationships.csv"] == 12


def test_a_row_with_a_quoted_newline_is_named_by_its_first_line(tiny_dir):
    edit(tiny_dir / "relationships.csv", "Overlaps the spell of 1990", '"Overlaps\nthe spell"')
    edit(tiny_dir / "relationships.csv", 'medium,"Overlaps', 'sure,"Overlaps')
    assert place(sole(load(tiny_dir))) == ("relationships.csv", 3, "confidence", "sure")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("s2,", "s2,surplus,", "4 fields, expected 3"),
        ('s2,"Author, B. 2002. Another Book.",', "s2", "1 fields, expected 3"),
    ],
)
def test_a_row_of_another_width_is_set_aside(tiny_dir, old, new, message):
    edit(tiny_dir / "sources.csv", old, new)
    problem = load(tiny_dir).report.problems[-1]
    assert (problem.file, problem.line, problem.column, problem.message) == ("sources.csv", 3, "", message)
    assert problem.set_aside


def test_a_quote_that_is_never_closed_costs_its_own_row_alone(tiny_dir):
    edit(tiny_dir / "relationships.csv", "mutual,medium,Words only", 'mutual,medium,"Words only')
    atlas = load(tiny_dir)
    problem = sole(atlas)
    assert (problem.file, problem.line, problem.reason) == ("relationships.csv", 6, "broken-quotes")
    assert len(atlas.relationships) == 11
    assert atlas.report.read["relationships.csv"] == 12


def test_a_file_of_broken_quotes_is_refused(tiny_dir):
    path = tiny_dir / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8") + 'x,"y"z,\n' * 60, encoding="utf-8")
    assert "broken quotes" in refused(tiny_dir).what


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("windows", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tiny_dir, tiny_atlas, table, windows):
    path = tiny_dir / table
    path.write_bytes(windows + path.read_bytes().replace(b"\n", b"\r\n"))
    atlas = load(tiny_dir)
    assert atlas.report.problems == ()
    for name in ("groups", "relationships", "sources", "lineage"):
        pd.testing.assert_frame_equal(pd.DataFrame(getattr(atlas, name)), pd.DataFrame(getattr(tiny_atlas, name)))


def test_a_byte_order_mark_in_the_header_file_changes_nothing(tiny_dir, tiny_atlas):
    path = tiny_dir / "dataset.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(tiny_dir).dataset.title == tiny_atlas.dataset.title


def test_letters_beyond_ascii_survive(tiny_dir):
    edit(tiny_dir / "groups.csv", "Alpha Front", "Frente Ñandú الجبهة")
    assert load(tiny_dir).groups["name"].iloc[0] == "Frente Ñandú الجبهة"


@pytest.mark.parametrize("table", [*TABLES, "dataset.toml"])
@pytest.mark.parametrize(
    ("more", "what"), [(b"\nBogot\xe1,x", "is not UTF-8 (byte 0xe1)"), (b"\nx\0y", "holds a NUL byte")]
)
def test_bytes_that_are_no_text_are_refused_with_their_line(tiny_dir, table, more, what):
    path = tiny_dir / table
    lines = path.read_bytes().count(b"\n") + 2
    path.write_bytes(path.read_bytes() + more)
    error = refused(tiny_dir)
    assert what in error.what
    assert error.where == f"{path}:{lines}"


def test_utf_16_is_named(tiny_dir):
    path = tiny_dir / "groups.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert refused(tiny_dir).what == "is encoded as UTF-16, not UTF-8"


# Files and columns


@pytest.mark.parametrize("table", ["dataset.toml", "groups.csv", "relationships.csv", "sources.csv"])
def test_a_missing_file_is_named(tiny_dir, table):
    (tiny_dir / table).unlink()
    error = refused(tiny_dir)
    assert (error.where, error.what) == (str(tiny_dir / table), "is missing")


def test_lineage_may_be_missing(tiny_dir):
    (tiny_dir / "lineage.csv").unlink()
    atlas = load(tiny_dir)
    assert len(atlas.lineage) == 0
    assert atlas.report.problems == ()


def test_nothing_an_unknown_file_and_an_unknown_folder_are_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "nowhere").what == "there is nothing at this path"
    assert refused(tmp_path / "notes.txt").what.startswith("found a file of no known format")
    assert refused(tmp_path / "empty").what.startswith("found a folder of no known format")
    for impossible in ("a\0b", tmp_path / ("long" * 200)):
        with pytest.raises(DataError):
            load(impossible)


def test_a_folder_in_place_of_a_file_is_refused(tiny_dir):
    (tiny_dir / "groups.csv").unlink()
    (tiny_dir / "groups.csv").mkdir()
    assert refused(tiny_dir).what == "is not a plain file"


def test_a_link_that_leaves_the_folder_is_refused(tiny_dir, tmp_path):
    (tiny_dir / "sources.csv").rename(tmp_path / "elsewhere.csv")
    (tiny_dir / "sources.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert refused(tiny_dir).what == "is a link that leaves the folder"


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in TABLES for column in TABLES[table]])
def test_every_column_is_needed(tiny_dir, table, column):
    path = tiny_dir / table
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    made.write(
        path, [{k: v for k, v in row.items() if k != column} for row in rows], [c for c in TABLES[table] if c != column]
    )
    error = refused(tiny_dir)
    assert error.what == f"{column} is missing from the columns"
    assert error.where == f"{path}:1"


def test_columns_may_stand_in_any_order_and_others_are_passed_over_with_a_warning(tiny_dir, tiny_atlas):
    path = tiny_dir / "relationships.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{**row, "remark": "x"} for row in csv.DictReader(file)]
    made.write(path, rows, ["remark", *reversed(RELATIONSHIP_COLUMNS)])
    atlas = load(tiny_dir)
    pd.testing.assert_frame_equal(atlas.relationships, tiny_atlas.relationships)
    problem = sole(atlas)
    assert (problem.line, problem.column, problem.severity) == (1, "remark", Severity.WARNING)


@pytest.mark.parametrize(
    ("old", "new", "what", "mend"),
    [
        ("group_id,", "Group_ID,", "group_id is missing from the columns", "rename 'Group_ID' to group_id"),
        ("name,aliases", "name,name,aliases", "column name stands twice", "leave one of them out"),
        ("group_id,name", '"group_id,name', "its header has broken quotes", "the first line must read group_id"),
    ],
)
def test_a_wrong_header_is_explained(tiny_dir, old, new, what, mend):
    edit(tiny_dir / "groups.csv", old, new)
    error = refused(tiny_dir)
    assert what in error.what
    assert error.mend.startswith(mend)


@pytest.mark.parametrize(("delimiter", "called"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_separators_are_named(tiny_dir, delimiter, called):
    path = tiny_dir / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", delimiter), encoding="utf-8")
    assert refused(tiny_dir).what == f"its columns are separated by {called}, not commas"


@pytest.mark.parametrize("content", ["", "\n", "\n\n ,,\n"])
def test_a_file_without_header_is_empty(tiny_dir, content):
    (tiny_dir / "groups.csv").write_text(content, encoding="utf-8")
    assert refused(tiny_dir).what == "is empty"


def test_rows_without_header_are_refused(tiny_dir):
    path = tiny_dir / "groups.csv"
    path.write_text(path.read_text(encoding="utf-8").split("\n", 1)[1], encoding="utf-8")
    assert refused(tiny_dir).what == "has no header: none of its columns is known"


def test_tables_may_hold_their_header_alone(tmp_path):
    atlas = made.atlas(tmp_path, [], [])
    assert (len(atlas.groups), len(atlas.relationships)) == (0, 0)
    assert atlas.groups.crs == "EPSG:4326"
    assert atlas.report.problems == ()
    assert "groups.csv: 0 of 0 rows used" in atlas.report.summary()


# dataset.toml


@pytest.mark.parametrize(
    ("old", "new", "what", "line"),
    [
        ('title = "Tiny sample"', "", "title is missing", None),
        ('title = "Tiny sample"', 'titel = "Tiny sample"', "title is missing", None),
        ('title = "Tiny sample"', "title = 5", "title: '5' is not a text", 1),
        ('version = "1.0"', 'version = " "', "version: ' ' is not a text", 2),
        ('citation = "Made', 'cite = "Made', "citation is missing", None),
        ('licence = "CC0"', "licence = [1]", "licence: '[1]' is not a text", 4),
        ("first_year = 1990", 'first_year = "1990"', "first_year: '1990' is not a year from 1000 to 2999", 5),
        ("first_year = 1990", "first_year = true", "first_year: 'True' is not a year", 5),
        ("first_year = 1990", "first_year = nan", "first_year: 'nan' is not a year", 5),
        ("first_year = 1990", "", "first_year is missing", None),
        ("last_year = 2000", "last_year = 3000", "last_year: '3000' is not a year", 6),
        ("last_year = 2000", "last_year = 1989", "last_year: 1989 is before first_year 1990", 6),
        ('status = "observed"', 'status = "guessed"', "status: 'guessed' is not one of observed, synthetic", 7),
        ('status = "observed"', "status = observed", "is not valid TOML", 7),
        ('disclaimer = "', "disclaimer = 7 #", "disclaimer: '7' is not a text", 8),
        ("disclaimer", "relation = 5\ndisclaimer", "relation: is not a list of tables", 8),
        ("disclaimer", "relation = []\ndisclaimer", "relation: is not a list of tables", 8),
    ],
)
def test_an_unusable_header_file_is_refused(tiny_dir, old, new, what, line):
    path = tiny_dir / "dataset.toml"
    edit(path, old, new)
    error = refused(tiny_dir)
    assert error.what.startswith(what)
    assert error.where == (f"{path}:{line}" if line else str(path))


HUGE = "0x" + "f" * 6000
DEEP = "title" + ".a" * 3000 + " = 1"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("first_year = 1990", f"first_year = {HUGE}", "first_year: '(int too long to be shown)' is not a year"),
        ('title = "Tiny sample"', DEEP, "title: '(dict too long to be shown)' is not a text"),
    ],
    ids=["huge", "deep"],
)
def test_values_that_python_refuses_to_write_out_are_refused_too(tiny_dir, old, new, what):
    edit(tiny_dir / "dataset.toml", old, new)
    assert refused(tiny_dir).what.startswith(what)


def test_a_colour_that_is_a_huge_number_is_left_out(tmp_path):
    atlas = made.atlas(tmp_path / "d", [], [], more=f'[[ideology]]\nid = "islamist"\ncolour = {HUGE}')
    assert sole(atlas).reason == "colour"
    assert atlas.dataset.ideologies[0].colour is None


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        ('[[ideology]]\nid = "a"\n[[ideology]]\nid = "a"', "ideology: id 'a' of entry 2 stands twice"),
        ('[[ideology]]\nid = "a"\n[[ideology]]\nid = "b c"', "ideology: id 'b c' of entry 2 is not usable"),
        ('[[cooperation]]\nid = "a"\n[[cooperation]]\nid = "none"', "cooperation: id 'none' of entry 2 is not usable"),
        ('[[relation]]\nid = "a"\n[[relation]]\nlabel = "B"', "relation: id 'None' of entry 2 is not usable"),
        ('[[relation]]\nid = "a"\n[[relation]]\nid = "b"\ncooperative = "no"', "relation: cooperative of 'b' is 'no'"),
        ('[[ideology]]\nid = "a"\n[[ideology]]\nid = "b"\nlabel = 3', "ideology: label '3' of 'b' is not a text"),
        ('[[limit]]\ntitle = "a"\ntext = "b"\n[[limit]]\ntitle = "c"', "limit: entry 2 has no title and text"),
    ],
)
def test_an_unusable_vocabulary_is_refused_with_the_line_of_its_entry(tmp_path, entries, what):
    folder = made.dataset(tmp_path / "d", [], [], more=entries)
    error = refused(folder)
    assert error.what.startswith(what)
    lines = (folder / "dataset.toml").read_text(encoding="utf-8").split("\n")
    assert error.where == f"{folder / 'dataset.toml'}:{max(i for i, line in enumerate(lines, 1) if line[:2] == '[[')}"


def test_a_dataset_brings_its_own_vocabularies(tmp_path):
    more = """
[[ideology]]
id = "green"
label = "Green"
colour = "#00FF00"
[[cooperation]]
id = "seeds"
tangible = true
[[cooperation]]
id = "songs"
[[relation]]
id = "friend"
cooperative = true
[[relation]]
id = "foe"
"""
    rows = made.groups("a", "b", ideologies="green")
    ties = [
        made.tie("a", "b", 1990, relation="friend", cooperation="songs|seeds"),
        made.tie("a", "b", 1991, relation="foe", cooperation=""),
        made.tie("a", "b", 1992, relation="ally", cooperation="material"),
    ]
    atlas = made.atlas(tmp_path, rows, ties, more=more)
    d = atlas.dataset
    assert [(t.id, t.label, t.colour) for t in d.ideologies] == [("green", "Green", "#00ff00")]
    assert d.tangible_types == ("seeds",)
    assert (d.cooperative_kinds, d.other_kinds) == (("friend",), ("foe",))
    assert atlas.relationships["kind"].tolist() == ["friend", "foe"]
    assert {(p.line, p.column) for p in atlas.report.problems} == {(4, "relation"), (4, "cooperation")}


def test_without_own_vocabularies_those_of_the_contract_hold(tiny_atlas):
    d = tiny_atlas.dataset
    assert d.cooperative_kinds == ("ally", "associate", "supporter", "fan")
    assert d.tangible_types == ("operational", "material", "financial", "training", "territorial")
    assert len(d.ideologies) == 7


@pytest.mark.parametrize(
    ("more", "reason", "line", "failed"),
    [
        ('[[ideology]]\nid = "islamist"\ncolour = "red"', "colour", 9, True),
        ('[[ideology]]\nid = "islamist"\ncolor = "#ff0000"', "unknown-key", 9, False),
        ('[[relation]]\nid = "ally"', "no-alliances", 9, False),
        ('licens = "x"', "unknown-key", 9, False),
    ],
)
def test_oddities_of_the_header_file_are_reported(tmp_path, more, reason, line, failed):
    atlas = made.atlas(tmp_path / "d", [], [], more=more)
    problem = sole(atlas)
    assert (problem.file, problem.line, problem.reason) == ("dataset.toml", line, reason)
    assert atlas.report.failed == failed


def test_the_status_says_whether_data_are_made_up(tmp_path, tiny_atlas):
    assert made.atlas(tmp_path, [], [], status="synthetic").dataset.synthetic
    assert not tiny_atlas.dataset.synthetic


# The report and the fingerprint


def test_a_problem_reads_as_one_line_with_file_line_column_value_and_mend(tmp_path):
    bad = made.tie("a", "b", 1990, cooperation="moral")
    assert made.atlas(tmp_path, made.groups("a", "b"), [bad]).report.lines() == (
        "relationships.csv:2: cooperation: 'moral' is not one of operational, material, financial, training, "
        "territorial, rhetorical; mend: write one of them, or leave the value empty if it is not known",
    )


def test_warnings_say_that_they_are(tmp_path):
    atlas, _ = group(tmp_path, name="")
    assert atlas.report.lines()[0].startswith("groups.csv:2: name: warning: is empty, 'a' is shown instead; mend: ")


@pytest.mark.parametrize(
    "nasty", ["\x1b[31mred", "two\nlines", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "x" * 5000]
)
def test_text_of_a_file_stands_in_a_problem_escaped_and_shortened(tmp_path, nasty):
    atlas = made.atlas(tmp_path, [{"group_id": "a", "religion": nasty}], [])
    problem = sole(atlas)
    assert problem.value == nasty
    assert len(str(problem)) < 400


def test_names_of_unknown_columns_and_keys_are_escaped_too(tmp_path):
    folder = made.dataset(tmp_path / "d", [], [], more='"two\\nlines" = 1')
    assert sole(load(folder)).column == "two\nlines"
    edit(folder / "dataset.toml", '"two\\nlines" = 1', "")
    edit(folder / "groups.csv", "source_ids", 'source_ids,"two\nlines \x1b[31m"')
    assert sole(load(folder)).column == "two\nlines \x1b[31m"


def test_problems_stand_in_the_order_of_files_and_lines(tmp_path):
    rows = [{"group_id": "a", "name": ""}, {"group_id": "b", "religion": "x"}, {"group_id": "c", "precision": "x"}]
    ties = [made.tie("c", "a", 1990), made.tie("a", "zulu", 1990)]
    atlas = made.atlas(tmp_path, rows, ties, kin=[{"from_id": "b", "to_id": "a"}], more='extra = "x"')
    found = [(p.file, p.line) for p in atlas.report.problems]
    assert found == [
        ("dataset.toml", 9), ("groups.csv", 2), ("groups.csv", 3), ("groups.csv", 4), ("relationships.csv", 2),
        ("relationships.csv", 3), ("lineage.csv", 2),
    ]  # fmt: skip


def test_the_fingerprint_changes_with_any_file(tiny_dir, tiny_atlas):
    assert load(tiny_dir).dataset.hash == tiny_atlas.dataset.hash
    seen = {tiny_atlas.dataset.hash}
    for name in ("dataset.toml", *TABLES):
        path = tiny_dir / name
        path.write_bytes(path.read_bytes() + b"\n")
        seen.add(load(tiny_dir).dataset.hash)
    assert len(seen) == 6
