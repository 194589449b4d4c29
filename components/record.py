"""Pieces of a group's record that its card and its page share: years, facts, bars, references and sources."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from data.model import Atlas
from data.record import Record, Relation, Source

LINEAGE = {"split": "split", "merged": "merger", "renamed": "change of name"}

Numbers = dict[str, int]
"""Number of each source in the list at the end of the record."""


def span(first: int, last: int) -> str:
    """Years in words."""
    return str(first) if first == last else f"{first}\u2013{last}"


def years(first: int, last: int, *, ended: bool, coverage_end: int) -> str:
    """Years in words; an end that is only the end of coverage is said to be that."""
    return span(first, last) if ended else f"{first}\u2013 (active at the end of {coverage_end})"


def references(source_ids: tuple[str, ...], numbers: Numbers) -> Component:
    """Numbers of the sources in the record's list, each leading there."""
    if not source_ids:
        return html.Span("no source given", className="reference-none")
    links: list[Any] = []
    for id_ in source_ids:
        links += [html.A(str(numbers[id_]), href=f"#source-{numbers[id_]}", className="reference"), " "]
    return html.Span(["Sources ", *links[:-1]], className="references")


def profile(r: Record, atlas: Atlas, numbers: Numbers) -> Component:
    """Facts about the group itself; what is not recorded and matters is said to be that."""
    base = ", ".join(
        dict.fromkeys(part for part in (r.place, r.country) if (part and part not in r.place) or part == r.place)
    )
    facts = [
        ("Active", years(r.first_year, r.last_year, ended=r.ended, coverage_end=atlas.dataset.last_year)),
        ("End", r.end if r.ended else ""),
        ("Ideology", ", ".join(r.ideologies) or "not recorded"),
        ("Religion", r.religion if r.religion not in ("", "none") else ""),
        ("Base", f"{base or 'not recorded'} ({r.precision if r.located else 'not located on the map'})"),
        ("Region", r.region),
    ]
    rows = [[html.Dt(name), html.Dd(text)] for name, text in facts if text]
    return html.Dl(
        [*(part for row in rows for part in row), html.Dt("Record"), html.Dd(references(r.source_ids, numbers))],
        className="profile",
    )


def said(r: Relation) -> str:
    """Types and direction of a relationship in words."""
    if not r.cooperative:
        return r.kind
    content = ", ".join(t.lower() for t in r.types) if r.types else ("no type found" if r.coded else "type not coded")
    role = {"mutual": "mutual", "gave": "this group gave", "received": "this group received"}
    return f"{r.kind}: {content}; {role.get(r.role, 'direction not stated')}"


def place(first: int, last: int, axis: tuple[int, int]) -> dict[str, str]:
    """Left and width of the years from first to last, both included, on an axis of years."""
    length = axis[1] - axis[0] + 1
    left, width = (first - axis[0]) / length, (last - first + 1) / length
    return {"left": f"{100 * left:.2f}%", "width": f"{100 * width:.2f}%"}


def bar(r: Relation, axis: tuple[int, int], coverage_end: int) -> Component:
    """Bar of one relationship on an axis: rhetoric alone is hatched, low confidence lighter, what is not coded grey."""
    looks = ["bar", f"bar-{'alliance' if r.cooperative else 'rivalry'}"]
    looks += ["bar-rhetorical"] if r.cooperative and r.coded and r.types and not r.tangible else []
    looks += ["bar-uncoded"] if r.cooperative and not r.coded else []
    looks += ["bar-faint"] if r.confidence == "low" else []
    looks += ["bar-open"] if r.open else []
    return html.Div(
        html.Div(className=" ".join(looks), style=place(r.first_year, r.last_year, axis)),
        className="lane",
        title=years(r.first_year, r.last_year, ended=not r.open, coverage_end=coverage_end),
    )


def numbered(sources: tuple[Source, ...]) -> Numbers:
    """Numbers from 1 in the order of the list."""
    return {source.source_id: n for n, source in enumerate(sources, 1)}


def source_list(sources: tuple[Source, ...]) -> Component:
    """Citations by number, with a link where there is an address."""

    def item(source: Source, number: int) -> Component:
        # The reader leaves out every address that is not plain http(s), so a link here cannot run a script.
        more = [" ", html.A("Open", href=source.url, target="_blank", rel="noopener noreferrer")] if source.url else []
        return html.Li([html.Span(source.citation), *more], id=f"source-{number}")

    return html.Ol([item(source, n) for n, source in enumerate(sources, 1)], className="sources")
