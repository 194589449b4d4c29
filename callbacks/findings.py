"""The findings' content, worked out after the page stands, and the file of the survival curves."""

from __future__ import annotations

from collections.abc import Iterator

from dash import Dash, Input, Output
from dash.development.base_component import Component
from flask import Flask, Response, request

from callbacks.measures import attachment
from components import ids
from components.findings import findings_content
from data.files import csv_text, preamble, today
from data.grammar import Served, parse, to_query, what
from data.index import Index, index
from data.measures.survival import AGES, BIAS, BYS, Comparison, cox, ever, landmark
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

    for by in BYS:
        for age in AGES:
            yield from of(landmark(index_, selection, age, by), f"landmark_{age}")
    yield from of(ever(index_, selection), "ever_biased")
    model = cox(index_, selection)
    for key in ("n", "events", "ratio", "low", "high", "p", "proportional_p"):
        yield None, f"cox_{key}", "alliance", getattr(model, key)


def register(app: Dash, served: Served) -> None:
    """Add the callback and `/api/measures/survival.csv`."""
    server: Flask = app.server

    @app.callback(output={"content": Output(ids.FINDINGS, "children")}, inputs={"address": Input(ids.PATH, "data")})
    def show(address: object) -> dict[str, list[Component]]:
        selection, _ = parse(str(address or "").partition("?")[2], served)
        kept = what(selection, served)
        content = findings_content(index(served[kept.dataset]), kept, to_query(kept, served, half="what"))
        return {"content": content}

    @server.get("/api/measures/survival.csv")
    def survival_csv() -> Response:
        selection, notices = parse(request.query_string, served)
        kept, atlas = what(selection, served), served[selection.dataset]
        comments = preamble(selection, notices, served, base=request.host_url, made=today(), path="/findings")
        comments += [
            "age: years since the group was founded; survival starts at 1 at the landmark",
            f"ever_biased: {BIAS}",
        ]
        rows = survival_rows(index(atlas), kept)
        return attachment(csv_text(comments, ("age", "measure", "split", "value"), rows), "alliance-atlas-survival.csv")
