"""A story: a list of views of one dataset, each with a title and a sentence, as a small TOML file.

::

    title = "The first wave"
    dataset = "curated"                 # the folder's name, as in the address of a view
    source = "..."                      # optional: what it leans on, one line

    [[view]]
    title = "Leftist alliances, 1972"   # 120 letters at most
    text = "There are {alliances}."     # one sentence, 160 letters at most
    query = "year=1972&ideology=leftist"

Numbers need not be typed: words in braces are worked out from the data, see ``facts``; a brace is written twice.
Nothing of it is markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote as quoted

from data.errors import AtlasError, DataError, quote
from data.grammar import MOST_NOTE, MOST_TITLE, Served, reading
from data.readers.header import Toml
from data.selection import Selection
from data.stories.facts import filled

MOST_BYTES = 200_000
MOST_VIEWS = 60
MOST_WRITTEN = 600
"""Letters of a title, text or source as they are written; with their numbers they are as a briefing's words."""
MOST_QUERY = 4_000
KEYS = ("title", "dataset", "source", "view")
VIEW_KEYS = ("title", "text", "query")


@dataclass(frozen=True)
class StoryView:
    """One view: what it is called, what it shows in a sentence, and its query without the dataset."""

    title: str
    text: str
    query: str


@dataclass(frozen=True)
class Story:
    """A story as it is written; ``lines`` are those at which its views begin."""

    title: str
    dataset: str
    source: str
    views: tuple[StoryView, ...]
    where: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Shown:
    """One view of a story as it is shown: the story's words with their numbers, and the selection."""

    title: str
    text: str
    query: str
    selection: Selection


def _line(text: object) -> str:
    """One line of printable text."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def _said(
    toml: Toml, table: dict[str, Any], key: str, most: int, place: str, nth: int, *, optional: bool = False
) -> str:
    """Text of an entry, on one line."""
    value = table.get(key, "" if optional else None)
    where = f"{toml.where}:{toml.line('view', nth) if place else toml.line(key)}"
    name = f"{place}{key}"
    if value is None:
        raise DataError(what=f"{name} is missing", where=where, mend=f'add {key} = "..."')
    if not isinstance(value, str) or not (optional or value.strip()):
        raise DataError(what=f"{name} is not a text: {quote(value)}", where=where, mend=f'write {key} = "..."')
    said = _line(value)
    if len(said) > most:
        raise DataError(what=f"{name} has {len(said)} letters", where=where, mend=f"write {most} at most")
    return said


def _known(toml: Toml, keys: Sequence[str], known: Sequence[str], place: str, nth: int) -> None:
    for key in keys:
        if key not in known:
            near = get_close_matches(key, known, 1)
            raise DataError(
                what=f"{place}{quote(key)} is not known",
                where=f"{toml.where}:{toml.line('view', nth) if place else toml.line(key)}",
                mend=f"write {near[0]}" if near else "use " + ", ".join(known),
            )


def read_story(body: bytes, where: str) -> Story:
    """Read a story's file.

    Parameters
    ----------
    where
        Its name, for messages.

    Raises
    ------
    DataError
        When it is too large, not TOML, or an entry is not what it should be: with file, line, entry and mend.
    """
    if len(body) > MOST_BYTES:
        raise DataError(
            what=f"has {len(body):,} bytes", where=where, mend=f"keep to {MOST_BYTES:,}: {MOST_VIEWS} views fit well"
        )
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as why:
        line = body.count(b"\n", 0, why.start) + 1
        raise DataError(what="is not UTF-8", where=f"{where}:{line}", mend="save the file as UTF-8") from why
    return _story(Toml(text.replace("\r\n", "\n").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"), where))


def _story(toml: Toml) -> Story:
    """Story of a parsed file."""
    _known(toml, list(toml.table), KEYS, "", 0)
    title = _said(toml, toml.table, "title", MOST_TITLE, "", 0)
    dataset = _said(toml, toml.table, "dataset", 80, "", 0)
    source = _said(toml, toml.table, "source", MOST_WRITTEN, "", 0, optional=True)
    tables = toml.table.get("view", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise toml.fail("view", "is not a list of views", "write [[view]] on a line of its own, and its entries below")
    if not 1 <= len(tables) <= MOST_VIEWS:
        raise DataError(
            what=f"view: there are {len(tables)}", where=toml.where, mend=f"write [[view]] 1 to {MOST_VIEWS} times"
        )
    views, lines = [], []
    for nth, table in enumerate(tables):
        place = f"view {nth + 1}: "
        _known(toml, list(table), VIEW_KEYS, place, nth)
        views.append(
            StoryView(
                _said(toml, table, "title", MOST_WRITTEN, place, nth),
                _said(toml, table, "text", MOST_WRITTEN, place, nth),
                _said(toml, table, "query", MOST_QUERY, place, nth, optional=True).lstrip("?"),
            )
        )
        lines.append(toml.line("view", nth))
    return Story(title, dataset, source, tuple(views), toml.where, tuple(lines))


def story_of(value: object, where: str) -> Story:
    """Return a story of plain values, as ``as_json`` gives them.

    Raises
    ------
    DataError
        As ``read_story``.
    """
    if not isinstance(value, dict):
        raise DataError(what="is not an object", where=where, mend="send the story as /api/story gives it")
    table = {("view" if key == "views" else str(key)): entry for key, entry in value.items()}
    toml = Toml("", where)
    toml.table = table
    return _story(toml)


def _with(query: str, dataset: str) -> str:
    """Query with the story's dataset, unless it names it itself."""
    return "&".join([f"dataset={quoted(dataset, safe='')}", *([query] if query else [])])


def shown(story: Story, served: Served, *, literal: bool = False) -> tuple[Shown, ...]:
    """Return the views as they are shown.

    Parameters
    ----------
    literal
        The texts stand as they are: braces in them mean nothing.

    Raises
    ------
    AtlasError
        When the dataset is not served, a query says what cannot be read, or a word in braces is not known.
    """
    if story.dataset not in served:
        raise AtlasError(
            what=f"dataset: {quote(story.dataset)} is not served",
            where=story.where,
            mend="use " + ", ".join(served),
        )
    out = []
    for n, (view, line) in enumerate(zip(story.views, story.lines, strict=True), 1):
        where = f"{story.where}:{line}"
        # A query that names the dataset itself is read as it stands, and then has to name the story's.
        own = any(part.partition("=")[0] == "dataset" for part in view.query.split("&"))
        query = view.query if own else _with(view.query, story.dataset)
        selection, notices = reading(query, served)
        for notice in notices:
            if notice.dropped:
                raise AtlasError(what=f"view {n}: query: {notice.text}", where=where, mend=notice.mend)
        if selection.dataset != story.dataset:
            raise AtlasError(
                what=f"view {n}: query: its dataset is {quote(selection.dataset)}, the story's {quote(story.dataset)}",
                where=where,
                mend="leave dataset out of the query",
            )
        words = []
        for key, text, most in (("title", view.title, MOST_TITLE), ("text", view.text, MOST_NOTE)):
            said = text if literal else filled(text, selection, served, f"view {n}: {key}", where)
            if len(said) > most:
                raise AtlasError(
                    what=f"view {n}: {key} has {len(said)} letters as it is shown", where=where,
                    mend=f"write {most} at most",
                )  # fmt: skip
            words.append(said)
        out.append(Shown(words[0], words[1], view.query, selection))
    return tuple(out)


def as_json(story: Story, served: Served) -> dict[str, Any]:
    """Return a story as the scripts take it: title, dataset, source and the views with their numbers."""
    views = [{"title": v.title, "text": v.text, "query": v.query} for v in shown(story, served)]
    return {"title": story.title, "dataset": story.dataset, "source": story.source, "views": views}
