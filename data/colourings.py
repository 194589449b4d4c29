"""Colourings: how alliances are classed for arcs, chart layers and the legend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from data.geography import label
from data.index import Index, Ints, Ties
from data.kept import kept
from data.model import Term
from data.panel import Panel

CROSS_IDEOLOGICAL = Term("cross-ideological", "Cross-ideological", None, False)
INTER_REGIONAL = Term("inter-regional", "Inter-regional", None, False)
NOT_RECORDED = Term("not-recorded", "Not recorded", None, False)
NO_TYPE = Term("no-type", "No type", None, False)
NOT_CODED = Term("not-coded", "Not coded", None, False)


@dataclass(frozen=True)
class Colouring:
    """One way of classing alliances.

    ``classes`` gives the legend's entries in order, its extra keys last; ``of_ties`` the (N,) place
    in them of each alliance; ``of_groups`` that of each group, where the colouring has one for groups.
    """

    key: str
    label: str
    short: str
    words: str
    """How the chart's caption names it: "by ..."."""
    classes: Callable[[Index], tuple[Term, ...]]
    of_ties: Callable[[Index, Ties], Ints]
    of_groups: Callable[[Index], Ints] | None = None


def _ideologies(index: Index) -> tuple[Term, ...]:
    return (*index.atlas.dataset.ideologies, CROSS_IDEOLOGICAL, NOT_RECORDED)


def _shared_ideology(index: Index, ties: Ties) -> Ints:
    """Both primaries where equal; else the first that both ends list; else cross-ideological."""
    groups, n = index.groups, len(index.atlas.dataset.ideologies)
    a, b = groups.primary[ties.a], groups.primary[ties.b]
    common = groups.ideologies[ties.a] & groups.ideologies[ties.b]
    listed = np.where(common.any(axis=1), common.argmax(axis=1), n) if n else np.full(len(ties), n)
    return np.where((a < 0) | (b < 0), n + 1, np.where(a == b, a, listed))


def _group_ideology(index: Index) -> Ints:
    primary = index.groups.primary
    return np.where(primary < 0, len(index.atlas.dataset.ideologies) + 1, primary)


def _types(index: Index) -> tuple[Term, ...]:
    return (*index.atlas.dataset.types, NO_TYPE, NOT_CODED)


def _first_type(index: Index, ties: Ties) -> Ints:
    """First tangible type, else first other type, in vocabulary order; else no type or not coded."""
    terms = index.atlas.dataset.types
    out = np.where(ties.coded, len(terms), len(terms) + 1)
    for tangible in (False, True):  # the tangible ones last, so that they win
        for place in reversed([i for i, term in enumerate(terms) if term.flag == tangible]):
            out[ties.types[:, place]] = place
    return out


def _regions(index: Index) -> tuple[Term, ...]:
    return (*(Term(slug, label(slug), None, False) for slug in index.regions), INTER_REGIONAL, NOT_RECORDED)


def _shared_region(index: Index, ties: Ties) -> Ints:
    n = len(index.regions)
    a, b = index.groups.region[ties.a], index.groups.region[ties.b]
    return np.where((a < 0) | (b < 0), n + 1, np.where(a == b, a, n))


def _group_region(index: Index) -> Ints:
    region = index.groups.region
    return np.where(region < 0, len(index.regions) + 1, region)


def _kinds(index: Index) -> tuple[Term, ...]:
    return tuple(term for term in index.kinds if term.flag)


def _kind(index: Index, ties: Ties) -> Ints:
    return ties.kind


COLOURINGS = (
    Colouring(
        "ideology", "Shared ideology", "Ideology", "by shared ideology", _ideologies, _shared_ideology, _group_ideology
    ),
    Colouring("type", "Co-operation type", "Type", "by first type of co-operation", _types, _first_type),
    Colouring("region", "Region", "Region", "by region of the bases", _regions, _shared_region, _group_region),
    Colouring("kind", "Kind of relationship", "Kind", "by kind of relationship", _kinds, _kind),
)
"""The first is the default."""

COLOURING = {colouring.key: colouring for colouring in COLOURINGS}


@kept(64)
def classes_of_alliances(index: Index, colouring: Colouring) -> Ints:
    """(N,): place of each alliance in the colouring's classes; computed once per atlas."""
    out = colouring.of_ties(index, index.alliances).copy()
    out.flags.writeable = False
    return out


def stacks(index: Index, panel: Panel, rows: Ints, colouring: Colouring) -> Ints:
    """(classes, n_windows): the leading alliances of each window by class; they sum to the series.

    Parameters
    ----------
    rows
        Rows of the panel that lead, from ``panel.leading``.
    """
    n, width = len(colouring.classes(index)), panel.n_windows
    classes = classes_of_alliances(index, colouring)[panel.tie[rows]]
    return np.bincount(classes * width + panel.window[rows], minlength=n * width).reshape(n, width)
