"""The published claims, each beside what the loaded data say for the filters of the moment.

The claims are those of P. Potter, "The Death and Life of Terrorist Networks", Foreign Affairs, October 2020, in our
own words. Each is judged by a rule that is written beside it: *consistent*, *differs*, or *cannot be judged* with the
reason. A sample whose groups are in it because they have allies says nothing about how many groups there are, how
many stand alone, or how long the unallied last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from data.colourings import COLOURINGS
from data.filters import FILTERS, own_groups, passing
from data.index import Bools, Floats, Index, Ints
from data.kept import kept
from data.measures.endurance import tangible_spells
from data.measures.key_figures import key_figures
from data.measures.phases import RULE, phases, smoothed
from data.measures.series import series_of
from data.measures.survival import AGES, cox, declared, kaplan_meier, landmark, lives, log_rank
from data.panel import Panel, by_year
from data.published import EARLY_1980S, GROUPS, INSTANCES, LATE_1960S, QUOTED, Mark
from data.selection import Selection

TOLERANCE = 0.15

Verdict = Literal["consistent", "differs", "cannot be judged"]


@dataclass(frozen=True)
class Line:
    """One line of a finding's chart."""

    label: str
    first_year: int
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Finding:
    """One claim and what the data say."""

    key: str
    claim: str
    figure: str
    """What the article gives."""
    ours: str
    """What the loaded data give, in a sentence."""
    verdict: Verdict
    reason: str
    definition: str
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    csv: str = ""
    """Name of the measure whose file holds the chart's numbers."""


@dataclass(frozen=True, eq=False)
class Facts:
    """What several claims lean on, worked out once."""

    index: Index
    selection: Selection
    panel: Panel
    passes: Bools
    own: Bools
    alliances: Ints
    sample: str
    """Why the data cannot judge claims about all groups; empty where they can."""
    filtered: bool

    @property
    def years(self) -> Ints:
        """Years of coverage."""
        return self.index.years

    def at(self, first: int, last: int) -> Ints:
        """Alliances of the years from first to last that are covered."""
        return self.alliances[(self.years >= first) & (self.years <= last)]

    def line(self, label: str, values: Ints | Floats) -> Line:
        """Values as a line of a chart."""
        return Line(label, int(self.years[0]), tuple(None if np.isnan(v) else float(v) for v in values))


def facts(index: Index, selection: Selection) -> Facts:
    """Work out what the claims lean on for a selection."""
    passes, panel = passing(index, selection), by_year(index)
    return Facts(
        index, selection, panel, passes, own_groups(index, selection), panel.count(passes), declared(index),
        any(spec.active(selection) for spec in FILTERS) or selection.group is not None,
    )  # fmt: skip


FILTERED = "The claim is about all groups, and filters are set: reset them to judge it."


def _near(value: float, wanted: float, tolerance: float = TOLERANCE) -> bool:
    return abs(value - wanted) <= tolerance * wanted


def _total(f: Facts, value: int, wanted: int, what: str) -> tuple[Verdict, str]:
    """Verdict on a total of the whole collection."""
    if f.filtered:
        return "cannot be judged", FILTERED
    if f.sample:
        return "cannot be judged", f.sample
    if _near(value, wanted, 0.05):
        return "consistent", f"Within 5% of the article's {what}."
    return "differs", f"More than 5% away from the article's {what}."


def _groups(f: Facts) -> Finding:
    n = int(f.own.sum())
    verdict, reason = _total(f, n, GROUPS, "number of groups")
    return Finding(
        "groups", "The data follow 2,613 armed non-state groups.", f"{GROUPS:,} groups",
        f"{n:,} groups in the data for these filters.", verdict, reason,
        "Groups of the dataset whose own ideologies and base pass the filters, in any year.",
    )  # fmt: skip


def _instances(f: Facts) -> Finding:
    dyad_years = int(f.alliances.sum())
    verdict, reason = _total(f, 2 * dyad_years, INSTANCES, "number of instances")
    return Finding(
        "instances", "They record nearly 15,000 instances of co-operation.", f"nearly {INSTANCES:,}",
        f"{2 * dyad_years:,}: {dyad_years:,} dyad-years, each counted once per direction.", verdict, reason,
        "An instance is read as a dyad-year counted once per direction. The article does not define the word: this is"
        " our reading.", (f.line("Dyad-years", f.alliances),), csv="active",
    )  # fmt: skip


def _isolated(f: Facts) -> Finding:
    ties = f.index.alliances
    allied = np.zeros(len(f.own), dtype=bool)
    allied[ties.a[f.passes]] = allied[ties.b[f.passes]] = True
    n = int(f.own.sum())
    share = float((f.own & ~allied).sum() / n) if n else float("nan")
    figures = key_figures(f.index, f.panel, f.passes, f.own)
    if f.sample:
        verdict: Verdict = "cannot be judged"
        reason = f.sample
    elif n == 0:
        verdict, reason = "cannot be judged", "No group passes the filters."
    else:
        verdict = "consistent" if share < 0.5 else "differs"
        reason = f"{'Fewer' if share < 0.5 else 'No fewer'} than half of the groups never have an ally."
    ours = f"{share:.0%} of {n:,} groups never have an alliance that passes." if n else "No group passes the filters."
    return Finding(
        "isolated", "Far fewer groups are isolated than was believed.", "no number given", ours, verdict, reason,
        "Groups without any passing alliance in any year, of all groups that pass. Consistent below one half.",
        (f.line("Share of the year's groups with an ally", figures["allied_share"]),), csv="figures",
    )  # fmt: skip


def _growth(f: Facts) -> Finding:
    countries = key_figures(f.index, f.panel, f.passes, f.own)["countries"]
    span = min(10, len(f.years) // 2)
    definition = (
        "Mean of the first ten against the mean of the last ten years of coverage, of active alliances and of the"
        " countries in which allied groups have their base. Consistent where both have grown."
    )
    lines = (f.line("Active alliances", f.alliances), f.line("Countries linked", countries))
    claim = "Alliances grew in number and in geographic breadth."
    if span == 0 or not f.alliances.any():
        return Finding(
            "growth", claim, "no number given", "No alliance passes.", "cannot be judged",
            "There is nothing to compare.", definition, lines, csv="figures",
        )  # fmt: skip
    before, after = float(f.alliances[:span].mean()), float(f.alliances[-span:].mean())
    narrow, wide = float(countries[:span].mean()), float(countries[-span:].mean())
    grown = after > before and wide > narrow
    return Finding(
        "growth", claim, "no number given",
        f"Active alliances from {before:.0f} to {after:.0f} a year, countries linked from {narrow:.0f} to {wide:.0f}.",
        "consistent" if grown else "differs",
        "Both have grown." if grown else "Not both have grown.", definition, lines, csv="figures",
    )  # fmt: skip


def _rise(f: Facts) -> Finding:
    definition = (
        "Mean of 1966 to 1969 against the highest year of 1980 to 1984. Consistent where both lie within 15% of the"
        " article's figures, or, in a sample or under filters, where the rise (3.5 times in the article) is within a"
        " quarter of that."
    )
    early, late = f.at(1966, 1969), f.at(1980, 1984)
    lines, claim = (
        (f.line("Active alliances", f.alliances),),
        "Active alliances rose from just under 50 in the late 1960s to nearly 175 in the early 1980s.",
    )
    figure = f"just under {LATE_1960S}, then nearly {EARLY_1980S}"
    if len(early) < 4 or len(late) < 5 or not early.any():
        return Finding(
            "rise",
            claim,
            figure,
            "These years are not covered, or hold no alliance that passes.",
            "cannot be judged",
            "There is nothing to compare.",
            definition,
            lines,
            QUOTED,
            "active",
        )
    low, high = float(early.mean()), float(late.max())
    times = high / low
    ours = f"{low:.0f} a year in 1966 to 1969, at most {high:.0f} in 1980 to 1984: {times:.1f} times as many."
    if f.sample or f.filtered:
        verdict: Verdict = "consistent" if _near(times, EARLY_1980S / LATE_1960S, 0.25) else "differs"
        reason = "The levels are those of a part of all alliances and cannot be compared; the rise can: it is"
        reason += f" {times:.1f} times here and 3.5 times in the article."
    elif _near(low, LATE_1960S) and _near(high, EARLY_1980S):
        verdict, reason = "consistent", "Both levels are within 15% of the article's."
    else:
        verdict, reason = "differs", "At least one of the levels is more than 15% away from the article's."
    return Finding("rise", claim, figure, ours, verdict, reason, definition, lines, QUOTED, "active")


def _lull(f: Facts) -> Finding:
    lulls = [p.first_year for p in phases(f.alliances, int(f.years[0])) if p.kind == "lull"]
    inside = [year for year in lulls if 1985 <= year <= 1991]
    ours = (
        f"The rule finds {'lulls' if len(lulls) > 1 else 'a lull'} in {', '.join(map(str, lulls))}."
        if lulls
        else "The rule finds no lull."
    )
    covered = bool(f.alliances.any()) and f.years[0] <= 1980 and f.years[-1] >= 1995
    verdict: Verdict = "cannot be judged" if not covered else "consistent" if inside else "differs"
    reason = {
        "cannot be judged": "The years about it are not covered, or no alliance passes.",
        "consistent": "It falls within 1985 to 1991.",
        "differs": "None falls within 1985 to 1991.",
    }[verdict]
    return Finding(
        "lull", "There was a lull in the late 1980s.", "late 1980s", ours, verdict, reason, RULE,
        (f.line("Active alliances", f.alliances), f.line("Smoothed", smoothed(f.alliances))), csv="active",
    )  # fmt: skip


def _peak(f: Facts) -> Finding:
    smooth = smoothed(f.alliances)
    covered = bool(f.alliances.any()) and f.years[-1] >= 2013
    top = int(f.years[int(smooth.argmax())]) if len(smooth) else 0
    near = 2008 <= top <= 2012
    verdict: Verdict = "cannot be judged" if not covered else "consistent" if near else "differs"
    reason = {
        "cannot be judged": "The years about it are not covered, or no alliance passes.",
        "consistent": "It falls within 2008 to 2012.",
        "differs": "It does not fall within 2008 to 2012.",
    }[verdict]
    return Finding(
        "peak", "Active alliances peaked about 2010.", "about 2010",
        f"The smoothed series is highest in {top}." if covered else "Nothing to find a peak in.", verdict, reason,
        "The highest year of the series smoothed by a centred mean of five years. Consistent from 2008 to 2012.",
        (f.line("Active alliances", f.alliances), f.line("Smoothed", smooth)), QUOTED, "active",
    )  # fmt: skip


def _wave(f: Facts) -> tuple[int, int] | None:
    """Years of the second wave: from the last lull to the last peak; None where there are no two waves."""
    found = phases(f.alliances, int(f.years[0]))
    lulls, peaks = [p for p in found if p.kind == "lull"], [p for p in found if p.kind == "peak"]
    return (lulls[-1].first_year, peaks[-1].first_year) if lulls and peaks else None


WAVE = "The second wave runs from the last lull to the last peak, by the rule of the claim about the lull."


def _islamist(f: Facts) -> Finding:
    claim, figure = "Islamist ties dominate the second wave.", "no number given"
    definition = (
        f"{WAVE} Consistent where Islamist is the most frequent shared ideology of its dyad-years and makes up more"
        " than half of them in its last year."
    )
    wave = _wave(f)
    known = "islamist" in {term.id for term in COLOURINGS[0].classes(f.index)}
    by_class = [
        s
        for s in series_of(f.index, "active", replace(f.selection, colour="ideology"))
        if s.split and s.measure == "alliances"
    ]
    lines = tuple(f.line(s.label, s.values) for s in sorted(by_class, key=lambda s: -int(s.values.sum()))[:4])
    if wave is None or not known:
        why = "The dataset has no ideology of that name." if not known else "The rule finds no second wave."
        return Finding("islamist", claim, figure, why, "cannot be judged", why, definition, lines, csv="active")
    inside = (f.years >= wave[0]) & (f.years <= wave[1])
    sums = {s.split: int(s.values[inside].sum()) for s in by_class}
    last = next((float(s.values[inside][-1]) for s in by_class if s.split == "islamist"), 0.0) / max(
        1, int(f.alliances[inside][-1])
    )
    first = max(sums, key=lambda key: sums[key]) == "islamist"
    share = sums.get("islamist", 0) / max(1, sum(sums.values()))
    ours = f"From {wave[0]} to {wave[1]}, {share:.0%} of the dyad-years are Islamist; {last:.0%} in {wave[1]}."
    good = first and last > 0.5
    return Finding(
        "islamist", claim, figure, ours, "consistent" if good else "differs",
        f"It {'is' if good else 'is not'} both the most frequent and more than one half.",
        definition, lines, csv="active",
    )  # fmt: skip


def _tangible(f: Facts) -> Finding:
    claim, figure = "Many of the Islamist ties of the second wave are tangible.", "no number given"
    definition = (
        f"{WAVE} Of its coded Islamist dyad-years, the part with at least one tangible type. Consistent from one half"
        " up."
    )
    wave = _wave(f)
    names = [term.id for term in COLOURINGS[0].classes(f.index)]
    if wave is None or "islamist" not in names:
        why = "The rule finds no second wave." if wave is None else "The dataset has no ideology of that name."
        return Finding("tangible", claim, figure, why, "cannot be judged", why, definition)
    ties = f.index.alliances
    ours_only = f.passes & (COLOURINGS[0].of_ties(f.index, ties) == names.index("islamist"))
    coded, tangible = f.panel.count(ours_only & ties.coded), f.panel.count(ours_only & ties.tangible)
    inside = (f.years >= wave[0]) & (f.years <= wave[1])
    n, of = int(tangible[inside].sum()), int(coded[inside].sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        line = f.line("Tangible share of Islamist alliances", np.where(coded > 0, tangible / coded, np.nan))
    if of == 0:
        return Finding(
            "tangible",
            claim,
            figure,
            "No coded Islamist alliance passes.",
            "cannot be judged",
            "There is nothing to judge.",
            definition,
            (line,),
        )
    return Finding(
        "tangible", claim, figure, f"{n / of:.0%} of {of:,} coded Islamist dyad-years from {wave[0]} to {wave[1]}.",
        "consistent" if 2 * n >= of else "differs", "At least half." if 2 * n >= of else "Fewer than half.",
        definition, (line,),
    )  # fmt: skip


def _first_year(f: Facts) -> Finding:
    known = lives(f.index, f.selection)
    n, part = len(known.group), known.first_year_failure
    near = abs(part - 0.5) <= 0.1 if n else False
    verdict: Verdict = "cannot be judged" if f.sample or not n else "consistent" if near else "differs"
    reason = (
        (f.sample or "No group passes the filters.")
        if verdict == "cannot be judged"
        else (f"{'Within' if near else 'More than'} ten points of one half.")
    )
    return Finding(
        "first-year", "About half of the groups fail in their first year.", "about half",
        f"{part:.0%} of {n:,} groups ended in the calendar year in which they began." if n else "No group passes.",
        verdict, reason,
        "Groups whose first and last calendar year are the same, of all groups that pass; groups still active in the"
        " last year of coverage do not count as ended. Consistent from 40% to 60%.", csv="survival",
    )  # fmt: skip


def _outlive(f: Facts) -> Finding:
    compared = [landmark(f.index, f.selection, age) for age in AGES]
    model = cox(f.index, f.selection)
    parts = [f"from age {c.landmark}: log-rank p {c.p:.2g}" for c in compared if c.p is not None]
    if model.ratio is not None:
        parts.append(f"Cox hazard ratio {model.ratio:.2f} ({model.low:.2f} to {model.high:.2f})")
    longer = model.ratio is not None and model.high is not None and model.high < 1
    verdict: Verdict = "cannot be judged" if f.sample or model.ratio is None else "consistent" if longer else "differs"
    reason = {
        "cannot be judged": f.sample or model.reason,
        "consistent": "In a year with an ally a group is less likely to fail: the whole interval is below 1.",
        "differs": "The interval of the hazard ratio is not below 1.",
    }[verdict]
    return Finding(
        "outlive", "Allied groups outlive groups without allies.", "no number given",
        f"{'; '.join(parts)[:1].upper()}{'; '.join(parts)[1:]}." if parts else "Nothing to compare.",
        verdict, reason,
        "Cox model with an alliance status that changes from year to year, beside Kaplan-Meier curves by the status at"
        " 1, 3 and 5 years. Consistent where the 95% interval of the hazard ratio lies below 1.", csv="survival",
    )  # fmt: skip


def _sustains(f: Facts) -> Finding:
    spells = tangible_spells(f.index, f.selection)
    within, across = spells.shared, ~spells.shared
    claim, figure = "A shared ideology sustains tangible co-operation.", "no number given"
    definition = (
        "Unbroken runs of years in which a dyad co-operates tangibly, begun after the first year of coverage: how long"
        " they last where both groups have one ideology in common, and where they have none (Kaplan-Meier medians,"
        " log-rank test). Consistent where those of one ideology last longer with p below 0.05."
    )
    if min(int(within.sum()), int(across.sum())) < 10 or not spells.ended.any():
        return Finding(
            "sustains",
            claim,
            figure,
            "Too few runs to compare.",
            "cannot be judged",
            "Fewer than ten runs on one side.",
            definition,
        )
    one, two = (kaplan_meier(spells.duration[side], spells.ended[side]) for side in (within, across))
    _, p = log_rank(spells.duration, spells.shared, spells.ended)
    means = [float(np.trapezoid(curve.survival, curve.ages)) for curve in (one, two)]
    good = p < 0.05 and means[0] > means[1]
    medians = [f"{curve.median:.0f}" if curve.median is not None else "more than the data show" for curve in (one, two)]
    return Finding(
        "sustains", claim, figure,
        f"Median {medians[0]} years in {one.n:,} runs within an ideology, {medians[1]} in {two.n:,} across;"
        f" log-rank p {p:.2g}.",
        "consistent" if good else "differs",
        f"They {'last' if good else 'do not last'} longer {'' if good else 'or chance could explain it'}".strip() + ".",
        definition,
    )  # fmt: skip


FINDINGS: tuple[Callable[[Facts], Finding], ...] = (
    _groups, _instances, _isolated, _growth, _rise, _lull, _peak, _islamist, _tangible, _first_year,
)  # fmt: skip
SLOW: tuple[Callable[[Facts], Finding], ...] = (_outlive, _sustains)
"""Claims that wait for lifelines; the page shows them with the survival analysis, after the others."""


@kept(64)
def findings(index: Index, selection: Selection) -> tuple[Finding, ...]:
    """Every claim but the slow ones, judged on the data for the *what* half of a selection."""
    known = facts(index, selection)
    return tuple(finding(known) for finding in FINDINGS)


@kept(64)
def slow_findings(index: Index, selection: Selection) -> tuple[Finding, ...]:
    """The claims of ``SLOW`` in the same way."""
    known = facts(index, selection)
    return tuple(finding(known) for finding in SLOW)
