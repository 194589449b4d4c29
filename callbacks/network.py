"""Route of the network view's layout."""

from __future__ import annotations

from flask import Flask, Response, request

from callbacks.answers import AnswerCache, about, respond
from data.grammar import Served, parse
from data.index import index
from data.measures.layout import layout


def register(server: Flask, served: Served) -> None:
    """Add `/api/layout`: places of the groups in the network of all years, the same for every selection."""
    cache = AnswerCache(most=16)

    @server.get("/api/layout")
    def api_layout() -> Response:
        selection, _ = parse(request.query_string, served)
        atlas = served[selection.dataset]

        def made() -> dict[str, object]:
            x, y = layout(index(atlas))
            return {"id": list(index(atlas).groups.ids), "x": x.round(2), "y": y.round(2)}

        return about(respond(cache.get((selection.dataset, atlas.dataset.hash), made), request), atlas)
