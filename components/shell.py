"""What surrounds every page: the top bar, the source lines and the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from components import ids
from components.markup import still
from data.downloads import SYNTHETIC
from data.model import Atlas
from data.words import BORDERS

LIMITS_LINK = "/method#limits"


@dataclass(frozen=True)
class NavItem:
    """One entry of the top bar."""

    path: str
    title: str


NAV = (
    NavItem("/", "Explore"),
    NavItem("/findings", "Findings"),
    NavItem("/story/", "Stories"),
    NavItem("/data", "Data"),
    NavItem("/method", "Method"),
)


def icon(name: str) -> Component:
    """Icon of the committed set, hidden from assistive technology: the button carries the name."""
    return html.Span(className=f"icon icon-{name}", **{"aria-hidden": "true"})


def button(
    action: str, label: str, *, icon_name: str | None = None, text: str = "", kind: str = "quiet", **attributes: Any
) -> Component:
    """Button that the scripts act on by its ``data-action``; ``label`` is its accessible name."""
    children = [icon(icon_name)] if icon_name else []
    if text:
        children.append(html.Span(text, className="button-text"))
    return html.Button(
        children,
        type="button",
        className=f"action action-{kind}",
        title=label,
        **{"data-action": action, "aria-label": label, **attributes},
    )


def dataset_menu(atlas: Atlas) -> Component:
    """Title and version of the dataset; opens on what it is and on the others, which datasets.js fills in."""
    d = atlas.dataset
    said = f"Dataset: {d.title}, version {d.version}"
    return html.Details(
        [
            html.Summary(
                [
                    icon("info"),
                    html.Span(d.title, className="tag-title"),
                    html.Span(f"version {d.version}", className="tag-version"),
                    icon("chevron"),
                ],
                className="dataset-tag",
                title=said,
                **{"aria-label": said},
            ),
            html.Div(
                [
                    html.Ul(className="dataset-list", **{"aria-label": "Datasets"}),
                    page_link("What it holds and what it cannot tell", "/method#data", className="dataset-about"),
                ],
                className="dataset-panel",
            ),
        ],
        className="dataset-menu",
    )


def page_link(text: str, href: str, **attributes: Any) -> Component:
    """Link to a page of the app; the scripts add the query of the view, so that it speaks of the same dataset."""
    return html.A(text, href=href, **{"data-action": "page"}, **attributes)


def synthetic_band(atlas: Atlas) -> list[Component]:
    """Return the band that marks made-up data on every screen; nothing for observed data."""
    if not atlas.dataset.synthetic:
        return []
    return [html.Div(SYNTHETIC, className="synthetic-band", role="note")]


def top_bar(atlas: Atlas, path: str, actions: list[Component]) -> Component:
    """Brand, dataset, pages and the page's actions."""
    links = [
        page_link(item.title, item.path, **({"aria-current": "page"} if item.path == path else {})) for item in NAV
    ]
    return html.Header(
        [
            html.A("Alliance Atlas", href="/", className="brand", **{"data-action": "home"}),
            dataset_menu(atlas),
            html.Nav(links, className="pages", **{"aria-label": "Pages"}),
            html.Div(actions, className="actions"),
        ],
        className="top-bar",
    )


def source_lines(atlas: Atlas) -> Component:
    """Sample, source with coverage, and the note on borders: they stand on every page."""
    d = atlas.dataset
    return html.Footer(
        [
            html.Span([d.disclaimer, " ", page_link("Limits of the data", LIMITS_LINK)], className="source-limits"),
            html.Span(
                [
                    f"Source: {d.citation}. Coverage {d.first_year}\u2013{d.last_year}. {d.licence}. ",
                    page_link("How to cite", "/method#cite"),
                ],
                className="source-citation",
            ),
            html.Span(BORDERS, className="source-borders"),
        ],
        className="source-lines",
    )


def frame(atlas: Atlas, path: str, main: list[Component], *, actions: list[Component], name: str) -> Component:
    """One whole page: band, bar, content and source lines."""
    return html.Div(
        [
            html.A("Skip to the content", href="#main", className="skip-link"),
            *synthetic_band(atlas),
            still(top_bar(atlas, path, actions)),
            *main,
            still(source_lines(atlas)),
            html.Div(id=ids.LIVE, className="live", **{"aria-live": "polite", "role": "status"}),
        ],
        className=f"page page-{name}",
    )


def icon_theme() -> Component:
    """Switch between the light and the dark theme."""
    return button("theme", "Switch between light and dark", icon_name="theme")
