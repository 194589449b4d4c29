"""The method page: what the data are and cannot tell, and how every figure is defined."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components.shell import BORDERS, frame, icon_theme
from data.colourings import COLOURINGS
from data.filters import FILTERS
from data.grammar import PARAMETERS
from data.index import Index
from data.measures.key_figures import KEY_FIGURES
from data.selection import Selection

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


def _section(anchor: str, title: str, *children: Component) -> Component:
    return html.Section([html.H2(title), *children], id=anchor)


def _definitions(pairs: list[tuple[str, str]]) -> Component:
    return html.Dl([part for name, text in pairs for part in (html.Dt(name), html.Dd(text))])


def _data(index: Index) -> Component:
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
    return _section("data", "The data", html.P(d.disclaimer), _definitions(pairs))


def _limits(index: Index) -> Component:
    limits = index.atlas.dataset.limits
    if not limits:
        return _section("limits", "Limits of the data", html.P(index.atlas.dataset.disclaimer))
    return _section("limits", "Limits of the data", _definitions([(limit.title, limit.text) for limit in limits]))


def _grammar() -> Component:
    head = html.Tr(
        [html.Th(text, scope="col") for text in ("Parameter", "Values", "Default", "A relationship passes when")]
    )
    rows = [
        html.Tr([html.Td(html.Code(p.key)), html.Td(p.values), html.Td(p.default), html.Td(p.passes.replace("`", ""))])
        for p in PARAMETERS
    ]
    return _section(
        "address",
        "The address of a view",
        html.P(
            "One address describes a view completely; defaults are left out. Unknown values are dropped with a"
            " notice. The same parameters work for the explorer, /embed, /api/view and /api/payload."
        ),
        html.Div(
            html.Table([html.Thead(head), html.Tbody(rows)], className="table table-sm"), className="table-responsive"
        ),
    )


def _cite(index: Index) -> Component:
    d = index.atlas.dataset
    return _section(
        "cite",
        "How to cite",
        html.P(
            [
                "The data: ",
                html.Cite(f"{d.citation}. {d.licence}."),
                " For one view use Cite in the explorer: it adds the link, the dataset's version and the date."
                " A single relationship is better cited by its own sources, listed in the card of either group.",
            ]
        ),
        html.P(BORDERS + " The basemap is simplified for the scale of the world."),
    )


def method(index: Index, selection: Selection) -> Component:
    """Return the method page of the selection's dataset."""
    content = html.Main(
        [
            html.H1("Method"),
            _data(index),
            _limits(index),
            _section("figures", "Key figures", _definitions([(f.label, f.text) for f in KEY_FIGURES])),
            _section("rules", "Counting rules", html.Ul([html.Li(rule) for rule in RULES])),
            _section("colours", "Colours", _definitions([(c.label, COLOUR_RULES[c.key]) for c in COLOURINGS])),
            _section("filters", "Filters", _definitions([(f.label, f.help) for f in FILTERS])),
            _grammar(),
            _cite(index),
        ],
        id="main",
        className="main prose",
    )
    return frame(index.atlas, "/method", [content], actions=[icon_theme()], name="method")
