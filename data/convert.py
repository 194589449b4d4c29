"""Write an atlas as a native folder: what was read from any format can be kept, mended by hand and read again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from data.checks import joined
from data.errors import DataError
from data.files import raw_line
from data.model import Atlas, Dataset, Term
from data.readers.mapping import toml_text
from data.schema import GROUPS, HEADER, LINEAGE, RELATIONSHIPS, SOURCES
from data.vocabulary import GROUP_COLUMNS, LINEAGE_COLUMNS, NOTHING_FOUND, RELATIONSHIP_COLUMNS, SOURCE_COLUMNS


def _csv(columns: Sequence[str], cells: dict[str, Any]) -> str:
    rows = zip(*(cells[name] for name in columns), strict=True)
    return "".join(raw_line(row) + "\n" for row in (columns, *rows))


def _groups(atlas: Atlas) -> dict[str, Any]:
    frame = atlas.groups
    points = frame.geometry
    same = {name: frame[name] for name in GROUP_COLUMNS if name in frame}
    return {
        **same,
        "aliases": joined(frame["aliases"]),
        "start_year": frame["first_year"],
        "end_year": frame["last_year"].astype(object).where(frame["ended"], ""),
        "ideologies": joined(frame["ideologies"]),
        "lat": ["" if point is None else repr(float(point.y)) for point in points],
        "lon": ["" if point is None else repr(float(point.x)) for point in points],
        "source_ids": joined(frame["source_ids"]),
    }


def _relationships(atlas: Atlas) -> dict[str, Any]:
    frame = atlas.relationships
    nothing = [NOTHING_FOUND if coded else "" for coded in frame["coded"]]
    return {
        **{name: frame[name] for name in RELATIONSHIP_COLUMNS if name in frame},
        "start_year": frame["first_year"],
        "end_year": frame["last_year"].astype(object).where(~frame["open"], ""),
        "relation": frame["kind"],
        "cooperation": [types or empty for types, empty in zip(joined(frame["types"]), nothing, strict=True)],
        "source_ids": joined(frame["source_ids"]),
    }


def _terms(key: str, terms: Iterable[Term], flag: str) -> list[str]:
    lines = []
    for term in terms:
        lines += ["", f"[[{key}]]", f"id = {toml_text(term.id)}", f"label = {toml_text(term.label)}"]
        lines += [f"colour = {toml_text(term.colour)}"] if term.colour else []
        lines += [f"{flag} = {str(term.flag).lower()}"] if flag else []
    return lines


def header_text(d: Dataset) -> str:
    """Text of the ``dataset.toml`` of a dataset."""
    texts = {key: getattr(d, key) for key in ("title", "version", "citation", "licence", "status", "disclaimer")}
    lines = [f"{key} = {toml_text(text)}" for key, text in texts.items() if text]
    lines += [f"first_year = {d.first_year}", f"last_year = {d.last_year}"]
    lines += _terms("ideology", d.ideologies, "")
    lines += _terms("cooperation", d.types, "tangible")
    lines += _terms("relation", d.kinds, "cooperative")
    for limit in d.limits:
        lines += ["", "[[limit]]", f"title = {toml_text(limit.title)}", f"text = {toml_text(limit.text)}"]
        lines += [f"about = {toml_text(limit.about)}"] if limit.about else []
    return "\n".join(lines) + "\n"


def native_cells(atlas: Atlas) -> dict[str, tuple[Sequence[str], dict[str, Any]]]:
    """Columns and cells of the tables of the native format, by file; text is as it was read, also a formula."""
    lineage = atlas.lineage
    return {
        GROUPS: (GROUP_COLUMNS, _groups(atlas)),
        RELATIONSHIPS: (RELATIONSHIP_COLUMNS, _relationships(atlas)),
        SOURCES: (SOURCE_COLUMNS, {name: atlas.sources[name] for name in SOURCE_COLUMNS}),
        LINEAGE: (
            LINEAGE_COLUMNS,
            {name: lineage[name] for name in LINEAGE_COLUMNS} | {"source_ids": joined(lineage["source_ids"])},
        ),
    }


def native_files(atlas: Atlas) -> dict[str, str]:
    """Text of the files of the native folder, by name."""
    tables = {name: _csv(columns, cells) for name, (columns, cells) in native_cells(atlas).items()}
    return {HEADER: header_text(atlas.dataset), **tables}


def convert(atlas: Atlas, folder: Path) -> list[Path]:
    """Write the native folder of an atlas; returns the files written.

    Raises
    ------
    DataError
        When the folder holds anything, or cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise DataError(
                what="there is something already", where=str(folder), mend="name a folder that is new or empty"
            )
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for name, text in native_files(atlas).items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
            written.append(folder / name)
    except (OSError, ValueError) as why:
        raise DataError(what=f"cannot be written ({why})", where=str(folder), mend="check its rights and disk") from why
    return written
