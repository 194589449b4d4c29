"""Which page a path shows: the document with the parsed selection inside, and the router."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dash import ClientsideFunction, Dash, Input, Output, html
from dash.development.base_component import Component
from flask import Flask, Response, request

from callbacks.guards import EMBED
from components import ids, story
from components.brief_page import brief_page
from components.data_page import data_page
from components.embed import embed
from components.explorer import explorer
from components.findings import findings_page
from components.group_page import group_page
from components.markup import markup
from components.method import method
from data.colourings import COLOURINGS
from data.grammar import PARAMETERS, Served, as_json, default, parse, to_query
from data.index import Index, index
from data.measures.key_figures import KEY_FIGURES
from data.model import Atlas
from data.packed import is_large
from data.selection import Selection
from data.words import group_name

STYLES = (
    "tokens", "icons", "inter", "base", "page", "rail", "side", "sidecharts", "map", "stage", "legend", "tooltip",
    "time", "data", "findings", "method", "group", "brief", "story", "embed",
)  # fmt: skip
SCRIPTS = (
    "dom", "format", "state", "answers", "datasets", "columns", "names", "slice", "coarse", "projection", "spread",
    "colours", "plotting", "arcs", "labels", "marks", "layer", "hits", "tooltip", "pointer", "map", "network",
    "compare", "stage", "chart", "timeline", "legend", "slider", "panels", "sidecharts", "search", "dialogs", "frame",
    "card", "figures", "app",
)  # fmt: skip
"""The app's own styles and scripts in the order in which they need each other."""


UNUSED = ("dcc", "dash_table")
"""Packages of Dash's own of which no page has a component."""

MADE_UP = "Synthetic data"
"""What the title of a document begins with where the data are made up."""

ICON = "data:image/svg+xml," + quote((Path(__file__).parent.parent / "assets" / "icon.svg").read_text("utf-8"))
"""The page's icon, inline: browsers ask again for one with an address whenever the script writes the URL."""


@dataclass(frozen=True)
class Page:
    """A page of the app; a path that ends with a slash stands for all below it, the group's id say."""

    path: str
    title: str
    layout: Callable[[Index, Selection, str], Component]
    """Of the index, the selection and what follows the path."""
    exists: Callable[[Atlas, str], bool] = lambda atlas, rest: True
    """Whether the dataset has what follows the path."""
    name: Callable[[Atlas, str], str] = lambda atlas, rest: ""
    """What the document's title begins with."""
    plots: bool = False
    """Whether the page draws with plotly.js."""
    packages: tuple[str, ...] = ()
    """Packages of Dash components that this page alone loads: each is named by one page at most."""
    scripts: tuple[str, ...] = ()
    """The page's own scripts after those of every page."""


PAGES = (
    Page("/", "Alliance Atlas", lambda index_, selection, _: explorer(index_, selection), plots=True),
    Page(
        "/data",
        "Data - Alliance Atlas",
        lambda index_, selection, _: data_page(index_, selection),
        packages=("dash_ag_grid",),
        scripts=("tables",),
    ),
    Page(
        "/findings",
        "Findings - Alliance Atlas",
        lambda index_, selection, _: findings_page(index_, selection),
        plots=True,
        scripts=("plots",),
    ),
    Page(
        "/group/",
        "Alliance Atlas",
        group_page,
        exists=lambda atlas, rest: rest in index(atlas).groups.position,
        name=lambda atlas, rest: group_name(index(atlas), rest),
        plots=True,
        scripts=("group",),
    ),
    Page(
        "/brief",
        "Briefing - Alliance Atlas",
        lambda index_, selection, _: brief_page(index_, selection),
        plots=True,
        scripts=("figure", "stories", "brief"),
    ),
    Page(
        story.PATH,
        "Stories - Alliance Atlas",
        story.story_page,
        exists=lambda atlas, rest: story.exists(atlas.dataset.slug, rest),
        name=lambda atlas, rest: story.title_of(rest),
        plots=True,
        scripts=("figure", "stories", "story"),
    ),
    Page(
        "/method",
        "Method - Alliance Atlas",
        lambda index_, selection, _: method(index_, selection),
        scripts=("method",),
    ),
)


def page_of(path: str) -> tuple[Page, str] | None:
    """Page that answers for a path, and what follows the page's own path; None where there is none."""
    for page in PAGES:
        if path == page.path:
            return page, ""
        if page.path.endswith("/") and page.path != "/" and path.startswith(page.path):
            return page, path[len(page.path) :]
    return None


def answers(path: str, query: bytes, served: Served) -> bool:
    """Whether a path leads to a page of the dataset that the query asks for."""
    found = page_of(path)
    if found is None:
        return False
    page, rest = found
    return page.exists(served[parse(query, served)[0].dataset], rest)


def payload_address(selection: Selection, served: Served) -> str:
    """Address of the payload of a selection, exactly as the scripts ask for it."""
    query = to_query(selection, served, half="what")
    path = "/api/packed" if is_large(index(served[selection.dataset])) else "/api/payload"
    return f"{path}?{query}" if query else path


def boot(selection: Selection, notices: tuple[str, ...], served: Served) -> dict[str, Any]:
    """What the scripts start from: the one reading of the URL, and how to write it again."""
    atlas = served[selection.dataset]
    defaults = as_json(default(selection.dataset, atlas)) | {"dataset": next(iter(served))}
    return {
        "selection": as_json(selection),
        "notices": list(notices),
        "parameters": [{"key": p.key, "half": p.half, "default": defaults[p.key]} for p in PARAMETERS],
        "colourings": {c.key: c.words for c in COLOURINGS},
        "figures": [{"key": f.key, "label": f.label, "unit": f.unit, "definition": f.text} for f in KEY_FIGURES],
        "version": atlas.dataset.version,
        "packed": is_large(index(atlas)),
        "datasets": [
            {"slug": slug, "title": d.title, "version": d.version, "first_year": d.first_year, "last_year": d.last_year}
            | {"synthetic": d.synthetic}
            for slug, d in ((slug, atlas.dataset) for slug, atlas in served.items())
        ],
    }


def script_json(value: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def asset(app: Dash, path: str) -> str:
    """Address of a file below assets/, with its time of change so that browsers may keep it for good."""
    changed = int((Path(app.config.assets_folder) / path).stat().st_mtime)
    return escape(f"{app.get_asset_url(path)}?m={changed}")


def head(app: Dash, title: str, *, preload: str | None, plots: bool) -> str:
    """Return the head: theme before the first paint, the payload asked for at once, styles, Plotly."""
    styles = [asset(app, "vendor/bootstrap.min.css"), *(asset(app, f"css/{name}.css") for name in STYLES)]
    parts = [
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f'<script src="{asset(app, "head/theme.js")}"></script>',
        f'<link rel="icon" type="image/svg+xml" href="{ICON}">',
        *(f'<link rel="stylesheet" href="{href}">' for href in styles),
    ]
    if preload:
        parts.append(f'<link rel="preload" href="{escape(preload)}" as="fetch" crossorigin="anonymous">')
    if plots:
        parts.append(f'<script src="{asset(app, "vendor/plotly-geo.min.js")}" defer></script>')
    return "".join(parts)


def document(app: Dash, path: str, served: Served, body: Callable[[str, Selection], str]) -> str:
    """HTML of a page with the selection in it, so that the scripts need not ask for it.

    Parameters
    ----------
    body
        Makes the page's own HTML of the tags of the app's scripts and the selection.
    """
    selection, notices = parse(request.query_string, served)
    page, rest = page_of(path) or (PAGES[0], "")
    atlas = served[selection.dataset]
    made = MADE_UP if atlas.dataset.synthetic else ""
    title = " - ".join(part for part in (made, page.name(atlas, rest), page.title) if part)
    data = script_json(boot(selection, notices, served) | {"corrections": getattr(app, "corrections", "")})
    scripts = "".join(
        f'<script src="{src}"></script>' for src in (asset(app, f"js/{name}.js") for name in (*SCRIPTS, *page.scripts))
    )
    preload = payload_address(selection, served) if path in ("/", EMBED) else None
    return (
        f'<!doctype html><html lang="en"><head>{head(app, title, preload=preload, plots=page.plots)}</head>'
        f'<body><script type="application/json" id="{ids.BOOT}">{data}</script>{body(scripts, selection)}</body></html>'
    )


def without(scripts: str, packages: Iterable[str]) -> str:
    """Dash's script elements but for those of some packages: it would load every package on every page."""
    for package in packages:
        scripts = re.sub(rf'<script src="[^"]*/{package}/[^"]*"></script>', "", scripts)
    return scripts


class AtlasDash(Dash):
    """Dash with this app's document around its own scripts."""

    served: Served
    corrections: str = ""
    """Where corrections of a row are sent; empty for nowhere."""

    def interpolate_index(self, **parts: str) -> str:
        """Return the document of the asked path."""
        page, _ = page_of(request.path) or (PAGES[0], "")
        others = {*UNUSED, *(package for other in PAGES for package in other.packages)} - set(page.packages)

        def body(scripts: str, selection: Selection) -> str:
            dash = without(parts["scripts"], others)
            return "".join([parts["app_entry"], parts["config"], scripts, dash, parts["renderer"]])

        return document(self, request.path, self.served, body)


def embed_document(app: Dash, served: Served) -> str:
    """HTML of the embed: no Dash, no cookie, only the scripts that draw."""

    def body(scripts: str, selection: Selection) -> str:
        return markup(embed(index(served[selection.dataset]))) + scripts

    return document(app, EMBED, served, body)


def layout() -> Component:
    """Return the frame that the router fills."""
    return html.Div([html.Div(id=ids.PATH, hidden=True), html.Div(id=ids.PAGE)])


def validation_layout(served: Served) -> Component:
    """Return every id of every page, bare: Dash checks callbacks against it, and it goes out with each page."""
    slug, atlas = next(iter(served.items()))
    rest = next(iter(atlas.groups["group_id"]), "")
    pages = [page.layout(index(atlas), default(slug, atlas), rest) for page in PAGES if page.exists(atlas, rest)]
    named = {str(node.id): node for page in pages for node in page._traverse() if getattr(node, "id", None)}
    return html.Div([layout(), *(type(node)(id=node.id) for node in named.values())])


def register(app: AtlasDash, served: Served) -> None:
    """Add the router and the embed."""
    server: Flask = app.server
    app.layout = layout()
    app.validation_layout = validation_layout(served)
    app.clientside_callback(
        ClientsideFunction("atlas", "address"), Output(ids.PATH, ids.ADDRESS), Input(ids.PAGE, "id")
    )

    @app.callback(output={"page": Output(ids.PAGE, "children")}, inputs={"address": Input(ids.PATH, ids.ADDRESS)})
    def show(address: object) -> dict[str, Component]:
        path, _, query = str(address or "/").partition("?")
        page, rest = page_of(path) or (PAGES[0], "")
        selection, _ = parse(query, served)
        atlas = served[selection.dataset]
        if not page.exists(atlas, rest):
            page, rest = PAGES[0], ""
        return {"page": page.layout(index(atlas), selection, rest)}

    @server.get(EMBED)
    def embed_page() -> Response:
        return Response(embed_document(app, served), mimetype="text/html")
