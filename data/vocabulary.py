"""Closed lists of the data contract, and the vocabularies of a dataset that brings none."""

from __future__ import annotations

from data.model import Term

IDEOLOGIES = (
    Term("islamist", "Islamist"),
    Term("leftist", "Leftist"),
    Term("ethnonationalist", "Ethnonationalist"),
    Term("right_wing", "Right-wing"),
    Term("other_religious", "Other religious"),
    Term("pro_government", "Pro-government"),
    Term("other", "Other"),
)

TYPES = (
    Term("operational", "Operational", flag=True),
    Term("material", "Material", flag=True),
    Term("financial", "Financial", flag=True),
    Term("training", "Training", flag=True),
    Term("territorial", "Territorial", flag=True),
    Term("rhetorical", "Rhetorical"),
)

KINDS = (
    Term("ally", "Ally", flag=True),
    Term("associate", "Associate", flag=True),
    Term("supporter", "Supporter", flag=True),
    Term("fan", "Fan", flag=True),
    Term("rival", "Rival"),
    Term("competitor", "Competitor"),
)

END_TYPES = (
    "defeated",
    "political_settlement",
    "joined_politics",
    "merged",
    "splintered",
    "renamed",
    "dissolved",
    "unknown",
)
RELIGIONS = ("sunni", "shia", "christian", "jewish", "hindu", "sikh", "buddhist", "other", "none")
PRECISIONS = ("city", "region", "country")
DIRECTIONS = ("mutual", "a_to_b", "b_to_a")
CONFIDENCES = ("low", "medium", "high")
LINEAGE_KINDS = ("split", "merged", "renamed")
STATUSES = ("observed", "synthetic")

NOTHING_FOUND = "none"
"""The word in ``cooperation`` for: coded, and nothing found."""

RESERVED = frozenset({NOTHING_FOUND, "cross-ideological", "inter-regional", "not-recorded", "no-type", "not-coded"})
"""Words that no vocabulary may use as an id: the co-operation above, and the extra keys of legends."""

GROUP_COLUMNS = (
    "group_id",
    "name",
    "aliases",
    "start_year",
    "end_year",
    "end_type",
    "ideologies",
    "religion",
    "base_country",
    "base_place",
    "lat",
    "lon",
    "precision",
    "source_ids",
)
RELATIONSHIP_COLUMNS = (
    "relationship_id",
    "group_a",
    "group_b",
    "start_year",
    "end_year",
    "relation",
    "cooperation",
    "direction",
    "confidence",
    "note",
    "source_ids",
)
SOURCE_COLUMNS = ("source_id", "citation", "url")
LINEAGE_COLUMNS = ("from_id", "to_id", "year", "kind", "source_ids", "note")

FIRST_YEAR, LAST_YEAR = 1000, 2999
"""A year is a whole number within these: anything else is a slip, or a code for "missing"."""
