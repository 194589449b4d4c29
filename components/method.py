"""The method page: what the data are and cannot tell, how each figure is defined and found, how to cite."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dash import html
from dash.development.base_component import Component

from components import ids
from components.coverage import bias_list, coverage_tables
from components.definitions import definition_list
from components.shell import button, frame, icon_theme
from data.colourings import COLOURINGS
from data.downloads import GROUP_DERIVED, RELATIONSHIP_DERIVED, SOURCE_DERIVED
from data.filters import FILTERS
from data.formats import FORMATS, REPORTS, dataset_bibtex
from data.grammar import PARAMETERS
from data.index import Index
from data.measures.ego import EGO
from data.measures.key_figures import KEY_FIGURES
from data.measures.phases import PHASES
from data.measures.series import CHARTS, LONG_FORM
from data.measures.survival import COLUMNS, SURVIVAL
from data.published import SOURCE
from data.selection import Selection
from data.view import said
from data.vocabulary import GROUP_COLUMNS, RELATIONSHIP_COLUMNS, SOURCE_COLUMNS
from data.words import BORDERS

COLOUR_RULES = {
    "ideology": "The primary ideology of both ends where they are equal; else the first, in the order of the"
    " vocabulary, that both ends list; else cross-ideological. Not recorded where an end has none.",
    "type": "The relationship's first tangible type, else its first other type, in the order of the vocabulary;"
    " else no type (coded, nothing found) or not coded.",
    "region": "The UN M49 region of both bases where equal, else inter-regional; not recorded where an end has none.",
    "kind": "The kind of the relationship.",
}

RULES = (
    "Where alliances are counted, the count is of distinct dyads: several relationships of one pair count once.",
    "A relationship is active from its first to its last year, both included. An open last year runs to the end of"
    " coverage, or to the earlier end of its two groups.",
    "In a year a dyad is drawn and stacked once, by its leading relationship: the strongest kind, then the earliest"
    " first year. Stacks therefore always sum to the number of active alliances.",
    "Rivals and competitors are never part of a count; a switch draws them.",
    "Reach is the geodesic distance between the two bases on WGS84; arcs are great circles.",
    "Change is against ten years before, or the same span ten years before; there is none where that lies before"
    " coverage.",
    "The number beside a filter's value is of the alliances in the year with that filter set to that value alone and"
    " the other filters as they are.",
    "Co-operation that was not coded is left out of both sides of every share by type.",
)

Cell: TypeAlias = str | Component | list[str | Component]
MEASURES = "/api/measures/"
FILE_HELP = {
    "/api/view": "the view as JSON: dataset, selection, notices, key_figures of the year or period, series (active"
    " alliances of every year), facets (the numbers beside the filters' values) and the ids of the relationships",
    "/api/payload": "what the explorer draws from, as JSON with an entity tag: for one choice of filters the groups and"
    " relationships of all years in columns, the key figures of every year and the series of every colouring",
}
FILE_COLUMNS = {
    "relationships": (RELATIONSHIP_COLUMNS, RELATIONSHIP_DERIVED),
    "groups": (GROUP_COLUMNS, GROUP_DERIVED),
    "sources": (SOURCE_COLUMNS, SOURCE_DERIVED),
}


@dataclass(frozen=True)
class Section:
    """One part of the page; ``anchor`` is its place in the address, ``short`` its line in the contents."""

    anchor: str
    title: str
    short: str
    children: list[Component]


def _definitions(pairs: list[tuple[str, str]]) -> Component:
    return html.Dl([part for name, text in pairs for part in (html.Dt(name), html.Dd(text))])


def _data(index: Index) -> list[Component]:
    d, report = index.atlas.dataset, index.atlas.report
    located = int(index.atlas.groups.geometry.notna().sum())
    pairs = [
        ("Title", f"{d.title}, version {d.version} ({'made up' if d.synthetic else d.status})"),
        ("Coverage", f"{d.first_year} to {d.last_year}, both included"),
        (
            "Holds",
            f"{len(index.groups.ids):,} groups ({located:,} located), {len(index.alliances):,} co-operative"
            f" relationships, {len(index.rivals):,} rivalries and competitions, {len(index.atlas.sources):,} sources",
        ),
        ("Set aside", f"{len([p for p in report.problems if p.set_aside]):,} rows that could not be used"),
        ("Licence", d.licence),
    ]
    return [html.P(d.disclaimer), _definitions(pairs)]


def _limits(index: Index) -> list[Component]:
    limits = index.atlas.dataset.limits
    told = [html.H3("What the dataset says of itself"), _definitions([(limit.title, limit.text) for limit in limits])]
    return [
        html.H3("What can be counted"),
        bias_list(index),
        *(told if limits else [html.P(index.atlas.dataset.disclaimer)]),
    ]


def _charts() -> list[Component]:
    parts: list[Component] = [
        html.P(
            "Each is a number for every year of coverage, of the alliances that pass the filters. Counts are of dyads,"
            " shares are of what the words name, and nothing is drawn where there is nothing to divide by. Where no"
            " source stands, the definition is the atlas's own. m is the number of active alliances, n that of the"
            " groups allied."
        )
    ]
    for chart in CHARTS:
        if chart.definitions != KEY_FIGURES:
            split = f" Split by {chart.split}." if chart.split else ""
            parts += [
                html.H3(chart.title, id=f"chart-{chart.key}"),
                html.P([f"{split} ", _file(f"{MEASURES}{chart.key}.csv", "Its numbers as CSV"), "."]),
                definition_list(chart.definitions),
            ]
    return parts


def _grammar() -> list[Component]:
    names = ("Parameter", "Values", "Default", "A relationship passes when")
    rows = [
        (html.Code(p.key), *(re.sub(r"[`*]", "", text) for text in (p.values, p.default, p.passes))) for p in PARAMETERS
    ]
    return [
        html.P(
            "One address describes a view completely; defaults are left out. Unknown values are dropped with a"
            " notice. The same parameters work for the explorer, /embed, /api/view and /api/payload, and every file."
        ),
        _stacked(names, rows),
    ]


def _stacked(names: tuple[str, ...], rows: Sequence[Sequence[Cell]]) -> Component:
    """Table of words that becomes a list on a phone; each cell knows its column's name."""
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(name, scope="col") for name in names])),
            html.Tbody(
                [
                    html.Tr([html.Td(cell, **{"data-name": name}) for name, cell in zip(names, row, strict=True)])
                    for row in rows
                ]
            ),
        ],
        className="table table-sm stacked",
    )


def _file(path: str, text: str = "") -> Component:
    """Link to a file of the view; the scripts add the view's query."""
    return html.A(text or html.Code(path), href=path, **{"data-file": path})


def _columns(names: tuple[str, ...], derived: dict[str, str]) -> list[str | Component]:
    """Columns of the data contract, then the derived ones with what they are."""
    out: list[str | Component] = [html.Code(", ".join(names))]
    for key, text in derived.items():
        out += ["; ", html.Code(key), f" {text}"]
    return out


def _files(selection: Selection) -> list[Component]:
    """Every address that answers with numbers."""
    long, ages = html.Code(", ".join(LONG_FORM)), html.Code(", ".join(COLUMNS))
    ego = f"{MEASURES}ego.csv"
    rows: list[tuple[Cell, Cell, Cell]] = [
        (
            _file(f"{MEASURES}{chart.key}.csv"),
            html.A(chart.title, href="#figures" if chart.definitions == KEY_FIGURES else f"#chart-{chart.key}"),
            [long, "; measure is one of ", html.Code(", ".join(d.key for d in chart.definitions))]
            + ([f"; split is the {chart.split}"] if chart.split else []),
        )
        for chart in CHARTS
    ]
    rows += [
        (
            _file(ego) if selection.group else html.Code(f"{ego}?group=\u2026"),
            html.A("A group's network", href="#ego"),
            [long, "; measure is one of ", html.Code(", ".join(d.key for d in EGO)), "; split is the group. It needs a"
             " group: each group's page has the link."],
        ),
        (
            _file(f"{MEASURES}survival.csv"),
            html.A("Survival", href="#survival"),
            [ages, "; split is the comparison and the status"],
        ),
        *((_file(route), "View", text) for route, text in FILE_HELP.items()),
        *(
            (
                _file(spec.route),
                spec.label,
                _columns(*FILE_COLUMNS[spec.what]) if spec.ending == "csv" else spec.help,
            )
            for spec in FORMATS
        ),
        *((_file(spec.route), spec.label, spec.help) for spec in REPORTS),
    ]  # fmt: skip
    return [
        html.P(
            "Every number of the pages is a file too. The links carry the view that you came with; all take the"
            " parameters of an address. CSV begins with lines that start with # and say what the file is: citation,"
            " licence, the view and its link, definitions. For the charts .json in place of .csv answers the same."
        ),
        _stacked(("Address", "What", "Columns"), rows),
    ]


def _citation(key: str, title: str, note: str, *, text: str = "") -> Component:
    """Text to copy; the scripts write those that need the address and the day."""
    return html.Div(
        [
            html.H3(title, id=f"cite-{key}"),
            html.P(note),
            html.Textarea(
                text,
                readOnly=True,
                rows=5,
                className="dialog-text citation",
                **{"data-citation": key, "aria-labelledby": f"cite-{key}"},
            ),
            html.Div(
                [
                    button("copy-citation", f"Copy: {title}", text="Copy"),
                    html.Span(className="citation-said", role="status"),
                ],
                className="citation-actions",
            ),
        ],
        className="citation-block",
    )


def _cite(index: Index, selection: Selection) -> list[Component]:
    d = index.atlas.dataset
    spec = {"sentence": said(index, selection), "dataset": {"citation": d.citation, "status": d.status}}
    return [
        html.Div(
            [
                _citation("data", "The data", f"Licence: {d.licence}. The link leads to this version of the data."),
                _citation(
                    "view",
                    "The view",
                    "The view that you came with: in words, with its link and today's date. A single relationship is"
                    " better cited by its own sources, listed in the card of either group.",
                ),
                _citation("bibtex", "BibTeX", "The data, for a bibliography. The sources cited in a view are a BibTeX"
                          " file of their own, see the files.", text=dataset_bibtex(d)),
            ],
            id=ids.CITE,
            **{"data-cite": json.dumps(spec)},
        ),
        html.P(BORDERS + " The basemap is simplified for the scale of the world."),
    ]  # fmt: skip


def sections(index: Index, selection: Selection) -> list[Section]:
    """Return the parts of the page in order."""
    claims = html.P(
        [
            f"The claims are those of {SOURCE}. Each stands on ",
            html.A("Findings", href="/findings", **{"data-action": "page"}),
            " beside what the data say, with the rule by which it is judged, live with the filters.",
        ]
    )
    return [
        Section("data", "The data", "The data", _data(index)),
        Section("coverage", "Coverage", "Coverage", coverage_tables(index)),
        Section("limits", "Limits and biases of the data", "Limits and biases", _limits(index)),
        Section("rules", "Counting rules", "Counting rules", [html.Ul([html.Li(rule) for rule in RULES])]),
        Section("figures", "Key figures", "Key figures", [definition_list(KEY_FIGURES)]),
        Section("charts", "Charts", "Charts", _charts()),
        Section("phases", "Phases", "Phases", [definition_list((PHASES,))]),
        Section("ego", "A group's network", "A group's network", [definition_list(EGO)]),
        Section("survival", "Survival", "Survival", [definition_list(SURVIVAL)]),
        Section("claims", "Published claims", "Published claims", [claims]),
        Section("colours", "Colours", "Colours", [_definitions([(c.label, COLOUR_RULES[c.key]) for c in COLOURINGS])]),
        Section("filters", "Filters", "Filters", [_definitions([(f.label, f.help) for f in FILTERS])]),
        Section("address", "The address of a view", "Addresses", _grammar()),
        Section("files", "Measures and files by address", "Files", _files(selection)),
        Section("cite", "How to cite", "How to cite", _cite(index, selection)),
    ]


def method_text(index: Index, selection: Selection) -> Component:
    """Return contents and text of the page, of plain HTML components."""
    parts = sections(index, selection)
    contents = html.Nav(
        [
            html.H2("On this page", id="contents"),
            html.Ol([html.Li(html.A(part.short, href=f"#{part.anchor}")) for part in parts]),
        ],
        className="contents",
        **{"aria-labelledby": "contents"},
    )
    text = [html.Section([html.H2(part.title), *part.children], id=part.anchor) for part in parts]
    return html.Div([contents, html.Div([html.H1("Method"), *text], className="method-text")], className="method")


def method(index: Index, selection: Selection) -> Component:
    """Return the method page of the selection's dataset; the scripts fetch its text and put it in.

    Dash's renderer takes seconds for its thousands of nodes, and the browser no time for their HTML.
    """
    loading = html.P("Loading \u2026", className="none", role="status")
    content = html.Main(html.Div(loading, id=ids.METHOD), id="main", className="main prose prose-wide")
    return frame(index.atlas, "/method", [content], actions=[icon_theme()], name="method")
