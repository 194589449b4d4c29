"""What a briefing says: title, view in words, key figures with their change, source, date and link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from data.downloads import SYNTHETIC
from data.drawing import CHANGES, Drawing, chart_layers, drawing
from data.files import csv_text, preamble
from data.filters import lower_first, own_groups, passing
from data.grammar import Served, to_query
from data.index import Index, index
from data.measures.key_figures import KEY_FIGURES, key_figures
from data.numbers import against, change, figure
from data.panel import by_year, period
from data.selection import Selection
from data.view import at_window, said
from data.words import BORDERS, comparison, count, span, subject

SHAPES = {"wide": ("16:9", 1280, 720), "standard": ("4:3", 960, 720), "square": ("1:1", 720, 720)}
"""Label, width and height in px, at 96 px to the inch: the sizes of PowerPoint's own slides."""
BEFORE = 10
"""Years that a change looks back."""
LONGEST = 84
"""Letters of a title that is made from the view; a longer one would repeat the line below it."""


@dataclass(frozen=True)
class Figure:
    """One key figure as it is shown, and its unrounded value."""

    key: str
    label: str
    text: str
    change: str
    value: int | float | None
    unit: str


@dataclass(frozen=True, eq=False)
class Briefing:
    """The words and numbers of one briefing; nothing of it is markup."""

    title: str
    note: str
    caveat: str
    synthetic: str
    """What the band of made-up data says; empty for observed data."""
    words: str
    figures: tuple[Figure, ...]
    source: str
    """Begins *Source:*; how to cite the data, with version and licence."""
    made: str
    """As-of version and coverage of the data, day of the export, disclaimer, borders."""
    day: str
    link: str
    drawing: Drawing
    alt: str
    """The picture in words, for those who do not see it."""
    name: str
    """Name of a file of it, without its ending."""


def facts(b: Briefing) -> dict[str, str]:
    """What every file of a briefing carries in its metadata."""
    keys = ("title", "alt", "source", "link", "day", "synthetic", "words")
    return {key: getattr(b, key) for key in keys}


def day_words(day: date) -> str:
    """Day as 27 November 2026, whatever the machine's language."""
    months = (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    )  # fmt: skip
    return f"{day.day} {months[day.month - 1]} {day.year}"


def default_title(index_: Index, selection: Selection, alliances: int) -> str:
    """Title of a view that was given none: how many alliances of what, and when."""
    when = span(selection) if selection.compare is None else f"{selection.compare} and {selection.year}"
    what = subject(index_, selection)
    what = "active alliances of armed groups" if what == "All alliances" else lower_first(what)
    many = re.sub(r"\balliances\b", "alliance", what, count=1) if alliances == 1 else what
    title = f"{alliances:,} {many}, {when}"
    if selection.compare is not None:
        title = f"{what[0].upper()}{what[1:]}, {when} compared"
    return (
        title if len(title) <= LONGEST else f"{count(alliances, 'alliance', 'alliances')} under these filters, {when}"
    )


def _at(index_: Index, selection: Selection, year: int, since: int | None) -> dict[str, Any] | None:
    """Key figures of another year or period under the same filters; None where coverage does not reach."""
    first = int(index_.years[0])
    if year < first or (since is not None and since < first):
        return None
    passes, own = passing(index_, selection), own_groups(index_, selection)
    if since is None:
        figures, window = key_figures(index_, by_year(index_), passes, own), year - first
    else:
        figures, window = key_figures(index_, period(index_, since, year), passes, own), 0
    numbers = at_window(figures, window)
    if selection.group is not None:
        drawn = drawing(index_, replace(selection, year=year, since=since, compare=None))
        numbers["allied_share"] = int(drawn.degree[index_.groups.position[selection.group]])
    return numbers


def figures_of(index_: Index, selection: Selection) -> tuple[Figure, ...]:
    """Key figures of the view as the explorer shows them: against the year compared with, else ten years before."""
    year, since = selection.year, selection.since
    now = _at(index_, selection, year, since)
    assert now is not None  # noqa: S101  # the selection's year is one of coverage
    if selection.compare is not None:
        before = _at(index_, selection, selection.compare, None)
    else:
        before = _at(index_, selection, year - BEFORE, None if since is None else since - BEFORE)
    earlier = (
        str(year - BEFORE) if since is None else span(replace(selection, since=since - BEFORE, year=year - BEFORE))
    )
    out = []
    for spec in KEY_FIGURES:
        label, unit = spec.label, spec.unit
        if spec.key == "allied_share" and selection.group is not None:
            label, unit = "Allies of the group", "count"
        told = ""
        if before is not None and selection.compare is not None:
            told = against(now[spec.key], before[spec.key], unit, selection.compare)
        elif before is not None:
            told = change(now[spec.key], before[spec.key], unit, earlier)
        out.append(Figure(spec.key, label, figure(now[spec.key], unit), told, now[spec.key], unit))
    return tuple(out)


def view_words(index_: Index, selection: Selection, drawn: Drawing) -> str:
    """Return the view in a sentence, with what became of the year compared with and what is hidden."""
    out = said(index_, selection)
    if selection.compare is not None:
        n = dict(zip((term.id for term in CHANGES), drawn.counts.tolist(), strict=True))
        out += f"; {comparison(selection.compare, n['formed'], n['ended'], n['kept'])}"
    hidden = [term.label for term in drawn.classes if term.id in selection.hide]
    return f"{out} (hidden on the map and in the chart: {', '.join(hidden)})" if hidden else out


def permalink(selection: Selection, served: Served, base: str) -> str:
    """Address of the view in the explorer that keeps its meaning; the briefing's own words are not in it."""
    view = replace(selection, shape="wide", theme="light", title=None, note=None, caveat=None, card=None, chart=None)
    return f"{base.rstrip('/')}/?{to_query(view, served, cite=True)}"


def briefing(selection: Selection, served: Served, *, base: str, day: date) -> Briefing:
    """Return what a briefing of a view says.

    Parameters
    ----------
    base
        Address of the atlas, for the link.
    day
        Of the export.
    """
    atlas = served[selection.dataset]
    index_, d = index(atlas), atlas.dataset
    drawn = drawing(index_, selection)
    figures = figures_of(index_, selection)
    title = selection.title or default_title(index_, selection, int(figures[0].value or 0))
    words = view_words(index_, selection, drawn)
    made_up = SYNTHETIC if d.synthetic else ""
    told = "; ".join(f"{f.label}: {f.text}{f' ({f.change})' if f.change else ''}" for f in figures)
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower())
    name = "-".join(["alliance-atlas", slug, *(["synthetic"] if d.synthetic else [])])
    edition = "" if d.version in d.citation else f" {d.title}, version {d.version}."
    return Briefing(
        title=title,
        note=selection.note or "",
        caveat=selection.caveat or "",
        synthetic=made_up,
        words=words,
        figures=figures,
        source=f"Source: {_sentence(d.citation)}{edition} {_sentence(d.licence)}",
        made=(
            f"Data as of version {d.version}, coverage {d.first_year}\N{EN DASH}{d.last_year}; exported"
            f" {day_words(day)}. {BORDERS} {d.disclaimer}"
        ),
        day=day.isoformat(),
        link=permalink(selection, served, base),
        drawing=drawn,
        alt=" ".join(filter(None, [made_up and f"{made_up}.", f"World map and time chart. {words}. {told}."])),
        name=re.sub(r"-+", "-", name)[:96].strip("-"),
    )


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


COLUMNS = (
    "part", "year", "class", "label", "value", "unit", "look", "relationship_id", "group_a", "name_a", "longitude_a",
    "latitude_a", "group_b", "name_b", "longitude_b", "latitude_b",
)  # fmt: skip


def drawn_rows(index_: Index, selection: Selection, b: Briefing) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Return exactly what is drawn, as one long table.

    Returns
    -------
    columns, rows
        ``part`` says what a row is: *figure* (a key figure: unrounded value and its unit), *chart* (alliances of one
        class in one year) or *map* (one dyad with its leading relationship and how it is drawn: arc, ring, hidden or
        not located; longitudes and latitudes in degrees, WGS84).
    """
    at = selection.year if selection.since is None else None
    rows: list[list[Any]] = [
        ["figure", at, f.key, f.label, f.value, f.unit, *[None] * 10] for f in b.figures
    ]  # fmt: skip
    for _, term, layer in chart_layers(index_, selection):
        rows += [
            ["chart", year, term.id, term.label, n, "count", *[None] * 10]
            for year, n in zip(index_.years.tolist(), layer.tolist(), strict=True)
        ]
    d, ties, groups = b.drawing, index_.alliances, index_.atlas.groups
    ids, names = groups["group_id"].tolist(), groups["name"].tolist()
    lon, lat = groups.geometry.x.tolist(), groups.geometry.y.tolist()
    relationship = index_.atlas.relationships["relationship_id"].tolist()
    for i, tie in enumerate(d.tie.tolist()):
        term = d.classes[d.cls[i]]
        look = "hidden" if d.hidden[i] else "not located" if not d.located[i] else "ring" if d.within[i] else "arc"
        ends = [v for g in (ties.a[tie], ties.b[tie]) for v in (ids[g], names[g], lon[g], lat[g])]
        rows.append(
            ["map", at, term.id, term.label, 1, "count", look, relationship[ties.row[tie]], *ends]
        )  # fmt: skip
    return COLUMNS, rows


def as_csv(
    told: Briefing, selection: Selection, notices: Sequence[str], served: Served, *, base: str, day: date
) -> str:
    """Return exactly what is drawn of a briefing as a CSV file; see ``drawn_rows``."""
    columns, rows = drawn_rows(index(served[selection.dataset]), selection, told)
    return csv_text([told.title, *preamble(selection, notices, served, base=base, made=day)], columns, rows)
