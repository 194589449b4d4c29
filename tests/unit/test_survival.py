"""Survival on cases worked by hand, and against lifelines' own documented examples."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from data.grammar import default
from data.index import index
from data.measures.endurance import tangible_spells
from data.measures.survival import (
    AGES,
    BYS,
    cox,
    episodes,
    ever,
    fit_cox,
    kaplan_meier,
    landmark,
    lives,
    log_rank,
    status_by,
)
from tests import made


def of(tmp_path, groups, ties=()):
    """Index and bare selection of a made-up dataset (coverage 1980 to 2000)."""
    atlas = made.atlas(tmp_path / "made", groups, ties)
    return index(atlas), default(atlas.dataset.slug, atlas)


def group(id_, first, last, end="defeated", **more):
    return {
        "group_id": id_,
        "start_year": str(first),
        "end_year": "" if last is None else str(last),
        "end_type": end,
        **more,
    }


def test_a_curve_by_hand():
    """Six groups: failures at 1, 3, 3 and 5 years, one censored at 2, one at 6."""
    curve = kaplan_meier(np.array([1, 2, 3, 3, 5, 6]), np.array([1, 0, 1, 1, 1, 0], dtype=bool), marks=(1, 3, 6))
    at = dict(zip(curve.ages, curve.survival, strict=True))
    assert at[1] == pytest.approx(5 / 6)
    assert at[3] == pytest.approx(5 / 6 * 2 / 4)
    assert at[5] == pytest.approx(5 / 6 * 2 / 4 * 1 / 2)
    assert at[6] == at[5]
    assert curve.median == 3
    assert curve.at_risk == ((1, 6), (3, 4), (6, 1))
    assert (curve.n, curve.events) == (6, 4)


@pytest.mark.parametrize("end", ["defeated", "dissolved", "unknown", ""])
def test_these_ends_are_failures(tmp_path, end):
    ix, selection = of(tmp_path, [group("a", 1985, 1990, end)])
    assert lives(ix, selection).failed.tolist() == [True]


@pytest.mark.parametrize("end", ["merged", "splintered", "renamed", "joined_politics", "political_settlement"])
def test_these_ends_are_censored_unless_every_end_counts(tmp_path, end):
    ix, selection = of(tmp_path, [group("a", 1985, 1990, end)])
    assert lives(ix, selection).failed.tolist() == [False]
    assert lives(ix, selection, every_end=True).failed.tolist() == [True]
    assert lives(ix, selection).duration.tolist() == [6]


def test_groups_active_at_the_end_of_coverage_are_censored_there(tmp_path):
    ix, selection = of(tmp_path, [group("a", 1995, None, ""), group("b", 1995, 2010), group("c", 2000, None, "")])
    known = lives(ix, selection, every_end=True)
    assert known.failed.tolist() == [False, False, False]
    assert known.duration.tolist() == [6, 6, 1]
    assert known.first_year_failure == 0.0


def test_first_year_failure(tmp_path):
    ix, selection = of(tmp_path, [group("a", 1985, 1985), group("b", 1985, 1986), group("c", 1990, 1990, "merged")])
    assert lives(ix, selection).first_year_failure == pytest.approx(2 / 3)
    nobody = replace(selection, ideology=("leftist",))
    assert math.isnan(lives(ix, nobody).first_year_failure)


def test_a_landmark_takes_the_status_at_its_age_and_the_survivors(tmp_path):
    groups = [group("a", 1980, 1990), group("b", 1980, 1990), group("c", 1980, 1982), group("d", 1980, 1983)]
    ties = [made.tie("a", "b", 1984, 1985), made.tie("c", "d", 1980, 1981, cooperation="rhetorical")]
    ix, selection = of(tmp_path, groups, ties)
    assert status_by(ix, selection, "alliance", 3).tolist() == [0, 0, 1, 1]
    assert status_by(ix, selection, "alliance", 5).tolist() == [1, 1, 1, 1]
    assert status_by(ix, selection, "content", 3).tolist() == [0, 0, 1, 1]
    assert status_by(ix, selection, "content", None).tolist() == [2, 2, 1, 1]
    at_three = landmark(ix, selection, 3)
    assert {curve.label: curve.n for curve in at_three.curves} == {"no ally": 2, "allied": 1}
    assert at_three.curves[0].ages[0] == 3
    assert [curve.label for curve in landmark(ix, selection, 5).curves] == ["allied"]
    assert landmark(ix, selection, 5).p is None


def test_shared_ideology_needs_an_ally_of_it(tmp_path):
    groups = [group("a", 1980, 1990), group("b", 1980, 1990, ideologies="leftist"), group("c", 1980, 1990)]
    ix, selection = of(tmp_path, groups, [made.tie("a", "b", 1980), made.tie("a", "c", 1982)])
    assert status_by(ix, selection, "shared ideology", 1).tolist() == [0, 0, 0]
    assert status_by(ix, selection, "shared ideology", 3).tolist() == [1, 0, 1]


def test_episodes_cut_a_life_where_its_status_changes(tmp_path):
    ix, selection = of(tmp_path, [group("a", 1980, 1989), group("b", 1980, 1984)], [made.tie("a", "b", 1982, 1983)])
    rows = episodes(ix, selection).to_numpy().tolist()
    assert rows == [
        [0, 0, 2, False, 0],
        [0, 2, 4, False, 1],
        [0, 4, 10, True, 0],
        [1, 0, 2, False, 0],
        [1, 2, 4, False, 1],
        [1, 4, 5, True, 0],
    ]


def test_the_curve_and_the_test_are_those_that_lifelines_documents():
    from lifelines.datasets import load_waltons

    data = load_waltons()
    curve = kaplan_meier(data["T"].to_numpy(), data["E"].to_numpy(dtype=bool))
    assert curve.median == 56.0
    statistic, p = log_rank(
        data["T"].to_numpy(), (data["group"] == "miR-137").to_numpy(), data["E"].to_numpy(dtype=bool)
    )
    assert statistic == pytest.approx(122.25, abs=0.01)
    assert p < 1e-20


def test_the_model_is_the_one_that_lifelines_documents():
    from lifelines.datasets import load_stanford_heart_transplants

    data = load_stanford_heart_transplants()
    fitted = fit_cox(data, ["age", "year", "surgery", "transplant"])
    assert fitted.params_["age"] == pytest.approx(0.03, abs=0.005)
    assert fitted.params_["year"] == pytest.approx(-0.15, abs=0.005)
    assert fitted.params_["surgery"] == pytest.approx(-0.64, abs=0.005)
    assert fitted.params_["transplant"] == pytest.approx(-0.01, abs=0.005)


def test_groups_that_ally_late_and_live_on_fool_the_naive_curve_alone(tmp_path):
    """Allies do nothing here: everyone fails at the same rate, and those who live ten years find an ally then."""
    rng = np.random.default_rng(7)
    lengths = rng.geometric(0.12, 240).clip(1, 20)
    groups = [group(f"g{i:03d}", 1980, 1980 + int(n) - 1) for i, n in enumerate(lengths)]
    old = [g["group_id"] for g, n in zip(groups, lengths, strict=True) if n >= 10]
    ties = [made.tie(a, b, 1989, 1999) for a, b in zip(old[::2], old[1::2], strict=False)]
    ix, selection = of(tmp_path, groups, ties)
    naive = ever(ix, selection)
    assert naive.landmark is None
    assert naive.p < 0.001
    model = cox(ix, selection)
    assert model.low < 1 < model.high


def test_allies_that_help_show_in_the_model(tmp_path):
    rng = np.random.default_rng(3)
    groups, ties = [], []
    for pair in range(120):
        allied = pair % 2 == 0
        for side in "ab":
            length = min(20, int(rng.geometric(0.08 if allied else 0.3)))
            groups.append(group(f"{side}{pair:03d}", 1980, 1979 + length))
        if allied:
            ties.append(made.tie(f"a{pair:03d}", f"b{pair:03d}", 1980, 1999))
    ix, selection = of(tmp_path, groups, ties)
    model = cox(ix, selection)
    assert model.high < 1
    assert 0 <= model.proportional_p <= 1
    assert landmark(ix, selection, 3).p < 0.05


def test_what_cannot_be_estimated_says_why(tmp_path):
    ix, selection = of(tmp_path, [group("a", 1985, None, "")])
    model = cox(ix, selection)
    assert model.ratio is None
    assert "too few" in model.reason
    for by in BYS:
        assert all(landmark(ix, selection, age, by).p is None for age in AGES)


def test_tangible_spells_are_unbroken_runs(tmp_path):
    groups = [group(*row) for row in (("a", 1980, None, ""), ("b", 1980, None, ""))]
    groups.append(group("c", 1980, None, "", ideologies="leftist"))
    ties = [
        made.tie("a", "b", 1985, 1986),
        made.tie("a", "b", 1987, 1988, cooperation="training"),
        made.tie("a", "b", 1990, 1991, cooperation="rhetorical"),
        made.tie("a", "c", 1995, 2000),
        made.tie("b", "c", 1980, 1985),
    ]
    ix, selection = of(tmp_path, groups, ties)
    spells = tangible_spells(ix, selection)
    assert spells.duration.tolist() == [4, 6]
    assert spells.ended.tolist() == [True, False]
    assert spells.shared.tolist() == [True, False]


def test_no_alliances_no_spells(tmp_path):
    ix, selection = of(tmp_path, [group("a", 1985, 1990)])
    assert len(tangible_spells(ix, selection).duration) == 0
