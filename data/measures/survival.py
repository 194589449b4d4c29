"""How long groups last, by their alliances: Kaplan-Meier from a landmark, log-rank, and a Cox model.

A group's duration is last year - first year + 1. Its event is an end by defeat, dissolution or unknown; one that
merged, splintered, was renamed, joined politics or settled is censored at its end, and so is one that is still active
in the last year of coverage: the data cannot show what came after.

*Ever allied against never allied* is biased by immortal time: who lives longer has more time to find allies. The
landmark analysis takes the status at a fixed age and follows the survivors from then on (Anderson, Cain and Gelber
1983); the Cox model lets the status change from year to year (Cox 1972). All estimates are lifelines'.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from threading import RLock
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandas.errors import Pandas4Warning

from data.colourings import COLOURINGS, classes_of_alliances
from data.filters import own_groups, passing
from data.index import Bools, Floats, Index, Ints, any_listed
from data.kept import kept
from data.measures.definition import COX, Definition
from data.selection import Selection

EVENTS = ("defeated", "dissolved", "unknown", "")
"""Ends that count as failures; an empty one with an end year is unknown."""
AGES = (1, 3, 5)
"""Landmarks, years."""
MOST_ERROR = 5.0
"""Standard error of a log hazard ratio above which there is no estimate: complete separation."""
FEW_EVENTS = 5
"""Failures below which no model is fitted."""
FEW_ALONE = 0.05
"""Part of the groups without any relationship below which groups seem to be there because they have ties."""
AT_RISK = (5, 10, 20, 40, 60)
"""Ages, years, at which the numbers at risk are told beside the landmark."""
By = Literal["alliance", "shared ideology", "content"]
BYS: tuple[By, ...] = ("alliance", "shared ideology", "content")
NAMES: dict[By, tuple[str, ...]] = {
    "alliance": ("no ally", "allied"),
    "shared ideology": ("no ally of its ideology", "with an ally of its ideology"),
    "content": ("no ally", "rhetorical only", "tangible"),
}
BIAS = (
    "This curve compares groups that ever had an ally with groups that never had one. It flatters the allied: a group"
    " that lasts twenty years has twenty years in which to find an ally, one that fails in its first year has hardly"
    " any. Part of the gap is there before any ally has helped anyone; the years lived before the first alliance are"
    " counted as if the alliance had protected them (immortal time). Read the landmark curves and the Cox model."
)
COLUMNS = ("age", "measure", "split", "value")
"""Of the file of curves; age is in years since the group was founded, empty of what is of no age."""
SURVIVAL = (
    Definition(
        "duration",
        "Duration",
        "years",
        "Calendar years of a group's life, both ends counted; only those within coverage where it goes on beyond.",
        "last year - first year + 1",
    ),
    Definition(
        "failure",
        "Failure",
        "",
        "A group fails when it ends by defeat, dissolution or in a way not known; mergers, splits, changes of name,"
        " settlements and groups that joined politics are censored at their end, groups still active in the last year"
        " of coverage then. Where every end is counted, all of the former are failures too.",
    ),
    Definition(
        f"landmark_{', landmark_'.join(map(str, AGES))}",
        "Landmark",
        "years",
        f"The status of a group is taken at a fixed age ({', '.join(map(str, AGES))} years), and those that outlast it"
        " are followed from then on: what happens later changes no status.",
        "",
        "J. R. Anderson, K. C. Cain and R. D. Gelber (1983), Analysis of survival by tumor response, Journal of"
        " Clinical Oncology 1 (11), 710-719",
    ),
    Definition(
        "survival",
        "Survival",
        "share",
        "The part of the groups that outlast an age, in years since they were founded (Kaplan-Meier estimate); 1 at the"
        " landmark.",
        "S(t) = product over the ages u <= t of (1 - d_u / n_u), d_u failures at age u among the n_u still followed",
        "E. L. Kaplan and P. Meier (1958), Nonparametric estimation from incomplete observations, Journal of the"
        " American Statistical Association 53 (282), 457-481; estimates are those of lifelines",
    ),
    Definition(
        "low, high",
        "95% band",
        "share",
        "Pointwise interval of the survival, from Greenwood's variance on the log-log scale, which keeps it within 0"
        " and 1.",
        "S(t)^(exp(+-1.96 v / log S(t))), v^2 = sum of d_u / (n_u(n_u - d_u)) over u <= t",
        "M. Greenwood (1926), The natural duration of cancer, Reports on Public Health and Medical Subjects 33; J. D."
        " Kalbfleisch and R. L. Prentice (1980), The statistical analysis of failure time data, Wiley",
    ),
    Definition("at_risk", "At risk", "count", "Groups still followed just before an age."),
    Definition(
        "left_out",
        "Left out",
        "count",
        "By what the alliances hold: groups with allies of whom no content is known (not coded, or coded with nothing"
        " found). They are neither alone nor of a status.",
    ),
    Definition(
        "log_rank, log_rank_p",
        "Log-rank test",
        "number",
        "Whether all statuses can have one survival: observed against expected failures at every age, and its p.",
        "chi-square with (statuses - 1) degrees of freedom",
        "N. Mantel (1966), Evaluation of survival data and two new rank order statistics arising in its consideration,"
        " Cancer Chemotherapy Reports 50 (3), 163-170",
    ),
    Definition(
        "ever_biased",
        "Ever allied against never allied",
        "share",
        BIAS,
        "",
        "S. Suissa (2008), Immortal time bias in pharmacoepidemiology, American Journal of Epidemiology 167 (4),"
        " 492-499",
    ),
    Definition(
        "cox_ratio, cox_low, cox_high, cox_p",
        "Hazard ratio",
        "number",
        "How much more often a group fails in a year with an ally than one of the same age without: a Cox model whose"
        " alliance status changes from year to year (lifelines' CoxTimeVaryingFitter, Efron's method for ties), with"
        " its 95% interval and p.",
        "h(t) = h_0(t) exp(b x(t)), x(t) = 1 with an ally at age t, else 0; the ratio is exp(b)",
        f"{COX}; B. Efron (1977), The efficiency of Cox's likelihood function for censored data, Journal of the"
        " American Statistical Association 72 (359), 557-565",
    ),
    Definition(
        "cox_proportional_coefficient, cox_proportional_p",
        "Check of proportional hazards",
        "number",
        "Whether that ratio is one for all ages: status x log(age) is added to the model. Its coefficient is above 0"
        " where the log ratio rises with log(age); its p is small where the ratio changes. It takes the place of a test"
        " on Schoenfeld's residuals, which lifelines does not offer for a status that changes.",
        "h(t) = h_0(t) exp(b x(t) + c x(t) log t); the coefficient is c",
        COX,
    ),
)
"""What the curves, tests and the model are, for the pages and the file."""
FAILURE, LANDMARK, MODEL = (
    next(d for d in SURVIVAL if d.label == label) for label in ("Failure", "Landmark", "Hazard ratio")
)


@dataclass(frozen=True, eq=False)
class Lives:
    """Groups whose survival is looked at, one row each."""

    group: Ints
    """(n,): row in ``index.groups``."""
    duration: Ints
    """(n,): years, both ends counted."""
    failed: Bools
    """(n,): ended by an event; the others are censored."""
    ongoing: Bools
    """(n,): still active in the last year of coverage."""

    @property
    def first_year_failure(self) -> float:
        """Part of the groups that ended in the calendar year in which they began; NaN of none."""
        gone = (self.duration == 1) & ~self.ongoing
        return float(gone.mean()) if len(gone) else float("nan")


@dataclass(frozen=True)
class Curve:
    """One Kaplan-Meier curve; arrays start at the landmark with survival 1."""

    label: str
    n: int
    events: int
    ages: tuple[float, ...]
    """Years since the group was founded."""
    survival: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    """95% band (log-log, as lifelines draws it)."""
    at_risk: tuple[tuple[int, int], ...]
    """(age, groups still followed just before it)."""
    median: float | None
    """Age that half of them pass; None where more than half outlive the data."""


@dataclass(frozen=True)
class Comparison:
    """Curves of the statuses, and whether they differ."""

    by: By
    landmark: int | None
    """Age at which the status was taken; None = ever, which is biased by immortal time."""
    curves: tuple[Curve, ...]
    log_rank: float | None
    """Test statistic of the log-rank test, chi-square of (curves - 1) degrees of freedom; None of one curve."""
    p: float | None
    left_out: int = 0
    """Groups of no status: allied, but by alliances whose content is not coded, or coded with nothing found."""

    @property
    def immortal_time_biased(self) -> bool:
        """Whether the status was taken from the whole life, which ``BIAS`` warns of."""
        return self.landmark is None


@dataclass(frozen=True)
class Hazard:
    """Cox model with an alliance status that changes from year to year; numbers are None where ``reason`` says why."""

    n: int
    events: int
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None
    proportional_p: float | None
    """p of the term status x log(age): a small one says that the ratio changes with age (Cox 1972)."""
    reason: str = ""
    proportional_coefficient: float | None = None
    """Coefficient of that term: above 0 the log hazard ratio rises with log(age), below 0 it falls."""


_importing = RLock()
IMPORTS = 20
"""Tries to import lifelines: see ``load_lifelines``."""


def load_lifelines() -> None:
    """Import lifelines, again where it failed by accident.

    As it is imported, autograd walks through numpy's names, and numpy adds parts of itself to them when another thread
    first uses these. What failed is no longer in ``sys.modules``, so the next try begins anew.

    Raises
    ------
    RuntimeError
        When it fails every time.
    """
    with _importing:
        for _ in range(IMPORTS - 1):
            try:
                import_module("lifelines.statistics")
                return
            except RuntimeError:
                continue
        import_module("lifelines.statistics")


_filtering = RLock()


@contextmanager
def filtered() -> Iterator[None]:
    """Let warnings be filtered by one thread at a time: the filters are those of the whole process."""
    with _filtering, warnings.catch_warnings():
        yield


@contextmanager
def quietly() -> Iterator[None]:
    """Leave out what lifelines brings up of pandas 4: it is said to its makers, not to people here."""
    with filtered():
        warnings.simplefilter("ignore", Pandas4Warning)
        yield


def lives(index: Index, selection: Selection, *, every_end: bool = False) -> Lives:
    """Durations of the groups whose own ideologies and base pass.

    A group whose last year is the last of coverage, or later, is active then: it is censored whatever its end.
    Groups that began after coverage are left out.

    Parameters
    ----------
    every_end
        Count every end as an event, mergers and settlements too.
    """
    group = np.flatnonzero(own_groups(index, selection))
    frame = index.atlas.groups
    ends, ended = frame["end_type"].to_numpy(dtype=object)[group], frame["ended"].to_numpy(dtype=bool)[group]
    cover = int(index.years[-1])
    ongoing = ~ended | (index.groups.last[group] >= cover)
    last = np.minimum(index.groups.last[group], cover)
    within = index.groups.first[group] <= cover
    event = np.ones(len(group), dtype=bool) if every_end else np.isin(ends.astype(str), EVENTS)
    duration = last - index.groups.first[group] + 1
    return Lives(group[within], duration[within], (event & ~ongoing)[within], ongoing[within])


def _statuses(index: Index, selection: Selection, by: By) -> list[tuple[Ints, Ints, Ints]]:
    """For each status but the lowest, the (group, first year, last year) of the spells that give it."""
    ties, passes = index.alliances, passing(index, selection)
    if by == "shared ideology":
        names = [term.id for term in COLOURINGS[0].classes(index)]
        alike = np.array([name not in ("cross-ideological", "not-recorded") for name in names])
        masks = [passes & alike[classes_of_alliances(index, COLOURINGS[0])]]
    elif by == "content":
        masks = [passes & any_listed(ties.types) & ~ties.tangible, passes & ties.tangible]
    else:
        masks = [passes]
    return [
        (np.concatenate((ties.a[m], ties.b[m])), np.tile(ties.first[m], 2), np.tile(ties.last[m], 2)) for m in masks
    ]


def status_by(index: Index, selection: Selection, by: By, age: int | None) -> Ints:
    """(G,): highest status that each group has had in its first ``age`` calendar years, or ever; 0 = none.

    By content, -1 is a group with allies then of whom no content is known: it is neither alone nor of a status.
    """
    out = np.zeros(len(index.groups.ids), dtype=np.int64)

    def give(status: int, group: Ints, first: Ints, last: Ints) -> None:
        born = index.groups.first[group]
        held = (last >= born) & (np.ones(len(group), dtype=bool) if age is None else first <= born + age - 1)
        out[group[held]] = status

    if by == "content":
        for spells in _statuses(index, selection, "alliance"):
            give(-1, *spells)
    for status, spells in enumerate(_statuses(index, selection, by), start=1):
        give(status, *spells)
    return out


def kaplan_meier(
    durations: Floats | Ints, events: Bools, *, label: str = "", entry: int = 0, marks: tuple[int, ...] = ()
) -> Curve:
    """Kaplan-Meier curve of subjects followed from age ``entry`` on; the estimate is lifelines'.

    Parameters
    ----------
    marks
        Ages at which the number at risk is told.
    """
    load_lifelines()
    from lifelines import KaplanMeierFitter

    with quietly():
        fitter = KaplanMeierFitter().fit(np.asarray(durations) - entry, events, label="s")
    table, band = fitter.survival_function_["s"], fitter.confidence_interval_
    median = float(fitter.median_survival_time_)
    return Curve(
        label,
        len(durations),
        int(np.sum(events)),
        tuple(float(t) + entry for t in table.index),
        tuple(map(float, table)),
        tuple(map(float, band.iloc[:, 0])),
        tuple(map(float, band.iloc[:, 1])),
        tuple((age, int((np.asarray(durations) >= age).sum())) for age in marks),
        median + entry if np.isfinite(median) else None,
    )


def log_rank(durations: Ints, statuses: Ints | Bools, events: Bools) -> tuple[float, float]:
    """Statistic and p of the log-rank test that all statuses have one survival (chi-square, statuses - 1)."""
    load_lifelines()
    from lifelines.statistics import multivariate_logrank_test

    with quietly():
        test = multivariate_logrank_test(durations, statuses, events)
    return float(test.test_statistic), float(test.p_value)


def _compare(index: Index, selection: Selection, by: By, age: int | None, every_end: bool) -> Comparison:
    known = lives(index, selection, every_end=every_end)
    kept = known.duration > (age or 0)
    duration, failed = known.duration[kept], known.failed[kept]
    status = status_by(index, selection, by, age)[known.group[kept]]
    told = status >= 0
    left_out = int((~told).sum())
    duration, failed, status = duration[told], failed[told], status[told]
    longest = int(duration.max(initial=0))
    marks = (age or 1, *(mark for mark in AT_RISK if (age or 1) < mark <= longest))
    curves = tuple(
        kaplan_meier(duration[status == s], failed[status == s], label=name, entry=age or 0, marks=marks)
        for s, name in enumerate(NAMES[by])
        if (status == s).any()
    )
    if len(curves) < 2 or not failed.any():
        return Comparison(by, age, curves, None, None, left_out)
    return Comparison(by, age, curves, *log_rank(duration, status, failed), left_out)


@kept(256)
def landmark(index: Index, selection: Selection, age: int, by: By = "alliance", every_end: bool = False) -> Comparison:
    """Survival of the groups that outlast ``age`` years, by their status in these years; see the module.

    Kept by selection: give it the *what* half (``grammar.what``), so that a change of year costs nothing.
    """
    return _compare(index, selection, by, age, every_end)


@kept(64)
def ever(index: Index, selection: Selection, by: By = "alliance", every_end: bool = False) -> Comparison:
    """Naive comparison, to stand beside the landmark and marked as biased by immortal time; see ``BIAS``."""
    return _compare(index, selection, by, None, every_end)


def episodes(index: Index, selection: Selection, *, every_end: bool = False) -> pd.DataFrame:
    """Years of life with and without an ally: columns id, start, stop, event, allied; ages in years, start excluded."""
    known = lives(index, selection, every_end=every_end)
    longest = int(known.duration.max(initial=0))
    allied = np.zeros((len(index.groups.ids), longest + 2), dtype=bool)
    for group, first, last in _statuses(index, selection, "alliance"):
        born = index.groups.first[group]
        for g, low, high in zip(group, np.maximum(first - born, 0), last - born, strict=True):
            allied[g, low : max(low, min(high, longest) + 1)] = True
    rows = []
    for g, duration, failed in zip(known.group, known.duration, known.failed, strict=True):
        now = allied[g, :duration]
        cuts = [0, *(np.flatnonzero(now[1:] != now[:-1]) + 1).tolist(), int(duration)]
        rows += [
            (int(g), start, stop, bool(failed) and stop == duration, int(now[start])) for start, stop in pairwise(cuts)
        ]
    return pd.DataFrame(rows, columns=["id", "start", "stop", "event", "allied"])


def fit_cox(frame: pd.DataFrame, covariates: list[str]) -> Any:
    """Fitted ``CoxTimeVaryingFitter`` of a frame with id, start, stop, event and the covariates.

    Raises
    ------
    ValueError
        Where lifelines finds no estimate, or warns that the one it found is not to be trusted.
    """
    load_lifelines()
    from lifelines import CoxTimeVaryingFitter
    from lifelines.exceptions import ConvergenceError, ConvergenceWarning

    with filtered():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", ConvergenceWarning)
        # A hint before the fit, of what might go wrong; whether it did is seen by the fit.
        warnings.filterwarnings("ignore", message=".*low variance", category=ConvergenceWarning)
        try:
            fitted = CoxTimeVaryingFitter().fit(
                frame[["id", "start", "stop", "event", *covariates]], id_col="id", start_col="start", stop_col="stop",
                event_col="event",
            )  # fmt: skip
        except (ConvergenceError, ConvergenceWarning, np.linalg.LinAlgError) as why:
            raise ValueError("the model does not converge on so few or so uneven groups") from why
    if not (fitted.standard_errors_ < MOST_ERROR).all():
        raise ValueError("one status goes with failure, or its absence, without exception")
    return fitted


def yearly(frame: pd.DataFrame) -> pd.DataFrame:
    """Episodes cut at every year, with ``allied_log_age`` = allied x log(age at the end of the year)."""
    length = (frame["stop"] - frame["start"]).to_numpy(dtype=np.int64)
    out = frame.loc[frame.index.repeat(length)].reset_index(drop=True)
    nth = np.arange(len(out)) - np.repeat(np.cumsum(length) - length, length)
    last = np.concatenate((out["id"].to_numpy()[1:] != out["id"].to_numpy()[:-1], [True]))[: len(out)]
    out["start"] = out["start"] + nth
    out["stop"] = out["start"] + 1
    out["event"] = out["event"] & last
    out["allied_log_age"] = out["allied"] * np.log(out["stop"])
    return out


@kept(64)
def cox(index: Index, selection: Selection, every_end: bool = False) -> Hazard:
    """Hazard of failing in a year with an ally against one without, for groups of the same age.

    Whether the ratio is one for all ages is checked by adding allied x log(age) to the model; see ``SURVIVAL``.
    """
    frame = episodes(index, selection, every_end=every_end)
    n, events = int(frame["id"].nunique()), int(frame["event"].sum())

    def without(reason: str) -> Hazard:
        return Hazard(n, events, None, None, None, None, None, reason)

    if events < FEW_EVENTS:
        many = {0: "No failure passes", 1: "Only 1 failure passes"}.get(events, f"Only {events} failures pass")
        return without(f"{many} the filters: too few to estimate anything.")
    if frame["allied"].nunique() < 2:
        return without("All the years of life that pass are of one status.")
    try:
        row = fit_cox(frame, ["allied"]).summary.loc["allied"]
    except ValueError as why:
        return without(f"No estimate: {why}.")
    try:
        change = fit_cox(yearly(frame), ["allied", "allied_log_age"]).summary.loc["allied_log_age"]
        check, slope = float(change["p"]), float(change["coef"])
    except ValueError:
        check, slope = None, None
    return Hazard(
        n, events, float(row["exp(coef)"]), float(row["exp(coef) lower 95%"]), float(row["exp(coef) upper 95%"]),
        float(row["p"]), check, proportional_coefficient=slope,
    )  # fmt: skip


def declared(index: Index) -> str:
    """Words of the dataset's own limit about groups without allies; empty where it declares none."""
    limit = next((limit for limit in index.atlas.dataset.limits if limit.about == "unallied"), None)
    return f"{limit.title}: {limit.text}" if limit else ""


def alone(index: Index) -> Bools:
    """(G,): groups without a relationship of any kind, in the whole dataset."""
    out = np.ones(len(index.groups.ids), dtype=bool)
    for ties in (index.alliances, index.rivals):
        out[ties.a] = out[ties.b] = False
    return out


def judgeable(index: Index) -> str | None:
    """Why a dataset cannot judge the survival of groups without allies; None where it can.

    It cannot where its dataset.toml declares so (a limit about ``unallied``), or where fewer than 5% of its groups
    never have a relationship of any kind: then groups seem to be in it because they have ties, and the few others say
    nothing of those that were never noticed. The threshold is ours. Filters do not matter, the whole dataset does.
    """
    if declared(index):
        return declared(index)
    n, count = len(index.groups.ids), int(alone(index).sum())
    if count >= FEW_ALONE * n and n:
        return None
    return (
        f"{count:,} of the dataset's {n:,} groups have no relationship at all, fewer than {FEW_ALONE:.0%}:"
        " groups seem to be in it because they have ties."
    )
