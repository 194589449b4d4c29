"""The explorer: filters, map, time and key figures; the scripts draw into its empty parts."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components import ids
from components.controls import colour_choice, rail
from components.markup import still
from components.shell import button, frame, icon_theme
from data.index import Index
from data.measures.definition import Definition
from data.measures.key_figures import KEY_FIGURES
from data.selection import Selection

SPEEDS = ((1, "1 year a second"), (2, "2 years a second"), (4, "4 years a second"), (8, "8 years a second"))
TABS = (
    ("active", "Over time"), ("content", "Content"), ("turnover", "Turnover"), ("reach", "Reach"), ("degree", "Groups"),
    ("network", "Network"),
)  # fmt: skip
"""Charts beside the map by their key in ``data.measures.series``."""
NETWORK_HINT = "The year's alliances as a network of groups. The list of groups beside it says the same in words."
MAP_HINT = "World map of the year's groups and alliances. The list of groups beside it says the same in words."


CHANGES = (("formed", "formed"), ("kept", "kept"), ("ended", "ended"))
"""What becomes of alliances from one year to the other, by the keys of the script compare.js."""
MODES = (("year", "Year"), ("period", "Period"), ("compare", "Compare"))
VIEWS = (("map", "Map"), ("network", "Network"), ("both", "Both"))


def stage() -> Component:
    """Return the places of map, network and the two maps of a comparison; the scripts fill those that are in view."""

    def cell(name: str, id_: str, label: str, caption: list[Component] | Component | None = None) -> Component:
        drawing = html.Div(id=id_, className="map", role="img", **{"aria-label": label})
        said = [html.Figcaption(caption, className="stage-caption")] if caption is not None else []
        return html.Figure([drawing, *said], className=f"stage-cell stage-{name}")

    changes = [
        html.Span(
            [html.I(className=f"swatch swatch-{key}"), html.B(id=f"{ids.CHANGE}{key}"), f" {label}"],
            className="change",
        )
        for key, label in CHANGES
    ]
    return html.Div(
        [
            cell("map", ids.MAP, MAP_HINT, changes),
            cell("network", ids.NETWORK, NETWORK_HINT),
            cell("before", ids.BEFORE, "Map of the year that is compared with", html.Span(id=ids.CAPTION_BEFORE)),
            cell("after", ids.AFTER, "Map of the year", html.Span(id=ids.CAPTION_AFTER)),
        ],
        id=ids.STAGE,
        className="stage",
        **{"data-view": "map"},
    )


def pressed_choice(action: str, choices: tuple[tuple[str, str], ...], label: str, **attributes: str) -> Component:
    """One of a few as a row of buttons; the scripts press the one that holds."""
    return html.Div(
        [
            html.Button(
                text,
                type="button",
                className="segment-label",
                **{"data-action": action, f"data-{action}": key, "aria-pressed": "false"},
            )
            for key, text in choices
        ],
        className="segments segments-pressed",
        role="group",
        **{"aria-label": label, **attributes},
    )


def map_panel(*, short: bool = False) -> Component:
    """Map with its buttons, the chooser of stacked bases, the message of an empty view and, unless short, the chips."""
    chips = [] if short else [html.Div(id=ids.CHIPS, className="chips")]
    return html.Div(
        [
            stage(),
            html.Div(
                [
                    button("zoom-in", "Zoom in", icon_name="plus", kind="icon"),
                    button("zoom-out", "Zoom out", icon_name="minus", kind="icon"),
                    button("zoom-home", "Show the whole world", icon_name="home", kind="icon"),
                ],
                className="zoom",
            ),
            *chips,
            html.P(id=ids.COARSE, className="map-coarse", hidden=True),
            html.Div(id=ids.EMPTY, className="empty", hidden=True),
            html.Div(id=ids.STACK, className="stack", role="dialog", hidden=True, **{"aria-label": "Groups here"}),
        ],
        className="map-panel",
    )


def player(*, short: bool = False) -> Component:
    """Play, step, speed and loop beside the year."""
    speed = html.Select(
        [html.Option(text, value=str(n), selected=n == SPEEDS[1][0]) for n, text in SPEEDS],
        id=ids.SPEED,
        className="speed",
        title="Speed",
        **{"aria-label": "Speed"},
    )
    modes = pressed_choice("mode", MODES, "A year, a period, or two years compared")
    extra = (
        [] if short else [modes, speed, button("loop", "Play again from the start", icon_name="repeat", kind="icon")]
    )
    return html.Div(
        [
            button("play", "Play the years", icon_name="play", kind="play"),
            html.Output(id=ids.YEAR, className="year"),
            button("step-back", "One year back", icon_name="step-back", kind="icon"),
            button("step-forward", "One year on", icon_name="step-forward", kind="icon"),
            *extra,
        ],
        className="player",
    )


def time_panel(index: Index, *, short: bool = False) -> Component:
    """Return the time chart with the slider right under it, on one axis."""
    sample = [] if short else [html.A("A sample, not a census", href="/method#limits", className="time-limits")]
    if index.atlas.dataset.synthetic:
        sample = [html.Span("Synthetic data", className="time-limits")]
    return html.Section(
        [
            html.Div(
                [player(short=short), html.Span(id=ids.CAPTION, className="caption"), *sample],
                className="time-head",
            ),
            html.Div(id=ids.CHART, className="chart"),
            html.Div(id=ids.SLIDER, className="slider"),
        ],
        className="time",
        **{"aria-label": "Time"},
    )


def key_figure(spec: Definition) -> Component:
    """One key figure; its definition shows on hover and focus."""
    definition = f"definition-{spec.key}"
    return html.Div(
        [
            html.Dt(
                [
                    html.Button(
                        spec.label, type="button", className="figure-label", **{"aria-describedby": definition}
                    ),
                    html.Span(spec.text, id=definition, className="definition", role="tooltip"),
                ]
            ),
            html.Dd("\u2013", className="figure-value", **{"data-figure": spec.key}),
            html.Dd("", className="figure-change", **{"data-change": spec.key}),
        ],
        className="figure",
    )


def side_tabs() -> Component:
    """Choice of what stands beside the map: the overview, or one of the charts."""
    tabs = [("", "Overview"), *TABS]
    return html.Div(
        [
            html.Button(
                text,
                type="button",
                className="side-tab",
                **{"data-action": "chart", "data-chart": key, "aria-pressed": "true" if key == "" else "false"},
            )
            for key, text in tabs
        ],
        className="side-tabs",
        role="group",
        **{"aria-label": "Beside the map"},
    )


def side_panel() -> Component:
    """Key figures, the groups in view and those not located, or one of the charts; and the open card."""
    return html.Aside(
        [
            html.Div(
                [
                    side_tabs(),
                    html.Div(
                        [
                            html.H2("Key figures"),
                            html.Dl([key_figure(spec) for spec in KEY_FIGURES], id=ids.FIGURES, className="figures"),
                            html.H2(["Groups allied ", html.Small("allies in view")]),
                            html.Div(id=ids.GROUPS, className="group-list"),
                            html.Div(id=ids.UNLOCATED, className="unlocated", hidden=True),
                        ],
                        id=ids.OVERVIEW,
                        className="side-overview",
                    ),
                    html.Div(id=ids.SIDE_CHART, className="side-chart", hidden=True),
                ],
                className="side-scroll",
            ),
            html.Section(
                [
                    html.Div(
                        [
                            button("card-focus", "Show only this group's alliances", text="Focus", kind="main"),
                            button("card-link", "Copy a link to this card", icon_name="link", kind="icon"),
                            button("card-close", "Close the card", icon_name="x", kind="icon"),
                        ],
                        className="card-actions",
                    ),
                    html.Div(id=ids.CARD, className="card-body"),
                ],
                className="group-card",
                hidden=True,
                **{"aria-label": "Group"},
            ),
        ],
        className="side",
        **{"aria-label": "Figures and groups"},
    )


def words_panel() -> Component:
    """Return the view in words and the notices of the link."""
    return html.Div(
        [
            html.Div(id=ids.NOTICES, className="notices", hidden=True),
            html.Div(
                [
                    html.H1(id=ids.WORDS, className="words"),
                    pressed_choice("view", VIEWS, "Map or network", id=ids.VIEW),
                ],
                className="words-row",
            ),
        ],
        className="words-panel",
    )


def explorer(index: Index, selection: Selection) -> Component:
    """Return the whole page for a selection; the scripts read the selection from the document."""
    actions = [
        button("filters", "Filters", icon_name="filter", text="Filters", kind="narrow"),
        button("copy-link", "Copy a link to this view", icon_name="link", text="Copy link"),
        button("cite", "Cite this view", icon_name="quote", text="Cite"),
        button("embed", "Embed this view in a web page", icon_name="embed", text="Embed"),
        icon_theme(),
        button("brief", "Brief: this view as a slide or picture", icon_name="camera", text="Brief", kind="main"),
    ]
    main = html.Main(
        [
            still(words_panel()),
            html.Div(
                [
                    colour_choice(selection),
                    html.Div(id=ids.LEGEND, className="legend"),
                ],
                className="legend-panel",
            ),
            still(map_panel()),
            still(time_panel(index)),
        ],
        id="main",
        className="main",
    )
    dialog = html.Dialog(id=ids.DIALOG, className="dialog")
    parts = [rail(index, selection), main, still(side_panel()), dialog, html.Div(id=ids.MOUNTED, hidden=True)]
    return frame(index.atlas, "/", parts, actions=actions, name="explorer")
