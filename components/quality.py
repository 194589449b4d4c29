"""Data quality: how the dataset was read, its problems by kind and one by one, and the files that list them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components.shell import icon
from data.formats import REPORT, REPORT_JSON, SET_ASIDE, File
from data.model import Atlas, Kind, Problem, Severity
from data.quality import NOT_USED
from data.schema import GROUPS, RELATIONSHIPS
from data.words import count

MOST_OF_A_KIND = 50
"""Problems of one kind that the page lists; the report as a file has all."""

Records = Mapping[tuple[str, int], str]
"""Id of the group whose page shows the row of a file and line."""


def download(spec: File, text: str) -> Component:
    """Link to a file of the view; the scripts add the view's query."""
    return html.A(
        [icon("download"), html.Span(text)],
        href=spec.route,
        download="",
        className="action action-quiet",
        title=f"{spec.label}: {spec.help}",
        **{"data-file": spec.route},
    )


def _records(atlas: Atlas, problems: Iterable[Problem]) -> Records:
    """Where the rows of problems are shown, of those that are."""
    wanted = {(p.file, p.line) for p in problems if p.severity not in NOT_USED}
    found: dict[tuple[str, int], str] = {}
    for file, frame, column in ((RELATIONSHIPS, atlas.relationships, "group_a"), (GROUPS, atlas.groups, "group_id")):
        rows = frame[frame["line"].isin([line for name, line in wanted if name == file])]
        found |= {(file, int(line)): id_ for line, id_ in zip(rows["line"], rows[column], strict=True)}
    return found


def _problem(place: int, problem: Problem, records: Records) -> Component:
    """One problem: its number is a link to itself, its place one to the page that shows the row."""
    line, at = str(problem), f"{problem.file}:{problem.line}"
    record = None if problem.severity in NOT_USED else records.get((problem.file, problem.line))
    text = [line]
    if record is not None and line.startswith(at):
        # The scripts add the query of the view, so that the page speaks of the same dataset.
        path = f"/group/{record}"
        text = [html.A(at, href=path, **{"data-view": path}), line[len(at) :]]
    number = html.A(
        f"{place}", href=f"#problem-{place}", className="problem-number", **{"aria-label": f"Link to problem {place}"}
    )
    return html.Li([number, html.Span(text)], **{"data-problem": str(place)})


def _kind(kind: Kind, found: Sequence[tuple[int, Problem]], records: Records) -> Component:
    more = kind.count - MOST_OF_A_KIND
    listed = [_problem(place, problem, records) for place, problem in found[:MOST_OF_A_KIND]]
    return html.Details(
        [
            html.Summary(
                [
                    html.Span(f"{kind.count:,}", className="kind-count"),
                    html.Span(kind.reason.replace("-", " "), className="kind-name"),
                    html.Span(kind.severity.value, className="kind-severity"),
                    html.Span(f"first: {kind.first}", className="kind-first"),
                ]
            ),
            html.Ol(listed, className="quality-problems"),
            html.P(f"And {more:,} more of this kind in the report.") if more > 0 else None,
        ],
        className="quality-kind",
    )


def _said(atlas: Atlas) -> str:
    """How many rows and values are not used, and how many warnings there are."""
    report = atlas.report
    n = dict.fromkeys(Severity, 0)
    for problem in report.problems:
        n[problem.severity] += 1
    out = sum(report.kept_out.values())
    aside = sum(read - report.used[file] for file, read in report.read.items()) - out
    parts = [
        f"{count(aside, 'row', 'rows')} set aside",
        f"{count(n[Severity.ERROR_VALUE], 'value', 'values')} not used",
    ]
    parts += [f"{count(out, 'row', 'rows')} kept out"] if out else []
    return ", ".join([*parts, count(n[Severity.WARNING], "warning", "warnings")])


def quality(atlas: Atlas) -> Component:
    """How the dataset was read: rows used, what the reader says, the problems by kind and one by one, the files."""
    report = atlas.report
    by_kind: dict[tuple[Severity, str], list[tuple[int, Problem]]] = defaultdict(list)
    for place, problem in enumerate(report.problems, 1):
        by_kind[problem.severity, problem.reason].append((place, problem))
    records = _records(atlas, (p for found in by_kind.values() for _, p in found[:MOST_OF_A_KIND]))
    kinds = [_kind(kind, by_kind[kind.severity, kind.reason], records) for kind in report.kinds()]
    unused = any(problem.severity in NOT_USED for problem in report.problems)
    files = [download(REPORT, "Report, CSV"), download(REPORT_JSON, "Report, JSON")]
    return html.Details(
        [
            html.Summary([html.H2("Data quality"), html.Span(_said(atlas), className="quality-said")]),
            html.Ul([html.Li(line) for line in report.rows()], className="quality-files"),
            html.Ul([html.Li(note) for note in report.notes], className="quality-notes") if report.notes else None,
            html.Div(kinds or html.P("Nothing was found to report."), className="quality-kinds"),
            html.Div([*([download(SET_ASIDE, "Rows not used, CSV")] if unused else []), *files], className="files"),
        ],
        className="quality",
    )
