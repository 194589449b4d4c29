"""The payload: everything the browser needs to draw any year of one selection of *what*."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from data.colourings import COLOURINGS, classes_of_alliances, stacks
from data.drawing import wide_kinds
from data.filters import own_groups, passing, passing_rivals
from data.geography import countries
from data.grammar import Served, default_year, to_query
from data.index import Bools, Index, Ints, Ties, index
from data.kept import kept
from data.measures.facets import facet_counts, loosened
from data.measures.key_figures import key_figures
from data.model import Term
from data.panel import by_year
from data.selection import Selection
from data.view import dataset_json, plain
from data.vocabulary import CONFIDENCES, DIRECTIONS, PRECISIONS
from data.words import chips, group_name, subject

NOT_STATED = ("",)
"""What stands at the end of the closed lists for an empty cell."""


@kept(16)
def country_places(index_: Index) -> tuple[Ints, list[dict[str, Any]]]:
    """Countries that groups of an atlas have their base in.

    Returns
    -------
    (G,) place of each group's country in the list, -1 where none is recorded; and the list: ``key`` (ISO 3166-1
    alpha-3), ``label``, ``lon`` and ``lat`` in degrees of the middle of all bases there, null where none is located.
    """
    used, at = np.unique(index_.groups.country, return_inverse=True)
    none = int(used[0] < 0) if len(used) else 0
    points = index_.atlas.groups.geometry
    lon, lat = np.radians(points.x.to_numpy()), np.radians(points.y.to_numpy())
    located = ~np.isnan(lon)
    # The middle on the sphere: the mean of longitudes would put Fiji's into Africa.
    axes = (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
    x, y, z = (np.bincount(at[located], axis[located], minlength=len(used)) for axis in axes)
    some = np.hypot(np.hypot(x, y), z) > 0
    middle_lon, middle_lat = np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))
    names = dict(zip(countries()["iso3"], countries()["name"], strict=True))
    found = [
        {"key": key, "label": names[key]}
        | {"lon": round(float(middle_lon[i]), 2) if some[i] else None}
        | {"lat": round(float(middle_lat[i]), 2) if some[i] else None}
        for i, key in ((i, index_.countries[used[i]]) for i in range(none, len(used)))
    ]
    return at.astype(np.int64) - none, found


def vocabulary(index_: Index) -> dict[str, Any]:
    """Return the classes of each colouring and the terms that the columns refer to by place."""

    def entries(terms: tuple[Term, ...]) -> list[dict[str, Any]]:
        return [{"key": term.id, "label": term.label, "colour": term.colour} for term in terms]

    n_wide = wide_kinds(index_)
    return {
        **{colouring.key: entries(colouring.classes(index_)) for colouring in COLOURINGS},
        "types": [{"id": t.id, "label": t.label, "tangible": t.flag} for t in index_.atlas.dataset.types],
        "kinds": [{"id": k.id, "label": k.label, "wide": i < n_wide} for i, k in enumerate(index_.kinds)],
        "directions": DIRECTIONS + NOT_STATED,
        "confidences": CONFIDENCES + NOT_STATED,
        "precisions": PRECISIONS + NOT_STATED,
        "countries": country_places(index_)[1],
    }


def _codes(values: list[str], known: tuple[str, ...]) -> Ints:
    place = {value: i for i, value in enumerate(known + NOT_STATED)}
    return np.array([place[value] for value in values], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Columns:
    """Whole columns of an atlas as the payload names them; an answer takes the rows in view."""

    groups: dict[str, np.ndarray]
    alliances: dict[str, np.ndarray]
    rivals: dict[str, np.ndarray]


@kept(16)
def columns(index_: Index) -> Columns:
    """Columns of an atlas, made once: they are the same for every selection."""

    def of_ties(ties: Ties) -> dict[str, np.ndarray]:
        frame = index_.atlas.relationships.iloc[ties.row]
        return {
            "id": frame["relationship_id"].to_numpy(dtype=object),
            "first_year": ties.first,
            "last_year": ties.last,
            "kind": ties.kind,
            "direction": _codes(frame["direction"].tolist(), DIRECTIONS),
            "confidence": _codes(frame["confidence"].tolist(), CONFIDENCES),
        }

    frame, groups, alliances = index_.atlas.groups, index_.groups, index_.alliances
    bits = alliances.types @ (1 << np.arange(alliances.types.shape[1], dtype=np.int64))
    return Columns(
        groups={
            "id": frame["group_id"].to_numpy(dtype=object),
            "name": frame["name"].to_numpy(dtype=object),
            "lon": frame.geometry.x.to_numpy(),
            "lat": frame.geometry.y.to_numpy(),
            "slot": frame["slot"].to_numpy(),
            "first_year": groups.first,
            "last_year": groups.last,
            "precision": _codes(frame["precision"].tolist(), PRECISIONS),
            "place": frame["base_place"].to_numpy(dtype=object),
            "country": country_places(index_)[0],
            **{c.key: c.of_groups(index_) for c in COLOURINGS if c.of_groups},
        },
        alliances={
            **of_ties(alliances),
            "types": bits,
            "coded": alliances.coded.astype(np.int64),
            **{c.key: classes_of_alliances(index_, c) for c in COLOURINGS if c.key != "kind"},
        },
        rivals=of_ties(index_.rivals),
    )


def _ties_json(whole: dict[str, np.ndarray], ties: Ties, rows: Ints, place: Ints) -> dict[str, list[Any]]:
    """Rows of alliances or rivalries; ``place`` maps groups to their row in the payload."""
    ends = {"a": place[ties.a[rows]].tolist(), "b": place[ties.b[rows]].tolist()}
    return ends | {key: column[rows].tolist() for key, column in whole.items()}


@dataclass(frozen=True, eq=False)
class InView:
    """Rows that a payload has, by what passes."""

    passes: Bools
    """(N,): alliances."""
    own: Bools
    """(G,): groups that pass by themselves."""
    ties: Ints
    """Rows of ``Index.alliances``."""
    rivals: Ints
    """Rows of ``Index.rivals``."""
    groups: Ints
    """Rows of ``Index.groups``: ends of these, and without a focus all that pass by themselves."""
    place: Ints
    """(G,): place of each group among ``groups``, -1 where it is not."""
    leading: Ints
    """Rows of the panel of years that lead."""


def in_view(index_: Index, selection: Selection) -> InView:
    """Pick the rows of a selection."""
    passes, rival, own = passing(index_, selection), passing_rivals(index_, selection), own_groups(index_, selection)
    ties, rivals = np.flatnonzero(passes), np.flatnonzero(rival)
    # A view about one group is about its partners: the others are counted, and not drawn.
    seen = np.zeros_like(own) if selection.group is not None else own.copy()
    for side, rows in ((index_.alliances, ties), (index_.rivals, rivals)):
        seen[side.a[rows]] = True
        seen[side.b[rows]] = True
    if selection.group is not None:
        seen[index_.groups.position[selection.group]] = True
    groups = np.flatnonzero(seen)
    place = np.full(len(seen), -1)
    place[groups] = np.arange(len(groups))
    return InView(passes, own, ties, rivals, groups, place, by_year(index_).leading(passes))


def head(index_: Index, selection: Selection, notices: tuple[str, ...], served: Served, view: InView) -> dict[str, Any]:
    """All of a payload that is no column of groups, relationships or rivals."""
    panel = by_year(index_)
    return {
        "dataset": {**dataset_json(selection.dataset, index_.atlas), "default_year": default_year(index_)},
        "what": to_query(selection, served, half="what"),
        "subject": subject(index_, selection),
        "chips": [asdict(chip) for chip in chips(index_, selection)],
        "notices": list(notices),
        "focus": selection.group and {"id": selection.group, "name": group_name(index_, selection.group)},
        "vocabulary": vocabulary(index_),
        "key_figures": {k: plain(v) for k, v in key_figures(index_, panel, view.passes, view.own).items()},
        "series": {c.key: stacks(index_, panel, view.leading, c).tolist() for c in COLOURINGS},
        "facets": {
            key: {value: counts.tolist() for value, counts in values.items()}
            for key, values in facet_counts(index_, panel, selection).items()
        },
        "loosen": {key: counts.tolist() for key, counts in loosened(index_, panel, selection).items()},
    }


def payload(selection: Selection, notices: tuple[str, ...], served: Served) -> dict[str, Any]:
    """Answer of `/api/payload`, a pure function of the dataset and the *what* half of a selection.

    Returns
    -------
    dict
        JSON values. ``groups``, ``relationships`` and ``rivals`` are columns of equal length; the
        rows of a dyad are adjacent, its leading relationship first. ``key_figures``, ``series``,
        ``facets`` and ``loosen`` hold one number for each year of coverage.
    """
    index_ = index(served[selection.dataset])
    view, whole = in_view(index_, selection), columns(index_)
    return head(index_, selection, notices, served, view) | {
        "groups": {key: plain(column[view.groups]) for key, column in whole.groups.items()}
        | {"own": view.own[view.groups].astype(int).tolist()},
        "relationships": _ties_json(whole.alliances, index_.alliances, view.ties, view.place),
        "rivals": _ties_json(whole.rivals, index_.rivals, view.rivals, view.place),
    }
