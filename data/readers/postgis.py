"""Reads a dataset, or a part of it, from PostgreSQL with PostGIS; the part is chosen by the database.

The address names the part with the words of the app's own addresses: ``since`` and ``year``, ``country``, ``ideology``,
``kind``, ``box`` (west,south,east,north in degrees; west may be greater than east, across the antimeridian) and
``most``. A relationship is read if it is active in one of the years, its kind is listed, and of its two groups one has
one of the countries, one lists one of the ideologies, and one has its base in the box. With it come its groups, those
that pass themselves (with or without a relationship), and what they cite.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from data.checks import split
from data.contract import Table, build, fingerprint
from data.errors import DataError, quote
from data.geography import WGS84
from data.model import Atlas, Dataset, Limit
from data.postgis import HEADER_TABLE, SRID, TABLES, Address, address, connected, metadata, table
from data.readers.header import read_header
from data.readers.store import Stamp
from data.readers.tables import text_of
from data.schema import GROUPS, LINEAGE, RELATIONSHIPS, SOURCES
from data.vocabulary import FIRST_YEAR, LAST_YEAR
from data.words import count

if TYPE_CHECKING:
    import sqlalchemy as sa

MOST = 250_000
"""Relationships that are read where the address does not say how many: about what one process holds well."""

PARAMETERS = ("since", "year", "country", "ideology", "kind", "box", "most")

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Part:
    """Which part of a dataset is read; None and empty mean all.

    ``box`` is (west, south, east, north) in degrees.
    """

    since: int | None = None
    year: int | None = None
    country: tuple[str, ...] = ()
    ideology: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    box: Box | None = None
    most: int = MOST

    def words(self) -> list[str]:
        """What is read, one phrase for each parameter that narrows it."""
        out = []
        if self.since is not None or self.year is not None:
            out.append(f"active from {self.since or 'the beginning'} to {self.year or 'the end'}")
        out += [f"of kind {' or '.join(self.kind)}"] if self.kind else []
        out += [f"one group based in {' or '.join(self.country)}"] if self.country else []
        out += [f"one group {' or '.join(self.ideology)}"] if self.ideology else []
        if self.box:
            west, south, east, north = self.box
            out.append(f"one base between {south:g} and {north:g} north and {west:g} and {east:g} east")
        return out


def _year(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise ValueError(f"write a year from {FIRST_YEAR} to {LAST_YEAR}")
    return int(text)


def _list(text: str) -> tuple[str, ...]:
    out = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not out:
        raise ValueError("write one or more, separated by commas")
    return out


def _box(text: str) -> Box:
    parts = text.split(",")
    try:
        west, south, east, north = map(float, parts)
    except ValueError:
        raise ValueError("write west,south,east,north in degrees, such as 30,12,60,38") from None
    if not all(map(math.isfinite, (west, south, east, north))) or not (
        max(abs(west), abs(east)) <= 180 and -90 <= south <= north <= 90
    ):
        raise ValueError("longitudes lie within -180 and 180, latitudes within -90 and 90, south before north")
    return west, south, east, north


def _most(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise ValueError("write how many relationships are read at most")
    return int(text)


_READ: Mapping[str, Callable[[str], Any]] = {
    "since": _year, "year": _year, "country": _list, "ideology": _list, "kind": _list, "box": _box, "most": _most,
}  # fmt: skip


def part_of(where: Address) -> Part:
    """Return the part that an address names.

    Raises
    ------
    DataError
        Naming the parameter that cannot be read.
    """
    given: dict[str, Any] = {}
    for key, text in where.query.items():
        try:
            given[key] = _READ[key](text)
        except ValueError as why:
            raise DataError(what=f"{key}={quote(text)} is not usable", where=str(where), mend=str(why)) from why
    part = Part(**given)
    if part.since is not None and part.year is not None and part.year < part.since:
        raise DataError(what=f"year {part.year} is before since {part.since}", where=str(where), mend="exchange them")
    return part


# ---- what the database is asked -------------------------------------------------------------------------------------


def _in_box(geom: sa.Column[Any], box: Box) -> sa.ColumnElement[bool]:
    """Whether a point lies in a box, by the spatial index; across the antimeridian that is two boxes."""
    from sqlalchemy import func, or_

    west, south, east, north = box
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    return or_(*(func.ST_Intersects(geom, func.ST_MakeEnvelope(w, south, e, north, SRID)) for w, e in spans))


def _group_conditions(groups: sa.Table, part: Part) -> list[sa.ColumnElement[bool]]:
    """One condition on a group for each parameter that speaks of groups."""
    from sqlalchemy import Text, bindparam, func, literal_column
    from sqlalchemy.dialects.postgresql import ARRAY

    out: list[sa.ColumnElement[bool]] = []
    if part.country:
        out.append(groups.c.base_country.in_(part.country))
    if part.ideology:
        wanted = bindparam("ideologies", list(part.ideology), type_=ARRAY(Text))
        # The separator stands in the text of the query, as it does in the index: as a parameter it would not match it.
        out.append(func.string_to_array(groups.c.ideologies, literal_column("'|'")).op("&&")(wanted))
    if part.box:
        out.append(_in_box(groups.c.geom, part.box))
    return out


def _alive(of: sa.Table, part: Part) -> list[sa.ColumnElement[bool]]:
    """Rows whose spell meets the years; one without a first year is read too, so that it is reported."""
    from sqlalchemy import or_

    first, last = of.c.start_year, of.c.end_year
    out: list[sa.ColumnElement[bool]] = []
    out += [or_(first <= part.year, first.is_(None))] if part.year is not None else []
    out += [or_(last >= part.since, last.is_(None))] if part.since is not None else []
    return out


def tie_conditions(of: sa.MetaData, part: Part) -> list[sa.ColumnElement[bool]]:
    """What a relationship must meet, all of it as bound parameters."""
    from sqlalchemy import func, or_, select

    groups, ties = table(of, GROUPS), table(of, RELATIONSHIPS)
    out = _alive(ties, part)
    out += [ties.c.relation.in_(part.kind)] if part.kind else []
    for condition in _group_conditions(groups, part):
        # An array that is worked out once lets the database look its ids up in the indices of both ends.
        ids = func.array(select(groups.c.group_id).where(condition).scalar_subquery())
        out.append(or_(ties.c.group_a == func.any(ids), ties.c.group_b == func.any(ids)))
    return out


def _cells(frame: pd.DataFrame, file: str) -> pd.DataFrame:
    """Rows of a query as the text cells of the contract; the place of a row is that in the order of its id."""
    columns = TABLES[file][1]
    cells = {name: [text_of(value).strip() for value in frame[name].astype(object).tolist()] for name in columns}
    out = pd.DataFrame(cells, columns=list(columns), dtype=object)
    return out.assign(file=TABLES[file][0], line=pd.Series(range(1, len(out) + 1), dtype="int64"))


def _ids(cells: pd.DataFrame, *columns: str) -> list[str]:
    """Every id of columns that hold ids or lists of them."""
    return sorted({id_ for name in columns for cell in cells[name].unique() for id_ in split(cell)})


class _Query:
    """The queries of one part, on one connection."""

    def __init__(self, connection: sa.Connection, of: sa.MetaData, part: Part) -> None:
        self.connection, self.of, self.part = connection, of, part

    def header(self) -> str:
        """Text of the dataset.toml."""
        from sqlalchemy import select

        found = self.connection.execute(select(self.of.tables[f"{self.of.schema}.{HEADER_TABLE}"].c.toml)).scalars()
        texts = found.fetchmany(2)
        return str(texts[0]) if len(texts) == 1 else ""

    def mark(self) -> Stamp | None:
        """Return the transaction that wrote the header, and its place."""
        from sqlalchemy import literal_column, select

        of = self.of.tables[f"{self.of.schema}.{HEADER_TABLE}"]
        row = self.connection.execute(
            select(literal_column("xmin::text"), literal_column("ctid::text")).select_from(of)
        )
        found = row.first()
        return tuple(found) if found else None

    def ties(self) -> tuple[pd.DataFrame, int]:
        """Return the relationships, at most as many as the part allows, and how many pass."""
        from sqlalchemy import func, select

        ties, conditions = table(self.of, RELATIONSHIPS), tie_conditions(self.of, self.part)
        query = select(ties).where(*conditions).order_by(ties.c.relationship_id).limit(self.part.most + 1)
        frame = pd.read_sql(query, self.connection)
        n = len(frame)
        if n > self.part.most:
            n = self.connection.execute(select(func.count()).select_from(ties).where(*conditions)).scalar_one()
            frame = frame.iloc[: self.part.most]
        return _cells(frame, RELATIONSHIPS), n

    def groups(self, ends: Sequence[str]) -> tuple[pd.DataFrame, bool]:
        """Return the groups at the ends of relationships and those that pass themselves, and whether all are there."""
        import geopandas as gpd
        import shapely
        from sqlalchemy import Text, bindparam, func, or_, select
        from sqlalchemy.dialects.postgresql import ARRAY

        groups, most = table(self.of, GROUPS), self.part.most + len(ends)
        own = [*_alive(groups, self.part), *_group_conditions(groups, self.part)]
        at_end = groups.c.group_id == func.any(bindparam("ends", list(ends), type_=ARRAY(Text)))
        columns = [groups.c[name] for name in TABLES[GROUPS][1] if name not in ("lat", "lon")]
        point = func.ST_Transform(groups.c.geom, SRID).label("geom")
        query = select(*columns, point).order_by(at_end.desc(), groups.c.group_id).limit(most + 1)
        query = query.where(or_(at_end, *([_all(own)] if own else []))) if own else query
        frame = gpd.read_postgis(query, self.connection, geom_col="geom", crs=WGS84)
        whole, frame = len(frame) <= most, frame.iloc[:most].sort_values("group_id", ignore_index=True)
        places = frame.geometry.to_numpy()
        frame = pd.DataFrame(frame).assign(lat=shapely.get_y(places), lon=shapely.get_x(places))
        return _cells(frame, GROUPS), whole

    def sources(self, ids: Sequence[str]) -> pd.DataFrame:
        """Return the sources that are cited."""
        return self._listed(SOURCES, {"source_id": ids})

    def lineage(self, ids: Sequence[str]) -> pd.DataFrame:
        """Return the lineage among groups that are read."""
        return self._listed(LINEAGE, {"from_id": ids, "to_id": ids})

    def _listed(self, file: str, ids: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        from sqlalchemy import Text, bindparam, func, select
        from sqlalchemy.dialects.postgresql import ARRAY

        of = table(self.of, file)
        where = [of.c[name] == func.any(bindparam(name, list(known), type_=ARRAY(Text))) for name, known in ids.items()]
        return _cells(pd.read_sql(select(of).where(*where).order_by(*of.c), self.connection), file)


def _all(conditions: Sequence[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    from sqlalchemy import and_

    return and_(*conditions)


# ---- the atlas ------------------------------------------------------------------------------------------------------


def _narrowed(dataset: Dataset, part: Part, read: int, passing: int, whole: bool) -> tuple[Dataset, list[str]]:
    """Return the dataset as it stands for its part: its coverage and limits; and what the report says of it."""
    limits = []
    if words := "; ".join(part.words()):
        text = f"Of a database only the relationships were read that are {words}."
        limits.append(Limit("A part of the data", text))
    if read < passing:
        text = f"Only {read:,} of {passing:,} relationships were read, by their ids: no count here is whole."
        limits.append(Limit("Not all relationships are read", text))
    if not whole:
        text = "There are more groups without a relationship than were read: the number of active groups is too low."
        limits.append(Limit("Not all groups are read", text))
    first, last = max(dataset.first_year, part.since or 0), min(dataset.last_year, part.year or LAST_YEAR)
    narrowed = replace(dataset, first_year=first, last_year=last, limits=(*limits, *dataset.limits))
    said = f"{count(read, 'relationship was', 'relationships were')} read from the database."
    return narrowed, [said, *(limit.text for limit in limits)]


def mark(text: str) -> Stamp | None:
    """What tells whether the row of the table ``dataset`` was written since; None where there is none."""
    try:
        where = address(text, PARAMETERS)
        with connected(where) as connection:
            return _Query(connection, metadata(where.schema), Part()).mark()
    except DataError:
        return None


def read_database(text: str) -> tuple[Atlas, Stamp | None]:
    """Read the dataset, or the part of it, that an address names; returns the ``mark`` of what was read, too.

    Raises
    ------
    DataError
        When the address or the database cannot be used.
    """
    where = address(text, PARAMETERS)
    part = part_of(where)
    with connected(where) as connection:
        query = _Query(connection, metadata(where.schema), part)
        toml, seen_mark = query.header(), query.mark()
        if not toml:
            raise DataError(
                what=f"table {HEADER_TABLE} does not have one row", where=str(where),
                mend="put the text of a dataset.toml into its column toml",
            )  # fmt: skip
        ties, passing = query.ties()
        groups, whole = query.groups(_ids(ties, "group_a", "group_b"))
        lineage = query.lineage(_ids(groups, "group_id"))
        cited = sorted({id_ for frame in (ties, groups, lineage) for id_ in _ids(frame, "source_ids")})
        sources = query.sources(cited)
    frames = {GROUPS: groups, RELATIONSHIPS: ties, SOURCES: sources, LINEAGE: lineage}
    seen = {file: pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes() for file, frame in frames.items()}
    seen |= {HEADER_TABLE: toml.encode(), "part": repr(part).encode()}
    dataset, problems = read_header(toml, f"{where}: {HEADER_TABLE}", where.slug, fingerprint(seen))
    dataset, notes = _narrowed(dataset, part, len(ties), passing, whole)
    if dataset.last_year < dataset.first_year:
        raise DataError(
            what="its years do not meet those of the dataset", where=str(where), mend="correct since and year"
        )
    tables = {file: Table(TABLES[file][0], frame, (), len(frame)) for file, frame in frames.items()}
    return build(dataset, tables, problems, notes), seen_mark
