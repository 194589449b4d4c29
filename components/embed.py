"""The embed: map, slider with play, legend and source line in a frame from 320 px wide up."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components import ids
from components.explorer import map_panel, time_panel
from components.shell import synthetic_band
from data.index import Index
from data.words import BORDERS


def embed(index: Index) -> Component:
    """Return the framed page; its link leads to the same view in the explorer, in a new tab."""
    d = index.atlas.dataset
    return html.Div(
        [
            *synthetic_band(index.atlas),
            html.H1(id=ids.WORDS, className="words"),
            map_panel(short=True),
            html.Div(id=ids.LEGEND, className="legend"),
            time_panel(index, short=True),
            html.Footer(
                [
                    html.A(
                        "Open in Alliance Atlas", href="/", target="_blank", rel="noopener", **{"data-action": "open"}
                    ),
                    html.Span(f"Source: {d.citation}. {d.licence}. {d.disclaimer} {BORDERS}", className="source-text"),
                ],
                className="source-lines",
                tabIndex="0",
            ),
            html.Div(id=ids.LIVE, className="live", **{"aria-live": "polite", "role": "status"}),
        ],
        className="page page-embed",
    )
