"""Routes of the measures: every chart's numbers as JSON for the page and as CSV for people's own work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from flask import Flask, Response, abort, request

from callbacks.answers import AnswerCache, respond
from data.files import csv_text, preamble, today
from data.grammar import Served, parse, to_query, what
from data.index import Index, index
from data.measures.phases import RULE, phases, smoothed
from data.measures.series import CHART, Series, series_of
from data.selection import Selection
from data.view import plain

COLUMNS = ("year", "measure", "split", "value")


def long_rows(years: list[int], series: tuple[Series, ...]) -> Iterator[tuple[int, str, str, float | int | None]]:
    """Rows (year, measure, what it is split by, value), year by year; a value of nothing is None."""
    columns = [(s, plain(s.values)) for s in series]
    for at, year in enumerate(years):
        for s, values in columns:
            if values[at] or not s.sparse:
                yield year, s.measure, s.split, values[at]


def chart_json(index_: Index, key: str, selection: Selection) -> dict[str, Any]:
    """One chart's series for the page: a number for each year of coverage, and the phases of the active alliances."""
    chart, series = CHART[key], series_of(index_, key, selection)
    out: dict[str, Any] = {
        "key": key,
        "title": chart.title,
        "first_year": int(index_.years[0]),
        "definitions": [asdict(definition) for definition in chart.definitions],
        "series": [
            {"measure": s.measure, "split": s.split, "label": s.label, "values": plain(s.values)} for s in series
        ],
    }
    if key == "active":
        whole = series[0].values
        out["phases"] = [asdict(phase) for phase in phases(whole, out["first_year"])]
        out["smoothed"] = smoothed(whole).tolist()
        out["rule"] = RULE
    return out


def attachment(text: str, name: str) -> Response:
    """Answer a CSV file of that name."""
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def register(server: Flask, served: Served) -> None:
    """Add `/api/measures/<name>.csv` and `.json` for every chart."""
    cache = AnswerCache()

    def asked(name: str) -> tuple[Selection, tuple[str, ...], Selection, Index]:
        """Selection and notices of the query, its part that the numbers depend on, and the index."""
        if name not in CHART:
            abort(404)
        selection, notices = parse(request.query_string, served)
        kept = what(selection, served)
        colour = selection.colour if name == "active" else kept.colour
        return selection, notices, replace(kept, colour=colour), index(served[selection.dataset])

    @server.get("/api/measures/<name>.json")
    def measure_json(name: str) -> Response:
        _, _, kept, index_ = asked(name)
        key = (name, kept.dataset, index_.atlas.dataset.hash, to_query(kept, served))
        return respond(cache.get(key, lambda: chart_json(index_, name, kept)), request)

    @server.get("/api/measures/<name>.csv")
    def measure_csv(name: str) -> Response:
        selection, notices, kept, index_ = asked(name)
        comments = preamble(selection, notices, served, base=request.host_url, made=today())
        comments += [f"{d.key} ({d.unit}): {d.text}" for d in CHART[name].definitions]
        rows = long_rows(index_.years.tolist(), series_of(index_, name, kept))
        version = "".join(c if c.isalnum() or c in ".-" else "-" for c in index_.atlas.dataset.version)
        return attachment(csv_text(comments, COLUMNS, rows), f"alliance-atlas-{name}-{version}.csv")
