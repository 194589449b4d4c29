"""Countries and regions, distances and great circles. Degrees on WGS84, (lon, lat) throughout."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj
    import shapely

    from data.model import Atlas

COUNTRIES = Path(__file__).resolve().parent / "countries.csv"
WGS84 = "EPSG:4326"

REGIONS = ("africa", "americas", "asia", "europe", "oceania")
"""Slugs of the UN M49 regions."""

STEP_KM = 100.0
"""Distance between the points of a great-circle line."""

TOLERANCE_KM = 100.0
"""How far outside its country's outline a base may lie: the 1:110 million basemap is that coarse."""

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_LABELS = {"south-eastern-asia": "South-eastern Asia"}


@lru_cache(maxsize=1)
def _countries() -> pd.DataFrame:
    # Without keep_default_na Namibia's code NA would be read as missing.
    return pd.read_csv(COUNTRIES, dtype=str, keep_default_na=False)


def countries() -> pd.DataFrame:
    """Countries of ISO 3166-1: iso3, iso2, iso_numeric, name, region, sub_region (M49 slugs), all text."""
    return _countries().copy(deep=False)


_OTHER_NAMES = {
    "bahamas, the": "BHS", "britain": "GBR", "brunei": "BRN", "burma": "MMR", "cape verde": "CPV", "congo": "COG",
    "congo, democratic republic of the": "COD", "congo, republic of the": "COG", "czech republic": "CZE",
    "democratic republic of congo": "COD", "democratic republic of the congo": "COD", "drc": "COD",
    "east timor": "TLS", "great britain": "GBR", "gambia, the": "GMB", "iran, islamic republic of": "IRN",
    "ivory coast": "CIV", "macedonia": "MKD", "palestinian territories": "PSE", "republic of the congo": "COG",
    "russian federation": "RUS", "swaziland": "SWZ", "syrian arab republic": "SYR", "turkey": "TUR", "uae": "ARE",
    "uk": "GBR", "united states of america": "USA", "us": "USA", "usa": "USA", "viet nam": "VNM",
    "west bank and gaza": "PSE", "zaire": "COD",
}  # fmt: skip
"""Names in use beside those of the table."""


@lru_cache(maxsize=1)
def _country_words() -> dict[str, str]:
    table = _countries()
    columns = (table["name"], table["iso2"], table["iso3"])
    return {
        **{_bare(word): code for words in columns for word, code in zip(words, table["iso3"], strict=True)},
        **_OTHER_NAMES,
    }


def _bare(name: str) -> str:
    """Return a name in small letters without accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)).strip()


def country_code(text: str) -> str:
    """ISO 3166-1 alpha-3 code of a country's name or letter code, in any case; empty where it is none.

    Numbers are never read: ISO, Correlates of War and Gleditsch-Ward number countries differently.
    """
    return _country_words().get(_bare(text), "")


@lru_cache(maxsize=1)
def country_points() -> Mapping[str, tuple[float, float]]:
    """Return a (lon, lat) inside the largest part of each country of the basemap, to a hundredth of a degree."""
    import shapely

    from data.topojson import country_shapes

    points = {}
    for code, shape in country_shapes().items():
        inside = max(shapely.get_parts(shape), key=shapely.area).representative_point()
        points[code] = (round((inside.x + 180.0) % 360.0 - 180.0, 2), round(inside.y, 2))
    return points


def label(slug: str) -> str:
    """Name of a region or sub-region: "western-asia" is Western Asia."""
    words = [word if word == "and" else word.capitalize() for word in slug.split("-")]
    return _LABELS.get(slug, " ".join(words))


@lru_cache(maxsize=1)
def _geod() -> pyproj.Geod:
    from pyproj import Geod

    return Geod(ellps="WGS84")


def reach_km(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> Floats:
    """Geodesic distance between points in km, element by element; NaN where a coordinate is NaN."""
    coordinates = [np.asarray(values, dtype=np.float64) for values in (lon_a, lat_a, lon_b, lat_b)]
    known = np.logical_and.reduce([np.isfinite(values) for values in coordinates])
    filled = [np.where(known, values, 0.0) for values in coordinates]
    _, _, metres = _geod().inv(*filled)
    return np.where(known, np.asarray(metres) / 1000.0, np.nan)


def _points(lon_a: float, lat_a: float, lon_b: float, lat_b: float, step_km: float) -> Floats:
    """(n, 2) points of the geodesic, evenly spaced, the ends exactly as given."""
    geod = _geod()
    azimuth, _, metres = geod.inv(lon_a, lat_a, lon_b, lat_b)
    n = max(int(np.ceil(metres / 1000.0 / step_km)) - 1, 0)
    along = np.arange(1, n + 1) * (metres / (n + 1))
    lon, lat, _ = geod.fwd(np.full(n, lon_a), np.full(n, lat_a), np.full(n, azimuth), along)
    inner = np.column_stack([lon, lat]).reshape(-1, 2)
    return np.concatenate([[[lon_a, lat_a]], inner, [[lon_b, lat_b]]])


def _crossing(before: Floats, after: Floats) -> float:
    """Latitude at which the geodesic between two points, one each side, meets the antimeridian."""
    geod = _geod()
    azimuth, _, metres = geod.inv(*before, *after)
    near, far, side = 0.0, metres, np.sign(before[0])
    for _ in range(40):
        middle = (near + far) / 2.0
        lon, _, _ = geod.fwd(*before, azimuth, middle)
        near, far = (middle, far) if np.sign(lon) == side else (near, middle)
    return float(geod.fwd(*before, azimuth, near)[1])


def great_circle_line(
    lon_a: float, lat_a: float, lon_b: float, lat_b: float, step_km: float = STEP_KM
) -> shapely.LineString | shapely.MultiLineString:
    """Shortest line between two points, as a map can draw it.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b
        The ends in degrees; they are the first and last point of the line as given.
    step_km
        Distance between its points, at most.

    Returns
    -------
    LineString, or MultiLineString in two parts that end and begin on the antimeridian where the
    line crosses it. Two ends at one place give a line of no length (two equal points).
    """
    import shapely

    points = _points(lon_a, lat_a, lon_b, lat_b, step_km)
    parts: list[list[tuple[float, float]]] = [[(lon_a, lat_a)]]
    for before, after in itertools.pairwise(points):
        if abs(after[0] - before[0]) > 180.0:
            edge = 180.0 if before[0] > 0 else -180.0
            at = next((end for end in (before, after) if abs(end[0]) == 180.0), None)
            lat = _crossing(before, after) if at is None else float(at[1])
            parts[-1].append((edge, lat))
            parts.append([(-edge, lat)])
        parts[-1].append((float(after[0]), float(after[1])))
    # An end on the antimeridian itself leaves a part of no length there.
    lines = [shapely.LineString(part) for part in parts if len(parts) == 1 or len(set(part)) > 1]
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


LINE_COLUMNS = (
    "relationship_id",
    "group_a",
    "group_b",
    "first_year",
    "last_year",
    "kind",
    "types",
    "direction",
    "confidence",
    "note",
    "source_ids",
    "open",
    "cooperative",
    "coded",
    "reach_km",
)


def relationship_lines(atlas: Atlas) -> gpd.GeoDataFrame:
    """Relationships as great-circle lines, ready for ``to_file`` (GeoJSON, GeoPackage).

    Columns are ``LINE_COLUMNS`` and geometry (EPSG:4326; None where an end is not located); lists
    are text separated by "|", as in the files.
    """
    import geopandas as gpd

    frame = atlas.relationships
    points = atlas.groups.geometry.tolist()
    drawn: dict[tuple[int, int], Any] = {}
    for pair in set(zip(frame["a"].tolist(), frame["b"].tolist(), strict=True)):
        a, b = points[pair[0]], points[pair[1]]
        drawn[pair] = None if a is None or b is None else great_circle_line(a.x, a.y, b.x, b.y)
    lines = [drawn[pair] for pair in zip(frame["a"].tolist(), frame["b"].tolist(), strict=True)]
    table = frame[list(LINE_COLUMNS)].assign(
        types=["|".join(ids) for ids in frame["types"]], source_ids=["|".join(ids) for ids in frame["source_ids"]]
    )
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(lines, index=table.index, crs=WGS84))


def far_from_country(lon: ArrayLike, lat: ArrayLike, iso3: ArrayLike, tolerance_km: float = TOLERANCE_KM) -> Bools:
    """Whether each point lies further than the tolerance from its country's outline on the basemap.

    Points that are NaN, and countries that the basemap lacks, are not judged (False).
    """
    import shapely

    from data.topojson import country_shapes

    lons, lats = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    shapes = country_shapes()
    # Many bases share a point: each (point, country) is judged once.
    bases = pd.DataFrame({"lon": lons, "lat": lats, "iso3": np.asarray(iso3, dtype=object)})
    judged = bases[np.isfinite(lons) & np.isfinite(lats)].drop_duplicates()
    found: set[tuple[float, float, str]] = set()
    for code, rows in judged[judged["iso3"].isin(list(shapes))].groupby("iso3"):
        shape, name = shapes[str(code)], str(code)
        outside = rows[~shapely.intersects_xy(shape, rows["lon"].to_numpy(), rows["lat"].to_numpy())]
        for at_lon, at_lat in zip(outside["lon"].tolist(), outside["lat"].tolist(), strict=True):
            if _km_to_shape(at_lon, at_lat, shape) > tolerance_km:
                found.add((at_lon, at_lat, name))
    if not found:
        return np.zeros(len(lons), dtype=bool)
    every = zip(lons.tolist(), lats.tolist(), bases["iso3"].tolist(), strict=True)
    return np.fromiter((base in found for base in every), dtype=bool, count=len(lons))


def _km_to_shape(lon: float, lat: float, shape: shapely.Geometry) -> float:
    """Distance in km to the nearest point of a shape, which may lie across the antimeridian."""
    import shapely

    # Degrees of longitude shrink with the cosine of the latitude: scaled by it, plane nearness is true enough.
    shrink = max(np.cos(np.radians(lat)), 0.01)
    point = shapely.Point(0.0, lat)
    found = []
    for turn in (-360.0, 0.0, 360.0):
        local = shapely.transform(shape, lambda xy, t=turn: (xy - [lon - t, 0.0]) * [shrink, 1.0])
        nearest = shapely.get_coordinates(shapely.shortest_line(point, local))[1]
        found.append(float(reach_km(lon, lat, lon + nearest[0] / shrink, nearest[1])))
    return min(found)
