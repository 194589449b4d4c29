"""What a view hands out: its relationships, groups and sources as tables, and what has to stand beside them.

The relationships are exactly those that ``/api/view`` lists: the alliances that pass and are active in the
selection's year or period. The groups are those at either end of one of these, and the groups of the key figure
*Active groups* (``counted``), with or without an alliance: so both key figures can be counted again from the file.
The sources are those that these relationships and groups cite. Rivalries, hidden legend keys, the open card and the
map's extent change nothing here, as they change no figure.

Every table has the columns of the data contract first, named and written as in a dataset's own files, then derived
ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from data.checks import joined
from data.colourings import COLOURING, classes_of_alliances
from data.filters import own_groups, passing
from data.grammar import Served, to_query
from data.index import Bools, Index, Ints, index
from data.model import Atlas, Dataset
from data.selection import Selection
from data.view import active, window_of
from data.vocabulary import GROUP_COLUMNS, NOTHING_FOUND, RELATIONSHIP_COLUMNS, SOURCE_COLUMNS
from data.words import sentence

if TYPE_CHECKING:
    import geopandas as gpd

MOST_ROWS = 50_000
"""Relationships and groups of one file, together."""

SYNTHETIC = "SYNTHETIC DATA: made up, no real groups"

RELATIONSHIP_DERIVED = {
    "name_a": "name of group_a",
    "name_b": "name of group_b",
    "last_year": "last year, where end_year is empty too: the end of coverage, or the earlier end of the two groups",
    "leads": "whether it stands for its pair of groups in the view: the rows that do are as many as the alliances",
    "tangible": "whether it has a tangible type of co-operation; empty where that was not coded",
    "shared_ideology": "as the map colours it: an ideology, cross-ideological or not-recorded",
    "region": "UN M49 region of both bases, inter-regional or not-recorded",
    "cross_border": "whether the bases lie in different countries; empty where one is not recorded",
    "reach_km": "geodesic distance of the bases on WGS84, km; empty where an end is not located",
}
GROUP_DERIVED = {
    "last_year": "last year, where end_year is empty too: the end of coverage",
    "region": "UN M49 region of base_country",
    "sub_region": "UN M49 sub-region of base_country",
    "degree": "allies in the view: distinct groups to which a listed relationship ties it",
    "counted": "whether it is one of the key figure Active groups",
}
SOURCE_DERIVED = {
    "relationships": "relationships of the view that cite it",
    "groups": "groups of the view that cite it",
}

_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Text without the characters that XML, SQLite or a line of a header cannot hold."""
    return _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)


@dataclass(frozen=True, eq=False)
class Extract:
    """The tables of one view, and the words, query and notices that stand beside them."""

    atlas: Atlas
    selection: Selection
    words: str
    query: str
    """Query that keeps its meaning: with the year and the dataset's version."""
    notices: tuple[str, ...]
    relationships: pd.DataFrame
    groups: gpd.GeoDataFrame
    sources: pd.DataFrame

    @property
    def too_large(self) -> bool:
        """Whether a file of it would be larger than the server hands out."""
        return len(self.relationships) + len(self.groups) > MOST_ROWS


def _classes(index_: Index, key: str, rows: Ints) -> list[str]:
    """Ids of the classes of a colouring for rows of the alliances."""
    colouring = COLOURING[key]
    ids = [term.id for term in colouring.classes(index_)]
    return [ids[place] for place in classes_of_alliances(index_, colouring)[rows]]


def _years(first: Any, last: Any, is_open: Any) -> dict[str, Any]:
    """Years as in the files: an open end is empty."""
    return {"start_year": first, "end_year": pd.array(np.where(is_open, -1, last), dtype="Int64").copy()}


def relationship_table(index_: Index, rows: Ints, leads: Bools) -> pd.DataFrame:
    """Relationships in the contract's columns and the derived ones, by id.

    Parameters
    ----------
    rows
        (n,) rows of ``index_.alliances``.
    leads
        (n,) whether each leads its dyad in the view.
    """
    ties, groups = index_.alliances, index_.groups
    frame = index_.atlas.relationships.iloc[ties.row[rows]].reset_index(drop=True)
    names = index_.atlas.groups["name"].to_numpy(dtype=object)
    a, b = ties.a[rows], ties.b[rows]
    known = (groups.country[a] >= 0) & (groups.country[b] >= 0)
    found = np.where(frame["coded"], NOTHING_FOUND, "")
    is_open = frame["open"].to_numpy(dtype=bool)
    table = pd.DataFrame(
        {
            **{key: frame[key] for key in ("relationship_id", "group_a", "group_b")},
            **_years(frame["first_year"], frame["last_year"], is_open),
            "relation": frame["kind"],
            "cooperation": [
                types or empty for types, empty in zip(joined(frame["types"]), found.tolist(), strict=True)
            ],
            **{key: frame[key] for key in ("direction", "confidence", "note")},
            "source_ids": joined(frame["source_ids"]),
            "name_a": names[a],
            "name_b": names[b],
            "last_year": frame["last_year"],
            "leads": leads,
            "tangible": _maybe(ties.tangible[rows], ties.coded[rows]),
            "shared_ideology": _classes(index_, "ideology", rows),
            "region": _classes(index_, "region", rows),
            "cross_border": _maybe(ties.cross_border[rows], known),
            "reach_km": frame["reach_km"],
        }
    )
    table.loc[is_open, "end_year"] = pd.NA
    table = table[[*RELATIONSHIP_COLUMNS, *RELATIONSHIP_DERIVED]]
    return table.sort_values("relationship_id", ignore_index=True)


def _maybe(values: Bools, known: Bools) -> Any:
    """Booleans that are missing where they are not known."""
    return pd.arrays.BooleanArray(np.array(values, dtype=bool), ~np.asarray(known, dtype=bool))


def group_table(index_: Index, rows: Ints, degree: Ints, counted: Bools) -> gpd.GeoDataFrame:
    """Groups in the contract's columns and the derived ones, by id, each with its point."""
    import geopandas as gpd

    frame = index_.atlas.groups.iloc[rows].reset_index(drop=True)
    is_open = ~frame["ended"].to_numpy(dtype=bool)
    table = pd.DataFrame(
        {
            **{key: frame[key] for key in ("group_id", "name")},
            "aliases": joined(frame["aliases"]),
            **_years(frame["first_year"], frame["last_year"], is_open),
            "end_type": frame["end_type"],
            "ideologies": joined(frame["ideologies"]),
            **{key: frame[key] for key in ("religion", "base_country", "base_place")},
            "lat": frame.geometry.y,
            "lon": frame.geometry.x,
            "precision": frame["precision"],
            "source_ids": joined(frame["source_ids"]),
            **{key: frame[key] for key in ("last_year", "region", "sub_region")},
            "degree": degree[rows],
            "counted": counted[rows],
        }
    )
    table.loc[is_open, "end_year"] = pd.NA
    table = gpd.GeoDataFrame(table[[*GROUP_COLUMNS, *GROUP_DERIVED]], geometry=frame.geometry)
    return table.sort_values("group_id", ignore_index=True)


def source_table(atlas: Atlas, relationships: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Sources that the rows cite, by id; an id that the dataset lacks stands for its own citation."""
    cited = [
        Counter(id_ for cell in table["source_ids"] for id_ in cell.split("|") if id_)
        for table in (relationships, groups)
    ]
    known = {row["source_id"]: row for row in atlas.sources.to_dict("records")}
    unknown = {"url": ""}
    rows = [
        (id_, source.get("citation", id_), source["url"], *(counter[id_] for counter in cited))
        for id_ in sorted(set(cited[0]) | set(cited[1]))
        for source in (known.get(id_, unknown),)
    ]
    return pd.DataFrame(rows, columns=[*SOURCE_COLUMNS, *SOURCE_DERIVED])


def extract(selection: Selection, notices: tuple[str, ...], served: Served) -> Extract:
    """Return the tables of one view."""
    atlas = served[selection.dataset]
    index_ = index(atlas)
    ties, n_groups = index_.alliances, len(index_.groups.ids)
    passes = passing(index_, selection)
    panel, window = window_of(index_, selection)
    leading = panel.leading(passes)
    leading = panel.tie[leading[panel.window[leading] == window]]
    leads = np.zeros(len(ties), dtype=bool)
    leads[leading] = True
    degree = np.bincount(np.concatenate((ties.a[leading], ties.b[leading])), minlength=n_groups)
    counted = panel.alive[:, window] & own_groups(index_, selection)

    rows = np.flatnonzero(active(index_, passes, selection))
    relationships = relationship_table(index_, rows, leads[rows])
    groups = group_table(index_, np.flatnonzero(counted | (degree > 0)), degree, counted)
    return Extract(
        atlas=atlas,
        selection=selection,
        words=sentence(index_, selection, len(leading), int((degree > 0).sum())),
        query=to_query(replace(selection, card=None, map=None), served, cite=True),
        notices=notices,
        relationships=relationships,
        groups=groups,
        sources=source_table(atlas, relationships, groups),
    )


def about(extract_: Extract, day: str) -> dict[str, Any]:
    """What has to stand beside the rows wherever they go: JSON values, in order.

    Parameters
    ----------
    day
        When the file is made, as 2026-11-27.
    """
    d, selection = extract_.atlas.dataset, extract_.selection
    synthetic = {"synthetic": SYNTHETIC} if d.synthetic else {}
    return {
        "title": clean(d.title),
        "version": clean(d.version),
        **synthetic,
        "status": d.status,
        "citation": clean(d.citation),
        "licence": clean(d.licence),
        "disclaimer": clean(d.disclaimer),
        "view": clean(extract_.words),
        "year": selection.year,
        "since": selection.since,
        "query": f"/?{extract_.query}",
        "relationships": len(extract_.relationships),
        "groups": len(extract_.groups),
        "sources": len(extract_.sources),
        "made": day,
        "notices": [clean(notice) for notice in extract_.notices],
    }


def _file_name(dataset: Dataset, parts: Sequence[str], ending: str) -> str:
    parts = ["alliance-atlas", dataset.slug, *parts, f"v{dataset.version}"]
    parts += ["synthetic"] if dataset.synthetic else []
    name = "-".join(re.sub(r"[^A-Za-z0-9.]+", "-", part).strip("-.")[:60] for part in parts)
    return f"{name}.{ending}"


def file_name(extract_: Extract, what: str, ending: str) -> str:
    """Name of a file that says dataset, content, year and version in plain letters."""
    s = extract_.selection
    years = str(s.year) if s.since is None else f"{s.since}-{s.year}"
    return _file_name(extract_.atlas.dataset, (what, years), ending)


def report_name(dataset: Dataset, what: str, ending: str) -> str:
    """Name of a file that says how a dataset was read."""
    return _file_name(dataset, (what,), ending)
