"""Datasets in PostgreSQL with PostGIS: the tables, the connection, and how a dataset is put there.

The tables are those of the native format (``data/vocabulary.py`` has their columns), years as integers, with a point
``geom`` of each group beside its ``lat`` and ``lon``; and ``dataset``, whose one row holds the text of a dataset.toml.
Lists (ideologies, sources) are text separated by "|", as in the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import DataError, quote
from data.model import Atlas
from data.schema import GROUPS, LINEAGE, RELATIONSHIPS, SOURCES
from data.vocabulary import GROUP_COLUMNS, LINEAGE_COLUMNS, RELATIONSHIP_COLUMNS, SOURCE_COLUMNS

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table
    from sqlalchemy.engine import URL

HEADER_TABLE = "dataset"
TABLES: Mapping[str, tuple[str, Sequence[str]]] = {
    GROUPS: ("groups", GROUP_COLUMNS),
    RELATIONSHIPS: ("relationships", RELATIONSHIP_COLUMNS),
    SOURCES: ("sources", SOURCE_COLUMNS),
    LINEAGE: ("lineage", LINEAGE_COLUMNS),
}
"""Name in the database and columns of each table of the native format."""

NUMBERS = {"start_year": int, "end_year": int, "year": int, "lat": float, "lon": float}
SRID = 4326

SECRETS = ("password", "sslpassword")
"""Parameters of the driver that no message may show."""

MISSING = 'pip install "sqlalchemy>=2.0" "psycopg[binary]>=3.2"'
_MADE_SO = "README.md, Past one machine, has the tables; python app.py convert PATH --to ADDRESS makes them"
_ADDRESS = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://", re.IGNORECASE)
_SCHEMA = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")


def is_address(text: str | Path) -> bool:
    """Whether a dataset is named by the address of a database."""
    return isinstance(text, str) and bool(_ADDRESS.match(text))


@dataclass(frozen=True)
class Address:
    """Where in which database a dataset is.

    Attributes
    ----------
    url
        What SQLAlchemy connects to.
    schema
        The schema with the tables.
    query
        The parameters that are none of the driver's: which part of the dataset is meant.
    """

    url: URL
    schema: str
    query: Mapping[str, str]

    def __str__(self) -> str:
        """Return the address without its password, for messages."""
        url = self.url.set(drivername="postgresql").difference_update_query(SECRETS)
        where = url.render_as_string(hide_password=True)
        return f"{where}{'&' if '?' in where else '?'}schema={self.schema}"

    @property
    def slug(self) -> str:
        """Name of the dataset in addresses of the app: that of the schema, or of the database for the public one."""
        name = self.schema if self.schema != "public" else self.url.database or self.schema
        return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.") or "database"


def address(text: str, own: Sequence[str] = ()) -> Address:
    """Read an address ``postgresql://user@host/database?schema=...``.

    Parameters
    ----------
    own
        Parameters that are not for the driver.

    Raises
    ------
    DataError
        When it is none, or the libraries are not there.
    """
    try:
        import psycopg  # noqa: F401 - SQLAlchemy would say so only when it connects
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError
    except ImportError as why:
        raise DataError(what=f"PostgreSQL needs the package {why.name}", where="postgresql://", mend=MISSING) from why
    try:
        url = make_url(_ADDRESS.sub("postgresql+psycopg://", text, count=1))
    except (ArgumentError, ValueError) as why:
        raise DataError(
            what="is not the address of a database", where="postgresql://",
            mend="write postgresql://user@host:port/database?schema=name",
        ) from why  # fmt: skip
    mine: dict[str, str] = {}
    for key in ("schema", *own):
        value = url.query.get(key)
        if value is not None:
            mine[key] = value if isinstance(value, str) else value[-1]
    schema = mine.pop("schema", "public")
    if not _SCHEMA.fullmatch(schema):
        raise DataError(
            what=f"schema {quote(schema)} is not usable", where="postgresql://", mend="use letters, digits and '_'"
        )
    return Address(url.difference_update_query([*mine, "schema"]), schema, mine)


def metadata(schema: str) -> MetaData:
    """Tables of a dataset in a schema, as SQLAlchemy's."""
    from sqlalchemy import Column, Computed, Float, Index, Integer, MetaData, Table, Text, func, text
    from sqlalchemy.types import UserDefinedType

    class Point(UserDefinedType[Any]):  # type: ignore[misc]  # of an extra, which mypy does not follow
        """A point of PostGIS; what is read of it is WKB."""

        cache_ok = True

        def get_col_spec(self, **_: Any) -> str:
            return f"geometry(Point, {SRID})"

    kinds = {int: Integer, float: Float(53)}
    out = MetaData(schema=schema)
    Table(HEADER_TABLE, out, Column("toml", Text, nullable=False))
    for name, columns in TABLES.values():
        more = []
        if name == "groups":
            point = f"ST_SetSRID(ST_MakePoint(lon, lat), {SRID})"
            more = [Column("geom", Point, Computed(point, persisted=True))]
        ids = {"groups": "group_id", "relationships": "relationship_id", "sources": "source_id"}
        own = [Column(c, kinds[NUMBERS[c]] if c in NUMBERS else Text, primary_key=c == ids.get(name)) for c in columns]
        Table(name, out, *own, *more)
    groups, ties = (out.tables[f"{schema}.{name}"] for name in ("groups", "relationships"))
    Index("groups_geom", groups.c.geom, postgresql_using="gist")
    Index("groups_base_country", groups.c.base_country)
    Index("groups_ideologies", func.string_to_array(groups.c.ideologies, text("'|'")), postgresql_using="gin")
    Index("relationships_years", ties.c.start_year, ties.c.end_year)
    for column in ("group_a", "group_b", "relation"):
        Index(f"relationships_{column}", ties.c[column])
    return out


def table(of: MetaData, file: str) -> Table:
    """Return the table that stands for a file of the native format."""
    return of.tables[f"{of.schema}.{TABLES[file][0]}"]


def place(path: str | Path) -> str:
    """Path of a dataset, or its address without the password, for messages."""
    if not is_address(path):
        return str(path)
    try:
        return str(address(str(path)))
    except DataError:
        return "postgresql://"


@contextmanager
def connected(where: Address, *, write: bool = False) -> Iterator[Connection]:
    """Connect for one transaction, all of whose queries see the same rows.

    Raises
    ------
    DataError
        When the database cannot be reached, lacks what is asked for, or fails in the block.
    """
    from pandas.errors import DatabaseError
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError, OperationalError
    from sqlalchemy.pool import NullPool

    engine = create_engine(where.url, poolclass=NullPool, connect_args={"connect_timeout": 10})
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": not write}
    try:
        with engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection
    except (DBAPIError, DatabaseError) as why:
        found = why if isinstance(why, DBAPIError) else why.__cause__  # pandas puts its own around it, with the query
        said = next(iter(str(getattr(found, "orig", "")).strip().splitlines()), type(found).__name__)
        reached = not isinstance(found, OperationalError)
        raise DataError(
            what=f"cannot be {'used' if reached else 'reached'} ({quote(said, 300)[1:-1]})",
            where=str(where),
            mend=_MADE_SO if reached else "check host, port, database, user and password, and that the server runs",
        ) from why
    finally:
        engine.dispose()


def write(atlas: Atlas, to: str) -> str:
    """Put a dataset into a schema that is new or has no such tables; returns where.

    Raises
    ------
    DataError
        When there is something already, or the database cannot be used.
    """
    from sqlalchemy import insert, inspect
    from sqlalchemy.schema import CreateSchema

    from data.convert import header_text, native_cells

    where = address(to)
    of = metadata(where.schema)
    with connected(where, write=True) as connection:
        there = set(inspect(connection).get_table_names(where.schema)) if _has(connection, where.schema) else set()
        if taken := sorted(there & {t.name for t in of.tables.values()}):
            raise DataError(
                what=f"there is a table {quote(taken[0])} already", where=str(where), mend="name another schema"
            )
        connection.execute(CreateSchema(where.schema, if_not_exists=True))
        of.create_all(connection)
        connection.execute(insert(of.tables[f"{where.schema}.{HEADER_TABLE}"]), {"toml": header_text(atlas.dataset)})
        cursor = connection.connection.cursor()
        for file, (columns, cells) in native_cells(atlas).items():
            place = f'"{where.schema}"."{TABLES[file][0]}"'
            rows = zip(*([_value(name, v) for v in cells[name]] for name in columns), strict=True)
            with cursor.copy(f"COPY {place} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        cursor.close()
    return str(where)


def _has(connection: Connection, schema: str) -> bool:
    from sqlalchemy import inspect

    return schema in inspect(connection).get_schema_names()


def _value(column: str, cell: Any) -> Any:
    """Cell of a native file as a value of the database; PostgreSQL's text cannot hold NUL."""
    text = str(cell)
    kind = NUMBERS.get(column)
    return text.replace("\0", "") if kind is None else kind(text) if text else None
