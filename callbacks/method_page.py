"""Route of the method page: its text as plain HTML, which the scripts put into the page."""

from __future__ import annotations

from flask import Flask, Response, request

from callbacks.answers import fragment
from components.method import method_text
from data.grammar import Served, parse
from data.index import index


def register(server: Flask, served: Served) -> None:
    """Answer `/api/method`."""

    @server.get("/api/method")
    def api_method() -> Response:
        selection, _ = parse(request.query_string, served)
        return fragment(method_text(index(served[selection.dataset]), selection))
