"""A drawing by country, where its alliances are too many for arcs of their own: the same as assets/js/coarse.js.

docs/large-datasets.md says what the marks mean; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.drawing import Drawing
from data.filters import passing
from data.index import Bools, Floats, Index, Ints
from data.payload import country_places
from data.selection import Selection

MOST = 2500
"""Ties drawn one by one."""
WEIGHTS = (1, 2, 5, 15, 50, 150)
"""Alliances from which a bundle is drawn a step wider."""
LARGEST = 40.0
"""What the busiest place of any year counts as, in allies of a single group."""
SMALLEST = 0.5


@dataclass(frozen=True, eq=False)
class Bundles:
    """P places and the alliances between and within them, m pairs of places."""

    key: tuple[str, ...]
    """ISO 3166-1 alpha-3 of a country, or the position of a base whose country is not recorded."""
    name: tuple[str, ...]
    lon: Floats
    lat: Floats
    a: Ints
    b: Ints
    """(m,): places, a <= b; the same where the alliances are within one."""
    n: Ints
    """(m,): alliances."""
    cls: Ints
    """(m,): class that most of them have."""
    weight: Ints
    """(m,): step of ``WEIGHTS``."""
    ends: Ints
    """(P,): ends of alliances."""
    size: Floats
    """(P,): what a point counts as, in allies of a single group."""
    hollow: Bools
    """(P,): only groups without an alliance in view."""

    @property
    def within(self) -> Bools:
        """(m,): drawn as a ring."""
        return np.asarray(self.a == self.b)


def _places(index: Index) -> tuple[Ints, tuple[str, ...], tuple[str, ...], Floats, Floats]:
    """(G,) place of each group, -1 where it is not located; key, name and position of each place."""
    country, listed = country_places(index)
    frame = index.atlas.groups
    lon, lat = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    located = ~np.isnan(lon)
    place = np.where(located, country, -1)
    lone = np.flatnonzero(located & (country < 0))
    bases, first, at = np.unique(
        np.column_stack((lon[lone], lat[lone])), axis=0, return_index=True, return_inverse=True
    )
    place[lone] = len(listed) + at.ravel()
    named = frame["base_place"].to_numpy(dtype=object)[lone[first]]
    return (
        place,
        (*(one["key"] for one in listed), *(f"{x:g},{y:g}" for x, y in bases)),
        (*(one["label"] for one in listed), *(name or "Country not recorded" for name in named)),
        np.array([*(one["lon"] for one in listed), *bases[:, 0]], dtype=np.float64),
        np.array([*(one["lat"] for one in listed), *bases[:, 1]], dtype=np.float64),
    )


def _busiest(index: Index, passes: Bools, place: Ints, n_places: int) -> float:
    """Most ends of alliances that any place has in any year of coverage: so points can be compared between years."""
    ties, years = index.alliances, index.years
    rows, span = np.flatnonzero(passes), len(years) + 1
    change = np.zeros(n_places * span, dtype=np.int64)
    first, after = (np.clip(of - years[0], 0, len(years)) for of in (ties.first[rows], ties.last[rows] + 1))
    for ends in (place[ties.a[rows]], place[ties.b[rows]]):
        known = ends >= 0
        change += np.bincount((ends * span + first)[known], minlength=len(change))
        change -= np.bincount((ends * span + after)[known], minlength=len(change))
    return float(max(LARGEST, change.reshape(n_places, span).cumsum(axis=1).max(initial=0)))


def bundles(index: Index, selection: Selection, drawn: Drawing, most: int = MOST) -> Bundles | None:
    """Gather a drawing's alliances by the countries of their ends; None where they are few enough to be told apart."""
    shown = np.flatnonzero(drawn.located & ~drawn.hidden)
    if len(shown) + len(drawn.rivals) <= most:
        return None
    place, key, name, lon, lat = _places(index)
    ends = np.sort(place[np.column_stack((index.alliances.a[drawn.tie[shown]], index.alliances.b[drawn.tie[shown]]))])
    pairs, at = np.unique(ends[:, 0] * len(key) + ends[:, 1], return_inverse=True)
    n_classes = len(drawn.classes)
    counts = np.bincount(at * n_classes + drawn.cls[shown], minlength=len(pairs) * n_classes)
    n = np.bincount(at, minlength=len(pairs))
    of_place = np.bincount(ends.ravel(), minlength=len(key))
    busiest = _busiest(index, passing(index, selection), place, len(key))
    scale = LARGEST / max(busiest, int(of_place.max(initial=0)))  # a period can have more than any year
    alone = np.bincount(place[drawn.unallied & (place >= 0)], minlength=len(key))
    return Bundles(
        key=key,
        name=name,
        lon=lon,
        lat=lat,
        a=pairs // len(key),
        b=pairs % len(key),
        n=n,
        cls=counts.reshape(len(pairs), n_classes).argmax(axis=1),
        weight=np.searchsorted(WEIGHTS, n, side="right") - 1,
        ends=of_place,
        size=np.where(of_place > 0, np.maximum(SMALLEST, of_place * scale), 0.0),
        hollow=(of_place == 0) & (alone > 0),
    )
