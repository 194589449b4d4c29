"""Typeahead over the names and aliases of all groups of a dataset."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

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


class _Letters(dict[int, str]):
    """What stands for each letter: itself, nothing for an apostrophe, a blank for all else."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = "" if letter in "'\u2019\u02bb\u02bf" else letter if letter.isalnum() else " "
        return self[code]


_LETTERS = _Letters()


def fold(text: str) -> str:
    """Text for comparing: without accents, case and punctuation ("al-Qa'ida" is "al qaida")."""
    bare = text
    if not text.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().translate(_LETTERS).split())


@dataclass(frozen=True)
class _Names:
    """Names and aliases of all groups, each on a line of one text: a word is found in it without asking each."""

    text: str
    starts: list[int]
    """Where each line begins, and where the text ends."""
    rows: list[int]
    """Row of each line's group."""
    aliases: list[str]
    """The alias as written, empty of a name."""

    def line(self, at: int) -> str:
        """Folded name or alias."""
        return self.text[self.starts[at] : self.starts[at + 1] - 1]

    def with_word(self, word: str) -> Iterator[int]:
        """Lines that have a word somewhere."""
        found = self.text.find(word)
        while found >= 0:
            at = bisect_right(self.starts, found) - 1
            yield at
            found = self.text.find(word, self.starts[at + 1])


@kept(16)
def _names(atlas: Atlas) -> _Names:
    lines, rows, written = [], [], []
    columns = (atlas.groups["name"].tolist(), atlas.groups["aliases"].tolist())
    for row, (name, aliases) in enumerate(zip(*columns, strict=True)):
        for text, alias in ((name, ""), *((alias, alias) for alias in aliases)):
            lines.append(fold(text) + "\n")
            rows.append(row)
            written.append(alias)
    return _Names("".join(lines), [0, *accumulate(map(len, lines))], rows, written)


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
    names = _names(atlas)
    for at in names.with_word(max(words, key=len)):
        folded, row, alias = names.line(at), names.rows[at], names.aliases[at]
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
