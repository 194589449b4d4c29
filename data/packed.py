"""The payload of a large dataset, packed: the same columns as typed bytes, for the page's own scripts.

`/api/payload` is JSON for everybody. At a hundred times MGAR's size that is 38 MB, which takes the server two seconds
to write and a browser one to read, at every change of a filter. So from ``MOST_ROWS`` rows on the page asks for
`/api/packed` in its place: columns of one, two or four bytes a number, no ids of relationships, and names for those
groups alone that lead the list of groups in some year; `/api/names` has them all, once for each dataset. What the
browser makes of it (assets/js/columns.js) is the payload again, but for those names.

The answer is a head and a body. Head: its length in bytes (four, little-endian), then the JSON of all that is no
column, with ``columns``, which says of each what it is and how it lies in the body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pandas as pd

from data.grammar import Served
from data.index import Index, Ints, index
from data.kept import kept
from data.panel import by_year
from data.payload import InView, columns, head, in_view
from data.selection import Selection
from data.view import plain

MOST_ROWS = 20_000
"""Groups and relationships of a dataset up to which the page takes the payload as JSON."""
LISTED = 60
"""Groups that the page lists by their allies (``SHOWN`` in panels.js): these have their names in the payload."""


def is_large(index_: Index) -> bool:
    """Whether the page asks for the packed payload of a dataset."""
    return len(index_.groups.ids) + len(index_.alliances) + len(index_.rivals) > MOST_ROWS


@dataclass(frozen=True, eq=False)
class Bases:
    """Where groups stand: what is the same for all groups of one base, once."""

    of: Ints
    """(G,): place of each group's base in the tables."""
    tables: dict[str, list[Any]]


SETTLED = ("type", "region")
"""Classes of an alliance that other columns settle: its types and whether it is coded, the regions of its ends."""
OF_BASE = ("lon", "lat", "place", "precision", "country", "region")


@kept(16)
def bases(index_: Index) -> Bases:
    """Bases of an atlas, found once."""
    frame = pd.DataFrame({key: columns(index_).groups[key] for key in OF_BASE})
    of = frame.groupby(list(OF_BASE), dropna=False, sort=False).ngroup().to_numpy(dtype=np.int64)
    first = frame[~pd.Series(of).duplicated()]
    return Bases(of, {key: plain(first[key].to_numpy()) for key in OF_BASE})


def packed_column(values: Ints, **how: Any) -> tuple[dict[str, Any], bytes]:
    """How a column lies in the body, and its bytes.

    Parameters
    ----------
    values
        Whole numbers. They are written from their least on (``from``), in as few bytes as the largest needs; of
        two or four, all low bytes come first: bytes that are alike stand together, which compresses better.
    """
    least = int(values.min()) if len(values) else 0
    most = int(values.max()) - least if len(values) else 0
    size = 1 if most < 1 << 8 else 2 if most < 1 << 16 else 4
    raw = (values - least).astype(f"<u{size}").view(np.uint8).reshape(-1, size).T
    return {"from": least, "size": size, "n": len(values), **how}, raw.tobytes()


def looked_up(values: Ints, by: tuple[Ints, Ints]) -> dict[str, Any]:
    """Table of a column that two others settle: ``by`` are theirs. It stands for the column itself.

    Returns
    -------
    dict
        ``table`` is 0 where a pair does not occur, and the pair (p, q) stands at p * ``width`` + q.
    """
    width = int(by[1].max()) + 1 if len(values) else 1
    table = np.zeros((int(by[0].max()) + 1 if len(values) else 1) * width, dtype=np.int64)
    table[by[0] * width + by[1]] = values
    return {"width": width, "table": table.tolist()}


def differences(values: Ints) -> Ints:
    """Each value less the one before, the first as it is: small numbers where values ascend."""
    return np.diff(values, prepend=0)


@kept(16)
def _name_order(index_: Index) -> Ints:
    """(G,): place of each group in the order of names."""
    order = np.argsort(columns(index_).groups["name"].astype("U"), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place


def listed(index_: Index, view: InView) -> Ints:
    """Groups that are among the ``LISTED`` most allied of any year, in the order of the page's list."""
    panel, ties, order = by_year(index_), index_.alliances, _name_order(index_)
    tie, window = panel.tie[view.leading], panel.window[view.leading]
    by_window = np.argsort(window.astype(np.uint16), kind="stable")
    ends = np.cumsum(np.bincount(window, minlength=panel.n_windows))
    found = np.zeros(len(index_.groups.ids), dtype=bool)
    for rows in np.split(tie[by_window], ends[:-1]):
        degree = np.bincount(np.concatenate((ties.a[rows], ties.b[rows])), minlength=len(found))
        allied = np.flatnonzero(degree)
        if len(allied) > LISTED:  # only those that have as many as the last of the list need sorting
            allied = allied[degree[allied] >= np.partition(degree[allied], -LISTED)[-LISTED]]
            allied = allied[np.lexsort((order[allied], -degree[allied]))[:LISTED]]
        found[allied] = True
    return np.flatnonzero(found)


def packed(selection: Selection, notices: tuple[str, ...], served: Served) -> bytes:
    """Answer of `/api/packed`: what ``data.payload.payload`` says, packed; a pure function of the same."""
    index_ = index(served[selection.dataset])
    view, whole, base = in_view(index_, selection), columns(index_), bases(index_)
    rows = view.groups
    named = listed(index_, view)
    if selection.group is not None:
        named = np.union1d(named, [index_.groups.position[selection.group]])

    parts: list[tuple[dict[str, Any], bytes]] = []

    def add(of: str, key: str, values: Ints, **how: Any) -> None:
        parts.append(packed_column(values, of=of, key=key, **how))

    def add_years(of: str, first: Ints, last: Ints) -> None:
        add(of, "first_year", first)
        add(of, "last_year", last - first, plus="first_year")

    add("groups", "row", differences(rows), summed=True)
    add("groups", "base", base.of[rows])
    add_years("groups", whole.groups["first_year"][rows], whole.groups["last_year"][rows])
    for key in ("slot", "ideology"):
        add("groups", key, whole.groups[key][rows])
    add("groups", "own", view.own[rows].astype(np.int64))
    for of, side, at, ties in (
        ("relationships", whole.alliances, view.ties, index_.alliances),
        ("rivals", whole.rivals, view.rivals, index_.rivals),
    ):
        add(of, "a", differences(view.place[ties.a[at]]), summed=True)
        add(of, "b", view.place[ties.b[at]])
        add_years(of, side["first_year"][at], side["last_year"][at])
        for key, column in side.items():
            if key not in ("id", "first_year", "last_year", *SETTLED):
                add(of, key, column[at])

    alliances, region = whole.alliances, whole.groups["region"]
    a, b = index_.alliances.a[view.ties], index_.alliances.b[view.ties]
    settled = {
        "type": looked_up(alliances["type"][view.ties], (alliances["types"][view.ties], alliances["coded"][view.ties])),
        "region": looked_up(alliances["region"][view.ties], (region[a], region[b])),
    }
    about = head(index_, selection, notices, served, view) | {
        "bases": base.tables,
        "named": {
            "at": view.place[named].tolist(),
            "id": whole.groups["id"][named].tolist(),
            "name": whole.groups["name"][named].tolist(),
        },
        "columns": [how for how, _ in parts],
        "settled": settled,
    }
    text = orjson.dumps(about)
    return b"".join([len(text).to_bytes(4, "little"), text, *(body for _, body in parts)])


def names(index_: Index) -> dict[str, list[str]]:
    """Answer of `/api/names`: id and name of every group of a dataset, in its order."""
    return {key: columns(index_).groups[key].tolist() for key in ("id", "name")}
