"""The findings page: each published claim beside what the loaded data say, and the survival analysis behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from dash import html
from dash.development.base_component import Component

from components import ids
from components.shell import frame, icon_theme
from data.findings import Finding, Line, findings, slow_findings
from data.index import Index
from data.measures.survival import (
    AGES,
    BIAS,
    BYS,
    FAILURE,
    LANDMARK,
    MODEL,
    Comparison,
    Hazard,
    cox,
    declared,
    ever,
    landmark,
    lives,
)
from data.published import SOURCE, as_marks
from data.selection import Selection
from data.words import count, subject

CLAIM_ALONE = "Curves and model count every end; the claim is judged on failures alone, whichever is chosen."
SYMBOLS = {"consistent": "=", "differs": "\u2260", "cannot be judged": "?"}
BY_TITLES = {
    "alliance": "By alliance",
    "shared ideology": "By an ally of the same ideology",
    "content": "By what the alliances hold",
}


def _plot(spec: dict[str, Any], label: str) -> Component:
    """Place of a plot that the scripts draw from its data."""
    return html.Div(
        className="plot", role="img", **{"aria-label": label, "data-plot": json.dumps(spec, separators=(",", ":"))}
    )


def _legend(labels: list[str]) -> list[Component]:
    if len(labels) < 2:
        return []
    items = [html.Li([html.I(className=f"swatch plot-{i}"), label]) for i, label in enumerate(labels)]
    return [html.Ul(items, className="plot-legend")]


def _lines(lines: tuple[Line, ...], finding: Finding) -> list[Component]:
    if not lines:
        return []
    spec = {
        "lines": [
            {"x": list(range(line.first_year, line.first_year + len(line.values))), "y": list(line.values)}
            for line in lines
        ],
        "marks": as_marks(finding.marks),
    }  # fmt: skip
    return [_plot(spec, f"{finding.claim} {finding.ours}"), *_legend([line.label for line in lines])]


def _numbers(name: str, query: str) -> list[Component]:
    if not name:
        return []
    address = f"/api/measures/{name}.csv{'?' + query if query else ''}"
    return [html.A("The chart's numbers as CSV", href=address, download="", className="finding-file")]


def finding_card(finding: Finding, query: str) -> Component:
    """One claim: its figure, ours, the verdict with its reason, the definition and the chart."""
    return html.Article(
        [
            html.H3(finding.claim),
            html.Dl(
                [
                    html.Dt("Article"), html.Dd(finding.figure),
                    html.Dt("This data"), html.Dd(finding.ours),
                    html.Dt("Verdict"),
                    html.Dd(
                        [
                            html.Span(
                                [
                                    html.Span(SYMBOLS[finding.verdict], className="verdict-sign",
                                              **{"aria-hidden": "true"}),
                                    finding.verdict,
                                ],
                                className=f"verdict verdict-{finding.verdict.split(' ')[0]}",
                            ),
                            html.Span(f" {finding.reason}", className="verdict-reason"),
                        ]
                    ),
                ],
                className="finding-facts",
            ),
            *_lines(finding.lines, finding),
            html.P(finding.definition, className="finding-definition"),
            *_numbers(finding.csv, query),
        ],
        id=f"finding-{finding.key}",
        className="finding",
    )  # fmt: skip


def _curves(comparison: Comparison, title: str) -> Component:
    """Kaplan-Meier curves with their bands, numbers at risk and the log-rank test."""
    curves = comparison.curves
    if not curves:
        return html.Div([html.H4(title), html.P("No group lasts so long in this view.", className="none")])
    spec = {
        "survival": True,
        "lines": [
            {"x": list(c.ages), "y": list(c.survival), "low": list(c.low), "high": list(c.high)} for c in curves
        ],
    }  # fmt: skip
    longest = max(curves, key=lambda c: len(c.at_risk))
    ages = [age for age, _ in longest.at_risk]
    rows = [
        html.Tr(
            [
                html.Th([html.I(className=f"swatch plot-{i}"), c.label], scope="row"),
                *(html.Td(next((str(n) for a, n in c.at_risk if a == age), "")) for age in ages),
                html.Td("\u2013" if c.median is None else f"{c.median:.0f}"),
            ]
        )
        for i, c in enumerate(curves)
    ]
    test = "One status alone: nothing to test."
    if comparison.p is not None:
        test = f"Log-rank {comparison.log_rank:.2f}, p {comparison.p:.2g}."
    said = "; ".join(f"{c.label}: {c.n:,} groups, {c.events:,} failures" for c in curves)
    out = comparison.left_out
    left_out = "" if not out else (
        f" {count(out, 'group', 'groups')} {'is' if out == 1 else 'are'} left out: allied, but by alliances of which no"
        " content is known."
    )  # fmt: skip
    return html.Div(
        [
            html.H4(title),
            _plot(spec, f"{title}: {said}"),
            html.Table(
                [
                    html.Thead(
                        html.Tr([html.Th(text, scope="col") for text in ("At risk at age", *map(str, ages), "Median")])
                    ),
                    html.Tbody(rows),
                ],
                className="at-risk",
            ),
            html.P(f"{said}. {test}{left_out}", className="finding-definition"),
        ],
        className="curves",
    )  # fmt: skip


def _check(model: Hazard) -> str:
    """What the check of proportional hazards found, with its figures."""
    slope, p = model.proportional_coefficient, model.proportional_p
    if slope is None or p is None:
        return "Whether the ratio changes with age could not be checked."
    figures = f"coefficient of status x log(age) {slope:.2f}, p {p:.2g}"
    if p >= 0.05:
        return f"No sign that the ratio changes with age ({figures})."
    return f"The ratio {'rises' if slope > 0 else 'falls'} with age ({figures}): read it as a mean over ages."


def _hazard(model: Hazard) -> Component:
    if model.ratio is None:
        return html.P(model.reason, className="none")
    return html.P(
        [
            html.Strong(f"Hazard ratio {model.ratio:.2f}"),
            f" (95% interval {model.low:.2f} to {model.high:.2f}, p {model.p:.2g}): in a year with an ally a group"
            f" fails {model.ratio:.2f} times as often as one of the same age without. {model.n:,} groups,"
            f" {model.events:,} failures. {_check(model)}",
        ],
        className="hazard",
    )


@dataclass(frozen=True)
class Addresses:
    """Where the section's links lead: its file, and the page with failures alone or with every end counted."""

    file: str
    failures: str
    every_end: str


def _switch(every_end: bool, addresses: Addresses) -> Component:
    """Two ways to count ends, each a link, the present one marked."""
    choices = (("Failures alone", addresses.failures, False), ("Every end", addresses.every_end, True))
    links = [
        html.A(text, href=href, className="switch-choice", **({"aria-current": "true"} if on == every_end else {}))
        for text, href, on in choices
    ]
    return html.Div(
        [html.Span("Count as a failure", id="survival-ends"), *links],
        className="switch",
        role="group",
        **{"aria-labelledby": "survival-ends"},
    )


def survival_content(index: Index, selection: Selection, query: str, addresses: Addresses) -> list[Component]:
    """Claims and analysis that take a second to work out.

    Landmark curves come first, the biased comparison only beside its warning, and the Cox model.

    Parameters
    ----------
    selection
        The *what* half, and whether every end counts.
    query
        Of the claims' files.
    """
    every_end, what = selection.everyend, replace(selection, everyend=False)
    known = lives(index, what, every_end=every_end)
    sample = declared(index)
    gone = "no group passes the filters."
    if len(known.group):
        gone = f"{known.first_year_failure:.0%} ended in the calendar year in which they began."
    failures = "ends" if every_end else "failures"
    return [
        html.Section(
            [
                html.H2("Survival"),
                html.Div(
                    [
                        html.Div(
                            [finding_card(finding, query) for finding in slow_findings(index, what)],
                            className="survival-claims",
                        ),
                        html.Div(
                            [
                                html.P(FAILURE.text),
                                _switch(every_end, addresses),
                                *([html.P(CLAIM_ALONE)] if every_end else []),
                                html.P(LANDMARK.text),
                                *([html.P(f"This dataset cannot judge the survival of groups without allies. {sample}",
                                          className="caveat")] if sample else []),
                                html.P(f"{len(known.group):,} groups, {int(known.failed.sum()):,} {failures}; {gone}"),
                            ]
                        ),
                    ],
                    className="survival-top",
                ),
                *(
                    html.Div(
                        [
                            html.H3(BY_TITLES[by]),
                            html.Div(
                                [
                                    _curves(landmark(index, what, age, by, every_end), f"Status by age {age}")
                                    for age in AGES
                                ],
                                className="curve-row",
                            ),
                        ]
                    )
                    for by in BYS
                ),
                html.H3("A status that changes from year to year"),
                html.P(MODEL.text, className="hazard"),
                _hazard(cox(index, what, every_end)),
                html.H3("Ever allied against never allied: biased"),
                html.Div(
                    [
                        _curves(ever(index, what, "alliance", every_end), "Biased by immortal time"),
                        html.P(BIAS, className="caveat"),
                    ],
                    className="curve-row curve-biased",
                ),
                html.A("The curves' numbers as CSV", href=addresses.file, download="", className="finding-file"),
                html.P(html.A("Every formula with its source", href="/method#survival", **{"data-action": "page"})),
            ],
            id="survival",
        )
    ]  # fmt: skip


def findings_content(index: Index, selection: Selection, query: str) -> list[Component]:
    """Cards of the claims that are worked out at once."""
    return [
        html.Div([finding_card(finding, query) for finding in findings(index, selection)], className="finding-grid")
    ]


def findings_page(index: Index, selection: Selection) -> Component:
    """Return the page at once; its content follows when it is worked out."""
    content = html.Main(
        [
            html.H1("Findings"),
            html.P(
                [
                    "Claims of ", html.Cite(SOURCE), ", in our words, each beside what the loaded data say. In view: ",
                    html.Strong(subject(index, selection)), ", all years of coverage. ",
                    html.A("Change the filters in the explorer", href="/", **{"data-action": "page"}), ".",
                ]
            ),
            html.Div(html.P("Working it out \u2026", className="none", role="status"), id=ids.FINDINGS),
            html.Div(
                html.P("Survival is being worked out; it takes some seconds \u2026", className="none", role="status"),
                id=ids.SURVIVAL,
            ),
        ],
        id="main",
        className="main prose findings",
    )  # fmt: skip
    return frame(index.atlas, "/findings", [content], actions=[icon_theme()], name="method")
