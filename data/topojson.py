"""Countries of the committed basemap, decoded from its TopoJSON (format: github.com/topojson)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

BASEMAP = Path(__file__).resolve().parent.parent / "assets" / "topojson" / "world_110m.json"

Floats = NDArray[np.float64]


def _arcs(topology: dict[str, Any]) -> list[Floats]:
    """Every arc as (n, 2) longitudes and latitudes; the file holds steps on an integer grid."""
    scale, translate = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(arc, dtype=np.float64), axis=0) * scale + translate for arc in topology["arcs"]]


def _ring(numbers: list[int], arcs: list[Floats]) -> Floats:
    """Join arcs to one ring; ``~n`` is arc n backwards, and each begins where the last one ended.

    The steps of a ring over the antimeridian (Russia, Fiji) would sweep the whole map: such a ring
    goes on beyond 180 degrees instead, on the side where most of it lies.
    """
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    ring = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
    turns = -np.cumsum(np.round(np.diff(ring[:, 0], prepend=ring[0, 0]) / 360.0))
    if turns[-1] == 0.0:  # else it goes round a pole (Antarctica)
        ring[:, 0] += 360.0 * (turns - np.floor(np.median(turns)))
    return ring


def decode(topology: dict[str, Any], layer: str) -> dict[str, shapely.Geometry]:
    """Polygons of one layer of a topology, by their id.

    Parameters
    ----------
    topology
        A TopoJSON topology with quantised arcs, in degrees.
    layer
        The name of a geometry collection in it.
    """
    arcs = _arcs(topology)
    found: dict[str, shapely.Geometry] = {}
    for item in topology["objects"][layer]["geometries"]:
        polygons = [item["arcs"]] if item["type"] == "Polygon" else item.get("arcs", [])
        if "id" not in item or not polygons:
            continue
        # A polygon that was simplified away is left as one without rings.
        shapes = [shapely.Polygon(_ring(p[0], arcs), [_ring(r, arcs) for r in p[1:]]) for p in polygons if p]
        found[str(item["id"])] = shapely.make_valid(shapely.MultiPolygon(shapes))
    return found


@lru_cache(maxsize=1)
def country_shapes() -> Mapping[str, shapely.Geometry]:
    """Polygons of the basemap's countries by ISO 3166-1 alpha-3 code, in degrees (lon, lat)."""
    return MappingProxyType(decode(json.loads(BASEMAP.read_text(encoding="utf-8")), "countries"))
