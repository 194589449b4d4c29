"""The payload: everything the browser needs to draw any year of one selection of *what*."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from data.colourings import COLOURINGS, classes_of_alliances, stacks
from data.filters import own_groups, passing, passing_rivals
from data.grammar import Served, default_year, to_query
from data.index import Bools, Index, Ints, Ties, index
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


def vocabulary(index_: Index) -> dict[str, Any]:
    """Return the classes of each colouring and the terms that the columns refer to by place."""

    def entries(terms: tuple[Term, ...]) -> list[dict[str, Any]]:
        return [{"key": term.id, "label": term.label, "colour": term.colour} for term in terms]

    # The stronger half of the co-operative kinds is drawn wide: ally and associate.
    n_wide = math.ceil(sum(kind.flag for kind in index_.kinds) / 2)
    return {
        **{colouring.key: entries(colouring.classes(index_)) for colouring in COLOURINGS},
        "types": [{"id": t.id, "label": t.label, "tangible": t.flag} for t in index_.atlas.dataset.types],
        "kinds": [{"id": k.id, "label": k.label, "wide": i < n_wide} for i, k in enumerate(index_.kinds)],
        "directions": DIRECTIONS + NOT_STATED,
        "confidences": CONFIDENCES + NOT_STATED,
        "precisions": PRECISIONS + NOT_STATED,
    }


def _codes(values: list[str], known: tuple[str, ...]) -> list[int]:
    place = {value: i for i, value in enumerate(known + NOT_STATED)}
    return [place[value] for value in values]


def _ties_json(index_: Index, ties: Ties, rows: Ints, place: Ints) -> dict[str, list[Any]]:
    """Columns that alliances and rivalries share; ``place`` maps groups to their row in the payload."""
    frame = index_.atlas.relationships[["relationship_id", "direction", "confidence"]].iloc[ties.row[rows]]
    return {
        "id": frame["relationship_id"].tolist(),
        "a": place[ties.a[rows]].tolist(),
        "b": place[ties.b[rows]].tolist(),
        "first_year": ties.first[rows].tolist(),
        "last_year": ties.last[rows].tolist(),
        "kind": ties.kind[rows].tolist(),
        "direction": _codes(frame["direction"].tolist(), DIRECTIONS),
        "confidence": _codes(frame["confidence"].tolist(), CONFIDENCES),
    }


def _alliances_json(index_: Index, rows: Ints, place: Ints) -> dict[str, list[Any]]:
    ties = index_.alliances
    bits = ties.types[rows] @ (1 << np.arange(ties.types.shape[1], dtype=np.int64))
    return {
        **_ties_json(index_, ties, rows, place),
        "types": bits.tolist(),
        "coded": ties.coded[rows].astype(int).tolist(),
        **{c.key: classes_of_alliances(index_, c)[rows].tolist() for c in COLOURINGS if c.key != "kind"},
    }


def _groups_json(index_: Index, rows: Ints, own: Bools) -> dict[str, list[Any]]:
    groups, columns = index_.groups, ["group_id", "name", "slot", "precision", "base_place"]
    frame, points = pd.DataFrame(index_.atlas.groups[columns]).iloc[rows], index_.atlas.groups.geometry.iloc[rows]
    return {
        "id": frame["group_id"].tolist(),
        "name": frame["name"].tolist(),
        "lon": plain(points.x.to_numpy()),
        "lat": plain(points.y.to_numpy()),
        "slot": frame["slot"].tolist(),
        "first_year": groups.first[rows].tolist(),
        "last_year": groups.last[rows].tolist(),
        "precision": _codes(frame["precision"].tolist(), PRECISIONS),
        "place": frame["base_place"].tolist(),
        "own": own[rows].astype(int).tolist(),
        **{c.key: c.of_groups(index_)[rows].tolist() for c in COLOURINGS if c.of_groups},
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
    atlas = served[selection.dataset]
    index_ = index(atlas)
    panel = by_year(index_)
    passes, rival, own = passing(index_, selection), passing_rivals(index_, selection), own_groups(index_, selection)
    ties, rivals = np.flatnonzero(passes), np.flatnonzero(rival)

    seen = own.copy()
    for columns, rows in ((index_.alliances, ties), (index_.rivals, rivals)):
        seen[columns.a[rows]] = True
        seen[columns.b[rows]] = True
    if selection.group is not None:
        seen[index_.groups.position[selection.group]] = True
    groups = np.flatnonzero(seen)
    place = np.full(len(seen), -1)
    place[groups] = np.arange(len(groups))

    leading = panel.leading(passes)
    return {
        "dataset": {**dataset_json(selection.dataset, atlas), "default_year": default_year(index_)},
        "what": to_query(selection, served, half="what"),
        "subject": subject(index_, selection),
        "chips": [asdict(chip) for chip in chips(index_, selection)],
        "notices": list(notices),
        "focus": selection.group and {"id": selection.group, "name": group_name(index_, selection.group)},
        "vocabulary": vocabulary(index_),
        "groups": _groups_json(index_, groups, own),
        "relationships": _alliances_json(index_, ties, place),
        "rivals": _ties_json(index_, index_.rivals, rivals, place),
        "key_figures": {k: plain(v) for k, v in key_figures(index_, panel, passes, own).items()},
        "series": {c.key: stacks(index_, panel, leading, c).tolist() for c in COLOURINGS},
        "facets": {
            key: {value: counts.tolist() for value, counts in values.items()}
            for key, values in facet_counts(index_, panel, selection).items()
        },
        "loosen": {key: counts.tolist() for key, counts in loosened(index_, panel, selection).items()},
    }
