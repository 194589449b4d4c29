"""The page of one group: its whole record, whatever the filters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dash import html
from dash.development.base_component import Component

from components import ids
from components.record import (
    LINEAGE,
    Numbers,
    bar,
    numbered,
    place,
    profile,
    references,
    said,
    source_list,
    span,
    years,
)
from components.shell import button, frame, icon_theme
from data.family import Generation, Member, Step, family
from data.grammar import default
from data.index import Floats, Index, Ints
from data.measures.ego import EGO, ego
from data.model import Atlas
from data.record import Record, Relation, citations, record
from data.selection import Selection
from data.view import plain
from data.words import count

GENERATIONS = {
    -3: "Three generations before",
    -2: "Two generations before",
    -1: "Predecessors",
    1: "Successors",
    2: "Two generations after",
    3: "Three generations after",
}
CAME = {"split": "split from {}", "merged": "{} merged into it", "renamed": "was named {}"}
WENT = {"split": "{} split from it", "merged": "merged into {}", "renamed": "renamed {}"}
SHORTEST = 8
"""Years that an axis spans at least: a group of one year shall not fill it."""


@dataclass(frozen=True)
class Page:
    """What the parts of the page are made from."""

    index: Index
    record: Record
    generations: tuple[Generation, ...]
    numbers: Numbers
    measures: dict[str, list[Any]]
    axis: tuple[int, int]
    """First and last year of the axis that relationships and charts share."""

    @property
    def atlas(self) -> Atlas:
        """The dataset."""
        return self.index.atlas

    @property
    def end(self) -> int:
        """Last year of coverage."""
        return self.atlas.dataset.last_year


def group_link(group_id: str, name: str) -> Component:
    """Name of a group, leading to its page; the scripts add the query of the view."""
    return html.A(name, href=f"/group/{group_id}", className="group-link", **{"data-keep": "view"})


def sentence(text: str) -> str:
    """Text of a note with its full stop and a space; nothing for none."""
    return f"{text}{'' if text.endswith(('.', '!', '?')) else '.'} " if text else ""


# ---- the axis of years ----------------------------------------------------------------------------------------------


def axis_of(*spans: tuple[int, int]) -> tuple[int, int]:
    """Years from the first to the last of some spans, widened where these are few."""
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    missing = max(0, SHORTEST - (last - first + 1))
    return first - missing // 2, last + missing - missing // 2


def ticks(axis: tuple[int, int]) -> list[int]:
    """Round years on an axis, six or fewer."""
    length = axis[1] - axis[0] + 1
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if length / step <= 6 or step == 1000)
    return list(range(-(-axis[0] // step) * step, axis[1] + 1, step))


def ruled(axis: tuple[int, int]) -> dict[str, str]:
    """Where the ruling of an axis begins and its step, for the styles: it runs through every lane."""
    length, marks = axis[1] - axis[0] + 1, ticks(axis)
    first = marks[0] if marks else axis[0]
    rest = length - (first - axis[0] + 0.5)
    step = marks[1] - marks[0] if len(marks) > 1 else length
    return {"--from": f"{100 * (1 - rest / length):.3f}%", "--step": f"{100 * step / rest:.3f}%"}


def _middle(year: int, axis: tuple[int, int]) -> str:
    return f"{100 * (year - axis[0] + 0.5) / (axis[1] - axis[0] + 1):.2f}%"


def _scale(axis: tuple[int, int]) -> Component:
    marks = [html.Span(str(year), style={"left": _middle(year, axis)}) for year in ticks(axis)]
    return html.Div(marks, className="scale", **{"aria-hidden": "true"})


# ---- life -----------------------------------------------------------------------------------------------------------


def _life(page: Page) -> Component:
    """Life line on the axis of coverage, with what it came from, what became of it and how it ended."""
    r, d = page.record, page.atlas.dataset
    kin = [*((k, "before", CAME) for k in r.predecessors), *((k, "after", WENT) for k in r.successors)]
    axis = axis_of(
        (d.first_year, d.last_year), (r.first_year, r.last_year), *((k.year, k.year) for k, _, _ in kin)
    )  # fmt: skip
    lane: list[Component] = [
        html.Span(className="life-coverage", style=place(d.first_year, d.last_year, axis)),
        html.Span(
            className=f"life-bar{'' if r.ended else ' life-open'}",
            style=place(r.first_year, r.last_year, axis),
            title=years(r.first_year, r.last_year, ended=r.ended, coverage_end=page.end),
        ),
    ]
    events: list[tuple[int, int, str, list[Any]]] = []
    for k, side, words in kin:
        before, after = words.get(k.kind, "{}").split("{}")
        lane.append(html.Span(className=f"life-mark mark-{side}", style={"left": _middle(k.year, axis)}))
        linked = [before, group_link(k.group_id, k.name), after, " ", references(k.source_ids, page.numbers)]
        events.append((k.year, {"before": 0, "after": 1}[side], side, linked))
    if r.ended:
        lane.append(html.Span(className="life-mark mark-end", style={"left": _middle(r.last_year, axis)}))
        events.append((r.last_year, 2, "end", [r.end]))
    items = [
        html.Li(
            [
                html.Span(className=f"life-sign mark-{side}", **{"aria-hidden": "true"}),
                html.Span(str(year), className="life-year"),
                html.Span(words),
            ]
        )
        for year, _, side, words in sorted(events, key=lambda e: e[:2])
    ]
    outside = r.first_year < d.first_year or r.last_year > d.last_year
    note = f"The pale band is the coverage of the data, {span(d.first_year, d.last_year)}." if outside else ""
    said_ = years(r.first_year, r.last_year, ended=r.ended, coverage_end=page.end)
    return html.Section(
        [
            html.H2("Life"),
            html.Div(
                [
                    html.Div(lane, className="lane life-lane", role="img", **{"aria-label": f"Active {said_}"}),
                    _scale(axis),
                ],
                className="life",
                style=ruled(axis),
            ),
            html.Ul(items, className="life-events") if items else None,
            html.P(note, className="small") if note else None,
        ]
    )


# ---- its network over time ------------------------------------------------------------------------------------------


def _covered(page: Page) -> range:
    """Years of the axis that the data cover."""
    d = page.atlas.dataset
    return range(max(page.axis[0], d.first_year), min(page.axis[1], d.last_year) + 1)


def _chart(page: Page, key: str, note: str) -> Component:
    definition = next(d for d in EGO if d.key == key)
    first = page.atlas.dataset.first_year
    spec = {
        "axis": list(page.axis),
        "first": _covered(page).start,
        "values": [page.measures[key][year - first] for year in _covered(page)],
        "unit": definition.unit,
    }
    return html.Figure(
        [
            html.Figcaption([html.Strong(definition.label), html.Span(note)]),
            html.Div(
                className="ego-plot",
                role="img",
                **{
                    "aria-label": f"{definition.label} by year: {note}. The numbers are in the table below.",
                    "data-ego": json.dumps(spec, separators=(",", ":")),
                },
            ),
            html.P(definition.text, className="small"),
        ],
        className="ego-chart",
    )


def _table(page: Page) -> Component:
    """Return the numbers of both charts in words, for the years with an ally."""
    first, m = page.atlas.dataset.first_year, page.measures
    rows = [
        html.Tr(
            [
                html.Th(str(first + at), scope="row"),
                html.Td(str(degree)),
                html.Td(str(m["partner_ties"][at])),
                html.Td("\u2013" if m["density"][at] is None else f"{m['density'][at]:.0%}"),
            ]
        )
        for at, degree in enumerate(m["degree"])
        if degree
    ]
    head = html.Tr([html.Th(text, scope="col") for text in ("Year", *(d.label for d in EGO))])
    return html.Details(
        [
            html.Summary(f"Numbers of the {count(len(rows), 'year', 'years')} with an ally"),
            html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="ego-table")),
        ],
        className="ego-numbers",
    )


def _numbers(page: Page) -> Component:
    """Link to the numbers of both charts; the scripts add the dataset."""
    id_ = page.record.group_id
    return html.P(
        html.A(
            "These numbers as CSV",
            href=f"/api/measures/ego.csv?group={id_}",
            download="",
            className="ego-file",
            **{"data-keep": "dataset", "data-view": json.dumps({"group": id_})},
        ),
        className="small",
    )


def peak(page: Page) -> int | None:
    """Return the year with most allies, the latest where several tie; None without any."""
    degree = page.measures["degree"]
    most = max(degree, default=0)
    return page.atlas.dataset.first_year + len(degree) - 1 - degree[::-1].index(most) if most else None


def _network(page: Page) -> list[Component]:
    year = peak(page)
    if year is None:
        return []
    at = year - page.atlas.dataset.first_year
    density = page.measures["density"][at]
    allies = f"at most {page.measures['degree'][at]}, in {year}"
    knit = "never two allies in one year" if density is None else f"{density:.0%} in {year}"
    if density is None and any(v is not None for v in page.measures["density"]):
        knit = f"of nothing in {year}"
    return [
        html.Section(
            [
                html.H2("Allies over time"),
                html.Div([_chart(page, "degree", allies), _chart(page, "density", knit)], className="ego-charts"),
                _table(page),
                _numbers(page),
            ]
        )
    ]


# ---- the map --------------------------------------------------------------------------------------------------------


def _map(page: Page) -> Component:
    r = page.record
    partners = len({x.partner_id for x in r.alliances})
    fought = len({x.partner_id for x in r.rivalries})
    rivals = f" and {count(fought, 'rival', 'rivals')}" if fought else ""
    label = f"Map of the {count(partners, 'ally', 'allies')}{rivals} of all years; the list below says the same."
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        id=ids.GROUP_MAP, role="img", **{"aria-label": label}
                    ),
                    html.Div(
                        [
                            button("group-zoom-in", "Zoom in", icon_name="plus", kind="icon"),
                            button("group-zoom-out", "Zoom out", icon_name="minus", kind="icon"),
                            button("group-zoom-home", "Show all its ties", icon_name="home", kind="icon"),
                        ],
                        className="zoom",
                    ),
                ],
                className="group-map",
            ),
            html.Div(id=ids.GROUP_LEGEND, className="legend"),
            html.P(
                "Every tie of all years at once, rivalries dotted. A point is larger the more allies it has here.",
                className="small",
            ),
        ],
        className="group-map-panel",
    )  # fmt: skip


# ---- relationships --------------------------------------------------------------------------------------------------


def _relation(page: Page, x: Relation) -> Component:
    when = years(x.first_year, x.last_year, ended=not x.open, coverage_end=page.end).split(" (")[0]
    return html.Div(
        [
            bar(x, page.axis, page.end),
            html.Div(
                [
                    html.P([html.Span(when, className="spell-years"), f" {said(x)}"]),
                    html.P(
                        [f"Confidence {x.confidence}. {sentence(x.note)}", references(x.source_ids, page.numbers)],
                        className="small",
                    ),
                ],
                className="spell-words",
            ),
        ],
        className="spell",
        **{"data-relationship": x.relationship_id},
    )


def _relations(page: Page) -> Component:
    r = page.record
    everything = sorted((*r.alliances, *r.rivalries), key=lambda x: (x.first_year, x.last_year, x.relationship_id))
    if not everything:
        return html.Section([html.H2("Relationships"), html.P("None in this dataset.", className="none")])
    order = {x.partner_id: n for n, x in reversed(list(enumerate(everything)))}
    everything.sort(key=lambda x: order[x.partner_id])
    partners = [list(spells) for _, spells in groupby(everything, key=lambda x: x.partner_id)]
    items = [
        html.Li(
            [
                html.H3(group_link(spells[0].partner_id, spells[0].partner)),
                html.Div([_relation(page, x) for x in spells], className="spells"),
            ],
            className="partner",
        )
        for spells in partners
    ]
    allied, rival = len(r.alliances), len(r.rivalries)
    total = f"{count(len(everything), 'relationship', 'relationships')} with {count(len(partners), 'group', 'groups')}"
    parts = f"{count(allied, 'alliance', 'alliances')}, {count(rival, 'rivalry', 'rivalries')} (never counted)"
    key = [
        html.Li([html.I(className=f"bar {look}", **{"aria-hidden": "true"}), html.Span(text)])
        for look, text, there in (
            ("bar-alliance", "alliance", allied),
            ("bar-alliance bar-rhetorical", "rhetorical only", any(x.types and not x.tangible for x in r.alliances)),
            ("bar-alliance bar-uncoded", "type not coded", any(not x.coded for x in r.alliances)),
            ("bar-rivalry", "rivalry", rival),
            ("bar-alliance bar-faint", "low confidence", any(x.confidence == "low" for x in everything)),
        )
        if there
    ]
    return html.Section(
        [
            html.H2("Relationships"),
            html.P(f"{total}: {parts}."),
            html.Ul(key, className="bar-key"),
            html.Div(
                [html.Div(_scale(page.axis), className="partner scale-row"), html.Ul(items)],
                className="partners",
                style=ruled(page.axis),
            ),
        ],
        id="relationships",
    )


# ---- family ---------------------------------------------------------------------------------------------------------


def _step(page: Page, step: Step, names: dict[str, str], *, before: bool) -> Component:
    """How a member is joined to the generation nearer to the group."""
    words, other = (WENT, step.to_id) if before else (CAME, step.from_id)
    text = words.get(step.kind, f"{LINEAGE.get(step.kind, step.kind)} {{}}").replace("{}", names[other])
    return html.P(
        [f"{step.year}: {text}. {sentence(step.note)}", references(step.source_ids, page.numbers)], className="small"
    )


def _member(page: Page, member: Member, names: dict[str, str], *, before: bool) -> Component:
    lived = years(member.first_year, member.last_year, ended=member.ended, coverage_end=page.end).split(" (")[0]
    return html.Li(
        [
            group_link(member.group_id, member.name),
            html.Span(f" {lived}", className="spell-years"),
            *(_step(page, step, names, before=before) for step in member.steps),
        ]
    )


def _family(page: Page) -> list[Component]:
    if not page.generations:
        return []
    names = {member.group_id: member.name for g in page.generations for member in g.members}
    names[page.record.group_id] = page.record.name
    columns: list[tuple[int, Component]] = [
        (
            g.distance,
            html.Div(
                [
                    html.H3(GENERATIONS[g.distance]),
                    html.Ul([_member(page, m, names, before=g.distance < 0) for m in g.members]),
                ],
                className="generation",
            ),
        )
        for g in page.generations
    ]
    r = page.record
    own = html.Div(
        [
            html.H3("This group"),
            html.Ul(
                html.Li(
                    [
                        html.Strong(r.name),
                        html.Span(
                            f" {years(r.first_year, r.last_year, ended=r.ended, coverage_end=page.end).split(' (')[0]}",
                            className="spell-years",
                        ),
                    ]
                )
            ),
        ],
        className="generation generation-own",
    )
    columns = sorted([*columns, (0, own)], key=lambda column: column[0])
    return [
        html.Section(
            [html.H2("Family"), html.Div([column for _, column in columns], className="generations")], id="family"
        )
    ]


# ---- the page -------------------------------------------------------------------------------------------------------


def _ways(page: Page) -> Component:
    """Ways from the page into the explorer."""
    year = peak(page)
    when = {} if year is None else {"year": year}
    suffix = "" if year is None else f"&year={year}"
    id_ = page.record.group_id
    links = [
        html.A(
            text, href=f"/?{key}={id_}{suffix}", **{"data-keep": "dataset", "data-view": json.dumps({key: id_} | when)}
        )
        for key, text in (("group", "Its alliances in the explorer"), ("card", "Its card in the explorer"))
    ]
    return html.P(links, className="ways")


def _cite(page: Page) -> Component:
    d, r = page.atlas.dataset, page.record
    made = " SYNTHETIC DATA." if d.synthetic else ""
    address = f"/group/{r.group_id}?data={d.version}"
    return html.Section(
        [
            html.H2("Cite this record"),
            html.P(
                [
                    f"{d.citation}.{made} Record of {r.name}. Alliance Atlas, ",
                    html.Code(address, className="permalink", **{"data-permalink": r.group_id}),
                ]
            ),
            html.P(
                "The link names the dataset's version, so that it keeps its meaning. Cite a single relationship by its"
                " own sources.",
                className="small",
            ),
        ],
        id="cite",
    )


def whole(index: Index, selection: Selection, group_id: str) -> Page:
    """Gather what the page shows: the record, its family, its measures without any filter.

    KeyError where the dataset has no such group.
    """
    atlas = index.atlas
    r = record(atlas, group_id)
    if r is None:
        raise KeyError(group_id)
    generations = family(atlas, group_id)
    steps = [step for g in generations for member in g.members for step in member.steps]
    sources = citations(atlas, [*(s.source_id for s in r.sources), *(id_ for s in steps for id_ in s.source_ids)])
    found: dict[str, Ints | Floats] = ego(index, default(selection.dataset, atlas), group_id)
    spans = [(x.first_year, x.last_year) for x in (*r.alliances, *r.rivalries)]
    return Page(
        index,
        r,
        generations,
        numbered(sources),
        {key: plain(values) for key, values in found.items()},
        axis_of((r.first_year, r.last_year), *spans),
    )


def group_record(index: Index, selection: Selection, group_id: str) -> Component:
    """Return the record of a group that the dataset has, of plain HTML components."""
    page = whole(index, selection, group_id)
    r = page.record
    return html.Article(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.H1(r.name),
                            html.P(f"Also: {'; '.join(r.aliases)}", className="aliases") if r.aliases else None,
                            profile(r, page.atlas, page.numbers),
                            _ways(page),
                            _life(page),
                        ],
                        className="group-who",
                    ),
                    _map(page),
                ],
                className="group-top",
            ),
            *_network(page),
            _relations(page),
            *_family(page),
            html.Section([html.H2("Sources"), source_list(citations(page.atlas, list(page.numbers)))], id="sources"),
            _cite(page),
            html.P("The whole record of the group, whatever the filters of the view.", className="small"),
        ]
    )


def group_page(index: Index, selection: Selection, group_id: str) -> Component:
    """Return the page of a group that the dataset has; the scripts fetch its record and put it in.

    Dash's renderer takes seconds for the hundreds of rows of a long record, and the browser no time for its HTML.
    """
    content = html.Main(
        [
            html.Div(className="notices group-notices", hidden=True),
            html.Div(
                html.P("Loading the record \u2026", className="none", role="status"),
                id=ids.GROUP_RECORD,
                **{"data-group": group_id},
            ),
        ],
        id="main",
        className="main group-record",
    )
    actions = [button("group-link", "Copy a link to this record", icon_name="link", text="Copy link"), icon_theme()]
    dialog = html.Dialog(id=ids.DIALOG, className="dialog")
    return frame(index.atlas, f"/group/{group_id}", [content, dialog], actions=actions, name="group")
