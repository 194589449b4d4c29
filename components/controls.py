"""The filters and switches: each kind of control is drawn once, from the specs."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import ids
from components.markup import still
from components.shell import button, icon
from data.colourings import COLOURINGS
from data.filters import FILTERS, Choice, Filter
from data.index import Index
from data.selection import Selection

QUALIFIERS: dict[str, tuple[str, str, tuple[Choice, ...]]] = {
    "ideology": ("ends", "Ends", (("either", "Either end"), ("both", "Both ends"))),
    "type": ("types", "Match", (("any", "Any of"), ("all", "All of"), ("only", "Only"))),
}
"""The parameter that qualifies a list, its name and its choices."""

FOLDED = ("kind", "region")
"""Filters that start closed, so that the rail fits the screen; they open where they are set."""


def segmented(key: str, label: str, choices: tuple[Choice, ...], value: str) -> Component:
    """One of a few, as a row of segments; a native radio group."""
    return html.Div(
        dbc.RadioItems(
            id=ids.control(key),
            options=[{"label": text, "value": id_} for id_, text in choices],
            value=value,
            name=key,
            className="segments",
            input_class_name="segment-input",
            label_class_name="segment-label",
            label_checked_class_name="segment-on",
        ),
        role="group",
        **{"aria-label": label},
    )


def _facet(key: str, value: str) -> Component:
    """Where the scripts write how many alliances the value alone would leave."""
    return html.Span(className="facet", **{"data-facet": f"{key}={value}"})


def _swatch(key: str, value: str) -> Component:
    """Colour of the value, shown while the map is coloured by it."""
    return html.I(className="swatch", **{"data-swatch": f"{key}={value}"})


def _label(*parts: Component) -> Component:
    """Return what stands beside a box, in one piece."""
    return still(html.Span(parts, className="option-label"))


def _many(index: Index, spec: Filter, selection: Selection) -> list[Component]:
    options = [
        {
            "label": _label(_swatch(spec.key, id_), html.Span(text, className="option-text"), _facet(spec.key, id_)),
            "value": id_,
        }
        for id_, text in _offered(index, spec, selection)
    ]
    return [
        dbc.Checklist(
            id=ids.control(spec.key),
            options=options,
            value=list(getattr(selection, spec.key)),
            className=f"options options-{spec.key}",
            label_class_name="option",
            input_class_name="option-input",
        )
    ]


def _offered(index: Index, spec: Filter, selection: Selection) -> list[Choice]:
    """Values to choose from; of the world's sub-regions only those where some group has its base."""
    choices = spec.choices(index)
    if spec.key != "region":
        return list(choices)
    used = {index.sub_regions[place] for place in index.groups.sub_region if place >= 0}
    return sorted((c for c in choices if c[0] in used or c[0] in selection.region), key=lambda choice: choice[1])


def _quick(index: Index) -> Component:
    """Tangible or rhetorical only, in one press; the scripts know them by their lists of types."""
    types = index.atlas.dataset.types
    tangible = ",".join(term.id for term in types if term.flag)
    other = ",".join(term.id for term in types if not term.flag)
    presets = [("All", "", "any")]
    presets += [("Tangible", tangible, "any")] if tangible else []
    presets += [("Rhetorical only", other, "only")] if other else []
    buttons = [
        html.Button(
            text,
            type="button",
            className="segment-label",
            **{"data-action": "preset", "data-type": type_, "data-types": types_, "aria-pressed": "false"},
        )
        for text, type_, types_ in presets
    ]
    return still(
        html.Div(
            buttons,
            className="segments segments-pressed segments-quick",
            role="group",
            **{"aria-label": "Tangible or rhetorical"},
        )
    )


def _body(index: Index, spec: Filter, selection: Selection) -> list[Component]:
    if spec.control == "many":
        return [*([_quick(index)] if spec.key == "type" else []), *_many(index, spec, selection)]
    if spec.control == "one":
        choices = spec.choices(index)
        counts = [html.Span(_facet(spec.key, id_)) for id_, _ in choices]
        return [
            segmented(spec.key, f"{spec.label}, at least", choices, getattr(selection, spec.key)),
            still(html.Div(counts, className="segment-facets")),
        ]
    return []


def _head(spec: Filter, selection: Selection) -> list[Component]:
    """Name of a filter with its explanation, and its qualifier at the right."""
    named = html.Span(spec.label, className="filter-name", title=spec.help)
    if spec.key in QUALIFIERS:
        key, label, choices = QUALIFIERS[spec.key]
        return [named, segmented(key, f"{spec.label}: {label.lower()}", choices, getattr(selection, key))]
    return [named, html.Span("at least", className="filter-note")] if spec.control == "one" else [named]


def filter_block(index: Index, spec: Filter, selection: Selection) -> Component:
    """One filter of the rail."""
    if spec.control == "flag":
        (_, text), active = spec.choices(index)[0], spec.active(selection)
        label = _label(html.Span(text, className="option-text"), _facet(spec.key, "1"))
        return switch(spec.key, label, active, spec.help)
    if spec.key in FOLDED:
        return html.Details(
            [
                html.Summary([*_head(spec, selection), icon("chevron")], className="filter-head"),
                *_body(index, spec, selection),
            ],
            open=spec.active(selection),
            className="filter filter-folded",
            **{"data-filter": spec.key},
        )
    return html.Section(
        [html.Div(_head(spec, selection), className="filter-head"), *_body(index, spec, selection)],
        className="filter",
        **{"data-filter": spec.key, "aria-label": spec.label},
    )


def switch(key: str, label: Any, value: bool, help_: str) -> Component:
    """On or off."""
    return html.Div(
        dbc.Checkbox(
            id=ids.control(key),
            label=label,
            value=value,
            class_name="options switch",
            label_class_name="option",
            input_class_name="option-input",
        ),
        title=help_,
        className="filter filter-switch",
    )


def search_box() -> Component:
    """Typeahead over names and aliases; the scripts fill its list."""
    return html.Div(
        [
            icon("search"),
            html.Div(id=ids.SEARCH, className="search-field"),
            html.Ul(id=ids.SEARCH_LIST, className="search-list", role="listbox", hidden=True,
                    **{"aria-label": "Groups found"}),
        ],
        className="search",
        role="search",
    )  # fmt: skip


def colour_choice(selection: Selection) -> Component:
    """What the colours stand for."""
    choices = tuple((c.key, c.short) for c in COLOURINGS)
    return html.Div(
        [html.Span("Colour", className="filter-name"), segmented("colour", "Colour by", choices, selection.colour)],
        className="colour-choice",
    )


def rail(index: Index, selection: Selection) -> Component:
    """Return the column of filters; a drawer on narrow screens."""
    rivals = switch(
        "rivals",
        html.Span("Show rivalries", className="option-text"),
        selection.rivals,
        "Draws rivals and competitors in a style of their own; they are never part of a count.",
    )
    return html.Aside(
        [
            still(
                html.Div(
                    [html.H2("Filters"), button("filters", "Close the filters", icon_name="x", kind="icon")],
                    className="rail-head",
                )
            ),
            still(search_box()),
            *(filter_block(index, spec, selection) for spec in FILTERS),
            rivals,
            html.P("Counts: alliances in the year with that value alone.", className="rail-note"),
        ],
        id=ids.RAIL,
        className="rail",
        **{"aria-label": "Filters"},
    )
