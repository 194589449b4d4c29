"""The map's arithmetic for pictures made in Python: Natural Earth forward and back, an extent as plotly.js wants it.

The same as assets/js/projection.js and spread.js, whose heads say why it is so; a browser test holds the two together.
Angles are degrees; x and y are in units of the projection's own radius, x to the east and y to the north.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.index import Floats, Ints
from data.selection import Extent

# Savric, Patterson and Jenny's polynomial, with the coefficients that d3 (and so plotly.js) uses.
X = (0.8707, -0.131979, -0.013791, 0.0, 0.0, 0.003971, -0.001529)
Y = (1.007226, 0.015085, 0.0, -0.044475, 0.028874, -0.005916)
RADIANS = math.pi / 180
MAX_SCALE = 64.0

GOLDEN = math.pi * (3 - math.sqrt(5))
WORLD = 150
"""Pixels per unit of a world map on a desk."""
LEAST, MOST = 2.6, 13.0
"""Pixels between neighbours that share a base."""


def _polynomial(coefficients: tuple[float, ...], square: Any) -> Any:
    out = 0.0 * square
    for c in reversed(coefficients):
        out = out * square + c
    return out


def width(lat: Any) -> Any:
    """X of one degree of longitude at a latitude."""
    return _polynomial(X, (lat * RADIANS) ** 2) * RADIANS


def height(lat: Any) -> Any:
    """Y of a latitude."""
    return lat * RADIANS * _polynomial(Y, (lat * RADIANS) ** 2)


def rise(lat: Any) -> Any:
    """Y of one degree of latitude at a latitude."""
    return _polynomial(tuple(c * (2 * i + 1) for i, c in enumerate(Y)), (lat * RADIANS) ** 2) * RADIANS


HALF_WIDTH = 180 * float(width(0.0))
HALF_HEIGHT = float(height(90.0))


def wrap(lon: Any) -> Any:
    """Longitude brought into -180 to 180."""
    return (lon + 180) % 360 - 180


def latitude(y: float) -> float:
    """Latitude at this y (Newton; the polynomial is monotone), kept on the sphere."""
    if abs(y) >= HALF_HEIGHT:
        return math.copysign(90.0, y)
    lat = y / float(rise(0.0))
    for _ in range(20):
        step = (float(height(lat)) - y) / float(rise(lat))
        lat -= step
        if abs(step) < 1e-9:
            break
    return lat


def contain(w: float, h: float) -> float:
    """Pixels per unit where the whole sphere just fits."""
    return min(w / (2 * HALF_WIDTH), h / (2 * HALF_HEIGHT))


def frame(w: float, h: float) -> tuple[float, float, float]:
    """Half the longitudes and latitudes of a box of the panel's shape, and the pixels per unit that fill it."""

    def bulge(lat: float, lon: float, by: int) -> float:
        return math.atan(math.tan(lat * RADIANS) * math.cos(lon / 4 * RADIANS) ** by) / RADIANS

    lon = 60.0
    lat = bulge(latitude(lon * float(width(0.0)) * h / w), lon, 1)
    if lat > 45:
        lat = 45.0
        for _ in range(30):
            lon = float(height(bulge(lat, lon, -1))) * w / h / float(width(0.0))
    return lon, lat, w / (2 * lon * float(width(0.0)))


def home(w: float, h: float) -> Extent:
    """Return the view of the whole world: what people live on fills the panel."""
    north, south = float(height(80.0)), float(height(-57.0))
    pixels = min(h / (north - south), max(w / (2 * HALF_WIDTH), h / 2.5))
    seen = min(360.0, w / pixels / float(width(0.0)))
    lon = min(42.0, max(11.0, 11 + (320 - seen) * 0.17))
    return round(lon, 2), round(latitude((north + south) / 2), 2), round(min(MAX_SCALE, pixels / contain(w, h)), 2)


def to_layout(extent: Extent, w: float, h: float) -> dict[str, Any]:
    """Return the parts of plotly.js's ``geo`` layout that show an extent in a panel of w by h pixels."""
    lon, lat, scale = extent
    half_lon, half_lat, fit = frame(w, h)
    return {
        "projection": {"type": "natural earth", "rotation": {"lon": lon}, "scale": scale * contain(w, h) / fit},
        "center": {"lon": lon, "lat": lat},
        "lonaxis": {"range": [lon - half_lon, lon + half_lon]},
        "lataxis": {"range": [-half_lat, half_lat]},
    }


@dataclass(frozen=True)
class View:
    """How an extent lies in a panel."""

    extent: Extent
    width: float
    height: float

    @property
    def pixels(self) -> float:
        """Pixels per unit."""
        return self.extent[2] * contain(self.width, self.height)

    def project(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Pixels from the panel's upper left corner, y downwards."""
        x = self.width / 2 + self.pixels * wrap(lon - self.extent[0]) * width(lat)
        return x, self.height / 2 + self.pixels * (float(height(self.extent[1])) - height(lat))


def spread(lon: Floats, lat: Floats, slot: Ints, pixels: float) -> tuple[Floats, Floats]:
    """Where groups stand when several share one base: on a sunflower about it, its spacing in pixels.

    Parameters
    ----------
    lon, lat
        (G,) degrees of the bases, NaN where a group is not located.
    slot
        (G,) place on the sunflower, 0 the base itself.
    """
    radius = spread_radius(slot, pixels)
    east, north = radius * np.cos(slot * GOLDEN), radius * np.sin(slot * GOLDEN)
    to_lat = lat + north / (pixels * rise(lat))
    return lon + east / (pixels * width(lat)), np.clip(to_lat, -89.9, 89.9)


def spread_radius(slot: Any, pixels: float) -> Any:
    """How far a slot is from its base, in px."""
    return min(MOST, LEAST * math.sqrt(max(1.0, pixels / WORLD))) * np.sqrt(slot)


def midpoint(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> tuple[Floats, Floats]:
    """Middle of the shorter great circle between two places, on the sphere: the sum of their vectors."""

    def vector(lon: Floats, lat: Floats) -> Floats:
        lam, phi = np.radians(lon), np.radians(lat)
        return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])

    x, y, z = vector(lon_a, lat_a) + vector(lon_b, lat_b)
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))
