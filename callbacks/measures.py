"""Routes of the measures: every chart's numbers as JSON for the page and as CSV for people's own work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from flask import Flask, Response, abort, request

from callbacks.answers import AnswerCache, about, respond
from data.files import csv_text, preamble, today
from data.grammar import Served, parse, to_query, what
from data.index import Index, index
from data.measures.definition import Definition, described
from data.measures.ego import EGO, ego_series
from data.measures.phases import RULE, phases, smoothed
from data.measures.series import CHART, LONG_FORM, Series, ranks, series_of
from data.model import Atlas
from data.published import NOTE, QUOTED, as_marks
from data.selection import Selection
from data.view import plain

RANKED = 20
"""Ranks that the page's table of groups goes down to, as in assets/js/sidecharts.js."""
NO_GROUP = "This is the network of one group; mend: /api/measures/ego.csv?group=<id of a group>"


def long_rows(years: list[int], series: tuple[Series, ...]) -> Iterator[tuple[int, str, str, float | int | None]]:
    """Rows (year, measure, what it is split by, value), year by year; a value of nothing is None."""
    columns = [(s, plain(s.values)) for s in series]
    for at, year in enumerate(years):
        for s, values in columns:
            if values[at] or not s.sparse:
                yield year, s.measure, s.split, values[at]


def foremost(series: Sequence[Series]) -> list[tuple[Series, list[int]]]:
    """Those of the first ``RANKED`` ranks of any year, with their ranks among all: a page lists no more."""
    ranked = ranks(series)
    listed = np.flatnonzero(((ranked > 0) & (ranked <= RANKED)).any(axis=1)).tolist()
    return [(series[i], ranked[i].tolist()) for i in listed]


def chart_json(index_: Index, key: str, selection: Selection) -> dict[str, Any]:
    """One chart's series for the page: a number for each year of coverage, and the phases of the active alliances."""
    chart, series = CHART[key], series_of(index_, key, selection)
    shown: list[tuple[Series, dict[str, Any]]] = [(s, {}) for s in series]
    if key == "degree":
        shown = [(s, {"ranks": ranked}) for s, ranked in foremost(series)]
    out: dict[str, Any] = {
        "key": key,
        "title": chart.title,
        "first_year": int(index_.years[0]),
        "definitions": [asdict(definition) for definition in chart.definitions],
        "series": [
            {"measure": s.measure, "split": s.split, "label": s.label, "values": plain(s.values)} | more
            for s, more in shown
        ],
    }
    if key == "active":
        whole = series[0].values
        out["phases"] = [asdict(phase) for phase in phases(whole, out["first_year"])]
        out["smoothed"] = smoothed(whole).tolist()
        out["rule"] = RULE
        out["published"] = {"marks": as_marks(QUOTED), "note": NOTE}
    return out


def attachment(text: str, name: str) -> Response:
    """Answer a CSV file of that name."""
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def plain_version(atlas: Atlas) -> str:
    """Version of a dataset in letters that any file system takes."""
    return "".join(c if c.isalnum() or c in ".-" else "-" for c in atlas.dataset.version)


def refusal(text: str, status: int) -> Response:
    """Answer a question that cannot be answered, with what would mend it."""
    return Response(f"{text}\n", status=status, mimetype="text/plain")


def register(server: Flask, served: Served) -> None:
    """Add `/api/measures/<name>.csv` and `.json` for every chart, and `/api/measures/ego.csv` for a group's network."""
    cache = AnswerCache()

    def asked(name: str) -> tuple[Selection, tuple[str, ...], Selection, Index]:
        """Selection and notices of the query, its part that the numbers depend on, and the index."""
        if name not in CHART:
            abort(404)
        selection, notices = parse(request.query_string, served)
        kept = what(selection, served)
        colour = selection.colour if name == "active" else kept.colour
        return selection, notices, replace(kept, colour=colour), index(served[selection.dataset])

    def file(
        name: str,
        selection: Selection,
        notices: tuple[str, ...],
        definitions: tuple[Definition, ...],
        series: tuple[Series, ...],
    ) -> Response:
        """Answer the series as CSV below what they are."""
        atlas = served[selection.dataset]
        comments = preamble(selection, notices, served, base=request.host_url, made=today())
        comments += map(described, definitions)
        rows = long_rows(index(atlas).years.tolist(), series)
        return attachment(csv_text(comments, LONG_FORM, rows), f"alliance-atlas-{name}-{plain_version(atlas)}.csv")

    @server.get("/api/measures/<name>.json")
    def measure_json(name: str) -> Response:
        _, _, kept, index_ = asked(name)
        key = (name, kept.dataset, index_.atlas.dataset.hash, to_query(kept, served))
        return about(respond(cache.get(key, lambda: chart_json(index_, name, kept)), request), index_.atlas)

    @server.get("/api/measures/<name>.csv")
    def measure_csv(name: str) -> Response:
        selection, notices, kept, index_ = asked(name)
        return file(name, selection, notices, CHART[name].definitions, series_of(index_, name, kept))

    @server.get("/api/measures/ego.csv")
    def ego_csv() -> Response:
        selection, notices = parse(request.query_string, served)
        if selection.group is None:
            if "group" not in request.args:
                return refusal(NO_GROUP, 400)
            return refusal(next(notice for notice in notices if notice.startswith("group:")), 404)
        series = ego_series(index(served[selection.dataset]), what(selection, served), selection.group)
        return file(f"ego-{selection.group}", selection, notices, EGO, series)
