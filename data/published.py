"""The figures of the published article, which findings are held against and charts may show: said once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

SOURCE = 'P. Potter, "The Death and Life of Terrorist Networks", Foreign Affairs, October 2020'
GROUPS = 2_613
INSTANCES = 15_000
LATE_1960S, EARLY_1980S = 50, 175


@dataclass(frozen=True)
class Mark:
    """A figure of the article, laid over a chart of years: a level over some years, or years alone."""

    label: str
    first_year: int
    last_year: int
    value: float | None


QUOTED = (
    Mark("just under 50", 1966, 1969, float(LATE_1960S)),
    Mark("nearly 175", 1980, 1984, float(EARLY_1980S)),
    Mark("peak, about 2010", 2008, 2012, None),
)
"""What it says of the active alliances; nothing is drawn between them."""
NOTE = (
    f"Figures of {SOURCE}, of the whole of its own data ({GROUPS:,} groups): a sample, or a view under filters, has"
    " levels of its own. Nothing is drawn between them."
)


def as_marks(marks: tuple[Mark, ...]) -> list[dict[str, Any]]:
    """Marks as the scripts draw them: label, first_year, last_year and value, null for years alone."""
    return [asdict(mark) for mark in marks]
