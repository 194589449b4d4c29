"""Layout of the network view: the same each time, of all years together."""

from __future__ import annotations

import numpy as np

from data.index import index
from data.measures.layout import layout
from data.readers import load
from tests import made

GROUPS = [{"group_id": id_} for id_ in "abcdef"]
TIES = [
    made.tie("a", "b", 1990, 1991),
    made.tie("b", "c", 1995, 1996),
    made.tie("a", "c", 1998, 1999),
    made.tie("d", "e", 1990, 1990),
    made.tie("a", "f", 1990, relation="rival", cooperation=""),
]


def test_every_group_that_ever_had_an_ally_has_a_place(tmp_path):
    x, y = layout(index(made.atlas(tmp_path / "made", GROUPS, TIES)))
    assert np.isfinite(x).tolist() == np.isfinite(y).tolist() == [True] * 5 + [False]
    assert len({(a, b) for a, b in zip(x[:5].tolist(), y[:5].tolist(), strict=True)}) == 5


def test_allies_stand_nearer_than_strangers(tmp_path):
    x, y = layout(index(made.atlas(tmp_path / "made", GROUPS, TIES)))

    def away(p, q):
        return float(np.hypot(x[p] - x[q], y[p] - y[q]))

    assert max(away(0, 1), away(1, 2), away(0, 2), away(3, 4)) < min(away(p, q) for p in range(3) for q in (3, 4))


def test_the_same_dataset_gives_the_same_layout(tmp_path):
    folder = tmp_path / "made"
    made.atlas(folder, GROUPS, TIES)
    first, second = (layout.__wrapped__(index(load(folder))) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_few_that_stand_far_out_leave_the_panel_to_the_many(mgar):
    x, y = layout(index(mgar))
    away = np.hypot(x - np.nanmedian(x), y - np.nanmedian(y))
    away = np.sort(away[np.isfinite(away)])
    assert away[-1] < 1.5 * away[int(0.9 * len(away))]
    assert len(np.unique(away.round(6))) > 0.9 * len(away), "they are pulled in, not put upon each other"


def test_a_dataset_without_alliances_has_no_layout(tmp_path):
    x, y = layout(index(made.atlas(tmp_path / "made", GROUPS, TIES[4:])))
    assert np.isnan(x).all()
    assert np.isnan(y).all()
