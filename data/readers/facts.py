"""What tables say of groups, as cells of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data.checks import split
from data.errors import quote
from data.geography import countries, country_code, country_points
from data.model import Problem, Severity, Term
from data.readers.derived import OWN_SOURCE, slug_of
from data.readers.mapping import term
from data.readers.roles import date_year
from data.vocabulary import IDEOLOGIES, RELIGIONS

FACTS = ("ideology", "religion", "country", "lat", "lon", "born", "died", "aliases", "place")
"""What may be known of a group, by role."""


@dataclass(slots=True)
class Group:
    """One group: its name, where it is first named, and what is known of it."""

    name: str
    file: str
    line: int
    rows: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, None] = field(default_factory=dict)


class Facts:
    """Turns what is known of groups into cells of the contract, and puts down what cannot be used."""

    def __init__(self, ideologies: Mapping[str, str], columns: Mapping[str, str]) -> None:
        self.problems: list[Problem] = []
        self.placed = 0
        self._ideologies = ideologies
        self._columns = columns
        table = countries()
        self._names = dict(zip(table["iso3"], table["name"], strict=True))

    def _put(self, group: Group, fact: str, reason: str, message: str, mend: str) -> str:
        cell = group.facts[fact]
        self.problems.append(
            Problem(group.file, group.line, self._columns.get(fact, ""), cell, reason, f"{quote(cell)} {message}", mend,
                    Severity.ERROR_VALUE)
        )  # fmt: skip
        return ""

    def _year(self, group: Group, fact: str) -> str:
        cell = group.facts.get(fact, "")
        year = date_year(cell) if cell else None
        return (
            str(year) if year else self._put(group, fact, "year", "is not a year", "write four digits") if cell else ""
        )

    def _country(self, group: Group) -> str:
        cell = group.facts.get("country", "")
        if not cell or (code := country_code(cell)):
            return code if cell else ""
        numeric = "numbers of countries are not read, as their lists differ: " if cell.isdigit() else ""
        return self._put(
            group, "country", "country", "is no country of ISO 3166-1, the group has none",
            f"{numeric}write its English name or its code of three letters",
        )  # fmt: skip

    def _position(self, group: Group, code: str) -> dict[str, str]:
        """Where the group is: as given, else a point inside its country, marked so."""
        given = {axis: group.facts.get(axis, "") for axis in ("lat", "lon")}
        place = group.facts.get("place", "")
        if any(given.values()):
            return {**given, "base_place": place}
        if code not in country_points():
            return {"base_place": place}
        lon, lat = country_points()[code]
        self.placed += 1
        return {"lat": str(lat), "lon": str(lon), "precision": "country", "base_place": place or self._names[code]}

    def cells(self, group: Group) -> dict[str, str]:
        """Return the cells of a group but for its id."""
        code = self._country(group)
        religion = group.facts.get("religion", "").lower()
        if religion and religion not in RELIGIONS:
            religion = self._put(
                group,
                "religion",
                "vocabulary",
                f"is not one of {', '.join(RELIGIONS)}",
                "write one of them, or nothing",
            )
        others = [name for name in group.spellings if name != group.name]
        given = split(group.facts.get("aliases", ""))
        ideologies = [self._ideologies[part] for part in parts(group.facts.get("ideology", ""))]
        return {
            "name": group.name,
            "aliases": "|".join(dict.fromkeys([*given, *(name.replace("|", "/") for name in others)])),
            "start_year": self._year(group, "born"),
            "end_year": self._year(group, "died"),
            "ideologies": "|".join(dict.fromkeys(id_ for ids in ideologies for id_ in ids.split("|"))),
            "religion": religion,
            "base_country": code,
            **self._position(group, code),
            "source_ids": OWN_SOURCE,
        }


def parts(cell: str) -> list[str]:
    """Values of a cell that lists them, separated by "|" or ";"."""
    return [part for part in (p.strip() for p in cell.replace(";", "|").split("|")) if part]


def ideologies_of(values: Sequence[str], mapping: Mapping[str, str]) -> tuple[dict[str, str], tuple[Term, ...]]:
    """Ids of each value, and the vocabulary: the contract's where all are in it, else that of the data."""
    ids = {}
    own: dict[str, Term] = {}
    for value in values:
        known = mapping.get(value) or term(value, IDEOLOGIES)
        id_ = known or slug_of(value).replace("-", "_")
        ids[value] = id_
        for part in id_.split("|"):
            usual = next((t for t in IDEOLOGIES if t.id == part), None)
            own.setdefault(part, usual or Term(part, part.replace("_", " ").capitalize() if known else value))
    if set(own) <= {t.id for t in IDEOLOGIES}:
        return ids, IDEOLOGIES
    return ids, (*(t for t in IDEOLOGIES if t.id in own), *(t for t in own.values() if t not in IDEOLOGIES))
