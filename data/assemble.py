"""Turn validated text tables into the frames of an atlas: the one place where columns are renamed."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.checks import by_value, split, years
from data.geography import WGS84, countries, reach_km
from data.model import Dataset
from data.oddities import coordinates, seen, usable_address
from data.vocabulary import NOTHING_FOUND

Ints = NDArray[np.int64]

_TURNED = {"a_to_b": "b_to_a", "b_to_a": "a_to_b"}


def _text(values: Sequence[str] | pd.Series | NDArray[np.object_]) -> pd.Series:
    # A column as a list: pandas hands out the cells of its own text arrays one by one, ten times slower.
    return pd.Series(values.tolist() if isinstance(values, pd.Series | np.ndarray) else list(values), dtype="str")


def _shown(cells: pd.Series) -> pd.Series:
    """Free text as it may be shown; the report names what is left out of it."""
    known = {cell: seen(cell) for cell in cells.unique()}
    return cells.map(known)


def _tuples(cells: pd.Series) -> pd.Series:
    return pd.Series(by_value(cells, split, object))


def slots(lon: Sequence[float], lat: Sequence[float], first: Ints, last: Ints, ids: Sequence[str]) -> Ints:
    """Place of each group among those that share its exact point; 0 for a group alone.

    A group takes the lowest number that no earlier group (by first year, then id) of its point has
    whose years overlap its own. So a group keeps its place on the map from year to year.
    """
    # Of each point: heaps of (last year, slot) of the groups that stand there, and of the slots that are free again.
    # Groups come in the order of their first years, so a slot once free stays so until it is given away.
    points: dict[tuple[float, float], tuple[list[tuple[int, int]], list[int]]] = {}
    out = np.zeros(len(ids), dtype=np.int64)
    firsts, lasts = first.tolist(), last.tolist()
    for row in sorted(range(len(ids)), key=lambda i: (firsts[i], ids[i])):
        if math.isnan(lon[row]) or math.isnan(lat[row]):
            continue
        standing, free = points.setdefault((lon[row], lat[row]), ([], []))
        while standing and standing[0][0] < firsts[row]:
            heapq.heappush(free, heapq.heappop(standing)[1])
        slot = heapq.heappop(free) if free else len(standing)
        heapq.heappush(standing, (lasts[row], slot))
        out[row] = slot
    return out


def group_frame(rows: pd.DataFrame, dataset: Dataset) -> gpd.GeoDataFrame:
    """Make the groups of an atlas from usable rows of groups.csv."""
    first = years(rows["start_year"]).astype(np.int64)
    given = years(rows["end_year"])
    ended = ~np.isnan(given)
    last = np.where(ended, np.nan_to_num(given), np.maximum(first, dataset.last_year)).astype(np.int64)
    lat, lon = coordinates(rows["lat"], "lat"), coordinates(rows["lon"], "lon")
    located = ~np.isnan(lat) & ~np.isnan(lon)
    lat, lon = np.where(located, lat, np.nan), np.where(located, lon, np.nan)
    table = countries().set_index("iso3")
    regions = {column: defaultdict(str, table[column].to_dict()) for column in ("region", "sub_region")}
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
            **{column: _text(by_value(rows["base_country"], of.__getitem__, object)) for column, of in regions.items()},
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
    place = {id_: i for i, id_ in enumerate(groups["group_id"].tolist())}
    a, b = (np.array([place[id_] for id_ in ids.tolist()], dtype=np.int64) for ids in (group_a, group_b))
    _, dyad = np.unique(a * len(groups) + b, return_inverse=True)
    lasts = groups["last_year"].to_numpy(dtype=np.int64)
    first, last = _resolved(rows, lasts[a], lasts[b], dataset.last_year)
    rank = {term.id: i for i, term in enumerate(dataset.kinds)}
    kind = by_value(rows["relation"], lambda id_: rank[id_], np.int64)
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
