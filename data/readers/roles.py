"""What the columns of a table of pairs can stand for, and how columns are found by name and by content.

No name is taken for granted: every role has words that a column may be called by, and a test of its values. A
proposal says for each column that it takes how it knows: by name and content, by name alone, or by content alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from data.checks import number, year
from data.geography import country_code
from data.readers.sheets import Sheet
from data.vocabulary import CONFIDENCES, DIRECTIONS, TYPES

Values = Sequence[str]
"""Different values of a column, missing ones left out."""

MISSING = ("NA", "N/A", "NaN", "nan", ".", "NULL")
"""Words for a missing value, besides the empty cell, unless the mapping names others."""

KEEP_OUT = "keep out"
"""What stands in a mapping for kinds that are no relationship of two groups: a state that is host to one."""

_KIND_WORDS = {
    "ally": ("ally", "allies", "allied", "alliance", "formalalliance"),
    "associate": ("associate", "associates", "associated", "association"),
    "supporter": ("supporter", "supporters", "support", "supporting"),
    "fan": ("fan", "fans"),
    "rival": ("rival", "rivals", "rivalry", "enemy", "enemies"),
    "competitor": ("competitor", "competitors", "competition", "competing"),
    KEEP_OUT: ("host", "hosts", "hosting", "statehost"),
}
KIND_OF = {word: kind for kind, words in _KIND_WORDS.items() for word in words}
"""Kind by the word for it, letters alone."""

_STATE_WORDS = ("state", "states", "government", "governments", "country", "stateactor", "gov", "govt")
TRUE, FALSE = ("1", "yes", "y", "true", "present"), ("0", "no", "n", "false", "absent")
"""Words for coded and present, and for coded and absent."""


_DATE = re.compile(r"(\d{4})[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?:[T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4})", re.ASCII)


class Sureness(Enum):
    """How a proposal knows what a column stands for."""

    SURE = "name and content"
    NAME = "name alone: look at its values"
    CONTENT = "content alone: look at its name"


def letters(text: str) -> str:
    """Return the letters and digits of a word, small."""
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def date_year(cell: str) -> int | None:
    """Year of a cell that holds a year or a date whose year is beyond doubt (1995, 1995.0, 1995-03-01, 3/1/1995)."""
    if (plain := year(cell)) is not None:
        return plain
    found = re.fullmatch(
        r"(\d{4})[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?:[T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4})", cell, re.ASCII
    )
    return year(found[1] or found[2]) if found else None


def _share(values: Values, test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 0.0


def _year_share(values: Values) -> float:
    return _share(values, lambda v: 1900 <= (date_year(v) or 0) <= 2100)


def _years(values: Values) -> bool:
    """Whether a column that is called so holds years: wrong ones among them are for the report to name."""
    return _year_share(values) >= 0.5


def _only_years(values: Values) -> bool:
    """Whether values give a column of any name away as years."""
    return _year_share(values) >= 0.9


def flag(cell: str) -> bool | None:
    """Whether a cell says present or absent; None where it says neither."""
    word = cell.lower().removesuffix(".0")  # spreadsheets write 1.0 in a column that has empty cells
    return True if word in TRUE else False if word in FALSE else None


def _flags(values: Values) -> bool:
    return bool(values) and all(flag(value) is not None for value in values)


def _kinds(values: Values) -> bool:
    return 0 < len(values) <= 30 and _share(values, lambda v: letters(v) in KIND_OF) >= 0.5


def _groups(values: Values) -> bool:
    return len(values) >= 2 and not _flags(values) and not _years(values)


def is_state(value: str) -> bool:
    """Whether a value says that an actor is a state."""
    return letters(value) in _STATE_WORDS


def _actors(values: Values) -> bool:
    return 0 < len(values) <= 20 and any(is_state(v) for v in values)


def _countries(values: Values) -> bool:
    return _share(values, lambda v: bool(country_code(v))) >= 0.6


def _degrees(limit: float) -> Callable[[Values], bool]:
    return lambda values: _share(values, lambda v: abs(number(v) or 0.0) <= limit and number(v) is not None) >= 0.5


def _words(allowed: Sequence[str]) -> Callable[[Values], bool]:
    return lambda values: _share(values, lambda v: v.lower() in allowed) >= 0.9


def _anything(values: Values) -> bool:
    return bool(values)


@dataclass(frozen=True)
class Role:
    """One thing that a column can stand for.

    ``words`` are what it may be called, letters alone, without the mark of a side; ``fits`` looks at its
    different values; ``by_content`` says whether its values alone give it away.
    """

    key: str
    help: str
    words: tuple[str, ...]
    fits: Callable[[Values], bool] = _anything
    sided: bool = False
    by_content: bool = False


ROLES = (
    Role("group", "name of the group, or its id where there is no name",
         ("group", "groupname", "name", "actor", "actorname", "org", "orgname", "organization", "organisation", "side",
          "sidename", "party", "gname", "vnsa", "vnsaname", "nsa", "militantgroup", "rebelgroup", "rebel", "member",
          ""),
         _groups, sided=True, by_content=True),
    Role("id", "id of the group, where names stand in another column",
         ("id", "groupid", "gid", "actorid", "orgid", "sideid", "vnsaid", "groupcode", "actorcode", "code"),
         sided=True),
    Role("actor", "what sort of actor it is; rows with a state are kept out",
         ("actortype", "type", "grouptype", "sidetype", "kindofactor", "isstate", "state", "stateactor"),
         _actors, sided=True),
    Role("ideology", "ideologies, separated by |", ("ideology", "ideologies", "groupideology"), sided=True),
    Role("religion", "religion", ("religion", "groupreligion"), sided=True),
    Role("country", "country of the base, by name or letter code",
         ("country", "basecountry", "homecountry", "hqcountry", "iso", "iso3", "location", "base"), _countries,
         sided=True),
    Role("lat", "latitude of the base, degrees", ("lat", "latitude", "baselat"), _degrees(90.0), sided=True),
    Role("lon", "longitude of the base, degrees", ("lon", "long", "lng", "longitude", "baselon"), _degrees(180.0),
         sided=True),
    Role("born", "first year of the group",
         ("groupstart", "groupfirstyear", "groupstartyear", "founded", "formed", "yearformed", "born"), _years,
         sided=True),
    Role("died", "last year of the group", ("groupend", "grouplastyear", "groupendyear", "ended", "dissolved", "died"),
         _years, sided=True),
    Role("year", "the year, in a table with a row for each pair and year",
         ("year", "yr", "dyadyear", "relyear", "obsyear"), _years, by_content=True),
    Role("first_year", "first year of the relationship, in a table with a row for each relationship",
         ("startyear", "firstyear", "yearstart", "yearbegin", "beginyear", "start", "begin", "from", "since",
          "startdate"), _years),
    Role("last_year", "last year of the relationship; empty where it goes on",
         ("endyear", "lastyear", "yearend", "end", "to", "until", "enddate"), _years),
    Role("kind", "kind of the relationship",
         ("kind", "relation", "relationship", "relationtype", "relationshiptype", "reltype", "rel", "tie", "tietype",
          "alliancetype", "type", "category", "level"), _kinds, by_content=True),
    Role("direction", "who gave: " + ", ".join(DIRECTIONS), ("direction", "dir"), _words(DIRECTIONS)),
    Role("confidence", "how sure it is: " + ", ".join(CONFIDENCES), ("confidence", "certainty"), _words(CONFIDENCES)),
    Role("note", "what happened", ("note", "notes", "comment", "comments", "description", "remark", "remarks")),
    Role("source", "where it is documented", ("source", "sources", "reference", "references", "citation", "sourceids")),
)  # fmt: skip
"""What a column of the table of pairs can stand for; a sided role has one column for each of the two groups."""

TYPE_WORDS = {
    "operational": ("operational", "operations", "operation", "oper", "ops"),
    "material": ("material", "materiel", "arms", "weapons", "mat"),
    "financial": ("financial", "finance", "financing", "funding", "money", "cash", "fin"),
    "training": ("training", "train"),
    "territorial": ("territorial", "territory", "terr", "sanctuary", "safehaven", "bases"),
    "rhetorical": ("rhetorical", "rhetoric", "verbal"),
}
"""Words in the name of a column that codes a type of co-operation by 0 and 1."""

GROUP_ROLES = (
    Role("id", "id by which the table of pairs names the group", ("id", "groupid", "gid", "orgid", "actorid", "code")),
    Role("name", "name", ("name", "groupname", "group", "orgname", "org", "actor", "organization", "organisation")),
    Role("aliases", "other names, separated by |", ("aliases", "alias", "alsoknownas", "othernames", "acronym")),
    Role("ideology", "ideologies, separated by |", ("ideology", "ideologies")),
    Role("religion", "religion", ("religion",)),
    Role("country", "country of the base, by name or letter code", ("country", "basecountry", "homecountry", "iso3"),
         _countries),
    Role("place", "name of the base", ("place", "baseplace", "city", "base", "town")),
    Role("lat", "latitude of the base, degrees", ("lat", "latitude"), _degrees(90.0)),
    Role("lon", "longitude of the base, degrees", ("lon", "long", "lng", "longitude"), _degrees(180.0)),
    Role("born", "first year", ("startyear", "firstyear", "founded", "formed", "start", "yearformed", "born"), _years),
    Role("died", "last year; empty while active", ("endyear", "lastyear", "ended", "dissolved", "end", "died"), _years),
)  # fmt: skip
"""What a column of a file of groups can stand for."""

_SIDES = (("a", "1", "i", "one", "first", "source", "sender"), ("b", "2", "j", "two", "second", "target", "receiver"))
_STEMS = frozenset(word for role in ROLES if role.sided for word in role.words)


def tokens(name: str) -> list[str]:
    """Words and numbers of a column's name: "Group1_Name" is group, 1, name."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
    return re.findall(r"[a-z]+|\d+", apart)


def sided(name: str) -> tuple[str, int] | None:
    """Name without the mark of a side, letters alone, and the side (0 or 1); None where it bears no mark."""
    parts = tokens(name)
    for side, marks in enumerate(_SIDES):
        for at in (len(parts) - 1, 0, 1):
            if 0 <= at < len(parts) and parts[at] in marks:
                return "".join(parts[:at] + parts[at + 1 :]), side
        for at, part in enumerate(parts):
            if part[-1:] == marks[0] and part[:-1] in _STEMS and part[:-1]:
                return "".join([*parts[:at], part[:-1], *parts[at + 1 :]]), side
    return None


@dataclass(frozen=True)
class Found:
    """A column that a proposal takes for something, and how it knows."""

    column: str
    sureness: Sureness


@dataclass(frozen=True)
class Proposal:
    """What the columns of a table seem to be: roles (sided ones with _a and _b), and types of co-operation."""

    columns: Mapping[str, Found] = field(default_factory=dict)
    types: Mapping[str, Found] = field(default_factory=dict)

    @property
    def pairs(self) -> bool:
        """Whether both groups and a year were found."""
        return {"group_a", "group_b"} <= set(self.columns) and bool({"year", "first_year"} & set(self.columns))

    @property
    def dyad_years(self) -> bool:
        """Whether it looks like a table of dyad-years: groups, a year, and a kind or types of co-operation."""
        return self.pairs and "year" in self.columns and bool("kind" in self.columns or self.types)


def different(sheet: Sheet, column: str) -> list[str]:
    """Different values of a column, missing ones left out, in the order of the file."""
    return [value for value in dict.fromkeys(sheet.frame[column]) if value and value not in MISSING]


def _best(
    role: Role, named: Mapping[str, list[str]], values: Mapping[str, Values], taken: Mapping[str, Found]
) -> Found | None:
    """Return the free column that bears the first of the role's words; one whose content fits goes first."""
    others = {found.column for found in taken.values()}
    order = [name for word in role.words for name in named.get(word, []) if name not in others]
    fitting = [name for name in order if role.fits(values[name])]
    if fitting:
        return Found(fitting[0], Sureness.SURE)
    # A name alone is enough only where any value would do, or where nothing at all is recorded.
    return Found(order[0], Sureness.NAME) if order and role.fits is not _kinds and not values[order[0]] else None


def _sided(sheet: Sheet, values: Mapping[str, Values], out: dict[str, Found]) -> None:
    sides: dict[str, dict[int, str]] = {}
    for name in sheet.names:
        if found := sided(name):
            sides.setdefault(found[0], {}).setdefault(found[1], name)
    for role in ROLES:
        for word in role.words if role.sided else ():
            pair = sides.get(word, {})
            if len(pair) == 2 and not {f.column for f in out.values()} & set(pair.values()):
                both = [*values[pair[0]], *values[pair[1]]]
                if role.fits(both):
                    out[f"{role.key}_a"], out[f"{role.key}_b"] = (Found(pair[s], Sureness.SURE) for s in (0, 1))
                    break


def _kind_by_name(
    named: Mapping[str, list[str]], values: Mapping[str, Values], out: Mapping[str, Found]
) -> Found | None:
    """A column that is called like a kind but whose values are codes: its values have to be settled by a person."""
    role = next(role for role in ROLES if role.key == "kind")
    taken = {found.column for found in out.values()}
    for word in role.words:
        for name in named.get(word, []):
            if name not in taken and 0 < len(values[name]) <= 30:
                return Found(name, Sureness.NAME)
    return None


def _by_content(sheet: Sheet, values: Mapping[str, Values], out: dict[str, Found], types: Mapping[str, Found]) -> None:
    def free() -> list[str]:
        taken = {found.column for found in (*out.values(), *types.values())}
        return [name for name in sheet.names if name not in taken]

    if "group_a" not in out:
        shared = [
            (len(set(values[a]) & set(values[b])), a, b)
            for i, a in enumerate(free())
            for b in free()[i + 1 :]
            if _groups(values[a]) and _groups(values[b]) and not _kinds(values[a])
        ]
        best = max(shared, default=(0, "", ""), key=lambda found: found[0])
        if best[0] >= 2:
            out["group_a"], out["group_b"] = (Found(name, Sureness.CONTENT) for name in best[1:])
    if not {"year", "first_year"} & set(out):
        years = [name for name in free() if _only_years(values[name])]
        if len(years) == 1:
            out["year"] = Found(years[0], Sureness.CONTENT)
    if "kind" not in out:
        kinds = [name for name in free() if _kinds(values[name])]
        if len(kinds) == 1:
            out["kind"] = Found(kinds[0], Sureness.CONTENT)


def propose(sheet: Sheet) -> Proposal:
    """What the columns of a table of pairs seem to be."""
    values = {name: different(sheet, name) for name in sheet.names}
    named: dict[str, list[str]] = {}
    for name in sheet.names:
        named.setdefault("".join(tokens(name)), []).append(name)
    out: dict[str, Found] = {}
    types: dict[str, Found] = {}
    for type_, words in TYPE_WORDS.items():
        for name in sheet.names:
            if set(tokens(name)) & set(words) and _flags(values[name]):
                types.setdefault(type_, Found(name, Sureness.SURE))
    _sided(sheet, values, out)
    for role in ROLES:
        if not role.sided and (found := _best(role, named, values, out)):
            out[role.key] = found
    if "kind" not in out and (by_name := _kind_by_name(named, values, out)):
        out["kind"] = by_name
    _by_content(sheet, values, out, types)
    if "year" in out and "first_year" in out:  # a year a row: the others are then the life of something else
        out = {key: found for key, found in out.items() if key not in ("first_year", "last_year")}
    return Proposal(out, {term.id: types[term.id] for term in TYPES if term.id in types})


def propose_groups(sheet: Sheet) -> dict[str, Found]:
    """What the columns of a file of groups seem to be."""
    values = {name: different(sheet, name) for name in sheet.names}
    named: dict[str, list[str]] = {}
    for name in sheet.names:
        named.setdefault("".join(tokens(name)), []).append(name)
    out: dict[str, Found] = {}
    for role in GROUP_ROLES:
        if found := _best(role, named, values, out):
            out[role.key] = found
    return out
