"""The findings' content, worked out after the page stands, the fast part first; and the file of the survival curves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dash import Dash, Input, Output
from dash.development.base_component import Component
from flask import Flask, Response, request

from callbacks.measures import attachment
from components import ids
from components.findings import Addresses, findings_content, survival_content
from data.files import csv_text, preamble, today
from data.grammar import Served, parse, to_query, what
from data.index import Index, index
from data.measures.definition import described
from data.measures.survival import AGES, BYS, COLUMNS, SURVIVAL, Comparison, cox, ever, landmark
from data.selection import Selection

Row = tuple[float | None, str, str, float | int | None]


def survival_rows(index_: Index, selection: Selection) -> Iterator[Row]:
    """Rows (age, measure, split, value) of every curve, its numbers at risk, the tests and the Cox model."""

    def of(comparison: Comparison, name: str) -> Iterator[Row]:
        for curve in comparison.curves:
            split = f"{comparison.by}: {curve.label}"
            for age, value, low, high in zip(curve.ages, curve.survival, curve.low, curve.high, strict=True):
                yield age, f"{name}_survival", split, value
                yield age, f"{name}_low", split, low
                yield age, f"{name}_high", split, high
            for at, n in curve.at_risk:
                yield at, f"{name}_at_risk", split, n
        yield None, f"{name}_log_rank", comparison.by, comparison.log_rank
        yield None, f"{name}_log_rank_p", comparison.by, comparison.p
        yield None, f"{name}_left_out", comparison.by, comparison.left_out

    every_end, selection = selection.everyend, replace(selection, everyend=False)
    for by in BYS:
        for age in AGES:
            yield from of(landmark(index_, selection, age, by, every_end), f"landmark_{age}")
    yield from of(ever(index_, selection, "alliance", every_end), "ever_biased")
    model = cox(index_, selection, every_end)
    for key in ("n", "events", "ratio", "low", "high", "p", "proportional_coefficient", "proportional_p"):
        yield None, f"cox_{key}", "alliance", getattr(model, key)


def kept_of(selection: Selection, served: Served) -> Selection:
    """Return the part of a selection that survival depends on: the *what* half, and whether every end counts."""
    return replace(what(selection, served), everyend=selection.everyend)


def addresses_of(selection: Selection, served: Served) -> Addresses:
    """Where the links of the survival section lead in a view."""

    def page(every_end: bool) -> str:
        query = to_query(replace(selection, everyend=every_end, data=None), served)
        return f"/findings{'?' if query else ''}{query}#survival"

    query = to_query(kept_of(selection, served), served)
    return Addresses(f"/api/measures/survival.csv{'?' if query else ''}{query}", page(False), page(True))


def register(app: Dash, served: Served) -> None:
    """Add both callbacks and `/api/measures/survival.csv`."""
    server: Flask = app.server

    @app.callback(
        output={"content": Output(ids.FINDINGS, "children")}, inputs={"address": Input(ids.PATH, ids.ADDRESS)}
    )
    def show(address: object) -> dict[str, list[Component]]:
        selection, _ = parse(str(address or "").partition("?")[2], served)
        kept = what(selection, served)
        return {"content": findings_content(index(served[kept.dataset]), kept, to_query(kept, served))}

    @app.callback(
        output={"content": Output(ids.SURVIVAL, "children")}, inputs={"address": Input(ids.PATH, ids.ADDRESS)}
    )
    def show_survival(address: object) -> dict[str, list[Component]]:
        selection, _ = parse(str(address or "").partition("?")[2], served)
        kept, query = kept_of(selection, served), to_query(what(selection, served), served)
        found = survival_content(index(served[kept.dataset]), kept, query, addresses_of(selection, served))
        return {"content": found}

    @server.get("/api/measures/survival.csv")
    def survival_csv() -> Response:
        selection, notices = parse(request.query_string, served)
        kept, atlas = kept_of(selection, served), served[selection.dataset]
        comments = preamble(selection, notices, served, base=request.host_url, made=today(), path="/findings")
        comments += ["Every end counts as a failure"] if kept.everyend else []
        comments += ["age: years since the group was founded", *map(described, SURVIVAL)]
        rows = survival_rows(index(atlas), kept)
        return attachment(csv_text(comments, COLUMNS, rows), "alliance-atlas-survival.csv")
