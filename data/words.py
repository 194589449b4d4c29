"""The view in words: what is counted, under which filters, with what result."""

from __future__ import annotations

from dataclasses import dataclass

from data.filters import FILTERS, Filter, chosen
from data.index import Index
from data.selection import Selection

BORDERS = "Borders: Natural Earth; they imply no endorsement."


def group_name(index: Index, group_id: str) -> str:
    """Name of a group by its id."""
    return str(index.atlas.groups["name"].iloc[index.groups.position[group_id]])


def focus_words(index: Index, selection: Selection) -> str:
    """How the focus on a group is said; empty without one."""
    if selection.group is None:
        return ""
    partners = " or its partners" if selection.hops == 2 else ""
    return f" touching {group_name(index, selection.group)}{partners}"


def subject(index: Index, selection: Selection) -> str:
    """What is in view, without the year: "Alliances of Islamist groups with material co-operation"."""
    parts = [spec.words(index, selection) for spec in FILTERS if spec.active(selection)]
    main = [part for part in parts if not part.startswith(",")]
    said = "".join([*main, focus_words(index, selection), *(part for part in parts if part.startswith(","))])
    return f"Alliances{said}" if said else "All alliances"


def span(selection: Selection) -> str:
    """The year, or the period with an en dash."""
    return str(selection.year) if selection.since is None else f"{selection.since}\u2013{selection.year}"


def count(n: int, one: str, many: str) -> str:
    """Number with its noun, thousands apart."""
    return f"{n:,} {one if n == 1 else many}"


def sentence(index: Index, selection: Selection, alliances: int, allied_groups: int) -> str:
    """The whole view: "<subject>, 2010: 5 alliances, 8 groups allied"."""
    numbers = f"{count(alliances, 'alliance', 'alliances')}, {count(allied_groups, 'group', 'groups')} allied"
    return f"{subject(index, selection)}, {span(selection)}: {numbers}"


def comparison(year: int, formed: int, ended: int, kept: int) -> str:
    """What became of the alliances between two years: "against 2005: 5 formed, 1 ended, 4 kept"."""
    return f"against {year}: {formed:,} formed, {ended:,} ended, {kept:,} kept"


@dataclass(frozen=True)
class Chip:
    """One removable part of the selection; ``value`` is empty where the parameter goes as a whole."""

    key: str
    value: str
    label: str
    words: str


def _filter_chips(index: Index, spec: Filter, selection: Selection) -> list[Chip]:
    choices = spec.choices(index)
    value = getattr(selection, spec.key)
    if spec.control == "many":
        return [Chip(spec.key, id_, spec.label, text) for id_, text in choices if id_ in value]
    text = f"at least {value}" if spec.control == "one" else chosen(choices, ("1",))[0]
    return [Chip(spec.key, "", spec.label, text)]


def chips(index: Index, selection: Selection) -> list[Chip]:
    """Every active filter and the focus, in the order of the page."""
    out = [chip for spec in FILTERS if spec.active(selection) for chip in _filter_chips(index, spec, selection)]
    if selection.group is not None:
        hops = ", and its partners' ties" if selection.hops == 2 else ""
        out.append(Chip("group", "", "Focus", group_name(index, selection.group) + hops))
    return out
