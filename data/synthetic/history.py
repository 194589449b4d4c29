"""The made-up history: year by year alliances end, new ones form until the year's target is met, and groups end.

Everything is done for all groups of a year at once, so that a hundred times MGAR takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FIRST_YEAR, LAST_YEAR = 1950, 2016
GROUPS, DYAD_YEARS = 2_613, 7_400

PUBLISHED = {1966: 45, 1969: 48, 1982: 173}
"""Active alliances as the article gives them: just under 50, then nearly 175."""
SHAPE = {1950: 9, 1959: 22, 1988: 122, 1996: 146, 2003: 168, 2010: 208, 2016: 160}
"""The rest of the curve, of which only the form is published; the years from the lull on are scaled to the total."""
WOBBLE = 0.012
"""Standard deviation of a year's target about the curve, as a fraction; at most twice that."""

COHORTS = {1950: 70, 1951: 14, 1965: 24, 1980: 46, 1990: 40, 2000: 40, 2010: 54, 2016: 44}
"""Groups that begin in a year, as weights; the first year has those that were there before coverage."""
GONE = 0.5
"""The part of a year's new groups that is gone in the same year."""
FRAIL = 0.3
"""How much less likely an allied group is to be among them."""
GROUP_HAZARD = {"alone": 0.14, "allied": 0.05}
"""Chance that an older group ends in a year."""
TIE_HAZARD = {"tangible within": 0.12, "tangible across": 0.36, "rhetorical": 0.3}
"""Chance that an alliance does not go on into the next year: shared ideology sustains tangible ties."""

NEARNESS = {
    "town": 0.035,
    "ideology, country": 0.2,
    "ideology, region": 0.3,
    "ideology": 0.23,
    "country": 0.1,
    "": 0.135,
}
"""What the partner of a new alliance has in common with the group that seeks one, and how often."""
NEWCOMER = 6.0
"""How much likelier a group that never had an ally is to seek one."""
ATTRACTION = 0.6
"""Weight of a group without allies as a partner; each ally adds 1 (preferential attachment, Barabasi and Albert
1999)."""
TILT = {1950: 0.5, 1980: 0.7, 1988: 2.0, 1995: 4.2, 2005: 6.0, 2016: 6.0}
"""Weight of Islamist groups in seeking and in being sought, over the years."""
ROUNDS = 60


@dataclass(frozen=True, eq=False)
class History:
    """Lives of the groups, and spells of alliance between them (rows of groups, a < b)."""

    first: Ints
    last: Ints
    ended: Bools
    """(G,): False for a group that is active at the end of coverage."""
    a: Ints
    b: Ints
    tie_first: Ints
    tie_last: Ints
    tie_open: Bools
    pattern: Ints
    """(N,): row of the curated alliance that each follows."""


def _years() -> Ints:
    return np.arange(FIRST_YEAR, LAST_YEAR + 1)


def births(scale: int) -> Ints:
    """(Y,): groups that begin in each year; they sum to 2,613 times the scale."""
    weights = np.interp(_years(), list(COHORTS), list(COHORTS.values()))
    bounds = np.round(np.cumsum(weights) / weights.sum() * GROUPS * scale).astype(np.int64)
    out: Ints = np.diff(bounds, prepend=0)
    return out


def curve() -> Floats:
    """(Y,): active alliances of each year at scale 1: a monotone cubic through what is published, summing to 7,400."""
    from scipy.interpolate import PchipInterpolator
    from scipy.optimize import brentq

    lull = min(year for year in SHAPE if year > max(PUBLISHED))

    def through(factor: float) -> Floats:
        free = {year: n * (factor if year > lull else 1.0) for year, n in SHAPE.items()}
        anchors = dict(sorted({**PUBLISHED, **free}.items()))
        return np.asarray(PchipInterpolator(list(anchors), list(anchors.values()))(_years()))

    return through(float(brentq(lambda factor: through(factor).sum() - DYAD_YEARS, 0.5, 2.0)))


def wanted(scale: int, rng: np.random.Generator) -> Ints:
    """(Y,): active alliances of each year, a little off the curve."""
    wobble = np.clip(rng.normal(0.0, WOBBLE, len(_years())), -2 * WOBBLE, 2 * WOBBLE)
    return np.maximum(1, np.round(scale * curve() * (1.0 + wobble))).astype(np.int64)


class _Blocks:
    """Groups by a key, to draw from those of one key by weight."""

    def __init__(self, key: Ints, weight: Floats) -> None:
        self._order = np.argsort(key, kind="stable")
        self._keys = key[self._order]
        self._sums = np.concatenate(([0.0], np.cumsum(weight[self._order])))

    def draw(self, key: Ints, rng: np.random.Generator) -> Ints:
        """(n,): a group of each key."""
        low = self._sums[np.searchsorted(self._keys, key, side="left")]
        high = self._sums[np.searchsorted(self._keys, key, side="right")]
        at = np.searchsorted(self._sums, low + rng.random(len(key)) * (high - low), side="right") - 1
        out: Ints = self._order[np.minimum(at, len(self._order) - 1)]
        return out


def _pairs(
    n: int, keys: dict[str, Ints], seek: Floats, attract: Floats, used: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Form n pairs of groups, a < b, that are not among the codes used (a * G + b); fewer where none are left.

    Parameters
    ----------
    keys
        (G,) what groups can have in common, by the names of ``NEARNESS``.
    seek, attract
        (G,) weights of the one end and of the other.
    """
    size, levels = len(seek), list(NEARNESS)
    chances = np.array(list(NEARNESS.values())) / sum(NEARNESS.values())
    everyone = _Blocks(np.zeros(size, dtype=np.int64), seek)
    blocks = {level: _Blocks(keys[level], attract) for level in levels}
    found = np.empty(0, dtype=np.int64)
    for turn in range(ROUNDS):
        left = n - len(found)
        if left <= 0:
            break
        one = everyone.draw(np.zeros(left, dtype=np.int64), rng)
        level = rng.choice(len(levels), left, p=chances)
        if turn > ROUNDS // 2:  # those that find nobody near look everywhere
            level[:] = levels.index("")
        other = np.empty(left, dtype=np.int64)
        for i, name in enumerate(levels):
            rows = np.flatnonzero(level == i)
            other[rows] = blocks[name].draw(keys[name][one[rows]], rng)
        code = np.minimum(one, other) * size + np.maximum(one, other)
        code = code[(one != other) & ~np.isin(code, used) & ~np.isin(code, found)]
        _, fresh = np.unique(code, return_index=True)
        found = np.concatenate((found, code[np.sort(fresh)]))
    return found // size, found % size


def _fewest_first(weight: Floats, n: int, rng: np.random.Generator) -> Ints:
    """Draw n places without replacement, by weight (exponential clocks, Efraimidis and Spirakis 2006)."""
    return np.argsort(rng.exponential(1.0, len(weight)) / weight)[:n]


def simulate(
    first: Ints, *, ideology: Ints, favoured: Bools, town: Ints, country: Ints, region: Ints, early: Ints, late: Ints,
    tangible: Bools, scale: int, rng: np.random.Generator, targets: Ints | None = None,
) -> History:  # fmt: skip
    """Let the groups live, ally and end.

    Parameters
    ----------
    first
        (G,) first years, ascending.
    ideology, town, country, region
        (G,) codes.
    favoured
        (ideologies,): which one grows over the years as in ``TILT``.
    early, late
        Rows of the curated alliances that those of the first and of the second wave follow.
    tangible
        (curated alliances,): whether each is tangible.
    targets
        (Y,) active alliances in place of ``wanted``.
    """
    size = len(first)
    target = wanted(scale, rng) if targets is None else targets
    common = {
        "town": town,
        "ideology, country": ideology * (country.max() + 1) + country,
        "ideology, region": ideology * (region.max() + 2) + region + 1,
        "ideology": ideology,
        "country": country,
        "": np.zeros(size, dtype=np.int64),
    }
    last, ended, ever = np.full(size, LAST_YEAR), np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    # Columns of the alliances that go on: a, b, first year, pattern; of those that have ended, with their last year.
    active, over = np.empty((4, 0), dtype=np.int64), [np.empty((5, 0), dtype=np.int64)]
    just_over = np.empty(0, dtype=np.int64)

    def end(which: Bools, year: int) -> None:
        nonlocal active
        over.append(np.vstack((active[:, which], np.full(int(which.sum()), year))))
        active = active[:, ~which]

    for year, wanted_now in zip(_years().tolist(), target.tolist(), strict=True):
        # 1. Alliances of the year before that do not go on; those that ended with a group are over already.
        within = ideology[active[0]] == ideology[active[1]]
        hazard = np.where(within, TIE_HAZARD["tangible within"], TIE_HAZARD["tangible across"])
        hazard = np.where(tangible[active[3]], hazard, TIE_HAZARD["rhetorical"])
        done = rng.random(active.shape[1]) < hazard
        surplus = int((~done).sum()) - wanted_now
        if surplus > 0:
            going = np.flatnonzero(~done)
            done[going[_fewest_first(hazard[going] ** -1.0, len(going), rng)[-surplus:]]] = True
        just_over = np.concatenate((just_over, active[0, done] * size + active[1, done]))
        end(done, year - 1)

        # 2. New ones, among the groups of the year.
        alive = np.flatnonzero((first <= year) & ~ended)
        degree = np.bincount(active[:2].ravel(), minlength=size)[alive]
        tilt = np.where(favoured[ideology[alive]], np.interp(year, list(TILT), list(TILT.values())), 1.0)
        seek = tilt * np.where(ever[alive], 1.0, NEWCOMER)
        place = np.searchsorted(alive, active[:2])
        n_alive = len(alive)
        recent = np.searchsorted(alive, np.array([just_over // size, just_over % size]))
        there = np.isin(just_over // size, alive) & np.isin(just_over % size, alive)
        used = np.concatenate((place[0] * n_alive + place[1], recent[0, there] * n_alive + recent[1, there]))
        a, b = _pairs(
            wanted_now - active.shape[1], {level: key[alive] for level, key in common.items()}, seek,
            tilt * (ATTRACTION + degree), used, rng,
        )  # fmt: skip
        pool = early if year < (FIRST_YEAR + LAST_YEAR) // 2 + 7 else late
        patterns = pool[rng.integers(0, len(pool), len(a))]
        new = np.vstack((alive[a], alive[b], np.full(len(a), year), patterns))
        active = np.hstack((active, new))
        ever[active[:2].ravel()] = True

        # 3. Groups that end, and their alliances with them.
        allied = np.zeros(size, dtype=bool)
        allied[active[:2].ravel()] = True
        new_groups, older = alive[first[alive] == year], alive[first[alive] < year]
        n_gone = int(np.round(GONE * len(new_groups)))
        gone = new_groups[_fewest_first(np.where(allied[new_groups], FRAIL, 1.0), n_gone, rng)]
        risk = np.where(allied[older], GROUP_HAZARD["allied"], GROUP_HAZARD["alone"])
        gone = np.concatenate((gone, older[rng.random(len(older)) < risk]))
        last[gone], ended[gone] = year, True
        with_them = ended[active[0]] | ended[active[1]]
        just_over = active[0, with_them] * size + active[1, with_them]
        end(with_them, year)

    ties = np.hstack((*over, np.vstack((active, np.full(active.shape[1], LAST_YEAR)))))
    is_open = np.arange(ties.shape[1]) >= ties.shape[1] - active.shape[1]
    return History(first, last, ended, ties[0], ties[1], ties[2], ties[4], is_open, ties[3])
