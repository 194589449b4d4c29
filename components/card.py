"""The group card: profile, lineage, every relationship on a timeline, and the sources."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components.record import LINEAGE, Numbers, bar, numbered, profile, references, said, source_list, years
from data.model import Atlas
from data.record import Kin, Record, Relation, record


def _group_button(group_id: str, name: str) -> Component:
    return html.Button(
        name, type="button", className="group-link", **{"data-action": "open-group", "data-group": group_id}
    )


def _kin_list(title: str, kin: tuple[Kin, ...], numbers: Numbers) -> list[Component]:
    if not kin:
        return []
    items = [
        html.Li(
            [
                _group_button(k.group_id, k.name),
                html.Span(f" {LINEAGE.get(k.kind, k.kind)}, {k.year}. {k.note} ", className="kin-note"),
                references(k.source_ids, numbers),
            ]
        )
        for k in kin
    ]
    return [html.H3(title), html.Ul(items, className="kin")]


def _relations(
    title: str, relations: tuple[Relation, ...], r: Record, atlas: Atlas, numbers: Numbers
) -> list[Component]:
    if not relations:
        return []
    everything = (*r.alliances, *r.rivalries)
    first = min(r.first_year, *(x.first_year for x in everything))
    last = max(r.last_year, *(x.last_year for x in everything))
    end = atlas.dataset.last_year
    rows = [
        html.Li(
            [
                html.Div(
                    [
                        _group_button(x.partner_id, x.partner),
                        html.Span(years(x.first_year, x.last_year, ended=not x.open, coverage_end=end).split(" (")[0]),
                    ],
                    className="tie-head",
                ),
                bar(x, (first, last), end),
                html.Div(
                    [
                        html.Span(f"{said(x)}; confidence {x.confidence}. {x.note} "),
                        references(x.source_ids, numbers),
                    ],
                    className="tie-note",
                ),
            ],
            className="tie",
        )
        for x in relations
    ]
    axis = html.Div(
        [html.Span(str(first)), html.Span(className="axis-year"), html.Span(str(last))], className="tie-axis"
    )
    return [
        html.H3(f"{title} ({len(relations)})"),
        html.Div(
            [axis, html.Ul(rows)],
            className="ties",
            style={"--first": str(first), "--span": str(last - first + 1)},
        ),
    ]


def card(atlas: Atlas, group_id: str) -> Component:
    """Return the card of one group; where the dataset has no such group it says so."""
    r = record(atlas, group_id)
    if r is None:
        return html.P("This dataset has no such group: close the card, or search for another name.")
    numbers = numbered(r.sources)
    return html.Article(
        [
            html.H2(r.name, className="card-title", tabIndex="-1"),
            html.P(f"Also: {'; '.join(r.aliases)}", className="aliases") if r.aliases else None,
            profile(r, atlas, numbers),
            html.P(html.A("Full record", href=f"/group/{group_id}", **{"data-action": "page"}), className="card-full"),
            *_kin_list("Predecessors", r.predecessors, numbers),
            *_kin_list("Successors", r.successors, numbers),
            *(_relations("Alliances", r.alliances, r, atlas, numbers)),
            *(_relations("Rivalries, never counted", r.rivalries, r, atlas, numbers)),
            html.H3("Sources"),
            source_list(r.sources),
            html.P("The whole record of the group, whatever the filters.", className="card-note"),
        ]
    )
