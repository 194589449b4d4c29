"""The findings page: each published claim beside what the loaded data say, and the survival analysis behind it."""

from __future__ import annotations

import json
from typing import Any

from dash import html
from dash.development.base_component import Component

from components import ids
from components.shell import frame, icon_theme
from data.findings import SOURCE, Finding, Line, findings
from data.index import Index
from data.measures.survival import AGES, BIAS, BYS, Comparison, Hazard, cox, declared, ever, landmark, lives
from data.selection import Selection
from data.words import subject

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
        "marks": [
            {"label": m.label, "from": m.first_year, "to": m.last_year, "y": m.value} for m in finding.marks
        ],
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
            html.P(f"{said}. {test}", className="finding-definition"),
        ],
        className="curves",
    )  # fmt: skip


def _hazard(model: Hazard) -> Component:
    if model.ratio is None:
        return html.P(model.reason, className="none")
    check = (
        "The check could not be made."
        if model.proportional_p is None
        else f"The ratio changes with age (p {model.proportional_p:.2g}): read it as a mean over ages."
        if model.proportional_p < 0.05
        else f"No sign that the ratio changes with age (p {model.proportional_p:.2g})."
    )
    return html.P(
        [
            html.Strong(f"Hazard ratio {model.ratio:.2f}"),
            f" (95% interval {model.low:.2f} to {model.high:.2f}, p {model.p:.2g}): in a year with an ally a group"
            f" fails {model.ratio:.2f} times as often as one of the same age without. {model.n:,} groups,"
            f" {model.events:,} failures. {check}",
        ],
        className="hazard",
    )


def survival_section(index: Index, selection: Selection, query: str) -> Component:
    """Landmark curves first, the biased comparison only beside its warning, and the Cox model."""
    known = lives(index, selection)
    sample = declared(index)
    gone = "no group passes the filters."
    if len(known.group):
        gone = f"{known.first_year_failure:.0%} ended in the calendar year in which they began."
    return html.Section(
        [
            html.H2("Survival"),
            html.P(
                "Duration is last year minus first year plus one. A group fails when it ends by defeat, dissolution or"
                " in a way not known; mergers, splits, changes of name, settlements and groups that joined politics are"
                " censored at their end, groups still active at the end of coverage then. The status is taken at a"
                " fixed age, and the survivors are followed from then on."
            ),
            *([html.P(f"This dataset cannot judge the survival of groups without allies. {sample}",
                      className="caveat")] if sample else []),
            html.P(f"{len(known.group):,} groups, {int(known.failed.sum()):,} failures; {gone}"),
            *(
                html.Div(
                    [
                        html.H3(BY_TITLES[by]),
                        html.Div(
                            [
                                _curves(landmark(index, selection, age, by), f"Status by age {age}")
                                for age in AGES
                            ],
                            className="curve-row",
                        ),
                    ]
                )
                for by in BYS
            ),
            html.H3("A status that changes from year to year"),
            html.P(
                "Cox model with time-varying alliance status (lifelines' CoxTimeVaryingFitter, Efron's method for"
                " ties)."
            ),
            _hazard(cox(index, selection)),
            html.H3("Ever allied against never allied: biased"),
            html.Div(
                [_curves(ever(index, selection), "Biased by immortal time"), html.P(BIAS, className="caveat")],
                className="curve-row curve-biased",
            ),
            *_numbers("survival", query),
        ],
        id="survival",
    )  # fmt: skip


def findings_content(index: Index, selection: Selection, query: str) -> list[Component]:
    """What is worked out: the cards and the survival analysis."""
    return [
        html.Div([finding_card(finding, query) for finding in findings(index, selection)], className="finding-grid"),
        survival_section(index, selection, query),
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
        ],
        id="main",
        className="main prose findings",
    )  # fmt: skip
    return frame(index.atlas, "/findings", [content], actions=[icon_theme()], name="method")
