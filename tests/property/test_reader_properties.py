"""What must hold for any file of a dataset, however broken."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import DataError
from data.index import index
from data.model import Atlas
from data.panel import by_year
from data.readers import load
from tests import made
from tests.conftest import TINY

TABLES = ("groups.csv", "relationships.csv", "sources.csv", "lineage.csv")
ROWS = {table: list(csv.reader((TINY / table).read_text(encoding="utf-8").splitlines())) for table in TABLES}

NASTY = (
    "\0", '"', '""', 'a"b', "\n", "\r\n", "a\nb\n\nc", "\r", ",", "|", "||", "'", "\\", "nan", "NaN", "inf", "-inf", "None",
    "null", "NA", "none", "-0", "0", "1e999", "9" * 5000, "-" * 200, "1990.0", "1990.5", "19900", "۱۹۹۰", "²", "١",
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "<script>alert(1)</script>", "{x}", "%s", "\ufeff", "\u202e", "\x1b[31m",
    "\x85", "\u2028", "\U0001f600", "x" * 140000, "alpha", "bravo", "s1", "material", "islamist|leftist", "LBN", "lebanon",
)  # fmt: skip


def loaded(folder: Path) -> Atlas | None:
    """The atlas, None where the dataset is refused; anything else that is raised fails the test."""
    try:
        return load(folder)
    except DataError:
        return None


def accounted(atlas: Atlas) -> None:
    """Every row is used, or set aside with at least one reason that can be read in one line."""
    away = {(p.file, p.line) for p in atlas.report.problems if p.set_aside}
    counts = Counter(file for file, _ in away)
    for table in TABLES:
        assert atlas.report.used[table] + counts[table] == atlas.report.read[table]
    for name in ("groups", "relationships", "sources", "lineage"):
        assert len(getattr(atlas, name)) == atlas.report.used[f"{name}.csv"]
    assert all(line.isprintable() for line in (*atlas.report.lines(), *atlas.report.summary()))


@settings(max_examples=50, deadline=None)
@given(
    name=st.sampled_from((*TABLES, "dataset.toml")),
    data=st.binary(max_size=200),
    at=st.none() | st.floats(0, 1),
)
def test_any_bytes_are_read_or_refused_with_a_message(name, data, at):
    """The bytes are the whole file, or stand anywhere inside it."""
    with TemporaryDirectory() as parent:
        path = Path(shutil.copytree(TINY, Path(parent) / "tiny")) / name
        before = path.read_bytes()
        cut = 0 if at is None else int(at * len(before))
        path.write_bytes(data if at is None else before[:cut] + data + before[cut:])
        atlas = loaded(path.parent)
    if atlas:
        accounted(atlas)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_row_with_any_cell_is_used_or_set_aside(data):
    table = data.draw(st.sampled_from(TABLES))
    rows = [list(row) for row in ROWS[table]]
    row = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    rows[row][column] = data.draw(st.sampled_from(NASTY) | st.text(max_size=20))
    with TemporaryDirectory() as parent:
        folder = Path(shutil.copytree(TINY, Path(parent) / "tiny"))
        with (folder / table).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        atlas = loaded(folder)
    # Only a NUL byte makes the whole file unusable.
    assert (atlas is None) == ("\0" in rows[row][column])
    if atlas:
        assert atlas.report.read == {name: len(ROWS[name]) - 1 for name in TABLES}
        accounted(atlas)


@settings(max_examples=30, deadline=None)
@given(name=st.sampled_from(TABLES), data=st.data())
def test_any_header_is_read_or_refused(name, data):
    header = list(ROWS[name][0])
    header[data.draw(st.integers(0, len(header) - 1))] = data.draw(
        st.sampled_from([*NASTY, *header]) | st.text(max_size=20)
    )
    with TemporaryDirectory() as parent:
        folder = Path(shutil.copytree(TINY, Path(parent) / "tiny"))
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *ROWS[name][1:]])
        atlas = loaded(folder)
    assert (atlas is not None) == ([cell.strip() for cell in header] == ROWS[name][0])


TIES = st.lists(
    st.tuples(
        st.sampled_from([(a, b) for a in "abcde" for b in "abcde" if a != b]),
        st.integers(1970, 2010),
        st.none() | st.integers(0, 30),
        st.sampled_from(("ally", "associate", "supporter", "fan", "rival", "competitor")),
    ),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(ties=TIES, ends=st.lists(st.none() | st.integers(1975, 2010), min_size=5, max_size=5))
def test_the_series_equals_a_count_of_pairs_by_hand(ties, ends):
    """From the rows as they were written: swapped ends, open spells, coverage and rivalries included."""
    ended = dict(zip("abcde", ends, strict=True))
    rows = [{"group_id": id_, "start_year": "1970", "end_year": str(end or "")} for id_, end in ended.items()]
    written = [
        made.tie(
            *pair,
            first,
            None if years is None else first + years,
            relation=kind,
            cooperation="",
            relationship_id=f"r{n}",
        )
        for n, (pair, first, years, kind) in enumerate(ties)
    ]
    with TemporaryDirectory() as parent:
        index_ = index(made.atlas(Path(parent) / "made", rows, written))
    counted = by_year(index_).count(np.ones(len(index_.alliances), dtype=bool))

    def last(pair, first, years):
        if years is not None:
            return first + years
        return max(first, min(ended[pair[0]] or 2000, ended[pair[1]] or 2000, 2000))

    by_hand = [
        len(
            {
                frozenset(pair)
                for pair, first, years, kind in ties
                if kind not in ("rival", "competitor") and first <= year <= last(pair, first, years)
            }
        )
        for year in range(1980, 2001)
    ]
    assert counted.tolist() == by_hand
