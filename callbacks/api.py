"""Read-only routes for the page's scripts and for people's own: payload, view, search, health."""

from __future__ import annotations

from dataclasses import asdict

from flask import Flask, Response, request

from callbacks.answers import AnswerCache, json_text, respond
from data.grammar import Served, parse, to_query, what
from data.payload import payload
from data.search import search
from data.view import view


def _json(value: dict[str, object], status: int = 200) -> Response:
    response = Response(json_text(value), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def register(server: Flask, served: Served) -> AnswerCache:
    """Add the routes; returns the cache of payloads, whose hits tests and benchmarks read."""
    cache = AnswerCache()

    @server.get("/api/payload")
    def api_payload() -> Response:
        selection, notices = parse(request.query_string, served)
        selection = what(selection, served)
        atlas = served[selection.dataset]
        key = (selection.dataset, atlas.dataset.hash, to_query(selection, served, half="what"), *notices)
        return respond(cache.get(key, lambda: payload(selection, notices, served)), request)

    @server.get("/api/view")
    def api_view() -> Response:
        selection, notices = parse(request.query_string, served)
        return _json(view(selection, notices, served))

    @server.get("/api/search")
    def api_search() -> Response:
        selection, _ = parse(request.query_string, served)
        found = search(served[selection.dataset], request.args.get("q", ""))
        return _json({"groups": [asdict(item) for item in found]})

    @server.get("/healthz")
    def healthz() -> Response:
        datasets = {slug: {"version": a.dataset.version, "hash": a.dataset.hash} for slug, a in served.items()}
        return _json({"status": "ok", "datasets": datasets})

    return cache
