"""How a dataset was read, for machines and for mending: the report as JSON, and the rows that are not used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data.files import raw_line
from data.model import Atlas, Problem, Report, Severity

MOST_PROBLEMS = 50_000
"""Problems of one file that is handed out; ``check`` on the command line has all."""

MOST_LETTERS = 32_000
"""Letters of one cell that is handed out: a spreadsheet takes no more, and a row may be a line of megabytes."""

NOT_USED = (Severity.ERROR_ROW, Severity.KEPT_OUT)


def bounded(text: str) -> str:
    """Text of a cell as it is handed out; three dots mark what is cut."""
    return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + "..."


def not_used(report: Report) -> Iterator[tuple[Problem, str]]:
    """Each problem for which a row is set aside or kept out, with the row's own text as a line of CSV."""
    rows = {(away.file, away.line): away.cells for away in report.away}
    for problem in report.problems:
        if problem.severity in NOT_USED:
            cells = rows.get((problem.file, problem.line), {"row": problem.value})
            # A line that is not even a row stands under the one name "row", as it was read.
            yield problem, bounded(cells["row"] if set(cells) == {"row"} else raw_line(cells.values()))


def _rows(report: Report) -> dict[str, dict[str, int]]:
    out = report.kept_out
    return {
        file: {
            "read": read,
            "used": report.used[file],
            "set_aside": read - report.used[file] - out[file],
            "kept_out": out[file],
        }
        for file, read in report.read.items()
    }


def report_json(atlas: Atlas, most: int | None = None) -> dict[str, Any]:
    """Report of a dataset as JSON values.

    Parameters
    ----------
    most
        How many problems are listed at most; all where it is None.
    """
    report, d = atlas.report, atlas.dataset
    cells = {(away.file, away.line): away.cells for away in report.away}
    listed = report.problems if most is None else report.problems[:most]
    return {
        "ok": not report.failed,
        "dataset": {key: getattr(d, key) for key in ("slug", "title", "version", "hash", "status")},
        "rows": _rows(report),
        "notes": list(report.notes),
        "kinds": [
            {"severity": kind.severity.value, "reason": kind.reason, "count": kind.count, "first": str(kind.first)}
            for kind in report.kinds()
        ],
        "problems": [
            {
                "file": p.file,
                "line": p.line,
                "column": bounded(p.column),
                "value": bounded(p.value),
                "severity": p.severity.value,
                "reason": p.reason,
                "message": p.message,
                "mend": p.mend,
                "row": {name: bounded(text) for name, text in cells[p.file, p.line].items()}
                if p.severity in NOT_USED and (p.file, p.line) in cells
                else None,
            }
            for p in listed
        ],
        "not_listed": len(report.problems) - len(listed),
    }
