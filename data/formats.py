"""The files of a view: CSV, GeoJSON, GeoPackage, GraphML and BibTeX; and how the dataset was read."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pandas as pd

from data.downloads import SYNTHETIC, Extract, about, clean
from data.files import csv_text, notices_of
from data.geography import WGS84, great_circle_line
from data.model import Atlas, Dataset
from data.quality import MOST_PROBLEMS, bounded, not_used, report_json
from data.words import count

# ---- CSV ------------------------------------------------------------------------------------------------------------


def _comments(facts: Mapping[str, Any]) -> list[str]:
    lines = []
    for key, value in facts.items():
        if key == "notices":
            lines += [f"notice: {notice}" for notice in notices_of(value)]
        elif key == "synthetic":
            lines.append(value)
        elif value is not None:
            lines.append(f"{key}: {value}")
    return [" ".join(line.split()) for line in lines]


def _records(table: pd.DataFrame) -> list[list[Any]]:
    """Rows as plain Python values; missing is None."""
    columns = [
        [None if pd.isna(v) else v for v in table[name].astype(object).tolist()]
        for name in table.columns
        if name != "geometry"
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _csv(table: pd.DataFrame, extract: Extract, day: str) -> bytes:
    names = [name for name in table.columns if name != "geometry"]
    return csv_text(_comments(about(extract, day)), names, _records(table)).encode()


# ---- shapes ---------------------------------------------------------------------------------------------------------


def lines(extract: Extract) -> list[Any]:
    """Great circle of each relationship; None where an end is not located.

    Two bases at one place give a line of no length; one across the antimeridian is in two parts.
    """
    atlas, drawn = extract.atlas, {}
    points = dict(zip(atlas.groups["group_id"], atlas.groups.geometry, strict=True))
    pairs = list(zip(extract.relationships["group_a"], extract.relationships["group_b"], strict=True))
    for pair in set(pairs):
        a, b = points[pair[0]], points[pair[1]]
        drawn[pair] = None if a is None or b is None else great_circle_line(a.x, a.y, b.x, b.y)
    return [drawn[pair] for pair in pairs]


def _geometry(shape: Any) -> dict[str, Any] | None:
    """GeoJSON of a shape, to six decimals (a tenth of a metre)."""
    if shape is None:
        return None
    import shapely

    def rounded(part: Any) -> list[list[float]]:
        return [[round(x, 6), round(y, 6)] for x, y in shapely.get_coordinates(part).tolist()]

    kind = shape.geom_type
    parts = [rounded(part) for part in shape.geoms] if kind.startswith("Multi") else rounded(shape)
    return {"type": kind, "coordinates": parts[0] if kind == "Point" else parts}


def _geojson(table: pd.DataFrame, shapes: Sequence[Any], extract: Extract, day: str) -> bytes:
    names = [name for name in table.columns if name != "geometry"]
    features = [
        {
            "type": "Feature",
            "id": row[0],
            "properties": dict(zip(names, row, strict=True)),
            "geometry": _geometry(shape),
        }
        for row, shape in zip(_records(table), shapes, strict=True)
    ]
    facts = about(extract, day)
    facts["notices"] = notices_of(facts["notices"])
    return orjson.dumps({"type": "FeatureCollection", "metadata": facts, "features": features})


def _group_shapes(extract: Extract) -> list[Any]:
    return [None if pd.isna(point) else point for point in extract.groups.geometry]


def geopackage(extract: Extract, day: str) -> bytes:
    """GeoPackage: the layers relationships (lines) and groups (points), the tables sources and about."""
    import geopandas as gpd
    import pyogrio

    shapes = {
        "relationships": gpd.GeoDataFrame(extract.relationships, geometry=gpd.GeoSeries(lines(extract), crs=WGS84)),
        "groups": extract.groups,
    }
    facts = about(extract, day)
    told = [(key, str(value)) for key, value in facts.items() if key != "notices" and value is not None]
    told += [("notice", notice) for notice in notices_of(facts["notices"])]
    mark = f"{facts['synthetic']}. " if "synthetic" in facts else ""
    description = f"{mark}{facts['view']}. {facts['citation']}. {facts['licence']}."
    tables = {"sources": extract.sources, "about": pd.DataFrame(told, columns=["key", "value"])}
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        path = Path(folder) / "view.gpkg"
        for layer, frame in shapes.items():
            pyogrio.write_dataframe(
                _cleaned(frame), path, layer=layer, driver="GPKG", append=path.exists(), promote_to_multi=False,
                geometry_type="Unknown" if layer == "relationships" else "Point",
                layer_options={"DESCRIPTION": description},
            )  # fmt: skip
        for layer, table in tables.items():
            pyogrio.write_dataframe(_cleaned(table), path, layer=layer, driver="GPKG", append=True)
        return path.read_bytes()


def _cleaned(frame: Any) -> Any:
    """Frame whose text SQLite can hold."""
    frame = frame.copy()
    for name in frame.columns:
        if frame[name].dtype in ("str", object) and name != "geometry":
            frame[name] = [clean(text) for text in frame[name]]
    return frame


# ---- GraphML --------------------------------------------------------------------------------------------------------


def _attributes(row: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of a node or an edge: GraphML has no null, so what is missing is left out."""
    return {key: clean(v) if isinstance(v, str) else v for key, v in row.items() if v is not None and v != ""}


def graphml(extract: Extract, day: str) -> bytes:
    """GraphML for Gephi, igraph and networkx: a node for each group, an edge for each pair of allied groups.

    An edge has the attributes of the relationship that leads its pair; ``relationships``, ``relations``,
    ``cooperations`` and ``spells`` gather all that the pair has in view.
    """
    import networkx as nx

    facts = about(extract, day)
    facts["notices"] = " ".join(notices_of(facts["notices"]))
    graph = nx.Graph(**_attributes(facts))
    names = [name for name in extract.groups.columns if name != "geometry"]
    for row in _records(extract.groups):
        node = dict(zip(names, row, strict=True))
        graph.add_node(node["group_id"], **_attributes({"label": node["name"], **node}))
    pairs: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in _records(extract.relationships):
        tie = dict(zip(extract.relationships.columns, row, strict=True))
        pairs.setdefault((tie["group_a"], tie["group_b"]), []).append(tie)
    for (a, b), ties in pairs.items():
        lead = next(tie for tie in ties if tie["leads"])
        own = {key: v for key, v in lead.items() if key not in ("group_a", "group_b", "leads", "name_a", "name_b")}
        together = {
            "relationships": "|".join(tie["relationship_id"] for tie in ties),
            "relations": "|".join(dict.fromkeys(tie["relation"] for tie in ties)),
            "cooperations": "|".join(dict.fromkeys(p for t in ties for p in t["cooperation"].split("|") if p)),
            "spells": len(ties),
        }
        graph.add_edge(a, b, **_attributes({**own, **together}))
    out = io.BytesIO()
    nx.write_graphml(graph, out)
    return out.getvalue()


# ---- BibTeX ---------------------------------------------------------------------------------------------------------

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{c: f"\\{c}" for c in "&%$#_"},
}


def tex(text: str) -> str:
    """Text as TeX prints it; its braces are spelt out, as BibTeX counts escaped ones too."""
    return "".join(_TEX.get(c, c) for c in " ".join(clean(text).split()))


def _entry(key: str, fields: Mapping[str, str]) -> str:
    return f"@misc{{{key},\n" + "".join(f"  {k} = {{{v}}},\n" for k, v in fields.items()) + "}"


def _key(text: str) -> str:
    """Text as the key of an entry."""
    return re.sub(r"[^A-Za-z0-9:._-]+", "-", text).strip("-") or "source"


def dataset_bibtex(dataset: Dataset) -> str:
    """Return the dataset itself as an @misc: its title, and citation and licence as they stand."""
    mark = f"{SYNTHETIC}. " if dataset.synthetic else ""
    note = f"{mark}{dataset.citation}. {dataset.licence}"
    return _entry(_key(f"{dataset.slug}-{dataset.version}"), {"title": f"{{{tex(dataset.title)}}}", "note": tex(note)})


def bibtex(extract: Extract, day: str) -> bytes:
    """Sources of the view as BibTeX, each an @misc whose title is the citation as it stands.

    The dataset's own citation stands above them as a comment, where no "@" may stand: it would begin an entry.
    """
    facts = about(extract, day)
    head = [f"# {line}".replace("@", "(at)") for line in _comments(facts)]
    out, taken = ["% " + line[2:] for line in head], set()
    for source in extract.sources.to_dict("records"):
        stem = _key(source["source_id"])
        key, n = stem, 2
        while key.lower() in taken:
            key, n = f"{stem}-{n}", n + 1
        taken.add(key.lower())
        cited = " and ".join(
            count(source[of], of.removesuffix("s"), of) for of in ("relationships", "groups") if source[of]
        )
        fields = {"title": f"{{{tex(source['citation'])}}}", "note": f"Cited by {cited} in view"}
        if source["url"]:
            fields["url"] = quote(source["url"], safe=":/?#[]@!$&'()*+,;=%~-._")
        out.append("\n" + _entry(key, fields))
    return ("\n".join(out) + "\n").encode()


# ---- how the dataset was read ---------------------------------------------------------------------------------------

REPORT_COLUMNS = ("file", "line", "column", "value", "severity", "reason", "message", "mend")
SET_ASIDE_COLUMNS = ("file", "line", "severity", "kind", "column", "value", "message", "mend", "row")


def _report_comments(atlas: Atlas, day: str, problems: int) -> list[str]:
    """Title, version and rows read and used of each file, and whether the list below is whole."""
    d, found = atlas.dataset, atlas.report
    facts: dict[str, Any] = {"title": clean(d.title), "version": clean(d.version)}
    facts |= {"synthetic": SYNTHETIC} if d.synthetic else {}
    facts |= {"made": day, **{file: f"{found.used[file]} of {n} rows used" for file, n in found.read.items()}}
    facts["problems"] = problems
    if problems > MOST_PROBLEMS:
        facts["notice"] = f"the first {MOST_PROBLEMS:,} are listed; python app.py check lists all"
    return [*_comments(facts), *(f"note: {clean(note)}" for note in found.notes)]


def report(atlas: Atlas, day: str) -> bytes:
    """Every problem of a dataset as CSV, below the rows read and used of each file."""
    problems = atlas.report.problems
    rows = [
        (p.file, p.line, bounded(p.column), bounded(p.value), p.severity.value, p.reason, p.message, p.mend)
        for p in problems[:MOST_PROBLEMS]
    ]
    return csv_text(_report_comments(atlas, day, len(problems)), REPORT_COLUMNS, rows).encode()


def set_aside(atlas: Atlas, day: str) -> bytes:
    """Every row that is not used as CSV, once for each reason, with its own text: what has to be mended."""
    found = list(not_used(atlas.report))
    rows = [
        (p.file, p.line, p.severity.value, p.reason, bounded(p.column), bounded(p.value), p.message, p.mend, row)
        for p, row in found[:MOST_PROBLEMS]
    ]
    return csv_text(_report_comments(atlas, day, len(found)), SET_ASIDE_COLUMNS, rows).encode()


# ---- all of them ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    """A file that is handed out: the route is ``/api/<what>.<ending>``; ``help`` says who reads it."""

    what: str
    ending: str
    label: str
    mimetype: str
    help: str

    @property
    def route(self) -> str:
        """Where the file is."""
        return f"/api/{self.what}.{self.ending}"


@dataclass(frozen=True)
class Format(File):
    """A file of a view."""

    make: Callable[[Extract, str], bytes]


@dataclass(frozen=True)
class ReportFormat(File):
    """A file that says how a dataset was read, the same for every view of it."""

    make: Callable[[Atlas, str], bytes]


_CSV, _GEOJSON = "text/csv; charset=utf-8", "application/geo+json"

FORMATS = (
    Format("relationships", "csv", "Relationships, CSV", _CSV, "for spreadsheets, R and pandas",
           lambda extract, day: _csv(extract.relationships, extract, day)),
    Format("groups", "csv", "Groups, CSV", _CSV, "for spreadsheets, R and pandas",
           lambda extract, day: _csv(extract.groups, extract, day)),
    Format("sources", "csv", "Sources, CSV", _CSV, "for spreadsheets, R and pandas",
           lambda extract, day: _csv(extract.sources, extract, day)),
    Format("relationships", "geojson", "Relationships, GeoJSON", _GEOJSON, "great-circle lines for web maps",
           lambda extract, day: _geojson(extract.relationships, lines(extract), extract, day)),
    Format("groups", "geojson", "Groups, GeoJSON", _GEOJSON, "points for web maps",
           lambda extract, day: _geojson(extract.groups, _group_shapes(extract), extract, day)),
    Format("view", "gpkg", "GeoPackage", "application/geopackage+sqlite3",
           "lines, points and tables in one file, for QGIS and ArcGIS", geopackage),
    Format("view", "graphml", "GraphML", "application/graphml+xml", "the network, for Gephi and igraph", graphml),
    Format("sources", "bib", "BibTeX", "text/x-bibtex; charset=utf-8", "sources cited, for Zotero and LaTeX", bibtex),
)  # fmt: skip
REPORT = ReportFormat("report", "csv", "Report, CSV", _CSV, "every problem with file, line and mend", report)
SET_ASIDE = ReportFormat(
    "set-aside",
    "csv",
    "Rows not used, CSV",
    _CSV,
    "rows set aside or kept out, as they stand in their files",
    set_aside,
)
REPORT_JSON = ReportFormat(
    "report",
    "json",
    "Report, JSON",
    "application/json",
    "how each file was read and every problem, for scripts",
    lambda atlas, day: orjson.dumps(report_json(atlas, MOST_PROBLEMS)),
)
REPORTS = (REPORT, SET_ASIDE, REPORT_JSON)
