"""Survival on cases worked by hand, and against lifelines' own documented examples."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from data.grammar import default
from data.index import index
from data.measures import survival
from data.measures.endurance import tangible_spells
from data.measures.survival import (
    AGES,
    BYS,
    cox,
    episodes,
    ever,
    fit_cox,
    judgeable,
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


def test_an_end_in_the_last_year_of_coverage_is_censored_and_the_year_before_is_not(tmp_path):
    rows = [group("a", 1995, 2000), group("b", 1995, 1999), group("c", 2000, 2000), group("d", 2003, None, "")]
    ix, selection = of(tmp_path, rows)
    for every_end in (False, True):
        known = lives(ix, selection, every_end=every_end)
        assert known.group.tolist() == [0, 1, 2]  # d began after coverage
        assert known.failed.tolist() == [False, True, False]
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


def test_groups_that_lived_exactly_to_the_landmark_are_not_followed(tmp_path):
    ix, selection = of(tmp_path, [group("a", 1980, 1982), group("b", 1980, 1983)])
    assert [curve.n for curve in landmark(ix, selection, 3).curves] == [1]


def test_a_landmark_curve_and_its_test_by_hand(tmp_path):
    """Followed from age 1: allied a, b fail at 4 and are censored at 8; alone c, d, e fail at 2, 4 and 6."""
    ends = {"a": (1983, "defeated"), "b": (1987, "merged"), "c": (1981, ""), "d": (1983, ""), "e": (1985, "")}
    rows = [group(id_, 1980, last, end) for id_, (last, end) in ends.items()]
    ix, selection = of(tmp_path, rows, [made.tie("a", "b", 1980, 1980)])
    compared = landmark(ix, selection, 1)
    alone, allied = compared.curves
    assert dict(zip(alone.ages, alone.survival, strict=True)) == pytest.approx({1: 1, 2: 2 / 3, 4: 1 / 3, 6: 0})
    assert dict(zip(allied.ages, allied.survival, strict=True)) == pytest.approx({1: 1, 4: 1 / 2, 8: 1 / 2})
    assert (alone.at_risk, allied.at_risk) == (((1, 3), (5, 1)), ((1, 2), (5, 1)))
    # Of the alone 3 failed; expected 3/5 at 2, 2 x 2/4 at 4, 1/2 at 6. Variances are hypergeometric.
    expected = 3 / 5 + 2 * 2 / 4 + 1 / 2
    variance = 3 / 5 * 2 / 5 + 2 * (1 / 2) * (1 / 2) * (4 - 2) / (4 - 1) + 1 / 2 * 1 / 2
    assert compared.log_rank == pytest.approx((3 - expected) ** 2 / variance)
    assert not compared.immortal_time_biased


def test_the_band_is_the_log_log_one():
    """Of four, one fails at 1: S = 3/4, Greenwood's sum 1 / (4 x 3), exponentiated on the scale of log(-log S)."""
    curve = kaplan_meier(np.array([1, 2, 2, 2]), np.array([True, False, False, False]))
    spread = 1.959964 * math.sqrt(1 / 12) / abs(math.log(0.75))
    assert curve.low[1] == pytest.approx(0.75 ** math.exp(spread), abs=1e-6)
    assert curve.high[1] == pytest.approx(0.75 ** math.exp(-spread), abs=1e-6)


def test_allies_of_unknown_content_are_not_no_allies(tmp_path):
    """By content a group whose alliances are not coded, or coded with nothing found, has no status."""
    groups = [group(id_, 1980, 1990) for id_ in "abcdefg"]
    ties = [
        made.tie("a", "b", 1980, cooperation=""),
        made.tie("c", "d", 1980, cooperation="none"),
        made.tie("a", "e", 1980, cooperation="rhetorical"),
    ]
    ix, selection = of(tmp_path, groups, ties)
    assert status_by(ix, selection, "content", 1).tolist() == [1, -1, -1, -1, 1, 0, 0]
    compared = landmark(ix, selection, 1, "content")
    assert {curve.label: curve.n for curve in compared.curves} == {"no ally": 2, "rhetorical only": 2}
    assert compared.left_out == 3
    assert landmark(ix, selection, 1).left_out == 0


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
    assert naive.immortal_time_biased
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
    assert math.isfinite(model.proportional_coefficient)
    assert landmark(ix, selection, 3).p < 0.05


def test_the_check_sees_a_ratio_that_changes_with_age(tmp_path):
    """The allied fail less often up to age 4 and more often after: the log hazard ratio rises with age."""
    rng = np.random.default_rng(11)
    groups, ties = [], []
    for pair in range(300):
        for side in "ab":
            early, late = (0.02, 0.5) if pair % 2 == 0 else (0.3, 0.1)
            length = next((age for age in range(1, 20) if rng.random() < (early if age <= 4 else late)), 20)
            groups.append(group(f"{side}{pair:03d}", 1980, 1979 + length))
        if pair % 2 == 0:
            ties.append(made.tie(f"a{pair:03d}", f"b{pair:03d}", 1980, 1999))
    model = cox(*of(tmp_path, groups, ties))
    assert model.proportional_coefficient > 0
    assert model.proportional_p < 0.001


@pytest.mark.parametrize(("failures", "said"), [(0, "No failure passes"), (1, "Only 1 failure passes"), (4, "Only 4")])
def test_too_few_failures_are_counted_in_words(tmp_path, failures, said):
    rows = [group(f"g{i}", 1985, 1990, "defeated" if i < failures else "merged") for i in range(8)]
    assert cox(*of(tmp_path, rows)).reason.startswith(said)


def test_one_status_and_a_status_that_settles_all_have_no_ratio(tmp_path):
    rows = [group(f"g{i}", 1985, 1986 + i) for i in range(8)]
    assert "one status" in cox(*of(tmp_path / "alone", rows)).reason
    rows = [group(f"g{i}", 1985, 1990, "defeated" if i < 6 else "merged") for i in range(8)]
    model = cox(*of(tmp_path / "settled", rows, [made.tie("g6", "g7", 1985, 1990)]))
    assert model.ratio is None
    assert model.reason.startswith("No estimate")
    assert (model.n, model.events) == (8, 6)


def test_nobody_passes(tmp_path):
    ix, selection = of(tmp_path, [group("a", 1985, 1990)])
    nobody = replace(selection, ideology=("leftist",))
    assert ever(ix, nobody).curves == ()
    assert landmark(ix, nobody, 1).p is None
    assert cox(ix, nobody).reason
    assert not len(episodes(ix, nobody))


def test_a_dataset_of_groups_with_ties_cannot_judge_those_without(tmp_path, curated):
    rows = made.groups(*(f"g{i:02d}" for i in range(20)))
    ring = [made.tie(f"g{i:02d}", f"g{i + 1:02d}", 1990) for i in range(19)]
    everyone, _ = of(tmp_path / "all", rows, ring)
    assert judgeable(everyone).startswith("0 of the dataset's 20 groups")
    one_alone, _ = of(tmp_path / "but-one", rows, ring[:-1])
    assert judgeable(one_alone) is None  # one in twenty is 5%, not fewer
    rival, _ = of(
        tmp_path / "rival", rows, [*ring[:-1], made.tie("g00", "g19", 1990, relation="rival", cooperation="")]
    )
    assert judgeable(rival)
    assert judgeable(index(curated)).startswith("A sample, not a census")


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


def test_lifelines_is_imported_again_where_numpy_grew_meanwhile(monkeypatch):
    tries = []

    def disturbed(name):
        tries.append(name)
        if len(tries) < 3:
            raise RuntimeError("dictionary changed size during iteration")

    monkeypatch.setattr(survival, "import_module", disturbed)
    survival.load_lifelines()
    assert tries == ["lifelines.statistics"] * 3

    def broken(name):
        raise RuntimeError("never")

    monkeypatch.setattr(survival, "import_module", broken)
    with pytest.raises(RuntimeError, match="never"):
        survival.load_lifelines()
