"""What a dataset covers and what weighs in it, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.colourings import INTER_REGIONAL
from data.coverage import Coverage, biases, coverage
from data.index import Index, Ints

DASH = "\u2013"


def percent(part: int, whole: int) -> str:
    """Share in whole percent; a dash of nothing."""
    return f"{part / whole:.0%}" if whole else DASH


def _table(
    caption: str, head: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], *, note: str = ""
) -> Component:
    """Table of numbers with a heading for each row; the last row is the whole."""
    return html.Figure(
        [
            html.Figcaption([html.Strong(caption), html.Span(f" {note}") if note else None]),
            html.Table(
                [
                    html.Thead(html.Tr([html.Th(html.Span(text), scope="col") for text in head])),
                    html.Tbody(
                        [
                            html.Tr([html.Th(label, scope="row"), *(html.Td(value) for value in values)])
                            for label, values in rows
                        ]
                    ),
                ],
                className="counts",
            ),
        ],
        className="coverage-table",
    )


def _labels(known: Coverage) -> list[str]:
    return [*(decade.label for decade in known.decades), "All years"]


def _by_region(known: Coverage, numbers: Ints, caption: str, note: str, *, shares: bool = False) -> Component:
    """Counts, or shares of each row, by decade and region; groups are never inter-regional."""
    empty = [not numbers[:, i].any() and term.id == INTER_REGIONAL.id for i, term in enumerate(known.regions)]
    rows = []
    for label, row in zip(_labels(known), numbers.tolist(), strict=True):
        cells = [
            DASH if none else percent(n, sum(row)) if shares else f"{n:,}" for n, none in zip(row, empty, strict=True)
        ]
        rows.append((label, [*cells, f"{sum(row):,}"]))
    return _table(caption, ["Years", *(term.label for term in known.regions), "All"], rows, note=note)


def _known(known: Coverage) -> Component:
    """How well the relationships are known, by decade."""
    totals = known.relationships.sum(axis=1).tolist()
    rows = []
    for at, (label, total) in enumerate(zip(_labels(known), totals, strict=True)):
        by_confidence = [f"{int(values[at]):,}" for values in known.confidence.values()]
        shares = [percent(int(of[at]), total) for of in (known.coded, known.one_source)]
        rows.append((label, [f"{total:,}", *by_confidence, *shares]))
    head = ["Years", "Relation\u00adships", *(name.capitalize() for name in known.confidence), "Coded", "One source"]
    return _table(
        "Confidence, coding and sources of the relationships",
        head,
        rows,
        note="Coded: the part whose co-operation is coded. One source: the part that rests on one or none.",
    )


def coverage_tables(index: Index) -> list[Component]:
    """Everything that is counted of a dataset's coverage."""
    known = coverage(index)
    n_groups, n_ties = len(index.groups.ids), int(known.relationships[-1].sum())
    outside = ""
    if any(known.outside):
        outside = (
            f" {known.outside[0]:,} groups and {known.outside[1]:,} relationships lie outside coverage altogether and"
            " are in none of these tables but that of precision."
        )
    return [
        html.P(
            "The whole dataset, whatever the filters. A group or relationship that spans decades counts in each of"
            " them, and once in all years; dyad-years add up. Regions are those of UN M49: a relationship is of the"
            f" region of both its ends, or inter-regional.{outside}"
        ),
        _by_region(known, known.groups, "Groups active", "by region of the base"),
        _by_region(known, known.relationships, "Relationships active", "co-operative ones: the spells of alliances"),
        _by_region(known, known.dyad_years, "Dyad-years", "pairs of groups allied in a year, added up"),
        _by_region(known, known.dyad_years, "Share of each region", "of the dyad-years of a decade", shares=True),
        _known(known),
        _table(
            "Precision of the groups' positions",
            ["Point", "Groups", "Share"],
            [(name.capitalize(), [f"{n:,}", percent(n, n_groups)]) for name, n in known.precision.items()],
            note="Region and country: the point stands for all of it.",
        ),
        _table(
            "Co-operation types",
            ["Type", "Relationships", "Share"],
            [(term.label, [f"{n:,}", percent(n, n_ties)]) for term, n in known.types],
            note="One relationship can have several.",
        ),
    ]


def bias_list(index: Index) -> Component:
    """What weighs in the data, with its numbers."""
    parts: list[Component] = []
    for bias in biases(index):
        numbers = f"{percent(bias.part, bias.whole)} ({bias.part:,} of {bias.whole:,})"
        parts += [html.Dt(bias.title), html.Dd([html.Strong(numbers), f" {bias.text}"])]
    return html.Dl(parts)
