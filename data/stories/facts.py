"""Words in braces of a story's text, each worked out from the data under the view's filters: no number is typed.

``{alliances}`` is of the view's year or period, ``{alliances:1969}`` of that year; see ``FACTS`` for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from string import Formatter
from typing import Any

import numpy as np

from data.colourings import COLOURING, stacks
from data.comparison import comparison
from data.errors import AtlasError, quote
from data.filters import own_groups, passing
from data.grammar import Served
from data.index import Index, Ints, index
from data.measures.key_figures import KEY_FIGURES, key_figures
from data.measures.phases import phases, smoothed
from data.numbers import figure
from data.panel import by_year
from data.published import QUOTED, SOURCE
from data.selection import Selection
from data.view import at_window, window_of

ARTICLE = {
    "late_1960s": QUOTED[0].label,
    "early_1980s": QUOTED[1].label,
    "peak": QUOTED[2].label.removeprefix("peak, "),
    "source": SOURCE,
}
"""What the published article says, see ``data.published``."""


class Unknown(Exception):
    """A word in braces that cannot be worked out; the message says what could."""


@dataclass(frozen=True, eq=False)
class _View:
    index: Index
    selection: Selection

    def at(self, year: str) -> Selection:
        """Selection of the view, or of one year under its filters."""
        if not year:
            return self.selection
        first, last = int(self.index.years[0]), int(self.index.years[-1])
        if not re.fullmatch(r"[0-9]{4}", year) or not first <= int(year) <= last:
            raise Unknown(f"write a year from {first} to {last} behind the colon")
        return replace(self.selection, year=int(year), since=None, compare=None)

    def figures(self, year: str) -> dict[str, Any]:
        """Key figures of the view or of a year."""
        selection = self.at(year)
        panel, window = window_of(self.index, selection)
        passes, own = passing(self.index, selection), own_groups(self.index, selection)
        return at_window(key_figures(self.index, panel, passes, own), window)

    def alliances(self, year: str) -> int:
        """Active alliances of the view or of a year."""
        return int(self.figures(year)["alliances"])

    def series(self) -> Ints:
        """Active alliances of every year of coverage."""
        return by_year(self.index).count(passing(self.index, self.selection))


def _figure(key: str, unit: str) -> Callable[[_View, str], str]:
    return lambda view, year: figure(view.figures(year)[key], unit)


def _year_given(year: str) -> None:
    if not year:
        raise Unknown("write a year behind the colon, as in {more:1969}")


def _more(view: _View, year: str) -> str:
    _year_given(year)
    return f"{view.alliances('') - view.alliances(year):,}"


def _fewer(view: _View, year: str) -> str:
    _year_given(year)
    return f"{view.alliances(year) - view.alliances(''):,}"


def _times(view: _View, year: str) -> str:
    _year_given(year)
    before = view.alliances(year)
    if not before:
        raise Unknown("there is no alliance in that year to compare with")
    return f"{view.alliances('') / before:.1f}"


def _classes(view: _View, spec: str) -> tuple[int, int]:
    """Alliances of a class of the view's colouring, ``id`` or ``id@year``, and of all classes."""
    id_, _, year = spec.partition("@")
    selection = view.at(year)
    colouring = COLOURING[selection.colour]
    ids = [term.id for term in colouring.classes(view.index)]
    if id_ not in ids:
        raise Unknown("write one of " + ", ".join(ids) + " behind the colon")
    panel, window = window_of(view.index, selection)
    counts = stacks(view.index, panel, panel.leading(passing(view.index, selection)), colouring)[:, window]
    return int(counts[ids.index(id_)]), int(counts.sum())


def _share(view: _View, spec: str) -> str:
    n, of = _classes(view, spec)
    return figure(n / of if of else None, "share")


def _changes(key: str) -> Callable[[_View, str], str]:
    def of(view: _View, spec: str) -> str:
        found = comparison(view.index, passing(view.index, view.selection), view.selection)
        if found is None:
            raise Unknown("give the view's query a year to compare with, compare=1969 say")
        return f"{found[key]:,}"

    return of


def _peak(view: _View, spec: str) -> str:
    return str(int(view.index.years[int(np.argmax(smoothed(view.series())))]))


def _lull(view: _View, spec: str) -> str:
    found = [p.first_year for p in phases(view.series(), int(view.index.years[0])) if p.kind == "lull"]
    if not found:
        raise Unknown("the rule finds no lull under these filters")
    return str(found[-1])


def _high(view: _View, year: str) -> str:
    series = view.series()
    upto = len(series) if not year else view.at(year).year - int(view.index.years[0]) + 1
    return str(int(view.index.years[int(np.argmax(series[:upto]))]))


def _hub(view: _View) -> tuple[str, int]:
    """Group with most allies in the view and how many it has; the first by name, where several tie."""
    panel, window = window_of(view.index, view.selection)
    rows = panel.leading(passing(view.index, view.selection))
    tie = panel.tie[rows[panel.window[rows] == window]]
    ties = view.index.alliances
    degree = np.bincount(np.concatenate((ties.a[tie], ties.b[tie])), minlength=len(view.index.groups.ids))
    if not degree.any():
        raise Unknown("there is no alliance in the view")
    names = view.index.atlas.groups["name"]
    name, most = min(zip(names, degree.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
    return str(name), int(most)


def _year(key: str) -> Callable[[_View, str], str]:
    def of(view: _View, spec: str) -> str:
        value = getattr(view.selection, key)
        if value is None:
            raise Unknown(f"give the view's query {key}=...")
        return str(value)

    return of


def _article(view: _View, spec: str) -> str:
    if spec not in ARTICLE:
        raise Unknown("write one of " + ", ".join(ARTICLE) + " behind the colon")
    return ARTICLE[spec]


FACTS: dict[str, Callable[[_View, str], str]] = {
    **{f.key: _figure(f.key, f.unit) for f in KEY_FIGURES},
    "more": _more,
    "fewer": _fewer,
    "times": _times,
    "count": lambda view, spec: f"{_classes(view, spec)[0]:,}",
    "share": _share,
    "formed": _changes("formed"),
    "ended": _changes("ended"),
    "kept": _changes("kept"),
    "peak": _peak,
    "lull": _lull,
    "high": _high,
    "hub": lambda view, spec: _hub(view)[0],
    "hub_allies": lambda view, spec: f"{_hub(view)[1]:,}",
    "year": _year("year"),
    "since": _year("since"),
    "compare": _year("compare"),
    "article": _article,
}
"""Words in braces: the key figures; ``more``, ``fewer`` and ``times`` against the alliances of a year; ``count`` and
``share`` of a class of the colouring (id, or id@year); ``formed``, ``ended`` and ``kept`` of two years compared;
``peak`` (highest year of the smoothed series), ``lull`` (the last one that the rule finds) and ``high`` (year with
most alliances, up to a year); ``hub`` and ``hub_allies``; the view's years; ``article``, what the article says."""


def filled(text: str, selection: Selection, served: Served, entry: str, where: str) -> str:
    """Return a text with its words in braces worked out for a selection.

    Parameters
    ----------
    entry, where
        For messages: the entry of the file, and the file with its line.

    Raises
    ------
    AtlasError
        When a brace stands alone or its word is not known.
    """
    if "{" not in text and "}" not in text:
        return text

    def wrong(what: str, mend: str) -> AtlasError:
        return AtlasError(what=f"{entry}: {what}", where=where, mend=mend)

    view = _View(index(served[selection.dataset]), selection)
    try:
        parts = list(Formatter().parse(text))
    except ValueError as why:
        raise wrong("a brace stands alone", "write {{ or }} where a brace is meant") from why
    out = []
    for said, word, spec, conversion in parts:
        out.append(said)
        if word is None:
            continue
        if word not in FACTS or conversion:
            near = get_close_matches(word, FACTS, 1)
            raise wrong(
                f"{quote('{' + word + '}')} is not known",
                f"write {{{near[0]}}}" if near else "use " + ", ".join(FACTS) + ", or {{ where a brace is meant",
            )
        try:
            out.append(FACTS[word](view, spec or ""))
        except Unknown as why:
            raise wrong(f"{quote('{' + word + '}')} cannot be worked out", str(why)) from why
    return "".join(out)
