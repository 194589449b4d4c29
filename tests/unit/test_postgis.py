"""Datasets in PostgreSQL with PostGIS, on a real server: what goes in comes out, and the database does the choosing."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pandas as pd
import pytest
import sqlalchemy as sa

import app
from callbacks.settings import Settings
from data import library as library_module
from data import postgis
from data.errors import DataError
from data.library import Library
from data.model import Atlas
from data.postgis import address, connected, is_address, metadata, write
from data.readers import load
from data.readers.postgis import PARAMETERS, Part, part_of, tie_conditions
from data.schema import GROUPS, LINEAGE, RELATIONSHIPS, SOURCES
from tests.conftest import TINY
from tests.postgis import server


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    with server() as base:
        yield base


@pytest.fixture(scope="session")
def mgar_address(database, mgar) -> str:
    write(mgar, f"{database}&schema=mgar")
    return f"{database}&schema=mgar"


@pytest.fixture(scope="session")
def curated_address(database, curated) -> str:
    write(curated, f"{database}&schema=curated")
    return f"{database}&schema=curated"


@pytest.fixture
def tiny_address(database, tiny_atlas, request) -> Iterator[str]:
    """The tiny dataset in a schema that the test may change."""
    write(tiny_atlas, f"{database}&schema=tiny")
    yield f"{database}&schema=tiny"
    execute(f"{database}&schema=tiny", "DROP SCHEMA tiny CASCADE")


def execute(text: str, *statements: str) -> None:
    with connected(address(text, PARAMETERS), write=True) as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def by_id(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Rows in the order of their ids, without what depends on the order of a file."""
    frame = pd.DataFrame(frame).drop(columns=["line", "a", "b", "dyad"], errors="ignore")
    return frame.sort_values(list(columns), ignore_index=True)


def test_the_curated_dataset_comes_back_as_it_is(curated, curated_address):
    again = load(curated_address)
    for name, key in (("groups", ["group_id"]), ("relationships", ["relationship_id"]), ("sources", ["source_id"]),
                      ("lineage", ["from_id", "to_id", "year", "kind"])):  # fmt: skip
        mine, other = by_id(getattr(curated, name), *key), by_id(getattr(again, name), *key)
        if name == "sources":  # one that nothing cites is not read
            cited = {
                id_
                for frame in (curated.groups, curated.relationships, curated.lineage)
                for ids in frame["source_ids"]
                for id_ in ids
            }
            mine = mine[mine["source_id"].isin(cited)].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, other)
    assert not again.report.failed
    assert again.dataset.slug == "curated"
    assert (again.dataset.title, again.dataset.limits) == (curated.dataset.title, curated.dataset.limits)
    assert again.dataset.ideologies == curated.dataset.ideologies


def expected(atlas: Atlas, part: Part) -> set[str]:
    """Ids of the relationships of a part, counted row by row on the whole dataset."""
    groups = {row["group_id"]: row for row in pd.DataFrame(atlas.groups).to_dict("records")}

    def based(group: dict) -> bool:
        point, (west, south, east, north) = group["geometry"], part.box
        across = point is not None and (west <= point.x <= east if west <= east else point.x >= west or point.x <= east)
        return across and south <= point.y <= north

    def passes(row: dict) -> bool:
        ends = groups[row["group_a"]], groups[row["group_b"]]
        return (
            (part.year is None or row["first_year"] <= part.year)
            and (part.since is None or row["open"] or row["last_year"] >= part.since)
            and (not part.kind or row["kind"] in part.kind)
            and (not part.country or any(end["base_country"] in part.country for end in ends))
            and (not part.ideology or any(set(end["ideologies"]) & set(part.ideology) for end in ends))
            and (part.box is None or any(map(based, ends)))
        )

    return {row["relationship_id"] for row in atlas.relationships.to_dict("records") if passes(row)}


PARTS = (
    "year=1980",
    "since=2005&year=2010",
    "country=SYR,IRQ",
    "ideology=islamist&kind=ally,associate",
    "box=30,10,60,40",
    "box=170,-60,-30,70",
    "since=1990&year=2000&country=COL,PER&ideology=leftist&box=-90,-60,-30,20",
    "country=XXX",
)


@pytest.mark.parametrize("query", PARTS)
def test_the_part_is_that_of_the_whole_dataset(mgar, mgar_address, query):
    text = f"{mgar_address}&{query}"
    part, atlas = part_of(address(text, PARAMETERS)), load(text)
    assert set(atlas.relationships["relationship_id"]) == expected(mgar, part)
    assert not atlas.report.failed
    ends = set(atlas.relationships["group_a"]) | set(atlas.relationships["group_b"])
    whole = pd.DataFrame(mgar.groups)
    alive = whole["first_year"].le(part.year or 9999) & (~whole["ended"] | whole["last_year"].ge(part.since or 0))
    own = alive & (whole["base_country"].isin(part.country) if part.country else True)
    own &= whole["ideologies"].map(lambda ids: bool(set(ids) & set(part.ideology)) or not part.ideology)
    found = set(atlas.groups["group_id"])
    assert ends <= found
    if part.box is None:
        assert found == ends | set(whole["group_id"][own])
    assert any(limit.title == "A part of the data" for limit in atlas.dataset.limits)
    d = atlas.dataset
    assert (d.first_year, d.last_year) == (max(1950, part.since or 0), min(mgar.dataset.last_year, part.year or 9999))


def test_figures_of_a_year_are_those_of_the_whole_dataset(mgar, mgar_address):
    def figures(atlas: Atlas, query: str) -> dict:
        client = app.create_app({"x": atlas}, Settings()).server.test_client()
        return client.get(f"/api/view?{query}").json["key_figures"]

    atlas = load(f"{mgar_address}&since=1985&year=1995")
    assert figures(atlas, "year=1990") == figures(mgar, "year=1990")
    assert figures(atlas, "since=1985&year=1995&ideology=leftist") == figures(
        mgar, "since=1985&year=1995&ideology=leftist"
    )


def test_what_is_read_is_bounded_and_says_so(mgar, mgar_address):
    atlas = load(f"{mgar_address}&most=100")
    assert len(atlas.relationships) == 100
    said = f"Only 100 of {len(mgar.relationships):,} relationships were read"
    assert any(limit.text.startswith(said) for limit in atlas.dataset.limits)
    assert any(note.startswith(said) for note in atlas.report.notes)
    assert load(f"{mgar_address}&most=100&year=1960").dataset.hash != atlas.dataset.hash
    assert load(f"{mgar_address}&most=100").dataset.hash == atlas.dataset.hash


@pytest.mark.parametrize(
    ("query", "indices"),
    [
        ("box=30,30,40,35", ("groups_geom", "relationships_group_a", "relationships_group_b")),
        ("ideology=leftist", ("groups_ideologies", "relationships_group_a", "relationships_group_b")),
        ("country=FJI", ("groups_base_country", "relationships_group_a", "relationships_group_b")),
        ("year=1950", ("relationships_years",)),
        ("kind=fan", ("relationships_relation",)),
    ],
)
def test_filters_are_bound_parameters_that_use_the_indices(mgar_address, query, indices):
    where = address(f"{mgar_address}&{query}", PARAMETERS)
    of = metadata(where.schema)
    statement = sa.select(postgis.table(of, RELATIONSHIPS).c.relationship_id).where(*tie_conditions(of, part_of(where)))
    with connected(where) as connection:
        connection.execute(sa.text("SET LOCAL enable_seqscan = off"))  # of so small a table the planner reads all
        compiled = statement.compile(connection)
        wanted = query.partition("=")[2].split(",")
        values = {
            str(v)
            for value in compiled.params.values()
            for v in (value if isinstance(value, (list, tuple)) else [value])
        }
        assert {w.removesuffix(".0") for w in wanted} <= {v.removesuffix(".0") for v in values}
        assert not any(f"'{w}'" in str(compiled) for w in wanted)
        literal = statement.compile(connection, compile_kwargs={"literal_binds": True})
        plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {str(literal).replace('%', '%%')}"))
    for name in indices:
        assert name in plan, plan


def test_text_in_an_address_is_never_part_of_a_query(tiny_address):
    evil = "x'); DROP TABLE tiny.groups; --"
    for key in ("country", "ideology", "kind"):
        assert len(load(f"{tiny_address}&{key}={evil.replace(' ', '%20').replace(';', '%3B')}").relationships) == 0
    assert len(load(tiny_address).groups) == 8
    with pytest.raises(DataError, match=r"schema .* is not usable"):
        load(tiny_address.replace("schema=tiny", 'schema=tiny"%3B--'))


def test_bad_rows_of_a_database_are_set_aside_and_reported(tiny_address):
    execute(
        tiny_address,
        "INSERT INTO tiny.relationships (relationship_id, group_a, group_b, start_year, relation) VALUES"
        " ('x1', 'alpha', 'nobody', 1990, 'ally'), ('x2', 'alpha', 'alpha', 1990, 'ally'),"
        " ('x3', 'alpha', 'bravo', NULL, 'ally'), ('x4', 'alpha', 'bravo', 1990, 'friend')",
        "UPDATE tiny.groups SET lat = NULL WHERE group_id = 'golf'",
    )
    atlas = load(f"{tiny_address}&since=1990&year=1995")
    assert [(p.file, p.reason) for p in atlas.report.problems if p.set_aside] == [
        ("relationships", "end-set-aside"), ("relationships", "self-loop"), ("relationships", "year"),
        ("relationships", "vocabulary"),
    ]  # fmt: skip
    assert atlas.groups.set_index("group_id").geometry["golf"] is None


def test_columns_of_another_maker_may_hold_only_the_point(tiny_address):
    execute(
        tiny_address, "ALTER TABLE tiny.groups ALTER geom DROP EXPRESSION", "ALTER TABLE tiny.groups DROP lat, DROP lon"
    )
    points = load(tiny_address).groups.set_index("group_id").geometry
    assert (points["alpha"].x, points["alpha"].y, points["echo"]) == (35.5, 33.89, None)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DROP TABLE tiny.sources", 'relation "tiny.sources" does not exist'),
        ("ALTER TABLE tiny.groups DROP name", "column groups.name does not exist"),
        ("DELETE FROM tiny.dataset", "table dataset does not have one row"),
        ("UPDATE tiny.dataset SET toml = 'title = 1'", "is not a text"),
    ],
)
def test_a_database_without_the_tables_says_what_is_missing(tiny_address, statement, what):
    execute(tiny_address, statement)
    with pytest.raises(DataError) as caught:
        load(tiny_address)
    assert what in caught.value.what
    assert caught.value.mend


def test_nothing_is_written_over(tiny_address, tiny_atlas):
    with pytest.raises(DataError, match="there is a table 'dataset' already; mend: name another schema"):
        write(tiny_atlas, tiny_address)
    assert len(load(tiny_address).groups) == 8


def test_the_command_line_puts_a_dataset_into_a_database_checks_and_serves_it(database, capsys, monkeypatch):
    to = f"{database}&schema=cli"
    assert app.main(["convert", str(TINY), "--to", to]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("Written: postgresql://atlas@")
    assert app.main(["check", to]) == 0
    assert "relationships: 12 of 12 rows used" in capsys.readouterr().out
    assert app.main(["inspect", to]) == 0
    assert "8 groups, 7 located; 12 relationships" in capsys.readouterr().out
    monkeypatch.setenv("ATLAS_DATA", f"{TINY}:{to}&year=1995 {TINY.parent}")
    assert app._asked([]) == [TINY, f"{to}&year=1995", TINY.parent]
    library = Library(app._asked([])[:2])
    library.look()
    client = app.create_app(library, Settings()).server.test_client()
    assert client.get("/healthz").json["status"] == "ok"
    answer = client.get("/api/view?dataset=cli&year=1992").json
    assert answer["key_figures"] == client.get("/api/view?dataset=tiny&year=1992").json["key_figures"]
    assert "Of a database only the relationships" in client.get("/api/method?dataset=cli").text


def test_a_dataset_is_read_anew_when_its_header_is_written(tiny_address, monkeypatch):
    monkeypatch.setattr(library_module, "DATABASE_ROUNDS", 1)
    library = Library([tiny_address])

    def settle() -> Atlas:
        library.look()
        library.look()
        return library["tiny"]

    before = library["tiny"]
    execute(tiny_address, "UPDATE tiny.groups SET name = 'Alpha Movement' WHERE group_id = 'alpha'")
    assert settle() is before
    execute(tiny_address, "UPDATE tiny.dataset SET toml = replace(toml, '1.0', '1.1')")
    after = settle()
    assert (after.dataset.version, "Alpha Movement" in set(after.groups["name"])) == ("1.1", True)
    execute(tiny_address, "ALTER TABLE tiny.dataset RENAME TO away")
    assert settle() is after
    assert 'relation "tiny.dataset" does not exist' in library.faults["tiny"].error.what
    client = app.create_app(library, Settings()).server.test_client()
    told = client.get("/healthz")
    assert (told.status_code, told.json["status"]) == (200, "stale")
    assert "atlas@" not in told.text  # who is asked where is nobody's business
    execute(tiny_address, "ALTER TABLE tiny.away RENAME TO dataset")
    assert settle() is after
    assert not library.faults


# ---- addresses, without a server ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("since=soon", "since='soon' is not usable"),
        ("year=12", "year='12' is not usable"),
        ("since=2000&year=1990", "year 1990 is before since 2000"),
        ("country=,", "country=',' is not usable"),
        ("box=1,2,3", "box='1,2,3' is not usable"),
        ("box=1,2,nan,4", "is not usable"),
        ("box=0,10,5,-10", "is not usable"),
        ("most=0", "most='0' is not usable"),
    ],
)
def test_a_part_that_cannot_be_read_is_named(query, what):
    with pytest.raises(DataError, match=what) as caught:
        load(f"postgresql://user:secret@localhost/db?schema=x&{query}")
    assert caught.value.mend
    assert "secret" not in str(caught.value)


def test_a_database_that_cannot_be_reached_is_one_message_without_the_password(tmp_path):
    for text in (f"user:secret@/db?host={tmp_path}&schema=x", f"user@/db?host={tmp_path}&password=secret"):
        with pytest.raises(DataError, match=r"cannot be reached .*; mend: check host, port") as caught:
            load(f"postgresql://{text}")
        assert "secret" not in str(caught.value)
        assert "secret" not in postgis.place(f"postgresql://{text}")


def test_without_the_libraries_the_mend_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DataError, match=r"needs the package psycopg; mend: pip install .*psycopg\[binary\]"):
        load("postgresql://localhost/db")


@pytest.mark.parametrize("text", ["postgresql://h/d", "postgres://h/d", "postgresql+psycopg://h/d", "POSTGRESQL://h/d"])
def test_addresses_are_told_from_paths(text):
    assert is_address(text)
    assert address(f"{text}?schema=a&sslmode=require").url.query == {"sslmode": "require"}
    assert not is_address("data/postgresql")


def test_the_tables_are_those_of_the_native_format():
    of = metadata("s")
    for file, (name, columns) in postgis.TABLES.items():
        assert [c.name for c in of.tables[f"s.{name}"].columns if c.name != "geom"] == list(columns), file
    assert set(postgis.TABLES) == {GROUPS, RELATIONSHIPS, SOURCES, LINEAGE}
