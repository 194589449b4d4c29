"""The selection: everything a person chose, as one closed, frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ends = Literal["either", "both"]
Types = Literal["any", "all", "only"]
Confidence = Literal["low", "medium", "high"]
Extent = tuple[float, float, float]
"""Longitude and latitude of the map's centre in degrees, and scale (1 = the whole world)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is in view, and when and how it is looked at; field names are the URL's parameters.

    Made by ``grammar.parse`` or ``grammar.default``; lists are in the vocabulary's order. ``None``
    and the empty tuple mean *not set*.
    """

    dataset: str
    ideology: tuple[str, ...] = ()
    ends: Ends = "either"
    type: tuple[str, ...] = ()
    types: Types = "any"
    kind: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    confidence: Confidence = "low"
    crossborder: bool = False
    group: str | None = None
    hops: Literal[1, 2] = 1
    year: int
    since: int | None = None
    compare: int | None = None
    rivals: bool = False
    colour: str = "ideology"
    hide: tuple[str, ...] = ()
    card: str | None = None
    chart: str | None = None
    view: Literal["map", "network", "both"] = "map"
    everyend: bool = False
    map: Extent | None = None
    shape: Literal["wide", "standard", "square"] = "wide"
    theme: Literal["light", "dark"] = "light"
    title: str | None = None
    note: str | None = None
    caveat: str | None = None
    data: str | None = None
