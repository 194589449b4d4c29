"""The grammar of the URL: one table of parameters, read without ever failing and written back."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast
from urllib.parse import parse_qsl, quote

from data.colourings import COLOURING, COLOURINGS
from data.filters import FILTERS
from data.index import Index, index
from data.kept import kept
from data.measures.series import CHARTS
from data.model import Atlas
from data.panel import by_year
from data.projection import MAX_SCALE
from data.selection import Selection
from data.vocabulary import CONFIDENCES

Served = Mapping[str, Atlas]
"""The served atlases by slug; the first is the default."""

MAX_QUERY = 8_000
"""Longer queries are cut: no link that the app writes comes near it."""


MOST_TITLE, MOST_NOTE, MOST_CAVEAT = 120, 160, 60
"""Letters of a briefing's own words: what fits into its smallest shape."""


class Unusable(Exception):
    """A value that a parameter cannot take; the message says what it could be."""


@dataclass(frozen=True)
class Read:
    """What a parameter made of its text, and the values it had to drop, each with its reason."""

    value: Any
    dropped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Notice:
    """Something of a query that is not taken as it stands; ``text`` is how a page says it.

    ``dropped`` is false where it is taken all the same: the last of several, a link of another version.
    """

    key: str
    value: str
    text: str
    mend: str
    dropped: bool = True


@dataclass(frozen=True)
class Context:
    """What the parameters read so far have settled."""

    served: Served
    index: Index
    selection: Selection


@dataclass(frozen=True)
class Parameter:
    """One parameter of the URL; ``key`` is its name there and the field of the Selection.

    ``half`` is *what* (it changes the payload) or *when* (it does not). ``read`` raises Unusable.
    """

    key: str
    half: Literal["what", "when"]
    values: str
    default: str
    passes: str
    read: Callable[[str, Context], Read]
    write: Callable[[Any], str]


def default_year(index_: Index) -> int:
    """Year with most active alliances in the whole dataset; the latest, where several tie."""
    count = by_year(index_).count(_everything(index_))
    return int(index_.years[len(count) - 1 - int(count[::-1].argmax())])


def _everything(index_: Index) -> Any:
    return index_.alliances.first <= index_.alliances.last


@kept(16)
def default(slug: str, atlas: Atlas) -> Selection:
    """Return the selection of the bare page: nothing filtered, the year with most alliances."""
    return Selection(dataset=slug, year=default_year(index(atlas)))


def _known(ids: tuple[str, ...]) -> str:
    shown = ", ".join(ids[:12])
    return f"use {shown}{', ...' if len(ids) > 12 else ''}" if ids else "the dataset has none"


def _one_of(ids: Callable[[Context], tuple[str, ...]]) -> Callable[[str, Context], Read]:
    def read(text: str, context: Context) -> Read:
        known = ids(context)
        if text not in known:
            raise Unusable(_known(known))
        return Read(text)

    return read


def _many_of(ids: Callable[[Context], tuple[str, ...]]) -> Callable[[str, Context], Read]:
    """List of ids: unknown ones are dropped one by one; known ones come out in vocabulary order."""

    def read(text: str, context: Context) -> Read:
        known, asked = ids(context), [part for part in text.split(",") if part]
        if not asked:
            raise Unusable(_known(known))
        kept = tuple(id_ for id_ in known if id_ in asked)
        return Read(kept, tuple((id_, _known(known)) for id_ in dict.fromkeys(asked) if id_ not in known))

    return read


def _flag(text: str, context: Context) -> Read:
    if text != "1":
        raise Unusable("use 1, or leave it out")
    return Read(True)


def _year(text: str, context: Context) -> Read:
    dataset = context.index.atlas.dataset
    return Read(_whole(text, dataset.first_year, dataset.last_year))


def _since(text: str, context: Context) -> Read:
    first, year = context.index.atlas.dataset.first_year, context.selection.year
    if first == year:
        raise Unusable(f"no year of coverage lies before {year}")
    return Read(_whole(text, first, year - 1))


def _compare(text: str, context: Context) -> Read:
    if context.selection.since is not None:
        raise Unusable("a period is not compared: leave since out, or compare")
    return _year(text, context)


def _whole(text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not low <= int(text) <= high:
        raise Unusable(f"use a year from {low} to {high}")
    return int(text)


def _group(text: str, context: Context) -> Read:
    if text not in context.index.groups.position:
        raise Unusable("use the id of a group of this dataset, as in the link of its card")
    return Read(text)


def _hops(text: str, context: Context) -> Read:
    if text not in ("1", "2"):
        raise Unusable("use 1 or 2")
    return Read(int(text))


def _map(text: str, context: Context) -> Read:
    bounds = ((-180.0, 180.0), (-90.0, 90.0), (1.0, MAX_SCALE))
    parts = text.split(",")
    problem = f"use lon,lat,scale within 180, 90 and 1 to {MAX_SCALE:g}"
    if len(parts) != 3 or not all(re.fullmatch(r"-?[0-9]{1,4}(\.[0-9]{1,9})?", part) for part in parts):
        raise Unusable(problem)
    numbers = tuple(round(float(part), 2) + 0.0 for part in parts)
    if not all(low <= n <= high and math.isfinite(n) for n, (low, high) in zip(numbers, bounds, strict=True)):
        raise Unusable(problem)
    return Read(numbers)


def _words(most: int) -> Callable[[str, Context], Read]:
    """One line of a person's own words; spaces are made one, and what cannot be printed goes."""

    def read(text: str, context: Context) -> Read:
        said = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if not said:
            raise Unusable("write some words, or leave it out")
        if len(said) > most:
            raise Unusable(f"use {most} letters at most")
        return Read(said)

    return read


def _version(text: str, context: Context) -> Read:
    if not text:
        raise Unusable("use the version of a dataset")
    return Read(text[:80])


def _filter_ids(key: str) -> Callable[[Context], tuple[str, ...]]:
    spec = next(spec for spec in FILTERS if spec.key == key)
    return lambda context: tuple(id_ for id_, _ in spec.choices(context.index))


def _legend_keys(context: Context) -> tuple[str, ...]:
    colouring = COLOURING[context.selection.colour]
    return tuple(term.id for term in colouring.classes(context.index))


def _join(values: tuple[str, ...]) -> str:
    return ",".join(values)


def _plain(value: object) -> str:
    return str(value)


def _one(value: object) -> str:
    return "1"


def _numbers(values: tuple[float, ...]) -> str:
    return ",".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in values)


def _choice(*values: str) -> Callable[[str, Context], Read]:
    return _one_of(lambda context: values)


# In the order of reading: each may lean on those before it.
PARAMETERS = (
    Parameter("dataset", "what", "slug of a served dataset (its folder's name)", "the first served", "-",
              _one_of(lambda context: tuple(context.served)), _plain),
    Parameter("ideology", "what", "comma list of ideologies", "all",
              "one end (`ends=either`, default) or both ends (`ends=both`) list any of them, in any position",
              _many_of(_filter_ids("ideology")), _join),
    Parameter("ends", "what", "either, both", "either", "qualifies ideology", _choice("either", "both"), _plain),
    Parameter("type", "what", "comma list of co-operation types", "all",
              "it has any of them (`types=any`, default), all of them (`types=all`), or some of them and"
              " nothing else (`types=only`)", _many_of(_filter_ids("type")), _join),
    Parameter("types", "what", "any, all, only", "any", "qualifies type", _choice("any", "all", "only"), _plain),
    Parameter("kind", "what", "comma list of the co-operative kinds", "all", "its kind is listed",
              _many_of(_filter_ids("kind")), _join),
    Parameter("region", "what", "comma list of sub-region slugs (western-asia)", "all",
              "the base of either end lies there", _many_of(_filter_ids("region")), _join),
    Parameter("confidence", "what", "low, medium, high", "low", "its confidence is at least that",
              _choice(*CONFIDENCES), _plain),
    Parameter("crossborder", "what", "1", "off", "its ends have different, known base countries", _flag, _one),
    Parameter("group", "what", "a group id", "none",
              "it touches the group; with `hops=2`, it touches the group or any partner that the group has in"
              " any year under the other filters", _group, _plain),
    Parameter("hops", "what", "1, 2", "1", "qualifies group", _hops, _plain),
    Parameter("year", "when", "a year of coverage",
              "the year with most active alliances in the whole dataset (the latest, where several tie)",
              "it is active in that year", _year, _plain),
    Parameter("since", "when", "a year of coverage before `year`", "none",
              "with it the view is a period: active in any year from `since` to `year`", _since, _plain),
    Parameter("compare", "when", "a year of coverage; not together with `since`", "none",
              "- (sets the view of `year` beside that of this year: which alliances formed, ended and were kept)",
              _compare, _plain),
    Parameter("rivals", "when", "1", "off", "(adds rivals and competitors to the map; never to any count)",
              _flag, _one),
    Parameter("colour", "when", "ideology, type, region, kind", "ideology", "-",
              _choice(*(colouring.key for colouring in COLOURINGS)), _plain),
    Parameter("hide", "when", "comma list of legend keys of the present colouring", "none",
              "- (hides marks and chart layers, changes no figure, and the words say so)",
              _many_of(_legend_keys), _join),
    Parameter("card", "when", "a group id", "none",
              "- (opens its card, changes no figure; *Focus* in the card sets `group`)", _group, _plain),
    Parameter("chart", "when", "active, content, turnover, reach, degree, network", "none",
              "- (shows that chart beside the map)", _choice(*(c.key for c in CHARTS if c.key != "figures")), _plain),
    Parameter("view", "when", "map, network, both", "map",
              "- (draws the year's alliances on the map, as a network, or as both side by side)",
              _choice("map", "network", "both"), _plain),
    Parameter("everyend", "when", "1", "off",
              "- (in survival analysis every end of a group counts as a failure; no other figure changes)",
              _flag, _one),
    Parameter("map", "when", "lon,lat,scale", "the world", "-", _map, _numbers),
    Parameter("shape", "when", "wide (16:9), standard (4:3), square", "wide", "- (shape of a briefing)",
              _choice("wide", "standard", "square"), _plain),
    Parameter("theme", "when", "light, dark", "light", "- (look of a briefing)", _choice("light", "dark"), _plain),
    Parameter("title", "when", f"{MOST_TITLE} letters at most", "made from the view", "- (title of a briefing)",
              _words(MOST_TITLE), _plain),
    Parameter("note", "when", f"{MOST_NOTE} letters at most", "none", "- (a line below a briefing's title)",
              _words(MOST_NOTE), _plain),
    Parameter("caveat", "when", f"{MOST_CAVEAT} letters at most", "none",
              "- (how a briefing may be handled, over its title)", _words(MOST_CAVEAT), _plain),
    Parameter("data", "when", "a dataset version", "none", "-", _version, _plain),
)  # fmt: skip

KEYS = tuple(parameter.key for parameter in PARAMETERS)


def _pairs(query: str | bytes) -> dict[str, list[str]]:
    """Every parameter's texts in order; bytes that are not UTF-8 become U+FFFD."""
    text = query.decode("utf-8", "replace") if isinstance(query, bytes) else query
    text = text[:MAX_QUERY].lstrip("?")
    found: dict[str, list[str]] = {}
    for key, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
        found.setdefault(key, []).append(value)
    return found


def _shown(text: str) -> str:
    """Text from a query as a notice shows it: short, on one line, without control characters."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= 60 else text[:57] + "..."


def reading(query: str | bytes, served: Served) -> tuple[Selection, tuple[Notice, ...]]:
    """Read a query string into a Selection; never raises.

    Parameters
    ----------
    query
        The raw query, with or without the leading ``?``.
    served
        The atlases by slug, at least one.

    Returns
    -------
    Selection and notices
        A notice names each parameter or value that was dropped, and what it could be.
    """
    found = _pairs(query)
    listed = "see the list of parameters on the method page"
    notices = [
        Notice(key, "", f"Unknown parameter {_shown(key)!r} was ignored: {listed}.", listed)
        for key in found
        if key not in KEYS
    ]
    first = next(iter(served))
    context = Context(served, index(served[first]), default(first, served[first]))
    for parameter in PARAMETERS:
        texts = found.get(parameter.key)
        if not texts:
            continue
        key, last = parameter.key, _shown(texts[-1])
        if len(texts) > 1:
            said = f"{key} is given {len(texts)} times: the last, {last!r}, counts."
            notices.append(Notice(key, last, said, "give it once", dropped=False))
        try:
            read = parameter.read(texts[-1], context)
        except Unusable as why:
            notices.append(Notice(key, last, f"{key}: {last!r} is not usable and was ignored; {why}.", str(why)))
            continue
        notices += [
            Notice(key, _shown(id_), f"{key}: {_shown(id_)!r} is not known and was dropped; {why}.", why)
            for id_, why in read.dropped
        ]
        if key == "dataset":
            context = Context(served, index(served[read.value]), default(read.value, served[read.value]))
        elif read.value != ():
            context = replace(context, selection=replace(context.selection, **{key: read.value}))
    selection, loaded = context.selection, context.index.atlas.dataset.version
    if selection.data is not None and selection.data != loaded:
        said = (
            f"data: this link was made on version {_shown(selection.data)!r} of the dataset; version {loaded!r} is"
            " loaded, so its numbers may differ."
        )
        notices.append(
            Notice("data", _shown(selection.data), said, f"load that version, or use {loaded}", dropped=False)
        )
    return selection, tuple(notices)


def parse(query: str | bytes, served: Served) -> tuple[Selection, tuple[str, ...]]:
    """Read a query string into a Selection and the notices as a page says them; see ``reading``."""
    selection, notices = reading(query, served)
    return selection, tuple(notice.text for notice in notices)


def to_query(
    selection: Selection, served: Served, *, half: Literal["what", "when"] | None = None, cite: bool = False
) -> str:
    """Write a Selection as the shortest query that reads back as it; defaults are left out.

    Parameters
    ----------
    half
        Only that half of the parameters.
    cite
        Always write the year and the loaded dataset's version, so that the link keeps its meaning.
    """
    base = replace(default(selection.dataset, served[selection.dataset]), dataset=next(iter(served)))
    if cite:
        selection = replace(selection, data=served[selection.dataset].dataset.version)
    parts = []
    for parameter in PARAMETERS:
        value = getattr(selection, parameter.key)
        named = cite and parameter.key == "year"
        if half in (None, parameter.half) and (named or value != getattr(base, parameter.key)):
            parts.append(f"{parameter.key}={quote(parameter.write(value), safe=',')}")
    return "&".join(parts)


def what(selection: Selection, served: Served) -> Selection:
    """Return the half of a selection that the payload depends on, the rest at its defaults."""
    base = default(selection.dataset, served[selection.dataset])
    keys = [parameter.key for parameter in PARAMETERS if parameter.half == "what"]
    return replace(base, **{key: getattr(selection, key) for key in keys})


def as_json(selection: Selection) -> dict[str, Any]:
    """Return the selection as plain JSON values, one for every parameter."""
    return cast(dict[str, Any], {key: _listed(getattr(selection, key)) for key in KEYS})


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
