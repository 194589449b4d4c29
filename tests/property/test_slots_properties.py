"""Slots of groups that share a point: as few as can be, and never two groups of one year in one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data.assemble import slots

GROUPS = st.lists(
    st.tuples(st.sampled_from([1.0, 2.0, float("nan")]), st.integers(1950, 1960), st.integers(0, 12)), max_size=40
)


def lowest(groups: list[tuple[float, int, int]]) -> list[int]:
    """Slots by the words of the docstring: the lowest that no earlier group of the point with shared years has."""
    order = sorted(range(len(groups)), key=lambda i: (groups[i][1], f"g{i:03}"))
    out = [0] * len(groups)
    for at, row in enumerate(order):
        point, first, _ = groups[row]
        taken = {
            out[other] for other in order[:at] if groups[other][0] == point and sum(groups[other][1:]) >= first
        }  # an earlier group begins no later, so it shares years if it ends no sooner than this one begins
        out[row] = next(slot for slot in range(len(groups)) if slot not in taken) if point == point else 0
    return out


@given(GROUPS)
def test_a_group_takes_the_lowest_slot_that_is_free(groups):
    lon = [point for point, _, _ in groups]
    first = np.array([year for _, year, _ in groups], dtype=np.int64)
    last = np.array([year + more for _, year, more in groups], dtype=np.int64)
    ids = [f"g{i:03}" for i in range(len(groups))]
    assert slots(lon, lon, first, last, ids).tolist() == lowest(groups)
