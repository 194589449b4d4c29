"""Numbers as the page shows them; the same as assets/js/format.js, which a browser test holds against it.

Rounding happens here and nowhere before. A unit is "count", "share" (a fraction from 0 to 1) or "km".
"""

from __future__ import annotations

import math

MISSING = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"

Number = int | float | None


def _whole(value: float) -> int:
    """Half up, as JavaScript rounds."""
    return math.floor(value + 0.5)


def figure(value: Number, unit: str) -> str:
    """One figure; a dash where it is of nothing."""
    if value is None:
        return MISSING
    if unit == "share":
        return f"{_whole(value * 100):,}%"
    return f"{_whole(value):,} km" if unit == "km" else f"{_whole(value):,}"


def delta(now: Number, before: Number, unit: str) -> str | None:
    """Difference of two figures as they are shown, with its sign; "" where one is missing, None where there is none."""
    if now is None or before is None:
        return ""
    scale = 100 if unit == "share" else 1  # so that 58% after 40% is 18 points
    size = _whole(now * scale) - _whole(before * scale)
    if size == 0:
        return None
    name = {"share": " pt" if abs(size) == 1 else " pts", "km": " km"}.get(unit, "")
    return f"{'+' if size > 0 else MINUS}{abs(size):,}{name}"


def change(now: Number, before: Number, unit: str, since: str) -> str:
    """Change against an earlier time in words; "" where there is nothing to compare with."""
    size = delta(now, before, unit)
    return f"as in {since}" if size is None else size and f"{size} since {since}"


def against(now: Number, before: Number, unit: str, year: int) -> str:
    """Figure of another year and the difference from it."""
    size = delta(now, before, unit)
    return f"{figure(before, unit)} in {year}{', the same' if size is None else size and f', {size}'}"
