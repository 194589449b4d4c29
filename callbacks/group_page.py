"""Route of the group page: the record as plain HTML, which the scripts put into the page."""

from __future__ import annotations

from flask import Flask, Response, abort, request

from callbacks.answers import fragment
from components.group_page import group_record
from data.grammar import Served, parse
from data.index import index


def register(server: Flask, served: Served) -> None:
    """Answer `/api/record`."""

    @server.get("/api/record")
    def api_record() -> Response:
        selection, _ = parse(request.query_string, served)
        if selection.group is None:
            abort(404)
        return fragment(group_record(index(served[selection.dataset]), selection, selection.group))
