"""The atlas: one loaded dataset, immutable, with the report of how it was read.

Frames are handed out as shallow copies: under pandas' copy-on-write a reader that writes to its
copy changes nothing here, and copies cost no memory. Numpy arrays taken from them are read-only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from data.errors import quote

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a vocabulary.

    ``flag`` says tangible of a co-operation type, co-operative of a kind; False of an ideology.
    ``colour`` is "#rrggbb", or None where the dataset gives none.
    """

    id: str
    label: str
    colour: str | None = None
    flag: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that the data cannot tell, in words for a reader of the page."""

    title: str
    text: str
    about: str = ""
    """``unallied`` where groups without allies are mostly missing: their number and survival cannot be judged."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a dataset says of itself; vocabularies are in their order, kinds strongest first."""

    slug: str
    title: str
    version: str
    citation: str
    licence: str
    first_year: int
    last_year: int
    status: str
    disclaimer: str
    limits: tuple[Limit, ...]
    ideologies: tuple[Term, ...]
    types: tuple[Term, ...]
    kinds: tuple[Term, ...]
    hash: str
    """First 12 hex digits of the SHA-256 over the names and bytes of the files read."""

    @property
    def n_years(self) -> int:
        """Years of coverage, both ends included."""
        return self.last_year - self.first_year + 1

    @property
    def cooperative_kinds(self) -> tuple[str, ...]:
        """Ids of the kinds that are alliances, strongest first."""
        return tuple(term.id for term in self.kinds if term.flag)

    @property
    def other_kinds(self) -> tuple[str, ...]:
        """Ids of the kinds that are not alliances (rivals, competitors)."""
        return tuple(term.id for term in self.kinds if not term.flag)

    @property
    def tangible_types(self) -> tuple[str, ...]:
        """Ids of the tangible co-operation types."""
        return tuple(term.id for term in self.types if term.flag)

    @property
    def synthetic(self) -> bool:
        """Whether the data are made up, which every screen and export must say."""
        return self.status == "synthetic"


class Severity(Enum):
    """What became of the row that a problem names."""

    ERROR_ROW = "set aside"
    ERROR_VALUE = "value not used"
    KEPT_OUT = "kept out"
    """Nothing is wrong with the row, but it is not of what the atlas shows: a tie with a state, say."""
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file of the dataset.

    ``value`` is as it stands in the file and must be escaped wherever it is shown; ``message``
    and ``mend`` are safe as plain text. ``line`` counts from 1; ``column`` is "" where the whole
    row is meant, and is as it stands in the file where the column is unknown. ``reason`` is a
    short code, equal for all problems of one sort.
    """

    file: str
    line: int
    column: str
    value: str
    reason: str
    message: str
    mend: str
    severity: Severity

    @property
    def set_aside(self) -> bool:
        """Whether the row is left out."""
        return self.severity is Severity.ERROR_ROW

    def __str__(self) -> str:
        column = quote(self.column)[1:-1]  # the file's own name of an unknown column may hold anything
        place = f"{self.file}:{self.line}: " + (f"{column}: " if column else "")
        sort = f"{self.severity.value}: " if self.severity in (Severity.WARNING, Severity.KEPT_OUT) else ""
        return f"{place}{sort}{self.message}; mend: {self.mend}"


@dataclass(frozen=True, slots=True)
class Away:
    """A row that is not used, as it stands in its file: the text of its cells by the names of its columns."""

    file: str
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """All problems of one sort: how severe, why, how many, and the first of them."""

    severity: Severity
    reason: str
    count: int
    first: Problem

    def __str__(self) -> str:
        return f"{self.count:,} x {self.reason} ({self.severity.value}), first {self.first}"


@dataclass(frozen=True, slots=True)
class Report:
    """How a dataset was read: every problem, and the rows of each file that were read and used."""

    problems: tuple[Problem, ...] = ()
    read: Mapping[str, int] = field(default_factory=dict)
    used: Mapping[str, int] = field(default_factory=dict)
    away: tuple[Away, ...] = ()
    """Rows that are not used, in the order of files and lines."""
    notes: tuple[str, ...] = ()
    """What the reader took for what, what it had to assume, what it passed over: sentences for a person."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "read", MappingProxyType(dict(self.read)))
        object.__setattr__(self, "used", MappingProxyType(dict(self.used)))

    @property
    def failed(self) -> bool:
        """Whether a row was set aside or a value not used."""
        return any(problem.severity in (Severity.ERROR_ROW, Severity.ERROR_VALUE) for problem in self.problems)

    @property
    def kept_out(self) -> Mapping[str, int]:
        """Rows of each file in which nothing is wrong, but which are not of what the atlas shows."""
        aside = {(p.file, p.line) for p in self.problems if p.set_aside}
        out = {(p.file, p.line) for p in self.problems if p.severity is Severity.KEPT_OUT} - aside
        counts = Counter(file for file, _ in out)
        return {file: counts[file] for file in self.read}

    def lines(self) -> tuple[str, ...]:
        """Every problem as one line, in the order of files and lines."""
        return tuple(str(problem) for problem in self.problems)

    def rows(self) -> tuple[str, ...]:
        """Rows read and used, file by file."""
        out = self.kept_out
        return tuple(
            f"{file}: {self.used[file]:,} of {read:,} rows used"
            + (f", {aside:,} set aside" if aside else "")
            + (f", {out[file]:,} kept out" if out[file] else "")
            for file, read in self.read.items()
            for aside in (read - self.used[file] - out[file],)
        )

    def kinds(self) -> tuple[Kind, ...]:
        """Problems by sort, the worst and most frequent first."""
        counts = Counter((problem.severity, problem.reason) for problem in self.problems)
        first: dict[tuple[Severity, str], Problem] = {}
        for problem in self.problems:
            first.setdefault((problem.severity, problem.reason), problem)
        order = list(Severity)
        keys = sorted(counts, key=lambda key: (order.index(key[0]), -counts[key], key[1]))
        return tuple(Kind(*key, counts[key], first[key]) for key in keys)

    def summary(self) -> tuple[str, ...]:
        """Rows read and used, what the reader has to say, then one line a reason: how often, and its first example."""
        return (*self.rows(), *self.notes, *map(str, self.kinds()))


def _locked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of a frame whose arrays refuse to be written.

    Copy-on-write guards frames and the numpy arrays taken from them, but not extension arrays
    (text, points): ``frame["name"].array[0] = ...`` would write through every shallow copy.
    """
    copy = frame.copy()
    for name in copy.columns:
        array = copy[name].array
        for inner in ("_ndarray", "_data"):  # pandas' text and object columns; geopandas' points
            held = getattr(array, inner, None)
            if held is not None and hasattr(held, "flags"):
                held.flags.writeable = False
                break
    return copy


class Atlas:
    """One dataset, loaded.

    Attributes
    ----------
    dataset : Dataset
    groups : geopandas.GeoDataFrame
        EPSG:4326 points (longitude, latitude; None where not located), in the order of the file.
    relationships : pandas.DataFrame
        Sorted by (dyad, strength of kind, first_year, relationship_id): in any selection of one
        year, the first row of a dyad leads it.
    sources, lineage : pandas.DataFrame
    report : Report
    """

    __slots__ = ("__weakref__", "_complete", "_frames", "dataset", "report")

    dataset: Dataset
    report: Report
    _frames: Mapping[str, pd.DataFrame]

    def __init__(
        self,
        dataset: Dataset,
        groups: gpd.GeoDataFrame,
        relationships: pd.DataFrame,
        sources: pd.DataFrame,
        lineage: pd.DataFrame,
        report: Report,
    ) -> None:
        self.dataset = dataset
        self.report = report
        self._frames = {
            "groups": _locked(groups),
            "relationships": _locked(relationships),
            "sources": _locked(sources),
            "lineage": _locked(lineage),
        }
        self._complete = True

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "_complete"):
            raise AttributeError(f"an Atlas is immutable: {name} cannot be set")
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"an Atlas is immutable: {name} cannot be deleted")

    @property
    def groups(self) -> gpd.GeoDataFrame:
        """Groups: one row each, with slot, resolved years and a point."""
        return self._frames["groups"].copy(deep=False)

    @property
    def relationships(self) -> pd.DataFrame:
        """Relationships: one row a spell, with resolved years, dyad and reach in km."""
        return self._frames["relationships"].copy(deep=False)

    @property
    def sources(self) -> pd.DataFrame:
        """Sources: id, citation, address."""
        return self._frames["sources"].copy(deep=False)

    @property
    def lineage(self) -> pd.DataFrame:
        """Lineage: which group became which, when and how."""
        return self._frames["lineage"].copy(deep=False)

    def __repr__(self) -> str:
        dataset, frames = self.dataset, self._frames
        return (
            f"<Atlas {quote(dataset.slug)} {quote(dataset.version)}: {len(frames['groups']):,} groups, "
            f"{len(frames['relationships']):,} relationships>"
        )
