"""Times reading parts of a large dataset from PostGIS: `python -m tests.benchmarks.postgis [--times 400]`.

The bundled synthetic dataset is put into a server of its own that many times (other ids, bases moved a little), so
that the table of relationships has hundreds of thousands of rows; then parts of it are read, and the time of each, its
rows and the process's memory are printed.
"""

from __future__ import annotations

import argparse
import resource
import time

import sqlalchemy as sa

from data.postgis import TABLES, address, connected, write
from data.readers import load
from data.schema import GROUPS, RELATIONSHIPS
from tests.conftest import MGAR
from tests.postgis import server

PARTS = ("since=2010&year=2012&country=SYR,IRQ", "year=1960&box=-90,-60,-30,20", "ideology=leftist&kind=ally&year=1985")


def multiply(where: str, times: int) -> None:
    """Add copies of every group and relationship."""
    copy = {
        GROUPS: {"group_id": "group_id || '-' || n", "lat": "least(90, lat + n * 0.0001)"},
        RELATIONSHIPS: {key: f"{key} || '-' || n" for key in ("relationship_id", "group_a", "group_b")},
    }
    with connected(address(where), write=True) as connection:
        for file, made in copy.items():
            name, columns = TABLES[file]
            values = ", ".join(made.get(column, column) for column in columns)
            connection.execute(
                sa.text(
                    f"INSERT INTO big.{name} ({', '.join(columns)})"  # noqa: S608 - names of our own
                    f" SELECT {values} FROM big.{name}, generate_series(2, {times}) n"
                )
            )
    with connected(address(where), write=True) as connection:
        connection.execute(sa.text("ANALYZE"))


def main() -> None:
    """Fill the database, read the parts, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=400)
    times = parser.parse_args().times
    with server() as base:
        where = f"{base}&schema=big"
        atlas = load(MGAR)
        write(atlas, where)
        start = time.perf_counter()
        multiply(where, times)
        rows = f"{len(atlas.relationships) * times:,} relationships of {len(atlas.groups) * times:,} groups"
        print(f"{rows} are in the database ({time.perf_counter() - start:.0f} s)")
        for part in PARTS:
            start = time.perf_counter()
            read = load(f"{where}&{part}")
            took = time.perf_counter() - start
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{part}: {len(read.relationships):,} relationships and {len(read.groups):,} groups"
                f" in {took:.1f} s, {memory:.0f} MB at most so far"
            )


if __name__ == "__main__":
    main()
