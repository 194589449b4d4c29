"""The atlas as arrays: what every mask and measure computes on, made once per atlas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.geography import countries
from data.kept import kept
from data.model import Atlas, Term
from data.vocabulary import CONFIDENCES

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Groups:
    """Columns of the G groups, in the order of ``atlas.groups``."""

    ids: tuple[str, ...]
    position: dict[str, int]
    """Group id to its row."""
    first: Ints
    last: Ints
    ideologies: Bools
    """(G, number of ideologies): whether the group lists each, in any position."""
    primary: Ints
    """(G,): place of the first-listed ideology in the vocabulary, -1 where none is recorded."""
    country: Ints
    sub_region: Ints
    region: Ints
    """(G,): places in ``Index.countries``, ``sub_regions`` and ``regions``; -1 where not recorded."""


@dataclass(frozen=True, eq=False)
class Ties:
    """Columns of N relationships; the rows of a dyad are adjacent, its leading relationship first."""

    row: Ints
    """(N,): row in ``atlas.relationships``."""
    a: Ints
    b: Ints
    dyad: Ints
    first: Ints
    last: Ints
    kind: Ints
    """(N,): place in ``Index.kinds``."""
    types: Bools
    """(N, number of co-operation types)."""
    coded: Bools
    tangible: Bools
    """(N,): has at least one tangible type."""
    confidence: Ints
    """(N,): place in ``vocabulary.CONFIDENCES``, lowest first; one that is not stated is as low."""
    cross_border: Bools
    """(N,): the bases lie in different, known countries."""
    reach_km: Floats
    """(N,): geodesic distance of the bases, NaN where an end is not located."""

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, eq=False)
class Index:
    """All arrays of one atlas: its groups, alliances and rivalries."""

    atlas: Atlas
    groups: Groups
    alliances: Ties
    rivals: Ties
    kinds: tuple[Term, ...]
    """Co-operative kinds first, then the others, each strongest first."""
    countries: tuple[str, ...]
    sub_regions: tuple[str, ...]
    regions: tuple[str, ...]
    years: Ints
    """(Y,): every year of coverage."""


def _codes(values: list[str], vocabulary: tuple[str, ...]) -> Ints:
    """Place of each value in the vocabulary, -1 where it is not in it."""
    place = {value: i for i, value in enumerate(vocabulary)}
    return np.array([place.get(value, -1) for value in values], dtype=np.int64)


def _membership(lists: list[tuple[str, ...]], vocabulary: tuple[Term, ...]) -> Bools:
    """(rows, vocabulary): whether each row lists each term."""
    place = {term.id: i for i, term in enumerate(vocabulary)}
    out = np.zeros((len(lists), len(vocabulary)), dtype=bool)
    for row, ids in enumerate(lists):
        out[row, [place[id_] for id_ in ids]] = True
    return out


def any_listed(matrix: Bools) -> Bools:
    """(rows,): whether any column of a row is set."""
    return np.asarray(matrix.any(axis=1))


def _ties(atlas: Atlas, groups: Groups, kinds: tuple[Term, ...], cooperative: bool) -> Ties:
    frame = atlas.relationships
    row = np.flatnonzero(frame["cooperative"].to_numpy(dtype=bool) == cooperative)
    frame = frame.iloc[row]
    a, b = frame["a"].to_numpy(dtype=np.int64), frame["b"].to_numpy(dtype=np.int64)
    types = _membership(frame["types"].tolist(), atlas.dataset.types)
    is_tangible = np.array([term.flag for term in atlas.dataset.types], dtype=bool)
    country_a, country_b = groups.country[a], groups.country[b]
    return Ties(
        row=row,
        a=a,
        b=b,
        dyad=frame["dyad"].to_numpy(dtype=np.int64),
        first=frame["first_year"].to_numpy(dtype=np.int64),
        last=frame["last_year"].to_numpy(dtype=np.int64),
        kind=_codes(frame["kind"].tolist(), tuple(term.id for term in kinds)),
        types=types,
        coded=frame["coded"].to_numpy(dtype=bool),
        tangible=any_listed(types[:, is_tangible]),
        confidence=np.maximum(_codes(frame["confidence"].tolist(), CONFIDENCES), 0),
        cross_border=(country_a != country_b) & (country_a >= 0) & (country_b >= 0),
        reach_km=frame["reach_km"].to_numpy(dtype=np.float64),
    )


def _freeze(columns: Groups | Ties) -> None:
    """Make the arrays read-only: they are shared by every request."""
    for value in vars(columns).values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False


@kept(16)
def index(atlas: Atlas) -> Index:
    """Arrays of an atlas, made at the first call and kept.

    Parameters
    ----------
    atlas
        A loaded atlas; it is never changed, so neither is its index.
    """
    frame = atlas.groups
    table = countries()
    country_ids = tuple(table["iso3"])
    sub_regions = tuple(sorted(set(table["sub_region"])))
    regions = tuple(sorted(set(table["region"])))
    ideologies = frame["ideologies"].tolist()
    ids = tuple(frame["group_id"])
    groups = Groups(
        ids=ids,
        position={id_: i for i, id_ in enumerate(ids)},
        first=frame["first_year"].to_numpy(dtype=np.int64, copy=True),
        last=frame["last_year"].to_numpy(dtype=np.int64, copy=True),
        ideologies=_membership(ideologies, atlas.dataset.ideologies),
        primary=_codes(
            [listed[0] if listed else "" for listed in ideologies],
            tuple(term.id for term in atlas.dataset.ideologies),
        ),
        country=_codes(frame["base_country"].tolist(), country_ids),
        sub_region=_codes(frame["sub_region"].tolist(), sub_regions),
        region=_codes(frame["region"].tolist(), regions),
    )
    kinds = tuple(sorted(atlas.dataset.kinds, key=lambda term: not term.flag))
    alliances, rivals = _ties(atlas, groups, kinds, True), _ties(atlas, groups, kinds, False)
    for columns in (groups, alliances, rivals):
        _freeze(columns)
    years = np.arange(atlas.dataset.first_year, atlas.dataset.last_year + 1)
    return Index(atlas, groups, alliances, rivals, kinds, country_ids, sub_regions, regions, years)
