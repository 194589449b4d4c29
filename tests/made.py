"""Small made-up datasets for tests: a few rows in, a loaded atlas out."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.model import Atlas
from data.readers import load

GROUP = {
    "group_id": "",
    "name": "",
    "aliases": "",
    "start_year": "1990",
    "end_year": "",
    "end_type": "",
    "ideologies": "islamist",
    "religion": "none",
    "base_country": "LBN",
    "base_place": "Beirut, Lebanon",
    "lat": "33.89",
    "lon": "35.5",
    "precision": "city",
    "source_ids": "s1",
}
TIE = {
    "relationship_id": "",
    "group_a": "",
    "group_b": "",
    "start_year": "1990",
    "end_year": "",
    "relation": "ally",
    "cooperation": "material",
    "direction": "mutual",
    "confidence": "high",
    "note": "",
    "source_ids": "s1",
}
SOURCE = {"source_id": "s1", "citation": "A. Author (2001), A Book", "url": "https://example.org/book"}
KIN = {"from_id": "", "to_id": "", "year": "2000", "kind": "split", "source_ids": "s1", "note": ""}
TOML = """title = "Made-up sample"
version = "1"
citation = "Made up for tests"
licence = "CC0"
first_year = 1980
last_year = 2000
status = "{status}"
disclaimer = "Made up."
{more}"""


def write(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> None:
    """Write rows as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def dataset(
    folder: Path,
    groups: Sequence[Mapping[str, str]],
    ties: Sequence[Mapping[str, str]],
    *,
    kin: Sequence[Mapping[str, str]] = (),
    status: str = "observed",
    more: str = "",
) -> Path:
    """Write a dataset folder; what a row leaves out is filled in, an id of a tie from its ends and year."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.toml").write_text(TOML.format(status=status, more=more), encoding="utf-8")
    write(folder / "groups.csv", [{**GROUP, "name": g["group_id"].upper(), **g} for g in groups], list(GROUP))
    full = [{**TIE, **tie} for tie in ties]
    for tie in full:
        tie["relationship_id"] = tie["relationship_id"] or f"{tie['group_a']}--{tie['group_b']}--{tie['start_year']}"
    write(folder / "relationships.csv", full, list(TIE))
    write(folder / "sources.csv", [SOURCE], list(SOURCE))
    if kin:
        write(folder / "lineage.csv", [{**KIN, **row} for row in kin], list(KIN))
    return folder


def atlas(
    folder: Path, groups: Sequence[Mapping[str, str]], ties: Sequence[Mapping[str, str]], **more: object
) -> Atlas:
    """Loaded atlas of made-up rows."""
    return load(dataset(folder, groups, ties, **more))  # type: ignore[arg-type]


def groups(*ids: str, **same: str) -> list[dict[str, str]]:
    """Groups that differ in their id alone."""
    return [{"group_id": id_, **same} for id_ in ids]


def tie(a: str, b: str, first: int, last: int | None = None, **more: str) -> dict[str, str]:
    """One relationship of two groups."""
    return {"group_a": a, "group_b": b, "start_year": str(first), "end_year": "" if last is None else str(last), **more}
