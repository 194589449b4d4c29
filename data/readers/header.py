"""Read ``dataset.toml``: what a dataset says of itself, its vocabularies and its limits."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from data.errors import DataError, quote, shown
from data.model import Dataset, Limit, Problem, Severity, Term
from data.schema import HEADER
from data.vocabulary import FIRST_YEAR, IDEOLOGIES, KINDS, LAST_YEAR, RESERVED, STATUSES, TYPES

TEXTS = ("title", "version", "citation", "licence", "status")
"""Keys that must be there, as text that is not empty."""

TABLES: Mapping[str, tuple[tuple[Term, ...], str]] = {
    "ideology": (IDEOLOGIES, ""),
    "cooperation": (TYPES, "tangible"),
    "relation": (KINDS, "cooperative"),
}
"""Optional tables of terms: what stands without them, and the name of their flag."""

ABOUT = ("unallied",)
"""What a limit can be about, where figures must heed it: unallied = groups without allies are mostly missing."""
KEYS = (*TEXTS, "disclaimer", "first_year", "last_year", *TABLES, "limit")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Toml:
    """A parsed file, with the way to say where in it something is wrong.

    Parameters
    ----------
    text
        The whole file.
    where, file
        Its place for errors, and its name for the report.
    """

    def __init__(self, text: str, where: str, file: str = HEADER) -> None:
        self.text = text
        self.where = where
        self.file = file
        self.problems: list[Problem] = []
        try:
            self.table: dict[str, Any] = tomllib.loads(text)
        except (ValueError, RecursionError) as why:  # TOMLDecodeError is a ValueError
            found = re.search(r"at line (\d+)", str(why))
            raise DataError(
                what=f"is not valid TOML ({quote(why, 200)[1:-1]})",
                where=f"{where}:{found[1]}" if found else where,
                mend="correct the line: text stands in double quotes, tables in double brackets",
            ) from why

    def line(self, key: str, nth: int = 0) -> int:
        """Line of the nth place where a key is set or a table of that name begins; 1 if unknown."""
        pattern = rf"^[ \t]*(?:\[\[?[ \t]*)?[\"']?{re.escape(key)}[\"']?[ \t]*(?:=|\])"
        found = list(re.finditer(pattern, self.text, flags=re.MULTILINE))
        return self.text.count("\n", 0, found[min(nth, len(found) - 1)].start()) + 1 if found else 1

    def fail(self, key: str, what: str, mend: str, nth: int = 0) -> DataError:
        """Error at the nth place where a key is set."""
        return DataError(what=f"{key}: {what}", where=f"{self.where}:{self.line(key, nth)}", mend=mend)

    def note(
        self,
        key: str,
        value: object,
        reason: str,
        message: str,
        mend: str,
        nth: int = 0,
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Put down a problem at the nth place where a key is set."""
        line = self.line(key, nth)
        self.problems.append(Problem(self.file, line, key, shown(value), reason, message, mend, severity))


def _text(toml: Toml, key: str) -> str:
    value = toml.table.get(key)
    if value is None:
        near = get_close_matches(key, [k for k in toml.table if k not in KEYS], 1)
        raise DataError(
            what=f"{key} is missing",
            where=toml.where,
            mend=f"rename {quote(near[0])} to {key}" if near else f'add {key} = "..."',
        )
    if not isinstance(value, str) or not value.strip():
        raise toml.fail(key, f"{quote(value)} is not a text", f'write {key} = "..." in double quotes')
    return value.strip()


def _year(toml: Toml, key: str) -> int:
    value = toml.table.get(key)
    if value is None:
        raise DataError(what=f"{key} is missing", where=toml.where, mend=f"add {key} = 1945, or the year that fits")
    if type(value) is not int or not FIRST_YEAR <= value <= LAST_YEAR:
        raise toml.fail(
            key, f"{quote(value)} is not a year from {FIRST_YEAR} to {LAST_YEAR}", f"write {key} = 1945, without quotes"
        )
    return value


def _rows(toml: Toml, key: str) -> Sequence[dict[str, Any]] | None:
    """Tables of an array of tables, None where there is none."""
    value = toml.table.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
        raise toml.fail(
            key, "is not a list of tables", f"write each entry under its own line [[{key}]], or leave it out"
        )
    return value


def _colour(toml: Toml, key: str, nth: int, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and _COLOUR.fullmatch(value):
        return value.lower()
    toml.note(
        key,
        value,
        "colour",
        f"colour {quote(value)} of entry {nth + 1} is not #rrggbb",
        'write "#" and six hexadecimal digits, such as "#0072b2", or leave it out',
        nth,
        Severity.ERROR_VALUE,
    )
    return None


def _terms(toml: Toml, key: str) -> tuple[Term, ...]:
    default, flag = TABLES[key]
    rows = _rows(toml, key)
    if rows is None:
        return default
    terms: list[Term] = []
    for nth, row in enumerate(rows):
        id_, label = row.get("id"), row.get("label", row.get("id"))
        if not isinstance(id_, str) or not _ID.fullmatch(id_) or id_ in RESERVED:
            raise toml.fail(
                key, f"id {quote(id_)} of entry {nth + 1} is not usable",
                "write id = \"...\" with letters, digits, '-', '_' or '.', not " + ", ".join(sorted(RESERVED)), nth,
            )  # fmt: skip
        if id_ in {term.id for term in terms}:
            raise toml.fail(key, f"id {quote(id_)} of entry {nth + 1} stands twice", "leave one of them out", nth)
        if not isinstance(label, str) or not label.strip():
            raise toml.fail(key, f"label {quote(label)} of {quote(id_)} is not a text", 'write label = "..."', nth)
        marked = row.get(flag, False) if flag else False
        if not isinstance(marked, bool):
            raise toml.fail(key, f"{flag} of {quote(id_)} is {quote(marked)}", f"write {flag} = true or false", nth)
        _unknown(toml, key, nth, row, ("id", "label", "colour", *([flag] if flag else [])))
        terms.append(Term(id_, label.strip(), _colour(toml, key, nth, row.get("colour")), marked))
    return tuple(terms)


def _limits(toml: Toml) -> tuple[Limit, ...]:
    limits = []
    for nth, row in enumerate(_rows(toml, "limit") or ()):
        title, text = row.get("title"), row.get("text")
        if not isinstance(title, str) or not isinstance(text, str) or not title.strip() or not text.strip():
            raise toml.fail(
                "limit", f"entry {nth + 1} has no title and text", 'write title = "..." and text = "..."', nth
            )
        about = row.get("about", "")
        if about not in ("", *ABOUT):
            raise toml.fail(
                "limit", f"about {quote(about)} is not known", f"use {', '.join(ABOUT)}, or leave it out", nth
            )
        _unknown(toml, "limit", nth, row, ("title", "text", "about"))
        limits.append(Limit(" ".join(title.split()), " ".join(text.split()), str(about)))
    return tuple(limits)


def _unknown(toml: Toml, key: str, nth: int, row: Mapping[str, Any], known: Sequence[str]) -> None:
    """Warn of keys that are not read: most are slips of the pen."""
    for name in row:
        if name not in known:
            near = get_close_matches(name, known, 1)
            mend = f"write {near[0]}" if near else "leave it out; known are " + ", ".join(known)
            toml.note(key or name, name, "unknown-key", f"{quote(name)} is not read", mend, nth)


def read_header(text: str, where: str, slug: str, hash_: str) -> tuple[Dataset, tuple[Problem, ...]]:
    """Read the text of a ``dataset.toml``.

    Parameters
    ----------
    text
        The whole file.
    where
        Its path, for messages.
    slug, hash_
        Name and fingerprint of the dataset, which the file does not know.

    Returns
    -------
    What it says, and what in it could not be used.

    Raises
    ------
    DataError
        When it is not TOML, or lacks what no default can stand for.
    """
    toml = Toml(text, where)
    texts = {key: _text(toml, key) for key in TEXTS}
    disclaimer = _text(toml, "disclaimer") if "disclaimer" in toml.table else ""
    first_year, last_year = _year(toml, "first_year"), _year(toml, "last_year")
    if last_year < first_year:
        raise toml.fail("last_year", f"{last_year} is before first_year {first_year}", "put them in order")
    if texts["status"] not in STATUSES:
        raise toml.fail(
            "status",
            f"{quote(texts['status'])} is not one of {', '.join(STATUSES)}",
            'write status = "observed", or "synthetic" if the data are made up',
        )
    ideologies, types, kinds = (_terms(toml, key) for key in TABLES)
    if not any(kind.flag for kind in kinds):
        toml.note(
            "relation",
            "",
            "no-alliances",
            "no relation is marked as co-operative, so nothing counts as an alliance",
            "write cooperative = true under the relations that are alliances",
        )
    limits = _limits(toml)
    _unknown(toml, "", 0, toml.table, KEYS)
    dataset = Dataset(
        **texts,
        slug=slug,
        disclaimer=disclaimer,
        first_year=first_year,
        last_year=last_year,
        limits=limits,
        ideologies=ideologies,
        types=types,
        kinds=kinds,
        hash=hash_,
    )
    return dataset, tuple(toml.problems)
