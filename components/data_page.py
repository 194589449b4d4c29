"""The data page: the rows of the view in tables, the files of the view, and how the dataset was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from components import ids
from components.quality import download, quality
from components.shell import frame, icon, icon_theme
from data.colourings import COLOURINGS
from data.downloads import Extract, extract
from data.formats import FORMATS
from data.geography import countries, label
from data.index import Index
from data.selection import Selection
from data.vocabulary import NOTHING_FOUND
from data.words import chips, count

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One table of the page; ``rows`` makes its rows, ``note`` says what they are."""

    key: str
    title: str
    note: Callable[[Extract], str]
    rows: Callable[[Index, Extract], list[Row]]
    order: tuple[str, ...]
    """Fields by which the rows are sorted at first."""
    columns: tuple[Row, ...]


def _column(field: str, name: str, width: int, *, number: bool = False, **more: Any) -> Row:
    kind = {"filter": "agNumberColumnFilter", "type": "rightAligned"} if number else {"filter": "agTextColumnFilter"}
    return {"field": field, "headerName": name, "width": width, **kind, **more}


def _link(renderer: str, field: str, name: str, width: int, **params: str) -> Row:
    """Column that the scripts draw as a link; it is not data, so there is nothing to sort or search."""
    return {
        "colId": field, "headerName": name, "width": width, "cellRenderer": renderer, "cellRendererParams": params,
        "sortable": False, "filter": False, "resizable": False,
    }  # fmt: skip


def _group(field: str, id_: str, name: str, width: int, **more: Any) -> Row:
    """Column of a group's name that leads to the group's page."""
    return _column(field, name, width, cellRenderer="AtlasGroup", cellRendererParams={"id": id_}, **more)


def _labels(text: str, known: dict[str, str]) -> str:
    return ", ".join(known.get(id_, id_) for id_ in text.split("|") if id_)


def _sources(text: str) -> str:
    return text.replace("|", ", ")


def _class_labels(index: Index) -> dict[str, dict[str, str]]:
    """Labels of the classes of every colouring, by its key and the class's id."""
    return {c.key: {term.id: term.label for term in c.classes(index)} for c in COLOURINGS}


def _relationship_rows(index: Index, of: Extract) -> list[Row]:
    labels = _class_labels(index)
    types = {**labels["type"], NOTHING_FOUND: "No type"}
    return [
        {
            "id": row["relationship_id"],
            "group_a": row["group_a"],
            "group_b": row["group_b"],
            "name_a": row["name_a"],
            "name_b": row["name_b"],
            "kind": labels["kind"][row["relation"]],
            "types": _labels(row["cooperation"], types) or "Not coded",
            "first": row["start_year"],
            "last": row["last_year"],
            "confidence": row["confidence"] or "not stated",
            "reach": None if row["reach_km"] != row["reach_km"] else round(row["reach_km"]),
            "ideology": labels["ideology"][row["shared_ideology"]],
            "region": labels["region"][row["region"]],
            "note": row["note"],
            "sources": _sources(row["source_ids"]),
        }
        for row in of.relationships.to_dict("records")
    ]


def _group_rows(index: Index, of: Extract) -> list[Row]:
    ideologies = _class_labels(index)["ideology"]
    table = countries()
    names = dict(zip(table["iso3"], table["name"], strict=True))
    return [
        {
            "id": row["group_id"],
            "name": row["name"],
            "degree": row["degree"],
            "first": row["start_year"],
            "last": row["last_year"],
            "end": row["end_type"].replace("_", " ") or "active",
            "ideologies": _labels(row["ideologies"], ideologies) or "Not recorded",
            "country": names.get(row["base_country"], row["base_country"]),
            "region": label(row["sub_region"]) if row["sub_region"] else "",
            "place": row["base_place"],
            "precision": row["precision"] if row["lat"] == row["lat"] else "not located",
            "aliases": _sources(row["aliases"]),
            "sources": _sources(row["source_ids"]),
        }
        for row in of.groups.drop(columns="geometry").to_dict("records")
    ]


def _source_rows(index: Index, of: Extract) -> list[Row]:
    names = {"source_id": "id", "citation": "citation", "url": "url", "relationships": "ties", "groups": "groups"}
    rows: list[Row] = of.sources.rename(columns=names).to_dict("records")
    return rows


def _relationship_note(of: Extract) -> str:
    pairs = int(of.relationships["leads"].sum())
    rows = count(len(of.relationships), "relationship", "relationships")
    return f"{rows} of {count(pairs, 'pair', 'pairs')} of groups: a pair is counted once as an alliance."


def _group_note(of: Extract) -> str:
    allied, counted = int((of.groups["degree"] > 0).sum()), int(of.groups["counted"].sum())
    others = len(of.groups) - counted
    outside = f", and {count(others, 'other', 'others')} at the end of an alliance" if others else ""
    return f"{count(counted, 'group', 'groups')} counted as active{outside}; {allied:,} with an ally in view."


def _source_note(of: Extract) -> str:
    addresses = int((of.sources["url"] != "").sum())
    cited = count(len(of.sources), "source", "sources")
    return f"{cited} cited by these relationships and groups, {addresses:,} with an address."


TABLES = (
    Table(
        "relationships", "Relationships", _relationship_note, _relationship_rows, ("name_a", "name_b", "first"),
        (
            _link("AtlasMap", "map", "", 58, group="group_a", card="group_b"),
            _group("name_a", "group_a", "Group", 200),
            _group("name_b", "group_b", "Group", 200),
            _column("kind", "Kind", 104),
            _column("types", "Co-operation", 170, tooltipField="types"),
            _column("first", "First", 106, number=True),
            _column("last", "Last", 106, number=True,
                    headerTooltip="Where it has no end: the end of coverage, or of one of its groups"),
            _column("confidence", "Confidence", 112),
            _column("reach", "Reach, km", 116, number=True),
            _column("ideology", "Shared ideology", 146),
            _column("region", "Region", 116),
            _column("note", "Note", 380, tooltipField="note"),
            _column("sources", "Sources", 220, tooltipField="sources"),
            _link("AtlasCorrection", "correction", "", 150, about="relationship"),
        ),
    ),
    Table(
        "groups", "Groups", _group_note, _group_rows, ("name",),
        (
            _link("AtlasMap", "map", "", 58, card="id"),
            _group("name", "id", "Group", 240),
            _column("degree", "Allies", 106, number=True, headerTooltip="Distinct groups allied with it in view"),
            _column("first", "First", 106, number=True),
            _column("last", "Last", 106, number=True),
            _column("end", "End", 130),
            _column("ideologies", "Ideologies", 190, tooltipField="ideologies"),
            _column("country", "Country", 150, tooltipField="country"),
            _column("region", "Region", 150),
            _column("place", "Base", 190, tooltipField="place"),
            _column("precision", "Precision", 110),
            _column("aliases", "Also", 220, tooltipField="aliases"),
            _column("sources", "Sources", 220, tooltipField="sources"),
            _link("AtlasCorrection", "correction", "", 150, about="group"),
        ),
    ),
    Table(
        "sources", "Sources", _source_note, _source_rows, ("citation",),
        (
            _column("citation", "Citation", 640, tooltipField="citation"),
            _column("url", "Address", 300, cellRenderer="AtlasAddress", tooltipField="url"),
            _column("ties", "Relationships", 134, number=True),
            _column("groups", "Groups", 116, number=True),
            _column("id", "Id", 200),
            _link("AtlasCorrection", "correction", "", 150, about="source"),
        ),
    ),
)  # fmt: skip


def grid(table: Table, rows: list[Row]) -> Component:
    """Return the grid of one table: sorted, filtered and searched in the browser, rows drawn once in sight."""
    return dag.AgGrid(
        id=f"{ids.GRID}{table.key}",
        columnDefs=list(table.columns),
        rowData=rows,
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "floatingFilter": True,
            "suppressHeaderMenuButton": True,
            "suppressMovable": True,
            "filterParams": {"debounceMs": 150},
        },
        dashGridOptions={
            "rowHeight": 34,
            "headerHeight": 36,
            "floatingFiltersHeight": 38,
            "animateRows": False,
            "enableCellTextSelection": True,
            "ensureDomOrder": True,
            "tooltipShowDelay": 600,
            "cacheQuickFilter": True,
            "suppressCellFocus": False,
            "localeText": {"noRowsToShow": "No rows in this view"},
        },
        className="data-grid",
        dangerously_allow_code=False,
        style={"height": None, "width": "100%"},
    )


_SHORT = {"csv": "CSV", "geojson": "GeoJSON", "gpkg": "GeoPackage", "graphml": "GraphML", "bib": "BibTeX"}


def downloads(what: str) -> list[Component]:
    """Links to the files of one table, or of the whole view."""
    return [download(spec, _SHORT[spec.ending]) for spec in FORMATS if spec.what == what]


def _tab(table: Table, n: int, first: bool) -> Component:
    return html.Button(
        [table.title, html.Span(f"{n:,}", className="tab-count")],
        type="button",
        className="data-tab",
        role="tab",
        tabIndex="0" if first else "-1",
        **{"data-tab": table.key, "aria-selected": "true" if first else "false", "aria-controls": f"panel-{table.key}"},
    )


def _panel(table: Table, index: Index, of: Extract, first: bool) -> Component:
    rows = sorted(table.rows(index, of), key=lambda row: [str(row[key]).casefold() for key in table.order])
    tools = html.Div(
        [
            html.Div([icon("search"), html.Div(className="quick-box", **{"data-quick": table.key})], className="quick"),
            html.P(table.note(of), className="table-note"),
            html.Div(
                downloads(table.key), className="files", role="group", **{"aria-label": f"{table.title} as a file"}
            ),
        ],
        className="table-tools",
    )
    return html.Div(
        [tools, grid(table, rows)],
        id=f"panel-{table.key}",
        className="table-panel",
        role="tabpanel",
        hidden=not first,
        **{"data-panel": table.key, "aria-label": table.title},
    )


def _filters(index: Index, selection: Selection) -> Component:
    items = [html.Li([html.Span(f"{chip.label} "), chip.words]) for chip in chips(index, selection)]
    return html.Ul(items or [html.Li("No filter")], className="data-filters", **{"aria-label": "Filters"})


def data_page(index: Index, selection: Selection) -> Component:
    """Return the data page of a selection; the scripts add its query to every link."""
    # Only the atlas of the selection is needed: the words and rows do not depend on what else is served.
    of = extract(selection, (), {selection.dataset: index.atlas})
    head = html.Div(
        [
            html.Div(id=ids.DATA_NOTICES, className="notices", hidden=True),
            html.H1(of.words, className="words"),
            html.Div(
                [
                    _filters(index, selection),
                    html.A("Open in the explorer", href="/", className="data-back", **{"data-view": "/"}),
                    html.Div(
                        [html.Span("Whole view"), *downloads("view")],
                        className="files",
                        role="group",
                        **{"aria-label": "Whole view as a file"},
                    ),
                ],
                className="data-line",
            ),
        ],
        className="data-head",
    )
    sizes = {"relationships": len(of.relationships), "groups": len(of.groups), "sources": len(of.sources)}
    tabs = html.Div(
        [_tab(table, sizes[table.key], table is TABLES[0]) for table in TABLES],
        className="tabs",
        role="tablist",
        **{"aria-label": "Tables"},
    )
    panels = [_panel(table, index, of, table is TABLES[0]) for table in TABLES]
    content = html.Main(
        [head, tabs, *panels, quality(index.atlas), html.Div(id=ids.TABLES, hidden=True)],
        id="main",
        className="main data-main",
    )
    return frame(index.atlas, "/data", [content], actions=[icon_theme()], name="data")
