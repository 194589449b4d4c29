"""Tables of dyad-years, their columns found by name and content; all rows are made up."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.errors import DataError
from data.index import index
from data.model import Atlas, Severity
from data.panel import by_year
from data.readers import load

TYPES = ("operational", "material", "territorial", "training", "financial")


def row(a: str, b: str, year: object, kind: str = "Allies", codes: str = "00000", **more: object) -> dict[str, object]:
    """One dyad-year; a letter of ``codes`` is 1, 0 or "-" (not coded), in the order of TYPES."""
    coded = {f"coop_{type_}": "" if code == "-" else code for type_, code in zip(TYPES, codes, strict=True)}
    return {"Group1_Name": a, "Group2_Name": b, "Year": year, "RelationshipType": kind, **coded, **more}


def text(rows: Sequence[Mapping[str, object]], delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read(folder: Path, *rows: Mapping[str, object], name: str = "pairs.csv", mapping: str = "") -> Atlas:
    path = folder / name
    path.write_text(text(rows), encoding="utf-8")
    if mapping:
        (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    return load(path)


def ties(atlas: Atlas) -> list[tuple[str, str, int, int | None, str, str]]:
    """(a, b, first, last or None while open, kind, types, "none", or "" where not coded)."""
    return [
        (
            r["group_a"], r["group_b"], r["first_year"], None if r["open"] else r["last_year"], r["kind"],
            "|".join(r["types"]) or ("none" if r["coded"] else ""),
        )
        for r in atlas.relationships.to_dict("records")
    ]  # fmt: skip


ROWS = [
    *(row("Alpha", "Bravo", year, codes="10000") for year in (1990, 1991, 1992, 1995)),
    *(row("Bravo", "Alpha", year, codes="10000") for year in (1990, 1991, 1992, 1995)),
    row("Alpha", "Bravo", 1993, codes="11000"),
    row("Alpha", "Charlie", 1994, "Supporters", "-----"),
    row("Charlie", "Delta", 1996, "Fans", "00000"),
    row("Charlie", "Delta", 1997, "Rivals", "-----"),
]
TIES = [
    ("alpha", "bravo", 1990, 1992, "ally", "operational"),
    ("alpha", "bravo", 1993, 1993, "ally", "operational|material"),
    ("alpha", "bravo", 1995, 1995, "ally", "operational"),
    ("alpha", "charlie", 1994, 1994, "supporter", ""),
    ("charlie", "delta", 1996, 1996, "fan", "none"),
    ("charlie", "delta", 1997, None, "rival", ""),
]


def written(folder: Path, ending: str) -> Path:
    """The rows in a format, as its usual software writes it."""
    path = folder / f"pairs{ending}"
    frame = pd.DataFrame(ROWS)
    for name in [c for c in frame if c.startswith("coop_")]:
        frame[name] = pd.to_numeric(frame[name], errors="coerce")  # so 1 and 0 become 1.0 and 0.0 beside empty cells
    if ending == ".csv":
        frame.to_csv(path, index=False)
    elif ending == ".tab":
        frame.to_csv(path, index=False, sep="\t", na_rep="NA", quoting=csv.QUOTE_NONNUMERIC)
    elif ending == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        frame["RelationshipType"] = frame["RelationshipType"].astype("category")
        frame.to_stata(path, write_index=False, version=int(ending.removeprefix(".dta") or 118))
        path = path.rename(folder / "pairs.dta")
    return path


@pytest.mark.parametrize("ending", [".csv", ".tab", ".xlsx", ".dta", ".dta114", ".dta117", ".dta119"])
def test_every_format_gives_the_same_relationships(tmp_path, ending):
    atlas = load(written(tmp_path, ending))
    assert ties(atlas) == TIES
    assert list(atlas.report.read.values()) == list(atlas.report.used.values()) == [12]
    assert atlas.report.problems == ()
    assert atlas.groups["name"].tolist() == ["Alpha", "Bravo", "Charlie", "Delta"]
    assert atlas.dataset.types[0].id == "operational"
    assert (atlas.dataset.first_year, atlas.dataset.last_year) == (1990, 1997)


def test_the_years_of_the_series_are_those_of_the_rows(tmp_path):
    index_ = index(load(written(tmp_path, ".csv")))
    counted = by_year(index_).count(np.ones(len(index_.alliances), dtype=bool))
    assert counted.tolist() == [1, 1, 1, 1, 1, 1, 1, 0]


def test_the_report_says_what_was_taken_for_what_and_how_sure_it_is(tmp_path):
    notes = load(written(tmp_path, ".csv")).report.notes
    assert "group_a is column 'Group1_Name' (name and content)." in notes
    assert "kind is column 'RelationshipType' (name and content)." in notes
    assert "material is column 'coop_material' (name and content)." in notes
    assert "12 rows of dyad-years became 6 relationships; both orders of a pair are one." in notes


def test_columns_of_any_name_are_found_by_their_content(tmp_path):
    rows = [
        {"x1": r["Group1_Name"], "x2": r["Group2_Name"], "x3": r["Year"], "x4": r["RelationshipType"]} for r in ROWS
    ]
    atlas = read(tmp_path, *rows)
    assert [tie[:5] for tie in ties(atlas)] == [
        ("alpha", "bravo", 1990, 1993, "ally"),
        ("alpha", "bravo", 1995, 1995, "ally"),
        *(tie[:5] for tie in TIES[3:]),
    ]
    assert "year is column 'x3' (content alone: look at its name)." in atlas.report.notes
    assert not atlas.relationships["coded"].any()


@pytest.mark.parametrize(
    ("codes", "expected"),
    [("00000", "none"), ("-----", ""), ("0000-", ""), ("1----", "operational"), ("00001", "financial"), ("-1-1-", "material|training")],
)  # fmt: skip
def test_not_coded_is_kept_apart_from_absent(tmp_path, codes, expected):
    rows = [row("A", "B", 1990, codes=codes), row("C", "D", 1990, codes="01010"), row("C", "D", 1991, codes="10101")]
    assert ties(read(tmp_path, *rows))[0][5] == expected


def test_both_orders_of_a_pair_say_one_thing(tmp_path):
    rows = [row("A", "B", 1990, codes="10-0-"), row("B", "A", 1990, codes="01-10"), row("B", "A", 1991, codes="11-10")]
    assert ties(read(tmp_path, *rows)) == [("a", "b", 1990, None, "ally", "operational|material|training")]


def test_two_kinds_of_one_pair_in_one_year_are_two_relationships_of_one_dyad(tmp_path):
    atlas = read(
        tmp_path, row("A", "B", 1990, "Supporters"), row("B", "A", 1990, "Allies"), row("C", "D", 1990, "Fans")
    )
    assert [tie[4] for tie in ties(atlas)] == ["ally", "supporter", "fan"]
    assert atlas.relationships["dyad"].nunique() == 2


def test_direction_is_not_stated_unless_the_mapping_says_so(tmp_path):
    rows = [row("A", "B", 1990), row("D", "C", 1990), row("E", "F", 1990), row("F", "E", 1990)]
    assert set(read(tmp_path, *rows).relationships["direction"]) == {""}
    columns = '[columns]\ngroup_a = "Group1_Name"\ngroup_b = "Group2_Name"\nyear = "Year"\n'
    atlas = read(tmp_path, *rows, mapping="directed = true\n" + columns)
    given = atlas.relationships.set_index("group_a")["direction"].to_dict()
    assert given == {"a": "a_to_b", "c": "b_to_a", "e": "mutual"}


def test_rows_with_a_state_are_kept_out_and_counted(tmp_path):
    kinds = {"actor_type_1": "vnsa", "actor_type_2": "vnsa"}
    rows = [
        row("A", "B", 1990, **kinds),
        row("A", "Syria", 1990, "Supporters", **{**kinds, "actor_type_2": "State"}),
        row("A", "Libya", 1991, "Hosts", **kinds),
        row("A", "A", 1991, **kinds),
    ]
    atlas = read(tmp_path, *rows)
    assert len(atlas.relationships) == 1
    found = [(p.line, p.column, p.reason, p.severity) for p in atlas.report.problems]
    assert found == [
        (3, "actor_type_2", "state", Severity.KEPT_OUT),
        (4, "RelationshipType", "no-tie-of-groups", Severity.KEPT_OUT),
        (5, "Group2_Name", "self-loop", Severity.ERROR_ROW),
    ]
    assert atlas.report.rows() == ("pairs.csv: 1 of 4 rows used, 1 set aside, 2 kept out",)
    assert [(away.line, away.cells["Group2_Name"]) for away in atlas.report.away] == [
        (3, "Syria"),
        (4, "Libya"),
        (5, "A"),
    ]


def test_rows_kept_out_alone_are_no_failure(tmp_path):
    atlas = read(tmp_path, row("A", "B", 1990), row("A", "Libya", 1991, "Hosts"))
    assert not atlas.report.failed


@pytest.mark.parametrize(
    ("bad", "column", "message"),
    [
        (row("", "B", 1990), "Group1_Name", "is empty, but a group is needed"),
        (row("A", "NA", 1990), "Group2_Name", "is empty, but a group is needed"),
        (row("A", " a ", 1990), "Group2_Name", "'a' stands at both ends"),
        (row("A", "B", "soon"), "Year", "'soon' is not a year from 1000 to 2999"),
        (row("A", "B", ""), "Year", "is empty, but a year is needed"),
        (row("A", "B", 1990, "Friends"), "RelationshipType", "'Friends' is not known as a kind of relationship"),
        (row("A", "B", 1990, ""), "RelationshipType", "is empty, but must stand for one of ally"),
        (row("A", "B", 1990, codes="20000"), "coop_operational", "'2' is neither 0 nor 1"),
    ],
)
def test_a_row_that_cannot_be_used_is_listed_and_costs_no_other(tmp_path, bad, column, message):
    mapping = '[columns]\ngroup_a = "Group1_Name"\ngroup_b = "Group2_Name"\nyear = "Year"\nkind = "RelationshipType"\n'
    mapping += '[types]\noperational = "coop_operational"'
    good = [row("C", "D", 1990), row("E", "F", 1991)]
    atlas = read(tmp_path, good[0], bad, good[1], mapping=mapping)
    (problem,) = atlas.report.problems
    assert (problem.file, problem.line, problem.column) == ("pairs.csv", 3, column)
    assert problem.message.startswith(message)
    assert problem.mend
    assert len(atlas.relationships) == 2
    assert atlas.report.rows() == ("pairs.csv: 2 of 3 rows used, 1 set aside",)


def test_years_as_floats_and_dates_are_years(tmp_path):
    atlas = read(
        tmp_path, row("A", "B", "1990.0"), row("A", "B", "1991-05-02"), row("A", "B", "3/1/1992"), row("C", "D", 1994)
    )
    assert ties(atlas)[0][:4] == ("a", "b", 1990, 1992)
    assert "2 dates were read for their year." in atlas.report.notes


def test_without_kinds_all_are_associates_and_that_is_said(tmp_path):
    rows = [{k: v for k, v in r.items() if k != "RelationshipType"} for r in ROWS]
    atlas = read(tmp_path, *rows)
    assert set(atlas.relationships["kind"]) == {"associate"}
    assert "Kinds are assumed" in [limit.title for limit in atlas.dataset.limits]


def test_kinds_that_are_codes_are_refused_with_the_way_to_settle_them(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, row("A", "B", 1990, "1"), row("C", "D", 1990, "2"))
    assert "'1', '2'" in caught.value.what
    assert "inspect pairs.csv > mapping.toml" in caught.value.mend


def test_ids_settle_who_is_who_and_names_are_shown(tmp_path):
    rows = [
        row("Front", "Army", 1990, group1_id=7, group2_id=9),
        row("Front", "Army ", 1991, group1_id=8, group2_id=9),
        row("The Front", "Brigade", 1991, group1_id=7, group2_id=10),
    ]
    atlas = read(tmp_path, *rows)
    assert atlas.groups[["group_id", "name"]].to_numpy().tolist() == [
        ["front", "Front"], ["front-8", "Front"], ["army", "Army"], ["brigade", "Brigade"],
    ]  # fmt: skip
    assert atlas.groups["aliases"].iloc[0] == ("The Front",)


def test_a_life_that_is_not_given_spans_the_relationships(tmp_path):
    atlas = load(written(tmp_path, ".csv"))
    lives = atlas.groups.set_index("group_id")[["first_year", "last_year", "ended", "end_type"]]
    assert lives.loc["bravo"].tolist() == [1990, 1995, True, "unknown"]
    assert lives.loc["delta"].tolist() == [1996, 1997, False, ""]
    (limit,) = [limit for limit in atlas.dataset.limits if limit.about == "unallied"]
    assert "Of 4 of 4 groups" in limit.text


def test_groups_without_a_point_stand_at_their_country(tmp_path):
    more = {"country_a": "LBN", "country_b": "Côte d'Ivoire"}
    atlas = read(tmp_path, row("A", "B", 1990, **more), row("C", "D", 1990, country_a="syria", country_b="MLT"))
    groups = atlas.groups.set_index("name")
    assert groups["base_country"].to_dict() == {"A": "LBN", "B": "CIV", "C": "SYR", "D": "MLT"}
    assert groups["precision"].to_dict() == {"A": "country", "B": "country", "C": "country", "D": ""}
    assert groups.loc["D", "geometry"] is None
    assert groups.loc["A", "base_place"] == "Lebanon"
    assert atlas.report.problems == ()
    assert "3 groups are placed at a point inside their country (precision = country)." in atlas.report.notes


@pytest.mark.parametrize(
    ("cell", "mend"), [("Yugoslavia", "write its English name"), ("652", "numbers of countries are not read")]
)
def test_a_country_that_is_none_is_named(tmp_path, cell, mend):
    rows = [row(*"AB", 1990, country_a=cell, country_b="Iraq"), row(*"CD", 1990, country_a="Iran", country_b="Iraq")]
    atlas = read(tmp_path, *rows)
    (problem,) = atlas.report.problems
    assert (problem.line, problem.column, problem.severity) == (2, "country_a", Severity.ERROR_VALUE)
    assert mend in problem.mend
    assert atlas.report.used == {"pairs.csv": 2}


def test_coordinates_and_facts_of_each_side_are_read(tmp_path):
    facts = {
        "ideology1": "Islamist; Left-ish", "ideology2": "leftist", "lat1": "33.9", "lon1": "35.5", "lat2": "95", "lon2": "1",
        "religion1": "Sunni", "religion2": "none", "founded1": "1980", "founded2": "1985-01-01",
    }  # fmt: skip
    atlas = read(tmp_path, row("A", "B", 1990, **facts), row("B", "A", 1991))
    a, b = (atlas.groups.iloc[i] for i in (0, 1))
    assert (a["geometry"].y, a["geometry"].x, a["religion"], a["first_year"]) == (33.9, 35.5, "sunni", 1980)
    assert (b["geometry"], b["religion"], b["first_year"]) == (None, "none", 1985)
    assert (a["ideologies"], b["ideologies"]) == (("islamist", "left_ish"), ("leftist",))
    assert [(t.id, t.label) for t in atlas.dataset.ideologies][-1] == ("left_ish", "Left-ish")
    assert [p.reason for p in atlas.report.problems] == ["position"]


def test_rows_that_disagree_on_a_group_are_named(tmp_path):
    atlas = read(
        tmp_path,
        row("A", "B", 1990, religion1="sunni", religion2="shia"),
        row("A", "C", 1990, religion1="shia", religion2="shia"),
    )
    (problem,) = atlas.report.problems
    assert (problem.line, problem.column, problem.severity) == (3, "religion1", Severity.WARNING)
    assert atlas.groups["religion"].tolist() == ["sunni", "shia", "shia"]


# Files of somebody else's making


@pytest.mark.parametrize(
    "encode",
    [
        lambda t: t.encode("utf-8-sig"),
        lambda t: t.encode("utf-16"),
        lambda t: t.replace("\r\n", "\n").encode(),
        lambda t: t.replace("\r\n", "\r").encode(),
        lambda t: t.replace("\r\n", "\n", 3).encode(),
        lambda t: t.replace(",", ";").encode(),
        lambda t: t.replace(",", "|").encode(),
        lambda t: ("\r\n\r\n" + t).encode(),
    ],
    ids=["mark", "utf-16", "unix", "old-mac", "mixed", "semicolons", "bars", "blank-lines"],
)
def test_text_of_any_make_is_read(tmp_path, encode):
    path = tmp_path / "pairs.csv"
    path.write_bytes(encode(text(ROWS)))
    assert ties(load(path)) == TIES


def test_latin_1_is_read_and_said(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_bytes(text([row("Frente Ñandú", "B", 1990), row("B", "C", 1990)]).encode("latin-1"))
    atlas = load(path)
    assert atlas.groups["name"].iloc[0] == "Frente Ñandú"
    assert atlas.report.notes[0] == "It is not UTF-8 (line 2, byte 0xd1), so it was read as Windows-1252."


def test_a_ragged_row_and_a_broken_quote_cost_themselves_alone(tmp_path):
    path = tmp_path / "pairs.csv"
    lines = text([row("A", "B", 1990), row("C", "D", 1990), row("E", "F", 1990), row("G", "H", 1990)]).split("\r\n")
    path.write_text("\n".join([*lines[:2], lines[2] + ",1", '"' + lines[3], *lines[4:]]), encoding="utf-8")
    atlas = load(path)
    assert [(p.line, p.reason) for p in atlas.report.problems] == [(3, "ragged"), (4, "broken-quotes")]
    assert len(atlas.relationships) == 2
    assert [away.line for away in atlas.report.away] == [3, 4]


def test_a_line_of_ten_megabytes_costs_itself_alone(tmp_path):
    path = tmp_path / "pairs.csv"
    lines = text([row("A", "B", 1990), row("C", "D", 1990)]).splitlines()
    path.write_text("\n".join([*lines[:2], "x" * 10_000_000, lines[2], ""]), encoding="utf-8")
    atlas = load(path)
    assert [(p.line, len(str(p)) < 300) for p in atlas.report.problems] == [(3, True)]
    assert len(atlas.relationships) == 2


@pytest.mark.parametrize("ending", [".csv", ".dta", ".xlsx", ".parquet", ".gpkg"])
@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"PK\x03\x04 no more"])
def test_what_is_no_such_file_is_refused_with_one_message(tmp_path, ending, content):
    path = tmp_path / f"pairs{ending}"
    path.write_bytes(content)
    (tmp_path / "mapping.toml").write_text('[columns]\ngroup_a = "a"\ngroup_b = "b"\nyear = "y"', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(path)
    assert str(caught.value).startswith(str(tmp_path))
    assert str(caught.value).isprintable()


def test_a_header_without_rows_is_a_dataset_without_rows(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(text(ROWS).splitlines()[0] + "\n", encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(
        '[columns]\ngroup_a = "Group1_Name"\ngroup_b = "Group2_Name"\nyear = "Year"', encoding="utf-8"
    )
    atlas = load(path)
    assert (len(atlas.groups), len(atlas.relationships), atlas.report.read) == (0, 0, {"pairs.csv": 0})


@pytest.mark.parametrize(
    "nasty", ['=HYPERLINK("https://x")', "<script>alert(1)</script>", "\u202eevil", "a\x1b[31m", "😀" * 50, "{x}%s"]
)
def test_nasty_names_become_plain_ids(tmp_path, nasty):
    atlas = read(tmp_path, row(nasty, "B", 1990), row("C", "B", 1990))
    id_ = atlas.groups["group_id"].iloc[0]
    assert id_.isascii()
    assert all(c.isalnum() or c == "-" for c in id_)
    assert all(line.isprintable() for line in (*atlas.report.lines(), *atlas.report.summary()))
