"""What must hold for any table of pairs, and for any dataset that is written and read again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from data.convert import convert
from data.model import Atlas, Severity
from data.readers import load
from tests import made
from tests.property.test_reader_properties import NASTY, loaded
from tests.unit.test_dyad_years import row, text

CELLS = st.sampled_from(
    ("A", "B", "C", "D", "", "NA", "1990", "1991", "1995", "Allies", "Rivals", "Hosts", "1", "0", *NASTY)
)
PAIRS = st.lists(
    st.tuples(
        st.sampled_from("ABCD"), st.sampled_from("ABCD"), st.integers(1990, 1996),
        st.sampled_from(("Allies", "Supporters", "Rivals", "Hosts")), st.text("01-", min_size=5, max_size=5),
    ),
    min_size=1,
    max_size=25,
)  # fmt: skip
MAPPING = """[columns]
group_a = "Group1_Name"
group_b = "Group2_Name"
year = "Year"
kind = "RelationshipType"
[types]
""" + "\n".join(f'{t} = "coop_{t}"' for t in ("operational", "material", "territorial", "training", "financial"))


def atlas_of(content: str) -> Atlas | None:
    with TemporaryDirectory() as parent:
        path = Path(parent) / "pairs.csv"
        path.write_text(content, encoding="utf-8", newline="")
        (path.parent / "mapping.toml").write_text(MAPPING, encoding="utf-8")
        return loaded(path)


def accounted(atlas: Atlas) -> None:
    """Every row of every file is used, set aside or kept out, and those that are not used are at hand."""
    report = atlas.report
    aside = {(p.file, p.line) for p in report.problems if p.set_aside}
    out = {(p.file, p.line) for p in report.problems if p.severity is Severity.KEPT_OUT} - aside
    for file, read in report.read.items():
        assert report.used[file] + sum(f == file for f, _ in aside | out) == read
    assert {(away.file, away.line) for away in report.away} == aside | out
    assert all(line.isprintable() for line in (*report.lines(), *report.summary()))


@settings(max_examples=20, deadline=None)
@given(pairs=PAIRS)
def test_the_dyad_years_of_the_spells_are_those_of_the_rows(pairs):
    atlas = atlas_of(text([row(*pair) for pair in pairs]))
    assert atlas is not None
    accounted(atlas)
    kinds = {"Allies": "ally", "Supporters": "supporter", "Rivals": "rival"}
    wanted = {
        (*sorted((a.lower(), b.lower())), year, kinds[kind])
        for a, b, year, kind, _ in pairs
        if a != b and kind in kinds
    }
    got = [
        (r["group_a"], r["group_b"], year, r["kind"])
        for r in atlas.relationships.to_dict("records")
        for year in range(r["first_year"], r["last_year"] + 1)
    ]
    assert len(got) == len(set(got))
    assert set(got) == wanted


@settings(max_examples=25, deadline=None)
@given(data=st.data(), pairs=PAIRS)
def test_a_table_with_any_cell_is_read_with_every_row_accounted_for(data, pairs):
    rows = [row(*pair) for pair in pairs]
    changed = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from(list(changed)))
    changed[column] = data.draw(CELLS | st.text(max_size=12))
    atlas = atlas_of(text(rows))
    assert (atlas is None) == ("\0" in str(changed[column]))
    if atlas:
        assert atlas.report.read["pairs.csv"] == len(rows)
        accounted(atlas)


@settings(max_examples=20, deadline=None)
@given(content=st.text(max_size=300) | st.binary(max_size=300).map(lambda b: b.decode("latin-1")))
def test_any_text_is_read_or_refused(content):
    atlas = atlas_of(content)
    if atlas:
        accounted(atlas)


TEXTS = st.sampled_from([n for n in NASTY if "\0" not in n and len(n) < 1000]) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=15
)
YEARS = st.integers(1985, 2005)


def same(before: Atlas, after: Atlas) -> None:
    """The same dataset and tables, but for slug, fingerprint and the lines of the files."""
    for name in ("title", "version", "citation", "licence", "first_year", "last_year", "status", "disclaimer", "limits",
                 "ideologies", "types", "kinds"):  # fmt: skip
        assert getattr(before.dataset, name) == getattr(after.dataset, name)
    for name in ("groups", "relationships", "sources", "lineage"):
        frames = [pd.DataFrame(getattr(atlas, name)).drop(columns="line") for atlas in (before, after)]
        pd.testing.assert_frame_equal(*frames)
    assert not after.report.failed


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_dataset_that_is_written_and_read_again_is_the_same(data):
    groups = [
        {
            "group_id": id_, "name": data.draw(TEXTS), "aliases": data.draw(TEXTS), "start_year": str(data.draw(YEARS)),
            "end_year": data.draw(st.sampled_from(("", "2010"))), "base_place": data.draw(TEXTS),
            "ideologies": data.draw(st.sampled_from(("", "leftist|islamist", "other"))),
            "lat": data.draw(st.sampled_from(("", "33.89", "-0.1234567890123", "1e-7"))), "lon": "35.5",
            "base_country": data.draw(st.sampled_from(("", "LBN"))), "source_ids": data.draw(st.sampled_from(("", "s1", "s1|sX"))),
        }
        for id_ in "abc"
    ]  # fmt: skip
    ties = [
        made.tie(
            *data.draw(st.sampled_from(("ab", "ba", "ac", "cb"))), data.draw(YEARS), data.draw(st.none() | st.just(2006)),
            relationship_id=f"r{n}", note=data.draw(TEXTS), relation=data.draw(st.sampled_from(("ally", "fan", "rival"))),
            cooperation=data.draw(st.sampled_from(("", "none", "material|training"))),
            direction=data.draw(st.sampled_from(("", "a_to_b", "mutual"))),
        )
        for n in range(data.draw(st.integers(0, 5)))
    ]  # fmt: skip
    kin = [{"from_id": "a", "to_id": "b", "note": data.draw(TEXTS)}]
    with TemporaryDirectory() as parent:
        before = made.atlas(Path(parent) / "before", groups, ties, kin=kin)
        convert(before, Path(parent) / "after")
        same(before, load(Path(parent) / "after"))
