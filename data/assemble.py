"""Turn validated text tables into the frames of an atlas: the one place where columns are renamed."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.checks import split, years
from data.geography import WGS84, countries, reach_km
from data.model import Dataset
from data.oddities import coordinate, seen, usable_address
from data.vocabulary import NOTHING_FOUND

Ints = NDArray[np.int64]

_TURNED = {"a_to_b": "b_to_a", "b_to_a": "a_to_b"}


def _text(values: Sequence[str] | pd.Series) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def _shown(cells: pd.Series) -> pd.Series:
    """Free text as it may be shown; the report names what is left out of it."""
    known = {cell: seen(cell) for cell in cells.unique()}
    return cells.map(known)


def _tuples(cells: pd.Series) -> pd.Series:
    known = {cell: split(cell) for cell in cells.unique()}
    held = pd.Series([None] * len(cells), dtype=object)
    held[:] = [known[cell] for cell in cells]
    return held


def slots(lon: Sequence[float], lat: Sequence[float], first: Ints, last: Ints, ids: Sequence[str]) -> Ints:
    """Place of each group among those that share its exact point; 0 for a group alone.

    A group takes the lowest number that no earlier group (by first year, then id) of its point has
    whose years overlap its own. So a group keeps its place on the map from year to year.
    """
    taken: dict[tuple[float, float], list[list[int]]] = {}
    out = np.zeros(len(ids), dtype=np.int64)
    for row in sorted(range(len(ids)), key=lambda i: (first[i], ids[i])):
        if np.isnan(lon[row]) or np.isnan(lat[row]):
            continue
        lanes = taken.setdefault((lon[row], lat[row]), [])  # last year of each slot's latest group
        slot = next((i for i, lane in enumerate(lanes) if lane[0] < first[row]), len(lanes))
        if slot == len(lanes):
            lanes.append([0])
        # Groups come in the order of their first years, so a slot is free once its latest has ended.
        lanes[slot][0] = int(last[row])
        out[row] = slot
    return out


def group_frame(rows: pd.DataFrame, dataset: Dataset) -> gpd.GeoDataFrame:
    """Make the groups of an atlas from usable rows of groups.csv."""
    first = years(rows["start_year"]).astype(np.int64)
    given = years(rows["end_year"])
    ended = ~np.isnan(given)
    last = np.where(ended, np.nan_to_num(given), np.maximum(first, dataset.last_year)).astype(np.int64)
    lat = np.array([coordinate(cell, "lat") for cell in rows["lat"]], dtype=np.float64)
    lon = np.array([coordinate(cell, "lon") for cell in rows["lon"]], dtype=np.float64)
    located = ~np.isnan(lat) & ~np.isnan(lon)
    lat, lon = np.where(located, lat, np.nan), np.where(located, lon, np.nan)
    table = countries().set_index("iso3")
    region, sub_region = table["region"].to_dict(), table["sub_region"].to_dict()
    named = _shown(rows["name"])
    ends = np.where(ended, np.where(rows["end_type"] == "", "unknown", rows["end_type"]), "")
    frame = pd.DataFrame(
        {
            "group_id": _text(rows["group_id"]),
            "name": _text(named.where(named != "", rows["group_id"])),
            "aliases": _tuples(_shown(rows["aliases"])),
            "first_year": first,
            "last_year": last,
            "ended": ended,
            "end_type": _text(ends.tolist()),
            "ideologies": _tuples(rows["ideologies"]),
            "religion": _text(rows["religion"]),
            "base_country": _text(rows["base_country"]),
            "base_place": _text(_shown(rows["base_place"])),
            "precision": _text(rows["precision"]),
            "region": _text([region.get(code, "") for code in rows["base_country"]]),
            "sub_region": _text([sub_region.get(code, "") for code in rows["base_country"]]),
            "source_ids": _tuples(rows["source_ids"]),
            "slot": slots(lon.tolist(), lat.tolist(), first, last, rows["group_id"].tolist()),
            "line": rows["line"].to_numpy(dtype=np.int64),
        }
    )
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=WGS84)
    points[~located] = None
    return gpd.GeoDataFrame(frame, geometry=points)


def _resolved(rows: pd.DataFrame, last_a: Ints, last_b: Ints, coverage_end: int) -> tuple[Ints, Ints]:
    """First and last years of spells: one that is open runs as long as coverage and both groups."""
    first = years(rows["start_year"]).astype(np.int64)
    given = years(rows["end_year"])
    resolved = np.maximum(np.minimum(np.minimum(last_a, last_b), coverage_end), first)
    return first, np.where(np.isnan(given), resolved, np.nan_to_num(given)).astype(np.int64)


def relationship_frame(rows: pd.DataFrame, groups: gpd.GeoDataFrame, dataset: Dataset) -> pd.DataFrame:
    """Make the relationships of an atlas from usable rows of relationships.csv and its groups."""
    swap = (rows["group_a"] > rows["group_b"]).to_numpy(dtype=bool)
    group_a = rows["group_a"].where(~swap, rows["group_b"])
    group_b = rows["group_b"].where(~swap, rows["group_a"])
    direction = rows["direction"].where(~swap, rows["direction"].replace(_TURNED))
    place = {id_: i for i, id_ in enumerate(groups["group_id"])}
    a = np.array([place[id_] for id_ in group_a], dtype=np.int64)
    b = np.array([place[id_] for id_ in group_b], dtype=np.int64)
    _, dyad = np.unique(a * len(groups) + b, return_inverse=True)
    lasts = groups["last_year"].to_numpy(dtype=np.int64)
    first, last = _resolved(rows, lasts[a], lasts[b], dataset.last_year)
    rank = {term.id: i for i, term in enumerate(dataset.kinds)}
    kind = np.array([rank[id_] for id_ in rows["relation"]], dtype=np.int64)
    cooperative = np.isin(rows["relation"].to_numpy(dtype=object), dataset.cooperative_kinds)
    lon, lat = groups.geometry.x.to_numpy(dtype=np.float64), groups.geometry.y.to_numpy(dtype=np.float64)
    found = rows["cooperation"].where(cooperative, "")
    frame = pd.DataFrame(
        {
            "relationship_id": _text(rows["relationship_id"]),
            "group_a": _text(group_a),
            "group_b": _text(group_b),
            "a": a,
            "b": b,
            "dyad": dyad.astype(np.int64),
            "first_year": first,
            "last_year": last,
            "open": (rows["end_year"] == "").to_numpy(dtype=bool),
            "kind": _text(rows["relation"]),
            "cooperative": cooperative,
            "types": _tuples(found.where(found != NOTHING_FOUND, "")),
            "coded": (found != "").to_numpy(dtype=bool),
            "direction": _text(direction),
            "confidence": _text(rows["confidence"]),
            "note": _text(_shown(rows["note"])),
            "source_ids": _tuples(rows["source_ids"]),
            "reach_km": reach_km(lon[a], lat[a], lon[b], lat[b]),
            "line": rows["line"].to_numpy(dtype=np.int64),
        }
    )
    _, id_rank = np.unique(rows["relationship_id"].to_numpy(dtype=object), return_inverse=True)
    return frame.iloc[np.lexsort((id_rank, first, kind, dyad))].reset_index(drop=True)


def source_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """Make the sources of an atlas from usable rows of sources.csv."""
    return pd.DataFrame(
        {
            "source_id": _text(rows["source_id"]),
            "citation": _text(_shown(rows["citation"])),
            "url": _text([url if usable_address(url) else "" for url in rows["url"]]),
            "line": rows["line"].to_numpy(dtype=np.int64),
        }
    )


def lineage_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """Make the lineage of an atlas from usable rows of lineage.csv."""
    return pd.DataFrame(
        {
            "from_id": _text(rows["from_id"]),
            "to_id": _text(rows["to_id"]),
            "year": years(rows["year"]).astype(np.int64),
            "kind": _text(rows["kind"]),
            "source_ids": _tuples(rows["source_ids"]),
            "note": _text(_shown(rows["note"])),
            "line": rows["line"].to_numpy(dtype=np.int64),
        }
    )
