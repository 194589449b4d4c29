"""The explorer's callbacks: the mounting of the scripts, and the group card from the server."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output
from dash.development.base_component import Component

from components import ids
from components.card import card
from data.grammar import Served


def register(app: Dash, served: Served) -> None:
    """Tell the scripts when the page stands, and make the card of the group that is asked for."""
    # The output makes Dash call it as soon as the router has put the page in; without one it would wait for a change.
    app.clientside_callback(
        ClientsideFunction("atlas", "mounted"), Output(ids.MOUNTED, "data"), Input(ids.MOUNTED, "id")
    )
    app.clientside_callback(ClientsideFunction("atlas", "stands"), Input(ids.MOUNTED, "data"))
    app.clientside_callback(ClientsideFunction("atlas", "cardShown"), Input(ids.CARD, "children"))

    @app.callback(
        output={"card": Output(ids.CARD, "children")},
        inputs={"asked": Input(ids.CARD_REQUEST, "data")},
        prevent_initial_call=True,
    )
    def show_card(asked: object) -> dict[str, Component | None]:
        asked = asked if isinstance(asked, dict) else {}
        atlas = served.get(str(asked.get("dataset")))
        group = asked.get("group")
        return {"card": card(atlas, group) if atlas and isinstance(group, str) else None}
