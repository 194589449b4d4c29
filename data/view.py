"""One view as numbers: what `/api/view` answers and the page shows."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.comparison import comparison
from data.filters import own_groups, passing
from data.grammar import Served, as_json
from data.index import Bools, Floats, Index, Ints, index
from data.measures.facets import facet_counts
from data.measures.key_figures import key_figures
from data.model import Atlas
from data.panel import Panel, by_year, period
from data.selection import Selection
from data.words import sentence


def dataset_json(slug: str, atlas: Atlas) -> dict[str, Any]:
    """Return what has to stand beside every number: title, version, status, citation, coverage."""
    d = atlas.dataset
    return {
        "slug": slug,
        "title": d.title,
        "version": d.version,
        "hash": d.hash,
        "status": d.status,
        "first_year": d.first_year,
        "last_year": d.last_year,
        "citation": d.citation,
        "licence": d.licence,
        "disclaimer": d.disclaimer,
    }


def plain(values: Ints | Floats) -> list[Any]:
    """Array as JSON numbers, unrounded; NaN (of nothing) becomes null."""
    if values.dtype.kind != "f":
        out: list[Any] = values.tolist()
        return out
    return [None if missing else value for value, missing in zip(values.tolist(), np.isnan(values), strict=True)]


def window_of(index_: Index, selection: Selection) -> tuple[Panel, int]:
    """Return the panel that answers for the selection's year or period, and its window."""
    if selection.since is None:
        return by_year(index_), selection.year - int(index_.years[0])
    return period(index_, selection.since, selection.year), 0


def active(index_: Index, passes: Bools, selection: Selection) -> Bools:
    """(N,) mask: the passing alliances active in the selection's year or period."""
    ties, since = index_.alliances, selection.year if selection.since is None else selection.since
    return passes & (ties.first <= selection.year) & (ties.last >= since)


def at_window(figures: dict[str, Ints | Floats], window: int) -> dict[str, Any]:
    """Key figures of one window of a panel as JSON numbers."""
    return {key: plain(values[window : window + 1])[0] for key, values in figures.items()}


def compared(
    index_: Index, passes: Bools, figures: dict[str, Ints | Floats], selection: Selection
) -> dict[str, Any] | None:
    """Comparison with the selection's other year and that year's key figures, of ``figures`` by year."""
    found = comparison(index_, passes, selection)
    return found and found | {"key_figures": at_window(figures, found["year"] - int(index_.years[0]))}


def said(index_: Index, selection: Selection) -> str:
    """Return the view in a sentence with its numbers, as the explorer says it."""
    panel, window = window_of(index_, selection)
    passes, own = passing(index_, selection), own_groups(index_, selection)
    figures = at_window(key_figures(index_, panel, passes, own), window)
    return sentence(index_, selection, figures["alliances"], figures["allied_groups"])


def view(selection: Selection, notices: tuple[str, ...], served: Served) -> dict[str, Any]:
    """Answer of `/api/view`: the key figures of the year or period, the series and the ids in view.

    Returns
    -------
    dict
        JSON values; numbers are not rounded, shares are fractions, null is of nothing.
    """
    atlas = served[selection.dataset]
    index_ = index(atlas)
    passes = passing(index_, selection)
    panel, window = window_of(index_, selection)
    figures = key_figures(index_, panel, passes, own_groups(index_, selection))
    series = by_year(index_).count(passes)
    rows = index_.alliances.row[active(index_, passes, selection)]
    return {
        "dataset": dataset_json(selection.dataset, atlas),
        "selection": as_json(selection),
        "notices": list(notices),
        "year": selection.year,
        "since": selection.since,
        "compare": compared(index_, passes, figures, selection),
        "key_figures": at_window(figures, window),
        "series": {str(year): n for year, n in zip(index_.years.tolist(), series.tolist(), strict=True)},
        "facets": {
            key: {value: int(counts[window]) for value, counts in values.items()}
            for key, values in facet_counts(index_, panel, selection).items()
        },
        "relationships": sorted(atlas.relationships["relationship_id"].iloc[rows]),
    }
