"""A seeded, made-up dataset of MGAR's size for benchmarks: clustered like the real bases, labelled synthetic."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.index import index
from data.model import Atlas
from tests import made

FIRST, LAST = 1950, 2016
GROUPS = 2_613
CURVE = {1950: 8, 1960: 20, 1968: 48, 1975: 110, 1983: 172, 1988: 130, 1995: 140, 2003: 165, 2010: 215, 2016: 190}
"""Active alliances at some years, after the published description; years between are interpolated."""
TYPES = ("operational", "material", "financial", "training", "territorial", "rhetorical")
TOML = """title = "Made-up set of MGAR's size"
version = "seed {seed}"
citation = "Made up for benchmarks"
licence = "CC0"
first_year = {first}
last_year = {last}
status = "synthetic"
disclaimer = "Made up: no group and no relationship is real."
"""


def _spells(rng: np.random.Generator, wanted: np.ndarray) -> list[tuple[int, int]]:
    """First and last years such that each year has about the wanted number of active spells."""
    spells: list[tuple[int, int]] = []
    active = np.zeros(len(wanted), dtype=int)
    for at, target in enumerate(wanted):
        while active[at] < target:
            end = min(at + int(rng.geometric(0.22)) - 1, len(wanted) - 1)
            active[at : end + 1] += 1
            spells.append((FIRST + at, FIRST + end))
    return spells


def write(folder: Path, like: Atlas, *, seed: int = 1, ties_a_year: int | None = None, times: int = 1) -> Path:
    """Write the dataset folder.

    Parameters
    ----------
    like
        Atlas whose places and countries are drawn from, so that bases cluster as real ones do.
    ties_a_year
        Active alliances in every year instead of the curve of CURVE.
    times
        How many times MGAR's size: of groups, and of alliances in every year.
    """
    rng = np.random.default_rng(seed)
    base = like.groups
    n = times * GROUPS
    picked = rng.integers(0, len(base), n)
    years = np.arange(FIRST, LAST + 1)
    wanted = (times * np.interp(years, list(CURVE), list(CURVE.values()))).round().astype(int)
    if ties_a_year is not None:
        wanted = np.full(len(years), ties_a_year)
    spells = _spells(rng, wanted)

    life = [[9999, 0] for _ in range(n)]
    ties, used = [], set()
    near = np.argsort(base.geometry.x.to_numpy()[picked] // 30, kind="stable")
    place = np.argsort(near)
    for first, last in spells:
        while True:  # partners are mostly of one part of the world
            a = int(rng.integers(n))
            b = int(near[(int(place[a]) + int(rng.integers(1, 300))) % n])
            pair = (min(a, b), max(a, b))
            if a != b and (pair, first) not in used:
                break
        used.add((pair, first))
        types = sorted(rng.choice(6, size=int(rng.integers(1, 4)), replace=False, p=(0.4, 0.15, 0.1, 0.15, 0.05, 0.15)))
        for g in pair:
            life[g] = [min(life[g][0], first), max(life[g][1], last)]
        ties.append(
            made.tie(
                f"g{pair[0]:05d}",
                f"g{pair[1]:05d}",
                first,
                last,
                relation=str(rng.choice(("ally", "associate", "supporter", "fan"), p=(0.45, 0.35, 0.13, 0.07))),
                cooperation="|".join(TYPES[i] for i in types),
                confidence=str(rng.choice(("high", "medium", "low"), p=(0.5, 0.4, 0.1))),
            )
        )
    rows = []
    for g, (first, last) in enumerate(life):
        start = first if last else int(rng.integers(FIRST, LAST + 1))
        at = base.iloc[int(picked[g])]
        rows.append(
            {
                "group_id": f"g{g:05d}",
                "name": f"Made-up group {g + 1}",
                "start_year": str(start),
                "end_year": str(last or start),
                "end_type": "unknown",
                "ideologies": "|".join(at["ideologies"]),
                "base_country": at["base_country"],
                "base_place": at["base_place"],
                "lat": str(at.geometry.y),
                "lon": str(at.geometry.x),
                "precision": at["precision"],
            }
        )
    made.dataset(folder, rows, ties)
    (folder / "dataset.toml").write_text(TOML.format(seed=seed, first=FIRST, last=LAST), encoding="utf-8")
    return folder


def busiest(atlas: Atlas) -> int:
    """Most active alliances of any year."""
    from data.panel import by_year

    index_ = index(atlas)
    return int(by_year(index_).count(np.ones(len(index_.alliances), dtype=bool)).max())
