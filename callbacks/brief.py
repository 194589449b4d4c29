"""Routes of the briefing: the composition for the page's script, and the numbers that are drawn."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Flask, Response, request

from callbacks.answers import AnswerCache, about, respond
from components.brief import SHAPES, compose
from components.brief.sheet import Json
from data.briefing import Briefing, as_csv, briefing, facts
from data.files import today
from data.grammar import MOST_CAVEAT, MOST_NOTE, MOST_TITLE, Served, parse, to_query
from data.index import index
from data.selection import Selection

MOST = {"title": MOST_TITLE, "note": MOST_NOTE, "caveat": MOST_CAVEAT}


def to_draw(figure: Json, selection: Selection, b: Briefing) -> dict[str, Any]:
    """Return a figure as the scripts draw it and make files of it."""
    _, width, height = SHAPES[selection.shape]
    return {"figure": figure, "facts": facts(b), "name": b.name, "width": width, "height": height}


def answer(selection: Selection, b: Briefing, served: Served) -> dict[str, Any]:
    """Return the composition as its page takes it."""
    made = compose(index(served[selection.dataset]), selection, b)
    slots = {key: asdict(box) for key, box in made.slots.items()}
    return to_draw(made.figure, selection, b) | {"slots": slots, "most": MOST}


def register(server: Flask, served: Served) -> None:
    """Add `/api/brief` and `/api/brief.csv`."""
    cache = AnswerCache(most=64)

    @server.get("/api/brief")
    def api_brief() -> Response:
        selection, _ = parse(request.query_string, served)
        base, day = request.host_url, today()
        atlas = served[selection.dataset]
        key = (selection.dataset, atlas.dataset.hash, to_query(selection, served, cite=True), base, day.isoformat())

        def made() -> dict[str, Any]:
            return answer(selection, briefing(selection, served, base=base, day=day), served)

        return about(respond(cache.get(key, made), request), atlas)

    @server.get("/api/brief.csv")
    def api_brief_csv() -> Response:
        selection, notices = parse(request.query_string, served)
        base, day = request.host_url, today()
        told = briefing(selection, served, base=base, day=day)
        body = as_csv(told, selection, notices, served, base=base, day=day)
        response = Response(body, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{told.name}.csv"'
        response.headers["Cache-Control"] = "no-cache"
        return response
