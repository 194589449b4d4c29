"""The group card: profile, lineage, every relationship on a timeline, and the sources."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from data.model import Atlas
from data.record import Kin, Record, Relation, Source, record

LINEAGE = {"split": "split", "merged": "merger", "renamed": "change of name"}


def years(first: int, last: int, *, ended: bool, coverage_end: int) -> str:
    """Years in words; an end that is only the end of coverage is said to be that."""
    if not ended:
        return f"{first}\u2013 (active at the end of {coverage_end})"
    return str(first) if first == last else f"{first}\u2013{last}"


def _group_button(group_id: str, name: str) -> Component:
    return html.Button(
        name, type="button", className="group-link", **{"data-action": "open-group", "data-group": group_id}
    )


def _references(source_ids: tuple[str, ...], numbers: dict[str, int]) -> Component:
    """Numbers of the sources in the card's list, each leading there."""
    if not source_ids:
        return html.Span("no source given", className="reference-none")
    links: list[Any] = []
    for id_ in source_ids:
        links += [html.A(str(numbers[id_]), href=f"#source-{numbers[id_]}", className="reference"), " "]
    return html.Span(["Sources ", *links[:-1]], className="references")


def _profile(r: Record, atlas: Atlas, numbers: dict[str, int]) -> Component:
    base = ", ".join(
        dict.fromkeys(part for part in (r.place, r.country) if (part and part not in r.place) or part == r.place)
    )
    facts = [
        ("Active", years(r.first_year, r.last_year, ended=r.ended, coverage_end=atlas.dataset.last_year)),
        ("End", r.end if r.ended else ""),
        ("Ideology", ", ".join(r.ideologies) or "not recorded"),
        ("Religion", r.religion if r.religion not in ("", "none") else ""),
        ("Base", f"{base or 'not recorded'} ({r.precision if r.located else 'not located on the map'})"),
        ("Region", r.region),
    ]
    rows = [[html.Dt(name), html.Dd(text)] for name, text in facts if text]
    return html.Dl(
        [*(part for row in rows for part in row), html.Dt("Record"), html.Dd(_references(r.source_ids, numbers))],
        className="profile",
    )


def _kin_list(title: str, kin: tuple[Kin, ...], numbers: dict[str, int]) -> list[Component]:
    if not kin:
        return []
    items = [
        html.Li(
            [
                _group_button(k.group_id, k.name),
                html.Span(f" {LINEAGE.get(k.kind, k.kind)}, {k.year}. {k.note} ", className="kin-note"),
                _references(k.source_ids, numbers),
            ]
        )
        for k in kin
    ]
    return [html.H3(title), html.Ul(items, className="kin")]


def _said(r: Relation) -> str:
    """Types and direction of a relationship in words."""
    if not r.cooperative:
        return r.kind
    content = ", ".join(t.lower() for t in r.types) if r.types else ("no type found" if r.coded else "type not coded")
    role = {"mutual": "mutual", "gave": "this group gave", "received": "this group received"}
    return f"{r.kind}: {content}; {role.get(r.role, 'direction not stated')}"


def _bar(r: Relation, first: int, last: int, coverage_end: int) -> Component:
    """Bar of one relationship between the first and last year of the card's axis."""
    span = last - first + 1
    left, width = (r.first_year - first) / span, (r.last_year - r.first_year + 1) / span
    looks = ["bar", f"bar-{'alliance' if r.cooperative else 'rivalry'}"]
    looks += ["bar-rhetorical"] if r.cooperative and r.coded and r.types and not r.tangible else []
    looks += ["bar-faint"] if r.confidence == "low" else []
    said = years(r.first_year, r.last_year, ended=not r.open, coverage_end=coverage_end)
    return html.Div(
        html.Div(className=" ".join(looks), style={"left": f"{100 * left:.2f}%", "width": f"{100 * width:.2f}%"}),
        className="lane",
        title=said,
    )


def _relations(
    title: str, relations: tuple[Relation, ...], r: Record, atlas: Atlas, numbers: dict[str, int]
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
                _bar(x, first, last, end),
                html.Div(
                    [
                        html.Span(f"{_said(x)}; confidence {x.confidence}. {x.note} "),
                        _references(x.source_ids, numbers),
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


def _source(source: Source, number: int) -> Component:
    # The reader leaves out every address that is not plain http(s), so a link here cannot run a script.
    more = [" ", html.A("Open", href=source.url, target="_blank", rel="noopener noreferrer")] if source.url else []
    return html.Li([html.Span(source.citation), *more], id=f"source-{number}")


def card(atlas: Atlas, group_id: str) -> Component:
    """Return the card of one group; where the dataset has no such group it says so."""
    r = record(atlas, group_id)
    if r is None:
        return html.P("This dataset has no such group: close the card, or search for another name.")
    numbers = {source.source_id: n for n, source in enumerate(r.sources, 1)}
    return html.Article(
        [
            html.H2(r.name, className="card-title", tabIndex="-1"),
            html.P(f"Also: {'; '.join(r.aliases)}", className="aliases") if r.aliases else None,
            _profile(r, atlas, numbers),
            *_kin_list("Predecessors", r.predecessors, numbers),
            *_kin_list("Successors", r.successors, numbers),
            *(_relations("Alliances", r.alliances, r, atlas, numbers)),
            *(_relations("Rivalries, never counted", r.rivalries, r, atlas, numbers)),
            html.H3("Sources"),
            html.Ol([_source(source, n) for n, source in enumerate(r.sources, 1)], className="sources"),
            html.P("The whole record of the group, whatever the filters.", className="card-note"),
        ]
    )
