"""Tables of pairs with a mapping.toml, in every format; what inspect proposes; all rows are made up."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from data.errors import DataError
from data.inspection import inspect
from data.model import Atlas, Severity
from data.readers import load
from tests.conftest import TINY
from tests.unit.test_dyad_years import ROWS, TIES, row, text, ties

FRAME = pd.DataFrame(
    {
        "who": ["Alpha", "Bravo", "Charlie", "Bravo"],
        "whom": ["Bravo", "Charlie", "Delta", "Alpha"],
        "begun": ["1990", "1991-03-01", "1992", "1990"],
        "over": ["1995", "", "1991", "1995"],
        "what": ["pact", "pact", "feud", "pact"],
        "because": ["Signed", "", "", "Signed again"],
    }
)
MAPPING = """
[columns]
group_a = "who"
group_b = "whom"
first_year = "begun"
last_year = "over"
kind = "what"
note = "because"
[kinds]
pact = "ally"
feud = "rival"
[dataset]
title = "Pacts"
version = "2"
last_year = 1999
"""


def put(folder: Path, mapping: str = MAPPING, **files: str) -> Path:
    """The table as CSV with a mapping beside it, and further text files by name."""
    FRAME.to_csv(folder / "pacts.csv", index=False)
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    for name, content in files.items():
        (folder / name.replace("_csv", ".csv")).write_text(content, encoding="utf-8")
    return folder / "pacts.csv"


def refused(path: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        load(path)
    assert str(caught.value).isprintable()
    return caught.value


def same(atlas: Atlas) -> None:
    assert ties(atlas) == [("alpha", "bravo", 1990, 1995, "ally", ""), ("bravo", "charlie", 1991, None, "ally", "")]
    assert atlas.relationships["note"].tolist() == ["Signed; Signed again", ""]
    (problem,) = atlas.report.problems
    assert (problem.line, problem.column, problem.reason) == (4, "over", "last-before-first")
    assert (sum(atlas.report.used.values()), sum(atlas.report.read.values())) == (3, 4)


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx", ".parquet", ".gpkg", ".dta"])
def test_a_table_of_spells_is_read_in_every_format(tmp_path, ending):
    path = put(tmp_path).with_suffix(ending)
    if ending == ".tsv":
        FRAME.to_csv(path, index=False, sep="\t")
    elif ending == ".xlsx":
        FRAME.to_excel(path, index=False)
    elif ending == ".parquet":
        import duckdb

        duckdb.read_csv(str(tmp_path / "pacts.csv"), all_varchar=True).write_parquet(str(path))
    elif ending == ".gpkg":
        lines = [shapely.LineString([(35.5, 33.9), (44.4, 33.3)])] * 4
        gpd.GeoDataFrame(FRAME, geometry=lines, crs="EPSG:4326").to_file(path)
    elif ending == ".dta":
        FRAME.to_stata(path, write_index=False)
    same(load(path))


def test_of_a_geopackage_the_ends_of_the_lines_are_the_bases(tmp_path):
    lines = gpd.GeoSeries([shapely.LineString([(35.5, 33.9), (44.4, 33.3)])] * 4, crs="EPSG:4326")
    gpd.GeoDataFrame(FRAME, geometry=lines).to_crs("EPSG:3857").to_file(tmp_path / "pacts.gpkg")
    put(
        tmp_path,
        MAPPING.replace("[kinds]", "".join(f'{k} = "{k}"\n' for k in ("lat_a", "lon_a", "lat_b", "lon_b")) + "[kinds]"),
    )
    point = load(tmp_path / "pacts.gpkg").groups.geometry.iloc[0]
    assert (round(point.x, 4), round(point.y, 4)) == (35.5, 33.9)


def test_a_folder_names_its_table_in_the_mapping(tmp_path):
    put(tmp_path, 'file = "pacts.csv"\n' + MAPPING)
    atlas = load(tmp_path)
    same(atlas)
    assert (atlas.dataset.title, atlas.dataset.version, atlas.dataset.last_year) == ("Pacts", "2", 1999)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("pacts.csv", "mapping.toml"):
            archive.write(tmp_path / name, name)
    same(load(tmp_path / "all.zip"))


def test_a_mapping_of_one_file_is_not_that_of_another(tmp_path):
    path = put(tmp_path, 'file = "other.csv"\n' + MAPPING)
    assert "nothing says what its columns stand for" in refused(path).what
    (tmp_path / "pacts.csv.mapping.toml").write_text(MAPPING, encoding="utf-8")
    same(load(path))


def test_the_fingerprint_changes_with_the_mapping(tmp_path):
    path = put(tmp_path)
    before = load(path).dataset.hash
    put(tmp_path, MAPPING + "# more")
    assert load(path).dataset.hash != before


@pytest.mark.parametrize(
    ("old", "new", "what", "line"),
    [
        ("[columns]", "[colums]", "colums: 'colums' is not known in mapping.toml", 2),
        ('group_a = "who"', 'gruop_a = "who"', "gruop_a: 'gruop_a' is not known in [columns]", 3),
        ('group_a = "who"', "group_a = 3", "group_a: '3' of [columns] is not a text", 3),
        ('group_a = "who"', 'group_a = "whoo"', "group_a is column 'whoo', which pacts.csv does not have", None),
        ('group_a = "who"', "", "no column of pacts.csv is known to be group_a", None),
        ('first_year = "begun"\nlast_year = "over"', "", "no column of pacts.csv is known to be year (or first_year)", None),
        ('feud = "rival"', 'feud = "enemies"', "feud: 'enemies' is no kind", 11),
        ('version = "2"', "version = 2", "version: '2' of [dataset] is not a text", 14),
        ("last_year = 1999", 'last_year = "1999"', "last_year: '1999' is not a year", 6),
        ("[dataset]", "[dataset]\nstatus = \"made\"", "status: 'made' is not known", 13),
        ("[kinds]", 'missing = "x"\n[kinds]', "missing: 'missing' is not known in [columns]", 9),
        ("\n[columns]", 'missing = "x"\n[columns]', "missing: is not a list of texts", 1),
        ("\n[columns]", "directed = 1\n[columns]", "directed: is '1'", 1),
        ("\n[columns]", "kinds = 1\n[columns]", "is not valid TOML", None),
        ('title = "Pacts"', "title = Pacts", "is not valid TOML", 13),
        ("[kinds]", '[types]\n"a b" = "what"\n[kinds]', "a b: 'a b' is not usable as an id", 10),
        ("[kinds]", '[groups]\nfile = "none.csv"\n[kinds]', "is missing, but stands under [groups]", None),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_says_where_and_how_to_mend_it(tmp_path, old, new, what, line):
    assert old in MAPPING
    error = refused(put(tmp_path, MAPPING.replace(old, new, 1)))
    assert error.what.startswith(what)
    assert error.mend
    if line:
        assert error.where == f"{tmp_path / 'mapping.toml'}:{line}"


GROUPS = """label,full,land,politics,from,until
alpha,The Alpha Front,Lebanon,Islamist|Green,1980,1996
Bravo,,Iraq,,1985,
Echo,Echo Army,Iran,,1970,1971
Alpha,Twice,Syria,,1980,
Foxtrot,,,,,
"""
GROUP_MAPPING = """
[groups]
file = "g.csv"
id = "label"
name = "full"
country = "land"
ideology = "politics"
born = "from"
died = "until"
[ideologies]
Green = "other"
"""


def test_facts_of_groups_come_from_a_file_of_groups(tmp_path):
    atlas = load(put(tmp_path, MAPPING + GROUP_MAPPING, g_csv=GROUPS))
    groups = atlas.groups.set_index("group_id")
    assert groups["name"].to_dict() == {
        "the-alpha-front": "The Alpha Front", "bravo": "Bravo", "echo-army": "Echo Army", "charlie": "Charlie",
    }  # fmt: skip
    assert groups.loc["the-alpha-front", ["first_year", "last_year"]].tolist() == [1980, 1996]
    assert groups.loc["the-alpha-front", "ideologies"] == ("islamist", "other")
    assert groups.loc["bravo", "ended"] == False  # noqa: E712 - a numpy bool
    assert groups.loc["charlie", ["first_year", "ended"]].tolist() == [1991, False]
    assert groups["base_country"].to_dict()["echo-army"] == "IRN"
    assert atlas.report.read == {"g.csv": 5, "pacts.csv": 4}
    assert atlas.report.used == {"g.csv": 3, "pacts.csv": 3}
    found = [(p.file, p.line, p.reason) for p in atlas.report.problems if p.severity is Severity.ERROR_ROW]
    assert found == [("g.csv", 5, "repeated-id"), ("g.csv", 6, "year"), ("pacts.csv", 4, "last-before-first")]
    assert [(away.file, away.line) for away in atlas.report.away] == [place[:2] for place in found]


def test_a_group_that_is_set_aside_takes_every_row_of_its_relationships_along(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(text(ROWS), encoding="utf-8")
    (tmp_path / "g.csv").write_text("name,born,died\nAlpha,1990,1980\n", encoding="utf-8")
    columns = 'group_a = "Group1_Name"\ngroup_b = "Group2_Name"\nyear = "Year"\nkind = "RelationshipType"\n'
    mapping = f'[columns]\n{columns}[groups]\nfile = "g.csv"\n'
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    report = load(path).report
    away = [(p.file, p.line) for p in report.problems if p.set_aside]
    assert away == [("g.csv", 2), *(("pairs.csv", line) for line in range(2, 12))]
    assert report.rows() == ("g.csv: 0 of 1 rows used, 1 set aside", "pairs.csv: 2 of 12 rows used, 10 set aside")


def test_a_zip_bomb_in_an_excel_file_is_refused(tmp_path):
    path = put(tmp_path).with_suffix(".xlsx")
    FRAME.to_excel(path, index=False)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * 5_000_000)
    assert "times its size" in refused(path).what


def test_a_sheet_that_is_not_there_is_named(tmp_path):
    path = put(tmp_path, 'sheet = "two"\n' + MAPPING).with_suffix(".xlsx")
    FRAME.to_excel(path, index=False, sheet_name="one")
    error = refused(path)
    assert (error.what, error.mend) == ("has no sheet 'two'", "name one of 'one'")


def test_a_link_beside_a_table_is_not_followed(tmp_path):
    (tmp_path / "d").mkdir()
    path = put(tmp_path / "d", MAPPING + GROUP_MAPPING)
    (tmp_path / "g.csv").write_text(GROUPS, encoding="utf-8")
    (tmp_path / "d" / "g.csv").symlink_to(tmp_path / "g.csv")
    assert refused(path).what == "is a link that leaves the folder"


# What inspect proposes


def test_inspect_proposes_a_mapping_that_reads_the_file_as_it_is_read_without(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(text(ROWS), encoding="utf-8")
    lines = inspect(path)
    mapping = tomllib.loads("\n".join(lines))
    assert mapping["file"] == "pairs.csv"
    assert mapping["columns"] == {
        "group_a": "Group1_Name", "group_b": "Group2_Name", "year": "Year", "kind": "RelationshipType",
    }  # fmt: skip
    assert mapping["kinds"] == {"Allies": "ally", "Supporters": "supporter", "Fans": "fan", "Rivals": "rival"}
    assert "# 4 groups, 0 located; 6 relationships, 5 co-operative ones of 3 pairs; 1990 to 1997." in lines
    assert any(line.endswith("# name and content") for line in lines)
    (tmp_path / "mapping.toml").write_text("\n".join(lines), encoding="utf-8")
    assert ties(load(path)) == ties(load(tmp_path)) == TIES


def test_inspect_says_what_is_missing_and_what_is_not_known(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('who,whom,kind,"odd\nname"\nA,B,1,x\nC,D,2,y\n', encoding="utf-8")
    lines = inspect(path)
    tomllib.loads("\n".join(lines))
    assert [line for line in lines if "?" in line] == [
        '# group_a = "?"  # needed: name of the group, or its id where there is no name',
        '# group_b = "?"  # needed: name of the group, or its id where there is no name',
        '# year = "?"  # needed: the year, in a table with a row for each pair and year',
        '# "1" = "?"  # not known: write one of ally, associate, supporter, fan, rival, competitor, or "keep out"',
        '# "2" = "?"  # not known: write one of ally, associate, supporter, fan, rival, competitor, or "keep out"',
    ]
    assert "# not used: column 'who'" in lines
    assert any(
        line.startswith("# As it is it cannot be read: no column of x.csv is known to be group_a") for line in lines
    )


def test_inspect_of_a_folder_with_one_table_proposes_its_mapping(tmp_path):
    (tmp_path / "pairs.csv").write_text(text(ROWS), encoding="utf-8")
    assert 'file = "pairs.csv"' in inspect(tmp_path)


def test_inspect_of_what_a_reader_knows_says_what_it_gives(tmp_path):
    lines = inspect(TINY)
    assert lines[0].startswith("Read as a folder with dataset.toml")
    assert lines[1] == "8 groups, 7 located; 12 relationships, 10 co-operative ones of 9 pairs; 1990 to 2000."
    same_lines = inspect(put(tmp_path))
    assert same_lines[0].startswith("Read as a table of pairs")
    with pytest.raises(DataError, match="there is nothing at this path"):
        inspect(tmp_path / "nowhere")


def test_a_table_that_is_not_understood_leads_to_inspect(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "inspect x.csv > mapping.toml" in refused(path).mend
    assert row("A", "B", 1)["Year"] == 1
