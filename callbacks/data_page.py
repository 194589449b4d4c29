"""The data page's callback: the scripts add tabs, search and the view's query once the page stands."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output

from components import ids
from components.ids import DONE


def register(app: Dash) -> None:
    """Tell the scripts when the tables stand."""
    app.clientside_callback(
        ClientsideFunction("atlas", "tablesMounted"), Output(ids.TABLES, DONE), Input(ids.TABLES, "id")
    )
