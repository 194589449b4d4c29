"""What a dataset covers: groups and alliances by region and decade, how well they are known, and what weighs in them.

All of it is of the whole dataset, whatever the filters, within its years of coverage; what lies outside is counted
apart. Regions are those of the colouring: an alliance is of the region of both its ends, or inter-regional.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from data.colourings import COLOURING, INTER_REGIONAL, NO_TYPE, NOT_CODED, NOT_RECORDED, classes_of_alliances, stacks
from data.index import Bools, Index, Ints, any_listed
from data.kept import kept
from data.measures.survival import alone
from data.model import Term
from data.panel import by_year
from data.vocabulary import CONFIDENCES, PRECISIONS

NOT_STATED = "not stated"
NOT_LOCATED = "not located"
MOST_CITED = 10
"""Sources whose weight is told."""
REGION = COLOURING["region"]


@dataclass(frozen=True)
class Decade:
    """Ten years, or what coverage has of them; both ends included."""

    first_year: int
    last_year: int

    @property
    def label(self) -> str:
        """1950s of a whole decade, else its years."""
        if self.first_year % 10 == 0 and self.last_year % 10 == 9:
            return f"{self.first_year}s"
        if self.first_year == self.last_year:
            return str(self.first_year)
        return f"{self.first_year}\N{EN DASH}{self.last_year % 100:02d}"


@dataclass(frozen=True, eq=False)
class Coverage:
    """Counts of a dataset. Rows are its D decades, then all years of coverage, in which each is counted once."""

    decades: tuple[Decade, ...]
    regions: tuple[Term, ...]
    """The R regions that a group or an alliance is of, inter-regional and not recorded among them."""
    groups: Ints
    """(D + 1, R): groups active; none is inter-regional."""
    relationships: Ints
    """(D + 1, R): alliances' relationships active; one that spans decades counts in each."""
    dyad_years: Ints
    """(D + 1, R): allied pairs in each year, added up; the decades sum to all years."""
    confidence: dict[str, Ints]
    """Highest first, then not stated: (D + 1,) relationships."""
    coded: Ints
    """(D + 1,): relationships whose co-operation is coded, be it that nothing was found."""
    one_source: Ints
    """(D + 1,): relationships that rest on one source, or on none."""
    precision: dict[str, int]
    """Groups by how precise their point is; not located are those without a usable one."""
    types: tuple[tuple[Term, int], ...]
    """Relationships with each co-operation type (one can have several), with none found, and not coded."""
    outside: tuple[int, int]
    """Groups and relationships of which no year lies within coverage."""


@dataclass(frozen=True)
class Bias:
    """Something that weighs in the data, as ``part`` of ``whole``."""

    key: str
    title: str
    part: int
    whole: int
    text: str


def decades_of(index: Index) -> tuple[Decade, ...]:
    """Decades of the years of coverage, the first and the last cut to it."""
    first, last = int(index.years[0]), int(index.years[-1])
    return tuple(
        Decade(max(first, start), min(last, start + 9)) for start in range(first - first % 10, last + 1, 10)
    )  # fmt: skip


def _held(first: Ints, last: Ints, spans: list[tuple[int, int]]) -> Bools:
    """(n, spans): whether each is active in any year of each span."""
    low, high = np.array(spans).T
    return np.asarray((first[:, None] <= high) & (last[:, None] >= low))


def _by_class(held: Bools, classes: Ints, n: int) -> Ints:
    """(spans, n): how many of each class are active in each span."""
    return np.array([np.bincount(classes[column], minlength=n) for column in held.T])


@kept(16)
def coverage(index: Index) -> Coverage:
    """Count what a dataset covers; kept, as a dataset never changes."""
    ties, groups, atlas = index.alliances, index.groups, index.atlas
    decades = decades_of(index)
    spans = [*((d.first_year, d.last_year) for d in decades), (int(index.years[0]), int(index.years[-1]))]
    of_groups, of_ties = _held(groups.first, groups.last, spans), _held(ties.first, ties.last, spans)
    within = of_ties[:, -1]

    classes = REGION.classes(index)
    region = index.groups.region
    own = np.where(region < 0, [term.id for term in classes].index(NOT_RECORDED.id), region)
    by_group = _by_class(of_groups, own, len(classes))
    by_tie = _by_class(of_ties, classes_of_alliances(index, REGION), len(classes))
    panel = by_year(index)
    yearly = stacks(index, panel, panel.leading(np.ones(len(ties), dtype=bool)), REGION)
    place = index.years // 10 - index.years[0] // 10
    by_dyad = np.array([*(yearly[:, place == d].sum(axis=1) for d in range(len(decades))), yearly.sum(axis=1)])
    used = np.flatnonzero((by_group + by_tie).any(axis=0))

    frame = atlas.relationships.iloc[ties.row]
    confidence = frame["confidence"].to_numpy(dtype=object)
    sources = frame["source_ids"].map(len).to_numpy(dtype=np.int64)
    located = atlas.groups.geometry.notna().to_numpy()
    precision = np.where(located, atlas.groups["precision"].to_numpy(dtype=object), NOT_LOCATED)
    points = Counter(str(p) or NOT_STATED for p in precision)
    typed = any_listed(ties.types)
    return Coverage(
        decades,
        tuple(classes[i] for i in used),
        by_group[:, used],
        by_tie[:, used],
        by_dyad[:, used],
        {
            name or NOT_STATED: of_ties[confidence == name].sum(axis=0)
            for name in (*reversed(CONFIDENCES), "")
        },
        of_ties[ties.coded].sum(axis=0),
        of_ties[sources <= 1].sum(axis=0),
        {name: points[name] for name in (*PRECISIONS, NOT_STATED, NOT_LOCATED) if points[name] or name in PRECISIONS},
        (
            *((term, int((ties.types[:, i] & within).sum())) for i, term in enumerate(atlas.dataset.types)),
            (NO_TYPE, int((ties.coded & ~typed & within).sum())),
            (NOT_CODED, int((~ties.coded & within).sum())),
        ),
        (int((~of_groups[:, -1]).sum()), int((~within).sum())),
    )  # fmt: skip


@kept(16)
def biases(index: Index) -> tuple[Bias, ...]:
    """Count what weighs in the data, as far as it can be; kept, as a dataset never changes."""
    known, ties = coverage(index), index.alliances
    frame, groups = index.atlas.relationships.iloc[ties.row], index.atlas.groups
    n = len(ties)
    sources = frame["source_ids"].tolist()
    cited = Counter(id_ for ids in sources for id_ in set(ids))
    most = {id_ for id_, _ in cited.most_common(MOST_CITED)}
    middle = int(index.years[0] + index.years[-1]) // 2 + 1
    places = Counter((p.x, p.y) for p in groups.geometry if p is not None)
    regions = [i for i, term in enumerate(known.regions) if term.id != INTER_REGIONAL.id]
    largest = max(regions, key=lambda i: int(known.dyad_years[-1, i]), default=None)
    out = [
        Bias(
            "late", "The second half weighs more", int((ties.first >= middle).sum()), n,
            f"of the relationships begin in {middle} or later, the second half of the years covered: a rise over the"
            " years is in part one of what was written down.",
        ),
        Bias(
            "one-source", "One source", sum(len(ids) <= 1 for ids in sources), n,
            "of the relationships rest on one source or on none: nothing corroborates them.",
        ),
        Bias(
            "most-cited", "A few works weigh much", sum(bool(most.intersection(ids)) for ids in sources), n,
            f"of the relationships cite one of the {min(MOST_CITED, len(most))} works cited most: what these leave out"
            " is easily missing.",
        ),
        Bias(
            "open", "Open ends", int(frame["open"].sum()), n,
            "of the relationships have no recorded end and run to the end of coverage or of one of their groups: late"
            " years may hold some that had ended.",
        ),
        Bias(
            "alone", "Groups without relationships", int(alone(index).sum()), len(groups),
            "of the groups have no relationship of any kind: the fewer, the more groups are in the data because of"
            " their ties.",
        ),
        Bias(
            "shared-point", "Shared bases", sum(k for k in places.values() if k > 1), sum(places.values()),
            "of the located groups share their point with another: distances of 0 km are often of this kind.",
        ),
    ]  # fmt: skip
    if largest is not None:
        out.insert(
            0,
            Bias(
                "region", f"{known.regions[largest].label} weighs most", int(known.dyad_years[-1, largest]),
                int(known.dyad_years[-1].sum()),
                f"of all dyad-years are of {known.regions[largest].label}, more than of any other region; above one"
                " half, a figure of all regions together is mostly one of it.",
            ),
        )  # fmt: skip
    return tuple(out)
