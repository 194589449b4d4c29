"""Made-up towns inside the countries of the curated groups, a few large and many small ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from data.geography import countries
from data.model import Atlas
from data.synthetic.names import town_names
from data.topojson import country_shapes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

TOWNS = (4, 10)
"""Towns of a country, from and below: at every scale, so that bases stay as clustered."""
ZIPF = 0.9
"""The n-th town of a country is home to 1 / n**ZIPF as many groups as its first."""


@dataclass(frozen=True, eq=False)
class Towns:
    """Towns, those of a country adjacent, its largest first."""

    names: list[str]
    """ "Town, Country"."""
    lon: Floats
    lat: Floats
    country: Objects
    """(T,): ISO 3166-1 alpha-3."""

    def draw(self, of: Objects, rng: np.random.Generator) -> Ints:
        """(G,): town for groups of these countries."""
        out = np.empty(len(of), dtype=np.int64)
        for code in sorted(set(of)):
            here, rows = np.flatnonzero(self.country == code), np.flatnonzero(of == code)
            weights = 1.0 / np.arange(1, len(here) + 1) ** ZIPF
            out[rows] = rng.choice(here, len(rows), p=weights / weights.sum())
        return out


def _inside(shape: shapely.Geometry, n: int, rng: np.random.Generator) -> Floats:
    """(n, 2) points inside a shape, to a hundredth of a degree."""
    west, south, east, north = shape.bounds
    found = np.empty((0, 2))
    while len(found) < n:
        tried = rng.random((50 * n, 2)) * (east - west, north - south) + (west, south)
        tried = np.round(tried, 2)
        found = np.concatenate((found, tried[shapely.contains_xy(shape, tried[:, 0], tried[:, 1])]))
    return found[:n]


def make_towns(like: Atlas, rng: np.random.Generator) -> Towns:
    """Make towns in every country where a curated group has its base.

    A country that the basemap lacks has them at the points of its curated groups.
    """
    codes = sorted({code for code in like.groups["base_country"] if code})
    called = dict(zip(countries()["iso3"], countries()["name"], strict=True))
    shapes, points = country_shapes(), like.groups.geometry
    many = rng.integers(*TOWNS, len(codes))
    names = iter(town_names(int(many.sum()), rng))
    lon, lat, country, titles = [], [], [], []
    for code, n in zip(codes, many.tolist(), strict=True):
        if code in shapes:
            at = _inside(shapes[code], n, rng)
        else:
            own = points[(like.groups["base_country"] == code) & points.notna()]
            at = np.column_stack((own.x, own.y))[rng.integers(0, len(own), n)]
        lon += ((at[:, 0] + 180.0) % 360.0 - 180.0).round(2).tolist()
        lat += at[:, 1].tolist()
        country += [code] * n
        titles += [f"{next(names)}, {called.get(code, code)}" for _ in range(n)]
    return Towns(titles, np.array(lon), np.array(lat), np.array(country, dtype=object))
