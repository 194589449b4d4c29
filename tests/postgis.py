"""A PostgreSQL server with PostGIS for the tests: in a folder of its own, on a socket in it, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DEBIAN = Path("/usr/lib/postgresql")
MEND = "bash scripts/test installs it, or apt-get install postgresql-postgis"


def binaries() -> Path | None:
    """Folder of the newest server that has PostGIS, None where there is none."""
    found = [
        path / "bin"
        for path in DEBIAN.glob("*")
        if (path / "bin" / "initdb").is_file()
        and Path(f"/usr/share/postgresql/{path.name}/extension/postgis.control").is_file()
    ]
    return max(found, key=lambda path: int(path.parent.name), default=None)


@contextmanager
def server() -> Iterator[str]:
    """Address of a new, empty database with PostGIS, without its schema; skips where there is no server."""
    binary = binaries()
    if binary is None:
        pytest.skip(f"PostgreSQL with PostGIS is not installed; mend: {MEND}")
    # The server refuses to run as root, and a socket's path has to be short.
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    home = Path(tempfile.mkdtemp(prefix="atlas-pg-", dir="/tmp"))
    data, log = home / "data", home / "log"
    if user:
        shutil.chown(home, "nobody", "nogroup")

    def run(program: str, *args: str) -> None:
        done = subprocess.run(
            [str(binary / program), *args], cwd=home, capture_output=True, text=True, check=False, **user
        )
        if done.returncode:
            pytest.fail(f"{program}: {done.stderr}{log.read_text() if log.exists() else ''}")

    try:
        run("initdb", "-D", str(data), "-U", "atlas", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        options = f"-c listen_addresses= -k {home} -c fsync=off -c full_page_writes=off -c shared_buffers=32MB"
        run("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-o", options, "start")
        try:
            run("psql", "-q", "-h", str(home), "-U", "atlas", "-d", "postgres", "-c", "CREATE EXTENSION postgis")
            yield f"postgresql://atlas@/postgres?host={home}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
