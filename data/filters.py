"""Filters: one spec each, holding its values, its rule on relationships and groups, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from data.geography import label
from data.index import Bools, Index, Ties, any_listed
from data.selection import Selection
from data.vocabulary import CONFIDENCES

Choice = tuple[str, str]
"""Id and label of one value that a filter can take."""


@dataclass(frozen=True)
class Filter:
    """One filter of the selection.

    ``ties`` gives the (N,) mask over relationships, ``groups`` the (G,) mask over groups for the
    filters that also say which groups are counted. ``words`` is asked only where the filter is
    active; what starts with a comma goes behind the clauses that need none.
    """

    key: str
    label: str
    control: Literal["many", "one", "flag"]
    help: str
    choices: Callable[[Index], tuple[Choice, ...]]
    ties: Callable[[Index, Ties, Selection], Bools]
    words: Callable[[Index, Selection], str]
    default: Any
    only_alliances: bool = False
    """True where rivalries have nothing that the filter could ask for."""
    groups: Callable[[Index, Selection], Bools] | None = None

    def active(self, selection: Selection) -> bool:
        """Whether the selection sets this filter."""
        return bool(getattr(selection, self.key) != self.default)

    def set(self, selection: Selection, value: str) -> Selection:
        """Return the selection with this filter set to one value alone."""
        as_field: Any = {"many": (value,), "flag": True, "one": value}[self.control]
        return replace(selection, **{self.key: as_field})

    def clear(self, selection: Selection) -> Selection:
        """Return the selection without this filter."""
        return replace(selection, **{self.key: self.default})


def any_of(labels: list[str], word: str = "or") -> str:
    """Join labels in words: "A", "A or B", "A, B or C"."""
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} {word} {labels[-1]}"


def chosen(choices: tuple[Choice, ...], ids: tuple[str, ...]) -> list[str]:
    """Labels of the chosen ids, in the order of the choices."""
    return [text for id_, text in choices if id_ in ids]


def lower_first(text: str) -> str:
    """Label in the middle of a sentence; acronyms keep their capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _places(choices: tuple[Choice, ...], ids: tuple[str, ...]) -> list[int]:
    return [i for i, (id_, _) in enumerate(choices) if id_ in ids]


def _ideologies(index: Index) -> tuple[Choice, ...]:
    return tuple((term.id, term.label) for term in index.atlas.dataset.ideologies)


def _ideology_groups(index: Index, selection: Selection) -> Bools:
    places = _places(_ideologies(index), selection.ideology)
    return any_listed(index.groups.ideologies[:, places])


def _ideology_ties(index: Index, ties: Ties, selection: Selection) -> Bools:
    listed = _ideology_groups(index, selection)
    a, b = listed[ties.a], listed[ties.b]
    return a & b if selection.ends == "both" else a | b


def _ideology_words(index: Index, selection: Selection) -> str:
    # Ideologies keep the dataset's capitals: whether one is a proper name (Islamist) is not for code to say.
    names = chosen(_ideologies(index), selection.ideology)
    return f" {'among' if selection.ends == 'both' else 'of'} {any_of(names)} groups"


def _types(index: Index) -> tuple[Choice, ...]:
    return tuple((term.id, term.label) for term in index.atlas.dataset.types)


def _type_ties(index: Index, ties: Ties, selection: Selection) -> Bools:
    places = _places(_types(index), selection.type)
    asked = ties.types[:, places].sum(axis=1)
    if selection.types == "all":
        return np.asarray(asked == len(places))
    if selection.types == "only":
        return np.asarray((asked > 0) & (asked == ties.types.sum(axis=1)))
    return np.asarray(asked > 0)


def _type_words(index: Index, selection: Selection) -> str:
    names = [lower_first(name) for name in chosen(_types(index), selection.type)]
    tangible = tuple(term.id for term in index.atlas.dataset.types if term.flag)
    if selection.types == "any" and selection.type == tangible and len(tangible) > 1:
        names = ["tangible"]
    joined = any_of(names, "and" if selection.types == "all" else "or")
    return f" with {'only ' if selection.types == 'only' else ''}{joined} co-operation"


def _cooperative_kinds(index: Index) -> tuple[Choice, ...]:
    return tuple((term.id, term.label) for term in index.kinds if term.flag)


def _kind_ties(index: Index, ties: Ties, selection: Selection) -> Bools:
    wanted = np.array([term.id in selection.kind for term in index.kinds], dtype=bool)
    return wanted[ties.kind]


def _kind_words(index: Index, selection: Selection) -> str:
    names = chosen(_cooperative_kinds(index), selection.kind)
    return f" of kind {any_of([lower_first(name) for name in names])}"


def _sub_regions(index: Index) -> tuple[Choice, ...]:
    return tuple((slug, label(slug)) for slug in index.sub_regions)


def _region_groups(index: Index, selection: Selection) -> Bools:
    wanted = np.array([slug in selection.region for slug in index.sub_regions], dtype=bool)
    place = index.groups.sub_region
    return wanted[place] & (place >= 0)


def _region_ties(index: Index, ties: Ties, selection: Selection) -> Bools:
    lies = _region_groups(index, selection)
    return lies[ties.a] | lies[ties.b]


def _confidences(index: Index) -> tuple[Choice, ...]:
    return tuple((level, level.capitalize()) for level in CONFIDENCES)


FILTERS = (
    Filter(
        key="ideology",
        label="Ideology",
        control="many",
        help="A relationship passes when one end, or both, list any of these ideologies, in any position.",
        choices=_ideologies,
        ties=_ideology_ties,
        groups=_ideology_groups,
        words=_ideology_words,
        default=(),
    ),
    Filter(
        key="type",
        label="Co-operation",
        control="many",
        help="A relationship passes when it has any of these types, all of them, or some and nothing else.",
        choices=_types,
        ties=_type_ties,
        words=_type_words,
        default=(),
        only_alliances=True,
    ),
    Filter(
        key="kind",
        label="Kind of relationship",
        control="many",
        help="A relationship passes when its kind is listed.",
        choices=_cooperative_kinds,
        ties=_kind_ties,
        words=_kind_words,
        default=(),
        only_alliances=True,
    ),
    Filter(
        key="region",
        label="Region",
        control="many",
        help="A relationship passes when the base of either end lies in one of these sub-regions (UN M49).",
        choices=_sub_regions,
        ties=_region_ties,
        groups=_region_groups,
        words=lambda index, s: f", {any_of(chosen(_sub_regions(index), s.region))}",
        default=(),
    ),
    Filter(
        key="confidence",
        label="Confidence",
        control="one",
        help="A relationship passes when its confidence is at least this; one not stated passes only Low.",
        choices=_confidences,
        ties=lambda index, ties, s: ties.confidence >= CONFIDENCES.index(s.confidence),
        words=lambda index, s: f", {s.confidence} confidence{' or higher' * (s.confidence != CONFIDENCES[-1])}",
        default=CONFIDENCES[0],
    ),
    Filter(
        key="crossborder",
        label="Across borders",
        control="flag",
        help="A relationship passes when its ends have different, known base countries.",
        choices=lambda index: (("1", "Across borders only"),),
        ties=lambda index, ties, s: ties.cross_border,
        words=lambda index, s: ", across borders",
        default=False,
    ),
)
"""In the order in which the page shows them and the words name them."""


def focus(index: Index, ties: Ties, passes: Bools, selection: Selection) -> Bools:
    """Narrow a mask to the relationships that touch the selection's group.

    With ``hops=2`` also those that touch any partner that the group has, in any year, by an
    alliance that passes the other filters.

    Parameters
    ----------
    passes
        (N,) mask over ``index.alliances`` by the other filters: it settles who the partners are.
    """
    if selection.group is None:
        return np.ones(len(ties), dtype=bool)
    member = np.zeros(len(index.groups.ids), dtype=bool)
    member[index.groups.position[selection.group]] = True
    if selection.hops == 2:
        own = index.alliances
        touching = passes & (member[own.a] | member[own.b])
        member[own.a[touching]] = True
        member[own.b[touching]] = True
    return member[ties.a] | member[ties.b]


def passing(index: Index, selection: Selection) -> Bools:
    """(N,) mask over ``index.alliances``: those that pass every filter and the focus."""
    out = np.ones(len(index.alliances), dtype=bool)
    for spec in FILTERS:
        if spec.active(selection):
            out &= spec.ties(index, index.alliances, selection)
    return out & focus(index, index.alliances, out, selection)


def passing_rivals(index: Index, selection: Selection) -> Bools:
    """(N,) mask over ``index.rivals``: those that pass the filters that speak of more than alliances."""
    out = np.ones(len(index.rivals), dtype=bool)
    for spec in FILTERS:
        if spec.active(selection) and not spec.only_alliances:
            out &= spec.ties(index, index.rivals, selection)
    return out & focus(index, index.rivals, passing(index, replace(selection, group=None)), selection)


def own_groups(index: Index, selection: Selection) -> Bools:
    """(G,) mask: groups whose own ideologies and region pass those two filters."""
    out = np.ones(len(index.groups.ids), dtype=bool)
    for spec in FILTERS:
        if spec.groups and spec.active(selection):
            out &= spec.groups(index, selection)
    return out
