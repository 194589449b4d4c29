"""The naive way, to measure against: a Dash callback filters a frame and sends a whole figure at each step.

It draws the same marks as the app (one line trace a class, one of hover points, one of groups), with the same
bundle and basemap, so that the difference is where the work is done.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import waitress
from dash import Dash, Input, Output, dcc, html

from data.model import Atlas
from data.readers import load

ROOT = Path(__file__).resolve().parents[2]


def figure(atlas: Atlas, year: int) -> go.Figure:
    """Figure of one year, made from the frames anew."""
    groups, ties = atlas.groups, atlas.relationships
    ties = ties[ties["cooperative"] & (ties["first_year"] <= year) & (ties["last_year"] >= year)].drop_duplicates(
        "dyad"
    )
    alive = groups[(groups["first_year"] <= year) & (groups["last_year"] >= year)]
    lon, lat = groups.geometry.x.to_numpy(), groups.geometry.y.to_numpy()
    a, b = ties["a"].to_numpy(), ties["b"].to_numpy()
    primary = [ideologies[0] if ideologies else "" for ideologies in groups["ideologies"]]
    classes = pd.Series(
        [primary[i] if primary[i] == primary[j] else "cross" for i, j in zip(a, b, strict=True)], dtype=object
    )
    out = go.Figure()
    for name in sorted(classes.unique()):
        for wide in (True, False):
            rows = ((classes == name) & ((ties["kind"].isin(["ally", "associate"])).to_numpy() == wide)).to_numpy()
            x, y = [], []
            for i, j in zip(a[rows], b[rows], strict=True):
                x += [lon[i], lon[j], None]
                y += [lat[i], lat[j], None]
            out.add_scattergeo(
                lon=x, lat=y, mode="lines", line={"width": 2 if wide else 1}, hoverinfo="skip", name=name
            )
    names = groups["name"].to_numpy()
    out.add_scattergeo(
        lon=(lon[a] + lon[b]) / 2,
        lat=(lat[a] + lat[b]) / 2,
        mode="markers",
        marker={"size": 12, "opacity": 0},
        text=[f"{names[i]} - {names[j]}" for i, j in zip(a, b, strict=True)],
    )
    degree = pd.Series([*a, *b]).value_counts()
    size = [4 + 2 * degree.get(i, 0) ** 0.5 for i in alive.index]
    out.add_scattergeo(
        lon=alive.geometry.x, lat=alive.geometry.y, mode="markers", marker={"size": size}, text=alive["name"]
    )
    out.update_layout(geo={"projection": {"type": "natural earth"}}, uirevision="kept", showlegend=False)
    return out


def app(atlas: Atlas) -> Dash:
    """Return the naive app."""
    out = Dash(__name__, assets_folder=str(ROOT / "assets"), include_assets_files=False, serve_locally=True)
    out.index_string = out.index_string.replace(
        "{%css%}", '{%css%}<script src="/assets/vendor/plotly-geo.min.js"></script>'
    )
    d = atlas.dataset
    out.layout = html.Div(
        [
            dcc.Graph(id="map", style={"height": "560px"}, config={"topojsonURL": "/assets/topojson/"}),
            dcc.Input(id="year", type="number", value=d.last_year),
        ]
    )

    @out.callback(Output("map", "figure"), Input("year", "value"))
    def draw(year: int) -> go.Figure:
        return figure(atlas, year)

    return out


if __name__ == "__main__":
    waitress.serve(app(load(Path(sys.argv[1]))).server, host="127.0.0.1", port=int(sys.argv[2]), threads=4)
