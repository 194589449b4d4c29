"""Definitions of measures as the page lists them: words, formula and source."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from data.measures.definition import Definition

SIGNS = (("<=", "\u2264"), ("+-", "\u00b1"), (" - ", " \u2212 "), (" x ", " \u00d7 "))
"""How files write a sign in plain letters, and how the page does."""
_RAISED = re.compile(r"_([a-z]{1,2}|\d)(?![a-z])|\^(\d)")


def formula(text: str) -> list[str | Component]:
    """Formula with its signs, its indices lowered and its powers raised: ``n_u`` and ``v^2``."""
    for plain, sign in SIGNS:
        text = text.replace(plain, sign)
    out: list[str | Component] = []
    at = 0
    for found in _RAISED.finditer(text):
        out.append(text[at : found.start()])
        out.append(html.Sub(found[1]) if found[1] else html.Sup(found[2]))
        at = found.end()
    return [part for part in (*out, text[at:]) if part != ""]


def definition_list(definitions: Iterable[Definition]) -> Component:
    """Every definition with its key in files, unit, formula and source."""
    parts: list[Component] = []
    for d in definitions:
        unit = f" {d.unit}" if d.unit else ""
        parts.append(html.Dt([d.label, " ", html.Small([html.Code(d.key), unit])]))
        lines = [html.P(d.text)]
        if d.formula:
            lines.append(html.P(formula(d.formula), className="formula"))
        if d.source:
            lines.append(html.P(f"{d.source}.", className="formula-source"))
        parts.append(html.Dd(lines))
    return html.Dl(parts, className="definitions")
