"""Rise, peak and lull of a yearly series, found by one rule and never drawn by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.index import Floats, Ints
from data.measures.definition import Definition

WINDOW = 5
"""Years of the centred mean that smooths the series."""
PROMINENCE = 0.1
"""How far a peak stands above the lulls about it, as a part of the highest smoothed value."""
RULE = (
    f"The series is smoothed by a centred mean of {WINDOW} years (fewer at its ends). A peak is a local maximum of the"
    f" smoothed series that stands at least {PROMINENCE:.0%} of its highest value above the lower ground on either"
    " side (its prominence); a lull is the lowest smoothed year between two peaks, and a rise runs from the lull"
    " before, or the first year with any alliance, to the peak."
)
PHASES = Definition(
    "phases",
    "Phases",
    "years",
    RULE,
    "s(y) = mean of m(y - 2) to m(y + 2); prominence = s(peak) - the higher of the lowest grounds on either side",
    "scipy.signal.find_peaks of P. Virtanen et al. (2020), SciPy 1.0, Nature Methods 17, 261-272; the width of the mean"
    " and the threshold are ours",
)


@dataclass(frozen=True)
class Phase:
    """``kind`` is rise, peak or lull; peaks and lulls are single years."""

    kind: str
    first_year: int
    last_year: int


def smoothed(values: Ints | Floats) -> Floats:
    """Centred mean over ``WINDOW`` years, over those that there are at the ends."""
    half = WINDOW // 2
    reach = [(max(0, i - half), i + half + 1) for i in range(len(values))]
    return np.array([float(np.mean(values[low:high])) for low, high in reach])


def phases(values: Ints | Floats, first_year: int) -> list[Phase]:
    """Phases of a series of one number a year, in order of time; see ``RULE``."""
    from scipy.signal import find_peaks  # takes a second to import, which a start can do without

    smooth = smoothed(values)
    if not len(smooth) or smooth.max() <= 0:
        return []
    # Lower ground on both sides, so that a series that falls from its first year or rises to its last has its peak.
    peaks, _ = find_peaks(np.concatenate(([0.0], smooth, [0.0])), prominence=PROMINENCE * smooth.max())
    found: list[Phase] = []
    start = int(np.flatnonzero(smooth > 0)[0])
    for before, peak in zip([None, *peaks[:-1]], peaks, strict=True):
        at = int(peak) - 1
        if before is not None:
            start = int(before) - 1 + int(smooth[int(before) - 1 : at + 1].argmin())
            found.append(Phase("lull", first_year + start, first_year + start))
        if at > start:
            found.append(Phase("rise", first_year + start, first_year + at))
        found.append(Phase("peak", first_year + at, first_year + at))
    return found
