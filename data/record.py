"""One group's whole record: profile, lineage, relationships and the sources of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.geography import countries, label
from data.index import index
from data.model import Atlas

END_TYPES = {
    "defeated": "defeated",
    "political_settlement": "political settlement",
    "joined_politics": "joined politics",
    "merged": "merged",
    "splintered": "splintered",
    "renamed": "renamed",
    "dissolved": "dissolved",
    "unknown": "how it ended is not known",
}
PRECISIONS = {
    "city": "the point is its town or city",
    "region": "the point stands for a region",
    "country": "the point stands for the whole country",
    "": "how precise the point is was not stated",
}


@dataclass(frozen=True)
class Source:
    """A citation; ``url`` is empty where no address is sure."""

    source_id: str
    citation: str
    url: str


@dataclass(frozen=True)
class Kin:
    """A predecessor or successor, by a split, merger or change of name."""

    group_id: str
    name: str
    year: int
    kind: str
    note: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class Relation:
    """One relationship as this group sees it; ``role`` is mutual, gave, received or not stated."""

    relationship_id: str
    partner_id: str
    partner: str
    first_year: int
    last_year: int
    open: bool
    kind: str
    cooperative: bool
    types: tuple[str, ...]
    coded: bool
    tangible: bool
    role: str
    confidence: str
    note: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """Everything known of one group, in words, and the sources that it leads to."""

    group_id: str
    name: str
    aliases: tuple[str, ...]
    first_year: int
    last_year: int
    ended: bool
    end: str
    ideologies: tuple[str, ...]
    religion: str
    place: str
    country: str
    region: str
    precision: str
    located: bool
    source_ids: tuple[str, ...]
    predecessors: tuple[Kin, ...]
    successors: tuple[Kin, ...]
    alliances: tuple[Relation, ...]
    rivalries: tuple[Relation, ...]
    sources: tuple[Source, ...]


def _kin(atlas: Atlas, names: dict[str, str], own: str, other: str, group_id: str) -> tuple[Kin, ...]:
    rows = atlas.lineage[atlas.lineage[own] == group_id]
    return tuple(
        Kin(row[other], names[row[other]], int(row["year"]), row["kind"], row["note"], row["source_ids"])
        for row in rows.sort_values(["year", other]).to_dict("records")
    )


def _relation(row: dict[str, Any], group_id: str, names: dict[str, str], terms: dict[str, Any]) -> Relation:
    first = row["group_a"] == group_id
    partner = row["group_b"] if first else row["group_a"]
    gave = {"a_to_b": first, "b_to_a": not first}.get(row["direction"])
    role = {"mutual": "mutual", "": "not stated"}.get(row["direction"], "gave" if gave else "received")
    return Relation(
        relationship_id=row["relationship_id"],
        partner_id=partner,
        partner=names[partner],
        first_year=int(row["first_year"]),
        last_year=int(row["last_year"]),
        open=bool(row["open"]),
        kind=terms[row["kind"]].label,
        cooperative=bool(row["cooperative"]),
        types=tuple(terms[id_].label for id_ in row["types"]),
        coded=bool(row["coded"]),
        tangible=any(terms[id_].flag for id_ in row["types"]),
        role=role,
        confidence=row["confidence"] or "not stated",
        note=row["note"],
        source_ids=row["source_ids"],
    )


def citations(atlas: Atlas, ids: list[str]) -> tuple[Source, ...]:
    """Sources in the order of first mention; an id that the dataset lacks stands for itself."""
    known = {row["source_id"]: row for row in atlas.sources.to_dict("records")}
    return tuple(
        Source(id_, known[id_]["citation"], known[id_]["url"]) if id_ in known else Source(id_, id_, "")
        for id_ in dict.fromkeys(ids)
    )


def record(atlas: Atlas, group_id: str) -> Record | None:
    """Return the record of one group, or None where the dataset has no such group."""
    place = index(atlas).groups.position.get(group_id)
    if place is None:
        return None
    row: dict[str, Any] = atlas.groups.drop(columns="geometry").iloc[place].to_dict()
    names = dict(zip(atlas.groups["group_id"], atlas.groups["name"], strict=True))
    terms = {t.id: t for vocabulary in (atlas.dataset.types, atlas.dataset.kinds) for t in vocabulary}
    ideologies = {t.id: t.label for t in atlas.dataset.ideologies}
    table = countries().set_index("iso3")["name"]

    frame = atlas.relationships
    touching = frame[(frame["group_a"] == group_id) | (frame["group_b"] == group_id)]
    touching = touching.sort_values(["first_year", "last_year", "relationship_id"])
    relations = [_relation(r, group_id, names, terms) for r in touching.to_dict("records")]
    before = _kin(atlas, names, "to_id", "from_id", group_id)
    after = _kin(atlas, names, "from_id", "to_id", group_id)
    cited = (row["source_ids"], *(k.source_ids for k in (*before, *after)), *(r.source_ids for r in relations))
    return Record(
        group_id=group_id,
        name=row["name"],
        aliases=row["aliases"],
        first_year=int(row["first_year"]),
        last_year=int(row["last_year"]),
        ended=bool(row["ended"]),
        end=END_TYPES.get(row["end_type"], row["end_type"]),
        ideologies=tuple(ideologies[id_] for id_ in row["ideologies"]),
        religion=row["religion"],
        place=row["base_place"],
        country=str(table.get(row["base_country"], "")),
        region=label(row["sub_region"]) if row["sub_region"] else "",
        precision=PRECISIONS[row["precision"]],
        located=not pd.isna(atlas.groups.geometry.iloc[place]),
        source_ids=row["source_ids"],
        predecessors=before,
        successors=after,
        alliances=tuple(r for r in relations if r.cooperative),
        rivalries=tuple(r for r in relations if not r.cooperative),
        sources=citations(atlas, [id_ for ids in cited for id_ in ids]),
    )
