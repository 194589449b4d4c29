"""Read-only routes for the page's scripts and for people's own: payload, view, search, health."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from callbacks.answers import AnswerCache, about, json_text, respond
from data.grammar import Served, parse, to_query, what
from data.index import index
from data.library import Fault, Library
from data.packed import names, packed
from data.payload import payload
from data.postgis import is_address
from data.search import search
from data.selection import Selection
from data.view import view


def _json(value: dict[str, object], status: int = 200) -> Response:
    response = Response(json_text(value), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _public(library: Library, slug: str, fault: Fault) -> dict[str, str]:
    """Why a dataset could not be replaced, for everybody: without the place of its files or of its database."""
    path, since = library.path(slug), {"since": fault.since.isoformat()}
    if is_address(path):
        return since | {"where": slug, "what": "its database cannot be read", "mend": "see the log of the server"}
    home = str(Path(path).parent)
    texts = {"where": fault.error.where, "what": fault.error.what, "mend": fault.error.mend}
    return since | {key: text.replace(f"{home}/", "") if home != "/" else text for key, text in texts.items()}


def health(served: Served, library: Library | None) -> dict[str, object]:
    """Return the datasets served; of one whose files have become bad, what is wrong and since when."""
    datasets: dict[str, dict[str, object]] = {}
    for slug, atlas in served.items():
        datasets[slug] = {"version": atlas.dataset.version, "hash": atlas.dataset.hash}
        if library is not None:
            datasets[slug]["loaded"] = library.loaded(slug).isoformat()
            if fault := library.faults.get(slug):
                datasets[slug]["problem"] = _public(library, slug, fault)
    stale = any("problem" in dataset for dataset in datasets.values())
    return {"status": "stale" if stale else "ok", "datasets": datasets}


def register(server: Flask, served: Served, library: Library | None = None) -> AnswerCache:
    """Add the routes; returns the cache of payloads, whose hits tests and benchmarks read.

    Parameters
    ----------
    library
        Where the datasets are replaced, if they are.
    """
    cache = AnswerCache()

    def of_what(kind: str, make: Callable[[Selection, tuple[str, ...], Served], dict[str, Any] | bytes]) -> Response:
        """Answer that depends on the *what* half of the query alone, made once."""
        selection, notices = parse(request.query_string, served)
        selection = what(selection, served)
        atlas = served[selection.dataset]
        key = (kind, selection.dataset, atlas.dataset.hash, to_query(selection, served, half="what"), *notices)
        return about(respond(cache.get(key, lambda: make(selection, notices, served)), request), atlas)

    @server.get("/api/payload")
    def api_payload() -> Response:
        return of_what("payload", payload)

    @server.get("/api/packed")
    def api_packed() -> Response:
        return of_what("packed", packed)

    @server.get("/api/names")
    def api_names() -> Response:
        selection, _ = parse(request.query_string, served)
        atlas = served[selection.dataset]
        key = ("names", selection.dataset, atlas.dataset.hash)
        return about(respond(cache.get(key, lambda: names(index(atlas))), request), atlas)

    @server.get("/api/view")
    def api_view() -> Response:
        selection, notices = parse(request.query_string, served)
        return about(_json(view(selection, notices, served)), served[selection.dataset])

    @server.get("/api/search")
    def api_search() -> Response:
        selection, _ = parse(request.query_string, served)
        found = search(served[selection.dataset], request.args.get("q", ""))
        return _json({"groups": [asdict(item) for item in found]})

    @server.get("/healthz")
    def healthz() -> Response:
        return _json(health(served, library))

    return cache
