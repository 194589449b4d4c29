"""The explorer's callback and route: the mounting of the scripts, and the group card."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output
from flask import Flask, Response, abort, request

from callbacks.answers import about, fragment
from components import ids
from components.card import card
from components.ids import DONE
from data.grammar import Served, parse


def register(app: Dash, served: Served) -> None:
    """Tell the scripts when the page stands, and answer `/api/card`.

    The card is a plain GET: a question to a Dash callback is lost while Dash still puts the page in, and then a
    click on a group would open an empty card.
    """
    server: Flask = app.server
    # The output makes Dash call it as soon as the router has put the page in; without one it would wait for a change.
    app.clientside_callback(ClientsideFunction("atlas", "mounted"), Output(ids.MOUNTED, DONE), Input(ids.MOUNTED, "id"))

    @server.get("/api/card")
    def api_card() -> Response:
        selection, _ = parse(request.query_string, served)
        if selection.card is None:
            abort(404)
        atlas = served[selection.dataset]
        return about(fragment(card(atlas, selection.card)), atlas)
