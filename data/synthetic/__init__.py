"""Made-up datasets at the scale of MGAR: for benchmarks, and to show the app where no real data of that size may go.

Everything is drawn from one seeded generator, so that scale and seed name a dataset for good (with the locked
version of numpy, whose streams may change from one release to the next). What is met for any seed, at every scale
(tests/unit/test_synthetic.py holds it; "x" is times the scale):

- coverage 1950-2016, 2,613 groups x, exactly;
- 7,400 dyad-years x within 1 %; in the file a pair stands once, group_a < group_b, so that counted once per direction
  they are nearly 15,000 x;
- from 43 to below 50 active alliances x in every year of 1966-1969, at most 165 to 180 x in 1980-1984, a lull between
  1985 and 1991 at least 15 % below that, and the peak from 2008 to 2012;
- of the groups that begin in a year half are gone in that same year, within one group;
- Islamist is the most frequent shared ideology from the lull to the peak and more than half of the peak's, at least
  half of it tangible;
- the last ten years have more alliances, and link more countries, than the first ten;
- fewer than half of the groups never have an ally; groups with an ally in a year are less likely to end in it, and
  tangible ties last longer within an ideology: both by the tests of ``data.findings``;
- about one tie in nine is within one place (8 to 15 %), as in the curated data.

Countries, ideologies and religion of a group are drawn together from a curated group of the same era, and what an
alliance is about from a curated alliance of the same era; names, places and points are made up. There are no
rivalries: nothing about them is published.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.checks import joined
from data.errors import DataError
from data.model import Atlas
from data.schema import GROUPS, HEADER, RELATIONSHIPS, SOURCES
from data.synthetic.history import FIRST_YEAR, LAST_YEAR, History, births, simulate
from data.synthetic.names import group_names
from data.synthetic.places import Towns, make_towns
from data.vocabulary import GROUP_COLUMNS, RELATIONSHIP_COLUMNS, SOURCE_COLUMNS

Ints = NDArray[np.int64]

ERA = 6
"""Years about its first in which a group's curated pattern began."""
FEWEST = 30
"""Patterns to draw from; where the era has fewer, those nearest to it."""
SECOND_WAVE = 1990
SOURCE = "generator"
END_TYPES = ("defeated", "dissolved", "unknown", "political_settlement", "joined_politics")
END_WEIGHTS = (0.36, 0.26, 0.2, 0.1, 0.08)

TOML = """title = "Synthetic groups at MGAR's scale"
version = "scale-{scale}-seed-{seed}"
citation = "Synthetic data at MGAR's scale (scale {scale}, seed {seed}), made by the generator of Alliance Atlas"
licence = "CC BY 4.0"
first_year = {first}
last_year = {last}
status = "synthetic"
disclaimer = "Made up by a seeded generator: no group, place or alliance in it is real."

[[limit]]
title = "Nothing in it is real"
text = "Names, places, points, years and alliances are made up. Only the countries and ideologies of groups, and what \
alliances are about, follow the curated sample of the same era."

[[limit]]
title = "Fitted to what is published"
text = "Totals and the curve of active alliances were fitted to what is published of MGAR. That a published claim \
holds here shows that the page works, and is no evidence for the claim."

[[limit]]
title = "No rivalries"
text = "It has alliances alone."
"""


def _patterns(first: Ints, curated_first: Ints, rng: np.random.Generator) -> Ints:
    """Row of a curated group of the same era for each group; ``first`` ascends."""
    out = np.empty(len(first), dtype=np.int64)
    for year in np.unique(first):
        away = np.abs(curated_first - year)
        pool = np.flatnonzero(away <= max(ERA, int(np.sort(away)[min(FEWEST, len(away)) - 1])))
        rows = np.flatnonzero(first == year)
        out[rows] = pool[rng.integers(0, len(pool), len(rows))]
    return out


def _ids(n: int) -> NDArray[np.object_]:
    width = len(str(n))
    return np.array([f"syn-{i:0{width}d}" for i in range(1, n + 1)], dtype=object)


def _group_table(
    ids: NDArray[np.object_], like: pd.DataFrame, names: list[str], towns: Towns, town: Ints, history: History,
    rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    ended = history.ended
    end_types = np.array(END_TYPES, dtype=object)[rng.choice(len(END_TYPES), len(ids), p=END_WEIGHTS)]
    table = pd.DataFrame(
        {
            "group_id": ids,
            "name": names,
            "aliases": "",
            "start_year": history.first,
            "end_year": np.where(ended, history.last.astype(object), ""),
            "end_type": np.where(ended, end_types, ""),
            "ideologies": joined(like["ideologies"]),
            "religion": like["religion"].to_numpy(dtype=object),
            "base_country": like["base_country"].to_numpy(dtype=object),
            "base_place": np.array(towns.names, dtype=object)[town],
            "lat": towns.lat[town],
            "lon": towns.lon[town],
            "precision": like["precision"].to_numpy(dtype=object),
            "source_ids": SOURCE,
        }
    )
    return table[list(GROUP_COLUMNS)]


def _tie_table(ids: NDArray[np.object_], history: History, alliances: pd.DataFrame) -> pd.DataFrame:
    like = alliances.iloc[history.pattern]
    a, b = ids[history.a], ids[history.b]
    first = history.tie_first.astype(str)
    table = pd.DataFrame(
        {
            "relationship_id": [f"{x}--{y}--{z}" for x, y, z in zip(a, b, first, strict=True)],
            "group_a": a,
            "group_b": b,
            "start_year": history.tie_first,
            "end_year": np.where(history.tie_open, "", history.tie_last.astype(object)),
            "relation": like["kind"].to_numpy(dtype=object),
            "cooperation": joined(like["types"]),
            "direction": like["direction"].to_numpy(dtype=object),
            "confidence": like["confidence"].to_numpy(dtype=object),
            "note": "",
            "source_ids": SOURCE,
        }
    )
    order = np.lexsort((history.tie_first, history.b, history.a))
    return table[list(RELATIONSHIP_COLUMNS)].iloc[order]


def write(folder: Path, like: Atlas, *, scale: int = 1, seed: int = 1, targets: Ints | None = None) -> Path:
    """Write a made-up dataset in the native format; see the head of this module for what it is like.

    Parameters
    ----------
    folder
        Made if it is not there; it must be empty.
    like
        The curated atlas, whose groups and alliances are the patterns.
    scale
        Times 2,613 groups and 7,400 dyad-years.
    seed
        Of the one random generator.
    targets
        (67,) active alliances of each year in place of the published curve, for benchmarks of many arcs.

    Raises
    ------
    DataError
        When something stands in the folder already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DataError(what="is not an empty folder", where=str(folder), mend="give a new or empty folder")
    rng = np.random.default_rng(seed)
    curated = pd.DataFrame(like.groups.drop(columns="geometry"))
    alliances = like.relationships
    alliances = alliances[alliances["cooperative"] & (alliances["types"].map(len) > 0)]
    first = np.repeat(np.arange(FIRST_YEAR, LAST_YEAR + 1), births(scale))
    patterns = curated.iloc[_patterns(first, curated["first_year"].to_numpy(), rng)]
    towns = make_towns(like, rng)
    town = towns.draw(patterns["base_country"].to_numpy(dtype=object), rng)

    primary = pd.factorize(patterns["ideologies"].map(lambda ids: ids[0] if ids else ""))
    tangible_types = set(like.dataset.tangible_types)
    history = simulate(
        first,
        ideology=primary[0].astype(np.int64),
        favoured=np.asarray(primary[1] == "islamist"),
        town=town,
        country=pd.factorize(patterns["base_country"])[0].astype(np.int64),
        region=pd.factorize(patterns["sub_region"])[0].astype(np.int64),
        early=np.flatnonzero(alliances["first_year"] < SECOND_WAVE),
        late=np.flatnonzero(alliances["first_year"] >= SECOND_WAVE),
        tangible=alliances["types"].map(lambda ids: bool(tangible_types & set(ids))).to_numpy(dtype=bool),
        scale=scale,
        rng=rng,
        targets=targets,
    )
    taken = {name.casefold() for name in curated["name"]} | {
        n.casefold() for names in curated["aliases"] for n in names
    }
    names = group_names(primary[1].to_numpy(dtype=object)[primary[0]], rng, taken)
    ids = _ids(len(first))
    sources = [(SOURCE, f"Alliance Atlas, generator of synthetic data, scale {scale}, seed {seed}", "")]

    folder.mkdir(parents=True, exist_ok=True)
    header = TOML.format(scale=scale, seed=seed, first=FIRST_YEAR, last=LAST_YEAR)
    (folder / HEADER).write_text(header, encoding="utf-8")
    tables = {
        GROUPS: _group_table(ids, patterns, names, towns, town, history, rng),
        RELATIONSHIPS: _tie_table(ids, history, alliances),
        SOURCES: pd.DataFrame(sources, columns=list(SOURCE_COLUMNS)),
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n", encoding="utf-8")
    return folder
