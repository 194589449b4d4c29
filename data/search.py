"""Typeahead over the names and aliases of all groups of a dataset."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from data.kept import kept
from data.model import Atlas

MOST = 12


@dataclass(frozen=True)
class Found:
    """A group that matches; ``alias`` is the other name that matched, if it was not the name."""

    id: str
    name: str
    alias: str
    first_year: int
    last_year: int
    place: str


def fold(text: str) -> str:
    """Text for comparing: without accents, case and punctuation ("al-Qa'ida" is "al qaida")."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    kept = "".join(c if c.isalnum() else "" if c in "'\u2019\u02bb\u02bf" else " " for c in bare.casefold())
    return " ".join(kept.split())


@kept(16)
def _names(atlas: Atlas) -> list[tuple[str, int, str]]:
    """(folded name or alias, row of the group, alias as written or empty), names before aliases."""
    out = []
    for row, (name, aliases) in enumerate(zip(atlas.groups["name"], atlas.groups["aliases"], strict=True)):
        out.append((fold(name), row, ""))
        out += [(fold(alias), row, alias) for alias in aliases]
    return out


def _rank(folded: str, words: list[str], asked: str) -> int | None:
    """0 = is it, 1 = starts with it, 2 = each word starts a word, 3 = has each word somewhere."""
    if folded == asked:
        return 0
    if folded.startswith(asked):
        return 1
    parts = folded.split()
    if all(any(part.startswith(word) for part in parts) for word in words):
        return 2
    return 3 if all(word in folded for word in words) else None


def search(atlas: Atlas, text: str, most: int = MOST) -> list[Found]:
    """Return the groups whose name or alias matches, best first.

    Parameters
    ----------
    text
        What was typed; accents, case and punctuation do not count.
    most
        Length of the answer at most.
    """
    asked = fold(text[:100])
    if not asked:
        return []
    words = asked.split()
    best: dict[int, tuple[int, bool, str, str]] = {}
    for folded, row, alias in _names(atlas):
        rank = _rank(folded, words, asked)
        if rank is not None:
            best[row] = min(best.get(row, (9, True, "", "")), (rank, bool(alias), folded, alias))
    rows = sorted(best, key=lambda row: best[row])[:most]
    groups = atlas.groups
    return [
        Found(
            id=groups["group_id"].iloc[row],
            name=groups["name"].iloc[row],
            alias=best[row][3],
            first_year=int(groups["first_year"].iloc[row]),
            last_year=int(groups["last_year"].iloc[row]),
            place=groups["base_place"].iloc[row],
        )
        for row in rows
    ]
