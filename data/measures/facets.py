"""How many alliances each value of each filter would leave, and which filter to loosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.filters import FILTERS, Filter, focus, passing
from data.index import Bools, Index, Ints
from data.panel import Panel
from data.selection import Selection

Facets = dict[str, dict[str, Ints]]


def _others(index: Index, selection: Selection) -> dict[str, Bools]:
    """For each filter, the (N,) mask by all the other active filters, without the focus."""
    ties = index.alliances
    masks = {spec.key: spec.ties(index, ties, selection) for spec in FILTERS if spec.active(selection)}
    out = {}
    for spec in FILTERS:
        rest = np.ones(len(ties), dtype=bool)
        for key, mask in masks.items():
            if key != spec.key:
                rest &= mask
        out[spec.key] = rest
    return out


def facet_counts(index: Index, panel: Panel, selection: Selection) -> Facets:
    """Alliances in each window with one filter set to one value alone, the others as they are.

    Returns
    -------
    dict
        Filter key to value id to an array of shape (n_windows,).
    """
    others, ties = _others(index, selection), index.alliances

    def count(spec: Filter, value: str) -> Ints:
        alone = spec.set(selection, value)
        passes = others[spec.key] & spec.ties(index, ties, alone)
        return panel.count(passes & focus(index, ties, passes, alone))

    return {spec.key: {value: count(spec, value) for value, _ in spec.choices(index)} for spec in FILTERS}


def loosened(index: Index, panel: Panel, selection: Selection) -> dict[str, Ints]:
    """Alliances in each window with one active filter (or the focus, key ``group``) removed."""
    out = {spec.key: panel.count(passing(index, spec.clear(selection))) for spec in FILTERS if spec.active(selection)}
    if selection.group is not None:
        out["group"] = panel.count(passing(index, replace(selection, group=None)))
    return out
